"""Tokens for SMART Backend Services, where they are given and where a system reads that they are; errors in OAuth's own form (RFC 6749)."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from compounding.api import rate
from compounding.api.addresses import absolute
from compounding.api.token import pharmacy
from compounding.domain.assertion import ALGORITHMS
from compounding.domain.authority import ActName, LookName
from compounding.domain.people import system_actor
from compounding.domain.scope import ALL, text_of
from compounding.workflow.system_access import LIFE, grant, prove

blueprint = Blueprint("oauth", __name__)

DOOR = "/oauth/"
_ACTOR = system_actor("token")
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FIELDS = ("grant_type", "scope", "client_assertion_type", "client_assertion")
_CODES = {"scope": "invalid_scope", "unsupported_grant_type": "unsupported_grant_type"}


class Misput(BadRequest):
    """A request for a token that lacks something, or has it twice; `code_word` is OAuth's own."""

    def __init__(self, code_word: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code_word = code_word


@blueprint.get("/fhir/R4/.well-known/smart-configuration")
def configuration() -> Response:
    """How a system gets a token here, for machines."""
    return jsonify(
        token_endpoint=token_address(),
        token_endpoint_auth_methods_supported=["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported=list(ALGORITHMS),
        grant_types_supported=["client_credentials"],
        scopes_supported=[scope.name for scope in ALL],
        capabilities=["client-confidential-asymmetric", "permission-v2"],
    )


@blueprint.post("/oauth/token")
def token() -> Response:
    """A token of five minutes for a signed assertion."""
    assertion, scope = _asked()
    audience = token_address()
    system = pharmacy().look(LookName.PEOPLE, _ACTOR, lambda look: prove(look, assertion, audience=audience, with_subject=True))
    rate.take(system, pharmacy().clock())
    granted = pharmacy().perform(ActName.CLIENT_PROVE, _ACTOR, lambda act: grant(act, assertion, audience=audience, scope=scope))
    told = {"access_token": granted.token, "token_type": "bearer", "expires_in": int(LIFE.total_seconds()), "scope": text_of(granted.scopes)}
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


def token_address() -> str:
    """The address at which tokens are given, which an assertion must name."""
    return absolute(url_for("oauth.token"))


def refused(status: HTTPStatus, code: str, detail: str) -> Response:
    """A refusal in OAuth's own form: who cannot be told from others is `invalid_client`, with 401."""
    if status in {HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}:
        return _error(HTTPStatus.UNAUTHORIZED, "invalid_client", detail)
    if status is HTTPStatus.UNPROCESSABLE_ENTITY:
        return _error(HTTPStatus.BAD_REQUEST, _CODES.get(code, "invalid_request"), detail)
    if status is HTTPStatus.BAD_REQUEST:
        return _error(status, _CODES.get(code, "invalid_request"), detail)
    later = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
    return _error(status, "temporarily_unavailable" if status in later else "invalid_request", detail)


def _error(status: HTTPStatus, error: str, detail: str) -> Response:
    response = jsonify(error=error, error_description=detail)
    response.status_code = status.value
    return response


def _asked() -> tuple[str, str]:
    """The assertion and the scopes that were sent; raises `Misput`."""
    sent = {name: _field(name) for name in _FIELDS}
    if sent["grant_type"] != "client_credentials":
        raise Misput("unsupported_grant_type", "Only client_credentials is given here.")
    if sent["client_assertion_type"] != _ASSERTION:
        raise Misput("invalid_request", f"Send client_assertion_type={_ASSERTION}.")
    return sent["client_assertion"], sent["scope"]


def _field(name: str) -> str:
    told = request.form.getlist(name)
    if len(told) != 1 or not told[0]:
        raise Misput("invalid_request", f"Send {name} once, in a form (application/x-www-form-urlencoded).")
    return told[0]
