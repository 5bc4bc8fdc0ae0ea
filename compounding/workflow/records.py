"""What an inspector reads of a batch beside what the bench sees: who made each lot, why the date, what happened, and which signatures still stand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from compounding.db.batches import BatchRow, WeighingRow
from compounding.db.blanks import BlankRow, LateEntryRow, LateStepRow
from compounding.db.document import decode, sha256
from compounding.db.formulas import FormulaRow
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.people import PersonRow
from compounding.db.records import BatchEventRow, is_held
from compounding.db.signing import signatures
from compounding.db.values import batch_row, formula_by_id
from compounding.domain.batch import Record
from compounding.domain.beyond_use import BeyondUse, beyond_use
from compounding.domain.blank import said
from compounding.domain.formula import Storage
from compounding.domain.late import words
from compounding.domain.preparation import BatchPlan
from compounding.domain.signature import Signed, Standing
from compounding.workflow.act import Look

LISTED = 200  # batches whose signatures one page looks through


@dataclass(frozen=True, slots=True)
class Source:
    """Where the lot of a line comes from: who made it, its NDC where it has one, and the batch of ours that it is, if it is one."""

    maker: str
    ndc: str
    batch_number: str


@dataclass(frozen=True, slots=True)
class Hand:
    """Who recorded a line, and who witnessed or allowed it."""

    by: str
    witness: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the batch, with the reason."""

    kind: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """The master formula's version as it was when the batch was drawn up, and whether its document is still the one that was hashed."""

    code: str
    version: int
    sha256: str
    whole: bool


