"""How long a preparation may be used, counted on the fingers (USP <795> 10.2 to 10.5, official since 1 November 2023)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from compounding.second.reading import Paper, differ

_DAYS = {"aqueous, not preserved": 14, "aqueous, preserved": 35, "nonaqueous oral liquid": 90, "nonaqueous solid": 180}
_CEILING = 180  # days, for every extension


def class_of(formula: Paper) -> str:
    """The class of Table 4: "preserved" is believed only of a formula that names its preservative."""
    claimed = formula.text("beyond_use_class")
    preserved = formula.has("liquid") and formula.paper("liquid").has("preservative")
    return "aqueous, not preserved" if claimed == "aqueous, preserved" and not preserved else claimed


def good_days(formula: Paper, storage: str) -> int:
    """How many days the formula is good for at `storage`: a shorter study always decides, a longer one only where it may."""
    kind = class_of(formula)
    table = _DAYS[kind]
    shorter, longer = [], [table]
    for study in formula.papers("stability"):
        if study.text("storage") != storage:
            continue
        days = study.whole("days")
        if days < table:
            shorter.append(days)
        elif not study.has("stability_indicating") or not study.yes("stability_indicating"):
            continue  # a method that does not tell the drug from what it turns into extends nothing
        elif kind.startswith("nonaqueous") or (kind == "aqueous, preserved" and study.yes("antimicrobial_test")):
            longer.append(days)
    return min(shorter) if shorter else min(max(longer), _CEILING)


def storage_differences(formula: Paper, storage: str) -> Iterator[str]:
    """What cannot be kept there: a storage that the formula does not know, an unpreserved liquid outside the refrigerator."""
    if storage not in formula.texts("storages"):
        yield f"The formula is not kept at {storage}."
    if class_of(formula) == "aqueous, not preserved" and storage != "refrigerator":
        yield f"An aqueous preparation that is not preserved is kept in the refrigerator, not at {storage}."


def last_good_day(made_on: date, days: int, *, made_is_day_one: bool) -> date:
    """The last day of use, counted day by day from the day of making, which is Day 1 or Day 0."""
    day, counted = made_on, 1 if made_is_day_one else 0
    while counted < days:
        day += timedelta(days=1)
        counted += 1
    return day


def beyond_use_differences(written: Paper, by_class: date, expiries: Sequence[date], *, made_on: date) -> Iterator[str]:
    """Compare the beyond-use date of a batch with the earliest of what limits it: its class or study, and each lot in it."""
    yield from differ("Day of making", written.day("made_on"), made_on)
    untils = [candidate.day("until") for candidate in written.papers("candidates")]
    expected = sorted([by_class, *expiries])
    yield from differ("Beyond-use date", str(untils[0]) if untils else "none", str(expected[0]))
    yield from differ("What limits the beyond-use date", [str(day) for day in untils], [str(day) for day in expected])
