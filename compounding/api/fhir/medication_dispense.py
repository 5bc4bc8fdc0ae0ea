"""Hand-overs as MedicationDispense: read, and found by US Core's parameters."""

from uuid import UUID

from flask import Response

from compounding.api.fhir import answers, search
from compounding.api.fhir.resources import medication_dispense
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import LookName
from compounding.workflow.own_dispenses import AskedDispenses, own_dispense, own_dispenses

KIND = "MedicationDispense"
STATUSES = {"completed": True, "entered-in-error": False}
KNOWN = ("_id", "_lastUpdated", "patient", "subject", "status", "prescription", "whenhandedover")
_OTHER = ("preparation", "in-progress", "cancelled", "on-hold", "stopped", "declined", "unknown")


def one(dispense_id: UUID) -> Response:
    """One container that was handed over for one of your own orders."""
    return answers.reply(medication_dispense(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_dispense(look, dispense_id))))


def several() -> Response:
    """The containers that were handed over for your own orders."""
    query = search.Query(KNOWN, repeats=("whenhandedover", "_lastUpdated"))
    asked = _asked(query)
    total, page = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_dispenses(look, asked))
    following = query.after + query.count if len(page) > query.count else None
    return search.found(query, KIND, total, [medication_dispense(item) for item in page[: query.count]], following)


def _asked(query: search.Query) -> AskedDispenses:
    statuses = query.codes("status", (*STATUSES, *_OTHER))
    patients = [found for name in ("patient", "subject") if (found := query.references(name, "Patient")) is not None]
    return AskedDispenses(
        limit=query.count + 1,
        skip=query.after,
        ids=query.ids(),
        patients=frozenset.intersection(*patients) if patients else None,
        prescriptions=query.references("prescription", "MedicationRequest"),
        stands=None if statuses is None else frozenset(STATUSES[code] for code in statuses if code in STATUSES),
        handed=query.spans("whenhandedover"),
        changed=query.spans("_lastUpdated"),
    )
