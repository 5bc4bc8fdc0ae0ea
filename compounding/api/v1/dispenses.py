"""What was handed over of one's own orders, and where the labels of their containers stand."""

from hashlib import sha256
from uuid import UUID

from flask import Response, json

from compounding.api.arguments import StrictBlueprint
from compounding.api.effects import readable
from compounding.api.token import caller, pharmacy
from compounding.api.v1.order_answers import ETAG, NOT_MODIFIED
from compounding.domain.authority import LookName
from compounding.schemas.answers import DISPENSE, LABEL, DispenseAnswer, DispensesAnswer, LabelsAnswer
from compounding.workflow.own_dispenses import dispenses_of, own_dispense
from compounding.workflow.own_labels import own_labels

blueprint = StrictBlueprint("dispenses-v1", __name__, url_prefix="/api/v1", description="What was handed over, and labels")


@blueprint.get("/prescriptions/<uuid:prescription_id>/dispenses")
@blueprint.response(200, DispensesAnswer, headers={"ETag": ETAG})
@blueprint.alt_response(304, **NOT_MODIFIED)
def of_order(prescription_id: UUID) -> Response:
    """Every container of one of your own orders that was handed over."""
    found = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: dispenses_of(look, prescription_id))
    return _shown({"dispenses": DISPENSE.dump(found, many=True)})


@blueprint.get("/dispenses/<uuid:dispense_id>")
@blueprint.response(200, DispenseAnswer, headers={"ETag": ETAG})
@blueprint.alt_response(304, **NOT_MODIFIED)
def one(dispense_id: UUID) -> Response:
    """One container that was handed over."""
    return _shown(DISPENSE.dump(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_dispense(look, dispense_id))))


@blueprint.get("/prescriptions/<uuid:prescription_id>/labels")
@blueprint.response(200, LabelsAnswer, headers={"ETag": ETAG})
@blueprint.alt_response(304, **NOT_MODIFIED)
def labels(prescription_id: UUID) -> Response:
    """Where the label of each container stands; never the label itself."""
    found = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_labels(look, prescription_id))
    return _shown({"labels": LABEL.dump(found, many=True)})


def _shown(body: dict[str, object]) -> Response:
    return readable(body, sha256(json.dumps(body).encode()).hexdigest()[:32])
