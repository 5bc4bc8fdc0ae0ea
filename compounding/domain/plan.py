"""A plan: the whole course of a prescription as dated fills, each with its container, doses on the marks, tablets and date.

These are values; they are made by `planner` and explained by `explain`.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from compounding.domain.formula import Formula, Method, Storage
from compounding.domain.preparation import Amounts, Container, Preparation
from compounding.domain.prescription import Moment, Regimen
from compounding.domain.quantity import Mass, Volume
from compounding.domain.weighing import Dropper, Reading, Syringe
from compounding.domain.working import Working


@dataclass(frozen=True, slots=True)
class Choices:
    """What the pharmacist chose for a course. `device` measures a liquid's doses; capsules need none.

    `starts_on` is the day of the first dose, course day 1; `lead_days` lie between making and opening each container.
    `overfill` is added to each bottle; `overage` capsules are made beyond those dispensed.
    """

    formula: Formula
    storage: Storage
    container: Container
    method: Method
    starts_on: date
    device: Syringe | Dropper | None = None
    lead_days: int = 0
    overfill: Volume = Volume(Fraction(0))
    overage: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What the pharmacist asks for, by code, before it is looked up; the shape of the planning form. `device` is empty for capsules."""

    formula: str
    storage: Storage
    container: str
    method: Method
    starts_on: date
    device: str = ""
    lead_days: int = 0
    overfill: Volume = Volume(Fraction(0))
    overage: int = 0


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody wants to see planned without a prescription, by code; what is empty or None the pharmacy chooses, the first dose is then today."""

    regimen: Regimen
    formula: str = ""
    device: str = ""
    storage: Storage | None = None
    container: str = ""
    method: Method | None = None
    starts_on: date | None = None
    lead_days: int = 0
    overfill: Volume = Volume(Fraction(0))
    overage: int | None = None


@dataclass(frozen=True, slots=True)
class MeasuredStep:
    """A titration step as it will be taken: `reading` of a liquid, or a number of `capsules`; `taken` is what a dose really holds."""

    number: int
    dose: Mass
    moments: tuple[Moment, ...]
    first_day: int
    days: int
    taken: Mass
    reading: Reading | None = None
    capsules: int | None = None

    @property
    def last_day(self) -> int:
        """The last course day of the step."""
        return self.first_day + self.days - 1

    @property
    def amount(self) -> Fraction:
        """What one dose takes from the container: mL, or capsules."""
        return self.reading.measured.ml if self.reading else Fraction(self.capsules or 0)

    @property
    def daily_amount(self) -> Fraction:
        """What one day takes from the container: mL, or capsules."""
        return self.amount * len(self.moments)


@dataclass(frozen=True, slots=True)
class FillStep:
    """The part of a step that one fill serves, as course days."""

    step: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class FillPlan:
    """One container of the course: made by `make_by`, opened on `opens_on`, last used on `closes_on`, good through `until`.

    `preparation` is drawn up once the fill is made; a later fill gets its lots on its own day.
    """

    number: int
    opens: int
    closes: int
    make_by: date
    opens_on: date
    closes_on: date
    until: date
    until_reason: str
    steps: tuple[FillStep, ...]
    amounts: Amounts
    preparation: Preparation | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the plan that a pharmacist must know; a warning needs a reason before the plan is kept."""

    code: str
    sentence: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole course. `prescribed` and `taken` are naltrexone hydrochloride as ordered and as measured."""

    formula: str
    formula_version: int
    strength: str
    storage: Storage
    container: Container
    method: Method
    device: str
    starts_on: date
    lead_days: int
    made_is_day_one: bool
    policy_version: int
    days: int
    prescribed: Mass
    taken: Mass
    steps: tuple[MeasuredStep, ...]
    fills: tuple[FillPlan, ...]
    notices: tuple[Notice, ...]
    workings: tuple[Working, ...]

    @property
    def drops(self) -> int:
        """The drops of the whole course; 0 where doses are not counted in drops."""
        return sum((step.reading.drops or 0) * len(step.moments) * step.days for step in self.steps if step.reading)

    @property
    def volume(self) -> Volume | None:
        """What the whole course takes by mouth; None for capsules."""
        if any(step.reading is None for step in self.steps):
            return None
        return Volume(sum((step.daily_amount * step.days for step in self.steps), Fraction(0)))

    @property
    def drawn(self) -> Volume | None:
        """What the whole course draws of a stock solution of the strength that its formula reckons with; None where tablets are the source."""
        found = [working.exact for working in self.workings if working.key.endswith(".drawn")]
        return Volume(sum(found, Fraction(0))) if found else None

    def doses(self, fill: FillPlan) -> int:
        """How many single doses one container of the course holds."""
        return sum((part.last_day - part.first_day + 1) * len(self.steps[part.step - 1].moments) for part in fill.steps)

    def working(self, key: str) -> Working:
        """Why the number named `key` is what it is."""
        return next(working for working in self.workings if working.key == key)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A course that was reckoned and cleared by nobody: to look at, never to be kept or made.

    No lot was chosen for it, so that every date is that of the formula's class or study, and may come sooner with real lots.
    """

    course: Plan
