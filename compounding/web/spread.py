"""What was measured of a lot one by one, as a picture within its limits with the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.inventory import Lot, Weighing
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.uniformity import Spread
from compounding.domain.weighing import half_up, percent

_WIDTH, _ROW, _TOP, _MARGIN = 340, 14, 22, 20  # pixels: the width of the narrowest page; from weight to weight; above them; beside the limits


@dataclass(frozen=True, slots=True)
class Dot:
    """One weight: where it stands, what it is, and how far it lies from the mean."""

    x: int
    y: int
    shown: str
    error: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Single weights of one kind: their statistics as text, and the picture in whole pixels."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...]
    weighed: Weighing | None
    dots: tuple[Dot, ...]
    low: int
    mean: int
    high: int
    limits: str
    height: int
    width: int = _WIDTH


def measured(lot: Lot, limit: Fraction) -> tuple[Measured, ...]:
    """The single tablets of `lot`, then the shells that it packed by size; `limit` is how far one may lie from the mean, as a ratio."""
    found = []
    weight = lot.tablet_weight
    if weight is not None and weight.weights:
        assay = [("Assay", f"{decimal_text(weight.assay.percent)} % of the claim, {weight.assay.source}")] if weight.assay else []
        found.append(_measured("tablets", "Single tablets", weight.weights, assay, limit=limit, weighed=weight.weighed))
    for pack in lot.packs:
        if pack.weights:
            single = f", one by one: {', '.join(str(weight) for weight in pack.empties)}" if pack.empties else ""
            tare = [("Empty shells", f"{pack.shells} of lot {pack.shell_lot} together: {pack.tare}{single}")]
            title = f"Powder in single shells of size {pack.size}, net"
            found.append(_measured(f"pack-{pack.size}", title, pack.weights, tare, limit=limit, weighed=pack.weighed))
    return tuple(found)


def _measured(key: str, title: str, weights: Sequence[Mass], more: Sequence[tuple[str, str]], *, limit: Fraction, weighed: Weighing | None) -> Measured:
    spread = Spread(tuple(weight.mg for weight in weights))
    facts = (
        ("Weights", str(len(weights))),
        ("Mean", f"{_short(spread.mean)} mg"),
        ("Standard deviation", f"{_short(spread.deviation)} mg"),
        ("Relative standard deviation", percent(spread.relative).removeprefix("+")),
        *more,
    )
    dots = tuple(
        Dot(_across(error, limit), _TOP + place * _ROW, _short(value), percent(error))
        for place, (value, error) in enumerate(zip(spread.values, spread.errors, strict=True))
    )
    low, high = (_short(spread.mean * (1 + side * limit)) for side in (-1, 1))
    return Measured(
        key, title, facts, weighed, dots, _across(-limit, limit), _across(Fraction(0), limit), _across(limit, limit),
        f"{low} to {high} mg", _TOP + len(dots) * _ROW,
    )  # fmt: skip


def _across(error: Fraction, limit: Fraction) -> int:
    return _WIDTH // 2 + half_up(error / limit * (_WIDTH // 2 - _MARGIN))


def _short(value: Fraction) -> str:
    """A statistic has more decimals than any balance: hundredths, half up."""
    return decimal_text(Fraction(half_up(value * 100), 100))
