"""Codes of medicines, as far as the safety of naltrexone hangs on them, and whether words and codes name the same medicine.

A public example of a FHIR order says "Buprenorphine / Naltrexone" in words, and buprenorphine with naloxone in RxNorm and SNOMED CT. A
reader that believes either of the two gives the wrong drug; this one believes neither.

Sources: 7243, 1483744, 7242, 352364, 2670 and 4337 of RxNorm, 372890007, 425741009, 387173000, 373492002 and 387494007 of SNOMED CT were met in
openFDA, RxNav or published FHIR examples. The other codes are from general knowledge and wait for a pharmacist who compares them with RxNav; each is
here for an opioid, so that one which stood for another opioid would still be asked about. A code that is missing is never passed over: the order that
bears it without words is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from compounding.domain.prescription import Answer, Order
from compounding.domain.safety.lexicon import Kind
from compounding.domain.safety.naming import Medicine, medicine, words

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
NALTREXONE = "naltrexone"
INGREDIENT = "7243"  # naltrexone in RxNorm; there is none for a compounded low dose
_TABLET = "naltrexone 50 mg tablets"
_LOOK_ALIKES = frozenset({"naloxone", "nalmefene", "methylnaltrexone", "nalorphine"})  # named beside naltrexone, they are another drug

NAMES: dict[tuple[str, str], str] = {
    (RXNORM, INGREDIENT): NALTREXONE,
    (RXNORM, "1483744"): _TABLET,
    (RXNORM, "7242"): "naloxone",
    (RXNORM, "352364"): "buprenorphine and naloxone",
    (RXNORM, "1819"): "buprenorphine",
    (RXNORM, "2670"): "codeine",
    (RXNORM, "23088"): "dihydrocodeine",
    (RXNORM, "4337"): "fentanyl",
    (RXNORM, "5489"): "hydrocodone",
    (RXNORM, "3423"): "hydromorphone",
    (RXNORM, "6468"): "loperamide",
    (RXNORM, "6754"): "meperidine",
    (RXNORM, "6813"): "methadone",
    (RXNORM, "7052"): "morphine",
    (RXNORM, "7804"): "oxycodone",
    (RXNORM, "7814"): "oxymorphone",
    (RXNORM, "787390"): "tapentadol",
    (RXNORM, "10689"): "tramadol",
    (SNOMED, "373546002"): NALTREXONE,  # from general knowledge, as the facts say: used to read, never written
    (SNOMED, "372890007"): "naloxone",
    (SNOMED, "425741009"): "buprenorphine and naloxone",
    (SNOMED, "387173000"): "buprenorphine",
    (SNOMED, "373492002"): "fentanyl",
    (SNOMED, "387494007"): "codeine",
}


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of a concept: its system, the code itself, and the words that go with it, empty where there are none."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A medicine as it was told: in words, in codes, or both."""

    text: str
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a concept cannot be taken: a sentence, and the place of the coding that it is about (None: the words)."""

    sentence: str
    coding: int | None = None


def not_naltrexone(concept: Concept) -> Iterator[Doubt]:
    """Each reason why a concept is not beyond doubt naltrexone as it is compounded here, from the ingredient."""
    if not concept.text and not concept.codings:
        yield Doubt("This names no medicine. Write naltrexone in words, or send the code 7243 of RxNorm.")
    if concept.text and (why := _other_than_naltrexone(concept.text)):
        yield Doubt(why)
    for place, coding in enumerate(concept.codings):
        name = NAMES.get((coding.system, coding.code))
        if name is None:
            yield Doubt("This code is not known here, so nobody can say whether it means naltrexone. Send the code 7243 of RxNorm, or words alone.", place)
        elif name == _TABLET:
            yield Doubt("This is the code of the 50 mg tablet, which is not a low dose. Send the code of the ingredient, 7243 of RxNorm.", place)
        elif name != NALTREXONE:
            yield Doubt(f"This code means {name}, not naltrexone. Find out which medicine is meant; send words and codes that agree.", place)
        elif coding.display and (why := _other_than_naltrexone(coding.display)):
            yield Doubt(why, place)


def listed_as(concept: Concept) -> str | Doubt:
    """The words by which a medicine of a list is known, or why it cannot be taken: no words, or words and a code that disagree."""
    told = concept.text or next((coding.display for coding in concept.codings if coding.display), "")
    for place, coding in enumerate(concept.codings):
        name = NAMES.get((coding.system, coding.code))
        if name is None:
            continue
        if not told:
            told = name
        elif not _first_names(name) <= set(words(told)) and not _same_substances(name, told):
            return Doubt(f'The words say "{told[:60]}" and this code means {name}. Find out which is taken; send words and codes that agree.', place)
    return told or Doubt("This medicine has a code that is not known here, and no words. Write its name as text.")


def unanswered_opioids(order: Order) -> tuple[int, ...]:
    """The places, from 0, of those of the patient's medicines that are opioids which the opioid question's answer does not name."""
    return tuple(place for place, text in enumerate(order.patient.medicines) if _is_unanswered(order, medicine(text)))


def other_names(text: str) -> tuple[str, ...]:
    """The known medicines beside naltrexone that a text names."""
    spelled = set(words(text))
    known = [item.name for item in medicine(text).substances if item.kind is not Kind.NALTREXONE]
    return tuple(dict.fromkeys([*known, *sorted(spelled & _LOOK_ALIKES)]))


def _is_unanswered(order: Order, listed: Medicine) -> bool:
    if listed.opioid is None:
        return False
    answer = order.opioid
    if listed.opioid is Kind.DEPOT and answer.depot is Answer.YES:
        return False
    return answer.recent is not Answer.YES or not medicine(answer.recent_drug).shares(listed)


def _other_than_naltrexone(text: str) -> str | None:
    others = other_names(text)
    if others:
        return f'"{text[:60]}" names {", ".join(others)}. Only naltrexone alone is compounded here; find out which medicine is meant.'
    if NALTREXONE not in words(text):
        return f'"{text[:60]}" does not say naltrexone. Write the name in full.'
    return None


def _first_names(name: str) -> set[str]:
    return {word for word in words(name) if word != "and"}


def _same_substances(name: str, told: str) -> bool:
    meant = {item.name for item in medicine(name).substances}
    return bool(meant) and meant <= {item.name for item in medicine(told).substances}
