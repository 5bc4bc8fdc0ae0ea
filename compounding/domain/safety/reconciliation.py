"""Rule R31, the words and the dates: what the directions tell and what was dated, against the steps, the quantity, the days and the total.

Directions that cannot be read are no agreement: the pharmacist compares them by eye, and says so with a reason (a warning, which is signed). They
do not hold the order, since a hold takes no answer and the words stay as the prescriber wrote them. Whatever differs, or contradicts itself, holds it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from compounding.domain.directions import Reading, ReadStep, Strengths, Unread, decode, when_said
from compounding.domain.prescription import Form, Order, QuantityUnit, Step
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.safety.facts import OrderFacts
from compounding.domain.safety.finding import Action, Concern
from compounding.domain.safety.wording import listed

_ASK = "Ask the prescriber which is meant."
_TENTH = Fraction(1, 10)  # mL: as finely as a quantity is written that has no exact decimal
_SUPPLY = "days' supply"
_NEW = frozenset({"text", "dates"})  # what agrees or not without them, `agreement` says


@dataclass(frozen=True, slots=True)
class Side:
    """What one part of the order gives; `who` is the part."""

    who: str
    amount: Fraction


def words_and_dates(facts: OrderFacts) -> Iterator[Concern]:
    """R31: each difference between words or dates and the rest of the order."""
    order = facts.order
    read = read_directions(order)
    if isinstance(read, Unread):
        yield _unread(order, read)
    reading = read if isinstance(read, Reading) else None
    yield from _differing(amounts(order, reading), _unit(order), order)
    yield from _differing(lengths(order, reading), "days", order)
    yield from _gaps(order)
    if reading is not None:
        yield from _steps_differ(order, reading)
        yield from _rest_differs(order, reading)


def read_directions(order: Order) -> Reading | Unread | None:
    """The directions as they were understood; None where the order has none."""
    return decode(order.directions, Strengths(order.strength, order.capsule_strength), near=order.written_on) if order.directions else None


def amounts(order: Order, reading: Reading | None) -> tuple[Side, ...]:
    """What text, steps, dates, quantity and total give: capsules where their strength is known, else milligrams."""
    one, supply = _one(order), order.supply
    told = (
        ("text", reading.total if reading else None),
        ("steps", order.total),
        ("dates", _dated_total(order)),
        ("total", supply.total),
    )
    sides = [Side(who, total / one) for who, total in told if total is not None]
    quantity = _quantity(order)
    return (*sides, Side("quantity", quantity)) if quantity is not None else tuple(sides)


def lengths(order: Order, reading: Reading | None) -> tuple[Side, ...]:
    """The days that text, steps, dates and days' supply give."""
    dated = sum(period.days for period in order.dates) if order.dates else None
    told = (("text", reading.days if reading else None), ("steps", order.days), ("dates", dated), (_SUPPLY, order.supply.days))
    return tuple(Side(who, Fraction(days)) for who, days in told if days is not None)


def _quantity(order: Order) -> Fraction | None:
    quantity, unit = order.supply.quantity, order.supply.quantity_unit
    if quantity is None:
        return None
    if unit is QuantityUnit.CAPSULE and order.form is Form.CAPSULE and order.capsule_strength is not None:
        return quantity
    if unit is not QuantityUnit.ML or order.strength is None or order.ordered_volume is None:
        return None
    needed = order.ordered_volume.ml
    is_rounded = (needed * 1000).denominator != 1 and abs(quantity - needed) < _TENTH
    return order.total.mg if is_rounded else quantity * order.strength.mg_per_ml


def _one(order: Order) -> Mass:
    capsule = order.capsule_strength
    return capsule if order.form is Form.CAPSULE and capsule is not None and capsule.mg > 0 else Mass.of_mg(1)


def _unit(order: Order) -> str:
    return "capsules" if order.form is Form.CAPSULE and order.capsule_strength is not None else "mg"


