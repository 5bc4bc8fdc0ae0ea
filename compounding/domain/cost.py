"""What a batch and a fill of it cost: every part from a fact, parts that always sum to the whole, and waste that is named.

The lots really used are valued at what was paid for them (specific lot cost), not at an average.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from compounding.domain.formula import Formula, Part
from compounding.domain.inventory import TABLET_STRENGTH, Lot, said_amount
from compounding.domain.money import MICROS, Money, split, total
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts
from compounding.domain.quantity import Mass

_NOTHING = Mass.of_mg(0)


class CostKind(StrEnum):
    """The parts of a cost, in the order in which they are shown."""

    TABLETS = "tablets taken"
    INGREDIENTS = "vehicle and other ingredients"
    CONTAINER = "container and label"
    LABOUR = "labour"
    OVERHEAD = "overhead share"
    WASTE = "wasted tablet rest"


class WasteCause(StrEnum):
    """Why something was paid for and reached nobody."""

    REMAINDER = "tablet remainder"
    BEYOND_USE = "past its beyond-use date"
    QC = "used for checks"
    SPILL = "spilled or weighed beyond"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DESTROYED = "withdrawn, recalled or damaged"
    COUNT = "missing at a count"
    REMAKE = "made again"


@dataclass(frozen=True, slots=True)
class CostPart:
    """One part of a cost and why it is that much; `cause` where it is waste, and the naltrexone hydrochloride that it stands for."""

    kind: CostKind
    amount: Money
    reason: str
    cause: WasteCause | None = None
    active: Mass | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """So many units of a lot, really taken for a batch; `beyond` of them is more than the worksheet asked for."""

    lot: Lot
    part: Part
    amount: int
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class AtTheBench:
    """What became of a batch there: so much of it (mL, or capsules) was `kept` for checks and `lost`, and the work took `minutes`, None if nobody timed it."""

    kept: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)
    minutes: int | None = None


def batch_cost(formula: Formula, amounts: Amounts, used: Sequence[Used], policy: Policy, *, bench: AtTheBench = AtTheBench()) -> tuple[CostPart, ...]:
    """The cost of one batch in its parts, without what each of its fills has of its own."""
    boxes = _value([item for item in used if item.part is Part.CONTAINER])
    others = [item for item in used if item.part not in {Part.ACTIVE, Part.CONTAINER}]
    beyond = Money(sum(item.lot.cost_of(Fraction(item.beyond)).micros for item in others))
    parts = [
        *_drug(amounts, [item for item in used if item.part is Part.ACTIVE], bench),
        CostPart(CostKind.INGREDIENTS, _value(others) - beyond, "what really left each lot, at what was paid for it"),
        CostPart(CostKind.CONTAINER, boxes, "containers at what was paid for them"),
        labour_part(formula, policy, bench.minutes),
    ]
    if beyond.micros:
        parts.append(CostPart(CostKind.INGREDIENTS, beyond, "what was weighed or measured beyond the worksheet", WasteCause.SPILL))
    return tuple(parts)


def fill_cost(batch: Sequence[CostPart], policy: Policy, *, shares: Sequence[int] = (1,), place: int = 0) -> tuple[CostPart, ...]:
    """What the fill at `place` of a batch's `shares` costs: its share of each part, a label and the overhead; the shares of all sum to the batch."""
    dealt = share_cost(batch, shares=shares, place=place)
    made = {CostKind.CONTAINER: f"one container and one label at {policy.label_each.display()}"}
    parts = [replace(part, amount=part.amount + policy.label_each, reason=made[part.kind]) if part.kind in made else part for part in dealt]
    parts.append(CostPart(CostKind.OVERHEAD, policy.overhead_a_fill, "fixed share of each fill (policy)"))
    kinds = list(CostKind)
    return tuple(sorted(parts, key=lambda part: (part.cause is not None and part.cause is not WasteCause.REMAINDER, kinds.index(part.kind))))


def share_cost(batch: Sequence[CostPart], *, shares: Sequence[int], place: int) -> tuple[CostPart, ...]:
    """What the share at `place` has of each part of a batch; the shares of all sum to the batch, part by part."""
    return tuple(_share(part, shares, place) for part in batch)


def cost_of(formula: Formula, amounts: Amounts, used: Sequence[Used], policy: Policy, *, shares: Sequence[int] = (1,), place: int = 0) -> tuple[CostPart, ...]:
    """The cost of the fill at `place` of a batch's `shares`, by standard minutes; the one fill of a batch where nothing is said."""
    return fill_cost(batch_cost(formula, amounts, used, policy), policy, shares=shares, place=place)


def lost_batch(parts: Sequence[CostPart], cause: WasteCause, why: str) -> tuple[CostPart, ...]:
    """A batch, or a share of one, that reached nobody: all that it cost is waste of one cause; its drug is in one part."""
    drug = [part for part in parts if part.kind in {CostKind.TABLETS, CostKind.WASTE}]
    whole = CostPart(CostKind.TABLETS, _sum(drug), f"{why}: its tablets", cause, sum((part.active or _NOTHING for part in drug), _NOTHING))
    rest = [replace(part, cause=cause, reason=f"{why}: {part.reason}") for part in parts if part not in drug]
    return tuple(part for part in (whole, *rest) if part.amount.micros)


