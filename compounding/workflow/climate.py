"""Refrigerators and rooms: readings by person and time, and what is held when one was out of its limits."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from compounding.db.batches import BatchRow
from compounding.db.holding import batches_in, lots_in
from compounding.db.inventory import LotRow, ProductRow
from compounding.db.records import events_of, keep_event
from compounding.db.signing import sign
from compounding.db.upkeep import HoldRow, LotPlaceRow, PlaceRow, TemperatureRow
from compounding.db.values import policy_in_force
from compounding.domain.batch import BatchStatus, Meaning
from compounding.domain.batch import advance as advance_batch
from compounding.domain.climate import (
    MILLIDEGREES,
    DayOfReadings,
    Decision,
    Limits,
    Temperatures,
    check_decision,
    check_likely,
    limits_of,
)
from compounding.domain.errors import Invalid
from compounding.domain.formula import Storage
from compounding.domain.inventory import LotStatus
from compounding.domain.people import Role
from compounding.domain.quantity import decimal_text
from compounding.workflow.act import Act, Look

_DAYS = 14  # of readings on the page
_SHOWN = 60  # readings of a page
_HOLDS = 200


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One reading, with the limits of its day, by whom and when (UTC)."""

    place: str
    found: Temperatures
    limits: Limits
    within: bool
    on: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with its limits, today's readings, and the days with too few since the first reading."""

    code: str
    name: str
    limits: Limits
    today: DayOfReadings
    missing: tuple[DayOfReadings, ...]


