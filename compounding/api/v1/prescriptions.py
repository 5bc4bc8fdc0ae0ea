"""Prescriptions for a prescriber's system: send one order with its whole titration, and see what became of it."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from flask import Response, json, jsonify, request, url_for

from compounding.api.arguments import StrictBlueprint, idempotency_key
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import ActName, LookName
from compounding.domain.prescription import Order
from compounding.schemas.answers import ANSWER, Page, PageQuery, PrescriptionAnswer, PrescriptionsAnswer
from compounding.schemas.prescriptions import ORDER
from compounding.workflow.idempotency import once
from compounding.workflow.prescriptions import PrescriptionView, own_prescription, own_prescriptions, receive

blueprint = StrictBlueprint("prescriptions-v1", __name__, url_prefix="/api/v1/prescriptions", description="Orders and what becomes of them")

_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "New for each order; the same again to repeat a request of which no answer came.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}


@blueprint.post("")
@blueprint.arguments(ORDER, location="json")
@blueprint.response(201, PrescriptionAnswer)
@blueprint.doc(parameters=[_KEY_HEADER])
def send(order: Order) -> Response:
    """Send one order. A stop does not refuse it: it is kept, declined or held, and its findings say why."""
    key, literal = idempotency_key(), request.get_data(as_text=True)
    digest = sha256(request.get_data()).hexdigest()
    answer = pharmacy().perform(
        ActName.PRESCRIPTION_RECEIVE,
        caller(),
        lambda act: once(act, key, digest, effect=lambda: json.dumps(_told(receive(act, order, literal=literal)))),
    )
    return Response(answer, 201, {"Location": json.loads(answer)["links"]["self"]}, mimetype="application/json")


@blueprint.get("/<uuid:prescription_id>")
@blueprint.response(200, PrescriptionAnswer)
def one(prescription_id: UUID) -> Response:
    """One of your own orders, and what became of it."""
    return jsonify(_told(pharmacy().look(LookName.OWN_PRESCRIPTIONS, caller(), lambda look: own_prescription(look, prescription_id))))


@blueprint.get("")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PrescriptionsAnswer)
def several(page: Page) -> Response:
    """Your own orders, page by page."""
    one_more = page.limit + 1
    views = pharmacy().look(
        LookName.OWN_PRESCRIPTIONS,
        caller(),
        lambda look: own_prescriptions(look, status=page.status, limit=one_more, after=page.after),
    )
    return jsonify({"prescriptions": [_told(view) for view in views[: page.limit]], "links": _links(page, views)})


def _told(view: PrescriptionView) -> dict[str, object]:
    return {**ANSWER.dump(view), "links": {"self": url_for("prescriptions-v1.one", prescription_id=view.id)}}


def _links(page: Page, views: Sequence[PrescriptionView]) -> dict[str, str]:
    if len(views) <= page.limit:
        return {}
    return {"next": url_for("prescriptions-v1.several", status=page.status, limit=page.limit, after=views[page.limit - 1].number)}
