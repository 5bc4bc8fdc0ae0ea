"""The book of formulas as staff and an inspector read it: every version, what it is made of, its trial batch, what changed; nothing is written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from compounding.db.batches import BatchRow, FillRow, PlanRow, SignatureRow
from compounding.db.document import decode
from compounding.db.formulas import FormulaRow, PolicyRow
from compounding.db.people import PersonRow
from compounding.db.values import approved_formulas, at_hand, balances, containers, devices, formula_row, policy_in_force
from compounding.domain.approval import FormulaStatus, House, Objection, objections
from compounding.domain.changes import Section, changes
from compounding.domain.composition import Component, made_of, source_working
from compounding.domain.errors import PharmacyError
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Check, Formula
from compounding.domain.policy import Policy
from compounding.domain.quality import expected
from compounding.domain.trial import Trial
from compounding.domain.weighing import Balance, Dropper, Syringe
from compounding.domain.working import Working
from compounding.workflow.act import Look
from compounding.workflow.proof import tried


@dataclass(frozen=True, slots=True)
class Approval:
    """Where a document stands, since when (UTC), and who approved it; nobody where a part of the program did."""

    status: str
    at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version in a list of them."""

    code: str
    version: int
    name: str
    status: str
    author: str


@dataclass(frozen=True, slots=True)
class Book:
    """What may be made by, what is being written, the decisions in force with their approval, and what is measured with."""

    formulas: tuple[Formula, ...]
    drafts: tuple[Version, ...]
    policy: Policy
    approval: Approval
    instruments: tuple[Syringe | Dropper | Balance, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature under a formula."""

    meaning: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a formula, whatever its status, with all that is known of it.

    `objections` are those against approving a draft; `trial` is None, and `refused` says why, where no batch can be drawn up by it.
    `begun` counts the batches made by it, `waiting` the containers that are still to be made by it.
    """

    formula: Formula
    controls: tuple[Check, ...]
    approval: Approval
    sha256: str
    author: str
    retired_at: datetime | None
    retired_reason: str
    versions: tuple[Version, ...]
    signatures: tuple[Signed, ...]
    components: tuple[Component, ...]
    dilution: Working | None
    objections: tuple[Objection, ...]
    trial: Trial | None
    refused: str
    begun: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a formula, section by section."""

    before: Formula
    after: Formula
    sections: tuple[Section, ...]

    @property
    def changed(self) -> int:
        """How many lines differ."""
        return sum(section.changed for section in self.sections)


def book(look: Look) -> Book:
    """The approved formulas by code, the drafts, the policy in force and every instrument in use."""
    policy = policy_in_force(look.session)
    row, name = look.session.execute(
        select(PolicyRow, PersonRow.name).outerjoin(PersonRow, PolicyRow.approver_id == PersonRow.id).where(PolicyRow.version == policy.version)
    ).one()
    formulas = tuple(formula for _, formula in approved_formulas(look.session))
    drafts = tuple(version for version in _versions(look) if version.status == FormulaStatus.DRAFT)
    return Book(formulas, drafts, policy, Approval("approved", row.approved_at, name or ""), devices(look.session))


def entry(look: Look, code: str, version: int) -> Entry:
    """One version of a formula; a retired one too, since batches were made by it."""
    row = formula_row(look.session, code, version)
    formula, house = decode(Formula, row.document), at_hand(look.session)
    made, refused = _tried(look, formula)
    signatures = look.session.scalars(select(SignatureRow).where(SignatureRow.subject_id == row.id).order_by(SignatureRow.signed_at))
    return Entry(
        formula=formula,
        controls=expected(formula, policy_in_force(look.session)),
        approval=Approval(row.status, row.approved_at, _name(look, row.approver_id)),
        sha256=row.sha256,
        author=_name(look, row.author_id),
        retired_at=row.retired_at,
        retired_reason=row.retired_reason or "",
        versions=_versions(look, code),
        signatures=tuple(Signed(item.meaning, item.person_name, item.signed_at) for item in signatures),
        components=_components(look, formula),
        dilution=_dilution(look, formula),
        objections=objections(formula, house) if row.status == FormulaStatus.DRAFT else (),
        trial=made,
        refused=refused,
        begun=look.session.scalar(select(func.count()).select_from(BatchRow).where(BatchRow.formula_id == row.id)) or 0,
        waiting=_waiting(look, row),
    )


def comparison(look: Look, code: str, before: int, after: int) -> Comparison:
    """Two versions of one formula side by side."""
    old, new = (decode(Formula, formula_row(look.session, code, version).document) for version in (before, after))
    return Comparison(old, new, changes(old, new))


def may_name(look: Look) -> House:
    """What a formula may name, for the choices of its form."""
    return at_hand(look.session)


def _versions(look: Look, code: str = "") -> tuple[Version, ...]:
    query = select(FormulaRow, PersonRow.name).outerjoin(PersonRow, FormulaRow.author_id == PersonRow.id).order_by(FormulaRow.code, FormulaRow.version)
    rows = look.session.execute(query.where(FormulaRow.code == code) if code else query)
    return tuple(Version(row.code, row.version, row.name, row.status, name or "") for row, name in rows)


def _name(look: Look, person_id: object) -> str:
    return look.session.scalar(select(PersonRow.name).where(PersonRow.id == person_id)) or "" if person_id else ""


def _tried(look: Look, formula: Formula) -> tuple[Trial | None, str]:
    try:
        made = tried(formula, containers(look.session), balances(look.session), policy=policy_in_force(look.session), today=look.today)
    except PharmacyError as error:
        return None, error.sentence
    return made, ""


def _components(look: Look, formula: Formula) -> tuple[Component, ...]:
    """All the way down, by the newest version of each source that was ever approved: a retired one still says what old batches are of."""
    try:
        return made_of(formula, _ever_approved(look))
    except PharmacyError:
        return ()


def _dilution(look: Look, formula: Formula) -> Working | None:
    """Why a liquid from a stock solution has its strength; None for every other, and where the source is not there."""
    item, liquid = formula.stock_solution, formula.liquid
    source = _ever_approved(look).get(item.made_here.formula) if item and item.made_here else None
    return source_working(item, source, liquid.strength) if item and source and source.liquid and liquid and item.volume_in_100_ml else None


def _ever_approved(look: Look) -> Mapping[str, Formula]:
    rows = look.session.scalars(select(FormulaRow).where(FormulaRow.status != FormulaStatus.DRAFT).order_by(FormulaRow.version))
    return {row.code: decode(Formula, row.document) for row in rows}


def _waiting(look: Look, row: FormulaRow) -> int:
    open_fills = (FillStatus.DUE, FillStatus.PLANNED)
    query = select(func.count()).select_from(FillRow).join(PlanRow, FillRow.plan_id == PlanRow.id)
    return look.session.scalar(query.where(PlanRow.formula_id == row.id, PlanRow.status == "current", FillRow.status.in_(open_fills))) or 0