@dataclass(frozen=True, slots=True)
class LateStep:
    """A step of a late entry: when it was done, as the paper says, and when and by whom it was entered."""

    words: str
    done_at: datetime
    entered_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Late:
    """That a batch was made on paper: on which blank worksheet, why, who began to enter it when, and its steps."""

    number: str
    printed_at: datetime
    reason: str
    by: str
    entered_at: datetime
    steps: tuple[LateStep, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """The rest of a batch's record; `sources` and `hands` are by the number of the line."""

    planned_at: datetime
    plan_sha256: str
    plan_whole: bool
    origin: Origin
    policy_version: int
    sources: dict[int, Source]
    hands: dict[int, Hand]
    compounder: str
    verifier: str
    date: BeyondUse
    events: tuple[Event, ...]
    signatures: tuple[Signed, ...]
    held: bool
    late: Late | None

    @property
    def broken(self) -> tuple[Signed, ...]:
        """The signatures that do not stand any more."""
        return tuple(item for item in self.signatures if item.standing is Standing.BROKEN)


@dataclass(frozen=True, slots=True)
class Looked:
    """One page of batches looked through: how many, the broken signatures by batch, and the number below which older ones follow."""

    count: int
    broken: tuple[tuple[UUID, str, tuple[Signed, ...]], ...]
    unknown: int
    older: int | None


def details(look: Look, batch_id: UUID, storage: Storage) -> Details:
    """The rest of the record of a batch kept at `storage`; raises `Unknown`."""
    row = batch_row(look.session, batch_id)
    formula = look.session.scalars(select(FormulaRow).where(FormulaRow.id == row.formula_id)).one()
    drawn = decode(BatchPlan, row.document)
    names = _names(look, row)
    return Details(
        planned_at=row.planned_at,
        plan_sha256=row.sha256,
        plan_whole=sha256(row.document) == row.sha256,
        origin=Origin(formula.code, formula.version, formula.sha256, sha256(formula.document) == formula.sha256),
        policy_version=drawn.policy_version,
        sources=_sources(look, drawn),
        hands=_hands(look, row.id),
        compounder=names.get(row.compounder_id, ""),
        verifier=names.get(row.verifier_id, ""),
        date=_date(look, row, drawn, storage),
        events=_events(look, row.id),
        signatures=signatures(look.session, [row])[row.id],
        held=is_held(look.session, row.id),
        late=late_of(look, row.id),
    )


def late_of(look: Look, batch_id: UUID) -> Late | None:
    """What stands of the late entry of a batch; None for one that was not made on paper."""
    query = select(LateEntryRow, BlankRow, PersonRow.name).join(BlankRow, LateEntryRow.blank_id == BlankRow.id)
    found = look.session.execute(query.join(PersonRow, LateEntryRow.person_id == PersonRow.id).where(LateEntryRow.batch_id == batch_id)).first()
    if found is None:
        return None
    entry, blank, by = found
    rows = select(LateStepRow, PersonRow.name).join(PersonRow, LateStepRow.person_id == PersonRow.id).where(LateStepRow.batch_id == batch_id)
    steps = [LateStep(words(row.step), row.done_at, row.entered_at, name) for row, name in look.session.execute(rows.order_by(LateStepRow.entered_at))]
    return Late(said(blank.number), blank.printed_at, entry.reason, by, entry.entered_at, tuple(steps))


def look_through(look: Look, before: int | None = None) -> Looked:
    """The signatures under the newest batches, or under those before a number: which do not stand any more."""
    wanted = select(BatchRow).order_by(BatchRow.number.desc()).limit(LISTED)
    rows = look.session.scalars(wanted if before is None else wanted.where(BatchRow.number < before)).all()
    found = signatures(look.session, rows)
    broken = tuple((row.id, str(row.number), lost) for row in rows if (lost := tuple(item for item in found[row.id] if item.standing is Standing.BROKEN)))
    unknown = sum(item.standing is Standing.UNKNOWN for items in found.values() for item in items)
    return Looked(len(rows), broken, unknown, rows[-1].number if len(rows) == LISTED else None)


def released_alone(look: Look) -> int:
    """How many batches that were made in this month were verified by who compounded them."""
    first = look.today.replace(day=1)
    rows = look.session.scalars(select(BatchRow.id).where(BatchRow.alone_reason.is_not(None), BatchRow.made_on >= first))
    return len(rows.all())


def _names(look: Look, row: BatchRow) -> dict[UUID | None, str]:
    people = look.session.scalars(select(PersonRow).where(PersonRow.id.in_([row.compounder_id, row.verifier_id])))
    return {person.id: person.name for person in people}


def _sources(look: Look, drawn: BatchPlan) -> dict[int, Source]:
    lots = {line.lot_id for line in drawn.preparation.lines}
    made = aliased(BatchRow)
    rows = look.session.execute(
        select(LotRow.id, ProductRow.labeler, ProductRow.ndc, made.number)
        .join(ProductRow, LotRow.product_id == ProductRow.id)
        .outerjoin(made, LotRow.batch_id == made.id)
        .where(LotRow.id.in_(lots))
    )
    known = {key: Source(maker, ndc or "", str(number) if number else "") for key, maker, ndc, number in rows}
    return {line.number: known[line.lot_id] for line in drawn.preparation.lines}


def _hands(look: Look, batch_id: UUID) -> dict[int, Hand]:
    witness = aliased(PersonRow)
    rows = look.session.execute(
        select(WeighingRow.line, PersonRow.name, witness.name, WeighingRow.weighed_at)
        .join(PersonRow, WeighingRow.person_id == PersonRow.id)
        .outerjoin(witness, WeighingRow.witness_id == witness.id)
        .where(WeighingRow.batch_id == batch_id)
    )
    return {line: Hand(by, seen or "", at) for line, by, seen, at in rows}


def _events(look: Look, batch_id: UUID) -> tuple[Event, ...]:
    rows = look.session.execute(
        select(BatchEventRow, PersonRow.name)
        .join(PersonRow, BatchEventRow.person_id == PersonRow.id)
        .where(BatchEventRow.batch_id == batch_id)
        .order_by(BatchEventRow.at)
    )
    return tuple(Event(row.kind, row.reason, name, row.at) for row, name in rows)


def _date(look: Look, row: BatchRow, drawn: BatchPlan, storage: Storage) -> BeyondUse:
    """The date with every candidate, as it was reckoned on the day of making with what was found; before that, as it was planned."""
    kept = drawn.preparation.beyond_use
    if row.record is None or row.made_on is None:
        return kept
    formula = formula_by_id(look.session, row.formula_id)
    preserved = decode(Record, row.record).preserved or formula.liquid is None
    components = [(f"{line.name}, lot {line.lot_number}", line.expires_on) for line in drawn.preparation.lines]
    return beyond_use(formula, storage, made_on=row.made_on, components=components, made_is_day_one=kept.made_is_day_one, preserved=preserved)
