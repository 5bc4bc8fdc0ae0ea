"""Whatever stands in the place of any element, the answer is an order or refusals by expressions, never a failure."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from compounding.api.fhir import order, resources, transaction
from compounding.api.fhir.draft import Document
from compounding.api.fhir.reading import Part, Refusals, nowhere
from compounding.api.fhir.signing import drafted
from tests.api.resources import bundle, request, taking, text_of, with_record

ODD: list[object] = [None, "", [], {}, "x", "\u202e", 0, -1, Decimal("1E+400"), True, [[]], [None], ["x"], [{}], {"x": {}}, [{"coding": [7]}]]
DIABETES: dict[str, Any] = {
    "resourceType": "Condition",
    "subject": {"reference": "#patient"},
    "code": {"text": "diabetes"},
    "clinicalStatus": {"coding": [{"system": "urn:x", "code": "active"}]},
}
Place = tuple[str | int, ...]


def places(value: object, path: Place = ()) -> Iterator[Place]:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from places(inner, (*path, name))


def spoiled(whole: dict[str, Any], path: Place, odd: object) -> dict[str, Any]:
    made = deepcopy(whole)
    place: Any = made
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = deepcopy(odd)
    return made


def single(value: dict[str, Any]) -> Refusals:
    refusals = Refusals()
    nowhere(value, "MedicationRequest", refusals)
    part = Part(value, "MedicationRequest", refusals)
    part.keep("resourceType")
    taken = order.read(part, Document(), refusals)
    part.finish()
    if taken is not None and not refusals:  # what is taken can be told again
        assert resources.as_sent(text_of(value), 0, "Patient/1", "Practitioner/2")["subject"] == {"reference": "Patient/1"}
    return refusals


def several(value: dict[str, Any]) -> Refusals:
    refusals = Refusals()
    entries = transaction.read(value, refusals)
    if not refusals:
        for place, entry in enumerate(entries):
            if entry.type == "MedicationRequest":
                assert resources.as_sent(text_of(value), place, "Patient/1", "Practitioner/2")["requester"] == {"reference": "Practitioner/2"}
    return refusals


def at_signing(value: dict[str, Any]) -> Refusals:
    for draft in drafted(value, value, date(2026, 3, 2)):
        assert (draft.order is None) == bool(draft.refusals)
    return Refusals()


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.campaign)], ids=["one", "every"])
@pytest.mark.parametrize(
    ("whole", "read"),
    [
        (with_record(taking("vitamin D"), DIABETES), single),
        (bundle(request()), several),
        ({"resourceType": "Bundle", "entry": [{"resource": request()}, {"resource": DIABETES}]}, at_signing),
    ],
    ids=["single", "transaction", "signing"],
)
def test_no_odd_value_in_any_place_is_a_failure(whole: dict[str, Any], read: Callable[[dict[str, Any]], Refusals], every: bool) -> None:
    assert read(whole) == {}
    taken = asked = 0
    for number, path in enumerate(places(whole)):
        for odd in ODD if every else [ODD[number // 4 % len(ODD)]] * (number % 4 == 0):  # the ordinary run asks every fourth place once
            refusals = read(spoiled(whole, path, odd))
            taken, asked = taken + (not refusals), asked + 1
            assert all(re.match(r"(MedicationRequest|Bundle)\b", expression) for expression in refusals)
    assert read is at_signing or taken < asked / 5
