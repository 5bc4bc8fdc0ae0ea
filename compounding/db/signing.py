"""Signatures: a name, a meaning, a moment, and the hash of exactly what was signed.

What a signature under a batch was put to is kept as the hash of each part (plan, formula, every line, the record), not only as one hash
of all: so a later look can say which part was changed, and the row stays under a kilobyte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from compounding.db.batches import BatchRow, SignatureRow, WeighingRow
from compounding.db.blanks import LateStepRow
from compounding.db.document import DocumentError, decode, encode, sha256
from compounding.db.formulas import FormulaRow
from compounding.db.records import BatchEventRow, StepTimeRow
from compounding.domain.batch import Meaning
from compounding.domain.inventory import StockUnit
from compounding.domain.people import Actor
from compounding.domain.signature import Part, Signed, Standing, compared

_OF_EVENTS: Mapping[str, str] = {Meaning.LIFT: "lifted", Meaning.REJECT: "rejected", Meaning.ALONE: "alone"}
_BEFORE_MIXING = frozenset({Meaning.LINE_CLEAR, Meaning.WITNESS_COUNT, Meaning.WITNESS_WEIGHTS, Meaning.ALLOW})
_EACH_ITS_OWN = frozenset({*_OF_EVENTS, Meaning.ALLOW})  # of these several may stand under one batch, none in the place of another


@dataclass(frozen=True, slots=True)
class _Content:
    """What a signature under a batch was put to: each part by its hash."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Weighing:
    """A line as it was recorded, whole."""

    lot_id: UUID
    device_id: UUID | None
    target: int
    actual: int
    unit: str
    reason: str
    person_id: UUID
    witness_id: UUID | None
    weighed_at: datetime


@dataclass(frozen=True, slots=True)
class _Time:
    """A timed step, whole."""

    person_id: UUID
    started_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Told:
    """When a step of a late entry was done, and when it was entered, whole."""

    done_on: date
    done_at: datetime
    entered_at: datetime
    person_id: UUID


@dataclass(frozen=True, slots=True)
class _Result:
    """What came out, and who stands behind it."""

    number: int
    record: str
    made_on: date | None
    beyond_use: date | None
    compounder_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with its reason."""

    kind: str
    reason: str
    person_id: UUID
    at: datetime


def sign(session: Session, subject_id: UUID, *, meaning: str, person: Actor, content: str, at: datetime) -> UUID:
    """Keep the signature of `person`, who has proved to be it, under `content` of the subject; gives the signature's key."""
    row = SignatureRow(
        subject_id=subject_id,
        meaning=meaning,
        person_id=person.id,
        person_name=person.name,
        content_sha256=sha256(content),
        content=content,
        signed_at=at,
    )
    session.add(row)
    return row.id


def signed(session: Session, subject_id: UUID, meaning: str) -> bool:
    """Whether somebody signed the subject with this meaning."""
    wanted = select(SignatureRow.id).where(SignatureRow.subject_id == subject_id, SignatureRow.meaning == meaning).limit(1)
    return session.scalars(wanted).first() is not None


def signed_content(session: Session, row: BatchRow, meaning: str) -> str:
    """What a signature of this meaning under the batch is put to, as the batch stands now: the hash of each part."""
    session.flush()
    return as_content(_parts(_stood(session, [row])[row.id], meaning))


def signatures(session: Session, rows: Sequence[BatchRow]) -> dict[UUID, tuple[Signed, ...]]:
    """The signatures under each of these batches, the oldest first, and whether each still stands under what was signed."""
    stood = _stood(session, rows)
    found: dict[UUID, list[SignatureRow]] = {row.id: [] for row in rows}
    for item in sorted(session.scalars(select(SignatureRow).where(SignatureRow.subject_id.in_(found))), key=_in_order):
        found[item.subject_id].append(item)
    return {key: tuple(_checked(item, items[number + 1 :], stood[key]) for number, item in enumerate(items)) for key, items in found.items()}


@dataclass(frozen=True, slots=True)
class _Stood:
    """A batch with everything that somebody may have signed of it."""

    batch: BatchRow
    formula: FormulaRow
    weighings: tuple[WeighingRow, ...]
    events: tuple[BatchEventRow, ...]
    times: tuple[StepTimeRow, ...]
    late: tuple[LateStepRow, ...]


