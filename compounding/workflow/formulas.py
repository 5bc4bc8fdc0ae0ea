"""A master formula from its draft to its retirement: written by one person, corrected, approved by a second one, replaced by a newer version."""

from dataclasses import replace

from sqlalchemy import select

from compounding.db.document import decode, encode, sha256
from compounding.db.formulas import FormulaRow
from compounding.db.signing import sign
from compounding.db.values import at_hand, balances, containers, formula_row, policy_in_force
from compounding.domain.approval import FormulaStatus, House, advance, refuse_own, refuse_unfit
from compounding.domain.batch import Meaning
from compounding.domain.composition import refuse_circle, source_of
from compounding.domain.errors import Conflict, Invalid, Unknown
from compounding.domain.formula import Formula, Ingredient
from compounding.workflow.act import Act
from compounding.workflow.proof import tried


def draft(act: Act, formula: Formula) -> Formula:
    """Keep the first version of a new formula as a draft of whoever writes it; gives it as it was kept."""
    if act.session.scalars(select(FormulaRow.id).where(FormulaRow.code == formula.code).limit(1)).first():
        message = f"There is a formula {formula.code} already. Write a new version of it, or choose another code."
        raise Invalid("known-code", message, fields={"code": (message,)})
    return _keep(act, formula, version=1)


def new_version(act: Act, code: str, formula: Formula) -> Formula:
    """Keep the next version of formula `code` as a draft; raises `Conflict` where one is being written already."""
    rows = act.session.scalars(select(FormulaRow).where(FormulaRow.code == code).order_by(FormulaRow.version)).all()
    if not rows:
        raise Unknown("unknown-formula", "There is no such formula. Choose one from the list of formulas.")
    if rows[-1].status == FormulaStatus.DRAFT:
        raise Conflict("draft-there", f"Version {rows[-1].version} of {code} is a draft already. Correct that one.")
    return _keep(act, formula, version=rows[-1].version + 1)


def correct(act: Act, code: str, version: int, formula: Formula, seen: str) -> Formula:
    """Put `formula` in the place of a draft that stood as `seen` (its hash); who corrects it is its author from then on."""
    row = formula_row(act.session, code, version, lock=True)
    if row.status != FormulaStatus.DRAFT:
        raise Conflict("formula-state", f"Version {version} of {code} is {row.status}: it is fixed. Write a new version of it.")
    _refuse_moved(row, seen)
    kept = _named(act, replace(formula, code=code, version=version))
    row.document = encode(kept)
    row.sha256 = sha256(row.document)
    row.name = kept.name
    row.author_id = act.actor.id
    return kept


def approve(act: Act, code: str, version: int, seen: str) -> None:
    """A second person's signature under the very text that they read; what is in use of that code is retired by it."""
    row = formula_row(act.session, code, version, lock=True)
    status = advance(FormulaStatus(row.status), FormulaStatus.APPROVED)
    _refuse_moved(row, seen)
    refuse_own(row.author_id, act.actor.id)
    formula = decode(Formula, row.document)
    refuse_unfit(formula, at_hand(act.session))
    tried(formula, containers(act.session), balances(act.session), policy=policy_in_force(act.session), today=act.today)
    _replace(act, code, f"Replaced by version {version}.")
    row.status, row.approver_id, row.approved_at = status, act.actor.id, act.at
    sign(act.session, row.id, meaning=Meaning.APPROVE_FORMULA, person=act.actor, content=row.document, at=act.at)


def retire(act: Act, code: str, version: int, reason: str) -> None:
    """Nothing new is planned by this version any more; plans and batches that were made by it keep it."""
    row = formula_row(act.session, code, version, lock=True)
    row.status = advance(FormulaStatus(row.status), FormulaStatus.RETIRED)
    row.retired_at, row.retired_reason = act.at, reason
    sign(act.session, row.id, meaning=Meaning.RETIRE_FORMULA, person=act.actor, content=reason, at=act.at)


def _keep(act: Act, formula: Formula, *, version: int) -> Formula:
    kept = _named(act, replace(formula, version=version))
    text = encode(kept)
    act.session.add(
        FormulaRow(code=kept.code, version=version, name=kept.name, status=FormulaStatus.DRAFT, document=text, sha256=sha256(text), author_id=act.actor.id)
    )
    return kept


def _named(act: Act, formula: Formula) -> Formula:
    """`formula` with the names of its products as stock knows them; a source that goes round in a circle is refused already here."""
    house = at_hand(act.session)
    if formula.capsules:
        filler = formula.capsules.filler
        return replace(formula, capsules=replace(formula.capsules, filler=replace(filler, name=house.products.get(filler.product, filler.product))))
    if formula.liquid is None:
        return formula
    refuse_circle(formula, house.book)
    return replace(formula, liquid=replace(formula.liquid, ingredients=tuple(_with_name(item, house) for item in formula.liquid.ingredients)))


def _with_name(item: Ingredient, house: House) -> Ingredient:
    name = source_of(item, house.book).name if item.made_here else house.products.get(item.product, item.product)
    return replace(item, name=name)


def _refuse_moved(row: FormulaRow, seen: str) -> None:
    if row.sha256 != seen:
        raise Conflict("draft-moved", "Somebody corrected this draft meanwhile. Load the page again and read it as it stands now.")


def _replace(act: Act, code: str, reason: str) -> None:
    """Retire what is in use of that code; written before the new version, since the database keeps one of them."""
    for row in act.session.scalars(select(FormulaRow).where(FormulaRow.code == code, FormulaRow.status == FormulaStatus.APPROVED).with_for_update()):
        row.status, row.retired_at, row.retired_reason = FormulaStatus.RETIRED, act.at, reason
    act.session.flush()
