"""What is too little to weigh: the minimum weighable quantity by two ways, aliquots of a powder or of crushed tablets, triturations."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from compounding.domain.aliquot import LARGEST_FACTOR, Aliquot, aliquot, geometric, least_by_repeatability, least_by_sensitivity, measured
from compounding.domain.bench import Answer, Slip, shown
from compounding.domain.dilution import ceiling, powder_for
from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.inventory import TABLET_STRENGTH
from compounding.domain.policy import Policy
from compounding.domain.quantity import NANOGRAMS, Mass
from compounding.domain.weighing import Balance, weighable

LEAST_READINGS = 10  # USP <41>: the repeatability is found from ten weighings or more
_SENSITIVITY = "US Pharmacist; UNC pharmlabs"
_CHAPTER_41 = "USP <41>"
_ALIQUOT = "Aliquot method: UNC pharmlabs"
_OFF = "The digits of the balance make it {error} off."
_CONSERVED = "Conservation of mass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """The least weight of a balance that moves at `sensitivity`, for an error of `percent`; a `weight` is judged beside it."""

    sensitivity: Mass
    percent: Fraction
    weight: Mass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """The least weight of USP <41> on a balance that reads `readability`: by its standard deviation, or by the `readings` of one weight."""

    readability: Mass
    deviation: Mass | None = None
    readings: tuple[Mass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Little:
    """So much naltrexone that a balance cannot weigh it: pure, or in crushed tablets of `average` weight; `part` is what is taken at last.

    The balance is one of the pharmacy's (`device`, its code) or a balance of the asker's `own`.
    """

    wanted: Mass
    average: Mass | None = None
    part: Mass | None = None
    device: str = ""
    own: Balance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trituration:
    """`substance`, pure or crushed tablets of `average` weight, mixed with diluent to `total` by geometric dilution."""

    substance: Mass
    total: Mass
    average: Mass | None = None
    device: str = ""
    own: Balance | None = None


def by_sensitivity(asked: Sensitivity) -> Answer:
    """The minimum weighable quantity, and what the error of a given weight is."""
    slip = Slip()
    slip.give("sensitivity", "sensitivity requirement", asked.sensitivity.mg, "mg")
    slip.give("percent", "error allowed", asked.percent, "% of the weight")
    least = least_by_sensitivity(asked.sensitivity, asked.percent / 100)
    rule = "minimum weighable quantity = sensitivity requirement x 100 / error allowed"
    slip.find("least", rule, ("sensitivity", "percent"), least.mg, "mg", source=_SENSITIVITY)
    if asked.weight is None:
        return slip.answer("Weigh no less than {least} on this balance.")
    slip.give("weight", "weight to judge", asked.weight.mg, "mg")
    rule = "error of that weight = sensitivity requirement x 100 / weight"
    slip.find("error", rule, ("sensitivity", "weight"), asked.sensitivity / asked.weight * 100, "% of the weight", source=_SENSITIVITY)
    if asked.weight < least:
        slip.warn("{weight} is less than {least}: make an aliquot of it.")
    return slip.answer("Weigh no less than {least} on this balance.", "A weight of {weight} may be {error} off.")


def by_repeatability(asked: Repeatability) -> Answer:
    """The minimum weight of USP <41>."""
    slip = Slip()
    slip.give("readability", "readability of the balance", asked.readability.mg, "mg")
    deviation = asked.deviation
    if deviation is not None:
        slip.give("deviation", "standard deviation", deviation.mg, "mg")
    else:
        deviation = _deviation(slip, asked.readings)
    floor = asked.readability * Fraction(41, 100)
    slip.find("floor", "least deviation that is believed = 0.41 x readability", ("readability",), floor.mg, "mg", source=_CHAPTER_41)
    rule = "minimum weight = 2000 x the larger of the two deviations, so never below 820 digits"
    least = least_by_repeatability(deviation, asked.readability)
    slip.find("least", rule, ("deviation", "floor"), least.mg, "mg", source=_CHAPTER_41)
    if deviation < floor:
        slip.warn("This repeats better than the balance reads: {floor} decides, and not {deviation}.")
    return slip.answer("Weigh no less than {least} on this balance where the chapter's accuracy is asked.")


def an_aliquot(asked: Little, balance: Balance) -> Answer:
    """How the aliquot is weighed and taken, and what the part that is taken really holds."""
    _refuse_unfit(balance)
    slip = Slip()
    powder = _powder(slip, asked, balance)
    weigh = "powder" if asked.average is not None else "wanted"
    if powder >= balance.least:
        return _weighed_alone(slip, asked, balance, powder=powder, weigh=weigh)
    found = measured(_possible(asked, balance.least, powder), balance)
    digits = f"To the nearest digit of {balance.name}"
    slip.find("factor", "factor = least weight / what is needed, upwards", ("least", weigh), Fraction(found.factor), "times", source=_ALIQUOT)
    slip.find("weighed", "weighed = factor x what is needed", ("factor", weigh), found.weighed.mg, "mg", source=digits)
    slip.find("taken", "part that is taken = as chosen, or else the least weight", ("least",), found.taken.mg, "mg", source=digits)
    slip.find("diluent", "diluent = factor x part that is taken - weighed", ("factor", "taken", "weighed"), found.diluent.mg, "mg", source=digits)
    slip.find("total", "mixture = weighed + diluent", ("weighed", "diluent"), found.total.mg, "mg", source=_CONSERVED)
    _portions(slip, geometric(found.weighed, found.total))
    held = found.held * _share(asked.average)
    rule, of = _content("naltrexone in the part = what was weighed x part / mixture", ("weighed", "taken", "total"), asked.average)
    slip.find("held", rule, of, held.mg, "mg", source=_CONSERVED)
    slip.find("error", "error of the part = what it holds / what is wanted - 1", ("held", "wanted"), found.error * 100, "%", source=digits)
    if found.error:
        slip.warn(_OFF)
    return slip.answer(
        f"Weigh {{weighed}} of {'the powder of crushed tablets' if asked.average is not None else 'the substance'}.",
        "Weigh {diluent} of diluent.",
        f"Mix them geometrically to {{total}}, adding {_then(slip)}.",
        "Take {taken} of the mixture.",
        "Proof: the part holds {held} of naltrexone, where {wanted} is wanted.",
    )


def trituration(asked: Trituration, balance: Balance, policy: Policy) -> Answer:
    """The portions of diluent for mixing by geometric dilution, and the strength of what results."""
    _refuse_unfit(balance)
    slip = Slip()
    slip.give("substance", "substance", asked.substance.mg, "mg")
    slip.give("total", "mixed to", asked.total.mg, "mg")
    slip.give("least", "least weight of the balance", balance.least.mg, "mg")
    if asked.average is not None:
        slip.give("average", "average weight of a tablet", asked.average.mg, "mg")
    weighed, diluent = weighable(asked.substance, balance), weighable(asked.total - asked.substance, balance)
    if asked.substance < balance.least or diluent < balance.least:
        sentence = (
            f"{asked.substance} to {asked.total} leaves a part that {balance.name} cannot weigh: substance and diluent are at least {balance.least} each."
        )
        raise Unsafe("not-weighable", sentence)
    digits = f"To the nearest digit of {balance.name}"
    slip.find("weighed", "weighed = substance, to the nearest digit", ("substance",), weighed.mg, "mg", source=digits)
    slip.find("diluent", "diluent = mixed to - substance, to the nearest digit", ("total", "substance"), diluent.mg, "mg", source=digits)
    mixture = weighed + diluent
    slip.find("mixture", "mixture = weighed + diluent", ("weighed", "diluent"), mixture.mg, "mg", source=_CONSERVED)
    _portions(slip, geometric(weighed, mixture))
    active = weighed * _share(asked.average)
    rule, of = _content("naltrexone in it = what was weighed", ("weighed",), asked.average)
    slip.find("held", rule, of, active.mg, "mg", source=_CONSERVED)
    strength = active / mixture * 1000
    slip.find("strength", "strength = naltrexone in it / mixture", ("held", "mixture"), strength, "mg/g", source=_CONSERVED)
    off = strength / (asked.substance * _share(asked.average) / asked.total * 1000) - 1
    slip.find("error", "error of the strength = it / the strength without rounding - 1", ("strength", "substance", "total"), off * 100, "%", source=digits)
    if off:
        emphasis = " That is above the bound from which the site warns." if abs(off) > policy.rounding_warn else ""
        slip.warn(f"{_OFF}{emphasis}")
    return slip.answer(
        "Weigh {weighed} of the substance and {diluent} of diluent.",
        f"Mix them geometrically to {{mixture}}: as much diluent as is there each time, adding {_then(slip)}.",
        "Proof: it holds {held} of naltrexone in {mixture}, {strength}.",
    )


def _powder(slip: Slip, asked: Little, balance: Balance) -> Mass:
    """What has to be weighed for the naltrexone that is wanted: itself, or so much of the tablets' powder."""
    slip.give("wanted", "naltrexone wanted", asked.wanted.mg, "mg")
    slip.give("least", "least weight of the balance", balance.least.mg, "mg")
    if asked.part is not None:
        slip.give("part", "part chosen", asked.part.mg, "mg")
    if asked.average is None:
        return asked.wanted
    slip.give("average", "average weight of a tablet", asked.average.mg, "mg")
    powder = powder_for(asked.wanted, asked.average)
    rule = "powder that holds it = naltrexone wanted x average weight / 50 mg"
    slip.find("powder", rule, ("wanted", "average"), powder.mg, "mg", source="Measured average weight of the tablets that are crushed")
    return powder


