"""What a patient must know beside the calendar: sections of fixed sentences, chosen by what the medicine is and not by what the patient has told.

What a leaflet says of an illness is said to everybody: an illness that the order does not name must not be missed, and one that it names is nobody's to read.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from compounding.domain.beyond_use import TABLE_4, assigned_class
from compounding.domain.formula import BeyondUseClass, Formula
from compounding.domain.language import Language
from compounding.domain.people import PharmacyProfile
from compounding.domain.plan import Plan
from compounding.domain.policy import Policy
from compounding.domain.prescription import Order
from compounding.domain.quantity import Mass, decimal_text

_USUAL = Mass.of_mg("4.5")  # founding article: what it says of doses, it says of 1.25 to 4.5 mg


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its sentences, or with questions and their answers."""

    heading: str
    sentences: tuple[str, ...]
    answers: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Whose paper it is: numbers, dates and people as the label has them. `made_on` to `beyond_use` is what this container has."""

    rx: str
    batch: str
    made_on: date
    beyond_use: date
    profile: PharmacyProfile


def ahead(plan: Plan, language: Language) -> tuple[str, ...]:
    """What goes with the calendar: that one goes up only when well, that no dose need be reached, that none is doubled."""
    words = language.words
    climbs = any(later.taken > earlier.taken for earlier, later in zip(plan.steps, plan.steps[1:], strict=False))
    usual = all(step.dose * len(step.moments) <= _USUAL for step in plan.steps)
    going_up = (words.going_up, words.any_dose if usual else words.any_dose_high) if climbs else ()
    return (*going_up, words.missed)


def advice(order: Order, plan: Plan, formula: Formula, told: Told, *, cautions: tuple[str, ...], language: Language, policy: Policy) -> tuple[Section, ...]:
    """Every section after the calendar, the opioids first."""
    words = language.words
    return (
        Section(
            words.opioids,
            (
                words.opioids_which,
                words.opioids_before.format(short=policy.opioid_free_days, long=policy.opioid_free_days_long),
                words.opioids_depot.format(months=policy.depot_months),
                words.opioids_during,
                words.opioids_more,
            ),
        ),
        Section(words.first_weeks, (words.first_effects, words.first_morning, words.very_ill, words.mood)),
        Section(words.others, (words.thyroid, words.glucose.format(mg=decimal_text(policy.glucose_attention.mg)), words.tell_us)),
        Section(
            words.surgery,
            (words.surgery_stop.format(hours=policy.surgery_stop_hours), words.surgery_pain, words.stopped_long.format(days=policy.off_therapy_days)),
        ),
        Section(words.review, (_review(order, plan, language, policy),)),
        Section(words.keeping, (" ".join(language.sentence(caution) for caution in cautions), words.children)),
        Section(words.short_date, _why_so_short(formula, told, language)),
        Section(
            words.questions,
            (),
            (
                Answered(words.for_life, words.for_life_answer),
                Answered(words.laboratory, words.laboratory_answer),
                Answered(words.cortisone, words.cortisone_answer),
                Answered(words.approved, words.approved_answer),
            ),
        ),
        Section(words.call, (*_whom_to_call(order, told, language, policy), words.compounded.format(pharmacy=told.profile.name, address=told.profile.address))),
    )


def _review(order: Order, plan: Plan, language: Language, policy: Policy) -> str:
    """The day of the review, which is known where the course is the patient's first."""
    if not order.therapy.naive:
        return language.words.review_sometime
    return language.words.review_on.format(day=language.dates.day(plan.starts_on + timedelta(days=policy.review_due_day)))


def _why_so_short(formula: Formula, told: Told, language: Language) -> tuple[str, ...]:
    """The class of the preparation with its most days, and that something made the date earlier or let it be later, where it did."""
    words, kind = language.words, assigned_class(formula)
    reasons = {BeyondUseClass.AQUEOUS_UNPRESERVED: words.short_unpreserved, BeyondUseClass.AQUEOUS_PRESERVED: words.short_preserved}
    most = TABLE_4[kind]
    days = (told.beyond_use - told.made_on).days + 1
    other = (words.short_earlier,) if days < most else (words.short_tested.format(days=days),) if days > most else ()
    return (reasons.get(kind, words.short_other).format(days=most), *other)


def _whom_to_call(order: Order, told: Told, language: Language, policy: Policy) -> tuple[str, ...]:
    words, profile = language.words, told.profile
    return (
        words.call_pharmacy.format(pharmacy=profile.name, phone=profile.phone, rx=told.rx, batch=told.batch),
        words.call_prescriber.format(prescriber=f"{order.prescriber.name}, {order.prescriber.phone}"),
        words.call_emergency.format(poison=policy.poison_help),
        words.call_effects,
    )
