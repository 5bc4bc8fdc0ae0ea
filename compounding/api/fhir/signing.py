"""What a draft of orders holds (CDS Hooks, order-sign): the naltrexone among them, with what was sent beside it about patient and prescriber."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compounding.api.fhir import order
from compounding.api.fhir.draft import Document
from compounding.api.fhir.order import Manner
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.fhir.record import TYPES, WEIGHT
from compounding.domain.prescription import Order
from compounding.domain.safety.coding import INGREDIENT, NALTREXONE, RXNORM
from compounding.domain.safety.naming import words

_ORDER = "MedicationRequest"
_TAKEN = frozenset({"active", "intended", "on-hold", "unknown", "draft", "final", "amended", "corrected", None})
_OVER = frozenset({"inactive", "resolved", "refuted", "entered-in-error"})
_MEDICINE = ("medicationCodeableConcept", "medicationReference")
_USES = ["official", "usual", None]
Resource = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drafted:
    """One drafted order for naltrexone: what it says, or why it cannot be taken, by FHIRPath."""

    order: Order | None
    refusals: Mapping[str, tuple[str, ...]]


def drafted(drafts: object, prefetch: object, today: date) -> list[Drafted]:
    """The drafted orders for naltrexone, each with the others, and what was fetched beforehand, as the patient's record."""
    orders = [item for item in resources(drafts) if item.get("resourceType") == _ORDER]
    fetched = list(resources(prefetch))
    ours = [item for item in orders if _is_naltrexone(item, orders + fetched)]
    others = [item for item in orders if item not in ours]
    return [_read(item, [*fetched, *others], today) for item in ours]


def resources(value: object) -> Iterator[Resource]:
    """Every resource of a Bundle, of the values of an object, or the one itself."""
    if not isinstance(value, Mapping):
        return
    if value.get("resourceType") == "Bundle":
        for item in _listed(value.get("entry")):
            yield from resources(item.get("resource"))
    elif "resourceType" in value:
        if isinstance(value["resourceType"], str):
            yield value
    else:
        for inner in value.values():
            yield from resources(inner)


def _read(item: Resource, beside: list[Resource], today: date) -> Drafted:
    refusals = Refusals()
    nowhere(item, _ORDER, refusals)
    resource = Part(item, _ORDER, refusals)
    resource.keep("resourceType")
    placed = list(_placed(beside))
    parts = {f"{found.get('resourceType')}/{found.get('id')}": _part(_plain(found), at, refusals) for found, at in placed}
    subject = order.subject_of(resource)
    record = [_part(_of_patient(found, subject), at, refusals) for found, at in placed if _is_record(found)]
    written = order.read(resource, Document(parts), refusals, manner=Manner(("draft", "active"), today), beside=record)
    resource.finish()
    return Drafted(None if refusals or written is None else written.order, refusals)


def _placed(beside: list[Resource]) -> Iterator[tuple[Resource, str]]:
    """Each resource with a place of its own (`%Condition[1]` is the second Condition), since the record counts each place once."""
    counts: Counter[object] = Counter()
    for found in beside:
        kind = found["resourceType"]
        yield found, f"%{kind}[{counts[kind]}]"
        counts[kind] += 1


def _part(found: Resource, at: str, refusals: Refusals) -> Part:
    return Part(found, at, refusals, lenient=True)


def _is_record(found: Resource) -> bool:
    """Whether a resource belongs to what is known of the patient, and is in force."""
    states = {code for name in ("clinicalStatus", "verificationStatus") for code in _codes(found.get(name))}
    return (
        found.get("resourceType") in TYPES
        and (found.get("resourceType") != "Observation" or WEIGHT in _codes(found.get("code")))
        and _said(found.get("status")) in _TAKEN
        and found.get("doNotPerform") is not True
        and not states & _OVER
    )


def _of_patient(found: Resource, subject: str) -> Resource:
    """A part of the record without what nobody asks of it; what was fetched for a patient names that patient in ways of its own."""
    kind = found.get("resourceType")
    kept = {name: found[name] for name in ("resourceType", "id", "code", "criticality", "valueQuantity", *_MEDICINE) if name in found}
    severities = [{"severity": item["severity"]} for item in _listed(found.get("reaction")) if "severity" in item]
    status = {} if kind in {"AllergyIntolerance", "Condition"} else {"status": "final" if kind == "Observation" else "active"}
    reaction = {"reaction": severities} if severities else {}
    return {**kept, **status, **reaction, "patient" if kind == "AllergyIntolerance" else "subject": {"reference": subject}}


def _plain(found: Resource) -> Resource:
    """A person of the prefetch with the one name, telephone and address that a server puts first; a server tells more than an order needs."""
    if found.get("resourceType") not in {"Patient", "Practitioner"}:
        return found
    names = sorted(_listed(found.get("name")), key=lambda name: _USES.index(_said(name.get("use"))) if _said(name.get("use")) in _USES else len(_USES))
    phones = [item for item in _listed(found.get("telecom")) if item.get("system") == "phone"]
    firsts = {"name": names, "telecom": phones, "address": _listed(found.get("address")), "communication": _listed(found.get("communication"))}
    kept = {name: found[name] for name in ("resourceType", "id", "birthDate", "active", "deceasedBoolean", "identifier") if name in found}
    return {**kept, **{name: told[:1] for name, told in firsts.items() if told}}


def _said(value: object) -> str | None:
    """A text as it was sent; for anything else a text that nothing equals, and None for nothing."""
    return value if value is None or isinstance(value, str) else "?"


def _listed(value: object) -> list[Resource]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _codes(concept: object) -> set[str | None]:
    return {_said(coding.get("code")) for coding in _listed(concept.get("coding"))} if isinstance(concept, Mapping) else set()


def _is_naltrexone(item: Resource, around: list[Resource]) -> bool:
    """Whether an order has to do with naltrexone, by its words or by a code; what exactly it says is read later."""
    told = [item.get("medicationCodeableConcept")]
    reference = item.get("medicationReference")
    address = _said(reference.get("reference")) if isinstance(reference, Mapping) else None
    for found in [*_listed(item.get("contained")), *around]:
        if address is not None and address in {f"#{found.get('id')}", f"{found.get('resourceType')}/{found.get('id')}"}:
            told += [found.get("code"), *(part.get("itemCodeableConcept") for part in _listed(found.get("ingredient")))]
    return any(_names_it(concept) for concept in told)


def _names_it(concept: object) -> bool:
    if not isinstance(concept, Mapping):
        return False
    codings = _listed(concept.get("coding"))
    said = [concept.get("text"), *(coding.get("display") for coding in codings)]
    return any(NALTREXONE in words(text) for text in said if isinstance(text, str)) or any(
        (coding.get("system"), coding.get("code")) == (RXNORM, INGREDIENT) for coding in codings
    )
