"""The shape of what is asked of batches' records."""

from compounding.schemas.fields import Whole
from compounding.schemas.shapes import Shape


class PageSchema(Shape):
    """Which page of a long list: the batches before a number."""

    before = Whole(least=1, most=999_999_999, load_default=None, ask="Go on by the link at the foot of the page.")


PAGE = PageSchema()
