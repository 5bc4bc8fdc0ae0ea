"""What a formula is made of, all the way down: a preparation of our own may be the source of another (a stock solution of its liquid)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.dilution import dilute
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Formula, Ingredient, Part
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.working import Working

ACTIVE_NAME = "Naltrexone hydrochloride, from 50 mg tablets"
_HUNDRED = Volume(Fraction(100))


@dataclass(frozen=True, slots=True)
class Component:
    """One component of 100 mL (or of one capsule), `depth` formulas down; `amount` is None for what is added to volume or to fill.

    `formula` and `version` are those of a preparation of our own, empty and 0 for what is bought.
    """

    depth: int
    name: str
    part: Part
    amount: Mass | Volume | None
    formula: str = ""
    version: int = 0


def sources(formula: Formula) -> tuple[Ingredient, ...]:
    """The ingredients of `formula` that are preparations of our own."""
    return tuple(item for item in formula.liquid.ingredients if item.made_here) if formula.liquid else ()


def source_of(item: Ingredient, book: Mapping[str, Formula]) -> Formula:
    """The formula that `item` is made by; `book` holds the newest approved one of each code. Raises `Invalid` where it has none that will do."""
    if item.made_here is None:
        raise TypeError(item.product)
    code, least = item.made_here.formula, item.made_here.version
    found = book.get(code)
    if found is None or found.version < least:
        have = f"the newest approved version is {found.version}" if found else "no version of it is approved"
        message = f"{item.name} is made by formula {code}, version {least} or later: {have}. Approve that formula first, or name another."
        raise Invalid("unknown-source", message, fields={"liquid.source.formula": (message,)})
    return found


def refuse_circle(formula: Formula, book: Mapping[str, Formula]) -> None:
    """Refuse a formula that would need itself, at whatever depth; raises `Invalid` with the way round, or for a source that is not there."""
    _walk(formula, formula.code, (formula.code,), book)


def _walk(formula: Formula, wanted: str, way: tuple[str, ...], book: Mapping[str, Formula]) -> None:
    for item in sources(formula):
        code = item.made_here.formula if item.made_here else ""
        if code in way:
            message = f"This goes round in a circle: {' needs '.join((*way, code))}. Choose a source that is made without {wanted}."
            raise Invalid("circle", message, fields={"liquid.source.formula": (message,)})
        _walk(source_of(item, book), wanted, (*way, code), book)


def strength_from(item: Ingredient, stock: Concentration) -> Concentration:
    """The strength that follows from the share of a stock solution in 100 mL (C1 V1 = C2 V2)."""
    if item.volume_in_100_ml is None:
        raise Unsafe("source-volume", f"{item.name} is the source of the active ingredient: say how many mL of it go into 100 mL.")
    return item.volume_in_100_ml * stock / _HUNDRED


def source_share(stock: Concentration, strength: Concentration) -> Volume:
    """How many mL of the stock solution 100 mL of `strength` take; raises `Unsafe` for a strength above the stock's."""
    return dilute(stock, strength, _HUNDRED).stronger


def source_working(item: Ingredient, stock: Formula, strength: Concentration) -> Working:
    """Why the volume of a stock solution is what it is."""
    if stock.liquid is None or item.volume_in_100_ml is None:
        raise Unsafe("source-volume", f"{item.name} must be a liquid, so many mL of it in 100 mL.")
    inputs = (("C1", str(stock.liquid.strength)), ("V1", f"{item.volume_in_100_ml}"), ("V2", f"{_HUNDRED}"))
    return Working("strength", "C2 = C1 x V1 / V2", inputs, strength_from(item, stock.liquid.strength).mg_per_ml, "mg/mL", "C1 V1 = C2 V2", str(strength))


def made_of(formula: Formula, book: Mapping[str, Formula]) -> tuple[Component, ...]:
    """Every component of 100 mL or of one capsule, each preparation of our own followed by what it is made of, a step deeper."""
    if formula.capsules:
        capsules = formula.capsules
        filler = Component(0, capsules.filler.name, capsules.filler.part, None)
        return (Component(0, ACTIVE_NAME, Part.ACTIVE, capsules.strength), filler, Component(0, f"Shell of size {capsules.size}", Part.SHELL, None))
    return tuple(_liquid(formula, _HUNDRED, 0, book))


def _liquid(formula: Formula, made: Volume, depth: int, book: Mapping[str, Formula]) -> Iterator[Component]:
    if formula.liquid is None:
        raise Unsafe("source-form", f"{formula.name} is no liquid and cannot be a stock solution: choose another source.")
    if formula.stock_solution is None:
        yield Component(depth, ACTIVE_NAME, Part.ACTIVE, made * formula.liquid.strength)
    for item, portion in formula.liquid.portions(made):
        bought = item.mass_in_100_ml is not None or item.volume_in_100_ml is not None
        if item.made_here is None:
            yield Component(depth, item.name, item.part, portion if bought else None)
            continue
        found = source_of(item, book)
        yield Component(depth, item.name, item.part, portion, found.code, found.version)
        if isinstance(portion, Volume):
            yield from _liquid(found, portion, depth + 1, book)
