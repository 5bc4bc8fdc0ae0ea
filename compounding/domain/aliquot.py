"""What is too little to be weighed or measured by itself: the least weighable quantity, aliquots, and dilution in steps.

Everything is exact; `measured` rounds an aliquot to what a balance shows, and `Aliquot.error` says what that costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.dilution import ceiling
from compounding.domain.errors import Unsafe
from compounding.domain.quantity import Concentration, Mass, Volume
from compounding.domain.weighing import Balance, half_up, weighable

LARGEST_FACTOR = 100  # the largest share that one aliquot is: a trituration of 1 in 100 is the weakest that is mixed in one go
_LEAST_DEVIATION = Fraction(41, 100)  # of the readability: a smaller repeatability than that is not believed (USP <41>)


@dataclass(frozen=True, slots=True)
class Aliquot:
    """`weighed` of a substance, mixed with diluent to `total`, of which `taken` holds what was `wanted`."""

    wanted: Mass
    factor: int
    weighed: Mass
    total: Mass
    taken: Mass

    @property
    def diluent(self) -> Mass:
        """The diluent that is added to what was weighed."""
        return self.total - self.weighed

    @property
    def held(self) -> Mass:
        """The proof: what the part that is taken really holds."""
        return self.weighed * (self.taken / self.total)

    @property
    def error(self) -> Fraction:
        """The relative error of what it holds; 0 before anything was rounded to a balance."""
        return self.held / self.wanted - 1


@dataclass(frozen=True, slots=True)
class Dilution:
    """One liquid of a serial dilution: `taken` of the one before it, made up TO `final`; each gets a label and a date of its own."""

    name: str
    taken: Volume
    of: str
    final: Volume
    strength: Concentration


def least_by_sensitivity(sensitivity: Mass, error: Fraction) -> Mass:
    """The minimum weighable quantity of a balance that moves at `sensitivity`, for a relative `error`: SR x 100 / percent (US Pharmacist; UNC pharmlabs)."""
    return sensitivity / error


def least_by_repeatability(deviation: Mass, readability: Mass) -> Mass:
    """The minimum weight of USP <41>: 2000 standard deviations of ten or more weighings.

    A deviation below 0.41 of a digit counts as that, so it is never less than 820 digits.
    """
    return max(deviation, readability * _LEAST_DEVIATION) * 2000


def aliquot(wanted: Mass, least: Mass, taken: Mass | None = None) -> Aliquot:
    """The aliquot of `wanted` on a balance that weighs no less than `least`; `taken` is the part that is taken, the least unless said.

    The factor is the smallest whole number that makes the substance weighable. Raises `Unsafe` with the smallest amount that works where
    `taken` cannot be weighed either, where the diluent cannot, or where one aliquot would be a smaller share than `LARGEST_FACTOR`.
    """
    part = taken if taken is not None else least
    factor = ceiling(least / wanted)
    if part < least or factor > LARGEST_FACTOR:
        smallest = least / LARGEST_FACTOR
        raise Unsafe("aliquot", f"{wanted} cannot be taken as an aliquot: take parts of at least {least}, for at least {smallest}.")
    found = Aliquot(wanted, factor, wanted * factor, part * factor, part)
    if found.diluent < least:
        raise Unsafe("aliquot", f"{wanted} leaves only {found.diluent} of diluent, which cannot be weighed: take a larger part than {part}.")
    return found


def measured(found: Aliquot, balance: Balance) -> Aliquot:
    """`found` on the digits of `balance`: substance, diluent and part are each rounded as they will be weighed."""
    weighed = weighable(found.weighed, balance)
    return Aliquot(found.wanted, found.factor, weighed, weighed + weighable(found.diluent, balance), weighable(found.taken, balance))


def geometric(substance: Mass, total: Mass) -> tuple[Mass, ...]:
    """The portions of diluent for mixing `substance` up to `total` by geometric dilution: as much as is there each time, the rest at last."""
    portions = []
    there = substance
    while there < total:
        portion = min(there, total - there)
        portions.append(portion)
        there = there + portion
    return tuple(portions)


def serial(stock: Concentration, to: Concentration, *, flask: Volume, least: Volume) -> tuple[Dilution, ...]:
    """The dilutions from `stock` to `to`, each made up to `flask` from no less than `least` of the one before, in the fewest steps.

    The first ones are as strong dilutions as the vessels allow, the last takes what remains. Volumes are exact; `weighing.measure` puts
    them on a mark. Raises `Unsafe` for a strength above the stock's and for a flask that cannot dilute.
    """
    if not 0 < to.mg_per_ml < stock.mg_per_ml or flask <= least:
        raise Unsafe("dilution", f"{to} cannot be made by diluting {stock} in {flask}: choose a weaker strength or a larger flask.")
    strongest, remaining = flask / least, stock.mg_per_ml / to.mg_per_ml
    made: list[Dilution] = []
    strength, name = stock, "the stock"
    while remaining > 1:
        factor = min(strongest, remaining)
        remaining /= factor
        strength = Concentration(strength.mg_per_ml / factor)
        made.append(Dilution(f"dilution {len(made) + 1}", flask / factor, name, flask, strength))
        name = made[-1].name
    return tuple(made)


def proposal(wanted: Mass, name: str, balances: Sequence[Balance]) -> str:
    """How `wanted` of `name`, which no balance weighs, is taken as an aliquot on the finest one; what would work, where none does."""
    if not balances:
        return ""
    finest = min(balances, key=lambda balance: balance.least)
    least = finest.least
    room = (least - wanted) * ceiling(least / wanted)  # for diluent; where it is too little to be weighed, a part twice as large has more
    try:
        whole = aliquot(wanted, least, least if room >= least else least * 2)
    except Unsafe as refusal:
        return refusal.sentence
    found = measured(whole, finest)
    steps = ", then ".join(str(portion) for portion in geometric(found.weighed, found.total))
    return (
        f"As an aliquot on {finest.name}: weigh {found.weighed} of {name}, mix with {found.diluent} of diluent to {found.total} "
        f"(geometrically: {steps}), and take {found.taken}, which hold {_about(found.held)} of it."
    )


def _about(mass: Mass) -> str:
    """An amount to a tenth of a microgram, said to be about that where it was rounded."""
    tenth = Mass.of_mcg("0.1")
    rounded = tenth * half_up(mass / tenth)
    return str(mass) if rounded == mass else f"about {rounded}"
