"""The course as it was understood from the rows of the order form: words, dates, total, and a picture of dose over days."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from werkzeug.datastructures import MultiDict

from compounding.domain.errors import Invalid
from compounding.domain.prescription import Step
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.spoken import dose_in_words
from compounding.schemas.prescriptions import StepSchema
from compounding.schemas.refusals import read
from compounding.web.page import unflatten
from compounding.web.rows import rows_of

_STEP = StepSchema()
_LEFT, _TOP, _WIDTH, _HEIGHT = 44, 26, 424, 150  # pixels of the picture inside its axes
_MOST_MARKS = 7  # day numbers that fit under the picture without touching
_MARK = 36  # pixels that a day number needs
_MOST_LINES = 5  # horizontal lines


@dataclass(frozen=True, slots=True)
class Line:
    """One step as it was understood; an unfinished row has no step, and the dates after it are not known."""

    number: int
    step: Step | None
    understood: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Dose over days in whole pixels: the outline, its marks under the days and its lines at the doses."""

    outline: str
    area: str
    days: tuple[tuple[int, str], ...]
    doses: tuple[tuple[int, str], ...]
    left: int = _LEFT
    right: int = _LEFT + _WIDTH
    ground: int = _TOP + _HEIGHT


@dataclass(frozen=True, slots=True)
class Course:
    """What the rows say together. While a row is unfinished, `whole` is False, the sums are of the finished rows and nobody knows the last day."""

    lines: tuple[Line, ...]
    total: Mass
    days: int
    last: date | None
    whole: bool
    picture: Picture | None


def course(form: MultiDict[str, str], *, first: date) -> Course:
    """The course that the rows of `form` describe, if its first dose is taken on `first`."""
    steps = [_understood(_row(form, number)) for number in range(len(rows_of(form)))]
    finished = [step for step in steps if step]
    known = next((number for number, step in enumerate(steps) if not step), len(steps))
    starts = list(accumulate((step.days if step else 0 for step in steps), initial=1))
    lines = tuple(_line(number, step, first if number <= known else None, starts[number]) for number, step in enumerate(steps))
    days, whole = starts[-1] - 1, known == len(steps)
    last = first + timedelta(days=days - 1) if whole else None
    total = sum((step.total for step in finished), Mass.of_mg(0))
    return Course(lines, total, days, last, whole, picture(finished) if finished else None)


def picture(steps: list[Step]) -> Picture:
    """Dose over days of `steps`, which are not none."""
    days, top, unit = sum(step.days for step in steps), *_scale(max(step.daily.mg for step in steps))
    ends = list(accumulate((step.days for step in steps), initial=0))
    across = [_LEFT + _pixels(Fraction(end * _WIDTH, days)) for end in ends]
    heights = [_height(step.daily.mg, top) for step in steps]
    path = " ".join(f"V{height}H{right}" for height, right in zip(heights, across[1:], strict=True))
    ground = _TOP + _HEIGHT
    every = -(-len(steps) // _MOST_MARKS)
    marks = tuple((x, str(end + 1)) for x, end in list(zip(across[:-1], ends[:-1], strict=True))[::every])
    lines = tuple((_height(unit * number, top), decimal_text(unit * number)) for number in range(int(top / unit) + 1))
    marks += ((_LEFT + _WIDTH, str(days)),) if _LEFT + _WIDTH - marks[-1][0] > _MARK else ()
    return Picture(f"M{_LEFT} {heights[0]}{path[path.index('H') :]}", f"M{_LEFT} {ground}{path}V{ground}Z", marks, lines)


def _row(form: MultiDict[str, str], number: int) -> object:
    mine = f"steps.{number}."
    names = [(name.removeprefix(mine), text) for name, text in form.items(multi=True) if name.startswith(mine)]
    return unflatten(MultiDict(names))


def _understood(row: object) -> Step | None:
    try:
        step = read(_STEP, row)
    except Invalid:
        return None
    return step if isinstance(step, Step) else None


def _line(number: int, step: Step | None, first: date | None, day: int) -> Line:
    if step is None:
        return Line(number, None, "")
    begin = first + timedelta(days=day - 1) if first else None
    end = begin + timedelta(days=step.days - 1) if begin else None
    return Line(number, step, dose_in_words(step), begin, end)


def _scale(most: Fraction) -> tuple[Fraction, Fraction]:
    """The height of the picture in mg and the distance of its lines: 1, 2 or 5 of some decimal place, at most five lines."""
    place = Fraction(1, 1000)
    while True:
        for digit in (1, 2, 5):
            lines = -(-most // (place * digit))
            if lines <= _MOST_LINES:
                return place * digit * lines, place * digit
        place *= 10


def _height(mg: Fraction, top: Fraction) -> int:
    return _TOP + _HEIGHT - _pixels(mg * _HEIGHT / top)


def _pixels(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
