"""What every change through the API has in common: done once under its key, and only to the state of the thing that the caller has seen."""

from collections.abc import Callable

from flask import Response, json, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from compounding.api.arguments import idempotency_key
from compounding.api.token import caller, pharmacy
from compounding.domain.authority import ActName
from compounding.workflow.act import Act
from compounding.workflow.idempotency import Answer, once, request_hash

KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "New for each request; the same again to repeat one of which no answer came.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}
MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of the order as you read it last. If it changed since, nothing is done: read it again.",
    "schema": {"type": "string"},
}


def once_only(name: ActName, effect: Callable[[Act], Answer]) -> Response:
    """The answer of `effect`, done once however often this request comes; 400 without its key."""
    key, digest = idempotency_key(), request_hash(request.method, request.path, request.get_data())
    answer = pharmacy().perform(name, caller(), lambda act: once(act, key, digest, effect=lambda: effect(act)))
    return Response(answer.body, answer.status, answer.headers, mimetype="application/json")


def changed_once(name: ActName, effect: Callable[[Act], Answer]) -> Response:
    """As `once_only`, of a thing that exists; 428 unless the caller says which state of it was seen."""
    idempotency_key()
    if not request.if_match or request.if_match.star_tag:
        raise PreconditionRequired("Send the header If-Match with the ETag of what you change, as you read it last.")
    return once_only(name, effect)


def require_seen(version: str) -> None:
    """412 unless `version` is what the caller has seen; asked inside the transaction that changes it."""
    if not request.if_match.contains(version):
        raise PreconditionFailed("This has changed since you read it, and nothing was done. Read it again, then decide.")


def told(status: int, body: object, version: str = "", *, location: str = "") -> Answer:
    """An answer to be kept, with the state of the thing after the change."""
    headers = [("Location", location)] if location else []
    return Answer(status, json.dumps(body), (*headers, ("ETag", f'"{version}"')) if version else tuple(headers))


def readable(body: object, version: str) -> Response:
    """What was asked for, with its ETag; 304 without a body where the caller has it already (`If-None-Match`)."""
    response = Response(json.dumps(body), mimetype="application/json")
    response.set_etag(version)
    response.make_conditional(request)  # changes the response itself
    return response
