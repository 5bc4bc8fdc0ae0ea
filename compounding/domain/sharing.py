"""Dividing what is to be made over batches: the fewest tablets, then the fewest batches; exact where it is small, bounded where it is large.

Knows nothing of fills: an item needs so much and can be made on the days of its window; a batch needs a day in the window of each of
its items. What a batch takes hangs on its sum alone, and a sum never takes more than its parts apart.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate, chain, combinations, product
from math import lcm, prod
from operator import mul

WAYS = 3**12  # choices of a batch out of what is left that are all tried, in a tenth of a second: twelve unlike items, or a thousand alike
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


def divide(items: Sequence[Item], takes: Takes, fits: Callable[[Fraction], bool], *, ways: int = WAYS, steps: int = STEPS) -> Division:
    """Divide `items`; `takes` says what a batch of so much takes, and `fits` whether so much can be made at once (each item alone can)."""
    prices = _Prices(items, takes, fits)
    parts = [_divided(part, prices, ways, steps) for part in _apart(items)]
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


def _divided(part: Group, prices: _Prices, ways: int, steps: int) -> Division:
    kinds = _kinds(part, prices)
    if prod((len(kind) + 1) * (len(kind) + 2) // 2 for kind in kinds) <= ways:
        groups = _every_way(kinds, prices)
        tablets = _total(groups, prices) // _TABLET
        return Division(groups, tablets, tablets, proved=True)
    groups = _exchanged(_one_after_another(part, prices), prices, steps)
    tablets, least = _total(groups, prices) // _TABLET, prices.least(part)
    return Division(groups, tablets, least, proved=tablets == least and len(groups) == prices.fewest(part))


def _kinds(part: Group, prices: _Prices) -> list[Group]:
    """The items that can stand for each other: as much of them, and the same windows up to the last day on which another one's begins."""
    days = {prices.earliest[place] for place in part}
    found: dict[tuple[int, int, int], list[int]] = {}
    for place in part:
        last = max(day for day in days if day <= prices.latest[place])
        found.setdefault((prices.needs[place], prices.earliest[place], last), []).append(place)
    return [tuple(kind) for kind in found.values()]


def _total(groups: Sequence[Group], prices: _Prices) -> int:
    return sum(prices.of(group) or 0 for group in groups)


def _every_way(kinds: Sequence[Group], prices: _Prices) -> tuple[Group, ...]:
    """The best division: of every choice of so many of each kind, the batch that holds one of its first kind, and the best division of the rest.

    A choice is one whole number, whose digits count the items of each kind.
    """
    sizes = list(accumulate((len(kind) + 1 for kind in kinds), mul, initial=1))
    choices = list(product(*(range(len(kind) + 1) for kind in reversed(kinds))))
    price = [prices.of(tuple(place for kind, count in zip(kinds, reversed(choice), strict=True) for place in kind[:count])) for choice in choices]
    best, batch = [0] * len(choices), [0] * len(choices)
    for whole in range(1, len(choices)):
        counts = choices[whole][::-1]
        first = next(at for at, count in enumerate(counts) if count)
        within = [sizes[first] * count for count in range(1, counts[first] + 1)]
        for at in range(first + 1, len(kinds)):
            within = [other + sizes[at] * count for count in range(counts[at] + 1) for other in within]
        best[whole], batch[whole] = min((alone + best[whole - one], one) for one in within if (alone := price[one]) is not None)
    left, groups, waiting = len(choices) - 1, [], [list(kind) for kind in kinds]
    while left:
        counts = choices[batch[left]][::-1]
        groups.append(tuple(kind.pop() for kind, count in zip(waiting, counts, strict=True) for _ in range(count)))
        left -= batch[left]
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
