"""What the phrases of directions say together: steps that follow each other, or a doubt that names the words.

Nothing is guessed silently: two doses in one part, a step without a duration before another, or a frequency that is told nowhere is a doubt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from compounding.domain.directions.phrases import Begins, Break, Days, Each, Pieces, Reader, Said, Weight
from compounding.domain.directions.tokens import Doubt, tokens
from compounding.domain.directions.words import Frequency, Word
from compounding.domain.period import Period
from compounding.domain.prescription import Moment, Route, Unit
from compounding.domain.quantity import Concentration, Mass, Volume

_T = TypeVar("_T")
_MOST_STEPS = 60  # as many as an order may have
_TOO_MUCH = Mass.of_mg(1000)  # no dose; also the last number that is said in words
_DOSES = (Weight, Pieces, Volume)


@dataclass(frozen=True, slots=True)
class Strengths:
    """What the order says beside the text: mg/mL of a liquid, mg of a capsule."""

    liquid: Concentration | None = None
    capsule: Mass | None = None


@dataclass(frozen=True, slots=True)
class ReadStep:
    """One step as the text tells it. No `moments`: the text tells only how often. No `days`: it tells no end, which only a last step may."""

    dose: Mass
    unit: Unit
    times: int
    moments: tuple[Moment, ...] = ()
    days: int | None = None
    dates: Period | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Directions that were read to the last word."""

    steps: tuple[ReadStep, ...]
    route: Route | None

    @property
    def total(self) -> Mass | None:
        """The mass of the whole course; None while its last step has no end."""
        parts = [step.dose * (step.times * step.days) for step in self.steps if step.days is not None]
        return sum(parts, Mass.of_mg(0)) if len(parts) == len(self.steps) else None

    @property
    def days(self) -> int | None:
        """The length of the course; None while its last step has no end."""
        return None if self.steps[-1].days is None else sum(step.days or 0 for step in self.steps)


@dataclass(frozen=True, slots=True)
class Unread:
    """Directions that could not be read, or only in part: why, and whether they contradict themselves."""

    why: str
    contradicts: bool


@dataclass(frozen=True, slots=True)
class _Part:
    said: tuple[Said, ...]
    after: Break

    def all(self, kind: type | tuple[type, ...]) -> list[Said]:
        return [item for item in self.said if isinstance(item, kind)]

    @property
    def doses(self) -> bool:
        return bool(self.all(_DOSES))


def decode(text: str, strengths: Strengths, *, near: date) -> Reading | Unread:
    """The steps that `text` tells, or why they are not sure. A date without a year is the one nearest to `near`."""
    try:
        said = Reader(tokens(text), near).read()
        return _reading(said, strengths)
    except Doubt as doubt:
        return Unread(str(doubt), doubt.contradicts)


def _reading(said: Sequence[Said], strengths: Strengths) -> Reading:
    strengths = _told_strengths(said, strengths)
    parts = _joined(_parts([item for item in said if not isinstance(item, (Concentration, Each))]))
    steps: list[ReadStep] = []
    for part in parts:
        if steps and steps[-1].days is None and not part.all(Word):
            raise Doubt(str(_dose_of(part, strengths)[0]), "How long the step before it lasts is not told.")
        steps += _steps(part, steps, strengths)
    if not steps:
        raise Doubt("directions", "They tell no dose that can be read.")
    if any(step.days is None for step in steps[:-1]) or len(steps) > _MOST_STEPS:
        raise Doubt("directions", "How long each step lasts is not told.")
    _refuse_gaps(steps)
    return Reading(tuple(steps), _one([item for item in said if isinstance(item, Route)], "route"))


def _told_strengths(said: Iterable[Said], known: Strengths) -> Strengths:
    liquid = _one(
        [*filter(None, [known.liquid]), *(item for item in said if isinstance(item, Concentration))], "strength", contradicts=known.liquid is not None
    )
    each = [item.mass for item in said if isinstance(item, Each)] + [item.each for item in said if isinstance(item, Pieces) and item.each and known.capsule]
    return Strengths(liquid, _one([*filter(None, [known.capsule]), *each], "strength of a capsule", contradicts=known.capsule is not None))


