"""Whether a master formula may be approved: its states, and every reason why not, each at its field of the form.

What is asked here was asked of the form already where it could be; it is asked again of the very value that is signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from compounding.domain import states
from compounding.domain.beyond_use import MOST_DAYS, TABLE_4, assigned_class, shelf_days
from compounding.domain.composition import made_of, refuse_circle, source_of, strength_from
from compounding.domain.errors import Forbidden, Invalid, Unsafe
from compounding.domain.formula import BeyondUseClass, Capsules, Formula, Liquid, Method, Part, Storage
from compounding.domain.quantity import Mass, Volume, decimal_text
from compounding.domain.safety import is_bad_filler

AQUEOUS = frozenset({BeyondUseClass.AQUEOUS_PRESERVED, BeyondUseClass.AQUEOUS_UNPRESERVED})
# Names of ingredients that bring water: with one of them a liquid is aqueous (water activity of 0.60 and more, USP <795> 10.3).
_WATERY = ("water", "saline", "syrup", "juice", "aqueous", "sorbitol solution", "sodium chloride")


class FormulaStatus(StrEnum):
    """Where a version of a formula stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


_NEXT: dict[FormulaStatus, frozenset[FormulaStatus]] = {
    FormulaStatus.DRAFT: frozenset({FormulaStatus.APPROVED}),
    FormulaStatus.APPROVED: frozenset({FormulaStatus.RETIRED}),
    FormulaStatus.RETIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why a formula may not be approved, at its field of the form."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class House:
    """What a formula may name: the newest approved formula of each code, the names of products and of containers by what they stand for."""

    book: Mapping[str, Formula]
    products: Mapping[str, str]
    containers: Mapping[str, str]


def advance(status: FormulaStatus, to: FormulaStatus) -> FormulaStatus:
    """`to`, if a formula may go there from `status`; else `Conflict`."""
    return states.advance(_NEXT, status, to, thing="formula")


def refuse_own(author: UUID | None, approver: UUID) -> None:
    """A formula is approved by somebody else than who wrote it."""
    if author == approver:
        raise Forbidden("two-people", "You wrote this formula. A second person, a pharmacist, reads and approves it.")


def refuse_unfit(formula: Formula, house: House) -> None:
    """Raise `Invalid` with every objection, at its field."""
    fields: dict[str, tuple[str, ...]] = {}
    for found in objections(formula, house):
        fields[found.field] = (*fields.get(found.field, ()), found.sentence)
    if fields:
        raise Invalid("unfit-formula", "This formula cannot be approved as it stands.", fields=fields)


def objections(formula: Formula, house: House) -> tuple[Objection, ...]:
    """Every reason why `formula` may not be approved; none if it may."""
    return (*_gaps(formula), *_class(formula, house), *_dates(formula), *_parts(formula, house), *_sources(formula, house))


def longest(formula: Formula, storage: Storage) -> int:
    """The most days that USP <795> 10 allows at `storage`, found by another way than `shelf_days`: Table 4, or 180 days where a study may extend."""
    kind = assigned_class(formula)
    extending = [
        study for study in formula.stability if study.storage is storage and study.stability_indicating and (kind not in AQUEOUS or study.antimicrobial_test)
    ]
    return MOST_DAYS if extending and kind is not BeyondUseClass.AQUEOUS_UNPRESERVED else TABLE_4[kind]


def _gaps(formula: Formula) -> Iterator[Objection]:
    """Every field of USP <795> 7.1 has something in it."""
    asked: tuple[tuple[str, object, str], ...] = (
        ("name", formula.name, "Write the name of the preparation."),
        ("active.salt_form", formula.active.salt_form, "Say which salt of the active ingredient it is."),
        ("containers", formula.containers, "Say in which container, with which closure, it is kept."),
        ("equipment", formula.equipment, "Say what it is made with."),
        ("instructions", formula.instructions, "Write the steps of making it."),
        ("description", formula.description, "Describe the finished preparation, so that another one is seen to differ."),
        ("storages", formula.storages, "Say where it is kept."),
        ("date_source", formula.date_source, "Name the source of the beyond-use date, such as USP <795> Table 4."),
        ("calculations", formula.calculations, "Write by which sums amounts and strength are found and verified."),
        ("handling", formula.handling or formula.labelling, "Say what the label must tell."),
        ("checks", formula.checks, "Name a quality control with its expected result."),
        ("source", formula.source, "Name the source of the formula."),
    )
    yield from (Objection(field, sentence) for field, value, sentence in asked if not value)
    if formula.version > 1 and not formula.change:
        yield Objection("change", "Say why this version was written.")
    if (formula.liquid is None) == (formula.capsules is None):
        yield Objection("dosage_form", "A formula is of a liquid or of capsules, and of one of them.")


def _class(formula: Formula, house: House) -> Iterator[Objection]:
    kind, liquid = formula.beyond_use_class, formula.liquid
    if (kind is BeyondUseClass.NONAQUEOUS_SOLID) != (formula.capsules is not None):
        yield Objection("beyond_use_class", f"{kind.capitalize()} does not go with {formula.dosage_form}. Choose the class of this dosage form.")
    if liquid is None:
        return
    watery = [item.name for item in liquid.ingredients if any(word in item.name.casefold() for word in _WATERY)]
    if kind is BeyondUseClass.NONAQUEOUS_LIQUID and watery:
        yield Objection("beyond_use_class", f"{watery[0]} brings water: the liquid is aqueous (water activity of 0.60 and more). Choose an aqueous class.")
    if kind is BeyondUseClass.AQUEOUS_PRESERVED:
        yield from _preservative(liquid, formula, house)
    if assigned_class(formula) is BeyondUseClass.AQUEOUS_UNPRESERVED and formula.storages != (Storage.REFRIGERATOR,):
        yield Objection("storages", "A liquid that is not preserved is kept in the refrigerator alone (USP <795> 10.3).")


def _preservative(liquid: Liquid, formula: Formula, house: House) -> Iterator[Objection]:
    kept_by = liquid.preservative
    if kept_by is None:
        yield Objection(
            "liquid.preservative.name", "Preserved is a property of the formula: name the preservative, its percent and its pH, or choose not preserved."
        )
        return
    if not 0 < kept_by.percent <= 100:
        yield Objection("liquid.preservative.percent", "Write how many percent of the preservative there are, mass in volume.")
    if not 0 < kept_by.ph_low <= kept_by.ph_high <= 14:
        yield Objection("liquid.preservative.ph_low", "Write the lowest and the highest pH at which the preservative works, between 0 and 14.")
    masses = _preserving(formula, house)
    wanted = Mass(kept_by.percent * 1000)  # one percent is a gram in 100 mL
    if masses and sum(masses, Mass.of_mg(0)) != wanted:
        held = sum(masses, Mass.of_mg(0))
        message = f"{decimal_text(kept_by.percent)} % are {wanted} in 100 mL, and the ingredients hold {held}. Correct one of them."
        yield Objection("liquid.preservative.percent", message)
    brings = any(item.part in {Part.PRESERVATIVE, Part.VEHICLE} or item.made_here for item in liquid.ingredients)
    if not masses and not brings:
        yield Objection("liquid.preservative.name", f"No ingredient brings {kept_by.name}. Add it, or choose not preserved.")


def _preserving(formula: Formula, house: House) -> list[Mass]:
    """The masses of preservative in 100 mL, those that a stock solution brings among them; what is wrong with the source is said at the source."""
    try:
        return [item.amount for item in made_of(formula, house.book) if item.part is Part.PRESERVATIVE and isinstance(item.amount, Mass)]
    except (Invalid, Unsafe):
        return []


def _dates(formula: Formula) -> Iterator[Objection]:
    for number, study in enumerate(formula.stability):
        if study.days < 1:
            yield Objection(f"studies.{number}.days", "Write how many days were studied.")
        if study.storage not in formula.storages:
            yield Objection(f"studies.{number}.storage", f"The preparation is not kept at {study.storage}: this study says nothing of it.")
    for storage in formula.storages:
        try:
            days, _ = shelf_days(formula, storage)
        except Unsafe as error:
            yield Objection("storages", error.sentence)
            continue
        if days > longest(formula, storage):
            yield Objection("studies", f"{days} days at {storage} are more than the {longest(formula, storage)} that USP <795> 10 allows.")


def _parts(formula: Formula, house: House) -> Iterator[Objection]:
    if formula.liquid:
        yield from _mixture(formula.liquid, house)
    if formula.capsules:
        yield from _solid(formula.capsules, formula, house)
    for number, kept_in in enumerate(formula.containers):
        if kept_in.container not in house.containers:
            yield Objection(f"containers.{number}.container", f"{kept_in.container} is no container of this pharmacy. Add it to stock, or choose another.")
    if formula.usual_container not in {kept_in.container for kept_in in formula.containers}:
        yield Objection("usual_container", "The usual container is not among those that the formula names. Add it there with its closure.")


def _mixture(liquid: Liquid, house: House) -> Iterator[Objection]:
    poured = sum((item.volume_in_100_ml for item in liquid.ingredients if item.volume_in_100_ml), Volume.of_ml(0))
    to_volume = [item for item in liquid.ingredients if item.mass_in_100_ml is None and item.volume_in_100_ml is None]
    if len(to_volume) != 1:
        yield Objection("liquid.ingredients", f"One ingredient is added to volume, and here are {len(to_volume)}. Give the others an amount.")
    if poured.ml >= 100:
        yield Objection("liquid.ingredients", f"{poured} are poured into 100 mL, and nothing is left for the vehicle. Correct the amounts.")
    if liquid.strength.mg_per_ml <= 0 or liquid.made_up_to_mark.ml <= 0:
        yield Objection("strength", "Strength and mark of the graduate are more than zero.")
    for number, item in enumerate(item for item in liquid.ingredients if item.made_here is None):
        if item.part is Part.ACTIVE:
            yield Objection(f"liquid.ingredients.{number}.part", "The active ingredient comes from tablets, or from a stock solution: choose another part.")
        if item.product not in house.products:
            yield Objection(f"liquid.ingredients.{number}.product", f"{item.product} is no product of this pharmacy. Add it to stock, or choose another.")


def _solid(capsules: Capsules, formula: Formula, house: House) -> Iterator[Objection]:
    if capsules.strength.mg <= 0:
        yield Objection("strength", "The strength is more than zero.")
    if formula.method is not Method.POWDER:
        yield Objection("method", "Capsules are filled with weighed powder: choose it.")
    if is_bad_filler(capsules.filler.name) or is_bad_filler(capsules.filler.product.replace("-", " ")):
        message = f"{capsules.filler.name} lowers or delays the absorption: calcium carbonate and slow-release polymers are no fillers here (rule R17)."
        yield Objection("capsules.filler", message)
    for field, product in (("capsules.filler", capsules.filler.product), ("capsules.shell", capsules.shell)):
        if product not in house.products:
            yield Objection(field, f"{product} is no product of this pharmacy. Add it to stock, or choose another.")


def _sources(formula: Formula, house: House) -> Iterator[Objection]:
    """A stock solution: one at most, approved, no circle, and the strength that follows is the one that the label claims."""
    liquid = formula.liquid
    made_here = [item for item in liquid.ingredients if item.made_here] if liquid else []
    if (formula.method is Method.STOCK) != bool(made_here):
        way = f"{Method.STOCK}, since a stock solution is its source" if made_here else "whole tablets or weighed powder, or name a stock solution"
        yield Objection("method", f"How the drug goes in does not fit its source: choose {way}.")
    if not made_here or liquid is None:
        return
    if len(made_here) > 1 or made_here[0].part is not Part.ACTIVE:
        yield Objection("liquid.source.formula", "A preparation of our own is the source of the active ingredient, and there is one at most.")
        return
    (item,) = made_here
    try:
        refuse_circle(formula, house.book)
        stock = source_of(item, house.book)
        if stock.liquid is None:
            yield Objection("liquid.source.formula", f"{stock.name} is no liquid and cannot be a stock solution. Choose another.")
            return
        follows = strength_from(item, stock.liquid.strength)
    except (Invalid, Unsafe) as error:
        yield Objection("liquid.source.formula", error.sentence)
        return
    if follows != liquid.strength:
        taken = Fraction(100) * liquid.strength.mg_per_ml / stock.liquid.strength.mg_per_ml
        message = f"{item.volume_in_100_ml} of {stock.liquid.strength} in 100 mL give {follows}, not {liquid.strength}: take {decimal_text(taken)} mL."
        yield Objection("liquid.source.volume", message)