def lost_lot(lot: Lot, amount: int, cause: WasteCause, why: str, *, is_drug: bool) -> CostPart:
    """So many units of a lot that nobody will use any more, at what was paid for them."""
    kind = CostKind.TABLETS if is_drug else CostKind.INGREDIENTS
    active = TABLET_STRENGTH * amount if is_drug else None
    return CostPart(kind, lot.cost_of(Fraction(amount)), f"{why}: lot {lot.lot_number} of {lot.name}", cause, active)


def made_cost(formula: Formula, amounts: Amounts, used: Sequence[Used], policy: Policy) -> Money:
    """What a batch cost that is made for stock: all of it but the label and the overhead, which each fill has of its own."""
    return total([part.amount for part in cost_of(formula, amounts, used, policy)]) - policy.label_each - policy.overhead_a_fill


def taken_and_waste(paid: Money, whole: Mass, left: Mass) -> tuple[Money, Money]:
    """What was paid for `whole` of the drug, as the share that is taken and the share of `left`, which never is; together they are `paid`."""
    if not whole.mg:
        return paid, Money(0)
    wasted = left / whole  # a ratio: drops of an odd size leave no whole nanogram
    taken, never = split(paid, (wasted.denominator - wasted.numerator, wasted.numerator))
    return taken, never


def labour_of(formula: Formula, policy: Policy) -> Money:
    """The work of one batch by the formula's standard minutes."""
    return policy.labour_an_hour * Fraction(formula.minutes, 60)


def labour_part(formula: Formula, policy: Policy, timed: int | None) -> CostPart:
    """The work of one batch by `timed` minutes, or by the formula's standard minutes where nobody timed it or the batch lay still in between."""
    is_timed = timed is not None and 0 < timed <= policy.longest_timed
    minutes = timed if timed is not None and is_timed else formula.minutes
    kind = "timed minutes from the count to the end of compounding" if is_timed else "standard minutes"
    return CostPart(CostKind.LABOUR, policy.labour_an_hour * Fraction(minutes, 60), f"{minutes} {kind} at {policy.labour_an_hour.display()} an hour")


def monthly(cost: Money, days: int) -> Money:
    """A fill's cost as that of 30 days, to stand beside the article's month; `days` is how long the fill serves."""
    return Money.of(Fraction(cost.micros * 30, days) / MICROS)


def _drug(amounts: Amounts, crushed: Sequence[Used], bench: AtTheBench) -> list[CostPart]:
    """What was paid for the active ingredient: the share that is taken, and each that is not, by the mass of it; together they are what was paid."""
    paid = _value(crushed)
    whole, taken_from, of_what = _source(amounts, crushed)
    each = amounts.active / amounts.made if amounts.made else _NOTHING  # in 1 mL, or in one capsule
    kept = min(each * bench.kept, amounts.left)
    lost = min(each * bench.lost, amounts.left - kept)
    rest = amounts.left - kept - lost
    masses = (whole - amounts.left, kept, lost, rest)
    taken, checks, spilled, never = split(paid, _weights(masses, whole))
    parts = [
        CostPart(CostKind.TABLETS, taken, f"{taken_from}; the share that is taken", active=masses[0]),
        CostPart(CostKind.WASTE, never, f"{rest} of {of_what} is never taken", WasteCause.REMAINDER, rest),
    ]
    if kept.mg:
        parts.append(CostPart(CostKind.TABLETS, checks, f"{kept} was used for checks", WasteCause.QC, kept))
    if lost.mg:
        parts.append(CostPart(CostKind.TABLETS, spilled, f"{lost} was lost at the bench", WasteCause.SPILL, lost))
    return parts


def _source(amounts: Amounts, taken: Sequence[Used]) -> tuple[Mass, str, str]:
    """All of the drug that a batch took, with the lots that it is from, in words: so many tablets, or so much of a stock solution."""
    if amounts.tablets:
        lots = ", ".join(f"{item.amount} of lot {item.lot.lot_number} at {item.lot.cost_of(Fraction(1)).display()}" for item in taken)
        return TABLET_STRENGTH * amounts.tablets, f"{amounts.tablets} tablets: {lots}", f"{amounts.tablets} x 50 mg"
    drawn = [(said_amount(item.amount, item.lot.unit), item.lot, item.lot.cost_of(Fraction(item.amount)).display()) for item in taken]
    lots = ", ".join(f"{amount} of lot {lot.lot_number} for {paid}" for amount, lot, paid in drawn)
    return amounts.active, f"drawn from stock: {lots}", f"the {amounts.active} drawn"


def _weights(masses: Sequence[Mass], whole: Mass) -> list[int]:
    """Shares of `whole` as whole numbers in the ratio of `masses`, exactly: drops of an odd size leave no whole nanogram."""
    ratios = [mass / whole for mass in masses]
    common = 1
    for ratio in ratios:
        common *= ratio.denominator
    return [int(ratio * common) for ratio in ratios]


def _share(part: CostPart, shares: Sequence[int], place: int) -> CostPart:
    if len(shares) == 1:
        return part
    active = part.active * Fraction(shares[place], sum(shares)) if part.active is not None else None
    return replace(part, amount=split(part.amount, shares)[place], reason=f"{part.reason}; {shares[place]} of {sum(shares)} shares", active=active)


def _value(used: Sequence[Used]) -> Money:
    return Money(sum(item.lot.cost_of(Fraction(item.amount)).micros for item in used))


def _sum(parts: Sequence[CostPart]) -> Money:
    return Money(sum(part.amount.micros for part in parts))
