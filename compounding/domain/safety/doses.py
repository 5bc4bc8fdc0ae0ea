"""Rules R7 to R12, R21 and R28: how much a day, how fast it rises, and the slips of a decimal point.

The bands are per day. R8 is the band that is accepted without a finding: 0.1 to 4.5 mg, both included.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from compounding.domain.policy import Policy
from compounding.domain.prescription import Order, Step, Unit
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.safety.facts import LastFill, OrderFacts, PlanFacts
from compounding.domain.safety.finding import Action, Concern
from compounding.domain.safety.wording import listed

_TEN = 10  # a slip of one place
NumberedStep = tuple[int, Step]


def microgram_dose(facts: OrderFacts) -> Iterator[Concern]:
    """R7: a dose below 0.1 mg a day."""
    small = tuple((number, step) for number, step in _numbered(facts.order) if step.daily < facts.policy.dose_low)
    in_micrograms = tuple(item for item in small if item[1].unit is Unit.MCG)
    in_milligrams = tuple(item for item in small if item[1].unit is Unit.MG)
    if in_micrograms and not facts.policy.microgram_path:
        written = decimal_text(in_micrograms[0][1].dose.mg * 1000)
        sentence = (
            f"{_which(in_micrograms)}: microgram doses are not made here. If {written} mg was meant, the unit is wrong: ask the prescriber for a new order."
        )
        yield Concern(Action.STOP, sentence, _facts(in_micrograms))
    if in_milligrams:
        sentence = f"{_which(in_milligrams)}, less than {facts.policy.dose_low}: a decimal point may have slipped. Ask the prescriber which dose is meant."
        yield Concern(Action.BLOCK, sentence, _facts(in_milligrams))


def above_usual(facts: OrderFacts) -> Iterator[Concern]:
    """R9: more than 4.5 and up to 10 mg a day, blocked as the first dose of a patient who is new to naltrexone."""
    policy = facts.policy
    over = tuple(item for item in _numbered(facts.order) if policy.dose_usual < item[1].daily <= policy.dose_high)
    first = tuple(item for item in over if item[0] == 1 and starts_anew(facts))
    rest = tuple(item for item in over if item not in first)
    if first:
        sentence = f"{_which(first)} as the first dose of a new patient, who starts at {policy.naive_start} or less. Ask the prescriber which dose is meant."
        yield Concern(Action.BLOCK, sentence, _facts(first))
    if rest:
        sentence = f"{_which(rest)}, more than the usual {policy.dose_usual}. Write why this dose is right into the reason."
        yield Concern(Action.WARN, sentence, _facts(rest))


def slip_band(facts: OrderFacts) -> Iterator[Concern]:
    """R10: more than 10 and less than 25 mg a day, where the tenfold slips of 1.25, 1.5 and 2 mg lie."""
    over = tuple(item for item in _numbered(facts.order) if facts.policy.dose_high < item[1].daily < facts.policy.dose_not_low)
    if over:
        meant = over[0][1].daily / _TEN
        sentence = f"{_which(over)}, more than {facts.policy.dose_high}: {meant} may have been meant. Ask the prescriber which dose is meant."
        yield Concern(Action.BLOCK, sentence, _facts(over))


def not_low(facts: OrderFacts) -> Iterator[Concern]:
    """R11: 25 mg a day and more."""
    over = tuple(item for item in _numbered(facts.order) if item[1].daily >= facts.policy.dose_not_low)
    if over:
        tenth = over[0][1].daily / _TEN
        meant = f"{tenth} may have been meant. " if tenth <= facts.policy.dose_high else ""
        sentence = f"{_which(over)}: {facts.policy.dose_not_low} or more is not a low dose and is not made here. {meant}Ask the prescriber for a new order."
        yield Concern(Action.STOP, sentence, _facts(over))


def climb(facts: OrderFacts) -> Iterator[Concern]:
    """R12: a high start, a large increase, an increase after too few days."""
    policy, steps = facts.policy, facts.order.steps
    if steps and starts_anew(facts) and steps[0].daily > policy.naive_start:
        sentence = f"A new patient would start at {steps[0].daily} a day; the usual start is {policy.naive_start} or less. Write why into the reason."
        yield Concern(Action.WARN, sentence, ("start", steps[0].daily))
    for before, after, where, days in _rises(facts):
        if after - before > policy.largest_increase:
            sentence = f"{where} rises from {before} to {after} a day, by more than {policy.largest_increase}. Write why into the reason."
            yield Concern(Action.WARN, sentence, ("increase", before, after))
        if days is not None and days < policy.days_before_increase:
            sentence = f"{where} rises after only {days} days at {before} a day; the least is {policy.days_before_increase}. Write why into the reason."
            yield Concern(Action.WARN, sentence, ("days", before, after, days))


def too_often(facts: OrderFacts) -> Iterator[Concern]:
    """R28: more than two doses a day."""
    over = tuple(item for item in _numbered(facts.order) if item[1].times_per_day > facts.policy.doses_a_day)
    if over:
        number, step = over[0]
        sentence = f"Step {number} is taken {step.times_per_day} times a day, more than {facts.policy.doses_a_day}. Ask the prescriber which is meant."
        yield Concern(Action.BLOCK, sentence, tuple(step.times_per_day for _, step in over))


def jumps_ordered(facts: OrderFacts) -> Iterator[Concern]:
    """R21 on the order."""
    yield from _jumps(facts.order, facts.history.last_fill, facts.policy, today=facts.today)


def jumps_planned(facts: PlanFacts) -> Iterator[Concern]:
    """R21 on the plan, against the patient's last fill on that day."""
    yield from _jumps(facts.order, facts.last_fill, facts.policy, today=facts.today)


