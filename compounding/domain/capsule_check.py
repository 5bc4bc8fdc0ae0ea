"""Capsules weighed one by one: gross, less the mean of empty shells of the same lot; what the weights say, and what is done when one is out.

Weights prove the fill and not the potency: at a low dose only an assay of single capsules shows the content (USP <905>).
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from compounding.domain.errors import Invalid, Unsafe
from compounding.domain.formula import Part
from compounding.domain.policy import Policy
from compounding.domain.preparation import Preparation
from compounding.domain.quality import said_limits
from compounding.domain.quantity import NANOGRAMS, Mass, decimal_text
from compounding.domain.uniformity import ACCEPTABLE, Uniformity, acceptance_value, estimated_contents

CAPSULES_WEIGHED = 10  # weighed one by one: ten together would hide a failure behind the mean (golden number G33)
SHELLS_TARED = 10  # empty shells whose mean is the tare: gelatin takes up water, so shells differ from lot to lot and from day to day
_UNITS_OF_905 = frozenset({10, 30})  # USP <905> knows an acceptance value of so many units


class Remedy(StrEnum):
    """What was done with a batch of which a capsule was out of its limits; rejecting it is an act of its own."""

    ALL_WEIGHED = "all weighed"
    SET_ASIDE = "set aside"


@dataclass(frozen=True, slots=True)
class EmptyShells:
    """`shells` empty shells of one lot, weighed together; their mean is never stored as a quotient."""

    lot_number: str
    shells: int
    together: Mass

    @property
    def each(self) -> Mass:
        """The mean weight of one empty shell: the tare."""
        return self.together / self.shells


@dataclass(frozen=True, slots=True)
class CapsuleWeights:
    """Capsules weighed one by one as the balance showed them (gross), and what became of those that are neither good nor out.

    `kept` for tests and `broken` were filled and are not weighed. `assay` is the mean content in percent of the claim, where a laboratory found it.
    `balance` is the name or the code of the one that they were weighed on; empty in records from before it was kept.
    """

    tare: EmptyShells
    gross: tuple[Mass, ...]
    kept: int = 0
    broken: int = 0
    assay: Fraction | None = None
    remedy: Remedy | None = None
    balance: str = ""

    @property
    def net(self) -> tuple[Mass, ...]:
        """Each weight less the tare, in the order of weighing."""
        return tuple(weight - self.tare.each for weight in self.gross)


@dataclass(frozen=True, slots=True)
class Limits:
    """The theoretical net weight of one capsule, and the least and greatest that one may have."""

    net: Mass
    low: Mass
    high: Mass

    @property
    def nanograms(self) -> tuple[int, int]:
        """The limits in whole nanograms, rounded inwards, for a page that compares what is typed."""
        return ceil(self.low.mg * NANOGRAMS), floor(self.high.mg * NANOGRAMS)


@dataclass(frozen=True, slots=True)
class WeightStatistics:
    """What the net weights of single capsules say of the fill; deviations are rounded as `uniformity` says.

    `out` numbers, from 1, those outside the limits. A single capsule has no deviation; an acceptance value takes 10 or 30 capsules and an assay.
    """

    limits: Limits
    weights: tuple[Mass, ...]
    out: tuple[int, ...]
    mean: Mass
    deviation: Mass | None
    relative_deviation: Fraction | None
    acceptance: Fraction | None

    @property
    def mean_error(self) -> Fraction:
        """How far the mean lies from theory, as a ratio; positive when the capsules are too heavy."""
        return self.mean / self.limits.net - 1

    @property
    def shares(self) -> tuple[Fraction, ...]:
        """Each weight as a ratio of theory."""
        return tuple(weight / self.limits.net for weight in self.weights)


@dataclass(frozen=True, slots=True)
class Accounted:
    """Where the capsules of a batch are: `started` shells were filled; the rest is good, was taken out as out of limits, kept for tests, or broken."""

    started: int
    good: int
    rejected: int
    kept: int
    broken: int

    @property
    def missing(self) -> int:
        """Capsules that nobody accounts for; negative where there are more than shells."""
        return self.started - self.good - self.rejected - self.kept - self.broken

    @property
    def share(self) -> Fraction:
        """The accountability: what is accounted for over what was started."""
        return 1 - Fraction(self.missing, self.started)

    @property
    def output(self) -> Fraction:
        """The yield: what is good over what was started."""
        return Fraction(self.good, self.started)


def limits_of(preparation: Preparation) -> Limits | None:
    """The limits of one capsule of a batch; None for a liquid."""
    if preparation.weight is None or preparation.weight_low is None or preparation.weight_high is None:
        return None
    return Limits(preparation.weight.net, preparation.weight_low, preparation.weight_high)


def statistics(capsules: CapsuleWeights, limits: Limits) -> WeightStatistics:
    """What was weighed beside its limits; a tare or a weight that cannot be is refused."""
    _refuse_unlikely(capsules)
    return of_net(capsules.net, limits, assay=capsules.assay)


def of_net(weights: tuple[Mass, ...], limits: Limits, *, assay: Fraction | None = None) -> WeightStatistics:
    """The statistics of net weights; without an assay there is no acceptance value."""
    found = Uniformity(limits.net, weights)
    acceptance = None
    if assay is not None and len(weights) in _UNITS_OF_905:
        acceptance = acceptance_value(estimated_contents(weights, assay))
    out = tuple(number for number, weight in enumerate(weights, start=1) if not limits.low <= weight <= limits.high)
    return WeightStatistics(limits, weights, out, found.mean, found.deviation, found.relative_deviation, acceptance)


def accounted(capsules: CapsuleWeights, found: WeightStatistics, *, good: int, started: int) -> Accounted:
    """The capsules of a batch by what became of them; those out of limits are taken out once all were weighed."""
    rejected = len(found.out) if capsules.remedy is Remedy.ALL_WEIGHED else 0
    return Accounted(started, good, rejected, capsules.kept, capsules.broken)


def check_lot(capsules: CapsuleWeights, preparation: Preparation) -> None:
    """Refuse a tare of other shells than those that were filled."""
    filled = [line.lot_number for line in preparation.lines if line.part is Part.SHELL]
    if capsules.tare.lot_number not in filled:
        message = f"The batch was filled into shells of lot {' and '.join(filled)}: weigh empty shells of that lot."
        raise _wrong("shell-lot", "capsules.shell_lot", message)


def check_weights(capsules: CapsuleWeights, found: WeightStatistics, where: Accounted, *, deviations: str, again: bool) -> None:
    """Refuse weights that are too few, or of which one is out and nothing was done; `again`: the batch was set aside for one that was out.

    What was set aside is only told apart: nothing of it leaves before all its capsules are weighed.
    """
    _refuse_unaccounted(where, deviations)
    if capsules.remedy is Remedy.SET_ASIDE:
        if not deviations:
            message = "Say why the batch is set aside and what is looked into."
            raise _wrong("set-aside", "deviations", message)
        return
    weighed, all_of_them = len(found.weights), where.good + where.rejected
    if capsules.remedy is Remedy.ALL_WEIGHED or again:
        _refuse_not_all(weighed, where)
    elif weighed < min(CAPSULES_WEIGHED, all_of_them):
        raise Unsafe("weights-missing", f"Weigh {min(CAPSULES_WEIGHED, all_of_them)} capsules one by one; {weighed} weights were given.")
    elif weighed > all_of_them:
        raise _wrong("yield", "made", f"{weighed} capsules were weighed, so more than {all_of_them} were made. Count the capsules again.")
    if found.out and capsules.remedy is None:
        raise _out(found)


def check_assay(capsules: CapsuleWeights, found: WeightStatistics, policy: Policy) -> None:
    """Refuse a content that an assay found wanting, unless the batch is set aside: no weighing mends it."""
    if capsules.assay is None or capsules.remedy is Remedy.SET_ASIDE:
        return
    if abs(capsules.assay - 100) > policy.potency_tolerance * 100:
        raise _wrong("assay", "capsules.assay", f"A mean content of {decimal_text(capsules.assay)} % is outside its limits. Set the batch aside or reject it.")
    if found.acceptance is not None and found.acceptance > ACCEPTABLE:
        message = "The acceptance value is above 15 (USP <905>). Set the batch aside or reject it."
        raise _wrong("acceptance-value", "capsules.assay", message)


def _refuse_unaccounted(where: Accounted, deviations: str) -> None:
    if where.missing < 0:
        message = f"{where.started} shells were counted, so there cannot be {where.started - where.missing} capsules. Count the capsules again."
        raise _wrong("yield", "made", message)
    if where.missing and not deviations:
        message = f"{where.missing} of {where.started} capsules are not accounted for. Count again, or say what became of them."
        raise Invalid("yield", message, fields={"made": (message,), "deviations": ("Say what became of them.",)})


def _refuse_not_all(weighed: int, where: Accounted) -> None:
    if weighed != where.good + where.rejected:
        message = (
            f"Weigh every capsule, good or not: {weighed} weights were given for {where.good} good ones and {where.rejected} outside the limits. "
            'Under "Made" write how many are left after those outside were taken out.'
        )
        raise _wrong("weights-missing", "capsules.gross", message)


def _out(found: WeightStatistics) -> Invalid:
    which = ", ".join(str(number) for number in found.out)
    message = f"Each capsule must weigh {said_limits(found.limits.low, found.limits.high)} net. Outside: capsule {which}."
    told = "Weigh every capsule and take out those outside, set the batch aside, or reject it. Say which."
    return Invalid("capsule-weights", f"{message} {told}", fields={"capsules.gross": (message,), "capsules.remedy": (told,)})


def _refuse_unlikely(capsules: CapsuleWeights) -> None:
    """A tare of few shells or of none, no weights at all, and a filled capsule that weighs no more than an empty shell."""
    if capsules.tare.shells < SHELLS_TARED:
        message = f"Weigh {SHELLS_TARED} or more empty shells of the same lot together: single shells differ too much."
        raise _wrong("tare", "capsules.shells", message)
    if not capsules.tare.together.mg:
        raise _wrong("tare", "capsules.together", "Write what the empty shells weigh together, in mg.")
    if not capsules.gross:
        raise _wrong("weights-missing", "capsules.gross", "Write one gross weight in mg on each line.")
    for number, weight in enumerate(capsules.gross, start=1):
        if weight <= capsules.tare.each:
            message = f"Capsule {number} weighs no more than an empty shell. Write gross weights, as the balance shows them, and check the tare."
            raise _wrong("gross", "capsules.gross", message)


def _wrong(code: str, field: str, message: str) -> Invalid:
    return Invalid(code, message, fields={field: (message,)})
