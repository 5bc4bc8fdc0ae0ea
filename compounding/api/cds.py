"""CDS Hooks: the safety rules speak while the prescriber signs, before the order is sent. Nothing is kept."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import UnsupportedMediaType

from compounding.api.fhir.resources import DEEPEST
from compounding.api.fhir.signing import drafted
from compounding.api.strict_json import Malformed, parse
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import LookName
from compounding.domain.errors import Unknown
from compounding.domain.safety import Action, Finding
from compounding.workflow.act import Look
from compounding.workflow.order_screening import findings_before

blueprint = Blueprint("cds", __name__, url_prefix="/cds-services")

SERVICE, HOOK = "naltrexone-screening", "order-sign"
_SUMMARY = 140  # characters: CDS Hooks 2.0
_INDICATORS = {Action.STOP: "critical", Action.HOLD: "critical", Action.BLOCK: "critical", Action.WARN: "warning", Action.PROMPT: "info"}
_SOURCE = {"label": "Compounding pharmacy"}
_PREFETCH = {
    "patient": "Patient/{{context.patientId}}",
    "practitioner": "{{context.userId}}",
    "medications": "MedicationRequest?patient={{context.patientId}}&status=active",
    "statements": "MedicationStatement?patient={{context.patientId}}&status=active",
    "allergies": "AllergyIntolerance?patient={{context.patientId}}",
    "conditions": "Condition?patient={{context.patientId}}",
}


@blueprint.get("")
def discovery() -> Response:
    """The services that there are, open to everybody."""
    service = {
        "hook": HOOK,
        "id": SERVICE,
        "title": "Screening of low-dose naltrexone",
        "description": "What the pharmacy's safety rules find in a drafted order for low-dose naltrexone, before it is sent. Nothing is kept.",
        "prefetch": _PREFETCH,
        "usageRequirements": "The patient and the practitioner are read from the prefetch alone; no FHIR server is asked.",
    }
    return jsonify(services=[service])


@blueprint.post("/<service>")
def order_sign(service: str) -> Response:
    """The findings in what is about to be signed, as cards, the worst first."""
    if service != SERVICE:
        raise Unknown("unknown-service", "There is no such service. Ask for those that there are.")
    asked = _asked()
    drafts, prefetch = asked["context"]["draftOrders"], asked.get("prefetch", {})
    cards = pharmacy().look(LookName.SCREENINGS, caller(), lambda look: list(_cards(look, drafts, prefetch)))
    return jsonify(cards=cards)


def _asked() -> dict[str, Any]:
    """The request, once it is one of this hook; raises `Malformed` by its field."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    value = parse(request.get_data(), deepest=DEEPEST)
    if not isinstance(value, dict):
        raise Malformed("hook", "Send an object with named fields.", field="hook")
    if value.get("hook") != HOOK:
        raise Malformed("hook", f"Only the hook {HOOK} is answered here.", field="hook")
    if not isinstance(value.get("hookInstance"), str):
        raise Malformed("hook", "Send hookInstance, a UUID of this call.", field="hookInstance")
    context = value.get("context")
    if not isinstance(context, dict) or not isinstance(context.get("draftOrders"), dict):
        raise Malformed("hook", "Send context.draftOrders, a Bundle of what is about to be signed.", field="context.draftOrders")
    return value


def _cards(look: Look, drafts: object, prefetch: object) -> Iterator[dict[str, object]]:
    for draft in drafted(drafts, prefetch, look.today):
        if draft.order is None:
            yield _unreadable(draft.refusals)
        elif draft.order.prescriber.npi not in look.actor.npis:  # as its order would be; and nobody asks for a history without one's own prescriber
            yield _unreadable({"MedicationRequest.requester": ("This system may not write for this prescriber. Ask the pharmacy to let it.",)})
        else:
            yield from (_card(finding) for finding in findings_before(look, draft.order))


def _card(finding: Finding) -> dict[str, object]:
    ends = f"\n\nNot before {finding.not_before.isoformat()}." if finding.not_before else ""
    topic = {"system": "urn:compounding:rule", "code": finding.rule, "display": finding.source}
    return {
        "uuid": str(uuid4()),
        "summary": short(finding.sentence),
        "indicator": _INDICATORS[finding.action],
        "detail": f"{finding.sentence}{ends}\n\nRule {finding.rule}: {finding.source}.",
        "source": {**_SOURCE, "topic": topic},
    }


def _unreadable(refusals: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    lines = [f"- `{expression}`: {sentence}" for expression, sentences in refusals.items() for sentence in sentences]
    summary = "The pharmacy cannot take this order as it is drafted, and its safety was not checked."
    return {"uuid": str(uuid4()), "summary": summary, "indicator": "warning", "detail": "\n".join(lines), "source": _SOURCE}


def short(sentence: str) -> str:
    """The sentence if it is a summary, else as many of its words as one holds; the whole stands in the detail."""
    if len(sentence) <= _SUMMARY:
        return sentence
    return f"{sentence[: _SUMMARY - 4].rpartition(' ')[0].rstrip(',;:')} ..."
