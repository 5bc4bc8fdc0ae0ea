"""A part of a container: its days walked one by one, what they take, and that the parts together are the whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compounding.second.amounts import amount_differences
from compounding.second.reading import Document, Paper, differ, on_one_desk, shown


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the parts are checked against."""

    plan: Paper
    whole: Paper
    formula: Paper


def check_parts(*, plan: Document, whole: Document, container: Document, parts: Sequence[Document], formula: Document) -> tuple[str, ...]:
    """Recompute the parts of a container of `plan`, which may be a part of the `whole` itself; a sentence for each difference, none when all agree.

    Every argument is the plain JSON of the value of that name, `parts` in the order in which they are taken.
    """
    fine = on_one_desk(plan, whole, container, parts, formula)
    desk = _Desk(Paper(plan, fine), Paper(whole, fine), Paper(formula, fine))
    return tuple(_differences(desk, Paper(container, fine), [Paper(item, fine) for item in parts]))


def _differences(desk: _Desk, container: Paper, parts: Sequence[Paper]) -> Iterator[str]:
    plan = desk.plan
    day, taken = container.whole("opens"), 0
    for number, item in enumerate(parts, start=1):
        yield from differ(f"First day of part {number}", item.whole("opens"), day)
        used, steps = 0, []
        while day <= item.whole("closes"):
            step, amount = _of_day(plan, day)
            used += amount
            steps.append(step)
            day += 1
        yield from differ(f"Taken in part {number}", shown(item.paper("amounts").parts("used"), plan.fine), shown(used, plan.fine))
        told = [served.whole("step") for served in item.papers("steps") for _ in range(served.whole("last_day") - served.whole("first_day") + 1)]
        yield from differ(f"Steps of part {number}", told, steps)
        yield from _made(desk, item.paper("amounts"))
        taken += used
    yield from differ("Last day of the parts", day - 1, container.whole("closes"))
    yield from differ("Taken in all parts", shown(taken, plan.fine), shown(container.paper("amounts").parts("used"), plan.fine))


def _of_day(plan: Paper, day: int) -> tuple[int, int]:
    """The step of a course day, and what that day takes in fine units."""
    for step in plan.papers("steps"):
        first = step.whole("first_day")
        if first <= day < first + step.whole("days"):
            once = step.whole("capsules") * plan.fine if step.has("capsules") else step.paper("reading").parts("measured")
            return step.whole("number"), once * len(step.texts("moments"))
    return 0, 0


def _made(desk: _Desk, amounts: Paper) -> Iterator[str]:
    """What it takes to make the part by itself, with as much beside it as the whole has."""
    plan, formula = desk.plan, desk.formula
    container, planned = plan.paper("container"), desk.whole.paper("amounts")
    if formula.has("capsules"):
        spare, overage = planned.parts("made") - planned.parts("dispensed"), 0
        while overage * plan.fine * planned.parts("used") < spare * amounts.parts("used"):
            overage += 1
        yield from amount_differences(amounts, formula, container, overfill=0, overage=overage)
        return
    beside = planned.parts("dispensed") - planned.parts("used") - container.parts("unusable")
    overfill = 0 if formula.paper("liquid").yes("made_in_container") else beside
    yield from amount_differences(amounts, formula, container, overfill=overfill, overage=0)
