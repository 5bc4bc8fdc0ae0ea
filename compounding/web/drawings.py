"""Pictures drawn on the server: plain numbers in whole pixels, which a template sets into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.quantity import Volume, decimal_text
from compounding.domain.weighing import Syringe, half_up

WIDTH = 340  # pixels: the narrowest page, so that a picture is legible on a telephone without turning it
_LINE, _BAR = 44, 12  # from one bar to the next; the bar itself, under its words
_WORDS = 34  # letters of a name that fit beside its number
_BARREL, _NOZZLE = 300, 20  # pixels of a syringe from zero to its capacity, so that the marks of every usual one fall on whole pixels; where zero is
_CLOSE = 50  # marks from which only each tenth bears a number, else each fifth


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words: `y` is the ground line of the words, `top` the upper edge of the bar; `over` says that it passes the mark."""

    words: str
    shown: str
    y: int
    top: int
    width: int
    over: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under each other, as long as what they stand for, and the mark that they are held against."""

    bars: tuple[Bar, ...]
    height: int
    mark: int | None
    thickness: int = _BAR
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Barrel:
    """An oral syringe lying with its nozzle to the left, true to scale: its short and its long marks as a path each, and the numbers at the long ones."""

    short: str
    long: str
    numbers: tuple[tuple[int, str], ...]
    capacity: Volume
    left: int = _NOZZLE
    length: int = _BARREL

    def drawn_to(self, volume: Volume) -> int:
        """The pixels from zero to the plunger at `volume`, which the syringe holds."""
        return half_up(self.length * (volume / self.capacity))


def barrel(syringe: Syringe) -> Barrel:
    """The barrel of `syringe`."""
    marks = int(syringe.capacity / syringe.graduation)
    every = 10 if marks >= _CLOSE else 5
    across = [_NOZZLE + half_up(_BARREL * Fraction(number) * (syringe.graduation / syringe.capacity)) for number in range(marks + 1)]
    short = "".join(f"M{x} 16v5" for number, x in enumerate(across) if number % every)
    long = "".join(f"M{x} 16v9" for x in across[::every])
    numbers = tuple((x, decimal_text(syringe.graduation.ml * number * every)) for number, x in enumerate(across[::every]))
    return Barrel(short, long, numbers, syringe.capacity)


def bars(items: Sequence[tuple[str, str, int]], *, mark: int | None = None) -> Bars:
    """Bars for `items` (words, number as shown, amount); amounts and `mark` share a unit. A negative amount has no length."""
    most = max([amount for _, _, amount in items] + [(mark or 0) * 9 // 8, 1])  # the mark stands inside the picture, not on its edge
    made = tuple(
        Bar(shortened(words), shown, place * _LINE + 16, place * _LINE + 22, _pixels(max(amount, 0), most), mark is not None and amount > mark)
        for place, (words, shown, amount) in enumerate(items)
    )
    return Bars(made, len(items) * _LINE, None if mark is None else _pixels(mark, most))


def shortened(words: str) -> str:
    """`words` as far as they fit; the table beside the picture has the whole of them."""
    return words if len(words) <= _WORDS else f"{words[: _WORDS - 1].rstrip()}…"


def _pixels(amount: int, most: int) -> int:
    return (2 * amount * WIDTH + most) // (2 * most)
