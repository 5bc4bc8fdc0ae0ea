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
    """How the drug goes in: all of the crushed tablets, a weighed part of their powder, or so much of a lot that was made here."""

    WHOLE_TABLETS = "whole tablets"
    POWDER = "weighed powder"
    STOCK = "drawn from stock"


FROM_TABLETS = (Method.WHOLE_TABLETS, Method.POWDER)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What of a component matters beside its name (USP <795> 7.1): salt form or hydrate, particle size, purity grade, anything else."""

    salt_form: str = ""
    particle_size: str = ""
    grade: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class MadeHere:
    """Another master formula as the source of an ingredient: its code, and the least version that will do."""

    formula: str
    version: int = 1


def made_product(code: str) -> str:
    """The product that a lot of what formula `code` makes stands for, so that it is picked like anything that was bought."""
    return f"formula-{code}"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One component of 100 mL of liquid: a mass, or a volume, or (neither) the vehicle that is added to volume.

    `made_here` is set where it is a preparation of our own; `product` is then `made_product` of its formula.
    """

    product: str
    name: str
    part: Part
    mass_in_100_ml: Mass | None = None
    volume_in_100_ml: Volume | None = None
    characteristics: Characteristics = Characteristics()
    made_here: MadeHere | None = None


def _portion(item: Ingredient, share: Fraction) -> Mass | Volume | None:
    if item.mass_in_100_ml is not None:
        return item.mass_in_100_ml * share
    return None if item.volume_in_100_ml is None else item.volume_in_100_ml * share


@dataclass(frozen=True, slots=True)
class Stability:
    """A stability study of this very formulation in its container: `days` at `storage`.

    `antimicrobial_test`: it passed USP <51>, without which an aqueous preparation may not go beyond Table 4 (USP <795> 10.5).
    `stability_indicating`: whether its method tells the drug from what it turns into, without which nothing is extended; None where
    the publication was not read for it.
    """

    storage: Storage
    days: int
    antimicrobial_test: bool
    source: str
    container: str = ""
    vehicle: str = ""
    stability_indicating: bool | None = None
    remark: str = ""


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

    @property
    def stock_solution(self) -> Ingredient | None:
        """The preparation of our own that brings the active ingredient; None where tablets do."""
        return next((item for item in self.ingredients if item.part is Part.ACTIVE), None)

    def portions(self, made: Volume, *, drawn: Volume | None = None) -> tuple[tuple[Ingredient, Mass | Volume], ...]:
        """How much of each ingredient `made` takes; the vehicle is what the measured volumes leave of it, added TO volume.

        `drawn` is what the lots at hand give of the stock solution, where they are known; it may be none of the share that the formula says.
        """
        share = made.ml / 100
        known = {} if drawn is None else {item: drawn for item in self.ingredients if item.part is Part.ACTIVE}
        portions = [(item, known.get(item) or _portion(item, share)) for item in self.ingredients]
        poured = sum((portion for _, portion in portions if isinstance(portion, Volume)), Volume.of_ml(0))
        return tuple((item, portion or made - poured) for item, portion in portions)


@dataclass(frozen=True, slots=True)
class Capsules:
    """Hand-filled capsules: strength of one, shell size, filler, and how many more are made than dispensed."""

    strength: Mass
    size: str
    shell: str
    filler: Ingredient
    overage: int = 0
    shell_characteristics: Characteristics = Characteristics()


@dataclass(frozen=True, slots=True)
class Check:
    """A trait that the finished preparation must show, what is expected of it, and how it is looked for."""

    trait: str
    expected: str
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class ContainerClosure:
    """A container with its closure, in which the preparation is kept; `container` is the product as stock calls it."""

    container: str
    material: str
    closure: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """A sum by which amounts or strength are found or verified, written out."""

    what: str
    rule: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Something else that must be so for a batch to come out alike: the pH is adjusted, the room is at a temperature."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Formula:
    """One version of a master formula, with every field of USP <795> 7.1; exactly one of `liquid` and `capsules` is set.

    `minutes` is the standard bench time of one batch, for its cost. `demonstration` marks values that a pharmacist has not signed.
    `handling` is printed on the label, `labelling` says what must be true of label and leaflet beside that. `active` is the tablet's
    drug. `date_source` is the reference for the beyond-use date, `change` says why this version was written. What stands below
    `demonstration` was added later: documents from before read as empty there.
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
    active: Characteristics = Characteristics()
    containers: tuple[ContainerClosure, ...] = ()
    equipment: tuple[str, ...] = ()
    supplies: tuple[str, ...] = ()
    description: str = ""
    date_source: str = ""
    calculations: tuple[Calculation, ...] = ()
    labelling: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    change: str = ""

    @property
    def stock_solution(self) -> Ingredient | None:
        """The preparation of our own that brings the active ingredient; None where tablets do."""
        return self.liquid.stock_solution if self.liquid else None

    @property
    def strength_text(self) -> str:
        """The strength as the label says it: per mL, or of one capsule."""
        return str(self.liquid.strength) if self.liquid else str(self.capsules.strength) if self.capsules else ""
