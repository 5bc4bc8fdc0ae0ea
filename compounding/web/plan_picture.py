"""A plan as a picture: dose over days, with the day on which each container is opened and the last day that it is good."""

from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.plan import Plan
from compounding.domain.quantity import decimal_text

LEFT, TOP, WIDTH, HEIGHT = 48, 22, 560, 150  # pixels of the picture inside its axes
BAR = 12  # pixels of a container's bar


@dataclass(frozen=True, slots=True)
class Block:
    """A titration step: its rectangle and its words."""

    x: int
    y: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A container from its first to its last dose; `good` is how far its beyond-use date reaches."""

    x: int
    y: int
    width: int
    good: int
    text: str


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
    highest = max(step.dose.mg * len(step.moments) for step in plan.steps)
    blocks = []
    for step in plan.steps:
        daily = step.dose.mg * len(step.moments)
        height = _pixels(daily * HEIGHT, highest)
        left, right = _across(step.first_day - 1, plan.days), _across(step.last_day, plan.days)
        blocks.append(Block(left, TOP + HEIGHT - height, right - left, height, f"{decimal_text(daily)} mg"))
    bars = []
    for fill in plan.fills:
        left, right = _across(fill.opens - 1, plan.days), _across(fill.closes, plan.days)
        reach = min((fill.until - plan.starts_on).days + 1, plan.days)
        y = TOP + HEIGHT + 26 + (fill.number - 1) * (BAR + 6)
        bars.append(Bar(left, y, right - left, _across(reach, plan.days) - left, f"{fill.number}: days {fill.opens} to {fill.closes}"))
    words = "; ".join(f"{block.text} a day" for block in blocks) + f"; {len(bars)} containers"
    days = tuple((_across(fill.opens - 1, plan.days), str(fill.opens)) for fill in plan.fills)
    return Picture(tuple(blocks), tuple(bars), days, words, height=TOP + HEIGHT + 34 + len(bars) * (BAR + 6))


def _across(day: int, days: int) -> int:
    return LEFT + _pixels(Fraction(day * WIDTH), Fraction(days))


def _pixels(part: Fraction, whole: Fraction) -> int:
    return int(part / whole)
