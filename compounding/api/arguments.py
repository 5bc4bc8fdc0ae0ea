"""What a request brings, through the same schemas as the forms and by our own reading of JSON (webargs would read it leniently)."""

import re
from typing import Any, NoReturn

from flask import Request, request
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from compounding.api.strict_json import Malformed, parse
from compounding.schemas.refusals import refusal

_KEY = re.compile(r"[!-~]{1,100}", re.ASCII)


class StrictParser(FlaskParser):
    """Reads bodies with `strict_json` and refuses as the domain does, so that `problems` answers."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}  # webargs' own

    def load_json(self, req: Request, _schema: Schema) -> Any:  # webargs' signature
        """The body, which must say that it is JSON."""
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        return parse(req.get_data(cache=True))

    def handle_error(self, error: ValidationError, *_: object, **__: object) -> NoReturn:
        """The domain's refusal, without the place (body or query) that webargs puts before the fields."""
        messages = error.messages
        assert isinstance(messages, dict)  # noqa: S101  # webargs files them under the location
        (inner,) = messages.values()
        raise refusal(ValidationError(inner))


class StrictBlueprint(Blueprint):
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


def idempotency_key() -> str:
    """The header that makes sending again harmless; 400 without it."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        message = "Send the header Idempotency-Key: 1 to 100 letters, digits or signs, new for each order, the same to repeat a request."
        raise Malformed("idempotency-key", message, field="Idempotency-Key")
    return key
