"""The starting library: formulas, instruments and products of a demonstration pharmacy.

Everything here is a demonstration value until a pharmacist has signed it; formulas carry their published source.
"""

from datetime import date, timedelta
from fractions import Fraction

from compounding.domain.aliquot import least_by_sensitivity
from compounding.domain.formula import (
    BeyondUseClass,
    Capsules,
    Check,
    Formula,
    Ingredient,
    Liquid,
    Method,
    Part,
    Preservative,
    Stability,
    Storage,
)
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import Balance, DropCount, Dropper, Syringe
from compounding.domain.worksheet import TABLETS

_FAWCETT = "Fawcett, Morgan, Woods: Ann Pharmacother 1997;31:1291-5"
_ALBERTA = "Alberta Health Services recipe of 31 January 2018, citing Fawcett 1997"
_PRESERVED = (
    Ingredient("ascorbic-acid", "Ascorbic acid", Part.ANTIOXIDANT, mass_in_100_ml=Mass.of_mg(500)),
    Ingredient("sodium-benzoate", "Sodium benzoate", Part.PRESERVATIVE, mass_in_100_ml=Mass.of_mg(100)),
    Ingredient("glycerol", "Glycerol", Part.COSOLVENT, volume_in_100_ml=Volume.of_ml(20)),
    Ingredient("purified-water", "Purified water", Part.VEHICLE),
)
# No pH is published for the formula: benzoate works only in acid, to about 4.5 (general pharmacy knowledge); a demonstration value.
_BENZOATE = Preservative("sodium benzoate", Fraction(1, 10), Fraction(3), Fraction(9, 2))
_LIQUID_CHECKS = (
    Check("Appearance", "pale yellow, evenly suspended after shaking"),
    Check("Container", "tight, undamaged, no leak when inverted"),
)
_LIQUID_STEPS = (
    "Count the tablets; a second person witnesses the count before crushing.",
    "Crush and triturate to a fine powder; do not sieve the coat away.",
    "Levigate with the glycerol, or a little of the vehicle, to a smooth paste.",
    "Dissolve the other solids in part of the vehicle and rinse the mortar with it into the graduate.",
    "Make up TO the final volume and shake. Transfer to the amber bottle.",
)


def _study(days: int, storage: Storage, source: str) -> Stability:
    return Stability(storage, days, antimicrobial_test=False, source=source)


def _preserved(code: str, strength: str, source: str) -> Formula:
    return Formula(
        code=code,
        version=1,
        name=f"Naltrexone {strength} mg/mL oral liquid, preserved",
        dosage_form="oral liquid",
        beyond_use_class=BeyondUseClass.AQUEOUS_PRESERVED,
        storages=(Storage.REFRIGERATOR, Storage.ROOM),
        stability=(_study(60, Storage.REFRIGERATOR, source), _study(30, Storage.ROOM, source)),
        method=Method.WHOLE_TABLETS,
        usual_container="bottle-120-ml",
        minutes=20,
        instructions=_LIQUID_STEPS,
        checks=_LIQUID_CHECKS,
        handling=("Shake well.", "Protect from light."),
        source=source,
        demonstration=True,
        liquid=Liquid(Concentration.of(strength), _PRESERVED, _BENZOATE, Volume.of_ml(1)),
    )


def _capsules(code: str, strength: str) -> Formula:
    return Formula(
        code=code,
        version=1,
        name=f"Naltrexone {strength} mg capsules with microcrystalline cellulose",
        dosage_form="capsule",
        beyond_use_class=BeyondUseClass.NONAQUEOUS_SOLID,
        storages=(Storage.ROOM,),
        stability=(_study(360, Storage.ROOM, "Int J Pharm Compd, June 2018: capsules in microcrystalline cellulose"),),
        method=Method.POWDER,
        usual_container="vial-120-capsules",
        minutes=25,
        instructions=(
            "Count the tablets; a second person witnesses the count before crushing.",
            "Crush to a fine powder and weigh the amount that the worksheet names.",
            "Mix with the filler by geometric dilution: equal parts first, doubling each time.",
            "Fill the shells; weigh ten capsules one by one, net of empty shells of the same lot.",
        ),
        checks=(Check("Appearance", "closed, clean, evenly filled"), Check("Container", "tight, light-resistant, child-resistant")),
        handling=("Protect from light.",),
        source="US Pharmacist 2020;45(3):9-10; pack statistics are demonstration values",
        demonstration=True,
        capsules=Capsules(Mass.of_mg(strength), "3", "shell-3", Ingredient("microcrystalline-cellulose", "Microcrystalline cellulose", Part.FILLER)),
    )


