"""Cancelling by update: the order as it was read, with the status cancelled and a reason, and nothing else changed."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from compounding.api.fhir import answers
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.fhir.resources import medication_request
from compounding.api.fhir.written import Resource
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import ActName
from compounding.domain.change import Change, ChangeKind
from compounding.workflow import changes
from compounding.workflow.act import Act
from compounding.workflow.own_orders import own_prescription
from compounding.workflow.system_orders import own_order

KIND = "MedicationRequest"
_OURS = frozenset({"status", "statusReason", "meta"})
_REASON = "Say why it is cancelled, as text in at most 200 characters."
_ONLY = "Only the status of an order can be changed here, to cancelled. Send every other element as you read it; other changes go to /api/v1."


def cancel(prescription_id: UUID) -> Response:
    """Cancel one of your own orders of which nothing was handed over; the header If-Match says which state of it you saw."""
    if not request.if_match or request.if_match.star_tag:
        raise PreconditionRequired("Send the header If-Match with the ETag of the order, as you read it last.")
    value, literal = answers.body(KIND)
    return answers.reply(pharmacy().perform(ActName.PRESCRIPTION_CHANGE, caller(), lambda act: _cancelled(act, prescription_id, value, literal)))


def _cancelled(act: Act, prescription_id: UUID, value: Mapping[str, object], literal: str) -> Resource:
    own_prescription(act, prescription_id, lock=True)
    seen = own_order(act, prescription_id)
    if not request.if_match.contains_weak(seen.version):
        raise PreconditionFailed("This order has changed since you read it, and nothing was done. Read it again, then decide.")
    changes.change(act, prescription_id, Change(kind=ChangeKind.CANCEL, reason=_reason(value, medication_request(seen))), literal=literal)
    return medication_request(own_order(act, prescription_id))


def _reason(value: Mapping[str, object], as_read: Resource) -> str:
    """Why; raises `Invalid` with the FHIRPath of whatever else differs."""
    refusals = Refusals()
    resource = Part(value, KIND, refusals)
    resource.word("status", {"cancelled": "cancelled"}, ask=_ONLY)
    for name in dict.fromkeys([*as_read, *value]):
        if name not in _OURS and value.get(name) != as_read.get(name):
            resource.refuse(name, _ONLY)
    told = resource.part("statusReason", ask=_REASON)
    reason = told.text("text", ask=_REASON) if told is not None else None
    if told is not None and reason is not None and not (len(reason) <= 200 and reason.isprintable() and reason.strip()):
        told.refuse("text", _REASON)
    if told is not None:
        nowhere(told.value, told.at, refusals)
        told.finish()
    return answers.unless_refused(reason, refusals)
