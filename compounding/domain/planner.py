"""Planning: from a cleared prescription and the pharmacist's choices to a whole course of fills.

`make_plan` accepts only a `Cleared` prescription, which only the screening can make; without one there is a `Sketch`, which nobody
keeps. The amounts follow from the measured doses, not from the prescribed ones, so that what is made is what will be taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.capsule import capsules_for
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.explain import notices_of, workings_of
from compounding.domain.fill import Span, split
from compounding.domain.formula import Formula
from compounding.domain.inventory import Lot, Shortage
from compounding.domain.plan import Choices, FillPlan, FillStep, MeasuredStep, Notice, Plan, Sketch
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Packed, capsule_amounts, liquid_amounts, source_method
from compounding.domain.prescription import Form, Regimen, Step
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.safety import Cleared
from compounding.domain.weighing import Balance, Dropper, Syringe, measure, percent
from compounding.domain.wording import said
from compounding.domain.worksheet import Bench, prepare


def make_plan(cleared: Cleared, choices: Choices, *, stock: Sequence[Lot], balances: Sequence[Balance], today: date, policy: Policy) -> Plan:
    """Plan the course of `cleared`; raises `Unsafe`, or `Conflict` where stock or a measurement is missing."""
    bench = Bench(tuple(stock), tuple(balances), today, today, policy)
    return _course(cleared.order.regimen, choices, today=today, policy=policy, bench=bench)


def sketch_plan(regimen: Regimen, choices: Choices, *, today: date, policy: Policy) -> Sketch:
    """What `regimen` would take, for nobody in particular; raises what `make_plan` raises, but asks nothing of stock and balances.

    A step that rule R11 stops whoever the patient is gives no sketch either.
    """
    _refuse_not_low(regimen.steps, policy)
    _refuse_made_before(choices, today)
    return Sketch(_course(regimen, choices, today=today, policy=policy, bench=None))


def laid_out(
    regimen: Regimen, choices: Choices, *, today: date, policy: Policy, bench: Bench | None = None
) -> tuple[tuple[MeasuredStep, ...], tuple[FillPlan, ...]]:
    """The measured steps of a course and its containers, without a word about them: cheap enough to compare many ways."""
    _refuse_wrong_form(regimen.form, choices)
    source_method(choices.formula, choices.method)
    _refuse_other_container(choices)
    _refuse_other_strength(regimen, choices.formula)
    _refuse_other_dropper(choices, today)
    _refuse_past(choices.starts_on, today)
    steps = measured_steps(regimen.steps, choices)
    for step in steps:
        _refuse_unmeasurable(step, choices, policy)
    return steps, _fills(steps, choices, policy, bench)


def containers_taken(steps: Sequence[MeasuredStep], choices: Choices, policy: Policy) -> int:
    """How many containers a course takes, for choosing among them; raises `Unsafe` where one cannot give a single day or be kept so."""
    return len(split(_daily(steps), _capacity(choices), lambda opens: _last_course_day(opens, choices, policy, None)))


def _course(regimen: Regimen, choices: Choices, *, today: date, policy: Policy, bench: Bench | None) -> Plan:
    steps, fills = laid_out(regimen, choices, today=today, policy=policy, bench=bench)
    plan = Plan(
        formula=choices.formula.code,
        formula_version=choices.formula.version,
        strength=choices.formula.strength_text,
        storage=choices.storage,
        container=choices.container,
        method=source_method(choices.formula, choices.method),
        device=choices.device.name if choices.device else "",
        starts_on=choices.starts_on,
        lead_days=choices.lead_days,
        made_is_day_one=policy.made_is_day_one,
        policy_version=policy.version,
        days=regimen.days,
        prescribed=regimen.total,
        taken=sum((step.taken * len(step.moments) * step.days for step in steps), Mass.of_mg(0)),
        steps=steps,
        fills=fills,
        notices=(),
        workings=(),
    )
    notices = (*notices_of(plan, choices, policy), *_ordered_drops(regimen, choices, policy))
    return replace(plan, notices=notices, workings=workings_of(plan, choices, policy))


def measured_steps(steps: Sequence[Step], choices: Choices) -> tuple[MeasuredStep, ...]:
    """Each step with the volume on the device's mark, or the number of capsules, and what a dose then really holds."""
    measured = []
    first_day = 1
    for number, step in enumerate(steps, start=1):
        measured.append(_measured_step(number, step, first_day=first_day, choices=choices))
        first_day += step.days
    return tuple(measured)


