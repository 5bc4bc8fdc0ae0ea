"""The trail for the auditor: who changed what, before and after, and who read whose data. Reading the trail is itself kept, by whom and by which filters.

What is known of patients is locked in it, and is opened for one patient at a time: for whoever may read orders, and behind broken glass for whoever may not.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from compounding.db.audit import AuditRow, ReadRow
from compounding.db.glass import TrailReadingRow, is_broken
from compounding.db.people import ClientRow, PersonRow
from compounding.db.prescriptions import PrescriptionRow
from compounding.db.seals import SealRow, Seals
from compounding.db.trails import changes, keys_of_patient, opened, private_columns, reads
from compounding.domain.authority import LOOKS, LookName
from compounding.domain.errors import Invalid
from compounding.workflow.act import Act, Look

_LOCKED = "locked: what is known of a patient"
A_PAGE = 40  # entries; an entry may have forty values


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of the trail is asked for; days are the pharmacy's own, both included."""

    of_reads: bool = False
    since: date | None = None
    until: date | None = None
    person: UUID | None = None
    act: str = ""
    subject: str = ""
    rx: int | None = None
    opened: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a row, before and after; a value that was not there, or is empty, is ""."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was written by an act, with what changed in it."""

    at: datetime
    person: str
    act: str
    kind: str
    table: str
    key: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at somebody's data."""

    at: datetime
    person: str
    look: str
    rx: int | None
    patient_id: UUID | None


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the seals go, and how far the anchor knows them."""

    number: int
    at: datetime | None
    anchored: int


@dataclass(frozen=True, slots=True)
class TrailPage:
    """One page of the trail."""

    changes: tuple[Change, ...]
    reads: tuple[Reading, ...]
    has_more: bool
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters are chosen from: people and systems by key, and the acts and tables of which the trail tells."""

    people: tuple[tuple[UUID, str], ...]
    acts: tuple[str, ...]
    looks: tuple[str, ...]
    tables: tuple[str, ...]

    @property
    def acts_and_looks(self) -> tuple[tuple[str, str], ...]:
        """As a list to choose from."""
        return tuple((name, name) for name in (*self.acts, *self.looks))

    @property
    def table_pairs(self) -> tuple[tuple[str, str], ...]:
        """As a list to choose from."""
        return tuple((name, name) for name in self.tables)


def consult(act: Act, filters: Filters) -> TrailPage:
    """One page of what is asked for; that it was read, and whose data it shows, is kept with it.

    Raises `Invalid` for a number that is not there, and for opening without a patient, or one whose orders who asks may not read.
    """
    if filters.opened and filters.rx is None:
        message = "Write an Rx number: what is private is opened for one patient at a time."
        raise Invalid("trail", message, fields={"rx": (message,)})
    found = _reads(act, filters) if filters.of_reads else _changes(act, filters)
    shown = len(found.changes) + len(found.reads)
    act.session.add(TrailReadingRow(person_id=act.actor.id, filters=_said(filters), shown=shown, read_at=act.at))
    return found


def note_export(act: Act) -> None:
    """Keep that the whole trail went out."""
    act.session.add(
        TrailReadingRow(person_id=act.actor.id, filters="export of the whole", shown=act.session.scalar(select(func.count(AuditRow.id))) or 0, read_at=act.at)
    )


def choices(look: Look) -> Choices:
    """What the filters offer."""
    people = [*look.session.execute(select(PersonRow.id, PersonRow.name)), *look.session.execute(select(ClientRow.id, ClientRow.name))]
    acts, tables, looks = (
        tuple(look.session.scalars(select(column).distinct().order_by(column))) for column in (AuditRow.act_name, AuditRow.table_name, ReadRow.look_name)
    )
    return Choices(tuple(sorted(((key, name) for key, name in people), key=lambda one: one[1].casefold())), acts, looks, tables)


def chain(look: Look, seals: Seals) -> Chain:
    """How far the chain goes; whether it is whole is asked by itself, since that reads all of it."""
    newest = look.session.execute(select(SealRow.number, SealRow.at).order_by(SealRow.number.desc()).limit(1)).first()
    return Chain(newest.number if newest else 0, newest.at if newest else None, max(seals.told(), default=0))