def _parts(said: Sequence[Said]) -> list[_Part]:
    """What stands between two breaks; `after` is the strongest break before it."""
    parts: list[_Part] = []
    items: list[Said] = []
    after = Break.SENTENCE
    for item in [*said, Break.SENTENCE]:
        if not isinstance(item, Break):
            items.append(item)
            continue
        if items:
            parts.append(_Part(tuple(items), after))
            items, after = [], item
        after = max(after, item, key=lambda one: one.value)
    return parts


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    """A part without a dose belongs to the one before its comma; what might belong to either side is a doubt."""
    joined: list[_Part] = []
    for number, part in enumerate(parts):
        if part.doses:
            joined.append(part)
            continue
        following = parts[number + 1] if number + 1 < len(parts) else None
        by_comma = following is not None and following.after is Break.COMMA
        if not joined or part.after is not Break.COMMA or (by_comma and following is not None and following.doses):
            raise Doubt("directions", "To which dose a part of them belongs is unsure: tell each step with dose, frequency and days, and write then between.")
        joined[-1] = replace(joined[-1], said=joined[-1].said + part.said)
    return joined


def _steps(part: _Part, before: list[ReadStep], strengths: Strengths) -> list[ReadStep]:
    changes = [item for item in part.all(Word) if item in {Word.RAISE, Word.LOWER}]
    if Word.BY in part.said:
        return _climb(part, before)
    if Word.TO in part.said and not changes:
        raise Doubt("to", "This is a range, and which of its ends is meant is unsure: ask for one dose.")
    if any(isinstance(item, Days) and item.every for item in part.said):
        raise Doubt("every", "Only doses that are taken every day can be read.")
    mass, unit = _dose_of(part, strengths)
    _refuse_wrong_way(changes, mass, before)
    times, moments = _frequency(part, before, str(mass))
    days, dates = _length(part)
    step = ReadStep(mass, unit, times, moments, days, dates)
    if before and part.after is not Break.THEN and not changes and not dates and (step.times, step.moments) != (before[-1].times, before[-1].moments):
        raise Doubt(str(mass), 'Whether this comes beside the dose before it or after it is unsure: write "then" between.')
    return [step]


def _climb(part: _Part, before: list[ReadStep]) -> list[ReadStep]:
    """The steps of "increase by 0.5 mg every 2 weeks up to 4.5 mg", and the days of the one before it where it has none."""
    weights = [item for item in part.said if isinstance(item, Weight)]
    every = [item.number for item in part.said if isinstance(item, Days) and item.every]
    shape = [item for item in part.said if isinstance(item, Word)]
    whole = len(weights) == 2 and len(every) == 1 and len(part.said) == 6
    if not before or not whole or shape not in ([Word.RAISE, Word.BY, Word.TO], [Word.LOWER, Word.BY, Word.TO]):
        raise Doubt("by", "Write it as: increase by 0.5 mg every 2 weeks up to 4.5 mg.")
    by, limit, last = weights[0].mass, weights[1].mass, before[-1]
    distance = limit - last.dose if shape[0] is Word.RAISE else last.dose - limit
    if by.mg <= 0 or distance.mg <= 0 or (distance / by).denominator != 1 or distance / by > _MOST_STEPS:
        raise Doubt(f"by {by} to {limit}", f"Steps of {by} from {last.dose} do not end at {limit}.", contradicts=True)
    number = (distance / by).numerator
    sign = 1 if shape[0] is Word.RAISE else -1
    before[-1] = replace(last, days=last.days or every[0])
    climbing = [ReadStep(last.dose + by * (sign * one), weights[0].unit, last.times, last.moments, every[0]) for one in range(1, number + 1)]
    return [*climbing[:-1], replace(climbing[-1], days=None)]