def _measured_step(number: int, step: Step, *, first_day: int, choices: Choices) -> MeasuredStep:
    plain = MeasuredStep(number, step.dose, step.moments, first_day, step.days, step.dose)
    if choices.formula.capsules is not None:
        return replace(plain, capsules=capsules_for(step.dose, choices.formula.capsules.strength))
    if choices.formula.liquid is None or choices.device is None:
        raise Invalid("device", "Choose the syringe or dropper that measures the doses.", fields={"device": ("Choose a syringe or a dropper.",)})
    strength = choices.formula.liquid.strength
    reading = measure(step.dose / strength, choices.device)
    return replace(plain, reading=reading, taken=reading.measured * strength)


def _refuse_wrong_form(form: Form, choices: Choices) -> None:
    if (form is Form.CAPSULE) != (choices.formula.capsules is not None):
        message = f"The order is for {form.replace('_', ' ')} and {choices.formula.name} is another form: choose another formula, or ask the prescriber."
        raise Unsafe("formula-form", message)


def _refuse_other_container(choices: Choices) -> None:
    """A vial that is counted in capsules holds no liquid, and a bottle that is measured in mL no capsules: neither would bound what goes in."""
    container = choices.container
    of_the_other_form = container.capsules if choices.formula.capsules is None else container.volume
    if of_the_other_form is not None:
        message = f"The container ({container.name}) is not for {choices.formula.name}. Choose one for that form."
        raise Invalid("container-form", message, fields={"container": (message,)})


def _refuse_other_strength(regimen: Regimen, formula: Formula) -> None:
    """A strength that was prescribed is made, or the prescriber is asked: the volume to take hangs on it."""
    prescribed = regimen.strength or regimen.capsule_strength
    made = formula.liquid.strength if formula.liquid else formula.capsules.strength if formula.capsules else None
    if prescribed is not None and prescribed != made:
        message = f"The order prescribes {prescribed} and {formula.name} is {made}: choose a formula of that strength, or ask the prescriber."
        raise Unsafe("formula-strength", message)


def _refuse_other_dropper(choices: Choices, today: date) -> None:
    """Drops differ from liquid to liquid and from dropper to dropper (USP <1101>): a count holds for its own formula, until it lapses."""
    device = choices.device
    if not isinstance(device, Dropper):
        return
    if device.formula != choices.formula.code:
        message = f"The drops of {device.name} were counted for formula {device.formula}: count those of {choices.formula.name}, or choose a syringe."
        raise Unsafe("dropper-formula", message)
    if lapsed := calibration_lapsed(device, today):
        raise Conflict("calibration", lapsed)


def calibration_lapsed(device: Syringe | Dropper | None, today: date) -> str:
    """What to do about a dropper whose count of drops has ended; empty where it holds, and for a syringe."""
    if isinstance(device, Dropper) and device.valid_through < today:
        return f"The calibration of {device.name} ended on {said(device.valid_through)}. Count its drops again first."
    return ""


def _ordered_drops(regimen: Regimen, choices: Choices, policy: Policy) -> tuple[Notice, ...]:
    """What the drops that the order counts hold by this dropper, beside what its steps say (golden number G43); a syringe counts none."""
    device, liquid = choices.device, choices.formula.liquid
    if regimen.drops is None or liquid is None or not isinstance(device, Dropper):
        return ()
    held = device.volume_of(regimen.drops) * liquid.strength
    error = held / regimen.total - 1
    held_said = f"they hold {percent(error)} against the {regimen.total} that its steps add up to"
    counted = f"The order counts {decimal_text(regimen.drops)} drops; by {device.name} {held_said}."
    if abs(error) > policy.rounding_refuse:
        raise Unsafe("drops-ordered", f"{counted} Choose a syringe or another dropper, or ask the prescriber.")
    much = abs(error) > policy.rounding_warn
    return (Notice("drops_ordered", f"{counted} The drops of this plan follow from the doses in mg.", warning=much),) if error else ()


def _refuse_past(starts_on: date, today: date) -> None:
    if starts_on < today:
        message = f"The first dose cannot be on {said(starts_on)}, before today. Choose today or a later day."
        raise Invalid("starts-on", message, fields={"starts_on": (message,)})


def _refuse_made_before(choices: Choices, today: date) -> None:
    make_by = _make_by(1, choices)
    if make_by < today <= choices.starts_on:
        message = f"The first container would have to be made by {said(make_by)}, before today. Choose a later first dose or fewer lead days."
        raise Invalid("lead-days", message, fields={"lead_days": (message,)})