def _changes(act: Act, filters: Filters) -> TrailPage:
    since, until = _moments(act, filters)
    wanted = changes(since=since, until=until, actor_id=filters.person, act=filters.act, table=filters.subject)
    if filters.rx is not None:
        patient_id = _patient(act, filters.rx)
        _require_open(act, filters, patient_id)
        wanted = wanted.where(AuditRow.row_key.in_([str(key) for key in keys_of_patient(act.session, patient_id)]))
    total = act.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = act.session.scalars(wanted.offset((filters.page - 1) * A_PAGE).limit(A_PAGE)).all()
    _note(act, rows)
    shown = tuple(
        Change(row.at, row.actor_name, row.act_name, row.kind, row.table_name, row.row_key, tuple(_values(act, row, is_open=filters.opened))) for row in rows
    )
    return TrailPage(shown, (), total > filters.page * A_PAGE, total)


def _reads(act: Act, filters: Filters) -> TrailPage:
    since, until = _moments(act, filters)
    wanted = reads(since=since, until=until, actor_id=filters.person, look=filters.act)
    if filters.rx is not None:
        patient_id = _patient(act, filters.rx)
        orders = select(PrescriptionRow.id).where(PrescriptionRow.patient_id == patient_id)
        wanted = wanted.where(or_(ReadRow.patient_id == patient_id, ReadRow.prescription_id.in_(orders)))
    total = act.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = act.session.scalars(wanted.offset((filters.page - 1) * A_PAGE).limit(A_PAGE)).all()
    asked = {row.prescription_id for row in rows if row.prescription_id}
    named = act.session.execute(select(PrescriptionRow.id, PrescriptionRow.number).where(PrescriptionRow.id.in_(asked)))
    numbers = {row.id: row.number for row in named}
    shown = tuple(Reading(row.at, row.actor_name, row.look_name, numbers[row.prescription_id] if row.prescription_id else None, row.patient_id) for row in rows)
    return TrailPage((), shown, total > filters.page * A_PAGE, total)


def _patient(act: Act, rx: int) -> UUID:
    patient_id = act.session.scalar(select(PrescriptionRow.patient_id).where(PrescriptionRow.number == rx))
    if patient_id is None:
        message = f"There is no prescription {rx}."
        raise Invalid("trail", message, fields={"rx": (message,)})
    act.note_read(patient_id=patient_id)
    return patient_id


def _require_open(act: Act, filters: Filters, patient_id: UUID) -> None:
    """Let only those see what is private who may read orders, or whose broken glass before this patient is open."""
    may = act.actor.role in LOOKS[LookName.PRESCRIPTIONS] or is_broken(act.session, act.actor.id, patient_id, at=act.at)
    if filters.opened and not may:
        message = "Break the glass for this patient first: then what is private opens here too, for an hour."
        raise Invalid("trail", message, fields={"opened": (message,)})


def _note(act: Act, rows: Iterable[AuditRow]) -> None:
    """Log whose data these entries show."""
    for row in rows:
        told = json.loads(row.new)
        if row.table_name == "patient":
            act.note_read(patient_id=UUID(row.row_key))
        elif row.table_name == "prescription":
            act.note_read(prescription_id=UUID(row.row_key))
        elif "patient_id" in told or "prescription_id" in told:
            key, order = told.get("patient_id"), told.get("prescription_id")
            act.note_read(patient_id=UUID(key) if key else None, prescription_id=UUID(order) if order else None)


def _values(act: Act, row: AuditRow, *, is_open: bool) -> Iterator[Value]:
    """What the entry says; of what is private, that it changed and no more, unless it is opened."""
    old, new, hidden = json.loads(row.old or "{}"), json.loads(row.new), private_columns(row.table_name)
    for name in sorted(old | new):
        before, after = (_text(told.get(name)) for told in (old, new))
        if name in hidden:
            before, after = ((opened(act.session, row.table_name, name, said) if is_open else _LOCKED) if said else "" for said in (before, after))
        yield Value(name, before, after)


def _text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moments(look: Look, filters: Filters) -> tuple[datetime | None, datetime | None]:
    """The first moment, and the one just after the last."""
    since = datetime.combine(filters.since, time(), look.zone).astimezone(UTC) if filters.since else None
    until = datetime.combine(filters.until + timedelta(days=1), time(), look.zone).astimezone(UTC) if filters.until else None
    return since, until


def _said(filters: Filters) -> str:
    """The filters as they are kept; an Rx number is no name."""
    told: dict[str, object] = {"of": "reads" if filters.of_reads else "changes", "since": filters.since, "until": filters.until, "person": filters.person}
    told |= {"act": filters.act, "subject": filters.subject, "rx": filters.rx, "opened": filters.opened, "page": filters.page}
    return ", ".join(f"{name} {value}" for name, value in told.items() if value)
