"""What the order form proposes from the directions as written: shown in words first, put into the rows only on a second press."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from werkzeug.datastructures import MultiDict

from compounding.domain.directions import Reading, ReadStep, Strengths, Unread, decode, in_plain_words
from compounding.domain.errors import Invalid
from compounding.domain.prescription import Moment, Unit
from compounding.domain.quantity import Concentration, Mass, decimal_text, parse_numeral
from compounding.web.rows import Row, with_rows


@dataclass(frozen=True, slots=True)
class Proposal:
    """The steps in plain words, or why there are none; `mark` tells whether the words are still those that were shown."""

    lines: tuple[str, ...]
    refused: str
    mark: str


def proposed(form: MultiDict[str, str], command: str, *, near: date) -> Proposal | None:
    """What is shown after Read, and after a Take of words that have changed since."""
    mark = _mark(form)
    if command != "read" and (not command.startswith("take.") or command == f"take.{mark}"):
        return None
    read = _read(form, near)
    return Proposal((), read.why, mark) if isinstance(read, Unread) else Proposal(in_plain_words(read), "", mark)


def taken(form: MultiDict[str, str], command: str, *, near: date) -> MultiDict[str, str]:
    """`form` with the proposed steps in its rows, if the words are exactly those that were shown; else as it is."""
    read = _read(form, near)
    if isinstance(read, Reading) and command == f"take.{_mark(form)}":
        return with_rows(form, [_row(step) for step in read.steps])
    return form


def _row(step: ReadStep) -> Row:
    number = step.dose.mg if step.unit is Unit.MG else step.dose.mg * 1000
    names = [moment.name.lower() for moment in Moment if moment in step.moments]
    days = [] if step.days is None else [str(step.days)]
    return {"dose": [decimal_text(number)], "unit": [step.unit.value], "when[]": names, "days": days}


def _read(form: MultiDict[str, str], near: date) -> Reading | Unread:
    return decode(form.get("directions", ""), _strengths(form), near=near)


def _strengths(form: MultiDict[str, str]) -> Strengths:
    try:
        number = parse_numeral(form.get("strength.value", "").strip())
    except Invalid:
        return Strengths()
    return Strengths(capsule=Mass.of_mg(number)) if form.get("strength.unit") == "mg" else Strengths(liquid=Concentration.of(number))


def _mark(form: MultiDict[str, str]) -> str:
    told = "\n".join(form.get(name, "") for name in ("directions", "strength.value", "strength.unit"))
    return sha256(told.encode()).hexdigest()[:16]
