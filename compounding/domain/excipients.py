"""What a dose carries beside naltrexone, and what may therefore not be claimed of it; the salt and its base.

A patient who reacts to lactose takes it with every tablet that holds it, however small the dose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.formula import Part
from compounding.domain.inventory import Lot, StockUnit
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


def in_dose(preparation: Preparation, dose: Mass) -> tuple[InDose, ...]:
    """What `dose` holds of each ingredient that is weighed or measured beside the tablets, as the formula says before rounding."""
    part = dose / preparation.amounts.active
    found: dict[str, Mass | Volume] = {}
    for line in preparation.lines:
        if line.part is Part.ACTIVE or line.take not in {Take.WEIGH, Take.MEASURE}:
            continue
        before = found.get(line.name)
        if line.unit is StockUnit.NANOLITRE:
            volume = Volume(line.exact / NANOLITRES * part)
            found[line.name] = before + volume if isinstance(before, Volume) else volume
        else:
            mass = Mass(line.exact / NANOGRAMS * part)
            found[line.name] = before + mass if isinstance(before, Mass) else mass
    return tuple(InDose(name, amount) for name, amount in found.items())


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