def _dated_total(order: Order) -> Mass | None:
    if len(order.dates) != len(order.steps):
        return None
    return sum((step.daily * period.days for step, period in zip(order.steps, order.dates, strict=True)), Mass.of_mg(0))


def _differing(sides: Sequence[Side], unit: str, order: Order) -> Iterator[Concern]:
    new = [side for side in sides if side.who in _NEW]
    if all(side.amount == other.amount for side in new for other in sides):
        return
    told = listed([f"the {side.who} {decimal_text(side.amount)}" for side in sides])
    yield _hold(f"The parts of this order give different numbers of {unit}: {told}.", order, unit)


def _gaps(order: Order) -> Iterator[Concern]:
    for number, (one, following) in enumerate(pairwise(order.dates), 1):
        if (following.first - one.last).days != 1:
            yield _hold(f"The dates of step {number} are {one}, those of step {number + 1} {following}: they do not follow day by day.", order, "gap")


def _steps_differ(order: Order, reading: Reading) -> Iterator[Concern]:
    text = _merged(reading.steps)
    rows = _merged([ReadStep(step.dose, step.unit, step.times_per_day, step.moments, step.days) for step in order.steps])
    if len(text) != len(rows):
        yield _hold(f"The text tells {_told(text)}; the steps are {_told(rows)}.", order, "steps")
        return
    for number, (one, other) in enumerate(zip(text, rows, strict=True), 1):
        moments_differ = bool(one.moments) and one.moments != other.moments
        if (one.dose, one.times) != (other.dose, other.times) or moments_differ or one.days not in {None, other.days}:
            yield _hold(f"Step {number} is {_told([one])} by the text, and {_told([other])} as entered.", order, f"step {number}")


def _rest_differs(order: Order, reading: Reading) -> Iterator[Concern]:
    if reading.route not in {None, order.route}:
        yield _hold(f"The text says {reading.route}; the order's route is {order.route}.", order, "route")
    dated = tuple(step.dates for step in reading.steps if step.dates)
    if dated and order.dates and (dated[0].first, dated[-1].last) != (order.dates[0].first, order.dates[-1].last):
        text = f"{dated[0].first.isoformat()} to {dated[-1].last.isoformat()}"
        sentence = f"The text is dated {text}; the order {order.dates[0].first.isoformat()} to {order.dates[-1].last.isoformat()}."
        yield _hold(sentence, order, "dates")


def _merged(steps: Sequence[ReadStep]) -> list[ReadStep]:
    """Steps of one dose after each other as one, so that 14 and 14 days are 28."""
    merged: list[ReadStep] = []
    for step in steps:
        last = merged[-1] if merged else None
        if last is not None and (last.dose, last.times, last.moments) == (step.dose, step.times, step.moments):
            days = last.days + step.days if last.days is not None and step.days is not None else None
            merged[-1] = ReadStep(step.dose, step.unit, step.times, step.moments, days)
        else:
            merged.append(step)
    return merged


def _told(steps: Sequence[ReadStep]) -> str:
    return ", then ".join(f"{step.dose} {when_said(step)}{f' for {step.days} days' if step.days is not None else ''}" for step in steps)


def _unread(order: Order, read: Unread) -> Concern:
    if read.contradicts:
        return _hold(f"The directions contradict themselves or the order. {read.why}", order, "contradiction")
    sentence = f"The directions as written could not be read, and are not compared. {read.why} Compare them with the steps by eye, and write that they agree."
    return Concern(Action.WARN, sentence, ("unread", order.directions, *_essence(order.steps)))


def _hold(sentence: str, order: Order, what: str) -> Concern:
    return Concern(Action.HOLD, f"{sentence} {_ASK}", (what, sentence, order.directions))


def _essence(steps: Sequence[Step]) -> tuple[Mass | int | str, ...]:
    return tuple(fact for step in steps for fact in (step.dose, step.days, ", ".join(step.moments)))
