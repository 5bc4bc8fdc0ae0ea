"""Pooling: which of the fills that are due can share one batch, and what that saves.

Whole tablets are crushed for each batch, and what is not taken is thrown away: the first month of a climb to 4.5 mg, made alone, leaves
46.5 of 150 mg (golden number G07). What a shared batch is, `pool` says. A fill that stands alone says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from compounding.domain.cost import labour_of
from compounding.domain.formula import Formula, Method, Storage
from compounding.domain.money import Money
from compounding.domain.policy import Policy
from compounding.domain.pool import Due, Kind, apart, barrier, excipients_at_hand, need_of, pool_of, window
from compounding.domain.preparation import Pool
from compounding.domain.quantity import Mass
from compounding.domain.quote import Prices
from compounding.domain.sharing import STEPS, WAYS, Group, Item, divide
from compounding.domain.worksheet import TABLETS

__all__ = ["Alone", "Due", "Pool", "Pooling", "barrier", "excipients_at_hand", "propose", "window", "worth"]


@dataclass(frozen=True, slots=True)
class Alone:
    """A fill that is made for itself, and why."""

    fill: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Pooling:
    """The batches to share and the fills that stand alone. `proved`: no other way takes fewer tablets, or as many in fewer batches.

    Where that is not proved, no other way saves more than `more_at_most` tablets beyond this one.
    """

    pools: tuple[Pool, ...]
    alone: tuple[Alone, ...]
    proved: bool
    more_at_most: int

    @property
    def tablets_saved(self) -> int:
        """The tablets that all of it saves."""
        return sum(pool.tablets_saved for pool in self.pools)

    @property
    def left_saved(self) -> Mass:
        """The naltrexone hydrochloride that is not thrown away."""
        return sum((pool.left_apart - pool.amounts.left for pool in self.pools), Mass(Fraction(0)))

    @property
    def minutes_saved(self) -> int:
        """The bench time that all of it saves."""
        return sum(pool.minutes_saved for pool in self.pools)


def propose(due: Sequence[Due], *, today: date, policy: Policy, ways: int = WAYS, steps: int = STEPS) -> Pooling:
    """The best way to share batches among `due`: the fewest tablets, then the least bench time, then the earliest day."""
    pools: list[Pool] = []
    alone = {one.fill: reason for one in due if (reason := apart(one, today, policy))}
    proved, more = True, 0
    for alike in _alike([one for one in due if one.fill not in alone]):
        kind = Kind(alike[0].formula, alike[0].amounts.method, policy)
        windows = [Item(need_of(one), *window(one, today, policy)) for one in alike]
        division = divide(windows, kind.takes, kind.fits, ways=ways, steps=steps)
        proved = proved and division.proved
        more += division.tablets - division.least
        pools += [_pool(group, alike, windows, policy) for group in division.groups if len(group) > 1]
        alone |= {alike[place].fill: _why(place, windows, kind, due, alike) for place, *others in division.groups if not others}
    pools.sort(key=lambda pool: (pool.made_on, pool.formula))
    return Pooling(tuple(pools), tuple(Alone(one.fill, alone[one.fill]) for one in due if one.fill in alone), proved, more)


def worth(pool: Pool, formula: Formula, prices: Prices, policy: Policy) -> Money | None:
    """What the tablets saved cost, at what was paid last, and the bench time saved; None where tablets have no price."""
    price = prices.by_product.get(TABLETS)
    return None if price is None else price.of(pool.tablets_saved) + labour_of(formula, policy) * (len(pool.shares) - 1)


def _alike(due: Sequence[Due]) -> list[list[Due]]:
    """Those of one formula version, storage and method together."""
    found: dict[tuple[str, int, Storage, Method], list[Due]] = {}
    for one in due:
        found.setdefault((one.formula.code, one.formula.version, one.storage, one.amounts.method), []).append(one)
    return list(found.values())


def _pool(group: Group, alike: Sequence[Due], windows: Sequence[Item], policy: Policy) -> Pool:
    return pool_of([alike[place] for place in sorted(group)], made_on=max(windows[place].earliest for place in group), policy=policy)


def _why(place: int, windows: Sequence[Item], kind: Kind, due: Sequence[Due], alike: Sequence[Due]) -> str:
    """Why the one at `place`, which might share, does not."""
    if len(alike) == 1:
        return _unlike(alike[0], due)
    own = windows[place]
    meeting = [item for item in windows if item is not own and item.earliest <= own.latest and own.earliest <= item.latest]
    if not meeting:
        return "On no day could it share: made by the day of the one, the last dose of the other would fall past the beyond-use date."
    if not any(kind.fits(own.need + item.need) for item in meeting):
        return f"With any other it would be more than one batch may be, {kind.said_most}."
    return "The batch that it could share is full, or made on a day that does not suit it."


def _unlike(one: Due, due: Sequence[Due]) -> str:
    """Why nobody is like `one`, by what comes nearest to it."""
    others = [other for other in due if other.fill != one.fill and (other.formula.capsules is None) == (one.formula.capsules is None)]
    same = [other for other in others if other.formula.code == one.formula.code]
    if any(other.formula.version != one.formula.version for other in same):
        return "The others are made by another version of the formula."
    if any(other.storage is not one.storage for other in same):
        return f"The others have another storage than {one.storage}."
    if any(other.amounts.method is not one.amounts.method for other in same):
        return f"The others are not made by {one.amounts.method}."
    if same:
        return "The others of this formula cannot share."
    if any(other.formula.strength_text != one.formula.strength_text for other in others):
        return "The others are of another strength."
    return "Nothing else of this formula is to be made in these days."
