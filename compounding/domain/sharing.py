"""Dividing what is to be made over batches: the fewest tablets, then the fewest batches; exact where it is small, bounded where it is large.

Knows nothing of fills: an item needs so much and can be made on the days of its window; a batch needs a day in the window of each of
its items. What a batch takes hangs on its sum alone, and a sum never takes more than its parts apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import chain, combinations
from math import lcm

EXACT = 13  # items divided by trying every subset, in a tenth of a second; each one more takes three times as long
STEPS = 100_000  # exchanges tried where there are more, in half a second; counted, not timed, so that the same day gives the same answer
_TABLET, _BATCH = 1 << 48, 1 << 24  # what they weigh in a price, so that no sum of days outweighs a batch, nor of batches a tablet
Group = tuple[int, ...]
Takes = Callable[[Fraction], tuple[int, Fraction]]  # of so much: the tablets, and the mg that they hold beyond it


@dataclass(frozen=True, slots=True)
class Item:
    """So much (mL, or capsules) that can be made on any day from `earliest` to `latest`, on its own at least."""

    need: Fraction
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True)
class Division:
    """The places of the items that share each batch, and what all of it takes; no division takes fewer than `least` tablets.

    `proved`: none takes fewer tablets, or as many in fewer batches. Of those that are alike in both, an earlier one is preferred.
    """

    groups: tuple[Group, ...]
    tablets: int
    least: int
    proved: bool


def divide(items: Sequence[Item], takes: Takes, fits: Callable[[Fraction], bool], *, exact: int = EXACT, steps: int = STEPS) -> Division:
    """Divide `items`; `takes` says what a batch of so much takes, and `fits` whether so much can be made at once (each item alone can)."""
    prices = _Prices(items, takes, fits)
    parts = [_divided(part, prices, exact, steps) for part in _apart(items)]
    return Division(
        tuple(group for part in parts for group in part.groups),
        sum(part.tablets for part in parts),
        sum(part.least for part in parts),
        all(part.proved for part in parts),
    )


class _Prices:
    """What each group costs, as one whole number that orders by tablets, then batches, then days; None where it cannot share."""

    def __init__(self, items: Sequence[Item], takes: Takes, fits: Callable[[Fraction], bool]) -> None:
        self.fine = lcm(*(item.need.denominator for item in items))
        self.needs = [int(item.need * self.fine) for item in items]
        self.earliest = [item.earliest.toordinal() for item in items]
        self.latest = [item.latest.toordinal() for item in items]
        self._first = min(self.earliest, default=0)
        self._takes, self._fits = takes, fits
        self._known: dict[int, tuple[int, int] | None] = {}

    def of(self, group: Group) -> int | None:
        """The price of `group` as one batch; nothing for nobody."""
        if not group:
            return 0
        day = max(self.earliest[place] for place in group)
        if day > min(self.latest[place] for place in group):
            return None
        batch = self._batch(group)
        return None if batch is None else batch[0] + day - self._first

    def spare(self, group: Group) -> int:
        """How much the tablets of `group` hold beyond it, squared: the more of it lies in one batch, the nearer it comes to a whole tablet."""
        batch = self._batch(group)
        return batch[1] ** 2 if batch else 0

    def _batch(self, group: Group) -> tuple[int, int] | None:
        need = sum(self.needs[place] for place in group)
        if need not in self._known:
            much = Fraction(need, self.fine)
            tablets, beyond = self._takes(much)
            self._known[need] = (tablets * _TABLET + _BATCH, int(beyond * 1000)) if self._fits(much) else None
        return self._known[need]

    def least(self, part: Group) -> int:
        """The tablets that `part` would take in one batch, were there no windows and no largest batch."""
        return self._takes(Fraction(sum(self.needs[place] for place in part), self.fine))[0]

    def fewest(self, part: Group) -> int:
        """No fewer batches: one for each window that ends before the next begins, and no more in one than fits."""
        apart, reaches = 0, 0
        for place in sorted(part, key=self.latest.__getitem__):
            if self.earliest[place] > reaches:
                apart, reaches = apart + 1, self.latest[place]
        much, fitting = Fraction(sum(self.needs[place] for place in part), self.fine), 1
        while not self._fits(much / fitting):
            fitting += 1
        return max(apart, fitting)


def _apart(items: Sequence[Item]) -> Iterator[Group]:
    """The items in parts between whose windows lies no day in common: no batch reaches from one part into another."""
    part: list[int] = []
    reaches = date.min
    for place in sorted(range(len(items)), key=lambda place: items[place].earliest):
        if part and items[place].earliest > reaches:
            yield tuple(part)
            part = []
        reaches = max(reaches, items[place].latest)
        part.append(place)
    if part:
        yield tuple(part)


def _divided(part: Group, prices: _Prices, exact: int, steps: int) -> Division:
    if len(part) <= exact:
        groups = _every_subset(part, prices)
        tablets = _total(groups, prices) // _TABLET
        return Division(groups, tablets, tablets, proved=True)
    groups = _exchanged(_one_after_another(part, prices), prices, steps)
    tablets, least = _total(groups, prices) // _TABLET, prices.least(part)
    return Division(groups, tablets, least, proved=tablets == least and len(groups) == prices.fewest(part))


def _total(groups: Sequence[Group], prices: _Prices) -> int:
    return sum(prices.of(group) or 0 for group in groups)


def _every_subset(part: Group, prices: _Prices) -> tuple[Group, ...]:
    """The best division: of every set of items, the batch that holds its first item, and the best division of the others."""
    sets = [tuple(place for bit, place in enumerate(part) if chosen >> bit & 1) for chosen in range(1 << len(part))]
    price = [prices.of(group) for group in sets]
    best, batch = [0] * len(sets), [0] * len(sets)
    for chosen in range(1, len(sets)):
        first = chosen & -chosen
        others = within = chosen ^ first
        lowest, lowest_batch = None, 0
        while True:
            alone = price[within | first]
            if alone is not None and (lowest is None or alone + best[others ^ within] < lowest):
                lowest, lowest_batch = alone + best[others ^ within], within | first
            if not within:
                break
            within = (within - 1) & others
        best[chosen], batch[chosen] = lowest or 0, lowest_batch
    groups, left = [], len(sets) - 1
    while left:
        groups.append(sets[batch[left]])
        left ^= batch[left]
    return tuple(groups)


def _one_after_another(part: Group, prices: _Prices) -> list[Group]:
    """A division to begin with: each item, the first to lapse first, goes where it costs least, if need be into a batch of its own."""
    groups: list[Group] = []
    for place in sorted(part, key=lambda place: (prices.latest[place], -prices.needs[place])):
        added = [(price - (prices.of(group) or 0), at) for at, group in enumerate([*groups, ()]) if (price := prices.of((*group, place))) is not None]
        _, at = min(added)
        groups[at : at + 1] = [(*(groups[at] if at < len(groups) else ()), place)]
    return groups


def _exchanged(groups: list[Group], prices: _Prices, steps: int) -> tuple[Group, ...]:
    """`groups` after every exchange between two of them that makes both together better, until there is none or `steps` were tried.

    Single items are exchanged first, then pairs too.
    """
    tried, most, improved = 0, 1, True
    while improved or most < 2:
        most, improved = most if improved else 2, False
        for one, other in combinations(range(len(groups)), 2):
            for changed in _exchanges(groups[one], groups[other], most):
                tried += 1
                if tried > steps:
                    return tuple(filter(None, groups))
                if _better((groups[one], groups[other]), changed, prices):
                    groups[one], groups[other] = changed
                    improved = True
                    break
    return tuple(filter(None, groups))


def _exchanges(one: Group, other: Group, most: int) -> Iterator[tuple[Group, Group]]:
    """Every way in which two batches give each other up to `most` of their items."""
    for given in _few(one, most):
        kept = tuple(place for place in one if place not in given)
        for returned in _few(other, most):
            if given or returned:
                yield (*kept, *returned), (*(place for place in other if place not in returned), *given)


def _few(group: Group, most: int) -> Iterator[Group]:
    return chain.from_iterable(combinations(group, size) for size in range(most + 1))


def _better(before: tuple[Group, Group], after: tuple[Group, Group], prices: _Prices) -> bool:
    """Whether `after` costs less; or as much, with more of what is spare in one batch, so that a later exchange may save a tablet."""
    priced = [prices.of(group) for group in after]
    if None in priced:
        return False
    gained = _total(before, prices) - sum(price or 0 for price in priced)
    return gained > 0 if gained else sum(map(prices.spare, after)) > sum(map(prices.spare, before))
