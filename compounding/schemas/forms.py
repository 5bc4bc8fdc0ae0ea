"""What a form sends, made ready for the schema: the one place where an empty box becomes an absent field.

A form sends every box, filled or not, as text. Nothing is checked here; what is wrong stays in, for the schema to refuse.
"""

from collections.abc import Mapping

_LINES = frozenset({"allergies", "severe_allergies", "conditions", "medicines"})  # one box, one entry a line
_CHOICES = frozenset({"when"})  # tick boxes; a single tick arrives as plain text


def from_form(data: Mapping[str, object]) -> dict[str, object]:
    """The nested fields of an order form without its empty boxes.

    - A box with nothing but blanks is absent.
    - A titration row with neither dose nor days is absent; the rows below move up, so show the form again from what this returns.
    - A unit whose amount is absent is absent, since forms choose one beforehand (`strength`, `supply.quantity`, `supply.total`, `therapy`).
    - `allergies`, `severe_allergies`, `conditions` and `medicines` may be one box with an entry a line, or with semicolons between.
    - `when` may be one text instead of a list.
    """
    return {key: value for key, raw in data.items() if (value := _filled(key, raw)) not in (None, {}, [])}


def _filled(key: str, raw: object) -> object:
    if isinstance(raw, str):
        return _text(key, raw)
    if isinstance(raw, Mapping):
        return _part(from_form(raw))
    if isinstance(raw, list):
        entries = [_filled("", entry) for entry in raw]
        return [entry for entry in entries if entry not in (None, {}, []) and not _is_spare_row(key, entry)]
    return raw


def _text(key: str, raw: str) -> object:
    if key in _LINES:
        return [entry.strip() for line in raw.splitlines() for entry in line.split(";") if entry.strip()]
    if not raw.strip():
        return None
    return [raw] if key in _CHOICES else raw


def _part(part: dict[str, object]) -> dict[str, object]:
    without_amount = set(part) == {"unit"} or ("status" in part and "present_dose" not in part)
    return {key: value for key, value in part.items() if key != "unit"} if without_amount else part


def _is_spare_row(key: str, entry: object) -> bool:
    return key == "steps" and isinstance(entry, dict) and not {"dose", "days"} & set(entry)
