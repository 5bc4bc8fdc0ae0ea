"""What a request brings, through the same schemas as the forms and by our own reading of JSON (webargs would read it leniently)."""

import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Request, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from compounding.api.strict_json import Malformed, parse
from compounding.schemas.fields import shown
from compounding.schemas.refusals import refusal

_ALWAYS = tuple(map(HTTPStatus, (400, 401, 403, 404, 405, 422, 429, 500, 503)))
_OF_A_BODY = tuple(map(HTTPStatus, (409, 413, 415)))
_OF_A_KEY = (HTTPStatus.CONFLICT,)
_OF_A_STATE = tuple(map(HTTPStatus, (412, 428)))
_KEY = re.compile(r"[!-~]{1,100}", re.ASCII)


class StrictParser(FlaskParser):
    """Reads bodies with `strict_json` and refuses as the domain does, so that `problems` answers."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # webargs' own

    def load_json(self, req: Request, _schema: Schema) -> Any:  # webargs' signature
        """The body, which must say that it is JSON."""
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        return parse(req.get_data(cache=True))

    def load_querystring(self, req: Request, _schema: Schema) -> Any:  # the same
        """The query, in which each name may stand once: of two, one would be forgotten."""
        if doubled := next((name for name, values in req.args.lists() if len(values) > 1), None):
            raise Malformed("parameter-twice", f"The parameter {shown(doubled)} stands here twice. Send it once.", field=shown(doubled), place="query")
        return req.args.to_dict()

    def handle_error(self, error: ValidationError, *_: object, **__: object) -> NoReturn:
        """The domain's refusal, without the place (body or query) that webargs puts before the fields, but for what problems says of it."""
        messages = error.messages
        assert isinstance(messages, dict)  # noqa: S101  # webargs files them under the location
        ((place, inner),) = messages.items()
        raise refusal(ValidationError(inner), place="query" if place == "query" else "body")


class StrictBlueprint(Blueprint):
    """A blueprint whose arguments are read strictly, and whose refusals stand in the document."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_with_refusals)
        self._queried: set[str] = set()
        self.before_request(self._refuse_parameters)

    def arguments(self, schema: Any, *, location: str, **options: Any) -> Any:  # flask-smorest's signature
        """As flask-smorest has it; which views read a query is remembered."""
        declare = super().arguments(schema, location=location, **options)

        def declared(view: Any) -> Any:
            if location == "query":
                self._queried.add(f"{self.name}.{view.__name__}")
            return declare(view)

        return declared

    def _refuse_parameters(self) -> None:
        """Where nobody reads a query, none is passed over: whoever sends `?dry_run=true` with an order means no order."""
        if request.endpoint not in self._queried:
            refuse_parameters(frozenset())


def _with_refusals(doc: dict[str, Any], info: Mapping[str, Any], *, method: str, **_: object) -> dict[str, Any]:
    """An operation's document with each status that may refuse it, and none "by default": what is not named is not answered."""
    headers = {parameter["name"] for parameter in info.get("manual_doc", {}).get("parameters", ())}
    statuses = [*_ALWAYS, *(_OF_A_BODY if method.upper() == "POST" else ()), *(_OF_A_KEY if "Idempotency-Key" in headers else ())]
    statuses += _OF_A_STATE if "If-Match" in headers else ()
    known = doc.setdefault("responses", {})
    known.pop("default", None)
    for status in statuses:
        known.setdefault(str(status.value), status.name)
    return doc


def refuse_parameters(known: Collection[str], *, sign: str = "") -> None:
    """400 for a parameter of the address that is not among `known`; `sign` stands before its name in the refusal."""
    unknown = next((name for name in request.args if name not in known), None)
    if unknown is not None:
        message = f"This address takes no parameter {shown(unknown)}, and none is passed over. Leave it out."
        raise Malformed("parameter", message, field=f"{sign}{shown(unknown)}", place="query")


def idempotency_key() -> str:
    """The header that makes sending again harmless; 400 without it."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        message = "Send the header Idempotency-Key: 1 to 100 letters, digits or signs, new for each request, the same to repeat it."
        raise Malformed("idempotency-key", message, field="Idempotency-Key", place="header")
    return key
