"""The shape of a search: one line that was scanned or typed."""

from compounding.schemas.scan import Sought
from compounding.schemas.shapes import Shape


class SearchSchema(Shape):
    """What is looked for; the letters that no name has are refused before they are looked up."""

    q = Sought(required=True, ask="Scan a label or a pack, or type an Rx, batch or lot number, an NDC, or the start of a patient's name.")


SEARCH = SearchSchema()
