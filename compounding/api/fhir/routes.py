"""The addresses below /fhir/R4; `api.access` says what each needs."""

from flask import Blueprint

from compounding.api.fhir import answers, bundle, cancelling, capability, medication_dispense, medication_request, people

blueprint = Blueprint("fhir", __name__, url_prefix="/fhir/R4")
blueprint.before_request(answers.negotiate)


blueprint.add_url_rule("/metadata", "metadata", capability.metadata, methods=["GET"])
blueprint.add_url_rule("/", "transaction", bundle.take, methods=["POST"])
blueprint.add_url_rule("", "transaction_here", bundle.take, methods=["POST"])
blueprint.add_url_rule("/MedicationRequest", "create_request", medication_request.create, methods=["POST"])
blueprint.add_url_rule("/MedicationRequest", "requests", medication_request.several, methods=["GET"])
blueprint.add_url_rule("/MedicationRequest/_search", "search_requests", medication_request.several, methods=["POST"])
blueprint.add_url_rule("/MedicationRequest/<uuid:prescription_id>", "request", medication_request.one, methods=["GET"])
blueprint.add_url_rule("/MedicationRequest/<uuid:prescription_id>", "cancel_request", cancelling.cancel, methods=["PUT"])
blueprint.add_url_rule("/MedicationRequest/<uuid:prescription_id>/_history/<etag>", "request_version", medication_request.version, methods=["GET"])
blueprint.add_url_rule("/MedicationDispense", "dispenses", medication_dispense.several, methods=["GET"])
blueprint.add_url_rule("/MedicationDispense/_search", "search_dispenses", medication_dispense.several, methods=["POST"])
blueprint.add_url_rule("/MedicationDispense/<uuid:dispense_id>", "dispense", medication_dispense.one, methods=["GET"])
blueprint.add_url_rule("/Patient/<uuid:patient_id>", "patient", people.patient, methods=["GET"])
blueprint.add_url_rule("/Practitioner/<npi>", "practitioner", people.practitioner, methods=["GET"])
