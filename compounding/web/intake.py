"""The words of the order form: what each choice says to a person, and the names by which its errors call the fields."""

from collections.abc import Mapping

from compounding.domain.language import NAMES
from compounding.web.rows import READY_MADE

REGIMENS = READY_MADE
YES_NO_UNKNOWN = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
UNITS = (("mg", "mg"), ("mcg", "mcg (micrograms)"))
FORMS = (("oral_liquid", "Oral liquid, by syringe"), ("oral_drops", "Oral drops, by dropper"), ("capsule", "Capsules"))
ROUTES = (("oral", "By mouth"), ("sublingual", "Under the tongue"), ("ophthalmic", "Into the eye"), ("injection", "Injection"), ("inhalation", "Inhalation"))
MOMENTS = (("morning", "Morning"), ("noon", "Noon"), ("evening", "Evening"), ("bedtime", "Bedtime"))
ORIGINS = (("paper", "Paper"), ("fax", "Fax"), ("phone", "Telephone"), ("electronic", "Electronic"))
PREGNANCY = (
    ("not_applicable", "Does not apply"),
    ("no", "No"),
    ("pregnant", "Pregnant"),
    ("breastfeeding", "Breastfeeding"),
    ("planning", "Planning a pregnancy"),
)
THERAPY = (("naive", "New to naltrexone"), ("continuing", "Continues naltrexone"))
STRENGTHS = (("mg/mL", "mg in each mL"), ("mg", "mg in each capsule"))
QUANTITIES = (("mL", "mL"), ("capsule", "capsules"), ("drop", "drops"))
LANGUAGES = tuple(NAMES.items())
# How the summary of errors names a field, where its message alone would not.
_PARTS = {"patient": "Patient", "prescriber": "Prescriber", "therapy": "Present therapy", "opioid": "Safety questions", "supply": "Supply"}
_FIELDS = {
    "name": "name", "birth_date": "birth date", "address": "address", "phone": "telephone", "pregnancy": "pregnancy", "weight_kg": "weight",
    "npi": "NPI", "status": "new or continuing", "present_dose": "present dose", "last_taken": "last dose", "unit": "unit",
    "allergies": "allergies", "severe_allergies": "severe allergies", "conditions": "conditions", "medicines": "medicines",
    "recent": "any opioid", "recent_drug": "which opioid", "recent_last_dose": "its last dose", "depot": "buprenorphine depot",
    "surgery": "surgery", "surgery_date": "day of surgery", "answered_by": "who answered", "asked_by": "who asked",
    "days": "days", "dose": "dose", "when": "when", "value": "amount",
}  # fmt: skip
_WHOLE = {
    "form": "Dosage form", "route": "Route", "origin": "How it came", "written_on": "Written on", "read_back": "Read back", "refills": "Refills",
    "indication.code": "ICD-10 code", "indication.words": "What it is for", "indication.on_label": "On the label", "steps": "Steps",
    "directions": "Directions as written", "dates.0.first_day": "First day of the course", "dates.0.last_day": "Last day of the course",
    "supply": "Supply", "strength.value": "Strength", "strength.unit": "Strength, unit",
    "supply.quantity.value": "Quantity", "supply.quantity.unit": "Quantity, unit", "supply.total.value": "Total mg", "supply.days": "Days' supply",
}  # fmt: skip


def names(errors: Mapping[str, object]) -> dict[str, str]:
    """A name for each path in `errors`, such as "Step 2, dose" for `steps.1.dose`."""
    return {path: _name(path) for path in errors if path}


def _name(path: str) -> str:
    if path in _WHOLE:
        return _WHOLE[path]
    part, *rest = path.split(".")
    field = next((_FIELDS[name] for name in reversed(rest) if name in _FIELDS), "")
    if part == "steps" and rest and rest[0].isdecimal():
        return f"Step {int(rest[0]) + 1}{', ' if field else ''}{field}"
    return f"{_PARTS.get(part, part)}{', ' if field else ''}{field}"