def _weighed_alone(slip: Slip, asked: Little, balance: Balance, *, powder: Mass, weigh: str) -> Answer:
    weighed = weighable(powder, balance)
    digits = f"To the nearest digit of {balance.name}"
    slip.find("weighed", "weighed = what is needed, to the nearest digit", (weigh,), weighed.mg, "mg", source=digits)
    rule, of = _content("naltrexone in it = what was weighed", ("weighed",), asked.average)
    slip.find("held", rule, of, (weighed * _share(asked.average)).mg, "mg", source=_CONSERVED)
    error = weighed / powder - 1
    slip.find("error", "error of the weight = what it holds / what is wanted - 1", ("held", "wanted"), error * 100, "%", source=digits)
    if error:
        slip.warn(_OFF)
    return slip.answer("Weigh {weighed} by itself: {least} can be weighed, so no aliquot is needed.", "Proof: it holds {held}, where {wanted} is wanted.")


def _possible(asked: Little, least: Mass, powder: Mass) -> Aliquot:
    """The aliquot, exact; the part is the least weight unless chosen, or twice that where too little diluent would be left to weigh."""
    room = (least - powder) * ceiling(least / powder)
    usual = least if room >= least else least * 2
    try:
        return aliquot(powder, least, asked.part if asked.part is not None else usual)
    except Unsafe as refusal:
        if asked.average is None:
            raise
        smallest = Mass((least / LARGEST_FACTOR).mg * _share(asked.average))
        sentence = f"{refusal.sentence} These are weights of the powder; its smallest amount holds {shown(smallest.mg, 'mg')} of naltrexone."
        raise Unsafe(refusal.code, sentence) from refusal


