"""A prescription as it was written: who, for whom, what, for how long, and the answers that keep it safe.

Holds what the prescriber and the patient said, nothing that the pharmacy decided.
Findings, overrides and plans are values of their own and do not belong here.
The whole titration is one order: its steps follow each other in time (FHIR R4 `dosageInstruction.sequence`).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from compounding.domain import states
from compounding.domain.period import Period
from compounding.domain.quantity import Concentration, Mass, Volume


class Form(StrEnum):
    """The dosage form that was ordered."""

    ORAL_LIQUID = "oral_liquid"
    ORAL_DROPS = "oral_drops"
    CAPSULE = "capsule"


class Route(StrEnum):
    """Where the dose goes; every route but the mouth is sterile work (USP <797>) and is turned away by rule R20."""

    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    OPHTHALMIC = "ophthalmic"
    INJECTION = "injection"
    INHALATION = "inhalation"


class Moment(StrEnum):
    """When in the day a dose is taken, in USP <17>'s plain words."""

    MORNING = "in the morning"
    NOON = "at noon"
    EVENING = "in the evening"
    BEDTIME = "at bedtime"


class Unit(StrEnum):
    """The unit that the dose was written in; kept, since micrograms have a path of their own (rule R7)."""

    MG = "mg"
    MCG = "mcg"


class Answer(StrEnum):
    """What a person answers to a safety question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Pregnancy(StrEnum):
    """What rule R5 asks."""

    NO = "no"
    PREGNANT = "pregnant"
    BREASTFEEDING = "breastfeeding"
    PLANNING = "planning"
    NOT_APPLICABLE = "not_applicable"


class Origin(StrEnum):
    """How the order came to the pharmacy; a telephoned one is read back before it is stored."""

    ELECTRONIC = "electronic"
    PAPER = "paper"
    FAX = "fax"
    PHONE = "phone"


class QuantityUnit(StrEnum):
    """What a prescribed quantity counts."""

    ML = "mL"
    CAPSULE = "capsule"
    DROP = "drop"


class PrescriptionStatus(StrEnum):
    """Where an order stands in the pharmacy."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HELD = "held"
    DECLINED = "declined"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


NEXT: dict[PrescriptionStatus, frozenset[PrescriptionStatus]] = {
    PrescriptionStatus.RECEIVED: frozenset({PrescriptionStatus.ACCEPTED, PrescriptionStatus.HELD, PrescriptionStatus.DECLINED, PrescriptionStatus.CANCELLED}),
    PrescriptionStatus.HELD: frozenset({PrescriptionStatus.ACCEPTED, PrescriptionStatus.DECLINED, PrescriptionStatus.CANCELLED}),
    PrescriptionStatus.ACCEPTED: frozenset({PrescriptionStatus.COMPLETED, PrescriptionStatus.CANCELLED, PrescriptionStatus.HELD}),
    PrescriptionStatus.DECLINED: frozenset(),
    PrescriptionStatus.COMPLETED: frozenset({PrescriptionStatus.ACCEPTED}),  # a container that was lost or given wrongly is made again
    PrescriptionStatus.CANCELLED: frozenset(),
}


def advance(status: PrescriptionStatus, to: PrescriptionStatus) -> PrescriptionStatus:
    """`to`, if a prescription may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="prescription")


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom the medicine is for. `allergies`, `conditions` (ICD-10 codes or words) and `medicines` are as told, one entry each.

    `severe_allergies` names those of `allergies` that were an anaphylaxis. `weight_kg` is compulsory below 18 years (rule R25).
    """

    name: str
    birth_date: date
    address: str
    phone: str
    language: str
    pregnancy: Pregnancy
    allergies: tuple[str, ...] = ()
    severe_allergies: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    weight_kg: Fraction | None = None

    def age_on(self, day: date) -> int:
        """Completed years of life on `day`."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


@dataclass(frozen=True, slots=True)
class Prescriber:
    """Who signed the order; `npi` is a National Provider Identifier whose check digit was proved."""

    name: str
    npi: str
    phone: str


@dataclass(frozen=True, slots=True)
class OpioidAnswer:
    """The opioid question in its three parts (rules R1, R2, R15, R24), with who answered and who asked.

    `recent`: any opioid in the last 14 days, even once; then `recent_drug` and `recent_last_dose`.
    `depot`: a buprenorphine injection or implant in the last 12 months. `surgery`: surgery or dental work planned, on `surgery_date` if known.
    """

    recent: Answer
    depot: Answer
    surgery: Answer
    answered_by: str
    asked_by: str
    recent_drug: str = ""
    recent_last_dose: date | None = None
    surgery_date: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One titration step: `dose` of naltrexone hydrochloride taken at each of `moments` daily, for `days` days."""

    dose: Mass
    unit: Unit
    moments: tuple[Moment, ...]
    days: int

    @property
    def times_per_day(self) -> int:
        """How many doses a day."""
        return len(self.moments)

    @property
    def daily(self) -> Mass:
        """The mass taken in a day; the dose bands of the safety rules are per day."""
        return self.dose * self.times_per_day

    @property
    def total(self) -> Mass:
        """The mass of the whole step."""
        return self.daily * self.days


