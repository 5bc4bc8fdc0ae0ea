"""Orders as a prescriber's system writes them."""

from copy import deepcopy
from typing import Any

NPI, OTHER_NPI = "1234567893", "1558598797"

_TITRATION: dict[str, Any] = {
    "patient": {
        "name": "Ada Example",
        "birth_date": "1980-02-29",
        "address": "1 Long Street, Springfield 00001",
        "phone": "555-010-0199",
        "language": "en",
        "pregnancy": "no",
        "allergies": ["penicillin"],
        "medicines": ["vitamin D"],
    },
    "prescriber": {"name": "Dr Bea Sample", "npi": NPI, "phone": "(555) 010-0100"},
    "form": "oral_liquid",
    "steps": [
        {"dose": "1.5", "unit": "mg", "when": ["bedtime"], "times_per_day": 1, "days": 14},
        {"dose": "3", "unit": "mg", "when": ["bedtime"], "days": 14},
        {"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": 14},
    ],
    "therapy": {"status": "naive"},
    "strength": {"value": "1", "unit": "mg/mL"},
    "supply": {"days": 42, "total": {"value": "126", "unit": "mg"}},
    "refills": 2,
    "indication": {"code": "M79.7", "words": "fibromyalgia", "on_label": True},
    "opioid": {"recent": "no", "depot": "no", "surgery": "no", "answered_by": "the patient", "asked_by": "Dr Bea Sample"},
    "written_on": "2026-03-01",
    "origin": "electronic",
}


def titration() -> dict[str, Any]:
    """1.5, 3 and 4.5 mg, 14 days each, at bedtime: 126 mg in 42 days."""
    return deepcopy(_TITRATION)


def changed(path: str, value: object) -> dict[str, Any]:
    """The titration with one field set, such as `steps.0.dose`."""
    order = titration()
    *parents, last = path.split(".")
    place: Any = order
    for part in parents:
        place = place[int(part) if part.isdecimal() else part]
    place[int(last) if last.isdecimal() else last] = value
    return order


def without(path: str) -> dict[str, Any]:
    """The titration without one field."""
    order = changed(path, None)
    *parents, last = path.split(".")
    place: Any = order
    for part in parents:
        place = place[int(part) if part.isdecimal() else part]
    del place[last]
    return order
