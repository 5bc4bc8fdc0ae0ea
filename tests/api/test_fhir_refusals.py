"""What does not come in as a resource: each thing by the FHIRPath of its element, and nothing of it is passed over. No application is needed for it."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from compounding.api.fhir import order, transaction
from compounding.api.fhir.draft import Document
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.strict_json import parse
from tests.api.fhir import found
from tests.api.resources import PATIENT, bundle, days, edited, entry, mg, request, step, taking, text_of, with_record

RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"
CATEGORY = "http://terminology.hl7.org/CodeSystem/medicationrequest-category"
BCP_47, LANGUAGE = "urn:ietf:bcp:47", "contained[0].communication[0].language"
STRANGER = "urn:uuid:00000000-0000-4000-8000-0000000000ff"
DOSE = "dosageInstruction.0.doseAndRate.0"
REPEAT = "dosageInstruction.0.timing.repeat"


def refused(resource: dict[str, Any]) -> dict[str, str]:
    """The first sentence about each refused element; every expression leads to something that was sent, or is missing there."""
    sent: Any = parse(text_of(resource).encode(), deepest=24)
    refusals = Refusals()
    if sent["resourceType"] == "Bundle":
        transaction.read(sent, refusals)
    else:
        nowhere(sent, "MedicationRequest", refusals)
        part = Part(sent, "MedicationRequest", refusals)
        part.keep("resourceType")
        order.read(part, Document(), refusals)
        part.finish()
    assert [expression for expression in refusals if not found(resource, expression)] == []
    return {expression: sentences[0] for expression, sentences in refusals.items()}


def test_the_order_of_these_tests_is_taken_as_it_is() -> None:
    assert refused(request()) == {}
    assert refused(with_record(taking("vitamin D"))) == {}
    assert refused(bundle(request(), request())) == {}


@pytest.mark.parametrize(
    ("path", "value", "expression"),
    [
        ("modifierExtension", [{"url": "urn:other", "valueBoolean": True}], "modifierExtension"),
        ("dosageInstruction.1.modifierExtension", [{"url": "urn:other"}], "dosageInstruction[1].modifierExtension"),
        ("contained.0.name.0.modifierExtension", [{"url": "urn:other"}], "contained[0].name[0].modifierExtension"),
        ("contained.2.ingredient.0.strength.modifierExtension", [{"url": "urn:other"}], "contained[2].ingredient[0].strength.modifierExtension"),
        ("extension.1.modifierExtension", [{"url": "urn:other"}], "extension[1].modifierExtension"),
        ("implicitRules", "http://example.org/rules", "implicitRules"),
        ("contained.1.implicitRules", "http://example.org/rules", "contained[1].implicitRules"),
        ("doNotPerform", True, "doNotPerform"),
        ("intent", "proposal", "intent"),
        ("intent", "plan", "intent"),
        ("intent", "option", "intent"),
        ("intent", None, "intent"),
        ("status", "draft", "status"),
        ("status", "cancelled", "status"),
        ("status", "entered-in-error", "status"),
        ("reportedBoolean", True, "reported"),
        ("priority", "stat", "priority"),
        ("category", [{"coding": [{"system": CATEGORY, "code": "inpatient"}]}], "category[0].coding[0]"),
        ("note", [{"text": "halve it"}], "note"),
        ("substitution", {"allowedBoolean": True}, "substitution"),
        ("priorPrescription", {"reference": "MedicationRequest/1"}, "priorPrescription"),
        ("colour", "green", "colour"),
        ("_status", {"id": "x"}, "_status"),
        ("status", "", "status"),
        ("dosageInstruction", [], "dosageInstruction"),
        ("dosageInstruction.0.asNeededBoolean", True, "dosageInstruction[0].asNeeded"),
        ("dosageInstruction.0.asNeededCodeableConcept", {"text": "pain"}, "dosageInstruction[0].asNeeded"),
        ("dosageInstruction.0.maxDosePerPeriod", {"numerator": mg("9")}, "dosageInstruction[0].maxDosePerPeriod"),
        ("dosageInstruction.0.patientInstruction", "double it", "dosageInstruction[0].patientInstruction"),
        ("dosageInstruction.0.sequence", 2, "dosageInstruction[1].sequence"),
        ("dosageInstruction.0.sequence", True, "dosageInstruction[0].sequence"),
        ("dosageInstruction.2.sequence", None, "dosageInstruction[2].sequence"),
        (f"{DOSE}.doseQuantity.value", Decimal("4.5555"), "dosageInstruction[0].doseAndRate[0].dose.value"),
        (f"{DOSE}.doseQuantity.value", "1.5", "dosageInstruction[0].doseAndRate[0].dose.value"),
        (f"{DOSE}.doseQuantity.value", -1, "dosageInstruction[0].doseAndRate[0].dose.value"),
        (f"{DOSE}.doseQuantity.value", 0, "dosageInstruction[0].doseAndRate[0].dose.value"),
        (f"{DOSE}.doseQuantity.value", Decimal("1E+400"), "dosageInstruction[0].doseAndRate[0].dose.value"),
        (f"{DOSE}.doseQuantity.code", "g", "dosageInstruction[0].doseAndRate[0].dose.code"),
        (f"{DOSE}.doseQuantity.unit", "mcg", "dosageInstruction[0].doseAndRate[0].dose.unit"),
        (f"{DOSE}.doseQuantity.comparator", "<", "dosageInstruction[0].doseAndRate[0].dose.comparator"),
        (f"{DOSE}.doseQuantity.system", "urn:other", "dosageInstruction[0].doseAndRate[0].dose.system"),
        (f"{DOSE}.rateQuantity", mg("1"), "dosageInstruction[0].doseAndRate[0].rate"),
        (DOSE, {"doseRange": {"low": mg("1"), "high": mg("3")}}, "dosageInstruction[0].doseAndRate[0].dose"),
        (f"{REPEAT}.boundsDuration", None, "dosageInstruction[0].timing.repeat.bounds"),
        (f"{REPEAT}.boundsDuration.value", Decimal("14.5"), "dosageInstruction[0].timing.repeat.bounds.value"),
        (f"{REPEAT}.boundsDuration.code", "wk", "dosageInstruction[0].timing.repeat.bounds.code"),
        (f"{REPEAT}.boundsRange", {"low": days(7)}, "dosageInstruction[0].timing.repeat.bounds"),
        (f"{REPEAT}.frequency", 2, "dosageInstruction[0].timing.repeat.frequency"),
        (f"{REPEAT}.frequencyMax", 2, "dosageInstruction[0].timing.repeat.frequencyMax"),
        (f"{REPEAT}.period", 2, "dosageInstruction[0].timing.repeat.period"),
        (f"{REPEAT}.periodUnit", "wk", "dosageInstruction[0].timing.repeat.periodUnit"),
        (f"{REPEAT}.when", ["C"], "dosageInstruction[0].timing.repeat.when[0]"),
        (f"{REPEAT}.dayOfWeek", ["mon"], "dosageInstruction[0].timing.repeat.dayOfWeek"),
        ("dosageInstruction.0.timing.event", ["2026-03-02"], "dosageInstruction[0].timing.event"),
        ("dosageInstruction.0.text", "Take 1.5 mg at bedtime for 14 days", "dosageInstruction"),
        ("dosageInstruction.0.route.coding.0.code", "37839007", "dosageInstruction"),
        ("dosageInstruction.0.extension", [{"url": "urn:other", "valueString": "x"}], "dosageInstruction[0].extension[0].url"),
        ("dispenseRequest", None, "dispenseRequest"),
        ("dispenseRequest.initialFill", {"quantity": mg("1")}, "dispenseRequest.initialFill"),
        ("dispenseRequest.quantity.code", "mmol", "dispenseRequest.quantity.code"),
        ("dispenseRequest.numberOfRepeatsAllowed", 25, "dispenseRequest.numberOfRepeatsAllowed"),
        ("dispenseRequest.performer", {"reference": "Organization/1"}, "dispenseRequest.performer"),
        ("subject.reference", "Patient/1", "subject.reference"),
        ("subject.reference", "#prescriber", "subject.reference"),
        ("requester", None, "requester"),
        ("authoredOn", "2026-03", "authoredOn"),
        ("authoredOn", "2026-03-01Tnoon", "authoredOn"),
        ("identifier.0.system", "urn:compounding:rx-number", "identifier[0].system"),
        ("reasonCode.0.coding.0.code", "fibromyalgia", "reasonCode[0].coding[0].code"),
        ("identifier", None, "identifier"),
        ("identifier.0.value", "a|b", "identifier[0].value"),
        ("extension.0", None, "extension"),
        ("extension.0.extension.0.valueCode", "perhaps", "extension[0].extension[0].value"),
        ("extension.0.extension.0.url", "recently", "extension[0].extension[0].url"),
        ("extension.1.url", "urn:compounding:terapy", "extension[1].url"),
        ("contained.0.birthDate", "1980", "contained[0].birthDate"),
        ("contained.0.deceasedBoolean", True, "contained[0].deceased"),
        ("contained.0.active", False, "contained[0].active"),
        ("contained.0.name", [{"text": "Ada"}, {"text": "Eve"}], "contained[0].name[1]"),
        ("contained.0.name.0.text", "Eve Other", "contained[0].name[0].text"),
        ("contained.0.address.0.text", "9 Short Street, Springfield 00001", "contained[0].address[0].text"),
        ("contained.0.address.0.text", "11 Long Street, Springfield 00001", "contained[0].address[0].text"),
        ("contained.0.address.0.text", "1 Long Street, Shelbyville 00001", "contained[0].address[0].text"),
        ("contained.0.address.0.text", "1 Long Street, Springfield 00002", "contained[0].address[0].text"),
        ("contained.0.communication.0.language.coding", [{"system": BCP_47, "code": code} for code in ("en", "es")], f"{LANGUAGE}.coding[1].code"),
        ("contained.0.multipleBirthInteger", 2, "contained[0].multipleBirth"),
        ("contained.1.identifier.0.value", "1234567890", "contained[1].identifier[0].value"),
        ("contained.2.form", None, "contained[2].form"),
        ("contained.2.form.coding.0.code", "385055001", "contained[2].form.coding[0]"),
        ("contained.2.ingredient.0.strength.denominator.value", 2, "contained[2].ingredient[0].strength.denominator.value"),
        ("text", {"status": "additional", "div": "<div>take it all</div>"}, "text.status"),
        ("text", {"status": "generated", "div": "<div>naltrexone with <b>naloxone</b></div>"}, "text.div"),
        ("meta", {"security": [{"code": "R"}]}, "meta.security"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_its_element(path: str, value: object, expression: str) -> None:
    assert f"MedicationRequest.{expression}" in refused(edited(path, value))


def test_an_address_in_words_that_holds_its_parts_is_taken_however_it_is_laid_out() -> None:
    assert refused(edited("contained.0.address.0.text", "1 Long Street; SPRINGFIELD, CA 00001-1234, USA")) == {}


def test_the_second_of_two_body_weights_is_refused() -> None:
    light, heavy = (
        {
            "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
            "valueQuantity": {"value": value, "unit": "kg"}, "subject": {"reference": "#patient"},
        }
        for value in (61, 85)
    )  # fmt: skip
    assert list(refused(with_record(light, heavy))) == ["MedicationRequest.contained[4]"]


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ({"text": "Naltrexone", "coding": [{"system": RXNORM, "code": "7242"}]}, "coding[0]"),
        ({"text": "Naltrexone", "coding": [{"system": RXNORM, "code": "7243"}, {"system": SNOMED, "code": "372890007"}]}, "coding[1]"),
        ({"text": "Buprenorphine / Naltrexone", "coding": [{"system": RXNORM, "code": "352364"}, {"system": SNOMED, "code": "425741009"}]}, "coding[0]"),
        ({"text": "Buprenorphine / Naltrexone", "coding": [{"system": RXNORM, "code": "7243"}]}, "text"),
        ({"text": "naloxone", "coding": [{"system": RXNORM, "code": "7243"}]}, "text"),
        ({"text": "methylnaltrexone"}, "text"),
        ({"text": "Contrave"}, "text"),
        ({"coding": [{"system": RXNORM, "code": "7243", "display": "naloxone"}]}, "coding[0]"),
        ({"coding": [{"system": RXNORM, "code": "1483744"}]}, "coding[0]"),
        ({"coding": [{"system": RXNORM, "code": "197446"}]}, "coding[0]"),
        ({"coding": [{"system": "urn:other", "code": "7243"}]}, "coding[0]"),
    ],
)
def test_words_and_codes_that_do_not_both_say_naltrexone_are_refused(code: dict[str, Any], place: str) -> None:
    assert f"MedicationRequest.contained[2].code.{place}" in refused(edited("contained.2.code", code))
    alone = request(medicationReference=None, medicationCodeableConcept=code)
    alone["contained"].pop()
    assert f"MedicationRequest.medication.{place}" in refused(alone)


def test_naltrexone_as_a_concept_alone_is_told_how_to_say_its_form() -> None:
    whole = request(medicationReference=None, medicationCodeableConcept={"coding": [{"system": RXNORM, "code": "7243"}], "text": "naltrexone"})
    whole["contained"].pop()
    assert list(refused(whole)) == ["MedicationRequest.medication"]


@pytest.mark.parametrize(
    "listed",
    [
        taking("oxycodone 5 mg"),
        taking("Suboxone film"),
        taking("tramadol", status="on-hold"),
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "Norco"}},
        {**taking("x"), "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "7804"}]}},
    ],
)
def test_an_opioid_on_the_list_that_the_answer_does_not_name_is_refused(listed: dict[str, Any]) -> None:
    said = refused(with_record(listed))
    assert list(said) == ["MedicationRequest.contained[3].medication"]
    assert "opioid" in said["MedicationRequest.contained[3].medication"]


def test_an_opioid_that_the_answer_names_is_left_to_the_rules() -> None:
    whole = with_record(taking("oxycodone 5 mg"))
    answers = whole["extension"][0]["extension"]
    answers[0]["valueCode"] = "yes"
    answers += [{"url": "recentDrug", "valueString": "oxycodone"}, {"url": "recentLastDose", "valueDate": "2026-02-27"}]
    assert refused(whole) == {}


@pytest.mark.parametrize(
    ("listed", "place"),
    [
        ({**taking("vitamin D"), "medicationCodeableConcept": {"text": "vitamin D", "coding": [{"system": RXNORM, "code": "7804"}]}}, "medication.coding[0]"),
        ({**taking("x"), "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "1"}]}}, "medication"),
        (taking("vitamin D", status="stopped"), "status"),
        (taking("vitamin D", subject={"reference": "Patient/2"}), "subject.reference"),
        ({"resourceType": "Observation", "status": "final", "code": {"text": "pulse"}}, "code"),
        ({"resourceType": "Immunization"}, None),
    ],
)
def test_a_record_that_is_not_beyond_doubt_is_refused(listed: dict[str, Any], place: str | None) -> None:
    said = refused(with_record(listed))
    assert (f"MedicationRequest.contained[3].{place}" if place else "MedicationRequest.supportingInformation[0].reference") in said


def test_a_contained_resource_that_nothing_refers_to_is_refused() -> None:
    whole = request()
    whole["contained"].append({**taking("oxycodone"), "id": "hidden"})
    assert list(refused(whole)) == ["MedicationRequest.contained[3]"]


OPIOID_ENTRY = entry("urn:uuid:00000000-0000-4000-8000-0000000000aa", taking("oxycodone", subject={"reference": PATIENT}))
OTHERS_ENTRY = entry("urn:uuid:00000000-0000-4000-8000-0000000000ab", taking("oxycodone", subject={"reference": STRANGER}))


@pytest.mark.parametrize(
    ("entries", "expression"),
    [
        ([OPIOID_ENTRY], "entry[4].resource.medication"),
        ([OTHERS_ENTRY], "entry[4].resource"),
        ([{"fullUrl": "urn:uuid:1"}], "entry[4].fullUrl"),
        ([entry(PATIENT, {"resourceType": "Patient"})], "entry[4].resource"),
        ([entry("urn:uuid:00000000-0000-4000-8000-0000000000ac", {"resourceType": "Task"})], "entry[4].resource.resourceType"),
        ([entry("urn:uuid:00000000-0000-4000-8000-0000000000ad", request(intent="plan"))], "entry[4].resource.intent"),
        ([{**OPIOID_ENTRY, "request": {"method": "PUT", "url": "MedicationStatement/1"}}], "entry[4].request.method"),
    ],
)
def test_one_entry_that_cannot_be_taken_refuses_the_whole_transaction(entries: list[dict[str, Any]], expression: str) -> None:
    whole = bundle()
    whole["entry"] += deepcopy(entries)
    assert f"Bundle.{expression}" in refused(whole)


@pytest.mark.parametrize(("changes", "expression"), [({"type": "batch"}, "type"), ({"entry": []}, "entry"), ({"total": 1}, "total")])
def test_a_bundle_of_another_kind_is_refused(changes: dict[str, Any], expression: str) -> None:
    assert f"Bundle.{expression}" in refused({**bundle(), **changes})


def test_steps_are_taken_in_the_order_of_their_sequence_not_as_they_stand() -> None:
    whole = request(dosageInstruction=[step(3, "4.5"), step(1, "1.5"), step(2, "3")])
    refusals = Refusals()
    written = order.read(Part(whole, "MedicationRequest", refusals), Document(), refusals)
    assert written is not None
    assert [str(item.dose) for item in written.order.steps] == ["1.5 mg", "3 mg", "4.5 mg"]
