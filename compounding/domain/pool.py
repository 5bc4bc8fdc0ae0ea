"""A batch that several fills share: whether they may, on which day, and what each gets of it.

A shared batch is one formula version, kept in one way and made by one method, on one day that suits each of its fills: by the day on
which the fill was to be made, and not so early that its last dose would fall past the beyond-use date. Nobody gets less than was
planned, and no fill a later date than its own plan gave it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from compounding.domain.beyond_use import last_day, shelf_days
from compounding.domain.errors import Conflict, Unsafe
from compounding.domain.formula import Formula, Method, Storage
from compounding.domain.inventory import Lot
from compounding.domain.policy import Policy
from compounding.domain.preparation import VESSEL, Amounts, Container, Pool, Share, capsule_amounts, liquid_amounts
from compounding.domain.quantity import Volume
from compounding.domain.safety import Finding
from compounding.domain.wording import said
from compounding.domain.worksheet import TABLETS


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
    container: Container = VESSEL


@dataclass(frozen=True, slots=True)
class Kind:
    """What a batch of one formula and method takes, by the same rules as the batch of one fill."""

    formula: Formula
    method: Method
    policy: Policy

    def amounts(self, used: Fraction, need: Fraction) -> Amounts:
        """Amounts of a batch that gives `need` (mL into bottles, or capsules with those that are made for loss), of which `used` is taken."""
        if self.formula.capsules is not None:
            return capsule_amounts(self.formula, used.numerator, overage=(need - used).numerator, container=VESSEL)
        return liquid_amounts(self.formula, Volume(used), Volume(need), method=self.method, container=VESSEL)

    def takes(self, need: Fraction) -> tuple[int, Fraction]:
        """The tablets of a batch that gives `need`, and the mg that they hold beyond it."""
        amounts = self.amounts(need, need)
        return amounts.tablets, amounts.left.mg

    def fits(self, need: Fraction) -> bool:
        """Whether one batch may be that much."""
        return self.amounts(need, need).made <= self.most

    @property
    def most(self) -> Fraction:
        """The largest batch: mL, or capsules."""
        return Fraction(self.policy.largest_capsule_batch) if self.formula.capsules is not None else self.policy.largest_liquid_batch.ml

    @property
    def said_most(self) -> str:
        """The largest batch as people say it."""
        return f"{self.policy.largest_capsule_batch} capsules" if self.formula.capsules is not None else str(self.policy.largest_liquid_batch)


def need_of(one: Due) -> Fraction:
    """What `one` needs of a batch: overfill, what stays in the bottle, and capsules made for loss, are counted for each fill."""
    return one.amounts.made if one.formula.capsules is not None else one.amounts.dispensed


def window(one: Due, today: date, policy: Policy) -> tuple[date, date]:
    """The first and the last day on which `one` may be made; the first lies after the last where there is none.

    What should have been made before today is made today, shared or not.
    """
    days, _ = shelf_days(one.formula, one.storage)
    keeps = last_day(today, days, made_is_day_one=policy.made_is_day_one) - today
    return max(today, one.closes_on - keeps), max(today, one.make_by)


def barrier(findings: Sequence[Finding]) -> str:
    """Why a fill with these findings of the plan rules is made for itself, empty if none keeps it apart; an answer given for one batch is not another's."""
    found = {finding.rule: finding.sentence for finding in findings}
    if "R22" in found:
        return f"It would change the strength that the patient has at home. {found['R22']}"
    return f"An excipient does not suit the patient. {found['R4']}" if "R4" in found else ""


def excipients_at_hand(formula: Formula, stock: Sequence[Lot], today: date) -> tuple[str, ...]:
    """Every excipient of the lots from which a batch of `formula` might be made: which of them it will be, only its day tells."""
    products = {item.product for item in formula.liquid.ingredients} if formula.liquid else set()
    if formula.stock_solution is None:
        products |= {TABLETS}
    if formula.capsules is not None:
        products |= {formula.capsules.shell, formula.capsules.filler.product}
    usable = [lot for lot in stock if lot.product in products and lot.usable_through(today) and lot.balance > 0]
    return tuple(sorted({name for lot in usable for name in lot.excipients}))


def apart(one: Due, today: date, policy: Policy) -> str:
    """Why `one` may share a batch with nobody today, empty if it may."""
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
    kind = Kind(one.formula, one.amounts.method, policy)
    return "" if kind.fits(need_of(one)) else f"It is more than one batch may be, {kind.said_most}."


def pool_of(members: Sequence[Due], *, made_on: date, policy: Policy) -> Pool:
    """The batch that `members`, who are alike, share when it is made on `made_on`."""
    formula, storage, method = members[0].formula, members[0].storage, members[0].amounts.method
    days, _ = shelf_days(formula, storage)
    until = last_day(made_on, days, made_is_day_one=policy.made_is_day_one)
    used = sum((one.amounts.used for one in members), Fraction(0))
    return Pool(
        formula=formula.code,
        formula_version=formula.version,
        storage=storage,
        made_on=made_on,
        until=until,
        amounts=Kind(formula, method, policy).amounts(used, sum((need_of(one) for one in members), Fraction(0))),
        shares=tuple(_share(one, until) for one in members),
        minutes=formula.minutes,
    )


def together(members: Sequence[Due], *, today: date, policy: Policy) -> Pool:
    """The batch that exactly these fills share, made today; raises `Conflict` or `Unsafe` with what keeps them from it."""
    if len(members) < 2 or len({one.fill for one in members}) != len(members):
        raise Conflict("pool-few", "A shared batch is for two fills or more, each once. Load the page again and look at it.")
    for one in members:
        if reason := apart(one, today, policy):
            raise Unsafe("pool-apart", f"One of these fills is made for itself. {reason}")
    first = members[0]
    if any((one.formula, one.storage, one.amounts.method) != (first.formula, first.storage, first.amounts.method) for one in members):
        raise Conflict("pool-unlike", "These fills are not of one version of a formula, kept in one way and made by one method: they cannot share a batch.")
    earliest = max(window(one, today, policy)[0] for one in members)
    if earliest > today:
        message = f"Made today, the last dose of one of these fills would fall past the beyond-use date. Make this batch on {said(earliest)}."
        raise Conflict("pool-early", message)
    kind = Kind(first.formula, first.amounts.method, policy)
    if not kind.fits(sum((need_of(one) for one in members), Fraction(0))):
        raise Conflict("pool-large", f"Together they are more than one batch may be, {kind.said_most}. Leave one of them out.")
    return pool_of(members, made_on=today, policy=policy)


def _share(one: Due, until: date) -> Share:
    return Share(one.fill, one.amounts, one.make_by, one.opens_on, one.closes_on, one.until, min(one.until, until), one.container)
