"""Rules R1, R2, R3, R19 and R24: opioids, what is taken for none, and other naltrexone.

The first dose of naltrexone throws a patient who has an opioid on board into withdrawal. The founding article does not say so; the FDA
label does: 7 to 10 days free of short-acting opioids, up to two weeks after methadone or buprenorphine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from compounding.domain.prescription import Answer
from compounding.domain.quantity import Mass
from compounding.domain.safety.conditions import OPIOID_DEPENDENCE, codes, matching
from compounding.domain.safety.facts import Case, OrderFacts
from compounding.domain.safety.finding import Action, Concern
from compounding.domain.safety.lexicon import Kind
from compounding.domain.safety.naming import Medicine, medicine, medicines, unknown_parts, words
from compounding.domain.safety.wording import listed, months_later
from compounding.domain.wording import said

_MILLIGRAMS = re.compile(r"(\d+(?:\.\d+)?)\s*mg\b", re.IGNORECASE | re.ASCII)
_REMISSION_CODE = re.compile(r"F11[129]1")  # ICD-10-CM: opioid abuse, dependence and use, each "in remission"
_REMISSION = frozenset({"remission", "recovered", "recovery", "former", "history", "past"})
_NOT = frozenset({"not", "no", "without"})


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an answered opioid keeps the first dose off: from its last dose to `until`, the first day on which a dose may be taken."""

    drug: Medicine
    last_dose: date
    until: date
    why: str


def wait_for(case: Case) -> Wait | None:
    """The wait that follows from the answer; None without a drug's last dose."""
    answer = case.opioid
    if answer.recent is not Answer.YES or answer.recent_last_dose is None:
        return None
    drug, last, policy = medicine(answer.recent_drug), answer.recent_last_dose, case.policy
    match drug.opioid:
        case Kind.SHORT:
            return Wait(drug, last, last + timedelta(policy.opioid_free_days), f"{policy.opioid_free_days} days after a short-acting opioid")
        case Kind.DEPOT:
            return Wait(drug, last, months_later(last, policy.depot_months), f"{policy.depot_months} months after a buprenorphine injection or implant")
        case Kind.LONG:
            why = f"{policy.opioid_free_days_long} days after a long-acting opioid, methadone, buprenorphine or a patch"
        case _:
            why = f"{policy.opioid_free_days_long} days, since this drug is not known here and the longer wait applies"
    return Wait(drug, last, last + timedelta(policy.opioid_free_days_long), why)


def answered(case: Case) -> Iterator[Concern]:
    """R1: what the opioid question was answered."""
    answer, wait = case.opioid, wait_for(case)
    unknown = [name for name, part in _parts(case) if part is Answer.UNKNOWN]
    if unknown:
        sentence = f"The opioid question is not answered ({listed(unknown)}). Ask the patient and enter yes or no."
        yield Concern(Action.HOLD, sentence, tuple(unknown))
    facts = (answer.recent, answer.depot, answer.recent_drug, answer.recent_last_dose)
    if wait is not None:
        yield _waiting(wait, case.today, wait.drug.text or "An opioid", facts)
    elif answer.recent is Answer.YES:
        sentence = "An opioid was taken in the last 14 days, and the date of its last dose is missing. Ask for the drug and that date."
        yield Concern(Action.HOLD, sentence, facts)
    if answer.depot is Answer.YES and (wait is None or wait.drug.opioid is not Kind.DEPOT):
        sentence = (
            f"A buprenorphine injection or implant was given in the last {case.policy.depot_months} months: it acts for months, "
            "and naltrexone would cause withdrawal. Do not make this order; tell the prescriber."
        )
        yield Concern(Action.STOP, sentence, facts)


def contradicted(case: Case) -> Iterator[Concern]:
    """R2: an opioid among the medicines that the answer does not account for, and names that could not be checked."""
    for listed_drug in medicines(case.order.patient.medicines):
        if listed_drug.opioid is not None and not _accounted_for(case, listed_drug):
            sentence = (
                f'The medicines list "{listed_drug.text}", which is {listed_drug.opioid}; the opioid question was answered '
                f"{_answer_said(case)}. Ask the patient and the prescriber which is true, and have the wrong one corrected."
            )
            answer = case.opioid
            facts = (listed_drug.text, answer.recent, answer.depot, answer.recent_drug, answer.recent_last_dose)
            yield Concern(Action.STOP, sentence, facts, resolvable=True)
    unchecked = unknown_parts(case.order.patient.medicines)
    if unchecked:
        sentence = f"NOT CHECKED for opioids, since the names are not known here: {listed(unchecked)}. Look them up before you go on."
        yield Concern(Action.PROMPT, sentence, unchecked)


def dependence(facts: OrderFacts) -> Iterator[Concern]:
    """R3: opioid dependence or withdrawal, and microgram doses beside an opioid."""
    entries = matching(facts.order, OPIOID_DEPENDENCE)
    active = tuple(entry for entry in entries if not _in_remission(entry))
    past = tuple(entry for entry in entries if _in_remission(entry))
    if active:
        sentence = f"Opioid dependence or withdrawal ({listed(active)}): naltrexone must not be given. Tell the prescriber."
        yield Concern(Action.STOP, sentence, active)
    if past:
        sentence = f"Opioid dependence in remission ({listed(past)}). Make sure that no opioid is taken, and warn of lost tolerance."
        yield Concern(Action.PROMPT, sentence, past)
    small = tuple(step.daily for step in facts.order.steps if Mass.of_mg(0) < step.daily < facts.policy.dose_low)
    beside = _opioids_beside(facts)
    if small and beside:
        sentence = f"A microgram dose ({small[0]} a day) beside an opioid ({listed(beside)}) is not made here. Tell the prescriber."
        yield Concern(Action.STOP, sentence, (*small, *beside))


