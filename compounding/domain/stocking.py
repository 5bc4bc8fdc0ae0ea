"""Made for stock: a batch without a fill, in containers that wait for somebody, or as a volume of stock solution.

It is one formula version, kept in one way. When it is released it becomes a lot like any other, whose expiry is the beyond-use date. A
fill may then be served from it: with one container that holds what the fill needs, and only where the date covers its last dose.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NoReturn

from compounding.domain.dilution import ceiling
from compounding.domain.errors import Conflict, Invalid, Unsafe
from compounding.domain.explain import left_working, source_working
from compounding.domain.formula import Formula, Storage, made_product
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.pool import Kind
from compounding.domain.preparation import Amounts, Container, ForStock
from compounding.domain.quantity import NANOLITRES, decimal_text
from compounding.domain.wording import said
from compounding.domain.working import Working

MOST_CONTAINERS = 200  # of one batch: a form that asks for more was mistyped


@dataclass(frozen=True, slots=True)
class StockRequest:
    """What somebody asks for, by code: so many `containers` with `each` mL or capsules in it, or else so much `volume` (mL) of stock solution."""

    formula: str
    container: str
    storage: Storage | None = None
    containers: int | None = None
    each: Fraction | None = None
    volume: Fraction | None = None


def for_stock(request: StockRequest, formula: Formula, container: Container) -> ForStock:
    """What is made for `request`; raises `Invalid` naming each field that is missing or cannot be, and `Unsafe` for a formula that is not made so."""
    if formula.liquid is not None and formula.liquid.made_in_container:
        raise Unsafe("made-in-container", f"{formula.name} is made in the bottle that is handed over: it is drawn up for its fill, and never for stock.")
    holds = _holds(container, formula)
    if not holds:
        _refuse("container", f"{container.name} is not for {formula.name}. Choose a container for that form.")
    if request.volume is not None:
        return _bulk(request, request.volume, formula, container, holds)
    unit = "capsules" if formula.capsules is not None else "mL"
    if request.containers is None or not 1 <= request.containers <= MOST_CONTAINERS:
        _refuse("containers", f"Write how many containers are made, 1 to {MOST_CONTAINERS}; or write a volume of stock solution instead.")
    each = holds if request.each is None else request.each
    if not 0 < each <= holds:
        _refuse("each", f"{container.name} holds at most {decimal_text(holds)} {unit}. Write how much goes into each.")
    if formula.capsules is not None and each.denominator != 1:
        _refuse("each", "Write whole capsules.")
    overage = formula.capsules.overage if formula.capsules else 0
    return ForStock(formula.code, formula.version, container, request.containers, each * request.containers, overage=overage)


def _holds(container: Container, formula: Formula) -> Fraction:
    """What can be got out of a container: mL, or capsules; nothing where it is for the other form."""
    if formula.capsules is not None:
        return Fraction(container.capsules or 0)
    return (container.volume - container.unusable).ml if container.volume else Fraction(0)


def _bulk(request: StockRequest, volume: Fraction, formula: Formula, container: Container, holds: Fraction) -> ForStock:
    if formula.liquid is None:
        _refuse("volume", "Only a liquid is made as a volume. Write how many containers instead.")
    if request.containers is not None or request.each is not None:
        _refuse("volume", "Write either how many containers are made, or a volume of stock solution.")
    if volume <= 0:
        _refuse("volume", "Write the volume in mL, more than nothing.")
    return ForStock(formula.code, formula.version, container, ceiling(volume / holds), volume, bulk=True)


def stock_amounts(stock: ForStock, formula: Formula, policy: Policy) -> Amounts:
    """The amounts of a batch for stock, by the rules of every other batch; raises `Conflict` where it is more than one batch may be."""
    kind = Kind(formula, formula.method, policy)
    need = stock.total + stock.overage
    if not kind.fits(need):
        raise Conflict("stock-large", f"This is more than one batch may be, {kind.said_most}. Make less at a time.")
    return kind.amounts(stock.total, need)


def stock_workings(stock: ForStock, amounts: Amounts, formula: Formula) -> tuple[Working, ...]:
    """Why the numbers of a batch for stock are what they are."""
    unit = "capsules" if formula.capsules else "mL"
    wanted = (("Containers", str(stock.count)), ("Together", f"{decimal_text(stock.total)} {unit}"))
    made, strength = ("Made", f"{decimal_text(amounts.made)} {unit}"), ("Strength", formula.strength_text)
    source = source_working(amounts, formula, "stock")
    how = f"by {amounts.method}, to a mark of the graduate" if formula.liquid else "with those made for loss"
    return (
        Working("stock.total", "what is asked for", wanted, amounts.dispensed, unit, "The request"),
        Working("stock.made", how, wanted, amounts.made, unit, "USP <795>; q.s. by volume"),
        Working("stock.active", "made x strength", (made, strength), amounts.active.mg, "mg", "Conservation of mass"),
        replace(source, shown=str(amounts.tablets)) if amounts.tablets else source,
        left_working(amounts, "stock", f"{decimal_text(stock.total)} {unit} of {formula.strength_text}"),
    )


def shelved(stock: ForStock, made: Fraction) -> int:
    """How much of a finished batch goes on the shelf: whole containers, or nanolitres; raises `Unsafe` where it fills not even one."""
    amount = min(made, stock.total)
    count = int(amount * NANOLITRES) if stock.bulk else int(amount / stock.each)
    if count < 1:
        raise Unsafe("yield-short", f"{decimal_text(made)} fills not even one container. Reject the batch and make it again.")
    return count


def product_of(stock: ForStock, formula: Formula) -> Product:
    """The product that a lot of this batch is one of; one of each formula version, and of each size of container."""
    code = f"{made_product(formula.code)}-v{formula.version}"
    if stock.bulk:
        return Product(code, made_product(formula.code), f"{formula.name}, stock solution", "made here", StockUnit.NANOLITRE, made_here=True)
    own = f"{code}-{decimal_text(stock.each)}-in-{stock.container.product}"
    return Product(own, own, f"{formula.name}, {size_text(stock, formula)}", "made here", StockUnit.PIECE, made_here=True)


def size_text(stock: ForStock, formula: Formula) -> str:
    """What one container holds, as people say it."""
    unit = "capsules" if formula.capsules else "mL"
    return f"{decimal_text(stock.each)} {unit} in {stock.container.name}"


def unfit(stock: ForStock, plan: Plan, amounts: Amounts, *, storage: Storage, until: date, closes_on: date) -> str:
    """Why a container of this batch cannot serve a fill of `plan` that needs `amounts`; empty if it can."""
    if stock.bulk:
        return "It is a stock solution, and is not handed over."
    if (stock.formula, stock.formula_version) != (plan.formula, plan.formula_version):
        own, wanted = (stock.formula, stock.formula_version), (plan.formula, plan.formula_version)
        return f"It is made by formula {own[0]}, version {own[1]}; this fill by {wanted[0]}, version {wanted[1]}."
    if storage is not plan.storage:
        return f"It is kept at {storage}; this fill is planned at {plan.storage}."
    capsules = plan.steps[0].capsules is not None
    if stock.each < amounts.dispensed or (capsules and stock.each != amounts.dispensed):
        unit = "capsules" if capsules else "mL"
        return f"It holds {decimal_text(stock.each)} {unit}; this fill needs {decimal_text(amounts.dispensed)} {unit}."
    if until < closes_on:
        return f"Its beyond-use date is {said(until)}, before the last dose on {said(closes_on)}: it does not cover the days' supply."
    return ""


def _refuse(field: str, message: str) -> NoReturn:
    raise Invalid("for-stock", message, fields={field: (message,)})