@dataclass(frozen=True, slots=True)
class Therapy:
    """Whether the patient is new to naltrexone, or continues with `present_dose` a day, last taken on `last_taken`."""

    naive: bool
    present_dose: Mass | None = None
    last_taken: date | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """How much was ordered, told in at least one way; what is told twice must agree (rule R31)."""

    quantity: Fraction | None = None
    quantity_unit: QuantityUnit | None = None
    days: int | None = None
    total: Mass | None = None


@dataclass(frozen=True, slots=True)
class Indication:
    """What the medicine is for: an ICD-10-CM code, its words, and whether the words may stand on the label."""

    code: str
    words: str
    on_label: bool


@dataclass(frozen=True, slots=True)
class Regimen:
    """What is taken, and nothing of whom it is for: the part of an order that can be reckoned with. Strengths are those of `Order`.

    `drops` is the quantity of the whole course where it was ordered as a number of drops.
    """

    form: Form
    steps: tuple[Step, ...]
    strength: Concentration | None = None
    capsule_strength: Mass | None = None
    drops: Fraction | None = None

    @property
    def days(self) -> int:
        """The length of the course in days."""
        return sum(step.days for step in self.steps)

    @property
    def total(self) -> Mass:
        """The mass of naltrexone hydrochloride of the whole course as prescribed, before any measuring."""
        return sum((step.total for step in self.steps), Mass.of_mg(0))


@dataclass(frozen=True, slots=True)
class Order:
    """Everything that a prescription says: mg/mL or mg a capsule; the text as written; and the dates of nothing, the course or each step."""

    patient: Patient
    prescriber: Prescriber
    form: Form
    route: Route
    steps: tuple[Step, ...]
    therapy: Therapy
    supply: Supply
    refills: int
    indication: Indication
    opioid: OpioidAnswer
    written_on: date
    origin: Origin
    read_back: bool = False
    strength: Concentration | None = None
    capsule_strength: Mass | None = None
    directions: str = ""
    dates: tuple[Period, ...] = ()

    @property
    def regimen(self) -> Regimen:
        """What is taken, without patient and prescriber."""
        drops = self.supply.quantity if self.supply.quantity_unit is QuantityUnit.DROP else None
        return Regimen(self.form, self.steps, self.strength, self.capsule_strength, drops)

    @property
    def days(self) -> int:
        """The length of the course in days."""
        return self.regimen.days

    @property
    def total(self) -> Mass:
        """The mass of naltrexone hydrochloride of the whole course as prescribed, before any measuring."""
        return self.regimen.total

    @property
    def ordered_volume(self) -> Volume | None:
        """The volume that the course takes at the prescribed strength, before any measuring; None without one."""
        return self.total / self.strength if self.strength else None

    @property
    def refill(self) -> "Order":
        """What a refill repeats: the last step alone, for a patient who takes its dose; it never replays the climb, nor the words that tell it."""
        last = self.steps[-1]
        therapy = Therapy(naive=False, present_dose=last.daily, last_taken=self.therapy.last_taken)
        return replace(self, steps=(last,), supply=Supply(days=last.days, total=last.total), therapy=therapy, directions="", dates=())


def dose_on(steps: tuple[Step, ...], day: int) -> Step:
    """The step that is taken on course day `day`, counted from 1; the last step for days past the course."""
    for step in steps:
        if day <= step.days:
            return step
        day -= step.days
    return steps[-1]
