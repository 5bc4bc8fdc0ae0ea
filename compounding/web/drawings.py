"""Pictures drawn on the server: plain numbers in whole pixels, which a template sets into SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 340  # pixels: the narrowest page, so that a picture is legible on a telephone without turning it
_LINE, _BAR = 44, 12  # from one bar to the next; the bar itself, under its words
_WORDS = 34  # letters of a name that fit beside its number


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