@dataclass(frozen=True, slots=True)
class HoldView:
    """A lot that is or was held, in words, in which place, and what was decided."""

    id: UUID
    lot_id: UUID
    what: str
    place: str
    decision: Decision
    reason: str
    held_at: datetime


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch that is set aside, and why."""

    id: UUID
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Climate:
    """Every place, the newest readings, the lots that are or were held, and the batches that are set aside."""

    places: tuple[PlaceView, ...]
    log: tuple[ReadingView, ...]
    holds: tuple[HoldView, ...]
    batches: tuple[BatchView, ...]
    today: date

    @property
    def held(self) -> tuple[HoldView, ...]:
        """What waits for a pharmacist."""
        return tuple(item for item in self.holds if item.decision is Decision.HELD)

    @property
    def due(self) -> tuple[PlaceView, ...]:
        """The places with a reading still to be taken today."""
        return tuple(place for place in self.places if place.today.missing)


def add_place(act: Act, code: str, name: str, storage: Storage) -> None:
    """A refrigerator or a room."""
    act.session.add(PlaceRow(code=code, name=name, storage=storage, active=True))


def read(act: Act, place: str, found: Temperatures) -> int:
    """Record what the thermometer of the place with this code showed; gives how many lots and batches are held by it, none when it was within."""
    row = _place(act, place)
    check_likely(found)
    limits = limits_of(Storage(row.storage), policy_in_force(act.session))
    kept = TemperatureRow(
        place_id=row.id,
        lowest=_milli(found.lowest, "lowest"),
        highest=_milli(found.highest, "highest"),
        now=_milli(found.now, "now"),
        low=_milli(limits.low, "low"),
        high=_milli(limits.high, "high"),
        within=found.within(limits),
        read_on=act.today,
        read_at=act.at,
        person_id=_person(act),
        person_name=act.actor.name,
    )
    act.session.add(kept)
    return 0 if kept.within else _hold_all(act, row, kept, limits)


def put(act: Act, lot_number: str, place: str) -> None:
    """Record in which place every lot with this number stands."""
    row = _place(act, place)
    lots = act.session.scalars(select(LotRow).where(LotRow.lot_number == lot_number)).all()
    if not lots:
        message = f"There is no lot {lot_number[:40]}. Scan it again."
        raise Invalid("lot", message, fields={"lot": (message,)})
    act.session.add_all(LotPlaceRow(lot_id=lot.id, place_id=row.id, placed_at=act.at, person_id=_person(act)) for lot in lots)


def decide(act: Act, hold_id: UUID, decision: Decision, reason: str) -> None:
    """Release or reject a lot that stood in an excursion, with a reason and a signature: it is then what it was before, or withdrawn.

    A batch is set aside by the excursion; it is taken up again or rejected on its own page.
    """
    row = act.session.get(HoldRow, hold_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Invalid("hold", "Choose the lot from the list.", fields={"hold": ("Choose the lot from the list.",)})
    check_decision(decision, Decision(row.decision), reason)
    row.decision, row.reason, row.decided_at, row.person_id = decision, reason, act.at, act.actor.id
    meaning = Meaning.EXCURSION_RELEASE if decision is Decision.RELEASED else Meaning.EXCURSION_REJECT
    sign(act.session, row.id, meaning=meaning, person=act.actor, content=f"{row.lot_id} {decision} {reason}", at=act.at)
    lot = act.session.get(LotRow, row.lot_id, with_for_update=True, populate_existing=True)
    if lot is not None and lot.status == LotStatus.QUARANTINED:  # it may have been withdrawn or recalled meanwhile
        lot.status = row.was if decision is Decision.RELEASED else LotStatus.WITHDRAWN


def climate(look: Look) -> Climate:
    """The places today, what was read, and what is held."""
    policy = policy_in_force(look.session)
    rows = look.session.scalars(select(PlaceRow).where(PlaceRow.active).order_by(PlaceRow.name)).all()
    names = {row.id: row.name for row in rows}
    places = tuple(_place_view(look, row, limits_of(Storage(row.storage), policy), policy.readings_a_day) for row in rows)
    log = look.session.scalars(select(TemperatureRow).order_by(TemperatureRow.read_at.desc()).limit(_SHOWN))
    return Climate(places, tuple(_reading_view(row, names) for row in log), _holds(look), _set_aside(look), look.today)


def _hold_all(act: Act, place: PlaceRow, temperature: TemperatureRow, limits: Limits) -> int:
    lots, made = lots_in(act.session, place), batches_in(act.session, place)
    for lot in lots:
        act.session.add(HoldRow(temperature_id=temperature.id, lot_id=lot.id, was=lot.status, decision=Decision.HELD, reason="", held_at=act.at))
        lot.status = LotStatus.QUARANTINED
    showed = f"{decimal_text(Fraction(temperature.lowest, MILLIDEGREES))} to {decimal_text(Fraction(temperature.highest, MILLIDEGREES))} °C"
    for batch in made:
        batch.status = advance_batch(BatchStatus(batch.status), BatchStatus.QUARANTINED)
        keep_event(act.session, batch.id, "quarantined", reason=f"{place.name}: {showed}, limits {limits}", person=act.actor, at=act.at)
    return len(lots) + len(made)


def _place(act: Act, code: str) -> PlaceRow:
    row = act.session.scalars(select(PlaceRow).where(PlaceRow.code == code, PlaceRow.active)).first()
    if row is None:
        raise Invalid("place", "Choose the place from the list.", fields={"place": ("Choose the place from the list.",)})
    return row


def _place_view(look: Look, row: PlaceRow, limits: Limits, asked: int) -> PlaceView:
    since = look.today - timedelta(days=_DAYS)
    days = Counter(look.session.scalars(select(TemperatureRow.read_on).where(TemperatureRow.place_id == row.id, TemperatureRow.read_on >= since)))
    first = look.session.scalars(select(TemperatureRow.read_on).where(TemperatureRow.place_id == row.id).order_by(TemperatureRow.read_on).limit(1)).first()
    begun = max(first, since) if first else look.today
    past = [DayOfReadings(day, days[day], asked) for day in _days(begun, look.today)]
    return PlaceView(row.code, row.name, limits, DayOfReadings(look.today, days[look.today], asked), tuple(day for day in past if day.missing))


def _days(first: date, until: date) -> Iterable[date]:
    """From `first` to the day before `until`."""
    return (first + timedelta(days=number) for number in range((until - first).days))


def _reading_view(row: TemperatureRow, names: dict[UUID, str]) -> ReadingView:
    found = Temperatures(*(Fraction(value, MILLIDEGREES) for value in (row.lowest, row.highest, row.now)))
    limits = Limits(Fraction(row.low, MILLIDEGREES), Fraction(row.high, MILLIDEGREES))
    return ReadingView(names.get(row.place_id, ""), found, limits, row.within, row.read_on, row.read_at, row.person_name)


def _holds(look: Look) -> tuple[HoldView, ...]:
    rows = look.session.execute(
        select(HoldRow, PlaceRow.name, LotRow.lot_number, ProductRow.name)
        .join(TemperatureRow, HoldRow.temperature_id == TemperatureRow.id)
        .join(PlaceRow, TemperatureRow.place_id == PlaceRow.id)
        .join(LotRow, HoldRow.lot_id == LotRow.id)
        .join(ProductRow, LotRow.product_id == ProductRow.id)
        .order_by(HoldRow.held_at.desc(), ProductRow.name, LotRow.lot_number)
        .limit(_HOLDS)
    )
    return tuple(
        HoldView(row.id, row.lot_id, f"lot {lot_number} of {product}", place, Decision(row.decision), row.reason, row.held_at)
        for row, place, lot_number, product in rows
    )


def _set_aside(look: Look) -> tuple[BatchView, ...]:
    rows = look.session.scalars(select(BatchRow).where(BatchRow.status == BatchStatus.QUARANTINED).order_by(BatchRow.number))
    return tuple(BatchView(row.id, str(row.number), events[-1].reason) for row in rows if (events := events_of(look.session, row.id)))


def _milli(value: Fraction, field: str) -> int:
    exact = value * MILLIDEGREES
    if exact.denominator != 1:
        message = "A thermometer shows no more than thousandths of a degree."
        raise Invalid("temperature", message, fields={field: (message,)})
    return exact.numerator


def _person(act: Act) -> UUID | None:
    return None if act.actor.role is Role.SYSTEM else act.actor.id
