"""How a resource leaves: exact JSON, its version and address in the headers, and as much of it as the asking system prefers."""

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

import simplejson
from flask import Response, request, url_for
from werkzeug.exceptions import NotAcceptable, UnsupportedMediaType
from werkzeug.http import http_date

from compounding.api.addresses import absolute
from compounding.api.arguments import refuse_parameters
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.fhir.resources import DEEPEST
from compounding.api.fhir.written import Resource
from compounding.api.strict_json import Malformed, parse
from compounding.domain.errors import Invalid

T = TypeVar("T")
MEDIA = "application/fhir+json"
_TAKEN = frozenset({MEDIA, "application/json", "text/json"})
_ASKED = _TAKEN | {"*/*", "application/*", "json"}
_SEARCHES = frozenset({"fhir.requests", "fhir.search_requests", "fhir.dispenses", "fhir.search_dispenses"})  # they read their parameters themselves
_VERSIONS = frozenset({"4.0", "4.0.1"})
_RETURN = re.compile(r"(?:^|[,;\s])return=(\S+?)(?:[,;\s]|$)")
_PREFERENCES = frozenset({"minimal", "representation", "OperationOutcome"})


def negotiate() -> None:
    """Refuse a request that wants another form than JSON of FHIR R4, or sends one; before its body is read."""
    wanted = request.args.get("_format")
    accepted = [wanted] if wanted else [value for value, _ in request.accept_mimetypes]
    if accepted and not any(value.partition(";")[0].strip() in _ASKED for value in accepted):
        raise NotAcceptable(f"Only JSON is answered here. Send Accept: {MEDIA}.")
    if request.mimetype_params.get("fhirversion", request.mimetype_params.get("fhirVersion", "4.0")) not in _VERSIONS:
        raise UnsupportedMediaType("Only FHIR R4 is spoken here: fhirVersion 4.0.")
    if request.endpoint not in _SEARCHES:
        refuse_parameters(("_format",), sign="?")


def body(kind: str) -> tuple[dict[str, object], str]:
    """The resource that was sent, which must be of that type, and the text as it came. Raises `Malformed`, and 415 for what does not say it is JSON."""
    if request.mimetype not in _TAKEN - {"text/json"}:
        raise UnsupportedMediaType(f"Send the resource as {MEDIA}.")
    value = parse(request.get_data(cache=True), deepest=DEEPEST)
    if not isinstance(value, dict) or value.get("resourceType") != kind:
        raise Malformed("resource-type", f"Send a {kind} here: an object whose resourceType says so.", field="resourceType")
    return value, request.get_data(as_text=True)


def opened(value: Mapping[str, object], kind: str, refusals: Refusals) -> Part:
    """A single resource, ready to be read."""
    nowhere(value, kind, refusals)
    part = Part(value, kind, refusals)
    part.keep("resourceType")
    return part


def unless_refused(read: T | None, refusals: Refusals) -> T:
    """What was read; raises `Invalid` with every refused element."""
    if refusals or read is None:
        count = "One element" if len(refusals) == 1 else f"{len(refusals)} elements"
        raise Invalid("not-readable", f"{count} cannot be taken as sent. Nothing was stored; correct what is named and send it again.", fields=refusals)
    return read


def preferred() -> str:
    """What a create is answered with: the whole resource unless less was asked for."""
    told = _RETURN.search(request.headers.get("Prefer", ""))
    if told is None:
        return "representation"
    if told[1] not in _PREFERENCES:
        raise Malformed("prefer", f"Prefer: return= is one of {', '.join(sorted(_PREFERENCES))}.", field="Prefer")
    return told[1]


def reply(resource: Resource, *, status: int = 200) -> Response:
    """A resource with its version."""
    return _versioned(Response(dumped(resource), status, mimetype=MEDIA), resource)


def created(resource: Resource, *, made: bool) -> Response:
    """What a create is answered with: 201 and the new address, or 200 where the order was known already."""
    how = preferred()
    content = {"representation": resource, "OperationOutcome": information(resource, made=made)}.get(how)
    response = Response(dumped(content) if content else "", HTTPStatus.CREATED if made else HTTPStatus.OK, mimetype=MEDIA)
    response.headers["Location"] = address(resource, versioned=True)
    return _versioned(response, resource)


def information(resource: Resource, *, made: bool) -> Resource:
    """That an order was kept, and what the rules say of it, as an OperationOutcome."""
    said = "The order was kept." if made else "The order was known already; nothing was kept again."
    issues: list[Resource] = [{"severity": "information", "code": "informational", "diagnostics": said, "expression": [resource["resourceType"]]}]
    for issue in resource.get("contained", []):
        if issue["resourceType"] == "DetectedIssue":
            severity = {"high": "error", "moderate": "warning", "low": "information"}[issue["severity"]]
            issues.append({"severity": severity, "code": "business-rule", "diagnostics": issue["detail"], "expression": [resource["resourceType"]]})
    return {"resourceType": "OperationOutcome", "issue": issues}


def address(resource: Resource, *, versioned: bool = False) -> str:
    """The address of a resource, of this version if asked for."""
    whole = f"{base()}/{resource['resourceType']}/{resource['id']}"
    return f"{whole}/_history/{resource['meta']['versionId']}" if versioned else whole


def base() -> str:
    """The address of this door, without a stroke at its end."""
    return absolute(url_for("fhir.metadata").rpartition("/")[0])


def dumped(resource: Resource) -> str:
    """JSON with every digit of its numbers: 1.50 stays 1.50."""
    text: str = simplejson.dumps(resource, use_decimal=True, ensure_ascii=False)
    return text


def _versioned(response: Response, resource: Resource) -> Response:
    meta = resource.get("meta", {})
    if "versionId" in meta:
        response.headers["ETag"] = f'W/"{meta["versionId"]}"'
    if "lastUpdated" in meta:
        response.headers["Last-Modified"] = http_date(datetime.fromisoformat(meta["lastUpdated"]))
    return response
