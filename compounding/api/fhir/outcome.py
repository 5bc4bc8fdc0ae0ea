"""Every refusal below /fhir as an OperationOutcome, with the FHIRPath of the element that it is about."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from compounding.api.fhir.written import Resource

DOOR = "/fhir/"
_TYPE = re.compile(r"/fhir/R4/([A-Z][A-Za-z]+)(/[^/]+)?")
_EXPRESSION = re.compile(r"[A-Z][A-Za-z]+(\.|$)")  # begins with a type of resource
_HEADERS = {"If-None-Exist", "Idempotency-Key", "Authorization", "Content-Type", "Accept", "Prefer", "If-Match"}
_CODES: Mapping[int, str] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    428: "required",
    429: "throttled",
    503: "transient",
}
_ELEMENTS = {404: ".id"}


def document(status: HTTPStatus, code: str, detail: str, errors: Mapping[str, tuple[str, ...]], path: str) -> Resource:
    """The outcome: one issue for each refused element, or one for the whole request; `path` is the address that was asked for."""
    root, has_id = _asked(path)
    kind = _CODES.get(status, "exception" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "processing")
    whole = f"{root}{_ELEMENTS.get(status, '') if has_id else ''}"
    issues = [_issue(kind, code, sentence, field, root) for field, sentences in errors.items() for sentence in sentences]
    return {"resourceType": "OperationOutcome", "issue": issues or [_issue(kind, code, detail, whole, root)]}


def _issue(kind: str, code: str, sentence: str, field: str, root: str) -> Resource:
    issue: Resource = {"severity": "error", "code": kind, "details": {"coding": [{"system": "urn:problem", "code": code}], "text": sentence}}
    if field in _HEADERS:
        return {**issue, "diagnostics": f"header {field}", "expression": [root]}
    if field.startswith("?"):
        return {**issue, "diagnostics": f"parameter {field[1:]}", "expression": [root]}
    return {**issue, "diagnostics": sentence, "expression": [field if _EXPRESSION.match(field) else _path(field, root)]}


def _path(field: str, root: str) -> str:
    """The FHIRPath of a place that the reader of JSON names with points (`entry.0.resource`)."""
    parts = [f"[{part}]" if part.isdecimal() else f".{part}" for part in field.split(".") if part]
    return root + "".join(parts)


def _asked(path: str) -> tuple[str, bool]:
    found = _TYPE.match(path)
    if found is None:
        return ("CapabilityStatement" if path.endswith("/metadata") else "Bundle"), False
    return found[1], found[2] is not None
