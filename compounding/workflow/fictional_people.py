"""Who comes to the demonstration pharmacy in a year, with which order: made up by dice that fall alike each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import TypeVar

from compounding.domain.formula import Method, Storage
from compounding.domain.plan import Request
from compounding.domain.prescription import (
    Answer,
    Form,
    Indication,
    Moment,
    OpioidAnswer,
    Order,
    Origin,
    Patient,
    Pregnancy,
    Prescriber,
    Route,
    Step,
    Supply,
    Therapy,
    Unit,
)
from compounding.domain.quantity import Mass

T = TypeVar("T")

_FIRST = ("Ada", "Bruno", "Chiara", "Daniel", "Elif", "Farid", "Greta", "Hanna", "Ivo", "Jana", "Kofi", "Lena", "Mateo", "Nora", "Omar", "Priya", "Quentin",
          "Rosa", "Samuel", "Thanh", "Ursula", "Viktor", "Wanjiru", "Ximena", "Yusuf", "Zoë")  # fmt: skip
_LAST = ("Abara", "Bianchi", "Castillo", "Delgado", "Eriksen", "Fielding", "Garner", "Holloway", "Ivanova", "Jørgensen", "Kowalska", "Lindqvist", "Marchetti",
         "Nakamura", "Oyelaran", "Petrenko", "Quigley", "Renner", "Sørlie", "Tanaka", "Underwood", "Vasquez", "Whitfield", "Yilmaz", "Zimmermann")  # fmt: skip
_CONDITIONS = (("M79.7", "fibromyalgia"), ("G35.A", "multiple sclerosis"), ("K50.90", "Crohn disease"), ("E06.3", "Hashimoto thyroiditis"))
_PRESCRIBERS = (Prescriber("Dr Ruth Weiss", "1234567893", "555-010-0123"), Prescriber("Dr Ian Mercer", "1558597798", "555-010-0155"))
_TITRATION = (("1.5", 14), ("3", 14), ("4.5", 14))
_DROPS = tuple((str(Fraction(week, 4)), 7) for week in range(1, 19))


class Dice:
    """Chance that falls alike each time for the same word; made of hashes, since no library promises its numbers for ever."""

    def __init__(self, word: str) -> None:
        self._word, self._thrown = word, 0

    def below(self, sides: int) -> int:
        """A number from 0 up to, and without, `sides`."""
        self._thrown += 1
        return int.from_bytes(sha256(f"{self._word} {self._thrown}".encode()).digest()[:8]) % sides

    def one_in(self, sides: int) -> bool:
        """Whether the one of so many came up."""
        return self.below(sides) == 0

    def choice(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.below(len(items))]


@dataclass(frozen=True, slots=True)
class Course:
    """An order and how it is planned; `starts_on` of the request is set on the day."""

    order: Order
    request: Request


def somebody(dice: Dice, number: int, today: date) -> Course:
    """The first order of somebody new here: an established patient on capsules, or a titration as liquid or drops."""
    born = date(1940 + dice.below(64), 1 + dice.below(12), 1 + dice.below(28))
    phone = f"555-01{number // 10_000:01d}-{number % 10_000:04d}"
    patient = Patient(
        f"{dice.choice(_FIRST)} {dice.choice(_LAST)}", born, f"{1 + number} Oak Street, Sampletown, CA 90001", phone, "en", Pregnancy.NO
    )  # fmt: skip
    opioid_days_ago = 4 if dice.one_in(40) else None
    kind = dice.below(10)
    if kind < 5:
        course = _capsules(dice, patient, today, opioid_days_ago)
    elif kind < 9:
        course = _course(dice, patient, today, _TITRATION, form=Form.ORAL_LIQUID, opioid_days_ago=opioid_days_ago)
    else:
        course = _course(dice, patient, today, _DROPS, form=Form.ORAL_DROPS, opioid_days_ago=opioid_days_ago)
    return course


def once_more(dice: Dice, before: Order, today: date) -> Course:
    """What somebody orders whose order is used up: capsules of 4.5 mg, or three bottles more of the liquid."""
    if before.form is Form.ORAL_LIQUID:
        return _course(dice, before.patient, today, (("4.5", 105),), form=Form.ORAL_LIQUID, opioid_days_ago=None)
    return _capsules(dice, before.patient, today, None)


def _capsules(dice: Dice, patient: Patient, today: date, opioid_days_ago: int | None) -> Course:
    order = _order(dice, patient, today, (("4.5", 30),), form=Form.CAPSULE, opioid_days_ago=opioid_days_ago)
    return Course(replace(order, refills=5), Request("C4.5", Storage.ROOM, "vial-120-capsules", Method.POWDER, today, overage=dice.below(3)))


def _course(dice: Dice, patient: Patient, today: date, doses: Sequence[tuple[str, int]], *, form: Form, opioid_days_ago: int | None) -> Course:
    order = _order(dice, patient, today, doses, form=form, opioid_days_ago=opioid_days_ago)
    if form is Form.ORAL_DROPS:
        return Course(order, Request("L5", Storage.REFRIGERATOR, "bottle-10-ml", Method.WHOLE_TABLETS, today, "dropper-20"))
    bottle = "bottle-180-ml" if len(doses) == 1 else "bottle-120-ml"
    return Course(order, Request("L1", Storage.REFRIGERATOR, bottle, Method.WHOLE_TABLETS, today, "syringe-5-by-0.1"))


def _order(dice: Dice, patient: Patient, today: date, doses: Sequence[tuple[str, int]], *, form: Form, opioid_days_ago: int | None) -> Order:
    steps = tuple(Step(Mass.of_mg(dose), Unit.MG, (Moment.BEDTIME,), days) for dose, days in doses)
    opioid = OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "the patient", "Dr Ruth Weiss")
    if opioid_days_ago is not None:
        last = today - timedelta(days=opioid_days_ago)
        opioid = replace(opioid, recent=Answer.YES, recent_drug="Suboxone film", recent_last_dose=last)
    return Order(
        patient=patient,
        prescriber=dice.choice(_PRESCRIBERS),
        form=form,
        route=Route.ORAL,
        steps=steps,
        therapy=Therapy(naive=False, present_dose=steps[0].daily, last_taken=today),
        supply=Supply(total=sum((step.total for step in steps), Mass.of_mg(0))),
        refills=0,
        indication=Indication(*dice.choice(_CONDITIONS), on_label=True),
        opioid=opioid,
        written_on=today - timedelta(days=1),
        origin=Origin.ELECTRONIC,
    )
