"""Master formulas (USP <795> 7.1, Master Formulation Record): how a preparation is made, kept and described.

A formula is data. It holds what is true of every batch made from it; lots, dates, weights and patients do not belong here.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from compounding.domain.quantity import Concentration, Mass, Volume


class BeyondUseClass(StrEnum):
    """The classes of USP <795> Table 4; water activity of 0.60 and more is aqueous."""

    AQUEOUS_UNPRESERVED = "aqueous, not preserved"
    AQUEOUS_PRESERVED = "aqueous, preserved"
    NONAQUEOUS_LIQUID = "nonaqueous oral liquid"
    NONAQUEOUS_SOLID = "nonaqueous solid"


class Storage(StrEnum):
    """Where the preparation is kept (USP <659>): 2 to 8 C, or 20 to 25 C."""

    REFRIGERATOR = "refrigerator"
    ROOM = "room temperature"


class Part(StrEnum):
    """What an ingredient does in the formula; rules look at the part, since names alone would block every tablet (rule R17)."""

    ACTIVE = "source of the active ingredient"
    VEHICLE = "vehicle"
    PRESERVATIVE = "preservative"
    ANTIOXIDANT = "antioxidant"
    COSOLVENT = "cosolvent"
    FILLER = "filler"
    SHELL = "capsule shell"
    CONTAINER = "container"


class Method(StrEnum):
    """Whether all of the crushed tablets go in, or a weighed part of their powder."""

    WHOLE_TABLETS = "whole tablets"
    POWDER = "weighed powder"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One component of 100 mL of liquid: a mass, or a volume, or (neither) the vehicle that is added to volume."""

    product: str
    name: str
    part: Part
    mass_in_100_ml: Mass | None = None
    volume_in_100_ml: Volume | None = None


def _portion(item: Ingredient, share: Fraction) -> Mass | Volume | None:
    if item.mass_in_100_ml is not None:
        return item.mass_in_100_ml * share
    return None if item.volume_in_100_ml is None else item.volume_in_100_ml * share


@dataclass(frozen=True, slots=True)
class Stability:
    """A stability study of this very formulation in its container: `days` at `storage`.

    `antimicrobial_test`: it passed USP <51>, without which an aqueous preparation may not go beyond Table 4 (USP <795> 10.5).
    """

    storage: Storage
    days: int
    antimicrobial_test: bool
    source: str


@dataclass(frozen=True, slots=True)
class Preservative:
    """What keeps an aqueous preparation, its percentage (mass in volume), and the pH between which it works."""

    name: str
    percent: Fraction
    ph_low: Fraction
    ph_high: Fraction


@dataclass(frozen=True, slots=True)
class Liquid:
    """An oral liquid: its strength, how the volume is made up, and whether the doses may be counted in drops on the label.

    `made_up_to_mark`: the final volume stands on a mark of the graduate, every so many mL. `made_in_container`: it is made up in
    the bottle that is handed over, so the bottle holds all of it.
    """

    strength: Concentration
    ingredients: tuple[Ingredient, ...]
    preservative: Preservative | None
    made_up_to_mark: Volume
    made_in_container: bool = False
    drops_on_label: bool = False

    def portions(self, made: Volume) -> tuple[tuple[Ingredient, Mass | Volume], ...]:
        """How much of each ingredient `made` takes; the vehicle is what the measured volumes leave of it, added TO volume."""
        share = made.ml / 100
        measured = sum((item.volume_in_100_ml * share for item in self.ingredients if item.volume_in_100_ml), Volume.of_ml(0))
        return tuple((item, _portion(item, share) or made - measured) for item in self.ingredients)


@dataclass(frozen=True, slots=True)
class Capsules:
    """Hand-filled capsules: strength of one, shell size, filler, and how many more are made than dispensed."""

    strength: Mass
    size: str
    shell: str
    filler: Ingredient
    overage: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A trait that the finished preparation must show, and what is expected of it."""

    trait: str
    expected: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of a master formula; exactly one of `liquid` and `capsules` is set.

    `minutes` is the standard bench time of one batch, for its cost. `demonstration` marks values that a pharmacist has not signed.
    """

    code: str
    version: int
    name: str
    dosage_form: str
    beyond_use_class: BeyondUseClass
    storages: tuple[Storage, ...]
    stability: tuple[Stability, ...]
    method: Method
    usual_container: str
    minutes: int
    instructions: tuple[str, ...]
    checks: tuple[Check, ...]
    handling: tuple[str, ...]
    source: str
    demonstration: bool
    liquid: Liquid | None = None
    capsules: Capsules | None = None

    @property
    def strength_text(self) -> str:
        """The strength as the label says it: per mL, or of one capsule."""
        return str(self.liquid.strength) if self.liquid else str(self.capsules.strength) if self.capsules else ""
