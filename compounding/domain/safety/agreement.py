"""Rule R31: what one order says twice must agree; a difference holds the order and names both sides.

The steps are one side: their days, their milligrams, and at a prescribed strength their millilitres or capsules. Quantity, days'
supply and total are the other. What cannot be compared (a quantity without a strength) is said, so that a person compares it.
"""

from collections.abc import Iterator
from fractions import Fraction

from compounding.domain.prescription import Answer, Form, Order, QuantityUnit
from compounding.domain.quantity import decimal_text
from compounding.domain.safety.facts import OrderFacts
from compounding.domain.safety.finding import Action, Concern, Fact
from compounding.domain.safety.reconciliation import words_and_dates
from compounding.domain.wording import said

_ASK = "Ask the prescriber which is meant."
_UNITS = {
    Form.ORAL_LIQUID: frozenset({QuantityUnit.ML}),
    Form.ORAL_DROPS: frozenset({QuantityUnit.ML, QuantityUnit.DROP}),
    Form.CAPSULE: frozenset({QuantityUnit.CAPSULE}),
}
_FORM_SAID = {Form.ORAL_LIQUID: "an oral liquid", Form.ORAL_DROPS: "oral drops", Form.CAPSULE: "capsules"}
_TENTH = Fraction(1, 10)  # mL: as finely as a quantity is written that has no exact decimal (100 mg at 3 mg/mL)


def disagreement(facts: OrderFacts) -> Iterator[Concern]:
    """R31: every pair of statements that disagree."""
    order = facts.order
    yield from _supply(order)
    yield from _strength_fits_form(order)
    yield from _quantity(order)
    yield from _capsules_of_step(order)
    yield from _answers(facts)
    yield from words_and_dates(facts)


def _supply(order: Order) -> Iterator[Concern]:
    supply = order.supply
    steps = f"The steps add up to {order.total} over {_days(order.days)}"
    if supply.quantity is None and supply.days is None and supply.total is None:
        yield _hold("The order gives neither a quantity, nor days' supply, nor a total: one is needed to check the dose.", ("supply",))
    if supply.total is not None and supply.total != order.total:
        yield _hold(f"{steps}; the order's total says {supply.total}.", ("total", supply.total, order.total))
    if supply.days is not None and supply.days != order.days:
        yield _hold(f"{steps}; the order's days' supply says {_days(supply.days)}.", ("days", supply.days, order.days))


def _strength_fits_form(order: Order) -> Iterator[Concern]:
    if order.form is Form.CAPSULE and order.strength is not None:
        yield _hold(f"The order is for capsules; its strength is {order.strength}, that of a liquid.", ("strength", order.form, order.strength))
    if order.form is not Form.CAPSULE and order.capsule_strength is not None:
        sentence = f"The order is for {_FORM_SAID[order.form]}; its strength is {order.capsule_strength} a capsule."
        yield _hold(sentence, ("strength", order.form, order.capsule_strength))


def _quantity(order: Order) -> Iterator[Concern]:
    quantity, unit = order.supply.quantity, order.supply.quantity_unit
    if quantity is None:
        return
    if unit is None:
        yield _hold(f"The quantity {decimal_text(quantity)} has no unit.", ("unit", quantity))
        return
    said_quantity = _counted(quantity, unit)
    if unit not in _UNITS[order.form]:
        yield _hold(f"The order is for {_FORM_SAID[order.form]}; its quantity is {said_quantity}.", ("unit", order.form, unit))
        return
    needed = _needed(order, unit)
    if needed is None:
        yield from _cannot_be_compared(order, quantity, unit)
    elif not _agrees(quantity, needed, unit):
        strength = order.capsule_strength if unit is QuantityUnit.CAPSULE else order.strength
        sentence = (
            f"The steps take {_counted(needed, unit)} of {strength} over {_days(order.days)}; the order's quantity says {said_quantity} "
            "(refills are not part of it)."
        )
        yield _hold(sentence, ("quantity", quantity, unit, needed))


def _needed(order: Order, unit: QuantityUnit) -> Fraction | None:
    if unit is QuantityUnit.ML and order.ordered_volume is not None:
        return order.ordered_volume.ml
    if unit is QuantityUnit.CAPSULE and order.capsule_strength is not None and order.capsule_strength.mg > 0:
        return order.total / order.capsule_strength
    return None


def _agrees(quantity: Fraction, needed: Fraction, unit: QuantityUnit) -> bool:
    endless = (needed * 1000).denominator != 1
    return abs(quantity - needed) < _TENTH if endless and unit is QuantityUnit.ML else quantity == needed


def _cannot_be_compared(order: Order, quantity: Fraction, unit: QuantityUnit) -> Iterator[Concern]:
    doses = sum(step.times_per_day * step.days for step in order.steps)
    if unit is QuantityUnit.CAPSULE and (quantity < doses or quantity.denominator != 1):
        sentence = f"The steps have {doses} doses over {_days(order.days)}; the order's quantity says {_counted(quantity, unit)}."
        yield _hold(sentence, ("doses", quantity, doses))
        return
    sentence = (
        f"The quantity of {_counted(quantity, unit)} cannot be compared with the doses, since no strength is prescribed. "
        f"The steps add up to {order.total} over {_days(order.days)}: make sure that this is meant."
    )
    yield Concern(Action.PROMPT, sentence, ("not compared", quantity, unit, order.total, order.days))


def _capsules_of_step(order: Order) -> Iterator[Concern]:
    one = order.capsule_strength
    if order.form is not Form.CAPSULE or one is None or one.mg <= 0:
        return
    for number, step in enumerate(order.steps, 1):
        if (step.dose / one).denominator != 1:
            sentence = f"Step {number} is {step.dose} a dose; the capsules ordered hold {one}, and none is opened or cut."
            yield _hold(sentence, ("capsules", step.dose, one))


def _answers(facts: OrderFacts) -> Iterator[Concern]:
    answer, therapy = facts.opioid, facts.order.therapy
    if answer.recent is Answer.NO and (answer.recent_drug or answer.recent_last_dose):
        named = answer.recent_drug or "a last dose"
        sentence = f'The opioid question is answered "no", and names {named}.'
        yield _hold(sentence, ("opioid", answer.recent_drug, answer.recent_last_dose), ask="Ask the patient which is true.")
    for what, day in (("The last opioid dose", answer.recent_last_dose), ("The last naltrexone dose", therapy.last_taken)):
        if day is not None and day > facts.today:
            yield _hold(f"{what} is dated {said(day)}; today is {said(facts.today)}.", (what, day), ask="Ask for the right date.")
    if therapy.naive and therapy.present_dose is not None:
        sentence = f"The patient is said to be new to naltrexone, and to take {therapy.present_dose} a day now."
        yield _hold(sentence, ("therapy", therapy.present_dose))


def _hold(sentence: str, facts: tuple[Fact, ...], *, ask: str = _ASK) -> Concern:
    return Concern(Action.HOLD, f"{sentence} {ask}", facts)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _counted(amount: Fraction, unit: QuantityUnit) -> str:
    plural = "" if unit is QuantityUnit.ML or amount == 1 else "s"
    return f"{decimal_text(amount)} {unit}{plural}"
