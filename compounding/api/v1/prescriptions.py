"""Prescriptions for a prescriber's system: send one order with its whole titration, and see what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Response, jsonify, request, url_for

from compounding.api.arguments import StrictBlueprint
from compounding.api.effects import KEY_HEADER, once_only
from compounding.api.token import caller, pharmacy
from compounding.api.v1.order_answers import ETAG, LOCATION, NOT_MODIFIED, created, document, shown
from compounding.api.v1.order_examples import HELD, RECEIVED
from compounding.api.v1.order_examples import ORDER as EXAMPLE
from compounding.domain.authority import ActName, LookName
from compounding.domain.listing import After, Wanted
from compounding.domain.prescription import Order
from compounding.schemas.answers import PrescriptionAnswer, PrescriptionsAnswer
from compounding.schemas.listing import WANTED
from compounding.schemas.prescriptions import ORDER
from compounding.workflow.order_views import PrescriptionView
from compounding.workflow.own_orders import own_prescription, own_prescriptions
from compounding.workflow.prescriptions import receive

blueprint = StrictBlueprint("prescriptions-v1", __name__, url_prefix="/api/v1/prescriptions", description="Orders and what becomes of them")


@blueprint.post("")
@blueprint.arguments(ORDER, location="json", example=EXAMPLE)
@blueprint.response(201, PrescriptionAnswer, example=RECEIVED, headers={"Location": LOCATION, "ETag": ETAG})
@blueprint.doc(parameters=[KEY_HEADER])
def send(order: Order) -> Response:
    """Send one order. A stop does not refuse it: it is kept, declined or held, and its findings say why."""
    literal = request.get_data(as_text=True)
    return once_only(ActName.PRESCRIPTION_RECEIVE, lambda act: created(receive(act, order, literal=literal)))


@blueprint.get("/<uuid:prescription_id>")
@blueprint.response(200, PrescriptionAnswer, example=HELD, headers={"ETag": ETAG})
@blueprint.alt_response(304, **NOT_MODIFIED)
def one(prescription_id: UUID) -> Response:
    """One of your own orders, and what became of it."""
    return shown(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_prescription(look, prescription_id)))


@blueprint.get("")
@blueprint.arguments(WANTED, location="query")
@blueprint.response(200, PrescriptionsAnswer)
def several(wanted: Wanted) -> Response:
    """Your own orders, page by page."""
    one_more = replace(wanted, limit=wanted.limit + 1)
    views = pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_prescriptions(look, one_more))
    return jsonify({"prescriptions": [document(view) for view in views[: wanted.limit]], "links": _links(wanted, views)})


def _links(wanted: Wanted, views: Sequence[PrescriptionView]) -> dict[str, str]:
    if len(views) <= wanted.limit:
        return {}
    last = views[wanted.limit - 1]
    after = After(int(last.number), last.order.written_on if wanted.sort.by_day else None)
    return {"next": url_for("prescriptions-v1.several", **WANTED.dump(replace(wanted, after=after)))}
