"""What each way of saying no looks like from outside: one table from the kind of error to a status, and two ways of showing it.

Under /api a problem is `application/problem+json` (RFC 9457), under /fhir an OperationOutcome;
anywhere else it is a page. The path decides, here and nowhere else.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from uuid import uuid4

from flask import Flask, Response, json, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from compounding.api import oauth
from compounding.api.fhir import outcome
from compounding.api.fhir.answers import MEDIA
from compounding.api.strict_json import Malformed
from compounding.domain.errors import Conflict, Forbidden, Invalid, PharmacyError, Unknown, Unsafe
from compounding.workflow.act import Busy

API = ("/api/", "/cds-services")
_LOG = logging.getLogger(__name__)

STATUS: Mapping[type[Exception], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unknown: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Unsafe: HTTPStatus.UNPROCESSABLE_ENTITY,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}
# What HTTP itself refuses, said for a person; what is not named here keeps werkzeug's sentence.
_SENTENCES: Mapping[int, str] = {
    404: "There is nothing at this address. Check it, or begin at the first page.",
    405: "This address does not take that method. See the Allow header for those that it takes.",
    413: "This is too large. Send less at once.",
    415: "Send the body as application/json.",
}
# Where the fields of these refusals stand, if not in the body.
_PLACES = {"not-readable-query": "query", "idempotency-key-used": "header"}
_AGAIN_SECONDS = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One refusal as it is shown: `instance` names this one occurrence, in the answer and in the log; `place` says where its `errors` stand."""

    status: HTTPStatus
    code: str
    detail: str
    instance: str
    errors: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, str]
    place: str = "body"

    @property
    def title(self) -> str:
        """The status in words."""
        return self.status.phrase

    def document(self) -> dict[str, object]:
        """The members of RFC 9457, and beside them `code`, `errors` by field, and `facts`."""
        return {
            "type": f"urn:problem:{self.code}",
            "title": self.title,
            "status": self.status.value,
            "detail": self.detail,
            "instance": self.instance,
            "code": self.code,
            "errors": [_refused_field(field, message, self.place) for field, messages in self.errors.items() for message in messages],
            "facts": dict(self.facts),
        }


def _refused_field(field: str, message: str, place: str) -> dict[str, str]:
    """One refused field; in the body with its JSON pointer (RFC 6901), whose empty text is the body as a whole."""
    told = {"field": field, "in": place, "message": message}
    if place != "body":
        return told
    parts = field.split(".") if field else []
    return {**told, "pointer": "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)}


def register(app: Flask) -> None:
    """Answer every error of `app` here; what nobody foresaw is logged with its id and shown without detail."""
    app.register_error_handler(PharmacyError, _refused)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _refused(error: PharmacyError) -> Response:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    fields = error.fields if isinstance(error, Invalid) else {}
    place = _PLACES.get(error.code, "body")
    return _answer(_problem(status, error.code, error.sentence, fields=fields, facts=error.facts, place=place))


def _busy(error: Busy) -> Response:
    response = _answer(_problem(STATUS[Busy], "busy", error.sentence))
    response.headers["Retry-After"] = _AGAIN_SECONDS
    return response


def _http(error: HTTPException) -> Response:
    """Keep what HTTP says (status, Allow, WWW-Authenticate), and say it in our own form."""
    original = error.get_response()
    status = HTTPStatus(original.status_code)
    is_own = request.path.startswith((outcome.DOOR, oauth.DOOR)) and error.description is not None and error.description != type(error).description
    detail = error.description if is_own and error.description else _SENTENCES.get(status, error.description or status.phrase)
    word = status.phrase.lower().replace(" ", "-")
    problem = _problem(status, error.code_word if isinstance(error, oauth.Misput) else word, detail)
    if isinstance(error, Malformed):
        problem = _problem(status, error.code_word, detail, fields=error.fields, place=error.place)
    response = _answer(problem)
    for name, value in original.headers:
        if name not in {"Content-Type", "Content-Length"}:
            response.headers.add(name, value)
    return response


def _unforeseen(error: Exception) -> Response:
    detail = "The program failed here, and nothing was changed. Tell the pharmacy the number below."
    problem = _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "defect", detail)
    _LOG.error("%s %s %s", problem.instance, request.method, request.url_rule or "no rule", exc_info=error)
    return _answer(problem)


def _problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    fields: Mapping[str, tuple[str, ...]] | None = None,
    facts: Mapping[str, str] | None = None,
    place: str = "body",
) -> Problem:
    return Problem(status=status, code=code, detail=detail, instance=uuid4().urn, errors=fields or {}, facts=facts or {}, place=place)


def _answer(problem: Problem) -> Response:
    if request.path.startswith(outcome.DOOR):
        told = outcome.document(problem.status, problem.code, problem.detail, problem.errors, request.path)
        return Response(json.dumps(told), problem.status.value, mimetype=MEDIA)
    if request.path.startswith(oauth.DOOR):
        return oauth.refused(problem.status, problem.code, problem.detail)
    if request.path.startswith(API):
        return Response(json.dumps(problem.document()), problem.status.value, mimetype="application/problem+json")
    return Response(_page(problem), problem.status.value, mimetype="text/html")


def _page(problem: Problem) -> str:
    """The page of the house, or a plain one where the house itself cannot be shown."""
    try:
        return render_template("problem.html", problem=problem)
    except TemplateNotFound:
        return _plain(problem)
    except Exception:  # noqa: BLE001  # whatever is broken, the person still gets an answer
        _LOG.exception("%s the page of a problem failed", problem.instance)
        return _plain(problem)


def _plain(problem: Problem) -> str:
    title, detail = escape(problem.title), escape(problem.detail)
    return f'<!doctype html><html lang="en"><title>{title}</title><h1>{title}</h1><p>{detail}</p><p>{problem.instance}</p></html>'
