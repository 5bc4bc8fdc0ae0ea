"""What the pharmacy knows of an order, a hand-over and its people, as FHIR resources."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from compounding.api.fhir import written
from compounding.api.fhir.order import RX_NUMBER
from compounding.api.fhir.record import TYPES
from compounding.api.fhir.written import NALTREXONE, Resource, quantity
from compounding.api.strict_json import parse
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import decimal_text
from compounding.domain.safety import Action, Finding
from compounding.workflow.own_dispenses import DispenseView
from compounding.workflow.system_orders import Told
from compounding.workflow.system_people import ToldPatient, ToldPrescriber

DEEPEST = 24  # parts within parts of a resource: a Bundle's order has thirteen
STATUS, ACTION, NOT_BEFORE = "urn:compounding:status", "urn:compounding:action", "urn:compounding:not-before"
STATUSES: Mapping[PrescriptionStatus, str] = {
    PrescriptionStatus.RECEIVED: "active",
    PrescriptionStatus.ACCEPTED: "active",
    PrescriptionStatus.HELD: "on-hold",
    PrescriptionStatus.DECLINED: "cancelled",
    PrescriptionStatus.COMPLETED: "completed",
    PrescriptionStatus.CANCELLED: "cancelled",
}
_SEVERITY = {Action.STOP: "high", Action.HOLD: "high", Action.BLOCK: "high", Action.WARN: "moderate", Action.PROMPT: "low"}


def instant(moment: datetime) -> str:
    """A moment as FHIR writes one."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def medication_request(told: Told) -> Resource:
    """One order: what was sent, its state today, and what the safety rules say of it."""
    view = told.view
    subject, requester = f"Patient/{view.patient_id}", f"Practitioner/{view.order.prescriber.npi}"
    if told.literal is None or told.place is None:
        found = written.request(view.order, subject=subject, requester=requester)
    else:
        found = as_sent(told.literal, told.place, subject, requester)
    stem = _unused("finding-", found.get("contained", []))
    issues = [_issue(finding, f"{stem}{number}") for number, finding in enumerate(view.findings, 1)]
    number = {"system": RX_NUMBER, "value": view.number}
    status: Resource = {"status": STATUSES[view.status]}
    if view.status is PrescriptionStatus.DECLINED:
        status["statusReason"] = {"text": "Declined by the pharmacy; see detectedIssue."}
    changed: Resource = {
        "resourceType": "MedicationRequest",
        "id": str(view.id),
        "meta": {"versionId": told.version, "lastUpdated": instant(told.changed_at)},
        "contained": [*found.get("contained", []), *issues],
        "extension": [*found.get("extension", []), {"url": STATUS, "valueCode": view.status.value}],
        "identifier": [*found.get("identifier", []), number],
        **status,
    }
    rest = {name: value for name, value in found.items() if name not in changed}
    references = {"detectedIssue": [{"reference": f"#{issue['id']}"} for issue in issues]} if issues else {}
    return {**changed, **rest, **references}


def medication_dispense(told: DispenseView) -> Resource:
    """One container that was handed over; one whose hand-over was recorded wrongly says so."""
    amount = quantity(decimal_text(told.amount), *(("capsule", "{capsule}") if told.in_capsules else ("mL", "mL")))
    return {
        "resourceType": "MedicationDispense",
        "id": str(told.id),
        "meta": {"versionId": str(told.version), "lastUpdated": instant(told.changed_at)},
        "contained": [
            {
                "resourceType": "Medication",
                "id": "container",
                "code": NALTREXONE,
                "batch": {"lotNumber": told.batch_number, **({"expirationDate": told.beyond_use.isoformat()} if told.beyond_use else {})},
            }
        ],
        "status": "entered-in-error" if told.voided else "completed",
        "medicationReference": {"reference": "#container"},
        "subject": {"reference": f"Patient/{told.patient_id}"},
        "authorizingPrescription": [{"reference": f"MedicationRequest/{told.prescription_id}"}],
        "quantity": amount,
        "daysSupply": quantity(str(told.days), "day", "d"),
        "whenHandedOver": instant(told.handed_over_at),
    }


