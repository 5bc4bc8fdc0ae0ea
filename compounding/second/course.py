"""The course as the patient lives it: each day's doses in whole marks of the device, each container used up day by day."""

from collections.abc import Iterator
from dataclasses import dataclass

from compounding.second.reading import Paper


@dataclass(frozen=True, slots=True)
class Mark:
    """What one mark, drop or capsule takes: `parts` fine units of a mL (or of one capsule), shared by `share` of them."""

    parts: int
    share: int


@dataclass(frozen=True, slots=True)
class Dose:
    """A step as it is really taken: `marks` at each of `moments`, for `days` days."""

    step: int
    wanted: int
    marks: int
    moments: tuple[str, ...]
    days: int

    @property
    def times(self) -> int:
        """How many doses a day."""
        return len(self.moments)


@dataclass(frozen=True, slots=True)
class Emptied:
    """A container in the patient's hands: opened and last used on these course days, `marks` taken out of it."""

    opens: int
    closes: int
    marks: int


def mark_of(choices: Paper) -> Mark:
    """The smallest thing that the patient can take: a mark of the syringe, a drop as it was calibrated, or one capsule."""
    if choices.paper("formula").has("capsules"):
        return Mark(choices.fine, 1)
    device = choices.paper("device")
    if "counts" not in device.content:
        return Mark(device.parts("graduation"), 1)
    counts = device.papers("counts")
    return Mark(sum(count.parts("volume") for count in counts), sum(count.whole("drops") for count in counts))


def strength_of(formula: Paper) -> int:
    """Fine units of a mg in one mL, or in one capsule."""
    kind = "capsules" if formula.has("capsules") else "liquid"
    return formula.paper(kind).parts("strength")


def doses_of(order: Paper, choices: Paper) -> list[Dose]:
    """Every step on the nearest mark, half up, by counting marks until the next would be too far."""
    mark, strength = mark_of(choices), strength_of(choices.paper("formula"))
    doses = []
    for number, step in enumerate(order.papers("steps"), start=1):
        wanted = step.parts("dose")
        marks = 0
        while (2 * marks + 1) * mark.parts * strength <= 2 * wanted * mark.share * order.fine:
            marks += 1
        doses.append(Dose(number, wanted, marks, tuple(step.texts("moments")), step.whole("days")))
    return doses


def empty_day_by_day(doses: list[Dose], *, room: int | None, mark: Mark, good_for: int, first_closes: int | None) -> list[Emptied]:
    """Live through the course: a new container whenever the open one is past its date or cannot give the whole day.

    `room` is what a container gives out, in fine units, None without bound. `good_for` counts course days from the opening.
    `first_closes` ends the first container early, where its lots expire sooner. Stops where a container cannot give a single day.
    """
    days = [dose.marks * dose.times for dose in doses for _ in range(dose.days)]
    containers = []
    day = 1
    while day <= len(days):
        opens, taken = day, 0
        while day <= len(days) and day - opens < good_for:
            if room is not None and (taken + days[day - 1]) * mark.parts > room * mark.share:
                break
            if opens == 1 and first_closes is not None and day > first_closes:
                break
            taken += days[day - 1]
            day += 1
        if day == opens:
            break
        containers.append(Emptied(opens, day - 1, taken))
    return containers


def served(doses: list[Dose], container: Emptied) -> list[tuple[int, int, int]]:
    """Which steps a container serves: number, first and last course day of each."""
    by_day = [dose.step for dose in doses for _ in range(dose.days)]
    found: dict[int, tuple[int, int]] = {}
    for day in range(container.opens, container.closes + 1):
        step = by_day[day - 1]
        first, _ = found.get(step, (day, day))
        found[step] = (first, day)
    return [(step, first, last) for step, (first, last) in found.items()]


def step_differences(plan: Paper, choices: Paper, doses: list[Dose], *, refuse: int, warn: int) -> Iterator[str]:
    """Compare each measured step of the plan; `refuse` and `warn` are the policy's bounds on the rounding, in fine units."""
    written = plan.papers("steps")
    if len(written) != len(doses):
        yield f"{len(written)} steps in the plan, {len(doses)} in the order."
        return
    warned = {notice.text("code") for notice in plan.papers("notices") if notice.yes("warning")}
    first_day = 1
    for dose, step in zip(doses, written, strict=True):
        where = f"Step {dose.step}"
        facts = (step.whole("number"), step.whole("first_day"), step.whole("days"), step.parts("dose"), tuple(step.texts("moments")))
        if facts != (dose.step, first_day, dose.days, dose.wanted, dose.moments):
            yield f"{where}: number, days, dose or times of day are not those of the order."
        for sentence in _measured(step, choices, dose):
            yield f"{where}: {sentence}"
        off = _off(dose, choices)
        if off * choices.fine > refuse * dose.wanted * mark_of(choices).share * choices.fine or dose.marks == 0:
            yield f"{where}: the dose on the mark is further from the prescribed one than the policy lets pass."
        if off * choices.fine > warn * dose.wanted * mark_of(choices).share * choices.fine and f"rounding_{dose.step}" not in warned:
            yield f"{where}: the rounding is large and the plan does not warn of it."
        first_day += dose.days


def _off(dose: Dose, choices: Paper) -> int:
    """How far the mark is from the dose: mg in fine units, times the fine unit and the mark's share."""
    mark = mark_of(choices)
    held = dose.marks * mark.parts * strength_of(choices.paper("formula"))
    return abs(held - dose.wanted * mark.share * choices.fine)


def _measured(step: Paper, choices: Paper, dose: Dose) -> Iterator[str]:
    mark, strength = mark_of(choices), strength_of(choices.paper("formula"))
    if step.parts("taken") * step.fine * mark.share != dose.marks * mark.parts * strength:
        yield "what a dose really holds is not what is measured times the strength."
    if not choices.paper("formula").has("capsules"):
        yield from _read_off(step, choices, dose)
    elif step.has("reading") or step.whole("capsules") != dose.marks or dose.marks * strength != dose.wanted:
        yield f"not {dose.marks} whole capsules that hold the dose exactly."


def _read_off(step: Paper, choices: Paper, dose: Dose) -> Iterator[str]:
    """The reading of a syringe or dropper: exact, on the mark, in the fewest draws."""
    if step.has("capsules"):
        yield "a liquid is not taken as capsules."
    reading, device, mark = step.paper("reading"), choices.paper("device"), mark_of(choices)
    measured, draws = reading.parts("measured"), reading.whole("draws")
    if reading.parts("exact") * strength_of(choices.paper("formula")) != dose.wanted * step.fine:
        yield "the exact volume times the strength is not the dose."
    if measured * mark.share != dose.marks * mark.parts:
        yield f"the measured volume is not {dose.marks} marks of the device."
    if "counts" in device.content:
        if (draws, reading.content["drops"]) != (1, dose.marks):
            yield f"not {dose.marks} drops at once."
    elif not (draws - 1) * device.parts("capacity") < max(measured, 1) <= draws * device.parts("capacity"):
        yield f"{draws} is not the least number of draws."
    elif reading.has("drops"):
        yield "a syringe counts no drops."
