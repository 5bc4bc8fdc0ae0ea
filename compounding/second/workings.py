"""The reasons: each number that a page explains is the number that the plan holds."""

from collections.abc import Iterator

from compounding.second.course import strength_of
from compounding.second.reading import Paper
from compounding.second.source import stock_of

_MILLION = 1_000_000  # nanograms in a milligram, nanolitres in a millilitre
_Explained = tuple[str, int, int, str]  # key, the plan's number, how many times the explained one it is, unit


def working_differences(plan: Paper, formula: Paper, policy: Paper) -> Iterator[str]:
    """Compare every working with its number, and ask for those that are missing."""
    written = {working.text("key"): working for working in plan.papers("workings")}
    for key, number, times, unit in _expected(plan, formula, policy):
        working = written.pop(key, None)
        if working is None:
            yield f"Nothing explains {key}."
        elif (working.parts("exact") * times, working.text("unit")) != (number, unit):
            yield f"What explains {key} ends in another number or unit than the plan's."
    for key in written:
        yield f"{key} explains nothing of this plan."


def _expected(plan: Paper, formula: Paper, policy: Paper) -> Iterator[_Explained]:
    stock = stock_of(formula)
    yield "course.total", plan.parts("prescribed"), 1, "mg"
    unit = "mL"
    for step in plan.papers("steps"):
        key = f"step.{step.whole('number')}.amount"
        if step.has("reading"):
            yield key, step.paper("reading").parts("exact"), 1, unit
        else:
            unit = "capsules"
            yield key, step.whole("capsules") * plan.fine, 1, unit
    for fill in plan.papers("fills"):
        key, amounts = f"fill.{fill.whole('number')}", fill.paper("amounts")
        for name, measured_in in (("used", unit), ("made", unit), ("active", "mg"), ("left", "mg")):
            yield f"{key}.{name}", amounts.parts(name), 1, measured_in
        if stock is None:
            yield f"{key}.tablets", amounts.parts("active"), 50, "tablets"
        else:  # drawn x (100 x strength / share of 100 mL) is what goes in
            yield f"{key}.drawn", amounts.parts("active") * stock.parts("volume_in_100_ml"), 100 * strength_of(formula), unit
        if unit == "capsules":
            yield f"{key}.rounds", _rounds(amounts.parts("made"), policy) * plan.fine, 1, "rounds"
        if fill.has("preparation"):
            yield from _of_the_batch(fill.paper("preparation"), key)


def _rounds(made: int, policy: Paper) -> int:
    """The fewest fillings of one of the house's machines: one more after the other, until what is made has a hole."""
    rounds, machines = 1, policy.numbers("capsule_machines")
    while all(rounds * holes * policy.fine < made for holes in machines):
        rounds += 1
    return rounds


def _of_the_batch(preparation: Paper, key: str) -> Iterator[_Explained]:
    large = {"ng": "mg", "nL": "mL"}
    for line in preparation.papers("lines"):
        unit = line.text("unit")
        yield f"{key}.line.{line.whole('number')}", line.parts("exact"), _MILLION if unit in large else 1, large.get(unit, unit)
    if preparation.has("weight"):
        yield f"{key}.filler", preparation.paper("weight").parts("filler"), 1, "mg"
