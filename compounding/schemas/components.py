"""The shapes of what a formula is made of: its components with their characteristics, its preservative, its stock solution."""

import re
from enum import Enum
from fractions import Fraction
from typing import Any

from marshmallow import post_load

from compounding.domain.formula import Capsules, Characteristics, Ingredient, Liquid, MadeHere, Part, Preservative, made_product
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.schemas.fields import Amount, Choice, Dose, Reading, Whole, YesNo
from compounding.schemas.shapes import Part as PartOf
from compounding.schemas.shapes import Rows, Shape, refuse
from compounding.schemas.texts import Matching, Text

_CODE = re.compile(r"[A-Z][A-Z0-9.-]{0,19}", re.ASCII)
_UNIT_MASSES = {"mg": 1, "g": 1000}


class Unit(Enum):
    """In what the amount of an ingredient in 100 mL is written."""

    MG = "mg"
    G = "g"
    ML = "mL"
    TO_VOLUME = "to volume"


class Code(Matching):
    """A formula's code."""

    ask = "Write a short code in capitals, digits, points and hyphens, such as L1-1.5."
    form = _CODE


class CharacteristicsSchema(Shape):
    """`Characteristics`."""

    salt_form = Text(most=120, load_default="")
    particle_size = Text(most=120, load_default="")
    grade = Text(most=120, load_default="")
    other = Text(most=300, load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Characteristics:
        """The value."""
        return Characteristics(**data)


class IngredientSchema(Shape):
    """`Ingredient` that is bought: so much of it in 100 mL, or added to volume. Its name is that of the product."""

    product = Text(most=60, required=True, ask="Choose the product.")
    part = Choice.of(Part, required=True, ask="Choose what it does in the formula.")
    amount = Amount(load_default=None, ask='Write how much goes into 100 mL, such as "0.5" or "20".')
    unit = Choice.of(Unit, required=True, ask="Choose the unit, or that it is added to volume.")
    characteristics = PartOf(CharacteristicsSchema, load_default=Characteristics())

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Ingredient:
        """The value."""
        amount, unit = data["amount"], data["unit"]
        if (amount is None) != (unit is Unit.TO_VOLUME):
            refuse({"amount": ["Write an amount with its unit, or choose that it is added to volume and leave this empty."]})
        mass = Mass(amount * _UNIT_MASSES[unit.value]) if unit in {Unit.MG, Unit.G} else None
        volume = Volume(amount) if unit is Unit.ML else None
        return Ingredient(data["product"], data["product"], data["part"], mass, volume, data["characteristics"])


class PreservativeSchema(Shape):
    """`Preservative`."""

    name = Text(most=120, required=True, ask="Name the preservative.")
    percent = Dose(required=True, ask='Write the percent of it, mass in volume, such as "0.1".')
    ph_low = Reading(required=True, ask='Write the lowest pH at which it works, such as "3".')
    ph_high = Reading(required=True, ask='Write the highest pH at which it works, such as "4.5".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Preservative:
        """The value."""
        return Preservative(**data)


class StockSchema(Shape):
    """The stock solution that a liquid is made from, so many mL in 100 mL, by a version of its formula or a later one."""

    formula = Code(required=True, ask="Choose the formula of the stock solution.")
    version = Whole(least=1, most=9999, load_default=1)
    volume = Amount(required=True, ask='Write how many mL of it go into 100 mL, such as "10".')

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Ingredient:
        """The value."""
        made = MadeHere(data["formula"], data["version"])
        return Ingredient(made_product(made.formula), made.formula, Part.ACTIVE, volume_in_100_ml=Volume(data["volume"]), made_here=made)


class LiquidSchema(Shape):
    """What only a liquid has."""

    made_up_to_mark = Amount(required=True, ask='Write from mark to mark of the graduate in mL, such as "1".')
    made_in_container = YesNo(load_default=False)
    drops_on_label = YesNo(load_default=False)
    source = PartOf(StockSchema, load_default=None)
    preservative = PartOf(PreservativeSchema, load_default=None)
    ingredients = Rows(PartOf(IngredientSchema), least=1, most=30, required=True, ask="Name at least the vehicle.")


class CapsulesSchema(Shape):
    """What only capsules have."""

    size = Text(most=3, required=True, ask="Choose the size of the shell.")
    shell = Text(most=60, required=True, ask="Choose the shell.")
    filler = Text(most=60, required=True, ask="Choose the filler.")
    filler_characteristics = PartOf(CharacteristicsSchema, load_default=Characteristics())
    shell_characteristics = PartOf(CharacteristicsSchema, load_default=Characteristics())
    overage = Whole(least=0, most=50, load_default=0)


def liquid_of(data: dict[str, Any], strength: Fraction) -> Liquid:
    """The liquid of this strength that `LiquidSchema` loaded; its stock solution stands first."""
    source = () if data["source"] is None else (data["source"],)
    ingredients = (*source, *data["ingredients"])
    mark = Volume(data["made_up_to_mark"])
    return Liquid(Concentration(strength), ingredients, data["preservative"], mark, data["made_in_container"], data["drops_on_label"])


def capsules_of(data: dict[str, Any], strength: Fraction) -> Capsules:
    """The capsules of this strength that `CapsulesSchema` loaded."""
    filler = Ingredient(data["filler"], data["filler"], Part.FILLER, characteristics=data["filler_characteristics"])
    return Capsules(Mass(strength), data["size"], data["shell"], filler, data["overage"], data["shell_characteristics"])
