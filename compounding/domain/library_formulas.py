"""The formulas of a demonstration pharmacy, from published recipes for liquids and capsules made of 50 mg tablets.

Everything here is a demonstration value until a pharmacist has signed it; what no publication says is marked as such.
"""

from fractions import Fraction

from compounding.domain.formula import (
    BeyondUseClass,
    Calculation,
    Capsules,
    Characteristics,
    Check,
    Condition,
    ContainerClosure,
    Formula,
    Ingredient,
    Liquid,
    Method,
    Part,
    Preservative,
    Stability,
    Storage,
)
from compounding.domain.quantity import Concentration, Mass, Volume

_FAWCETT = "Fawcett, Morgan, Woods: Ann Pharmacother 1997;31:1291-5"
_ALBERTA = "Alberta Health Services recipe of 31 January 2018, citing Fawcett 1997"
_IJPC = "Int J Pharm Compd, June 2018: capsules in microcrystalline cellulose"
_TABLE_4 = "USP <795> 10.3, Table 4 (official since 1 November 2023)"
_NF, _USP = "NF (demonstration value)", "USP (demonstration value)"
# FDA label and USP monograph: film-coated tablets of 50 mg of the hydrochloride, 90.0 to 110.0 % of the claim as the mean of a lot.
_ACTIVE = Characteristics(
    "hydrochloride", "crushed to a fine powder", "tablets USP, 90.0 to 110.0 % of the claim", "film-coated; soluble in water, about 100 mg/mL"
)
_WATER = Ingredient("purified-water", "Purified water", Part.VEHICLE, characteristics=Characteristics(grade="Purified Water USP or better"))
_PRESERVED = (
    Ingredient("ascorbic-acid", "Ascorbic acid", Part.ANTIOXIDANT, mass_in_100_ml=Mass.of_mg(500), characteristics=Characteristics(grade=_USP)),
    Ingredient(
        "sodium-benzoate",
        "Sodium benzoate",
        Part.PRESERVATIVE,
        mass_in_100_ml=Mass.of_mg(100),
        characteristics=Characteristics("sodium salt of benzoic acid", grade=_NF, other="keeps only in acid"),
    ),
    Ingredient("glycerol", "Glycerol", Part.COSOLVENT, volume_in_100_ml=Volume.of_ml(20), characteristics=Characteristics(grade=_USP)),
    _WATER,
)
# No pH is published for the formula: benzoate works only in acid, to about 4.5 (general pharmacy knowledge); a demonstration value.
_BENZOATE = Preservative("sodium benzoate", Fraction(1, 10), Fraction(3), Fraction(9, 2))
_TIGHT = Check("Container", "tight, undamaged, no leak when inverted", "Turn the closed container over for a moment and look at the seal.")
_LIQUID_CHECKS = (Check("Appearance", "pale yellow, evenly suspended after shaking", "Shake, hold it against a white ground, and look at it by eye."), _TIGHT)
_LIQUID_STEPS = (
    "Count the tablets; a second person witnesses the count before crushing.",
    "Crush and triturate to a fine powder; do not sieve the coat away.",
    "Levigate with the glycerol, or a little of the vehicle, to a smooth paste.",
    "Dissolve the other solids in part of the vehicle and rinse the mortar with it into the graduate.",
    "Make up TO the final volume and shake for 2 minutes. Transfer to the amber bottle.",
)
# Amber plastic, tight, light-resistant, child-resistant: 16 CFR 1700.14(a)(10); press-in adaptor for the oral syringe.
_BOTTLE = ContainerClosure("bottle-120-ml", "amber plastic, light-resistant", "tight, child-resistant cap; press-in adaptor for an oral syringe")
_DROPPING = ContainerClosure("bottle-10-ml", "amber, light-resistant", "tight, child-resistant cap with the calibrated dropper")
_VIAL = ContainerClosure("vial-120-capsules", "amber plastic, light-resistant", "tight, child-resistant cap")
_MORTAR = "Mortar and pestle"
_TABLETS = Calculation("Whole tablets", "volume made x strength / 50 mg, up to whole tablets; then the volume follows: 50 mg x tablets / strength")
_SOLIDS = Calculation("Other solids and glycerol", "amount in 100 mL x volume made / 100 mL")
_STRENGTH = Calculation("Strength, verified", "50 mg x tablets / volume made = the strength on the label, exactly")
_ROOM = Condition("Temperature of the room", "20 to 25 C (controlled room temperature)")
_SAY_COMPOUNDED = "Say that it was compounded, that it must not be taken with opioid medicines, and how to reach the pharmacy (USP <795> 9)."


