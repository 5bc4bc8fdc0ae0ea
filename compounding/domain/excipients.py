"""What a dose carries beside naltrexone, and what may therefore not be claimed of it; the salt and its base.

A patient who reacts to lactose takes it with every tablet that holds it, however small the dose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Part
from compounding.domain.inventory import Held, Lot, Made, StockUnit
from compounding.domain.preparation import Preparation, Take
from compounding.domain.quantity import NANOGRAMS, NANOLITRES, Mass, Volume

# Naltrexone base (341.40 g/mol) in its hydrochloride (377.86 g/mol); FDA label and ChEMBL. Doses are always said as the hydrochloride.
BASE_SHARE = Fraction("341.40") / Fraction("377.86")
# What each claim says is absent, as the lots name it.
_CLAIMS: Mapping[str, tuple[str, ...]] = {
    "lactose-free": ("lactose",),
    "gelatin-free": ("gelatin",),
    "dye-free": ("iron oxide", "titanium dioxide"),
    "preservative-free": ("benzoate", "paraben", "potassium sorbate"),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """One excipient, and the lots that bring it."""

    name: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InDose:
    """How much of one weighed or measured ingredient one dose holds."""

    name: str
    amount: Mass | Volume


def carried(preparation: Preparation, lots: Sequence[Lot]) -> tuple[Carried, ...]:
    """The excipients of the lots that `preparation` takes, by name, each with its lots."""
    chosen = {line.lot_id for line in preparation.lines}
    held: dict[str, list[str]] = {}
    for lot in lots:
        for name in lot.excipients if lot.id in chosen else ():
            held.setdefault(name, []).append(f"{lot.name}, lot {lot.lot_number}")
    return tuple(Carried(name, tuple(brought)) for name, brought in sorted(held.items()))


def share(dose: Mass, *, held: Mass, active: Mass) -> Mass:
    """What `dose` carries of something of which there is `held` beside each `active`.

    A dose of 4.5 mg from tablets of 50 mg with 126.8 mg of lactose (a British maker's) carries 11.412 mg of it.
    """
    return held * (dose / active)


def in_dose(preparation: Preparation, lots: Sequence[Lot], dose: Mass) -> tuple[InDose, ...]:
    """What `dose` holds of each ingredient that is weighed or measured beside the drug, as the formula says before rounding.

    What a stock solution among the `lots` brings is counted with it: a preservative may come twice.
    """
    part = dose / preparation.amounts.active
    return tuple(InDose(item.name, (item.mass or item.volume or Mass.of_mg(0)) * part) for item in _beside_the_drug(preparation, lots))


def as_source(formula: Formula, preparation: Preparation, lots: Sequence[Lot]) -> Made:
    """What a batch of a liquid is as the source of another: its strength, and what each mL holds beside the drug."""
    if formula.liquid is None:
        raise Unsafe("source-form", f"{formula.name} is no liquid and cannot be a stock solution: choose another source.")
    each = 1 / preparation.amounts.made
    held = (Held(item.name, item.mass and item.mass * each, item.volume and item.volume * each) for item in _beside_the_drug(preparation, lots))
    return Made(formula.code, formula.version, formula.liquid.strength, tuple(held))


def _beside_the_drug(preparation: Preparation, lots: Sequence[Lot]) -> tuple[Held, ...]:
    """Each ingredient of a batch, weighed or measured for it or brought by its stock solution, once for each name and kind of amount."""
    known = {lot.id: lot for lot in lots}
    found: dict[tuple[str, bool], Held] = {}
    for line in preparation.lines:
        if line.take not in {Take.WEIGH, Take.MEASURE}:
            continue
        lot = known.get(line.lot_id)
        if line.part is not Part.ACTIVE:
            is_volume = line.unit is StockUnit.NANOLITRE
            items = [Held(line.name, volume=Volume(line.exact / NANOLITRES)) if is_volume else Held(line.name, Mass(line.exact / NANOGRAMS))]
        else:
            drawn = line.exact / NANOLITRES
            held = lot.made.held if lot and lot.made else ()
            items = [Held(item.name, item.mass and item.mass * drawn, item.volume and item.volume * drawn) for item in held]
        for item in items:
            key = (item.name, item.mass is None)
            found[key] = _both(found[key], item) if key in found else item
    return tuple(found.values())


def _both(one: Held, other: Held) -> Held:
    if one.mass is not None and other.mass is not None:
        return Held(one.name, one.mass + other.mass)
    return Held(one.name, volume=(one.volume or Volume.of_ml(0)) + (other.volume or Volume.of_ml(0)))


def false_claims(excipients: Sequence[Carried]) -> tuple[str, ...]:
    """A sentence for each claim that would be untrue of a batch with these excipients."""
    sentences = []
    for claim, absent in _CLAIMS.items():
        untrue = [item for item in excipients if any(word in item.name.casefold() for word in absent)]
        if untrue:
            brought = "; ".join(f"{item.name} ({', '.join(item.lots)})" for item in untrue)
            sentences.append(f"Do not call it {claim}: it holds {brought}.")
    return tuple(sentences)


def base_of(salt: Mass) -> Mass:
    """The naltrexone base in `salt` of naltrexone hydrochloride: 45.175 mg in 50 mg."""
    return salt * BASE_SHARE
