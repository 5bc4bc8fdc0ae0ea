"""One wrong key in a dose, and whether an order that has it is accepted when everything else is right and every warning is clicked away."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from compounding.domain.errors import Invalid
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order, QuantityUnit, Step, Supply
from compounding.domain.quantity import Concentration, Mass, decimal_text, parse_numeral
from compounding.domain.retyping import check_retyped, to_retype
from compounding.domain.safety import Action, History
from tests.domain.safety.orders import GOOD, NAIVE, continuing, last_fill, ordered, step

POLICY = Policy()
STRENGTH = Concentration.of(1)
LADDER = tuple(Fraction(twentieths, 20) for twentieths in range(1, 201))  # 0.05 to 10 mg by 0.05
DAYS = 14
_FINAL = {Action.STOP, Action.HOLD, Action.BLOCK}


def slips(numeral: str) -> set[str]:
    """Everything that one wrong key makes of a numeral: a key left out, put in, swapped with the next, or taken for another."""
    keys = "0123456789."
    made = {numeral[:place] + numeral[place + 1 :] for place in range(len(numeral))}
    made |= {numeral[:place] + key + numeral[place:] for place in range(len(numeral) + 1) for key in keys}
    made |= {numeral[:place] + key + numeral[place + 1 :] for place in range(len(numeral)) for key in keys}
    made |= {numeral[:place] + numeral[place + 1] + numeral[place] + numeral[place + 2 :] for place in range(len(numeral) - 1)}
    return made - {numeral}


def typed(meant: Fraction) -> list[Fraction]:
    """The doses that a slip makes of `meant` and that the field takes."""
    found = set()
    for numeral in slips(decimal_text(meant)):
        try:
            found.add(parse_numeral(numeral))
        except Invalid:
            continue  # refused as it is typed
    return sorted(found - {0, meant})


@dataclass(frozen=True, slots=True)
class Course:
    """The doses as they were meant, and the place of the one that is mistyped."""

    doses: tuple[Fraction, ...]
    place: int


def courses(meant: Fraction) -> tuple[Course, ...]:
    """`meant` alone, and as either step of a rise and of a fall by about a half."""
    lower, higher = max(_rung(meant * 2 / 3), LADDER[0]), _rung(meant * 3 / 2)
    pairs = ((meant, higher), (meant, lower))
    return (Course((meant,), 0), *(Course(pair, 0) for pair in pairs), *(Course(pair[::-1], 1) for pair in pairs))


def _rung(dose: Fraction) -> Fraction:
    return Fraction(round(dose * 20), 20)


def orders(course: Course, slipped: Fraction, patient: str, told: str, present: Fraction | None = None) -> tuple[Order, History]:
    """The order as it was mistyped, with what else it tells (`told`) as it was meant, for a `patient` who is new, transferred or known here."""
    meant = tuple(_step(dose) for dose in course.doses)
    steps = tuple(_step(slipped) if place == course.place else right for place, right in enumerate(meant))
    total = sum((right.total for right in meant), Mass.of_mg(0))
    supplies = {
        "total": Supply(total=total),
        "quantity": Supply(quantity=(total / STRENGTH).ml, quantity_unit=QuantityUnit.ML),
        "days": Supply(days=DAYS * len(meant)),
    }
    takes = decimal_text(course.doses[0] if present is None else present)
    therapy = NAIVE if patient == "new" else continuing(takes)
    history = History(last_fill=last_fill(takes)) if patient == "known" else History()
    return replace(GOOD, steps=steps, therapy=therapy, supply=supplies[told], strength=STRENGTH), history


def _step(dose: Fraction) -> Step:
    return step(decimal_text(dose), DAYS)


def accepted(order: Order, history: History, course: Course) -> bool:
    """Whether whoever types the doses again from the original types those of the order, and no rule blocks it (that is asked last, being slow)."""
    asked = to_retype(order, POLICY, first_fill=history.last_fill is None)
    # Where steps share a dose, one of them may be looked up in the original: any that agrees lets it pass.
    again = {}
    for place, item in enumerate(asked):
        originals = [Mass(course.doses[number - 1]) for number in item.steps]
        again[place] = item.dose if item.dose in originals else originals[0]
    try:
        check_retyped(asked, again)
    except Invalid:
        return False
    return not any(finding.action in _FINAL for finding in ordered(order, history, policy=POLICY))


def band(meant: Fraction, slipped: Fraction) -> str:
    """How far off the slip is."""
    off = max(slipped / meant, meant / slipped)
    return next((f"below {bound} times" for bound in (2, 3, 5, 8) if off < bound), "8 times and more")


PATIENTS = ("new", "transferred", "known")
TOLD = ("total", "quantity", "days")


def tally(doses: Iterable[Fraction]) -> tuple[Counter[str], Counter[str]]:
    """Every slip of `doses` in every course, for every patient, with every supply that may be told: tried and accepted, by how far off."""
    tried: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for meant in doses:
        for course, slipped, patient, told in product(courses(meant), typed(meant), PATIENTS, TOLD):
            off = f"{told}: {band(meant, slipped)}"
            tried[off] += 1
            passed[off] += accepted(*orders(course, slipped, patient, told), course)
    return tried, passed


def changed_doses(doses: Iterable[Fraction], present: Iterable[Fraction]) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """What is accepted eight times off or more where a known patient takes another dose now: meant, typed, taken now."""
    now = tuple(present)
    for meant in doses:
        far = [slipped for slipped in typed(meant) if slipped >= 8 * meant or 8 * slipped <= meant]
        course = Course((meant,), 0)
        for slipped, takes in product(far, now):
            if accepted(*orders(course, slipped, "known", "days", takes), course):
                yield meant, slipped, takes
