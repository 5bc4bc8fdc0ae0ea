"""What a course would cost in each way that the pharmacy could make it, side by side, before anything is made. Nothing here chooses.

The first way is where one stands: as it was planned, or as the pharmacy would choose. Every other changes one thing of it (the method, the
container, where it is kept) or is the best way by another formula (preserved or not, another strength); and the batches of the first may be
shared with so many courses alike, by either method.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from compounding.domain.beyond_use import shelf_days
from compounding.domain.cost import monthly
from compounding.domain.errors import PharmacyError, Unsafe
from compounding.domain.formula import Method
from compounding.domain.money import Money
from compounding.domain.option import AtHand, Option
from compounding.domain.plan import Choices, FillPlan
from compounding.domain.planner import laid_out
from compounding.domain.pool import Kind
from compounding.domain.preparation import Amounts
from compounding.domain.prescription import Regimen
from compounding.domain.pricing import Charge, charge
from compounding.domain.quantity import Mass
from compounding.domain.quote import Prices, Quote, quote


@dataclass(frozen=True, slots=True)
class Sum:
    """What one course takes in a way: `tablets`, `surplus` (crushed and never taken) and `minutes` are its share where a batch is shared.

    Each of the `containers` is good for `shelf` days, and the first through `until`; `remakes` are made because the one before reached its date.
    """

    containers: int
    remakes: int
    tablets: Fraction
    surplus: Mass
    minutes: Fraction
    shelf: int
    until: date
    days: int
    quote: Quote
    charge: Charge

    @property
    def margin(self) -> Money:
        """What is asked less what it costs; of what has no price, nothing is in either."""
        return self.charge.asked - self.quote.total

    @property
    def month(self) -> Money:
        """What 30 days of it cost."""
        return monthly(self.quote.total, self.days)


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what it changes of the first, how it is made, with how many courses `together`, and what comes of it.

    `usual`: the formula's own method, first storage and usual container, made alone. `refused` says why it cannot be, and there is then no `sum`.
    """

    change: str
    choices: Choices
    together: int
    usual: bool
    sum: Sum | None
    refused: str = ""


def what_if(regimen: Regimen, first: Choices, options: Sequence[Option], house: AtHand, prices: Prices, *, together: int, standing: str) -> tuple[Way, ...]:
    """Every way beside `first`, which is `standing` ("as planned"); `options` are the ways of the chooser, the best first."""
    return tuple(
        _way(variant, regimen, house, prices)
        for variant in (
            (standing, first, 1),
            *_other_methods(first),
            *_other_storages(first),
            *_other_formulas(first, options, house),
            *_other_containers(first, house),
            *_shared(first, together),
        )
    )


def cheapest(ways: Sequence[Way]) -> Way | None:
    """The way that costs least, the earlier of two; None where no way has every price."""
    whole = [way for way in ways if way.sum and not way.sum.quote.missing]
    return min(whole, key=lambda way: way.sum.quote.total.micros if way.sum else 0, default=None)


Variant = tuple[str, Choices, int]


def _other_methods(first: Choices) -> Iterator[Variant]:
    if first.formula.liquid is not None:
        yield from ((f"{method}", replace(first, method=method), 1) for method in Method if method is not first.method)


def _other_storages(first: Choices) -> Iterator[Variant]:
    yield from ((f"kept at {storage}", replace(first, storage=storage), 1) for storage in first.formula.storages if storage is not first.storage)


def _other_formulas(first: Choices, options: Sequence[Option], house: AtHand) -> Iterator[Variant]:
    """Each other formula by its best way: its own method and first storage, with what measures it best."""
    seen = {first.formula.code}
    boxes = {item.product: item for item in house.containers}
    for option in options:
        made = option.formula
        if made.code in seen or (option.outcome is None and any(other.formula == made and other.outcome for other in options)):
            continue
        seen.add(made.code)
        container = option.outcome.contained.container if option.outcome else boxes.get(made.usual_container, first.container)
        overage = made.capsules.overage if made.capsules else 0
        yield made.name, Choices(made, made.storages[0], container, made.method, first.starts_on, option.device, first.lead_days, overage=overage), 1


def _other_containers(first: Choices, house: AtHand) -> Iterator[Variant]:
    for item in house.containers:
        is_vial = item.capsules is not None
        if item.product != first.container.product and is_vial == (first.formula.capsules is not None):
            yield f"in {item.name}", replace(first, container=item), 1


def _shared(first: Choices, together: int) -> Iterator[Variant]:
    for choices in (first, *(changed for _, changed, _ in _other_methods(first))):
        by = "" if choices is first else f", {choices.method}"
        yield f"each batch shared by {together} courses alike{by}", choices, together


def _way(variant: Variant, regimen: Regimen, house: AtHand, prices: Prices) -> Way:
    change, choices, together = variant
    formula = choices.formula
    usual = together == 1 and (choices.method, choices.storage, choices.container.product) == (formula.method, formula.storages[0], formula.usual_container)
    try:
        _, fills = laid_out(regimen, choices, today=house.today, policy=house.policy)
        batches = [_batch(fill, choices, together, house) for fill in fills]
    except PharmacyError as refusal:
        return Way(change, choices, together, usual, None, refusal.sentence)
    priced = quote(formula, batches, choices.container, prices, house.policy, together=together)
    shelf, _ = shelf_days(formula, choices.storage)
    found = Sum(
        containers=len(fills),
        remakes=sum(before.closes_on == before.until for before in fills[:-1]),
        tablets=Fraction(sum(amounts.tablets for amounts in batches), together),
        surplus=sum((amounts.left for amounts in batches), Mass.of_mg(0)) * Fraction(1, together),
        minutes=Fraction(formula.minutes * len(batches), together),
        shelf=shelf,
        until=fills[0].until,
        days=regimen.days,
        quote=priced,
        charge=charge(priced.parts, house.policy, fills=len(fills)),
    )
    return Way(change, choices, together, usual, found)


def _batch(fill: FillPlan, choices: Choices, together: int, house: AtHand) -> Amounts:
    """What the batch of a fill takes: its own amounts, or those of so many fills alike; raises `Unsafe` where they cannot share one."""
    if together == 1:
        return fill.amounts
    if choices.formula.liquid is not None and choices.formula.liquid.made_in_container:
        message = "It is made in the bottle that is handed over, so that no batch is shared."
        raise Unsafe("pool-apart", message)
    kind = Kind(choices.formula, choices.method, house.policy)
    need = (fill.amounts.made if choices.formula.capsules is not None else fill.amounts.dispensed) * together
    if not kind.fits(need):
        message = f"Together they are more than one batch may be, {kind.said_most}."
        raise Unsafe("pool-large", message)
    return kind.amounts(fill.amounts.used * together, need)
