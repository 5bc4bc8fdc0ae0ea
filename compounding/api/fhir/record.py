"""What is known of the patient beside the order: medicines, allergies, conditions and weight, each a resource that the order refers to."""

from collections.abc import Callable

from compounding.api.fhir.draft import Draft, Inside
from compounding.api.fhir.elements import concept, frame, quantity
from compounding.api.fhir.reading import Part
from compounding.domain.safety.coding import Doubt, listed_as

ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
WEIGHT = "29463-7"  # LOINC: body weight
_WEIGHT_FIELD = "patient.weight_kg"
_IN_USE = {"active": "active", "intended": "intended", "on-hold": "on-hold", "unknown": "unknown"}
_ORDERED = {"active": "active", "on-hold": "on-hold", "unknown": "unknown"}
_NOT_IN_USE = "Only medicines that are taken, or may be taken again, belong to this list. Leave out what was stopped or never taken."
_PRESENT = "Only what is present and not refuted belongs here. Leave it out, or send the status active and confirmed."


class Lists:
    """The patient's lists, one entry for each resource."""

    def __init__(self, inside: Inside, draft: Draft, patient: str) -> None:
        self._inside, self._draft, self._patient = inside, draft, patient
        self._counts: dict[str, int] = {}
        self._seen: set[str] = set()

    def add(self, part: Part) -> None:
        """One resource of the patient's record; the same one twice counts once."""
        if part.at in self._seen:
            return
        self._seen.add(part.at)
        part.lenient = True
        frame(part)
        self._whose(part)
        part.keep("identifier", "recordedDate", "recorder", "asserter", "encounter", "category", "issued", "performer")
        _READERS[part.type](self, part)

    def _whose(self, part: Part) -> None:
        name = "patient" if part.type == "AllergyIntolerance" else "subject"
        reference = part.part(name)
        if reference is not None:
            reference.keep("type", "display")
            if reference.text("reference") != self._patient:
                reference.refuse("reference", "This is about another patient than the order. Refer to the same one.")

    def entry(self, name: str, text: str | None, at: str) -> None:
        """One entry of the list `name`."""
        number = self._counts.get(name, 0)
        self._counts[name] = number + 1
        self._draft.put(f"patient.{name}.{number}", text, at)

    def medicine(self, part: Part) -> None:
        """A MedicationStatement or a MedicationRequest for another medicine."""
        statement = part.type == "MedicationStatement"
        part.word("status", _IN_USE if statement else _ORDERED, ask=_NOT_IN_USE)
        part.keep("effectiveDateTime", "effectivePeriod", "dateAsserted", "informationSource", "dosage", "reasonCode", "note")
        if not statement:
            part.keep("intent", "authoredOn", "requester", "dosageInstruction", "dispenseRequest")
            if part.flag("doNotPerform") is True:
                part.refuse("doNotPerform", _NOT_IN_USE)
        told = part.part("medicationCodeableConcept")
        if told is None and (reference := part.part("medicationReference", ask="Say which medicine it is.")) is not None:
            medication = self._inside.resource(reference, "Medication")
            if medication is None:
                return
            frame(medication)
            medication.keep("form", "ingredient", "status", "identifier")
            told = medication.part("code", ask="Say which medicine it is.")
        if told is not None:
            self._named("medicines", told)

    def allergy(self, part: Part) -> None:
        """An AllergyIntolerance; one of high criticality, or with a severe reaction, counts as an anaphylaxis."""
        part.keep("type", "onsetDateTime", "lastOccurrence", "note")
        _status(part, "clinicalStatus", {"active", "recurrence", "relapse"})
        _status(part, "verificationStatus", {"confirmed", "unconfirmed", "presumed"})
        severe = part.text("criticality") == "high"
        for reaction in part.parts("reaction"):
            reaction.keep("substance", "manifestation", "description", "onset", "exposureRoute", "note")
            severe = reaction.text("severity") == "severe" or severe
        told = part.part("code", ask="Say what the patient is allergic to.")
        text = self._named("allergies", told) if told is not None else None
        if severe and told is not None:
            self.entry("severe_allergies", text, told.at)

    def condition(self, part: Part) -> None:
        """A Condition, by its code of ICD-10-CM and in words."""
        part.keep("onsetDateTime", "severity", "bodySite", "note", "onsetAge")
        _status(part, "clinicalStatus", {"active", "recurrence", "relapse", "remission"})
        _status(part, "verificationStatus", {"confirmed", "provisional", "differential", "unconfirmed"})
        told = part.part("code", ask="Say which condition it is.")
        if told is None:
            return
        found = concept(told)
        codes = [coding.code for coding in found.codings if coding.system == ICD_10]
        words = found.text or next((coding.display for coding in found.codings if coding.display), "")
        if not codes and not words:
            told.refuse("", "Send the code of ICD-10-CM, or the name of the condition as text.")
        self.entry("conditions", " ".join([*codes, words]).strip() or None, told.at)

    def observation(self, part: Part) -> None:
        """An Observation of the body weight; no other is read here."""
        part.keep("effectiveDateTime")
        part.word("status", {"final": "final", "amended": "amended", "corrected": "corrected"}, ask="Only a final weight can be taken.")
        code = part.part("code", ask=f"Only the body weight, {WEIGHT} of LOINC, is read here.")
        if code is not None and not any((coding.system, coding.code) == (LOINC, WEIGHT) for coding in concept(code).codings):
            code.refuse("", f"Only the body weight, {WEIGHT} of LOINC, is read here.")
        value = part.part("valueQuantity", ask="Send the weight in kg.")
        if value is not None:
            if self._draft.has(_WEIGHT_FIELD):
                part.refuse("", "There is more than one body weight, and nobody can say which counts. Send the newest alone.")
            number, _ = quantity(value, {"kg": "kg"}, ask="Send the weight in kg.")
            self._draft.put(_WEIGHT_FIELD, number, value.path("value"))

    def _named(self, name: str, part: Part) -> str | None:
        text = listed_as(concept(part))
        if isinstance(text, Doubt):
            part.refuse("" if text.coding is None else f"coding[{text.coding}]", text.sentence)
            return None
        self.entry(name, text, part.at)
        return text


_READERS: dict[str, Callable[[Lists, Part], None]] = {
    "MedicationStatement": Lists.medicine,
    "MedicationRequest": Lists.medicine,
    "AllergyIntolerance": Lists.allergy,
    "Condition": Lists.condition,
    "Observation": Lists.observation,
}
TYPES = tuple(_READERS)


def _status(part: Part, name: str, good: set[str]) -> None:
    found = part.part(name)
    if found is not None:
        for place, coding in enumerate(concept(found).codings):
            if coding.code not in good:
                found.refuse(f"coding[{place}].code", f'"{coding.code[:20]}" cannot be taken here. {_PRESENT}')
