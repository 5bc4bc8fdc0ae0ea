"""A plan as a picture: dose over days, with the day on which each container is opened and the last day that it is good."""

from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.plan import FillPlan, Plan
from compounding.domain.quantity import Mass
from compounding.domain.wording import said

LEFT, TOP, WIDTH, HEIGHT = 48, 22, 560, 150  # pixels of the picture inside its axes
BAR, ROW = 12, 36  # pixels of a container's bar, and from one to the next with the words above it
_WORD, _NUMBER, _WORDS = 52, 30, 330  # pixels that a dose, a day and a container's words take


@dataclass(frozen=True, slots=True)
class Block:
    """A titration step: its rectangle and its words, which are `shown` above it where there is room; they are centred over `words_at`, or end there."""

    x: int
    y: int
    width: int
    height: int
    text: str
    words_at: int
    ends: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A container from its first to its last dose; `good` is how far its beyond-use date reaches, within the course.

    Its words stand above it, from `words_at` on, or up to it where `ends` is True.
    """

    x: int
    y: int
    width: int
    good: int
    text: str
    words_at: int
    ends: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in whole pixels."""

    blocks: tuple[Block, ...]
    bars: tuple[Bar, ...]
    days: tuple[tuple[int, str], ...]
    words: str
    left: int = LEFT
    right: int = LEFT + WIDTH
    ground: int = TOP + HEIGHT
    height: int = TOP + HEIGHT + 40


def picture_of(plan: Plan) -> Picture:
    """The picture of `plan`."""
    blocks, bars = _blocks(plan), tuple(_bar(fill, plan) for fill in plan.fills)
    words = "; ".join(f"{block.text} a day" for block in blocks) + "; " + "; ".join(bar.text for bar in bars)
    opened = ((_across(fill.opens - 1, plan.days), str(fill.opens)) for fill in plan.fills)
    return Picture(blocks, bars, _apart(tuple(opened)), words, height=TOP + HEIGHT + 30 + len(bars) * ROW)


def _blocks(plan: Plan) -> tuple[Block, ...]:
    """The words of a narrow step end with it: over a climb, what lies to the left is lower."""
    highest = max(step.dose.mg * len(step.moments) for step in plan.steps)
    found: list[Block] = []
    free = -_WORD  # where the last words end
    for step in plan.steps:
        daily = Mass(step.dose.mg * len(step.moments))
        height = max(1, _pixels(daily.mg * HEIGHT, highest))  # a very small dose is still seen
        left, right = _across(step.first_day - 1, plan.days), _across(step.last_day, plan.days)
        ends = right - left < _WORD
        words_at = right if ends else (left + right) // 2
        begin = words_at - (_WORD if ends else _WORD // 2)
        found.append(Block(left, TOP + HEIGHT - height, right - left, height, str(daily), words_at, ends, begin >= free))
        free = begin + _WORD if begin >= free else free
    return tuple(found)


def _bar(fill: FillPlan, plan: Plan) -> Bar:
    left, right = _across(fill.opens - 1, plan.days), _across(fill.closes, plan.days)
    reach = min((fill.until - plan.starts_on).days + 1, plan.days)
    y = TOP + HEIGHT + 42 + (fill.number - 1) * ROW
    words = f"{fill.number}: opened {said(fill.opens_on)}, good through {said(fill.until)}"
    ends = left + _WORDS > LEFT + WIDTH
    return Bar(left, y, right - left, _across(reach, plan.days) - left, words, LEFT + WIDTH if ends else left, ends)


def _apart(days: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
    """The days without words where they would touch the ones before."""
    found: list[tuple[int, str]] = []
    free = 0
    for x, text in days:
        found.append((x, text if x >= free else ""))
        free = x + _NUMBER if x >= free else free
    return tuple(found)


def _across(day: int, days: int) -> int:
    return LEFT + _pixels(Fraction(day * WIDTH), Fraction(days))


def _pixels(part: Fraction, whole: Fraction) -> int:
    return int(part / whole)
