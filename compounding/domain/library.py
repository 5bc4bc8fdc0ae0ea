"""The starting library: formulas, instruments and products of a demonstration pharmacy.

Everything here is a demonstration value until a pharmacist has signed it; formulas carry their published source (`library_formulas`).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from compounding.domain.aliquot import least_by_sensitivity
from compounding.domain.inventory import Product, StockUnit
from compounding.domain.language import ENGLISH, Language
from compounding.domain.library_formulas import formulas
from compounding.domain.policy import Policy, Translation
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import Balance, DropCount, Dropper, Syringe
from compounding.domain.worksheet import TABLETS

__all__ = ("balances", "droppers", "formulas", "policy", "products", "single_weights", "syringes")


def policy(languages: Iterable[Language], today: date) -> Policy:
    """The default decisions, with every language as if its texts had been reviewed: a demonstration shows them, a pharmacy only once somebody did."""
    others = (language for language in languages if language.code != ENGLISH)
    return Policy(translations=tuple(Translation(item.code, item.sha256, "nobody: a demonstration value", today) for item in others))


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
    """Two balances; the least weight is the readability at an error of 5 % (minimum weighable quantity).

    Their test weights are 100 g and 20 g, which may read 0.10 % off (USP <41>: accuracy).
    """
    error = Fraction(5, 100)
    heavy, light = (Mass.of_mg(100_000), Mass.of_mg(100)), (Mass.of_mg(20_000), Mass.of_mg(20))
    return (
        Balance("balance-1-mg", "balance by 1 mg", Mass.of_mg(1), least_by_sensitivity(Mass.of_mg(1), error), *heavy),
        Balance("balance-0.1-mg", "balance by 0.1 mg", Mass.of_mg("0.1"), least_by_sensitivity(Mass.of_mg("0.1"), error), *light),
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
