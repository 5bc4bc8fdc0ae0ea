"""The shape of a search: one line that was scanned or typed."""

from compounding.schemas.shapes import Shape
from compounding.schemas.texts import Text


class SearchSchema(Shape):
    """What is looked for; the letters that no name has are refused before they are looked up."""

    q = Text(most=120, required=True, ask="Scan a label, or type an Rx, batch or lot number, an NDC, or the start of a patient's name.")


SEARCH = SearchSchema()
