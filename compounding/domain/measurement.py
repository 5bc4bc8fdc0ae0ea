"""Measurements that later sums stand on: single tablets, packed shells, counted drops. They are kept only where they agree among themselves.

Bounds on a plausible value catch a slip of the decimal point that all of them share; the spread catches a single misreading.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NoReturn

from compounding.domain.capsule import VOLUMES
from compounding.domain.errors import Invalid
from compounding.domain.inventory import FEWEST_WEIGHED, MOST_WEIGHED, TABLET_STRENGTH, Assay, PackStatistic, TabletWeight, Weighing
from compounding.domain.policy import Policy
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.uniformity import Spread
from compounding.domain.weighing import Balance, DropCount, Dropper, half_up, percent

FEWEST_COUNTS = 3  # counts of drops to a measured volume (USP <1101> asks a dropper calibrated for the very liquid)
_HEAVIEST = Mass.of_mg(1000)  # general pharmacy knowledge: no tablet of 50 mg weighs a gram
_MONOGRAPH = (Fraction(90), Fraction(110))  # percent of the claim (USP, Naltrexone Hydrochloride Tablets)
# Empty gelatin shells by size, in mg (a maker's chart); another make or a damp day differs, but not by a third.
_SHELL: Mapping[str, Mass] = {
    size: Mass.of_mg(mg) for size, mg in (("000", 163), ("00", 123), ("0", 96), ("1", 76), ("2", 61), ("3", 48), ("4", 38), ("5", 28))
}
_SHELL_MAY_DIFFER = Fraction(1, 3)
_LIGHTEST, _DENSEST = 100, 1500  # mg of packed powder in a mL of shell: the fluffiest silica aside, every powder of a capsule lies between
_DROPS_IN_ML = (10, 60)  # general pharmacy knowledge: thick syrup to a microdrip


def tablet_weight(weights: Sequence[Mass], *, on: Weighing, assay: Assay | None, policy: Policy) -> TabletWeight:
    """The weight of a lot's tablets from 10 to 20 of them, one by one; raises `Invalid` for what cannot be or does not agree."""
    _count_weights(len(weights), "tablets of the lot", field="weights", most=MOST_WEIGHED)
    for number, weight in enumerate(weights, start=1):
        if not TABLET_STRENGTH < weight < _HEAVIEST:
            _refuse(
                "weights", f"Weight {number}, {weight}: a tablet that holds 50 mg weighs more than that and less than 1000 mg. Read the balance again, in mg."
            )
    _agree([weight.mg for weight in weights], "tablets", field="weights", policy=policy)
    if assay is not None and not _MONOGRAPH[0] <= assay.percent <= _MONOGRAPH[1]:
        message = f"An assay of {decimal_text(assay.percent)} % is outside 90 to 110 % of the claim (USP): do not use the lot, or read the certificate again."
        _refuse("assay.percent", message)
    return TabletWeight(len(weights), sum(weights, Mass.of_mg(0)), tuple(weights), on, assay)


def empty_shells(empties: Sequence[Mass], *, size: str, filled: int, balance: Balance, policy: Policy) -> Mass:
    """The tare of `filled` shells from as many empty ones weighed one by one on `balance`: their exact sum.

    Raises `Invalid` for what cannot be, does not agree, or is less than the balance weighs: those are weighed together.
    """
    if len(empties) != filled:
        _refuse("empties", f"{len(empties)} empty shells and {filled} filled ones: weigh as many empty ones of the same lot.")
    for number, weight in enumerate(empties, start=1):
        if weight < balance.least:
            message = f"Weight {number}, {weight}: the {balance.name} weighs no less than {balance.least}."
            _refuse("empties", f"{message} Weigh the empty shells together, or choose another balance.")
        if abs(weight / _SHELL[size] - 1) > _SHELL_MAY_DIFFER:
            _refuse("empties", f"Weight {number}, {weight}: a size {size} shell weighs about {_SHELL[size]}. Weigh it again, empty, in mg.")
    _agree([weight.mg for weight in empties], "empty shells", field="empties", policy=policy)
    return sum(empties, Mass.of_mg(0))


