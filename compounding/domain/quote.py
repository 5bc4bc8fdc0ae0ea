"""What a course would cost before anything is made: the parts of `cost`, from what was paid last instead of from the lots really used.

An estimate for choosing among ways and for nothing else. A product that was never bought has no price: it is named, and never counted as nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.cost import CostKind, CostPart, labour_of, share_cost, taken_and_waste
from compounding.domain.formula import Formula
from compounding.domain.inventory import TABLET_STRENGTH, Lot, PackStatistic
from compounding.domain.money import Money, total
from compounding.domain.policy import Policy
from compounding.domain.preparation import Amounts, Container
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass, Volume
from compounding.domain.source import reckoned_strength
from compounding.domain.worksheet import TABLETS


@dataclass(frozen=True, slots=True)
class Price:
    """What was paid for `quantity` units (tablets, pieces, ng or nL); kept as the pair, since a nanogram costs less than the smallest coin.

    `packs` says how much of a filler goes into a shell of each size.
    """

    paid: Money
    quantity: int
    packs: tuple[PackStatistic, ...] = ()

    @classmethod
    def of_lot(cls, lot: Lot) -> "Price":
        """The real acquisition cost of `lot`."""
        return cls(lot.invoice, lot.invoice_quantity, lot.packs)

    def of(self, amount: int | Fraction) -> Money:
        """What `amount` units cost."""
        return self.paid * (Fraction(amount) / self.quantity)


@dataclass(frozen=True, slots=True)
class Prices:
    """What was paid last for each product, by the code that formulas call it by; `worksheet.TABLETS` for the 50 mg tablet."""

    by_product: Mapping[str, Price]


@dataclass(frozen=True, slots=True)
class Quote:
    """The estimated cost of a whole course in its parts; `missing` names what has no price and is therefore not in them."""

    parts: tuple[CostPart, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> Money:
        """The exact sum of the parts: the whole cost only where nothing is missing."""
        return total([part.amount for part in self.parts])

    @property
    def surplus(self) -> Money | None:
        """What the naltrexone costs that is crushed and never taken; None where tablets have no price."""
        return next((part.amount for part in self.parts if part.kind is CostKind.WASTE), None)

    def display(self) -> str:
        """The total for a person, which is a lower bound where a price is missing."""
        if not self.missing:
            return self.total.display()
        return f"at least {self.total.display()} (no price of {', '.join(self.missing)})"


@dataclass(frozen=True, slots=True)
class _Need:
    """So many units of a product that the course takes; `amount` is None where it cannot be told before a measurement."""

    product: str
    name: str
    amount: Fraction | None


def quote(
    formula: Formula, amounts_of_fills: Sequence[Amounts], container: Container, prices: Prices, policy: Policy, *, together: int = 1, place: int = 0
) -> Quote:
    """What the fills of a course would cost, each made as a batch of its own.

    Where `together` courses alike share each batch, the amounts are those of the whole batches, and the quote that of the course at `place`;
    those of all places sum to the batches.
    """
    batches, fills = len(amounts_of_fills), len(amounts_of_fills) * together
    left = sum((amounts.left for amounts in amounts_of_fills), Mass.of_mg(0))
    need, whole, source, of_what = _source(formula, amounts_of_fills)
    paid, no_source = _priced([need], prices)
    others, no_others = _priced(_ingredients(formula, amounts_of_fills, prices), prices)
    boxes, no_boxes = _priced([_Need(container.product, container.name, Fraction(fills))], prices)
    drug, waste = taken_and_waste(paid, whole, left)
    labels = policy.label_each * fills
    labour = labour_of(formula, policy)
    found = [
        CostPart(CostKind.INGREDIENTS, others, "what the formula takes, at what was paid last; a filler as if it filled the shells alone"),
        CostPart(CostKind.CONTAINER, boxes + labels, f"{fills} of {container.name}, each with a label at {policy.label_each.display()}"),
        CostPart(CostKind.LABOUR, labour * batches, f"{formula.minutes} standard minutes a batch at {policy.labour_an_hour.display()} an hour, {batches} x"),
        CostPart(CostKind.OVERHEAD, policy.overhead_a_fill * fills, f"{policy.overhead_a_fill.display()} a fill (policy), {fills} times"),
    ]
    if not no_source:
        taken = CostPart(CostKind.TABLETS, drug, f"{source} at what was paid last; the share that is taken")
        found = [taken, *found, CostPart(CostKind.WASTE, waste, f"{left} of {of_what} is never taken")]
    return Quote(share_cost(found, shares=(1,) * together, place=place), (*no_source, *no_others, *no_boxes))


def _source(formula: Formula, amounts_of_fills: Sequence[Amounts]) -> tuple[_Need, Mass, str, str]:
    """What the drug comes from, all of the drug in it, and both in words: tablets, or a stock solution of the strength that the formula reckons with."""
    item = formula.stock_solution
    if item is None:
        tablets = sum(amounts.tablets for amounts in amounts_of_fills)
        return _Need(TABLETS, "naltrexone tablets", Fraction(tablets)), TABLET_STRENGTH * tablets, f"{tablets} tablets", f"{tablets} x 50 mg"
    active = sum((amounts.active for amounts in amounts_of_fills), Mass.of_mg(0))
    volume = active / reckoned_strength(formula)
    return _Need(item.product, item.name, _units(volume)), active, f"{volume} of {item.name}", f"the {active} drawn"


def _priced(needs: Sequence[_Need], prices: Prices) -> tuple[Money, tuple[str, ...]]:
    """What those of `needs` cost that have a price, and the names of the others."""
    found, missing = [], []
    for need in needs:
        price = prices.by_product.get(need.product)
        if price is None or need.amount is None:
            missing.append(need.name)
        else:
            found.append(price.of(need.amount))
    return total(found), tuple(missing)


def _ingredients(formula: Formula, amounts_of_fills: Sequence[Amounts], prices: Prices) -> list[_Need]:
    made = sum((amounts.made for amounts in amounts_of_fills), Fraction(0))
    if formula.liquid is not None:
        portions = formula.liquid.portions(Volume(made))
        return [_Need(item.product, item.name, _units(portion)) for item, portion in portions if item is not formula.stock_solution]
    if formula.capsules is None:
        raise TypeError(formula.code)
    filler = formula.capsules.filler
    price = prices.by_product.get(filler.product)
    packed = next((pack.each for pack in price.packs if pack.size == formula.capsules.size), None) if price else None
    return [
        _Need(formula.capsules.shell, f"capsule shells of size {formula.capsules.size}", made),
        _Need(filler.product, filler.name, None if packed is None else _units(packed * made)),
    ]


def _units(portion: Mass | Volume) -> Fraction:
    return portion.mg * NANOGRAMS if isinstance(portion, Mass) else portion.ml * NANOLITRES
