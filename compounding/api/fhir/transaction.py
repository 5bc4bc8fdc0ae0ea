"""A transaction: Patient, Practitioner, what is known of the patient, and the orders, linked by urn:uuid; taken whole or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from compounding.api.fhir import order
from compounding.api.fhir.draft import Document
from compounding.api.fhir.order import Written
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.fhir.record import TYPES

ORDER = "MedicationRequest"
_PEOPLE = ("Patient", "Practitioner", "Medication")
_RECORD = tuple(kind for kind in TYPES if kind != ORDER)
_URN = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOST = 60  # entries
_LINK = "Give each entry a fullUrl of its own, urn:uuid: and a UUID, by which the others refer to it."
_REQUEST = "Each entry is created: method POST, and the type of the resource as url."
_CONDITION = "Send identifier=SYSTEM|VALUE with the identifier of this very resource; nothing else is a condition here."


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the transaction: its type, where it stood, and, of an order, what it says and whether it is created only if it is new."""

    type: str
    written: Written | None = None
    conditional: bool = False


def read(value: Mapping[str, object], refusals: Refusals) -> list[Entry]:
    """The entries of a transaction Bundle; what cannot be taken stands among `refusals`."""
    nowhere(value, "Bundle", refusals)
    bundle = Part(value, "Bundle", refusals)
    bundle.word("resourceType", {"Bundle": "Bundle"}, ask="Send a Bundle here; a single order goes to MedicationRequest.")
    bundle.word("type", {"transaction": "transaction"}, ask="Send a transaction: it is taken whole or not at all.")
    bundle.keep("meta", "identifier", "timestamp", "language")
    parts = bundle.parts("entry", ask="Send the orders with their Patient and Practitioner, one entry each.", most=_MOST)
    found = [resource for entry in parts if (resource := _entry(entry)) is not None]
    document = Document({url: resource for url, resource, _ in found})
    orders = [resource for _, resource, _ in found if resource.type == ORDER]
    if parts and not orders:
        bundle.refuse("entry", "There is no MedicationRequest among the entries, and nothing else is kept by itself.")
    entries = [_read(resource, request, document, found, refusals) for _, resource, request in found]
    _unused(found, document, {order.subject_of(item) for item in orders})
    bundle.finish()
    return entries


def is_conditional(resource: Part, condition: str | None, refuse_at: str) -> bool:
    """Whether a create has a condition, which names the identifier of the resource itself and nothing else."""
    if condition is None:
        return False
    pairs = parse_qsl(condition, keep_blank_values=True)
    identifiers = resource.value.get("identifier")
    own = [f"{item.get('system')}|{item.get('value')}" for item in identifiers if isinstance(item, Mapping)] if isinstance(identifiers, list) else []
    if [name for name, _ in pairs] != ["identifier"] or pairs[0][1] not in own:
        resource.refusals.note(refuse_at, _CONDITION)
    return True


def _entry(entry: Part) -> tuple[str, Part, Part] | None:
    url = entry.text("fullUrl", ask=_LINK)
    resource, request = entry.part("resource", ask="Send the resource."), entry.part("request", ask=_REQUEST)
    if url is not None and not _URN.fullmatch(url):
        entry.refuse("fullUrl", _LINK)
    if url is None or resource is None or request is None:
        return None
    if resource.type not in {*_PEOPLE, *TYPES}:
        resource.refuse("resourceType", f"This type cannot be taken here. Send {', '.join((*_PEOPLE, *TYPES))}.")
        return None
    request.word("method", {"POST": "POST"}, ask=_REQUEST)
    request.word("url", {resource.type: resource.type}, ask=_REQUEST)
    return url, resource, request


def _read(resource: Part, request: Part, document: Document, found: list[tuple[str, Part, Part]], refusals: Refusals) -> Entry:
    if resource.type != ORDER:
        return Entry(resource.type)
    conditional = is_conditional(resource, request.text("ifNoneExist"), request.path("ifNoneExist"))
    subject = order.subject_of(resource)
    beside = [part for _, part, _ in found if part.type in _RECORD and _whose(part) == subject]
    return Entry(ORDER, order.read(resource, document, refusals, beside=beside), conditional)


def _whose(part: Part) -> str:
    reference = part.value.get("patient" if part.type == "AllergyIntolerance" else "subject")
    found = reference.get("reference") if isinstance(reference, Mapping) else None
    return found if isinstance(found, str) else ""


def _unused(found: list[tuple[str, Part, Part]], document: Document, subjects: set[str]) -> None:
    seen: set[str] = set()
    for url, part, _ in found:
        if url in seen:
            part.refuse("", f"Two entries have the same fullUrl. {_LINK}")
        seen.add(url)
        if (part.type in _PEOPLE and url not in document.used) or (part.type in _RECORD and _whose(part) not in subjects):
            part.refuse("", "No order refers to this entry, so nobody would read it. Refer to it, or leave it out.")
            part.keep(*part.value)
