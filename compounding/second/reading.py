"""Reading the documents: every exact number becomes a whole number of one fine unit, so that nothing is ever divided.

The fine unit is the least common denominator of all ratios on the desk: with 63/25 and 1/4 before us, one is 100 fine units.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

Document = Mapping[str, object]  # plain JSON: an object of words, numbers, lists and objects
_RATIO = re.compile(r"(-?[0-9]+)(?:/([1-9][0-9]*))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, or a part of it; `fine` units make one mg, one mL, one nanogram."""

    content: Mapping[str, object]
    fine: int

    def text(self, key: str) -> str:
        """A word or a name."""
        value = self.content[key]
        if isinstance(value, str):
            return value
        raise _unreadable(key, value)

    def texts(self, key: str) -> list[str]:
        """A list of words."""
        return [item for item in self._items(key) if isinstance(item, str)]

    def whole(self, key: str) -> int:
        """A whole number that was written as such."""
        value = self.content[key]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _unreadable(key, value)

    def numbers(self, key: str) -> list[int]:
        """A list of whole numbers."""
        return [item for item in self._items(key) if isinstance(item, int)]

    def yes(self, key: str) -> bool:
        """A yes or a no."""
        value = self.content[key]
        if isinstance(value, bool):
            return value
        raise _unreadable(key, value)

    def day(self, key: str) -> date:
        """A date in ISO 8601."""
        return date.fromisoformat(self.text(key))

    def parts(self, key: str) -> int:
        """An exact number such as "63/25", in fine units."""
        return parts_of(self.text(key), self.fine)

    def many(self, key: str) -> list[int]:
        """A list of exact numbers, in fine units."""
        return [parts_of(text, self.fine) for text in self.texts(key)]

    def has(self, key: str) -> bool:
        """Whether something is written there."""
        return self.content.get(key) is not None

    def paper(self, key: str) -> "Paper":
        """A part of this document."""
        value = self.content[key]
        if isinstance(value, dict):
            return Paper(value, self.fine)
        raise _unreadable(key, value)

    def papers(self, key: str) -> "list[Paper]":
        """The parts of a list, in order."""
        return [Paper(item, self.fine) for item in self._items(key) if isinstance(item, dict)]

    def _items(self, key: str) -> list[object]:
        value = self.content[key]
        if isinstance(value, list):
            return list(value)
        raise _unreadable(key, value)


def on_one_desk(*documents: object) -> int:
    """How many fine units make one, so that every ratio in `documents` is a whole number of them."""
    return math.lcm(*(_denominators(documents)))


def parts_of(text: str, fine: int) -> int:
    """The ratio `text` in fine units; raises `ValueError` where it is none, or finer than they are."""
    above, below = _ratio(text)
    share, rest = divmod(fine, below)
    if rest:
        raise ValueError(f"{text!r} was not on the desk when the fine unit was chosen")
    return above * share


def shown(parts: int, fine: int) -> str:
    """So many fine units as a ratio, for a sentence."""
    common = math.gcd(parts, fine)
    return f"{parts // common}" if common == fine else f"{parts // common}/{fine // common}"


def differ(what: str, planned: object, counted: object) -> Iterator[str]:
    """A sentence when the two are not the same."""
    if planned != counted:
        yield f"{what}: {planned} in the plan, {counted} by the second count."


@lru_cache(maxsize=4096)
def _ratio(text: str) -> tuple[int, int]:
    found = _RATIO.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no exact number")
    return int(found[1]), int(found[2] or 1)


def _denominators(values: Iterable[object]) -> Iterator[int]:
    for value in values:
        # By exact type, in the order of how often each stands there: this passes over every word on the desk.
        if type(value) is str:
            if "/" in value and (found := _RATIO.fullmatch(value)):
                yield int(found[2])
        elif type(value) is dict:
            yield from _denominators(value.values())
        elif type(value) is list or type(value) is tuple:
            yield from _denominators(value)


def _unreadable(key: str, value: object) -> ValueError:
    return ValueError(f"{key} is {type(value).__name__}, which is not what this document holds there")