def easily_missed(case: Case) -> Iterator[Concern]:
    """R19: opioids that people do not count as such, as R1; opioids against diarrhoea."""
    wait = wait_for(case)
    if wait is not None and wait.drug.missed and case.today < wait.until:
        yield _waiting(wait, case.today, f"{wait.drug.text} counts as an opioid. It", (wait.drug.text, wait.last_dose))
    for listed_drug in medicines(case.order.patient.medicines):
        if listed_drug.missed and not _accounted_for(case, listed_drug):
            sentence = (
                f'"{listed_drug.text}" is among the medicines and counts as an opioid, though it is often not thought of as one. '
                "It must be stopped and waited out before naltrexone: ask for the date of its last dose."
            )
            yield Concern(Action.STOP, sentence, (listed_drug.text, case.opioid.recent_drug), resolvable=True)
        if listed_drug.is_a(Kind.ANTIDIARRHOEAL):
            sentence = f'"{listed_drug.text}" works on opioid receptors in the gut: naltrexone undoes it. Tell the patient to choose another.'
            yield Concern(Action.WARN, sentence, (listed_drug.text,))


def other_naltrexone(case: Case) -> Iterator[Concern]:
    """R24: another naltrexone among the medicines, or a second order beside this one."""
    for listed_drug in medicines(case.order.patient.medicines):
        if listed_drug.is_a(Kind.NALTREXONE):
            yield _listed_naltrexone(case, listed_drug)
    for other in case.history.active_orders:
        left = (other.ends_on - case.today).days + 1
        if left <= 0:
            continue
        if case.order.therapy.naive or other.starts_on > case.today or left > case.policy.second_order_days:
            sentence = (
                f"Order {other.number} for {other.daily} a day already supplies naltrexone until {said(other.ends_on)}. "
                "Two orders may not run beside each other: cancel one of them."
            )
            yield Concern(Action.STOP, sentence, (other.number, other.daily, other.ends_on), resolvable=True)


def _parts(case: Case) -> tuple[tuple[str, Answer], ...]:
    answer = case.opioid
    return (
        ("an opioid in the last 14 days", answer.recent),
        ("a buprenorphine injection or implant", answer.depot),
        ("surgery or dental work", answer.surgery),
    )


def _waiting(wait: Wait, today: date, drug: str, facts: tuple[str | date | None, ...]) -> Concern:
    taken = f"{drug} was last taken on {said(wait.last_dose)}"
    if today < wait.until:
        sentence = f"{taken}. The first dose of naltrexone may not be taken before {said(wait.until)} ({wait.why})."
        return Concern(Action.STOP, sentence, facts, wait.until)
    sentence = f"{taken}; the wait ended on {said(wait.until)} ({wait.why}). Make sure that none was taken since."
    return Concern(Action.PROMPT, sentence, facts)


def _accounted_for(case: Case, listed_drug: Medicine) -> bool:
    """Whether the answer names this very drug and R1 keeps the order waiting for it."""
    wait = wait_for(case)
    if listed_drug.opioid is Kind.DEPOT and case.opioid.depot is Answer.YES and (wait is None or wait.drug.opioid is not Kind.DEPOT):
        return True
    return wait is not None and wait.drug.shares(listed_drug) and case.today < wait.until


def _answer_said(case: Case) -> str:
    answer = case.opioid
    if answer.recent is not Answer.YES:
        return f'"{answer.recent}"'
    return f'"yes, {answer.recent_drug or "drug not named"}"'


def _in_remission(entry: str) -> bool:
    named = [code for code in codes(entry) if code.startswith("F11")]
    spelled = set(words(entry))
    if "on" in spelled and medicine(entry).opioid in {Kind.LONG, Kind.DEPOT}:  # "F11.21, on methadone"
        return False
    if named:
        return all(_REMISSION_CODE.match(code) for code in named)
    return bool(spelled & _REMISSION) and not spelled & _NOT


def _opioids_beside(facts: OrderFacts) -> tuple[str, ...]:
    answer = facts.opioid
    beside = [drug.text for drug in medicines(facts.order.patient.medicines) if drug.opioid is not None]
    if answer.recent is Answer.YES:
        beside.append(answer.recent_drug or "as answered")
    if answer.depot is Answer.YES:
        beside.append("a buprenorphine injection or implant")
    return tuple(dict.fromkeys(beside))


def _listed_naltrexone(case: Case, drug: Medicine) -> Concern:
    therapy = case.order.therapy
    told = {Mass.of_mg(Fraction(number)) for number in _MILLIGRAMS.findall(drug.text)}
    same = therapy.present_dose is not None and told <= {therapy.present_dose}
    facts = (drug.text, therapy.present_dose)
    if not therapy.naive and same and not any(substance.another for substance in drug.substances):
        sentence = f'"{drug.text}" is among the medicines. Make sure that it is the therapy that this order goes on with, and not a second one.'
        return Concern(Action.PROMPT, sentence, facts)
    sentence = f'"{drug.text}" is among the medicines: naltrexone is not given twice. Ask the prescriber which one is meant.'
    return Concern(Action.STOP, sentence, facts)