def _deviation(slip: Slip, readings: tuple[Mass, ...]) -> Mass:
    """The sample standard deviation of the readings, upwards to a nanogram, so that no root makes the balance better than it is."""
    if len(readings) < LEAST_READINGS:
        message = f"Weigh one and the same weight {LEAST_READINGS} times or more, or write the standard deviation."
        raise Invalid("readings", message, fields={"readings": (message,)})
    for number, reading in enumerate(readings, start=1):
        slip.give(f"reading_{number}", f"reading {number}", reading.mg, "mg")
    mean = sum((reading.mg for reading in readings), Fraction(0)) / len(readings)
    variance = sum(((reading.mg - mean) ** 2 for reading in readings), Fraction(0)) / (len(readings) - 1)
    squared = ceiling(variance * NANOGRAMS**2)
    deviation = Mass.of_nanograms(isqrt(squared - 1) + 1 if squared else 0)
    rule = "standard deviation = root of (squares of the distances from the mean, added up / (readings - 1)), upwards to a nanogram"
    slip.find("deviation", rule, [f"reading_{number}" for number in range(1, len(readings) + 1)], deviation.mg, "mg", source=_CHAPTER_41)
    return deviation


def _refuse_unfit(balance: Balance) -> None:
    if balance.least < balance.readability:
        message = "The least weight is no less than one digit of the balance. Write both in mg."
        raise Invalid("least", message, fields={"least": (message,)})


def _portions(slip: Slip, portions: Iterable[Mass]) -> None:
    for number, portion in enumerate(portions, start=1):
        rule = f"portion {number} of diluent = as much as is there already, or the rest"
        slip.find(f"portion_{number}", rule, ("weighed", "diluent"), portion.mg, "mg", source="Geometric dilution")


def _then(slip: Slip) -> str:
    return ", then ".join(f"{{{working.key}}}" for working in slip.found if working.key.startswith("portion_"))


def _content(rule: str, of: tuple[str, ...], average: Mass | None) -> tuple[str, tuple[str, ...]]:
    """The rule of a content and what goes into it; with crushed tablets, their average weight too."""
    return (rule, of) if average is None else (f"{rule} x 50 mg / average weight", (*of, "average"))


def _share(average: Mass | None) -> Fraction:
    """How much of a weight is naltrexone: all of it, or what a tablet's weight holds."""
    return Fraction(1) if average is None else TABLET_STRENGTH / average
