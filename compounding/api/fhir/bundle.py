"""A transaction, taken whole or not at all."""

from collections.abc import Sequence

from flask import Response

from compounding.api.fhir import answers, transaction
from compounding.api.fhir.reading import Refusals
from compounding.api.fhir.resources import instant, medication_request
from compounding.api.fhir.transaction import ORDER, Entry
from compounding.api.fhir.written import Resource
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import ActName
from compounding.workflow.system_orders import Sent, Told, receive_all


def take() -> Response:
    """Send orders with their people in one transaction Bundle."""
    how = answers.preferred()
    value, literal = answers.body("Bundle")
    refusals = Refusals()
    entries = answers.unless_refused(transaction.read(value, refusals), refusals)
    sent = [_sent(entry, literal, place) for place, entry in enumerate(entries) if entry.type == ORDER]
    told = pharmacy().perform(ActName.PRESCRIPTION_RECEIVE, caller(), lambda act: receive_all(act, sent))
    answered = {"resourceType": "Bundle", "type": "transaction-response", "entry": list(_answered(entries, told, how))}
    return answers.reply(answered)


def _sent(entry: Entry, literal: str, place: int) -> Sent:
    if entry.written is None:
        raise ValueError("an order that was not refused was read")
    return entry.written.sent(literal, place=place, conditional=entry.conditional)


def _answered(entries: Sequence[Entry], told: Sequence[Told], how: str) -> Sequence[Resource]:
    waiting = list(told)
    return [_order(waiting.pop(0), how) if entry.type == ORDER else _beside(entry, told) for entry in entries]


def _order(told: Told, how: str) -> Resource:
    resource = medication_request(told)
    response: Resource = {
        "status": "201 Created" if told.made else "200 OK",
        "location": f"{ORDER}/{resource['id']}/_history/{told.version}",
        "etag": f'W/"{told.version}"',
        "lastModified": instant(told.changed_at),
        "outcome": answers.information(resource, made=told.made),
    }
    return {"fullUrl": answers.address(resource), "response": response, **({"resource": resource} if how == "representation" else {})}


def _beside(entry: Entry, told: Sequence[Told]) -> Resource:
    """People get their address here; what else belongs to an order is kept with it and has none."""
    order = told[0].view
    addresses = {"Patient": f"Patient/{order.patient_id}", "Practitioner": f"Practitioner/{order.order.prescriber.npi}"}
    if entry.type in addresses and len({(item.view.patient_id, item.view.order.prescriber.npi) for item in told}) == 1:
        return {"response": {"status": "200 OK", "location": addresses[entry.type]}}
    issue = {"severity": "information", "code": "informational", "diagnostics": "This is kept with the orders that refer to it.", "expression": [entry.type]}
    return {"response": {"status": "200 OK", "outcome": {"resourceType": "OperationOutcome", "issue": [issue]}}}
