"""An order as its prescriber's system is told of it, with its ETag and the addresses that lead on."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from compounding.api.effects import readable, told
from compounding.schemas.answers import ANSWER
from compounding.workflow.idempotency import Answer
from compounding.workflow.order_views import PrescriptionView, version

ETAG: Mapping[str, object] = {"description": "The state of the order: send it in If-Match to change what you have seen.", "schema": {"type": "string"}}
NOT_MODIFIED: Mapping[str, Any] = {"description": "You have it already (If-None-Match).", "headers": {"ETag": ETAG}}
LOCATION: Mapping[str, object] = {"description": "The address of what was made.", "schema": {"type": "string"}}


def document(found: PrescriptionView) -> dict[str, object]:
    """The order, as JSON says it."""
    return {**ANSWER.dump(found), "links": {"self": own_address(found)}}


def own_address(found: PrescriptionView) -> str:
    """Where it is read."""
    return url_for("prescriptions-v1.one", prescription_id=found.id)


def shown(found: PrescriptionView) -> Response:
    """The answer to whoever reads it."""
    return readable(document(found), version(found))


def kept(found: PrescriptionView) -> Answer:
    """The answer to whoever changed it, to be given again to a repeat."""
    return told(200, document(found), version(found))


def created(found: PrescriptionView) -> Answer:
    """The answer to whoever sent it, to be given again to a repeat."""
    return told(201, document(found), version(found), location=own_address(found))