def _study(days: int, storage: Storage, source: str, remark: str) -> Stability:
    """Neither publication reports USP <51>; whether the method indicates stability was not read in them."""
    return Stability(storage, days, antimicrobial_test=False, source=source, container="amber plastic", vehicle="this formula's own", remark=remark)


def _preserved(code: str, strength: str, source: str, remark: str, *labelling: str) -> Formula:
    cold, warm = f"{remark}; 60 days at 4 C are advised", f"{remark}; 30 days at 25 C are advised"
    return Formula(
        code=code,
        version=1,
        name=f"Naltrexone {strength} mg/mL oral liquid, preserved",
        dosage_form="oral liquid",
        beyond_use_class=BeyondUseClass.AQUEOUS_PRESERVED,
        storages=(Storage.REFRIGERATOR, Storage.ROOM),
        stability=(_study(60, Storage.REFRIGERATOR, source, cold), _study(30, Storage.ROOM, source, warm)),
        method=Method.WHOLE_TABLETS,
        usual_container="bottle-120-ml",
        minutes=20,
        instructions=_LIQUID_STEPS,
        checks=_LIQUID_CHECKS,
        handling=("Shake well.", "Protect from light."),
        source=source,
        demonstration=True,
        liquid=Liquid(Concentration.of(strength), _PRESERVED, _BENZOATE, Volume.of_ml(1)),
        active=_ACTIVE,
        containers=(_BOTTLE,),
        equipment=(_MORTAR, "Graduate that holds the batch, with a mark for every mL", "Balance for the solids", "pH meter, calibrated today"),
        supplies=("Weighing boats", "Spatula", "Oral syringe and press-in adaptor"),
        description="Pale yellow liquid with fine particles of the tablets; even after shaking, bitter, a little gritty. It may turn more yellow with time.",
        date_source=f"{_TABLE_4}: aqueous, preserved, 35 days; shortened to 30 days at room temperature by {source}",
        calculations=(_TABLETS, _SOLIDS, _STRENGTH),
        labelling=(*labelling, _SAY_COMPOUNDED),
        conditions=(
            Condition("pH", "measured, not adjusted; a value outside 3 to 4.5 makes it a liquid without preservative (demonstration value)"),
            _ROOM,
            Condition("Light", "away from direct light while it is made"),
        ),
    )