def patient(told: ToldPatient) -> Resource:
    """A patient as the asking system's newest order tells of them."""
    found = written.patient(told.patient)
    return {**found, "id": str(told.id), "meta": {"versionId": str(told.version), "lastUpdated": instant(told.changed_at)}}


def practitioner(told: ToldPrescriber) -> Resource:
    """A prescriber as the asking system's newest order tells of them; the id is the NPI."""
    found = written.practitioner(told.prescriber)
    return {**found, "id": told.prescriber.npi, "meta": {"versionId": str(told.version), "lastUpdated": instant(told.changed_at)}}


def _issue(finding: Finding, own: str) -> Resource:
    told: list[Resource] = [{"url": ACTION, "valueCode": finding.action.value}]
    if finding.not_before is not None:
        told.append({"url": NOT_BEFORE, "valueDate": finding.not_before.isoformat()})
    return {
        "resourceType": "DetectedIssue",
        "id": own,
        "extension": told,
        "status": "final",
        "code": {"coding": [{"system": "urn:compounding:rule", "code": finding.rule}], "text": finding.source},
        "severity": _SEVERITY[finding.action],
        "detail": finding.sentence,
    }


def as_sent(literal: str, place: int, subject: str, requester: str) -> Resource:
    """The MedicationRequest as it came, digit by digit, so that it stands alone: what it referred to is contained, its people are ours."""
    body = cast("Resource", parse(literal.encode(), deepest=DEEPEST))
    is_bundle = body.get("resourceType") == "Bundle"
    found = dict(body["entry"][place]["resource"] if is_bundle else body)
    new = {_reference(found, "subject"): subject, _reference(found, "requester"): requester}
    contained = [item for item in found.get("contained", []) if f"#{item.get('id')}" not in new]
    information, stem = [*found.get("supportingInformation", [])], _unused("entry-", contained)
    if is_bundle:
        beside = [_is_beside(entry["resource"], _reference(found, "subject")) for entry in body["entry"]]
        named = _references([found, *(entry["resource"] for entry, concerns in zip(body["entry"], beside, strict=True) if concerns)])
        for number, (entry, concerns) in enumerate(zip(body["entry"], beside, strict=True)):
            resource, url = entry["resource"], entry["fullUrl"]
            if concerns or (resource["resourceType"] == "Medication" and url in named):
                new[url] = f"#{stem}{number}"
                contained.append({**resource, "id": f"{stem}{number}"})
            if concerns and url not in _references(information):
                information.append({"reference": url})
    if contained:
        found["contained"] = contained
    else:
        found.pop("contained", None)
    if information:
        found["supportingInformation"] = information
    return cast("Resource", _renamed(found, new))


def _unused(stem: str, contained: Sequence[Resource]) -> str:
    """A beginning of ids that none of the sender's own has, so that no reference leads to another resource than it meant."""
    while any(str(item.get("id", "")).startswith(stem) for item in contained):
        stem += "-"
    return stem


def _is_beside(resource: Resource, subject: str) -> bool:
    """Whether an entry tells of the patient beside the order."""
    kind = resource["resourceType"]
    return kind in TYPES and kind != "MedicationRequest" and _whose(resource) == subject


def _reference(resource: Resource, name: str) -> str:
    return str(resource[name]["reference"])


def _whose(resource: Resource) -> str:
    return str((resource.get("patient") or resource.get("subject") or {}).get("reference", ""))


def _references(value: object) -> set[str]:
    if isinstance(value, Mapping):
        own = {str(value["reference"])} if isinstance(value.get("reference"), str) else set()
        return own.union(*(_references(inner) for inner in value.values()))
    return set().union(*(_references(inner) for inner in value)) if isinstance(value, list) else set()


def _renamed(value: object, new: Mapping[str, str]) -> object:
    if isinstance(value, Mapping):
        return {name: new.get(inner, inner) if name == "reference" and isinstance(inner, str) else _renamed(inner, new) for name, inner in value.items()}
    return [_renamed(inner, new) for inner in value] if isinstance(value, list) else value
