"""The book of formulas: master formulas by version, the policy in force and the instruments, as an inspector reads them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from compounding.db.document import decode
from compounding.db.formulas import FormulaRow, PolicyRow
from compounding.db.people import PersonRow
from compounding.db.values import approved_formulas, devices, policy_in_force
from compounding.domain.errors import Unknown
from compounding.domain.formula import Formula
from compounding.domain.policy import Policy
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.workflow.act import Look


@dataclass(frozen=True, slots=True)
class Approval:
    """Where a document stands, since when (UTC), and who approved it; nobody where a part of the program did."""

    status: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Book:
    """What may be made by, the decisions in force with their approval, and what is measured with."""

    formulas: tuple[Formula, ...]
    policy: Policy
    approval: Approval
    instruments: tuple[Syringe | Dropper | Balance, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a formula, whatever its status."""

    formula: Formula
    approval: Approval


def book(look: Look) -> Book:
    """The approved formulas by code, the policy in force and every instrument in use."""
    policy = policy_in_force(look.session)
    row, name = look.session.execute(
        select(PolicyRow, PersonRow.name).outerjoin(PersonRow, PolicyRow.approver_id == PersonRow.id).where(PolicyRow.version == policy.version)
    ).one()
    formulas = tuple(formula for _, formula in approved_formulas(look.session))
    return Book(formulas, policy, Approval("approved", row.approved_at, name or ""), devices(look.session))


def entry(look: Look, code: str, version: int) -> Entry:
    """One version of a formula; a retired one too, since batches were made by it."""
    found = look.session.execute(
        select(FormulaRow, PersonRow.name)
        .outerjoin(PersonRow, FormulaRow.approver_id == PersonRow.id)
        .where(FormulaRow.code == code, FormulaRow.version == version)
    ).first()
    if found is None:
        raise Unknown("unknown-formula", "There is no such formula. Choose one from the list of formulas.")
    row, name = found
    return Entry(decode(Formula, row.document), Approval(row.status, row.approved_at, name or ""))
