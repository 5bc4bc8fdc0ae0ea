"""Orders and facts for the screening's tests: a harmless order, and what is changed of it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from compounding.domain.policy import Policy
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
from compounding.domain.quantity import Concentration, Mass
from compounding.domain.safety import (
    Finding,
    HandOverFacts,
    History,
    LastFill,
    OrderFacts,
    PlanFacts,
    screen_hand_over,
    screen_order,
    screen_plan,
)

TODAY = date(2026, 3, 10)
NO_OPIOID = OpioidAnswer(Answer.NO, Answer.NO, Answer.NO, "the patient", "J. Smith")
PATIENT = Patient("Ada Example", date(1970, 5, 1), "1 High Street, Springfield", "555 0100", "en", Pregnancy.NOT_APPLICABLE)
NAIVE = Therapy(naive=True)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days)


def mg(amount: str | int | Fraction) -> Mass:
    return Mass.of_mg(amount)


def step(dose: str, days: int = 14, *, times: int = 1, unit: Unit = Unit.MG) -> Step:
    mass = mg(dose) if unit is Unit.MG else Mass.of_mcg(dose)
    return Step(mass, unit, tuple(Moment)[-times:], days)


def steps(*doses: str, days: int = 14) -> tuple[Step, ...]:
    return tuple(step(dose, days) for dose in doses)


def continuing(present: str, last_taken: date | None = TODAY) -> Therapy:
    return Therapy(naive=False, present_dose=mg(present), last_taken=last_taken)


def took(drug: str, days: int) -> OpioidAnswer:
    return replace(NO_OPIOID, recent=Answer.YES, recent_drug=drug, recent_last_dose=days_ago(days))


GOOD = Order(
    patient=PATIENT,
    prescriber=Prescriber("Dr. A. Writer", "1234567893", "555 0101"),
    form=Form.ORAL_LIQUID,
    route=Route.ORAL,
    steps=steps("1.5", "3", "4.5"),
    therapy=NAIVE,
    supply=Supply(total=mg(126)),
    refills=0,
    indication=Indication("M79.7", "fibromyalgia", on_label=True),
    opioid=NO_OPIOID,
    written_on=TODAY,
    origin=Origin.ELECTRONIC,
)


def order(*doses: str, **changes: object) -> Order:
    """The harmless order with other doses and changes; its total follows its steps unless it is given."""
    if doses:
        changes["steps"] = steps(*doses)
    changed: Order = replace(GOOD, **changes)
    return changed if "supply" in changes else replace(changed, supply=Supply(total=changed.total))


def patient(**changes: object) -> Patient:
    changed: Patient = replace(PATIENT, **changes)
    return changed


def ordered(given: Order, history: History | None = None, *, policy: Policy | None = None, today: date = TODAY) -> tuple[Finding, ...]:
    return screen_order(OrderFacts(given, today, history or History(), policy or Policy()))


def planned(given: Order = GOOD, **facts: object) -> tuple[Finding, ...]:
    return screen_plan(replace(PlanFacts(given, TODAY, Policy()), **facts))


def handed(
    given: Order = GOOD,
    history: History | None = None,
    *,
    opioid: OpioidAnswer = NO_OPIOID,
    days: tuple[int, int] = (1, 14),
    today: date = TODAY,
) -> tuple[Finding, ...]:
    return screen_hand_over(HandOverFacts(given, today, history or History(), Policy(), opioid, *days))


def last_fill(daily: str = "4.5", *, left: int = 0, strength: str | None = None, capsule: str | None = None) -> LastFill:
    """A fill that runs out `left` days from today."""
    return LastFill(
        mg(daily),
        days_ago(30),
        TODAY + timedelta(left),
        Concentration.of(strength) if strength else None,
        mg(capsule) if capsule else None,
    )


def actions(findings: tuple[Finding, ...], rule: str) -> list[str]:
    return [finding.action.value for finding in findings if finding.rule == rule]


def only(findings: tuple[Finding, ...], rule: str) -> Finding:
    (found,) = [finding for finding in findings if finding.rule == rule]
    return found
