"""Pooling: which of the fills that are due can share one batch, and what that saves.

Whole tablets are crushed for each batch, and what is not taken is thrown away: the first month of a climb to 4.5 mg, made alone, leaves
46.5 of 150 mg (golden number G07). A shared batch is one formula version, kept in one way and made by one method, on
one day that suits each of its fills: by the day on which the fill was to be made, and not so early that its last dose would fall
past the beyond-use date. A fill that stands alone says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.cost import labour_of
from compounding.domain.formula import Formula, Method, Storage
from compounding.domain.inventory import Lot
from compounding.domain.money import Money
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Container, capsule_amounts, liquid_amounts
from compounding.domain.quantity import Mass, Volume
from compounding.domain.quote import Prices
from compounding.domain.safety import Finding
from compounding.domain.sharing import STEPS, WAYS, Group, Item, divide
from compounding.domain.wording import said
from compounding.domain.worksheet import TABLETS

_VESSEL = Container("", "the vessel of a shared batch", None, None, Volume(Fraction(0)))  # each fill's own container was bounded by its plan
_NOTHING = Mass(Fraction(0))


@dataclass(frozen=True, slots=True)
class Due:
    """A fill that is to be made, as it was planned for itself, good through `until`; `barrier` says why it may share with nobody, empty if it may."""

    fill: UUID
    formula: Formula
    storage: Storage
    amounts: Amounts
    make_by: date
    opens_on: date
    closes_on: date
    until: date
    barrier: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one fill gets of a shared batch; `amounts` and `until_alone` are those that it was planned with, for itself.

    `until` is never later than either date, and never before the last dose on `closes_on`.
    """

    fill: UUID
    amounts: Amounts
    make_by: date
    opens_on: date
    closes_on: date
    until_alone: date
    until: date


@dataclass(frozen=True, slots=True)
class Pool:
    """A batch that several fills could share: made on `made_on`, good through `until`; `minutes` is the bench time of one batch.

    No lot is chosen yet: one that expires sooner brings the date forward, and the worksheet of the day then refuses it (rule R23).
    """

    formula: str
    formula_version: int
    storage: Storage
    made_on: date
    until: date
    amounts: Amounts
    shares: tuple[Share, ...]
    minutes: int

    @property
    def tablets_apart(self) -> int:
        """The tablets that the fills take when each is made alone."""
        return sum(share.amounts.tablets for share in self.shares)

    @property
    def tablets_saved(self) -> int:
        """The tablets that sharing saves."""
        return self.tablets_apart - self.amounts.tablets

    @property
    def left_apart(self) -> Mass:
        """The naltrexone hydrochloride that is thrown away when each is made alone."""
        return sum((share.amounts.left for share in self.shares), _NOTHING)

    @property
    def minutes_saved(self) -> int:
        """The bench time that sharing saves, by the formula's standard minutes a batch."""
        return self.minutes * (len(self.shares) - 1)


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
        return sum((pool.left_apart - pool.amounts.left for pool in self.pools), _NOTHING)

    @property
    def minutes_saved(self) -> int:
        """The bench time that all of it saves."""
        return sum(pool.minutes_saved for pool in self.pools)


def propose(due: Sequence[Due], *, today: date, policy: Policy, ways: int = WAYS, steps: int = STEPS) -> Pooling:
    """The best way to share batches among `due`: the fewest tablets, then the least bench time, then the earliest day."""
    pools: list[Pool] = []
    alone = {one.fill: reason for one in due if (reason := _apart(one, today, policy))}
    proved, more = True, 0
    for alike in _alike([one for one in due if one.fill not in alone]):
        kind = _Kind(alike[0].formula, alike[0].amounts.method, policy)
        windows = [Item(_need(one), *window(one, today, policy)) for one in alike]
        division = divide(windows, kind.takes, kind.fits, ways=ways, steps=steps)
        proved = proved and division.proved
        more += division.tablets - division.least
        pools += [_pool(group, alike, windows, policy) for group in division.groups if len(group) > 1]
        alone |= {alike[place].fill: _why(place, windows, kind, due, alike) for place, *others in division.groups if not others}
    pools.sort(key=lambda pool: (pool.made_on, pool.formula))
    return Pooling(tuple(pools), tuple(Alone(one.fill, alone[one.fill]) for one in due if one.fill in alone), proved, more)


def barrier(findings: Sequence[Finding]) -> str:
    """Why a fill with these findings of the plan rules is made for itself, empty if none keeps it apart; an answer given for one batch is not another's."""
    found = {finding.rule: finding.sentence for finding in findings}
    if "R22" in found:
        return f"It would change the strength that the patient has at home. {found['R22']}"
    return f"An excipient does not suit the patient. {found['R4']}" if "R4" in found else ""