def formulas() -> tuple[Formula, ...]:
    """L1 at 1 and 1.5 mg/mL, L2, L5 (the GP's) and two capsule strengths."""
    saline = (Ingredient("saline", "Sodium chloride 0.9 % solution", Part.VEHICLE),)
    gp = Formula(
        code="L5",
        version=1,
        name="Naltrexone 5 mg/mL oral drops in saline, not preserved",
        dosage_form="oral drops",
        beyond_use_class=BeyondUseClass.AQUEOUS_UNPRESERVED,
        storages=(Storage.REFRIGERATOR,),
        stability=(),
        method=Method.WHOLE_TABLETS,
        usual_container="bottle-10-ml",
        minutes=10,
        instructions=(
            "Count the tablet; a second person witnesses it.",
            "Crush finely in the mortar.",
            "Rinse into the bottle with saline, TO 10 mL, and shake.",
        ),
        checks=_LIQUID_CHECKS,
        handling=("Shake well.", "Protect from light."),
        source="Founding article, second comment: 50 mg in 10 mL of saline",
        demonstration=True,
        liquid=Liquid(Concentration.of(5), saline, None, Volume.of_ml(1), made_in_container=True, drops_on_label=True),
    )
    return (
        _preserved("L1", "1", _FAWCETT),
        _preserved("L1-1.5", "1.5", _FAWCETT),
        _preserved("L2", "5", _ALBERTA),
        gp,
        _capsules("C1.5", "1.5"),
        _capsules("C4.5", "4.5"),
    )


def syringes() -> tuple[Syringe, ...]:
    """Oral syringes by their marks, which differ from make to make."""
    sizes = (("1", "0.01"), ("3", "0.1"), ("5", "0.1"), ("5", "0.2"), ("10", "0.2"))
    return tuple(Syringe(f"syringe-{size}-by-{mark}", f"{size} mL syringe by {mark} mL", Volume.of_ml(size), Volume.of_ml(mark)) for size, mark in sizes)


def droppers(today: date) -> tuple[Dropper, ...]:
    """One dropper, calibrated for the GP's drops in three counts of 40 drops to 2 mL."""
    counts = (DropCount(40, Volume.of_ml(2)),) * 3
    return (Dropper("dropper-20", "dropper of 20 drops/mL", "L5", counts, today, "demonstration", today + timedelta(days=180)),)


def single_weights(mean: Mass) -> tuple[Mass, ...]:
    """Ten made-up weights of single units around `mean`, whose mean it is exactly: the golden numbers stand on 250, 240 and 225 mg."""
    return tuple(mean + Mass.of_mg(off) for off in ("-3.1", "2.4", "-1.2", "0.6", "1.9", "-2.2", "3.3", "-0.4", "0.1", "-1.4"))


def balances() -> tuple[Balance, ...]:
    """Two balances; the least weight is the readability at an error of 5 % (minimum weighable quantity)."""
    error = Fraction(5, 100)
    return (
        Balance("balance-1-mg", "balance by 1 mg", Mass.of_mg(1), least_by_sensitivity(Mass.of_mg(1), error)),
        Balance("balance-0.1-mg", "balance by 0.1 mg", Mass.of_mg("0.1"), least_by_sensitivity(Mass.of_mg("0.1"), error)),
    )


def products() -> tuple[Product, ...]:
    """Tablets by their real NDC, and what else the formulas call for."""
    lactose = (
        "lactose monohydrate",
        "colloidal silica",
        "crospovidone",
        "hypromellose",
        "magnesium stearate",
        "microcrystalline cellulose",
        "iron oxides",
        "titanium dioxide",
    )
    tablet, solid, liquid, piece = StockUnit.TABLET, StockUnit.NANOGRAM, StockUnit.NANOLITRE, StockUnit.PIECE
    return (
        Product("tablet-sun-100", TABLETS, "Naltrexone HCl 50 mg tablet", "Sun Pharmaceutical", tablet, "47335-326-08", lactose),
        Product("tablet-accord-30", TABLETS, "Naltrexone HCl 50 mg tablet", "Accord", tablet, "16729-081-10", lactose),
        Product("tablet-specgx-30", TABLETS, "Naltrexone HCl 50 mg tablet", "SpecGx", tablet, "0406-1170-03", lactose),
        Product("ascorbic-acid", "ascorbic-acid", "Ascorbic acid", "demonstration", solid),
        Product("sodium-benzoate", "sodium-benzoate", "Sodium benzoate", "demonstration", solid, excipients=("sodium benzoate",)),
        Product("glycerol", "glycerol", "Glycerol", "demonstration", liquid, excipients=("glycerol",)),
        Product("purified-water", "purified-water", "Purified water", "demonstration", liquid),
        Product("saline", "saline", "Sodium chloride 0.9 % solution", "demonstration", liquid),
        Product("microcrystalline-cellulose", "microcrystalline-cellulose", "Microcrystalline cellulose", "demonstration", solid),
        Product("shell-3", "shell-3", "Gelatin capsule shell, size 3", "demonstration", piece, excipients=("gelatin",)),
        *(
            Product(f"bottle-{size}-ml", f"bottle-{size}-ml", f"amber bottle of {size} mL", "demonstration", piece, container_volume=Volume.of_ml(size))
            for size in (10, 30, 60, 120, 180, 240, 480)
        ),
        Product("vial-120-capsules", "vial-120-capsules", "amber vial for 120 capsules", "demonstration", piece, container_capsules=120),
    )
