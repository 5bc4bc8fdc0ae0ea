"""What this door can do, for machines: the CapabilityStatement, open to everybody."""

from flask import Response

from compounding.api.fhir import answers, medication_dispense, medication_request
from compounding.api.fhir.written import Resource

_PUBLISHED = "2026-11-29"
_TYPES = {
    "_id": "token", "_lastUpdated": "date", "patient": "reference", "subject": "reference", "intent": "token", "status": "token", "authoredon": "date",
    "identifier": "token", "prescription": "reference", "whenhandedover": "date",
}  # fmt: skip
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core"


def metadata() -> Response:
    """The CapabilityStatement."""
    searched = {"MedicationRequest": medication_request.KNOWN, "MedicationDispense": medication_dispense.KNOWN}
    statement: Resource = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": _PUBLISHED,
        "kind": "instance",
        "software": {"name": "Compounding pharmacy"},
        "implementation": {"description": "Orders for low-dose naltrexone, each with its whole titration", "url": answers.base()},
        "fhirVersion": "4.0.1",
        "format": ["json", answers.MEDIA],
        "rest": [
            {
                "mode": "server",
                "documentation": "Whatever is not known here is refused, with the element's FHIRPath; nothing is passed over. See docs/fhir.md.",
                "security": _security(),
                "resource": [
                    _resource("MedicationRequest", ["create", "read", "update", "search-type"], searched["MedicationRequest"]),
                    _resource("MedicationDispense", ["read", "search-type"], searched["MedicationDispense"]),
                    _resource("Patient", ["read"]),
                    _resource("Practitioner", ["read"]),
                ],
                "interaction": [{"code": "transaction"}],
            }
        ],
    }
    return answers.reply(statement)


def _security() -> Resource:
    oauth = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR"}]}
    return {"service": [oauth], "description": "A bearer token of the pharmacy, or SMART Backend Services."}


def _resource(kind: str, interactions: list[str], searched: tuple[str, ...] = ()) -> Resource:
    found: Resource = {
        "type": kind,
        "supportedProfile": [f"{_US_CORE}-{kind.lower()}"],
        "interaction": [{"code": code} for code in (*interactions, *(["vread"] if searched and "create" in interactions else []))],
        "versioning": "versioned",
    }
    if "create" in interactions:
        found["conditionalCreate"] = True
    if searched:
        found["searchParam"] = [{"name": name, "type": _TYPES[name]} for name in searched]
    return found
