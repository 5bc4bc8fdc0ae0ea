"""The source of the drug, where it is no tablet: so much of a lot that was made here, by the strength of that very lot.

Amounts need no lot: a formula says how many mL of its stock solution go into 100 mL, and thereby with which strength it reckons. What is
drawn on the day follows from the lots that are there (C1 V1 = C2 V2) and stands on a mark of what it is drawn with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor

from compounding.domain.dilution import ceiling
from compounding.domain.errors import Unsafe
from compounding.domain.formula import Formula, Ingredient
from compounding.domain.inventory import Lot, Made, Shortage, longest_cover, usable_lots
from compounding.domain.policy import Graduate, Policy
from compounding.domain.quantity import NANOLITRES, Concentration, Mass, Volume
from compounding.domain.weighing import half_up, percent

_HUNDRED = Volume.of_ml(100)
MOST_DRAWS = 2  # with one graduate: each filling adds its own error
LEAST_SHARE = Fraction(1, 5)  # of what a graduate holds; below it the half mark that the eye misses is too much (general pharmacy practice)


@dataclass(frozen=True, slots=True)
class Draw:
    """What is taken of one lot: the naltrexone hydrochloride in it, exactly so much (mL), and what stands on the mark of `graduate`."""

    lot: Lot
    active: Mass
    exact: Volume
    measured: Volume
    graduate: Graduate
    basis: str


def reckoned_strength(formula: Formula) -> Concentration:
    """The strength of the stock solution with which `formula` reckons: what follows from its share of 100 mL (C1 = C2 V2 / V1)."""
    item, liquid = formula.stock_solution, formula.liquid
    if item is None or liquid is None:
        raise TypeError(formula.code)
    if item.volume_in_100_ml is None:
        raise Unsafe("source-volume", f"{item.name} is the source of the active ingredient: say how many mL of it go into 100 mL.")
    return _HUNDRED * liquid.strength / item.volume_in_100_ml


def draws(formula: Formula, active: Mass, *, stock: Sequence[Lot], made_on: date, through: date, policy: Policy) -> tuple[Draw, ...]:
    """The lots that give `active`, the soonest date that covers the supply first; one lot that gives all of it goes before two.

    Of several lots each gives all that can be measured of it, the last the rest. Raises `Shortage` and `Unsafe` (nothing measures it).
    """
    item = formula.stock_solution
    if item is None or item.made_here is None:
        raise TypeError(formula.code)
    least = item.made_here.version
    of_ours = [lot for lot in stock if lot.made is not None and lot.made.version >= least]
    usable, covering = usable_lots(of_ours, item.product, made_on=made_on, through=through)
    for lot in covering:
        volume = active / _made(lot).strength
        if _nanolitres(volume) <= lot.balance:
            mark = _on_a_mark(volume, item, policy)
            if mark.measured.nanolitres <= lot.balance:
                return (_draw(lot, active, volume, mark, formula),)
    found = _several(formula, item, active, covering, policy)
    if found is None:
        longest = longest_cover(usable, active.mg, gives=_holds)
        raise _shortage(formula, item, active, None if longest is None or longest >= through else longest)
    return found


def _several(formula: Formula, item: Ingredient, active: Mass, covering: Sequence[Lot], policy: Policy) -> tuple[Draw, ...] | None:
    wanted = active
    found: list[Draw] = []
    for lot in covering:
        strength = _made(lot).strength
        most = _most(Volume.of_nanolitres(lot.balance), policy)
        if most is None:
            continue
        if most.measured * strength >= wanted:
            volume = wanted / strength
            return (*found, _draw(lot, wanted, volume, _on_a_mark(volume, item, policy), formula))
        found.append(_draw(lot, most.measured * strength, most.measured, most, formula))
        wanted -= most.measured * strength
    return None


def _shortage(formula: Formula, item: Ingredient, active: Mass, longest: date | None) -> Shortage:
    code = item.made_here.formula if item.made_here else ""
    strength = reckoned_strength(formula)
    return Shortage(
        item.product,
        f"{active / strength} of {strength}",
        longest,
        name=item.name,
        todo=f"Make {code} for stock first.",
        where=f"/batches/for-stock?formula={code}",
    )


@dataclass(frozen=True, slots=True)
class _Marked:
    measured: Volume
    graduate: Graduate

    @property
    def fillings(self) -> int:
        return ceiling(self.measured / self.graduate.capacity)


def _on_a_mark(volume: Volume, item: Ingredient, policy: Policy) -> _Marked:
    """The mark that lies nearest to `volume`, of the graduate that is the least off, then filled the least often, then the smallest."""
    found = [
        _Marked(one.graduation * half_up(volume / one.graduation), one)
        for one in policy.graduates
        if volume >= one.capacity * LEAST_SHARE and volume <= one.capacity * MOST_DRAWS
    ]
    nearest = min(found, key=lambda one: (abs(one.measured.ml - volume.ml), one.fillings, one.graduate.capacity), default=None)
    if nearest is None:
        least = min((one.capacity * LEAST_SHARE for one in policy.graduates), default=None)
        have = f"the least that can be measured here is {least}" if least else "no graduate is set up"
        raise Unsafe("not-measurable", f"{volume} of {item.name} cannot be measured: {have}. Make more at a time, or a weaker stock solution.")
    error = nearest.measured / volume - 1
    if abs(error) > policy.weighing_tolerance:
        raise Unsafe("not-measurable", f"{volume} of {item.name} cannot be measured: the nearest mark is {percent(error)} off. Make more at a time.")
    return nearest


def _most(volume: Volume, policy: Policy) -> _Marked | None:
    """The most of `volume` that stands on a mark; None where there is too little to measure."""
    found = [_Marked(one.graduation * floor(min(volume, one.capacity * MOST_DRAWS) / one.graduation), one) for one in policy.graduates]
    usable = [one for one in found if one.measured >= one.graduate.capacity * LEAST_SHARE]
    return max(usable, key=lambda one: (one.measured, -one.fillings, -one.graduate.capacity.ml), default=None)


def _draw(lot: Lot, active: Mass, exact: Volume, marked: _Marked, formula: Formula) -> Draw:
    made, reckoned = _made(lot), reckoned_strength(formula)
    other = "" if made.strength == reckoned else f", where the formula reckons with {reckoned}"
    times = f"; fill the {marked.graduate.name} {marked.fillings} times" if marked.fillings > 1 else ""
    basis = f"made here by {made.formula}, version {made.version}, of {made.strength}{other}: {active} wanted (C1 V1 = C2 V2){times}"
    return Draw(lot, active, exact, marked.measured, marked.graduate, basis)


def _made(lot: Lot) -> Made:
    if lot.made is None:
        raise TypeError(lot.lot_number)
    return lot.made


def _holds(lot: Lot) -> Fraction:
    """The mg of naltrexone hydrochloride that are left of a lot."""
    return (Volume.of_nanolitres(lot.balance) * _made(lot).strength).mg


def _nanolitres(volume: Volume) -> int:
    return ceiling(volume.ml * NANOLITRES)
