"""An order as the document of the API shows it, and what is answered to it and to a refusal."""

from collections.abc import Mapping

ORDER: Mapping[str, object] = {
    "patient": {
        "name": "Ada Example",
        "birth_date": "1980-02-29",
        "address": "1 Long Street, Springfield 00001",
        "phone": "555-010-0199",
        "language": "en",
        "pregnancy": "no",
        "allergies": ["penicillin"],
        "conditions": [],
        "medicines": ["vitamin D"],
    },
    "prescriber": {"name": "Dr Bea Sample", "npi": "1234567893", "phone": "555-010-0100"},
    "form": "oral_liquid",
    "steps": [
        {"dose": "1.5", "unit": "mg", "when": ["bedtime"], "days": 14},
        {"dose": "3", "unit": "mg", "when": ["bedtime"], "days": 14},
        {"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": 14},
    ],
    "therapy": {"status": "naive"},
    "strength": {"value": "1", "unit": "mg/mL"},
    "supply": {"days": 42},
    "refills": 2,
    "indication": {"code": "M79.7", "words": "fibromyalgia", "on_label": True},
    "opioid": {"recent": "no", "depot": "no", "surgery": "no", "answered_by": "the patient", "asked_by": "Dr Bea Sample"},
    "written_on": "2026-03-01",
    "origin": "electronic",
}
_KEY = "3f0c7a52-8d1e-4a55-9d3b-6d6f5b1f0a11"
RECEIVED: Mapping[str, object] = {
    "id": _KEY,
    "number": "100001",
    "status": "received",
    "received_at": "2026-03-02T17:00:00+00:00",
    "findings": [],
    "course": {"days": 42, "total_mg": "126"},
    "refills_left": 2,
    "fills": [],
    "clarifications": [],
    "changes": [],
    "replaces_id": None,
    "links": {"self": f"/api/v1/prescriptions/{_KEY}"},
}
HELD: Mapping[str, object] = {
    **RECEIVED,
    "status": "held",
    "clarifications": [
        {
            "id": "0c0f0f2e-7b9f-4a0a-8f65-3f5ad7a4a111",
            "reason": "steps",
            "question": "Is 3 mg in the second step meant?",
            "asked_at": "2026-03-02T18:30:00+00:00",
            "status": "open",
            "answer": "",
            "answered_at": None,
            "replacement_id": None,
        }
    ],
}
CHANGE: Mapping[str, object] = {
    "prescription": {
        **RECEIVED,
        "status": "held",
        "changes": [
            {
                "id": "9b8b6a4e-57c1-4f9b-9a38-0d2f5d1b7222",
                "kind": "hold",
                "reason": "Surgery on 12 March",
                "from_on": "2026-03-10",
                "changed_at": "2026-03-09T16:00:00+00:00",
                "open": False,
                "days_left": 34,
                "total_left_mg": "114",
                "containers": [{"fill": 1, "part": 0, "was": "labelled", "now": "made", "batch": "1002", "label_void": True}],
                "already_made": [{"fill": 1, "part": 0, "was": "labelled", "now": "made", "batch": "1002", "label_void": True}],
                "replacement_id": None,
            }
        ],
    },
    "replacement": None,
}
REFUSAL: Mapping[str, object] = {
    "type": "urn:problem:not-readable",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "One field cannot be taken as sent. Nothing was stored; correct what is named and send it again.",
    "instance": "urn:uuid:5f2f6a0e-3c58-4f3c-8a39-1b1c1f9d3333",
    "code": "not-readable",
    "errors": [
        {
            "field": "steps.1.dose",
            "pointer": "/steps/1/dose",
            "in": "body",
            "message": '"3.0" cannot be read. Write digits with a point, a zero before it and none after it, such as "0.5" or "4.5".',
        }
    ],
    "facts": {},
}
