"""What each address of the API needs: the act or look, and the scope that the caller's token must have.

A route that does not stand here is not served: the application refuses to be built with it (`compounding.app`). That an order is the caller's own
is asked by each use case; whoever asks for another's gets the answer that there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from compounding.domain.authority import ActName, Door, LookName
from compounding.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Scoped:
    """An act or a look by a prescriber's system, and the scope without which its token does not open it."""

    needed: ActName | LookName
    scope: Scope


Route: TypeAlias = Scoped | Door
SIGNED = frozenset({"cds.order_sign"})  # where a system may sign each request instead of bearing a token (CDS Hooks)
_ORDERS, _COURSES, _GIVEN = "MedicationRequest", "PlanDefinition", "MedicationDispense"
NEW_ORDER = Scope(_ORDERS, "c")  # asked for as well where a change, or an answer to a question, brings an order of its own
_SEND = Scoped(ActName.PRESCRIPTION_RECEIVE, NEW_ORDER)


def _own(kind: str, letter: str) -> Scoped:
    return Scoped(LookName.OWN_PRESCRIPTIONS, Scope(kind, letter))


ROUTES: Mapping[str, Route] = {
    "cds.discovery": Door.OPEN,
    "cds.order_sign": Scoped(LookName.SCREENINGS, Scope(_ORDERS, "c")),
    "oauth.configuration": Door.OPEN,
    "oauth.token": Door.OPEN,
    "fhir.cancel_request": Scoped(ActName.PRESCRIPTION_CHANGE, Scope(_ORDERS, "u")),
    "fhir.create_request": _SEND,
    "fhir.dispense": _own("MedicationDispense", "r"),
    "fhir.dispenses": _own("MedicationDispense", "s"),
    "fhir.metadata": Door.OPEN,
    "fhir.patient": _own("Patient", "r"),
    "fhir.practitioner": _own("Practitioner", "r"),
    "fhir.request": _own(_ORDERS, "r"),
    "fhir.request_version": _own(_ORDERS, "r"),
    "fhir.requests": _own(_ORDERS, "s"),
    "fhir.search_dispenses": _own("MedicationDispense", "s"),
    "fhir.search_requests": _own(_ORDERS, "s"),
    "fhir.transaction": _SEND,
    "fhir.transaction_here": _SEND,
    "api-docs.openapi_json": Door.OPEN,
    "api-page.asset": Door.OPEN,
    "api-page.page": Door.OPEN,
    "changes-v1.answer": Scoped(ActName.PRESCRIPTION_ANSWER, Scope(_ORDERS, "u")),
    "changes-v1.ask_refill": Scoped(ActName.PRESCRIPTION_ASK_REFILL, Scope(_ORDERS, "u")),
    "changes-v1.cancel": Scoped(ActName.PRESCRIPTION_CHANGE, Scope(_ORDERS, "u")),
    "changes-v1.change": Scoped(ActName.PRESCRIPTION_CHANGE, Scope(_ORDERS, "u")),
    "dispenses-v1.labels": Scoped(LookName.OWN_PRESCRIPTIONS, Scope(_ORDERS, "r")),
    "dispenses-v1.of_order": Scoped(LookName.OWN_PRESCRIPTIONS, Scope(_GIVEN, "s")),
    "dispenses-v1.one": Scoped(LookName.OWN_PRESCRIPTIONS, Scope(_GIVEN, "r")),
    "plans-v1.work_out": Scoped(LookName.SKETCHES, Scope(_COURSES, "r")),
    "prescriptions-v1.one": Scoped(LookName.OWN_PRESCRIPTIONS, Scope(_ORDERS, "r")),
    "prescriptions-v1.send": Scoped(ActName.PRESCRIPTION_RECEIVE, Scope(_ORDERS, "c")),
    "prescriptions-v1.several": Scoped(LookName.OWN_PRESCRIPTIONS, Scope(_ORDERS, "s")),
}
