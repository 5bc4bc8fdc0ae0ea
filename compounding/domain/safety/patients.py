"""Rules R4, R5, R6, R13, R14, R18, R25 and R26: what the patient's own state asks for."""

from collections.abc import Iterator
from fractions import Fraction

from compounding.domain.prescription import Order, Pregnancy
from compounding.domain.quantity import Mass, decimal_text
from compounding.domain.safety import conditions as known
from compounding.domain.safety.conditions import Condition, matching
from compounding.domain.safety.facts import Case, HandOverFacts, OrderFacts
from compounding.domain.safety.finding import Action, Concern
from compounding.domain.safety.lexicon import Kind
from compounding.domain.safety.naming import medicine, medicines, words
from compounding.domain.safety.wording import listed

# Other opioid antagonists and the products that hold one: who reacted to them may react to naltrexone (rule R4).
_ANTAGONISTS = frozenset({
    "naloxone", "nalmefene", "narcan", "kloxxado", "rivive", "zimhi", "evzio", "revex", "opvee", "zurnai", "suboxone", "zubsolv", "bunavail",
})  # fmt: skip
_PREGNANCY_SAID = {
    Pregnancy.PREGNANT: "The patient is pregnant",
    Pregnancy.BREASTFEEDING: "The patient is breastfeeding",
    Pregnancy.PLANNING: "The patient plans a pregnancy",
}


def drug_allergy(facts: OrderFacts) -> Iterator[Concern]:
    """R4 on the order: an allergy to naltrexone, or to another opioid antagonist."""
    patient = facts.order.patient
    for entry in dict.fromkeys((*patient.allergies, *patient.severe_allergies)):
        if medicine(entry).is_a(Kind.NALTREXONE):
            yield Concern(Action.STOP, f'The patient is allergic to naltrexone ("{entry}"): it must not be given. Tell the prescriber.', (entry,))
        elif _ANTAGONISTS & set(words(entry)):
            sentence = f'The patient is allergic to a medicine close to naltrexone ("{entry}"). Speak with the prescriber about the reaction first.'
            yield Concern(Action.BLOCK, sentence, (entry,))


def pregnancy(case: Case) -> Iterator[Concern]:
    """R5: pregnancy, breastfeeding, or a pregnancy planned."""
    answer = case.order.patient.pregnancy
    entries = matching(case.order, known.PREGNANCY)
    said = _PREGNANCY_SAID.get(answer) or (f"The conditions tell of pregnancy or breastfeeding ({listed(entries)})" if entries else None)
    if said:
        yield Concern(Action.BLOCK, f"{said}: ask the prescriber whether naltrexone is still wanted.", (answer, *entries))


def liver(facts: OrderFacts) -> Iterator[Concern]:
    """R6: acute hepatitis or liver failure; decompensated cirrhosis; any other liver disease."""
    acute = matching(facts.order, known.ACUTE_HEPATITIS)
    cirrhosis = matching(facts.order, known.CIRRHOSIS)
    signs = matching(facts.order, known.DECOMPENSATION)
    if acute:
        yield Concern(Action.STOP, f"Acute hepatitis or liver failure ({listed(acute)}): naltrexone must not be given. Tell the prescriber.", acute)
    if cirrhosis and signs:
        told = tuple(dict.fromkeys((*cirrhosis, *signs)))
        yield Concern(Action.BLOCK, f"Decompensated cirrhosis ({listed(told)}): ask the prescriber whether naltrexone is still wanted.", told)
    other = tuple(entry for entry in matching(facts.order, known.LIVER) if entry not in acute)
    if other and not acute and not (cirrhosis and signs):
        sentence = f"Liver disease ({listed(other)}): write the date and the result of the last liver function test into the reason."
        yield Concern(Action.WARN, sentence, other)