def pack_statistic(size: str, gross: Sequence[Mass], tare: Mass, *, shell_lot: str, on: Weighing, policy: Policy) -> PackStatistic:
    """How a powder packs shells of `size`: `gross` are ten or more filled shells one by one, `tare` as many empty ones together."""
    _count_weights(len(gross), "filled shells", field="gross", most=None)
    empty, usual = tare / len(gross), _SHELL[size]
    if abs(empty / usual - 1) > _SHELL_MAY_DIFFER:
        message = f"{tare} are {_mg(empty)} for each of {len(gross)} empty shells; a size {size} shell weighs about {usual}."
        _refuse("tare", f"{message} Weigh as many empty shells as filled ones, together.")
    least, most = (VOLUMES[size].ml * density for density in (_LIGHTEST, _DENSEST))
    for number, weight in enumerate(gross, start=1):
        net = weight - empty
        if not least < net.mg < most:
            _refuse(
                "gross",
                f"Weight {number}, {weight}, leaves {_mg(net)} of powder in a size {size} shell, which cannot be. Weigh it again, with its shell, in mg.",
            )
    found = PackStatistic(size, len(gross), sum(gross, Mass.of_mg(0)) - tare, tuple(gross), tare, shell_lot, on)
    _agree([weight.mg for weight in found.weights], "shells", field="gross", policy=policy)
    return found


def calibrated(code: str, name: str, formula: str, counts: Sequence[DropCount], *, on: date, by: str, policy: Policy) -> Dropper:
    """A dropper whose drops of one formula were counted three times or more; raises `Invalid` for what cannot be or does not agree."""
    if len(counts) < FEWEST_COUNTS:
        _refuse("counts", f"{len(counts)} counts: count the drops to a measured volume {FEWEST_COUNTS} times or more.")
    least, most = _DROPS_IN_ML
    for number, count in enumerate(counts, start=1):
        if not least <= count.drops / count.volume.ml <= most:
            message = f"Count {number}, {count.drops} drops to {count.volume}: a dropper gives {least} to {most} drops in a mL. Read drops and volume again."
            _refuse("counts", message)
    spread = spread_of(counts)
    if spread.relative > policy.drops_rsd:
        _refuse(
            "counts",
            f"The counts spread by an RSD of {_unsigned(spread.relative)}, more than {_unsigned(policy.drops_rsd)}. Hold the dropper upright and count again.",
        )
    return Dropper(code, name, formula, tuple(counts), on, by, on + timedelta(days=policy.dropper_days))


def spread_of(counts: Sequence[DropCount]) -> Spread:
    """The drops in one mL of each count."""
    return Spread(tuple(count.drops / count.volume.ml for count in counts))


def _count_weights(count: int, what: str, *, field: str, most: int | None) -> None:
    if count < FEWEST_WEIGHED or (most is not None and count > most):
        wanted = f"{FEWEST_WEIGHED} or more" if most is None else f"{FEWEST_WEIGHED} to {most}"
        _refuse(field, f"{count} weights: weigh {wanted} {what}, one by one.")


def _agree(values: Sequence[Fraction], what: str, *, field: str, policy: Policy) -> None:
    spread = Spread(tuple(values))
    furthest = max(range(len(values)), key=lambda place: abs(spread.errors[place]))
    error = spread.errors[furthest]
    if abs(error) > policy.single_weight:
        side = "above" if error > 0 else "below"
        message = f"Weight {furthest + 1} lies {_unsigned(error)} {side} the mean of {_mg(Mass(spread.mean))}, more than {_unsigned(policy.single_weight)}."
        _refuse(field, f"{message} Weigh that one again; if it stays, set the lot apart.")
    if spread.relative > policy.weights_rsd:
        message = f"The {what} spread by an RSD of {_unsigned(spread.relative)}, more than {_unsigned(policy.weights_rsd)}."
        _refuse(field, f"{message} Weigh others of the lot; if it stays, set the lot apart.")


def _mg(mass: Mass) -> str:
    """A weight for a sentence, to a hundredth of a mg."""
    return f"{decimal_text(Fraction(half_up(mass.mg * 100), 100))} mg"


def _unsigned(ratio: Fraction) -> str:
    return percent(abs(ratio)).removeprefix("+")


def _refuse(field: str, message: str) -> NoReturn:
    raise Invalid("measurement", message, fields={field: (message,)})
