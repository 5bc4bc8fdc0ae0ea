"""Lots of stock solution, and liquids that are drawn from them, for the tests of both pharmacists."""

from dataclasses import replace
from fractions import Fraction

from compounding.domain.formula import Formula, Ingredient, Liquid, MadeHere, Method, Part, made_product
from compounding.domain.inventory import Held, Lot, Made, StockUnit
from compounding.domain.quantity import Concentration, Mass, Volume
from tests.domain.examples import FAR, lot, unpreserved

WATER = Ingredient("purified-water", "Purified water", Part.VEHICLE)
BENZOATE = Held("sodium benzoate", Mass.of_mg(1))  # in each mL of the stock solution
PRESERVED = ("lactose monohydrate", "sodium benzoate")


def from_stock(code: str, stock: str, volume: str | Fraction = "10", *, least: int = 1, strength: str = "0.5") -> Formula:
    """A liquid that is made of a stock solution and water."""
    made = MadeHere(stock, least)
    source = Ingredient(made_product(stock), f"Stock solution {stock}", Part.ACTIVE, volume_in_100_ml=Volume.of_ml(volume), made_here=made)
    liquid = Liquid(Concentration.of(strength), (source, WATER), None, Volume.of_ml(1))
    return replace(unpreserved("L1"), code=code, name=f"From stock {stock}", liquid=liquid, method=Method.STOCK, demonstration=False)


def stock_lot(
    ml: str | int | Fraction = 100, *, strength: str | Fraction = "5", number: str = "S1", version: int = 1, code: str = "L2", expires_on: object = FAR
) -> Lot:
    """So many mL of a stock solution that was made here."""
    made = Made(code, version, Concentration.of(strength), (BENZOATE,))
    found = lot(made_product(code), Volume.of_ml(ml).nanolitres, StockUnit.NANOLITRE, number=number)
    return replace(found, made=made, excipients=PRESERVED, expires_on=expires_on)