def excipients_at_hand(formula: Formula, stock: Sequence[Lot], today: date) -> tuple[str, ...]:
    """Every excipient of the lots from which a batch of `formula` might be made: which of them it will be, only its day tells."""
    products = {TABLETS, *(item.product for item in formula.liquid.ingredients)} if formula.liquid else {TABLETS}
    if formula.capsules is not None:
        products |= {formula.capsules.shell, formula.capsules.filler.product}
    usable = [lot for lot in stock if lot.product in products and lot.usable_through(today) and lot.balance > 0]
    return tuple(sorted({name for lot in usable for name in lot.excipients}))


def worth(pool: Pool, formula: Formula, prices: Prices, policy: Policy) -> Money | None:
    """What the tablets saved cost, at what was paid last, and the bench time saved; None where tablets have no price."""
    price = prices.by_product.get(TABLETS)
    return None if price is None else price.of(pool.tablets_saved) + labour_of(formula, policy) * (len(pool.shares) - 1)


def window(one: Due, today: date, policy: Policy) -> tuple[date, date]:
    """The first and the last day on which `one` may be made; the first lies after the last where there is none.

    What should have been made before today is made today, shared or not.
    """
    days, _ = shelf_days(one.formula, one.storage)
    keeps = last_day(today, days, made_is_day_one=policy.made_is_day_one) - today
    return max(today, one.closes_on - keeps), max(today, one.make_by)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a batch of one formula and method takes, by the same rules as the batch of one fill."""

    formula: Formula
    method: Method
    policy: Policy

    def amounts(self, used: Fraction, need: Fraction) -> Amounts:
        """Amounts of a batch that gives `need` (mL into bottles, or capsules with those that are made for loss), of which `used` is taken."""
        if self.formula.capsules is not None:
            return capsule_amounts(self.formula, used.numerator, overage=(need - used).numerator, container=_VESSEL)
        return liquid_amounts(self.formula, Volume(used), Volume(need), method=self.method, container=_VESSEL)

    def takes(self, need: Fraction) -> tuple[int, Fraction]:
        amounts = self.amounts(need, need)
        return amounts.tablets, amounts.left.mg

    def fits(self, need: Fraction) -> bool:
        return self.amounts(need, need).made <= self.most

    @property
    def most(self) -> Fraction:
        return Fraction(self.policy.largest_capsule_batch) if self.formula.capsules is not None else self.policy.largest_liquid_batch.ml

    @property
    def said_most(self) -> str:
        return f"{self.policy.largest_capsule_batch} capsules" if self.formula.capsules is not None else str(self.policy.largest_liquid_batch)


def _need(one: Due) -> Fraction:
    """What `one` needs of a batch: overfill, what stays in the bottle, and capsules made for loss, are counted for each fill."""
    return one.amounts.made if one.formula.capsules is not None else one.amounts.dispensed


def _apart(one: Due, today: date, policy: Policy) -> str:
    if one.barrier:
        return one.barrier
    if one.formula.liquid is not None and one.formula.liquid.made_in_container:
        return "It is made in the bottle that is handed over."
    if one.opens_on < today:
        return f"Its first dose was due on {said(one.opens_on)}: settle its dates first."
    if one.closes_on > one.until:
        return f"Its last dose on {said(one.closes_on)} lies past its own beyond-use date, {said(one.until)}: plan its course again."
    first, last = window(one, today, policy)
    if first > last:
        return f"Made by {said(last)}, its last dose on {said(one.closes_on)} would fall past the beyond-use date."
    kind = _Kind(one.formula, one.amounts.method, policy)
    return "" if kind.fits(_need(one)) else f"It is more than one batch may be, {kind.said_most}."


def _alike(due: Sequence[Due]) -> list[list[Due]]:
    """Those of one formula version, storage and method together."""
    found: dict[tuple[str, int, Storage, Method], list[Due]] = {}
    for one in due:
        found.setdefault((one.formula.code, one.formula.version, one.storage, one.amounts.method), []).append(one)
    return list(found.values())


def _pool(group: Group, alike: Sequence[Due], windows: Sequence[Item], policy: Policy) -> Pool:
    members = [alike[place] for place in sorted(group)]
    formula, storage, method = members[0].formula, members[0].storage, members[0].amounts.method
    made_on = max(windows[place].earliest for place in group)
    days, _ = shelf_days(formula, storage)
    until = last_day(made_on, days, made_is_day_one=policy.made_is_day_one)
    used = sum((one.amounts.used for one in members), Fraction(0))
    return Pool(
        formula=formula.code,
        formula_version=formula.version,
        storage=storage,
        made_on=made_on,
        until=until,
        amounts=_Kind(formula, method, policy).amounts(used, sum((_need(one) for one in members), Fraction(0))),
        shares=tuple(_share(one, until) for one in members),
        minutes=formula.minutes,
    )


def _share(one: Due, until: date) -> Share:
    return Share(one.fill, one.amounts, one.make_by, one.opens_on, one.closes_on, one.until, min(one.until, until))


def _why(place: int, windows: Sequence[Item], kind: _Kind, due: Sequence[Due], alike: Sequence[Due]) -> str:
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