def _dose_of(part: _Part, strengths: Strengths) -> tuple[Mass, Unit]:
    weights = [item for item in part.said if isinstance(item, Weight)]
    pieces = [item for item in part.said if isinstance(item, Pieces)]
    masses = [item.mass for item in weights]
    masses += [_of_capsules(item, strengths, masses) for item in pieces]
    masses += [_of_volume(item, strengths) for item in part.said if isinstance(item, Volume)]
    _one([item.mass for item in weights], "dose in one part", contradicts=False)  # perhaps morning and evening: not read, and no contradiction
    dose = _one(masses, "dose of one part")
    if dose is None or not Mass.of_mg(0) < dose < _TOO_MUCH:
        raise Doubt(str(dose), "This is no dose.")
    return dose, weights[0].unit if weights else Unit.MG


def _of_capsules(item: Pieces, strengths: Strengths, told: Sequence[Mass]) -> Mass:
    each = item.each or strengths.capsule or (told[0] if told and item.number == 1 else None)
    if each is None:
        raise Doubt(f"{item.number} capsules", "What a capsule holds is not told: write the dose in mg.")
    return each * item.number


def _of_volume(item: Volume, strengths: Strengths) -> Mass:
    if strengths.liquid is None:
        raise Doubt(str(item), "How strong the liquid is, is not told: write the dose in mg.")
    return item * strengths.liquid


def _refuse_wrong_way(changes: Sequence[Said], mass: Mass, before: Sequence[ReadStep]) -> None:
    for change in changes:
        if not before or (mass <= before[-1].dose if change is Word.RAISE else mass >= before[-1].dose):
            raise Doubt(str(mass), "This is called an increase or a decrease, and is none.", contradicts=bool(before))


def _frequency(part: _Part, before: Sequence[ReadStep], dose: str) -> tuple[int, tuple[Moment, ...]]:
    times = _one([item.times for item in part.said if isinstance(item, Frequency)], "number of doses a day")
    moments = tuple(moment for moment in Moment if moment in part.said)
    if times is None and not moments:
        if before and before[-1].times == 1:
            return 1, before[-1].moments
        raise Doubt(dose, "How often a day it is taken is not told.")
    if times is not None and moments and times != len(moments):
        raise Doubt(f"{times} a day, {' and '.join(moments)}", "These do not agree.", contradicts=True)
    return times or len(moments), moments


def _length(part: _Part) -> tuple[int | None, Period | None]:
    days = _one([item.number for item in part.said if isinstance(item, Days)], "number of days")
    dates = _one([item for item in part.said if isinstance(item, Period)], "period")
    begins = _one([item.day for item in part.said if isinstance(item, Begins)], "first day")
    if dates is None and begins is not None and days is not None:
        dates = Period(begins, begins + timedelta(days - 1))
    if dates is not None and (days or dates.days) != dates.days:
        raise Doubt(str(dates), f"This is {dates.days} days, and the text says {days}.", contradicts=True)
    if begins is not None and (dates is None or dates.first != begins):
        raise Doubt(str(begins), "A first day needs a last day, or a number of days.")
    return (dates.days if dates else days), dates


def _refuse_gaps(steps: Sequence[ReadStep]) -> None:
    for one, following in pairwise(steps):
        if one.dates and following.dates and (following.dates.first - one.dates.last).days != 1:
            raise Doubt(f"{one.dates}, {following.dates}", "These do not follow each other day by day.", contradicts=True)
        if bool(one.dates) != bool(following.dates) and following.days is not None:
            raise Doubt(str(one.dates or following.dates), "Write dates to every step, or to none.")


def _one(told: Sequence[_T], what: str, *, contradicts: bool = True) -> _T | None:
    different = list(dict.fromkeys(told))
    if len(different) > 1:
        raise Doubt(" and ".join(map(str, different)), f"The text and the order tell more than one {what}.", contradicts=contradicts)
    return different[0] if different else None
