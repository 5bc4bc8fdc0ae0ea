"""Orders as MedicationRequest: created, read, and found by US Core's parameters."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, request

from compounding.api.fhir import answers, order, search
from compounding.api.fhir.draft import Document
from compounding.api.fhir.reading import Refusals
from compounding.api.fhir.resources import STATUSES, medication_request
from compounding.api.fhir.transaction import is_conditional
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Unknown
from compounding.workflow.system_orders import Asked, Numbered, Sent, own_order, own_orders, receive_all

KIND = "MedicationRequest"
ALL_STATUSES = ("active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown")
INTENTS = ("order", "proposal", "plan", "original-order", "reflex-order", "filler-order", "instance-order", "option")
KNOWN = ("_id", "_lastUpdated", "patient", "subject", "intent", "status", "authoredon", "identifier")


def create() -> Response:
    """Send one order, its patient and prescriber contained. A stop does not refuse it: it is kept, on hold or cancelled, and its findings say why."""
    answers.preferred()
    value, literal = answers.body(KIND)
    sent = read(value, literal, request.headers.get("If-None-Exist"))
    (told,) = pharmacy().perform(ActName.PRESCRIPTION_RECEIVE, caller(), lambda act: receive_all(act, [sent]))
    return answers.created(medication_request(told), made=told.made)


def read(value: Mapping[str, object], literal: str, condition: str | None) -> Sent:
    """The order that a resource says; raises `Invalid` with the FHIRPath of every element that cannot be taken."""
    refusals = Refusals()
    resource = answers.opened(value, KIND, refusals)
    conditional = is_conditional(resource, condition, "If-None-Exist")
    written = order.read(resource, Document(), refusals)
    resource.finish()
    return answers.unless_refused(written, refusals).sent(literal, place=0, conditional=conditional)


def one(prescription_id: UUID) -> Response:
    """One of your own orders, and what became of it."""
    return answers.reply(medication_request(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_order(look, prescription_id))))


def version(prescription_id: UUID, etag: str) -> Response:
    """The version that an answer named, as long as it is the present one; older ones are in the pharmacy's trail alone."""
    told = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_order(look, prescription_id))
    if told.version != etag:
        raise Unknown("unknown-version", "This version of the order is not the present one. Read the order itself.")
    return answers.reply(medication_request(told))


def several() -> Response:
    """Your own orders, by US Core's parameters."""
    query = search.Query(KNOWN, repeats=("authoredon", "_lastUpdated"))
    asked = _asked(query)
    total, page = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_orders(look, asked))
    told = page[: query.count]
    following = int(told[-1].view.number) if len(page) > query.count else None
    return search.found(query, KIND, total, [medication_request(item) for item in told], following)


def _asked(query: search.Query) -> Asked:
    statuses, intents = query.codes("status", ALL_STATUSES), query.codes("intent", INTENTS)
    wanted = None if statuses is None else frozenset(state for state, code in STATUSES.items() if code in statuses)
    patients = [found for name in ("patient", "subject") if (found := query.references(name, "Patient")) is not None]
    numbers = query.tokens("identifier")
    return Asked(
        limit=query.count + 1,
        after=query.after,
        ids=query.ids(),
        patients=frozenset.intersection(*patients) if patients else None,
        statuses=wanted if intents is None or "order" in intents else frozenset(),
        numbers=None if numbers is None else tuple(_numbered(*told) for told in numbers),
        written=query.days("authoredon"),
        changed=query.spans("_lastUpdated"),
    )


def _numbered(system: str | None, value: str) -> Numbered:
    """An identifier by where its number comes from: the sender, or the pharmacy, whose own is the Rx number."""
    return Numbered(system, value or None, is_ours=None if system is None else system == order.RX_NUMBER)