def _stood(session: Session, rows: Sequence[BatchRow]) -> dict[UUID, _Stood]:
    keys = [row.id for row in rows]
    formulas = {row.id: row for row in session.scalars(select(FormulaRow).where(FormulaRow.id.in_({row.formula_id for row in rows})))}
    weighings: dict[UUID, list[WeighingRow]] = {key: [] for key in keys}
    for weighing in session.scalars(select(WeighingRow).where(WeighingRow.batch_id.in_(keys)).order_by(WeighingRow.line, WeighingRow.weighed_at)):
        weighings[weighing.batch_id].append(weighing)
    events: dict[UUID, list[BatchEventRow]] = {key: [] for key in keys}
    for event in session.scalars(select(BatchEventRow).where(BatchEventRow.batch_id.in_(keys)).order_by(BatchEventRow.at)):
        events[event.batch_id].append(event)
    times: dict[UUID, list[StepTimeRow]] = {key: [] for key in keys}
    for time in session.scalars(select(StepTimeRow).where(StepTimeRow.batch_id.in_(keys)).order_by(StepTimeRow.step)):
        times[time.batch_id].append(time)
    late: dict[UUID, list[LateStepRow]] = {key: [] for key in keys}
    for told in session.scalars(select(LateStepRow).where(LateStepRow.batch_id.in_(keys)).order_by(LateStepRow.entered_at)):
        late[told.batch_id].append(told)
    return {
        row.id: _Stood(
            row, formulas[row.formula_id], tuple(weighings[row.id]), tuple(events[row.id]), tuple(times[row.id]), tuple(late[row.id])
        )
        for row in rows
    }  # fmt: skip


def _parts(of: _Stood, meaning: str, *, at: datetime | None = None) -> tuple[Part, ...]:
    if kind := _OF_EVENTS.get(meaning):
        events = [event for event in of.events if event.kind == kind and at in {None, event.at}]
        return tuple(Part("reason", sha256(encode(_Event(event.kind, event.reason, event.person_id, event.at)))) for event in events[-1:])
    parts = [Part("plan", sha256(of.batch.document)), Part("formula", sha256(of.formula.document))]
    lines = [item for item in of.weighings if _is_signed(item, meaning, at)]
    parts += [Part(f"line {item.line}", sha256(encode(_weighing(item)))) for item in lines]
    if meaning not in {Meaning.LINE_CLEAR, Meaning.ALLOW}:
        told = [item for item in of.late if at is None or item.entered_at <= at]
        parts += [Part(f"time of {item.step}", sha256(encode(_Told(item.done_on, item.done_at, item.entered_at, item.person_id)))) for item in told]
    if meaning not in _BEFORE_MIXING:
        parts += [Part(f"step {time.step}", sha256(encode(_Time(time.person_id, time.started_at, time.ended_at, time.reason)))) for time in of.times]
        batch = of.batch
        result = _Result(batch.number, batch.record or "", batch.made_on, batch.beyond_use, batch.compounder_id)
        parts.append(Part("record", sha256(encode(result))))
    return tuple(parts)


def _is_signed(item: WeighingRow, meaning: str, at: datetime | None) -> bool:
    """Whether a signature of this meaning is put to a line: the counted tablets, what was let stay outside its limits, or every line."""
    if meaning == Meaning.LINE_CLEAR:
        return False  # nothing had been taken yet
    if meaning == Meaning.ALLOW:
        return bool(item.reason) and (at is None or item.weighed_at <= at)
    return meaning != Meaning.WITNESS_COUNT or item.unit == StockUnit.TABLET


def _in_order(item: SignatureRow) -> tuple[datetime, int]:
    """By time; of one moment in the order in which a batch goes, since it is verified before it is released."""
    known = list(Meaning)
    return item.signed_at, known.index(Meaning(item.meaning)) if item.meaning in known else len(known)


def _weighing(row: WeighingRow) -> _Weighing:
    return _Weighing(row.lot_id, row.device_id, row.target, row.actual, row.unit, row.reason, row.person_id, row.witness_id, row.weighed_at)


def _checked(item: SignatureRow, later: Sequence[SignatureRow], of: _Stood) -> Signed:
    """One signature and how it stands; one that the same meaning followed is compared with what it kept of itself only."""
    superseded = item.meaning not in _EACH_ITS_OWN and any(other.meaning == item.meaning for other in later)
    standing = Standing.WHOLE
    differs: tuple[str, ...] = ()
    if item.content is None:
        standing = Standing.UNKNOWN
    elif sha256(item.content) != item.content_sha256:
        standing, differs = Standing.BROKEN, ("signature",)
    elif not superseded:
        differs = compared(kept_parts(item.content), _parts(of, item.meaning, at=item.signed_at))
        standing = Standing.BROKEN if differs else Standing.WHOLE
    return Signed(item.id, item.meaning, item.person_name, item.signed_at, item.content_sha256, standing, differs, superseded)


def as_content(parts: Sequence[Part]) -> str:
    """What a signature is put to, as it is kept: the hash of each part."""
    return encode(_Content(tuple(parts)))


def kept_parts(content: str) -> tuple[Part, ...]:
    """The parts that a signature was put to; none where its content is of another kind."""
    try:
        return decode(_Content, content).parts
    except (DocumentError, ValueError):
        return ()
