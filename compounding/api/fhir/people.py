"""Patient and Practitioner, as far as the asking system's own orders tell of them."""

from uuid import UUID

from flask import Response

from compounding.api.fhir import answers, resources
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import LookName
from compounding.workflow.system_people import own_patient, own_prescriber


def patient(patient_id: UUID) -> Response:
    """A patient for whom you have sent an order."""
    return answers.reply(resources.patient(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_patient(look, patient_id))))


def practitioner(npi: str) -> Response:
    """A prescriber for whom you have sent an order; the id is the NPI."""
    return answers.reply(resources.practitioner(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_prescriber(look, npi))))
