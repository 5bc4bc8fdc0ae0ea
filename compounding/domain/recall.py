"""Where things went and where they came from: from lots, batches or bottles onwards to whoever has them, and back to what is in them.

A lot goes into batches, a batch made for stock becomes a lot, and a batch goes into fills. So a walk may pass lots and batches many
times; it goes on until nothing new is found (USP <795> 12 and 14: both ways, and whether other batches share components).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from compounding.domain.errors import Invalid

Key = str  # of a lot, batch or fill, as text: a walk passes tens of thousands, and text is compared and hashed ten times as fast as a UUID
Link = tuple[Key, Key]  # what went in, and what it went into


class Kind(StrEnum):
    """What a walk may begin with."""

    LOT = "lot"
    PRODUCT = "product"
    BATCH = "batch"
    FORMULA = "formula"
    BOTTLE = "bottle"
    PRESCRIPTION = "prescription"
    BALANCE = "balance"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Days:
    """The days, both included, on which the first batches of a walk were made; None is no bound. What came of those is followed on every day."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            message = "The first day lies after the last one."
            raise Invalid("days", message, fields={"until": (message,)})

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Things:
    """Lots, batches and fills by their keys; what is known of each does not belong here."""

    lots: frozenset[Key] = frozenset()
    batches: frozenset[Key] = frozenset()
    fills: frozenset[Key] = frozenset()

    def __or__(self, other: "Things") -> "Things":
        return Things(self.lots | other.lots, self.batches | other.batches, self.fills | other.fills)

    def __sub__(self, other: "Things") -> "Things":
        return Things(self.lots - other.lots, self.batches - other.batches, self.fills - other.fills)

    def __bool__(self) -> bool:
        return bool(self.lots or self.batches or self.fills)


@dataclass(frozen=True, slots=True)
class Graph:
    """What went into what: lots into batches, batches made for stock into the lots that they became, batches into fills."""

    taken: frozenset[Link] = frozenset()
    became: frozenset[Link] = frozenset()
    filled: frozenset[Link] = frozenset()

    def __or__(self, other: "Graph") -> "Graph":
        return Graph(self.taken | other.taken, self.became | other.became, self.filled | other.filled)


def onward(graph: Graph, start: Things) -> tuple[Things, ...]:
    """Where `start` went: itself, then what was made of it directly, then what was made of that, each thing once, in the first layer that reaches it."""
    return _layers(start, lambda last: Things(_after(graph.became, last.batches), _after(graph.taken, last.lots), _after(graph.filled, last.batches)))


def back(graph: Graph, start: Things) -> tuple[Things, ...]:
    """What is in `start`: itself, then what it was made of directly, then what that was made of; the same the other way round."""
    return _layers(start, lambda last: Things(_before(graph.taken, last.batches), _before(graph.became, last.lots) | _before(graph.filled, last.fills)))


def together(layers: Iterable[Things]) -> Things:
    """All that the layers of a walk hold."""
    found = Things()
    for layer in layers:
        found |= layer
    return found


def _layers(start: Things, beyond: Callable[[Things], Things]) -> tuple[Things, ...]:
    layers, seen = [start], start
    while found := beyond(layers[-1]) - seen:
        seen |= found
        layers.append(found)
    return tuple(layers)


def _after(links: frozenset[Link], of: frozenset[Key]) -> frozenset[Key]:
    return frozenset(second for first, second in links if first in of)


def _before(links: frozenset[Link], of: frozenset[Key]) -> frozenset[Key]:
    return frozenset(first for first, second in links if second in of)