def thyroid(case: Case) -> Iterator[Concern]:
    """R13: Hashimoto's or Graves' disease, or a medicine for the thyroid."""
    told = _state_or_medicine(case.order, known.THYROID, Kind.THYROID)
    if told:
        sentence = f"Thyroid ({listed(told)}): the thyroid dose may become too high. Advise a TSH test in 4 to 6 weeks, and a start of 0.25 to 1.5 mg a day."
        yield Concern(Action.PROMPT, sentence, told)


def glucose(case: Case) -> Iterator[Concern]:
    """R14: diabetes or a glucose-lowering medicine, whatever the dose."""
    told = _state_or_medicine(case.order, known.DIABETES, Kind.GLUCOSE)
    if told:
        sentence = f"Diabetes ({listed(told)}): naltrexone may unsettle the glucose. Advise measuring it more often from the first dose."
        yield Concern(Action.PROMPT, sentence, told)


def glucose_step_ordered(facts: OrderFacts) -> Iterator[Concern]:
    """R14 on the order: its first step of 1 mg a day and more."""
    yield from _glucose_step(facts, 1, facts.order.days)


def glucose_step_handed_over(facts: HandOverFacts) -> Iterator[Concern]:
    """R14 at the counter: the container in which 1 mg a day is first reached."""
    yield from _glucose_step(facts, facts.first_day, facts.last_day)


def depression(case: Case) -> Iterator[Concern]:
    """R18: depression or suicidality."""
    told = matching(case.order, known.DEPRESSION)
    if told:
        sentence = f"Depression or suicidality ({listed(told)}): ask how the patient is, and whom to call if the mood falls."
        yield Concern(Action.PROMPT, sentence, told)


def young_age(facts: OrderFacts) -> Iterator[Concern]:
    """R25: below 18 years, with the reference dose by weight."""
    patient, policy = facts.order.patient, facts.policy
    age = patient.age_on(facts.today)
    if age >= policy.adult_years:
        return
    highest = max((step.daily for step in facts.order.steps), default=Mass.of_mg(0))
    if patient.weight_kg is None:
        reference = "The weight is missing: ask for it."
    else:
        dose = min(policy.child_dose_a_kg * patient.weight_kg, policy.dose_usual)
        reference = (
            f"For {decimal_text(patient.weight_kg)} kg the reference is {_tenths(dose)} a day ({policy.child_dose_a_kg} a kg, at most {policy.dose_usual})."
        )
    sentence = f"The patient is {age} years old, and the order goes up to {highest} a day. {reference} Confirm the dose with the prescriber."
    yield Concern(Action.BLOCK, sentence, (age, patient.weight_kg, highest))


def defences(facts: OrderFacts) -> Iterator[Concern]:
    """R26: severe renal impairment, a transplant, or weakened defences."""
    told = matching(facts.order, known.DEFENCES)
    if told:
        sentence = f"Severe kidney disease, a transplant or weakened defences ({listed(told)}): write into the reason that the prescriber knows of it."
        yield Concern(Action.WARN, sentence, told)


def _glucose_step(case: Case, first_day: int, last_day: int) -> Iterator[Concern]:
    told = _state_or_medicine(case.order, known.DIABETES, Kind.GLUCOSE)
    day = 1
    for number, step in enumerate(case.order.steps, 1):
        if step.daily >= case.policy.glucose_attention:
            if told and first_day <= day <= last_day:
                sentence = (
                    f"Diabetes, and step {number} reaches {step.daily} a day on day {day}: one patient's glucose was unsettled "
                    "at 1 mg, four times out of four. Agree on glucose measurements for that week."
                )
                yield Concern(Action.PROMPT, sentence, (number, step.daily, day, *told))
            return
        day += step.days


def _state_or_medicine(order: Order, condition: Condition, kind: Kind) -> tuple[str, ...]:
    taken = (drug.text for drug in medicines(order.patient.medicines) if drug.is_a(kind))
    return tuple(dict.fromkeys((*matching(order, condition), *taken)))


def _tenths(mass: Mass) -> Mass:
    """A reference dose to a tenth of a milligram, downwards: it is a bound, not a dose."""
    return Mass(Fraction(mass.mg * 10 // 1, 10))
