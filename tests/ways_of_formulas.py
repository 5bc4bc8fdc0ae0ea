"""What the routes of master formulas need, and a good form for each of their acts."""

from collections.abc import Mapping

from compounding.domain.library_formulas import formulas
from compounding.web.formula_form import typed
from tests.adversary import Fields
from tests.ways_of_pages import SIGNED

# Its code is taken: a new formula of it is refused.
WRITTEN: Fields = {name: texts[0] if len(texts) == 1 else texts for name, texts in typed(formulas()[0]).lists()}
FORMS_OF_FORMULAS: Mapping[str, Fields] = {
    "formulas.approve": {"seen": "0" * 64, **SIGNED},
    "formulas.retire": {"reason": "the vehicle is not made any more", **SIGNED},
    "formula_drafts.create": WRITTEN,
    "formula_drafts.keep_next": WRITTEN,
    "formula_drafts.keep_correction": WRITTEN,
}
