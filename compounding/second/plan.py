"""The whole course: doses on the marks, containers emptied day by day, dates, amounts, and the batch that is made now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from compounding.second.amounts import amount_differences
from compounding.second.batch import batch_differences, by
from compounding.second.course import Dose, Emptied, doses_of, empty_day_by_day, mark_of, served, step_differences, strength_of
from compounding.second.dates import good_days, last_good_day, storage_differences
from compounding.second.desk import Desk
from compounding.second.drops import drop_differences
from compounding.second.reading import Document, Paper, differ, on_one_desk, shown
from compounding.second.source import DRAWN, method_of, stock_of
from compounding.second.workings import working_differences


@dataclass(frozen=True, slots=True)
class _Room:
    """What the plan is checked against."""

    plan: Paper
    order: Paper
    choices: Paper
    policy: Paper
    lots: Sequence[Document]
    balances: Sequence[Document]
    today: date
    sketched: bool

    @property
    def formula(self) -> Paper:
        return self.choices.paper("formula")

    @property
    def capsules(self) -> bool:
        return self.formula.has("capsules")


def check(
    *,
    plan: Document,
    order: Document,
    choices: Document,
    lots: Sequence[Document],
    balances: Sequence[Document],
    policy: Document,
    today: str,
    sketched: bool = False,
) -> tuple[str, ...]:
    """Recompute a whole plan; a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the value of that name, `lots` as they stood when the plan was drawn on `today` (ISO 8601).
    Of `order` only the steps are read, and the drops that its supply counts. A plan that was only `sketched` draws up no batch on any day.
    """
    fine = on_one_desk(plan, order, choices, lots, balances, policy)
    room = _Room(
        Paper(plan, fine),
        Paper(order, fine),
        Paper(choices, fine),
        policy=Paper(policy, fine),
        lots=lots,
        balances=balances,
        today=date.fromisoformat(today),
        sketched=sketched,
    )
    return tuple(_differences(room))


def _differences(room: _Room) -> Iterator[str]:
    doses = doses_of(room.order, room.choices)
    yield from _header(room, doses)
    policy = room.policy
    yield from step_differences(room.plan, room.choices, doses, refuse=policy.parts("rounding_refuse"), warn=policy.parts("rounding_warn"))
    yield from drop_differences(room.plan, room.order, room.choices, doses, refuse=policy.parts("rounding_refuse"), warn=policy.parts("rounding_warn"))
    yield from storage_differences(room.formula, room.choices.text("storage"))
    containers = _containers(room, doses)
    fills = room.plan.papers("fills")
    spans = [(fill.whole("opens"), fill.whole("closes")) for fill in fills]
    counted = [(container.opens, container.closes) for container in containers]
    yield from differ("Course days of the fills", spans, counted)
    if spans == counted:
        for number, (fill, container) in enumerate(zip(fills, containers, strict=True), start=1):
            for sentence in _fill(room, doses, fill, container):
                yield f"Fill {number}: {sentence}"
            yield from differ("Number of the fill", fill.whole("number"), number)
    yield from _mass_of_the_course(room, doses, fills)
    yield from working_differences(room.plan, room.formula, room.policy)


def _header(room: _Room, doses: Sequence[Dose]) -> Iterator[str]:
    plan, choices, formula = room.plan, room.choices, room.formula
    yield from differ("Strength", plan.text("strength"), _strength_text(strength_of(formula), plan.fine, capsules=room.capsules))
    yield from differ("Formula", (plan.text("formula"), plan.whole("formula_version")), (formula.text("code"), formula.whole("version")))
    for key in ("storage", "container", "starts_on", "lead_days"):
        yield from differ(key, plan.content[key], choices.content[key])
    yield from differ("method", plan.text("method"), DRAWN if stock_of(formula) else choices.text("method"))
    device = choices.paper("device").text("name") if choices.has("device") else ""
    yield from differ("Device", plan.text("device"), device)
    yield from differ("Whether the day of making is Day 1", plan.yes("made_is_day_one"), room.policy.yes("made_is_day_one"))
    yield from differ("Version of the policy", plan.whole("policy_version"), room.policy.whole("version"))
    yield from differ("Days of the course", plan.whole("days"), sum(dose.days for dose in doses))


def _strength_text(strength: int, fine: int, *, capsules: bool) -> str:
    """The strength as a label says it: no zero at the end, micrograms below a tenth of a milligram."""
    if capsules and 10 * strength < fine:
        return f"{_decimal(1000 * strength, fine)} mcg"
    return f"{_decimal(strength, fine)} {'mg' if capsules else 'mg/mL'}"


def _decimal(parts: int, fine: int) -> str:
    """Written out digit by digit as in long division; a ratio where the division does not end within nine digits."""
    whole, rest = divmod(parts, fine)
    digits = ""
    while rest and len(digits) < 9:
        digit, rest = divmod(rest * 10, fine)
        digits += str(digit)
    return shown(parts, fine) if rest else f"{whole}.{digits}" if digits else str(whole)


def _containers(room: _Room, doses: list[Dose]) -> list[Emptied]:
    choices, plan = room.choices, room.plan
    container, lead = choices.paper("container"), choices.whole("lead_days")
    give: int | None = None
    if room.capsules and container.has("capsules"):
        give = container.whole("capsules") * choices.fine
    if not room.capsules and container.has("volume"):
        give = container.parts("volume") - container.parts("unusable") - choices.parts("overfill")
    good_for = good_days(room.formula, choices.text("storage")) - lead + (0 if room.policy.yes("made_is_day_one") else 1)
    first = next(iter(plan.papers("fills")), None)
    closes = None
    # The first container may be closed early, but only on the very day on which a lot of the stock expires.
    expiries = {Paper(lot, plan.fine).text("expires_on") for lot in room.lots}
    if first is not None and first.has("preparation") and first.text("closes_on") in expiries:
        closes = first.whole("closes")
    return empty_day_by_day(doses, room=give, mark=mark_of(choices), good_for=good_for, first_closes=closes)


def _fill(room: _Room, doses: list[Dose], fill: Paper, container: Emptied) -> Iterator[str]:
    choices, mark, fine = room.choices, mark_of(room.choices), room.plan.fine
    starts_on = choices.day("starts_on")
    make_by, opens_on, closes_on = (
        starts_on + timedelta(days=day - 1) for day in (container.opens - choices.whole("lead_days"), container.opens, container.closes)
    )
    for key, day in (("make_by", make_by), ("opens_on", opens_on), ("closes_on", closes_on)):
        yield from differ(key, str(fill.day(key)), str(day))
    steps = [(part.whole("step"), part.whole("first_day"), part.whole("last_day")) for part in fill.papers("steps")]
    yield from differ("steps served", steps, served(doses, container))
    amounts = fill.paper("amounts")
    if amounts.parts("used") * mark.share != container.marks * mark.parts:
        yield f"{shown(amounts.parts('used'), fine)} is not what {container.marks} marks take."
    yield from differ("method", amounts.text("method"), method_of(room.formula, choices.text("method")))
    box = choices.paper("container")
    yield from amount_differences(amounts, room.formula, box, overfill=choices.parts("overfill"), overage=choices.whole("overage"))
    if fill.day("until") < closes_on:
        yield f"it is used through {closes_on} and good only through {fill.day('until')}."
    yield from _making(room, fill, make_by, closes_on)


def _making(room: _Room, fill: Paper, make_by: date, closes_on: date) -> Iterator[str]:
    """The first container is made today when its day has come; every other one waits for its own day and its own lots."""
    choices, fine = room.choices, room.plan.fine
    now = fill.whole("opens") == 1 and make_by <= room.today and not room.sketched
    if now != fill.has("preparation"):
        yield "a batch is drawn up for a container whose day has not come, or is missing for one whose day it is."
    if not fill.has("preparation"):
        days = good_days(room.formula, choices.text("storage"))
        last = last_good_day(make_by, days, made_is_day_one=room.policy.yes("made_is_day_one"))
        yield from differ("beyond-use date", str(fill.day("until")), str(last))
        return
    if fill.day("opens_on") < room.today:
        yield "it would be opened before it is made."
    desk = Desk(
        formula=room.formula,
        containers={choices.paper("container").text("product"): 1},
        amounts=fill.paper("amounts"),
        lots=by(room.lots, "id", fine),
        balances=by(room.balances, "name", fine),
        policy=room.policy,
        made_on=room.today,
        through=closes_on,
    )
    preparation = fill.paper("preparation")
    yield from batch_differences(preparation, desk, choices.text("storage"))
    candidates = preparation.paper("beyond_use").papers("candidates")
    yield from differ("beyond-use date", fill.text("until"), min(candidate.text("until") for candidate in candidates))


def _mass_of_the_course(room: _Room, doses: Sequence[Dose], fills: Sequence[Paper]) -> Iterator[str]:
    """Prescribed and taken, and that all tablets together are what is taken and what is left."""
    plan, mark, fine, strength = room.plan, mark_of(room.choices), room.plan.fine, strength_of(room.formula)
    prescribed = sum(dose.wanted * dose.times * dose.days for dose in doses)
    yield from differ("Prescribed (mg)", shown(plan.parts("prescribed"), fine), shown(prescribed, fine))
    marks = sum(dose.marks * dose.times * dose.days for dose in doses)
    if plan.parts("taken") * mark.share * fine != marks * mark.parts * strength:
        yield f"{shown(plan.parts('taken'), fine)} mg are not what {marks} marks hold."
    tablets = sum(fill.paper("amounts").whole("tablets") for fill in fills)
    left = sum(fill.paper("amounts").parts("left") for fill in fills)
    if stock_of(room.formula):
        if plan.parts("taken") + left != sum(fill.paper("amounts").parts("active") for fill in fills):
            yield "What is drawn over the course is not what is taken and what is left."
    elif plan.parts("taken") + left != 50 * tablets * fine:
        yield f"{tablets} tablets of 50 mg are not what is taken and what is left over the course."