def last_known_day(order: Order, last_fill: LastFill | None) -> date | None:
    """The last day on which the patient is known to have had naltrexone: as told, or the end of the last fill, the later of the two."""
    return max((day for day in (order.therapy.last_taken, last_fill and last_fill.runs_out_on) if day), default=None)


def off_therapy(order: Order, last_fill: LastFill | None, policy: Policy, *, today: date) -> bool:
    """Whether more than two weeks lie since the last dose (rule R29): then the old dose is no measure any more."""
    day = last_known_day(order, last_fill)
    return day is not None and today - day > timedelta(policy.off_therapy_days)


def starts_anew(facts: OrderFacts) -> bool:
    """Whether the patient is new to naltrexone, or has been off it for so long that the rules for new patients apply (rule R29)."""
    off = off_therapy(facts.order, facts.history.last_fill, facts.policy, today=facts.today)
    return facts.order.therapy.naive or off


def _jumps(order: Order, last_fill: LastFill | None, policy: Policy, *, today: date) -> Iterator[Concern]:
    steps = order.steps
    taper = all(after.daily < before.daily for before, after in pairwise(steps))
    for number, (before, after) in enumerate(pairwise(steps), 2):
        if not (taper and after.daily * policy.taper_factor > before.daily):
            yield from _jump(before.daily, after.daily, f"Step {number}", before_is=f"step {number - 1}", policy=policy)
    if not steps or off_therapy(order, last_fill, policy, today=today):
        return
    if last_fill is not None and not last_fill.of_this_order:
        yield from _jump(last_fill.daily, steps[0].daily, "Step 1", before_is="the last fill", policy=policy)
    if order.therapy.present_dose is not None:
        yield from _jump(order.therapy.present_dose, steps[0].daily, "Step 1", before_is="the dose taken now", policy=policy)


def _jump(before: Mass, after: Mass, where: str, *, before_is: str, policy: Policy) -> Iterator[Concern]:
    factor = policy.slip_factor
    if after < before * factor and before < after * factor:
        return
    way = f"at least {factor} times" if after >= before * factor else f"at most 1/{factor} of"
    sentence = f"{where} is {after} a day, {way} {before_is} ({before}): a decimal point may have slipped. Ask the prescriber which dose is meant."
    yield Concern(Action.BLOCK, sentence, (where, before, after))


def _rises(facts: OrderFacts) -> Iterator[tuple[Mass, Mass, str, int | None]]:
    steps, present = facts.order.steps, facts.order.therapy.present_dose
    if steps and present is not None and steps[0].daily > present:
        yield present, steps[0].daily, "Step 1", None
    for number, (before, after) in enumerate(pairwise(steps), 2):
        if after.daily > before.daily:
            yield before.daily, after.daily, f"Step {number}", before.days


def _numbered(order: Order) -> tuple[NumberedStep, ...]:
    return tuple(enumerate(order.steps, 1))


def _which(items: tuple[NumberedStep, ...]) -> str:
    number, step = items[0]
    if len(items) == 1:
        return f"Step {number} is {step.daily} a day"
    numbers = listed([str(number) for number, _ in items])
    amounts = listed(list(dict.fromkeys(str(step.daily) for _, step in items)))
    return f"Steps {numbers} are {amounts} a day"


def _facts(items: tuple[NumberedStep, ...]) -> tuple[tuple[int, Mass, str], ...]:
    return tuple((number, step.daily, step.unit.value) for number, step in items)