def _capsules(code: str, strength: str) -> Formula:
    return Formula(
        code=code,
        version=1,
        name=f"Naltrexone {strength} mg capsules with microcrystalline cellulose",
        dosage_form="capsule",
        beyond_use_class=BeyondUseClass.NONAQUEOUS_SOLID,
        storages=(Storage.ROOM,),
        stability=(
            Stability(
                Storage.ROOM,
                360,
                antimicrobial_test=False,
                source=_IJPC,
                container="dark, at room temperature",
                vehicle="microcrystalline cellulose",
                remark="90 to 110 % of the claim through 360 days; its own extension to one year is older than the ceiling of 180 days",
            ),
        ),
        method=Method.POWDER,
        usual_container="vial-120-capsules",
        minutes=25,
        instructions=(
            "Count the tablets; a second person witnesses the count before crushing.",
            "Crush to a fine powder and weigh the amount that the worksheet names.",
            "Mix with the filler by geometric dilution: equal parts first, doubling each time; then mix for 5 minutes.",
            "Fill the shells; weigh ten capsules one by one, net of empty shells of the same lot.",
        ),
        checks=(
            Check("Appearance", "closed, clean, evenly filled", "Look at every capsule by eye."),
            Check("Container", "tight, light-resistant, child-resistant", "Close it and try to open it without pressing."),
        ),
        handling=("Protect from light.",),
        source="US Pharmacist 2020;45(3):9-10; pack statistics are demonstration values",
        demonstration=True,
        capsules=Capsules(
            Mass.of_mg(strength),
            "3",
            "shell-3",
            Ingredient(
                "microcrystalline-cellulose",
                "Microcrystalline cellulose",
                Part.FILLER,
                characteristics=Characteristics(particle_size="PH-105, about 20 um; packs differently from lot to lot", grade=_NF),
            ),
            shell_characteristics=Characteristics(other="hard gelatin, size 3, 0.30 mL; the weight of a shell varies with humidity"),
        ),
        active=_ACTIVE,
        containers=(_VIAL,),
        equipment=(_MORTAR, "Capsule machine", "Balance by 0.1 mg", "Sieve or mixing bag for the geometric dilution"),
        supplies=("Weighing boats", "Spatula", "Empty shells of the same lot, to tare with"),
        description=f"Hard gelatin capsule of size 3, filled with a white to pale yellow powder; {strength} mg of naltrexone hydrochloride in each.",
        date_source=f"{_TABLE_4}: nonaqueous solid, 180 days, which no study extends",
        calculations=(
            Calculation("Powder of tablets", "strength x capsules made / 50 mg x the average weight of the tablets crushed, by their lot"),
            Calculation("Filler", "by displacement: what the powder leaves of the shells, by the pack statistics of both lots"),
            Calculation("Net weight, verified", "powder and filler of the batch / capsules made = net weight of one"),
        ),
        labelling=("Immediate release: never a slow-release filler.", _SAY_COMPOUNDED),
        conditions=(_ROOM, Condition("Humidity", "shells at 9 to 12 % of water; keep them closed until they are filled")),
    )


def formulas() -> tuple[Formula, ...]:
    """L1 at 1 and 1.5 mg/mL, L2, L5 (the GP's) and two capsule strengths."""
    salt = Characteristics(grade=_USP, other="for taste alone: it does not preserve")
    saline = (Ingredient("saline", "Sodium chloride 0.9 % solution", Part.VEHICLE, characteristics=salt),)
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
        active=_ACTIVE,
        containers=(_DROPPING,),
        equipment=(_MORTAR, "Dropper, calibrated for this liquid", "Bottle with a mark at 10 mL"),
        supplies=("Spatula",),
        description="Nearly colourless to pale yellow liquid with fine particles of the tablet; even after shaking, salty and bitter.",
        date_source=f"{_TABLE_4}: aqueous, not preserved, 14 days in the refrigerator",
        calculations=(
            _TABLETS,
            _STRENGTH,
            Calculation("Drops of a dose", "dose / strength x drops in one mL, as the dropper was calibrated; never the 20 drops/mL of water"),
        ),
        labelling=("The dropper belongs to this bottle: say so, and give the mL of each dose in the leaflet.", _SAY_COMPOUNDED),
        conditions=(_ROOM,),
    )
    tested = "No significant loss in 90 days at 4 and 25 C in the dark"
    return (
        _preserved("L1", "1", _FAWCETT, tested),
        _preserved("L1-1.5", "1.5", _FAWCETT, f"{tested}, at 1 mg/mL: between 1 and 5 mg/mL nothing was tested"),
        _preserved("L2", "5", _ALBERTA, "Cites Fawcett; at 5 mg/mL only 70 C was tested", "Note the strength: five times that of the usual 1 mg/mL."),
        gp,
        _capsules("C1.5", "1.5"),
        _capsules("C4.5", "4.5"),
    )
