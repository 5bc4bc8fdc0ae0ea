"""Changes of one's own orders: cancelled, held, resumed, stopped, stepped back, in another form, answered, replaced, refilled."""

from uuid import UUID

from flask import Response, request

from compounding.api.access import NEW_ORDER
from compounding.api.arguments import StrictBlueprint
from compounding.api.effects import KEY_HEADER, MATCH_HEADER, changed_once, require_seen, told
from compounding.api.token import caller
from compounding.api.v1.order_answers import ETAG, document, kept
from compounding.api.v1.order_examples import CHANGE as CHANGED
from compounding.api.v1.order_examples import RECEIVED
from compounding.domain.authority import ActName
from compounding.domain.change import MAKES_ORDER, Change
from compounding.domain.clarification import Reply
from compounding.domain.quantity import Mass
from compounding.domain.scope import require_scope
from compounding.schemas.answers import ChangedAnswer, PrescriptionAnswer
from compounding.schemas.changes import ANSWER, CANCEL, CHANGE, PRESENT_DOSE
from compounding.workflow import changes, clarifications, refills
from compounding.workflow.act import Act
from compounding.workflow.changes import Changed
from compounding.workflow.idempotency import Answer
from compounding.workflow.order_views import version
from compounding.workflow.own_orders import own_prescription

blueprint = StrictBlueprint("changes-v1", __name__, url_prefix="/api/v1/prescriptions/<uuid:prescription_id>", description="Changes of your own orders")
_HEADERS = [KEY_HEADER, MATCH_HEADER]


@blueprint.post("/cancellation")
@blueprint.arguments(CANCEL, location="json", example={"reason": "Written for the wrong patient"})
@blueprint.response(200, ChangedAnswer, example=CHANGED, headers={"ETag": ETAG})
@blueprint.doc(parameters=_HEADERS)
def cancel(change: Change, prescription_id: UUID) -> Response:
    """Cancel an order of which nothing was handed over. What is made already is told; the order is then held until the pharmacy has seen to that."""
    return changed_once(ActName.PRESCRIPTION_CHANGE, lambda act: _changed(act, prescription_id, change))


@blueprint.post("/changes")
@blueprint.arguments(CHANGE, location="json", example={"kind": "hold", "reason": "Surgery on 12 March", "from_on": "2026-03-10"})
@blueprint.response(200, ChangedAnswer, example=CHANGED, headers={"ETag": ETAG})
@blueprint.doc(parameters=_HEADERS)
def change(told_change: Change, prescription_id: UUID) -> Response:
    """Hold, resume, stop, step back, change the form, or send another order in the place of this one.

    At once nothing more is begun, and labels that do not hold any more are void. What goes on comes back as `replacement`: an order of its own,
    screened from the beginning, which a pharmacist accepts.
    """
    if told_change.kind in MAKES_ORDER:
        require_scope(caller().scopes, NEW_ORDER)
    return changed_once(ActName.PRESCRIPTION_CHANGE, lambda act: _changed(act, prescription_id, told_change))


@blueprint.post("/clarifications/<uuid:clarification_id>/answer")
@blueprint.arguments(ANSWER, location="json", example={"text": "1.5 mg is right: she did not take well to 3 mg."})
@blueprint.response(200, ChangedAnswer, example=CHANGED, headers={"ETag": ETAG})
@blueprint.doc(parameters=_HEADERS)
def answer(said: Reply, prescription_id: UUID, clarification_id: UUID) -> Response:
    """Answer a question of the pharmacy, once: in words, with another order, or both. A pharmacist decides then."""
    literal = request.get_data(as_text=True)
    if said.order is not None:
        require_scope(caller().scopes, NEW_ORDER)

    def effect(act: Act) -> Answer:
        require_seen(version(own_prescription(act, prescription_id, lock=True)))
        return _told(clarifications.answer(act, prescription_id, clarification_id, reply=said, literal=literal))

    return changed_once(ActName.PRESCRIPTION_ANSWER, effect)


@blueprint.post("/refill-requests")
@blueprint.arguments(PRESENT_DOSE, location="json", example={"present_dose": "4.5", "unit": "mg"})
@blueprint.response(200, PrescriptionAnswer, example=RECEIVED, headers={"ETag": ETAG})
@blueprint.doc(parameters=_HEADERS)
def ask_refill(present_dose: Mass, prescription_id: UUID) -> Response:
    """Ask for the next refill, for a patient who takes what it repeats: the last step of the order."""

    def effect(act: Act) -> Answer:
        require_seen(version(own_prescription(act, prescription_id, lock=True)))
        return kept(refills.request_refill(act, prescription_id, present_dose))

    return changed_once(ActName.PRESCRIPTION_ASK_REFILL, effect)


def _changed(act: Act, prescription_id: UUID, change: Change) -> Answer:
    require_seen(version(own_prescription(act, prescription_id, lock=True)))
    return _told(changes.change(act, prescription_id, change, literal=request.get_data(as_text=True)))


def _told(done: Changed) -> Answer:
    body = {"prescription": document(done.order), "replacement": document(done.replacement) if done.replacement else None}
    return told(200, body, version(done.order))
