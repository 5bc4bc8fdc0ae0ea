"""The API's own description: an OpenAPI 3.1 document made from the schemas, and a page that shows it without any network."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import flask_swagger_ui
from apispec import APISpec
from flask import Blueprint, Flask, Response, abort, make_response, render_template, send_file
from flask_smorest import Api
from marshmallow import fields

from compounding.api.v1.order_examples import REFUSAL
from compounding.schemas.answers import ProblemAnswer
from compounding.schemas.fields import Guard

blueprint = Blueprint("api-page", __name__, url_prefix="/api/docs", template_folder="templates")

_OWN = Path(__file__).parent / "static"
_CARRIED = Path(flask_swagger_ui.__file__).parent / "dist"
_ASSETS = {
    "start.js": _OWN / "api_docs.js",
    "swagger-ui.css": _CARRIED / "swagger-ui.css",
    "swagger-ui-bundle.js": _CARRIED / "swagger-ui-bundle.js",
}
_DAY = 86_400  # seconds
# The page's own pictures are data addresses inside its style sheet.
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_SPEC_OPTIONS = {
    "info": {"description": "Send orders for low-dose naltrexone, each with its whole titration; see what becomes of them; change them; work a course out."},
    "security": [{"token": []}],
}


def _header(description: str, example: str) -> dict[str, object]:
    return {"description": description, "schema": {"type": "string"}, "example": example}


_RATE = {
    "RateLimit-Policy": _header("How many requests a system may send in a minute.", '"systems";q=1000;w=60'),
    "RateLimit": _header("How many of them are left, and in how many seconds the next minute begins.", '"systems";r=999;t=42'),
}
_AGAIN = {"Retry-After": _header("After how many seconds the same may be sent again.", "2")}
_OWN_HEADERS: dict[HTTPStatus, dict[str, dict[str, object]]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": _header("How a request says who it is from.", 'Bearer realm="prescriptions"')},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": _header("The methods that the address takes.", "GET, HEAD, OPTIONS")},
    HTTPStatus.TOO_MANY_REQUESTS: _AGAIN,
    HTTPStatus.SERVICE_UNAVAILABLE: _AGAIN,
}


class DocumentedApi(Api):
    """flask-smorest's document without its error handlers: `problems` answers every error, pages and API alike."""

    ERROR_SCHEMA = ProblemAnswer

    def _register_responses(self) -> None:
        """Every status by its name; a refusal is a problem document, which flask-smorest would call application/json."""
        refusal = {"content": {"application/problem+json": {"schema": ProblemAnswer, "example": REFUSAL}}, "headers": _RATE}
        for status in HTTPStatus:
            body = {**refusal, "headers": {**_RATE, **_OWN_HEADERS.get(status, {})}} if status >= HTTPStatus.BAD_REQUEST else {}
            self.spec.components.response(status.name, {"description": status.phrase, **body}, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Any other refusal", **refusal}, lazy=True)

    def _register_error_handlers(self) -> None:
        """None of its own: they would answer JSON for pages, and drop `Allow`."""


def make(app: Flask) -> DocumentedApi:
    """The API of `app`, whose document stands at /api/openapi.json."""
    app.config.update(
        API_TITLE="Compounding pharmacy",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS=_SPEC_OPTIONS,
    )
    api = DocumentedApi(app)
    spec: APISpec = api.spec
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.ma_plugin.converter.add_attribute_function(_guarded)
    return api


@blueprint.get("")
def page() -> Response:
    """The document as a page."""
    response = make_response(render_template("api_docs.html"))
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get("/<name>")
def asset(name: str) -> Response:
    """A file of that page; 404 for any other."""
    if name not in _ASSETS:
        abort(404)
    return send_file(_ASSETS[name], max_age=_DAY)


def _guarded(_converter: object, field: fields.Field[Any], **_: object) -> dict[str, object]:
    """What our own fields say of themselves, with the sentence that tells what to send."""
    return {**field.openapi, "description": field.sentence} if isinstance(field, Guard) else {}