def _refuse_not_low(steps: Sequence[Step], policy: Policy) -> None:
    for number, step in enumerate(steps, start=1):
        if step.daily >= policy.dose_not_low:
            message = f"Step {number} is {step.daily} a day: {policy.dose_not_low} or more is not a low dose and is not made here. Check the decimal point."
            raise Unsafe("dose-not-low", message, rule="R11")


def _refuse_unmeasurable(step: MeasuredStep, choices: Choices, policy: Policy) -> None:
    if step.reading is None:
        return
    device = choices.device.name if choices.device else ""
    where = f"Step {step.number}: {step.dose} is {step.reading.exact}, which {device}"
    if step.reading.measured.ml == 0:
        raise Unsafe("below-first-mark", f"{where} cannot measure: it lies below the first mark. Choose another device or strength.")
    if abs(step.reading.error) > policy.rounding_refuse:
        message = f"{where} reads as {step.reading.measured} ({percent(step.reading.error)}): more than {percent(policy.rounding_refuse)[1:]} off."
        raise Unsafe("rounding", f"{message} Choose another device or strength.")


def _fills(steps: Sequence[MeasuredStep], choices: Choices, policy: Policy, bench: Bench | None) -> tuple[FillPlan, ...]:
    """The course in containers. Where the stock of the bench expires too soon for the first, it is cut shorter rather than dated longer."""
    cap: date | None = None
    while True:
        spans = split(_daily(steps), _capacity(choices), lambda opens: _last_course_day(opens, choices, policy, cap))  # noqa: B023  (called before the next round)
        fills = tuple(_fill(number, span, steps, choices, policy) for number, span in enumerate(spans, start=1))
        if bench is None or fills[0].make_by > bench.made_on:
            return fills
        try:
            return (_prepared(fills[0], choices, bench), *fills[1:])
        except Shortage as shortage:
            if shortage.longest is None or shortage.longest >= fills[0].closes_on:
                raise
            cap = shortage.longest


def _daily(steps: Sequence[MeasuredStep]) -> tuple[Fraction, ...]:
    return tuple(amount for step in steps for amount in (step.daily_amount,) * step.days)


def _capacity(choices: Choices) -> Fraction | None:
    container = choices.container
    if choices.formula.capsules is not None:
        return None if container.capsules is None else Fraction(container.capsules)
    return None if container.volume is None else (container.volume - container.unusable - choices.overfill).ml


def _make_by(opens: int, choices: Choices) -> date:
    return choices.starts_on + timedelta(days=opens - 1 - choices.lead_days)


def _last_course_day(opens: int, choices: Choices, policy: Policy, cap: date | None) -> int:
    days, _ = shelf_days(choices.formula, choices.storage)
    until = last_day(_make_by(opens, choices), days, made_is_day_one=policy.made_is_day_one)
    if cap is not None and opens == 1:
        until = min(until, cap)
    return (until - choices.starts_on).days + 1


def _fill(number: int, span: Span, steps: Sequence[MeasuredStep], choices: Choices, policy: Policy) -> FillPlan:
    days, reason = shelf_days(choices.formula, choices.storage)
    make_by = _make_by(span.opens, choices)
    return FillPlan(
        number=number,
        opens=span.opens,
        closes=span.closes,
        make_by=make_by,
        opens_on=choices.starts_on + timedelta(days=span.opens - 1),
        closes_on=choices.starts_on + timedelta(days=span.closes - 1),
        until=last_day(make_by, days, made_is_day_one=policy.made_is_day_one),
        until_reason=reason,
        steps=tuple(_served(step, span) for step in steps if step.first_day <= span.closes and step.last_day >= span.opens),
        amounts=_amounts(span, steps, choices),
    )


def _served(step: MeasuredStep, span: Span) -> FillStep:
    return FillStep(step.number, max(step.first_day, span.opens), min(step.last_day, span.closes))


def _amounts(span: Span, steps: Sequence[MeasuredStep], choices: Choices) -> Amounts:
    used = sum(_daily(steps)[span.opens - 1 : span.closes], Fraction(0))
    if choices.formula.capsules is not None:
        return capsule_amounts(choices.formula, used.numerator, overage=choices.overage, container=choices.container)
    dispensed = Volume(used) + choices.overfill + choices.container.unusable
    return liquid_amounts(choices.formula, Volume(used), dispensed, method=choices.method, container=choices.container)


def _prepared(fill: FillPlan, choices: Choices, bench: Bench) -> FillPlan:
    bench = replace(bench, through=fill.closes_on)
    made = prepare(choices.formula, fill.amounts, packed=(Packed(choices.container),), storage=choices.storage, bench=bench)
    return replace(fill, preparation=made, until=made.beyond_use.until, until_reason=made.beyond_use.decided_by.source)
