"""What the routes of master formulas need, and a good form for each of their acts."""

from collections.abc import Mapping

from compounding.domain.authority import ActName, LookName
from compounding.domain.library_formulas import formulas
from compounding.web.formula_form import typed
from tests.adversary import Fields
from tests.ways_of_pages import SIGNED

LISTED_OF_FORMULAS: Mapping[str, ActName | LookName] = {
    "stock_papers.of_formula": LookName.PAPERS,
    "stock_papers.file_on_formula": ActName.PAPER_FILE,
    "formulas.book": LookName.FORMULAS,
    "formulas.formula": LookName.FORMULAS,
    "formulas.against": LookName.FORMULAS,
    "formulas.approve": ActName.FORMULA_APPROVE,
    "formulas.retire": ActName.FORMULA_RETIRE,
    "formula_drafts.new": LookName.FORMULAS,
    "formula_drafts.create": ActName.FORMULA_DRAFT,
    "formula_drafts.revise": LookName.FORMULAS,
    "formula_drafts.keep_next": ActName.FORMULA_DRAFT,
    "formula_drafts.correct": LookName.FORMULAS,
    "formula_drafts.keep_correction": ActName.FORMULA_CORRECT,
}
# Its code is taken: a new formula of it is refused.
WRITTEN: Fields = {name: texts[0] if len(texts) == 1 else texts for name, texts in typed(formulas()[0]).lists()}
FORMS_OF_FORMULAS: Mapping[str, Fields] = {
    "formulas.approve": {"seen": "0" * 64, **SIGNED},
    "formulas.retire": {"reason": "the vehicle is not made any more", **SIGNED},
    "formula_drafts.create": WRITTEN,
    "formula_drafts.keep_next": WRITTEN,
    "formula_drafts.keep_correction": WRITTEN,
}
