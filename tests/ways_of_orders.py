"""Orders for 45 mg, or for ten times or a tenth of what was meant, in every spelling that somebody thought of; and what must become of each."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json], object]

_ORDER: Json = {
    "patient": {
        "name": "Ann Wayward",
        "birth_date": "1970-05-05",
        "address": "12 Oak Street, Los Angeles 90001",
        "phone": "555-010-0199",
        "language": "en",
        "pregnancy": "no",
    },
    "prescriber": {"name": "Dr Paula Prescriber", "npi": "1234567893", "phone": "555-010-0123"},
    "form": "capsule",
    "route": "oral",
    "steps": [{"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": 30}],
    "therapy": {"status": "continuing", "present_dose": "4.5", "unit": "mg", "last_taken": "2026-03-01"},
    "supply": {"total": {"value": "135", "unit": "mg"}},
    "refills": 0,
    "indication": {"code": "M79.7", "words": "fibromyalgia", "on_label": True},
    "opioid": {"recent": "no", "depot": "no", "surgery": "no", "answered_by": "the patient", "asked_by": "Linh Tran"},
    "written_on": "2026-03-01",
    "origin": "electronic",
}


@dataclass(frozen=True)
class Way:
    """What is sent, and what must come of it: a refusal that names `field`, or an order that is kept, `status`, with these `rules`."""

    change: Change
    field: str = ""
    status: str = ""
    rules: str = ""
    before: Change | None = None  # what was sent, and declined, before
    web: bool = True  # whether a form can say it


def order(name: str) -> Json:
    """30 capsules of 4.5 mg for an established patient: nothing is wrong with it."""
    fresh = deepcopy(_ORDER)
    fresh["patient"] |= {"name": name, "phone": f"555-{int.from_bytes(name.encode()) % 10_000_000:07}"}  # two patients share no telephone
    return fresh


def flat(what: object, path: str = "") -> dict[str, str | list[str]]:
    """An order as a form sends it."""
    if isinstance(what, dict):
        parts = [flat(value, f"{path}.{name}" if path else name) for name, value in what.items()]
    elif isinstance(what, list) and what and isinstance(what[0], dict):
        parts = [flat(value, f"{path}.{number}") for number, value in enumerate(what)]
    elif isinstance(what, list):
        return {f"{path}[]": what}
    else:
        return {path: {True: "true", False: "false"}.get(what, str(what)) if isinstance(what, bool) else str(what)}
    return {name: text for part in parts for name, text in part.items()}


def having(**fields: object) -> Change:
    """The order with fields set, `steps__0__dose="45"`; a missing value takes the field away."""

    def change(body: Json) -> Json:
        for path, value in fields.items():
            *parents, last = path.split("__")
            place: Any = body
            for part in parents:
                place = place[int(part)] if isinstance(place, list) else place[part]
            if value is ...:
                del place[last]
            else:
                place[int(last) if isinstance(place, list) else last] = value
        return body

    return change


def spelled(before: str, after: str) -> Change:
    """The order's own text with a part of it spelled otherwise."""

    def change(body: Json) -> str:
        text = json.dumps(body)
        assert before in text
        return text.replace(before, after, 1)

    return change


def course(*steps: tuple[str, int], total: str, **others: object) -> Change:
    """Another course: doses in mg at bedtime with their days, and the total that the order says."""
    rows = [{"dose": dose, "unit": "mg", "when": ["bedtime"], "days": days} for dose, days in steps]
    return having(steps=rows, supply={"total": {"value": total, "unit": "mg"}}, **others)


def steady(dose: str, total: str, **others: object) -> Change:
    return course((dose, 30), total=total, **others)


NAIVE = {"status": "naive"}
MOMENTS = ["morning", "noon", "evening", "bedtime"]
TENFOLD = steady("45", "1350")
LIQUID: Json = {"form": "oral_liquid"}


def _doses(*spellings: str, web: bool = True) -> dict[str, Way]:
    return {f"dose {ascii(text)[:20]}": Way(having(steps__0__dose=text), "steps.0.dose", web=web) for text in spellings}


def _values(**values: object) -> dict[str, Way]:
    return {f"dose as {name}": Way(having(steps__0__dose=value), "steps.0.dose", web=False) for name, value in values.items()}


SPELLINGS = {
    **_doses("45.0", "4 5", "4,5", "٤٥", "４５", "٤.٥", "1e1", "+45", "-4.5", "45mg", "4.50", "045", "45.", "4_5", "45/10", "0x2d", "4·5", "½", "four"),
    **_doses("1000", "9" * 5000, "NaN", "Infinity", "4.5\x00", "4\u200b5", "45\u202e", "4\u00a05", "0", "0.0001"),
    **_doses("4.5 ", " 45", "4.5\n", "", web=False),  # a form's blanks at the ends are nobody's dose
    **_values(number=4.5, whole=45, true=True, null=None, list=["45"], part={"value": "45"}, huge=10**400),
    **{f"unit {unit!r}": Way(having(steps__0__unit=unit), "steps.0.unit") for unit in ("g", "MG", "µg", "ug", "mg/mL", "mL", "mcg;mg")},
    "unit missing": Way(having(steps__0__unit=...), "steps.0.unit"),
    "unit as list": Way(having(steps__0__unit=["mg"]), "steps.0.unit", web=False),
    "4500 micrograms": Way(having(steps__0__dose="4500", steps__0__unit="mcg"), "steps.0.dose"),
    "dose twice": Way(spelled('"dose": "4.5"', '"dose": "4.5", "dose": "45"'), "steps.0.dose", web=False),
    "dose twice, once in disguise": Way(spelled('"dose": "4.5"', '"dose": "4.5", "d\\u006fse": "45"'), "steps.0.dose", web=False),
    "steps twice": Way(spelled('"steps": [', '"steps": [{"dose": "45"}], "steps": ['), "steps", web=False),
    "unit twice": Way(spelled('"unit": "mg", "when"', '"unit": "mg", "unit": "mcg", "when"'), "steps.0.unit", web=False),
    "half a surrogate pair": Way(spelled('"4.5"', '"4.5\\ud800"'), "steps.0.dose", web=False),
    "not a number of JSON": Way(spelled('"4.5"', "NaN"), web=False),
    "a second dose under another name": Way(having(steps__0__dose_mg="45"), "steps.0.dose_mg"),
    "ten a dose under a name of its own": Way(having(steps__0__count="10"), "steps.0.count"),
    "steps by number": Way(having(steps={"0": {"dose": "45"}}), "steps", web=False),
    "ten times a day": Way(having(steps__0__times_per_day=10), "steps.0.times_per_day"),
    "two times a day with one moment": Way(having(steps__0__times_per_day=2), "steps.0.times_per_day"),
    "bedtime ten times": Way(having(steps__0__when=["bedtime"] * 10), "steps.0.when"),
    "bedtime twice": Way(having(steps__0__when=["bedtime"] * 2), "steps.0.when"),
    "days as a fraction": Way(having(steps__0__days="3e1"), "steps.0.days"),
    "a course of 60 years": Way(course(*[("4.5", 366)] * 60, total="98820"), "steps"),
    "61 steps": Way(course(*[("4.5", 1)] * 61, total="274.5"), "steps"),
    "a strength of the other form": Way(having(strength={"value": "4.5", "unit": "mg/mL"}), "strength.unit"),
    "a strength without a unit": Way(having(strength={"value": "45"}), "strength.unit"),
    "a total in grams": Way(having(supply={"total": {"value": "135", "unit": "g"}}), "supply.total.unit"),
    "25 refills": Way(having(refills=25), "refills"),
    "refills as a power": Way(having(refills="1e1"), "refills"),
    "the present dose with a comma": Way(having(therapy__present_dose="4,5"), "therapy.present_dose"),
    "a new patient's present dose": Way(having(therapy={"status": "naive", "present_dose": "45", "unit": "mg"}), "therapy.present_dose"),
    "telephoned, not read back": Way(having(origin="phone"), "read_back"),
    "the wrong check digit": Way(having(prescriber__npi="1234567890"), "prescriber.npi"),
    "no opioid answer": Way(having(opioid__recent=...), "opioid.recent"),
    "a name that turns itself round": Way(having(patient__name="Ann \u202egm 5.4"), "patient.name"),
    "a name of full width": Way(having(patient__name="Ａｎｎ Ｗａｙｗａｒｄ"), "patient.name"),
    "a name with foreign digits": Way(having(patient__name="Ann ٤٥"), "patient.name"),
}

STOPPED = {
    "45 mg": Way(TENFOLD, status="declined", rules="R11"),
    "45 mg with the total of 4.5": Way(steady("45", "135"), status="declined", rules="R11 R31"),
    "45 mg for who takes 45": Way(steady("45", "1350", therapy__present_dose="45"), status="declined", rules="R11"),
    "25 mg": Way(steady("25", "750"), status="declined", rules="R11"),
    "10 mg four times a day": Way(steady("10", "1200", steps__0__when=MOMENTS), status="declined", rules="R11 R28"),
    "12.5 mg twice a day": Way(steady("12.5", "750", steps__0__when=["morning", "bedtime"]), status="declined", rules="R11"),
    "45 in the last of ten steps": Way(course(*[("4.5", 3)] * 9, ("45", 3), total="256.5"), status="declined", rules="R11 R21"),
    "one day of 45": Way(course(("4.5", 29), ("45", 1), total="175.5"), status="declined", rules="R11"),
    "4.5 micrograms": Way(steady("4.5", "0.135", steps__0__unit="mcg"), status="declined", rules="R7"),
    "45 micrograms": Way(steady("45", "1.35", steps__0__unit="mcg"), status="declined", rules="R7"),
    "into a vein": Way(having(route="injection"), status="declined", rules="R20"),
    "ten days in ten steps for one": Way(having(steps=_ORDER["steps"] * 10, supply={"days": 30}), status="held", rules="R31"),
    "ten times the total": Way(steady("4.5", "1350"), status="held", rules="R31"),
    "ten times the days": Way(having(supply={"days": 300}), status="held", rules="R31"),
    "300 capsules of 4.5": Way(
        having(supply={"quantity": {"value": "300", "unit": "capsule"}}, strength={"value": "4.5", "unit": "mg"}), status="held", rules="R31"
    ),
    "a tenth of a capsule of 45": Way(having(strength={"value": "45", "unit": "mg"}), status="held", rules="R31"),
    "5 mg/mL by the volumes of 1 mg/mL": Way(
        having(**LIQUID, strength={"value": "5", "unit": "mg/mL"}, supply={"quantity": {"value": "135", "unit": "mL"}}), status="held", rules="R31"
    ),
    "millilitres of capsules": Way(having(supply={"quantity": {"value": "45", "unit": "mL"}}), status="held", rules="R31"),
    "an opioid three days ago": Way(
        having(opioid__recent="yes", opioid__recent_drug="oxycodone", opioid__recent_last_dose="2026-02-27"), status="held", rules="R1"
    ),
    "an unknown opioid answer": Way(having(opioid__recent="unknown"), status="held", rules="R1"),
}

BLOCKED = {
    "4.5 mg four times a day": Way(steady("4.5", "540", steps__0__when=MOMENTS), status="received", rules="R10 R28"),
    "4.5 mg three times a day": Way(steady("4.5", "405", steps__0__when=MOMENTS[:3]), status="received", rules="R10 R28"),
    "15 for 1.5": Way(steady("15", "450", therapy=NAIVE), status="received", rules="R10"),
    "12.5 for 1.25": Way(steady("12.5", "375", therapy=NAIVE), status="received", rules="R10"),
    "24.999": Way(steady("24.999", "749.97"), status="received", rules="R10"),
    "10 for 1, at the start": Way(steady("10", "300", therapy=NAIVE), status="received", rules="R9"),
    "5 for 0.5, at the start": Way(steady("5", "150", therapy=NAIVE), status="received", rules="R9"),
    "10 for the 1 that is taken": Way(steady("10", "300", therapy__present_dose="1"), status="received", rules="R21"),
    "5 for 0.5 within a climb": Way(course(("0.25", 10), ("5", 10), ("0.75", 10), total="60", therapy=NAIVE), status="received", rules="R21"),
    "0.45 for 4.5": Way(steady("0.45", "13.5"), status="received", rules="R21"),
    "450 micrograms for 4.5 mg": Way(steady("450", "13.5", steps__0__unit="mcg"), status="received", rules="R21"),
    "0.045": Way(steady("0.045", "1.35", therapy=NAIVE), status="received", rules="R7"),
    "4.5 for who takes 45": Way(having(therapy__present_dose="45"), status="received", rules="R21"),
    "4.5 for who takes 45 micrograms": Way(having(therapy__present_dose="45", therapy__unit="mcg"), status="received", rules="R21"),
    "written tomorrow": Way(having(written_on="2026-03-03"), status="received", rules="R27"),
    "written long ago": Way(having(written_on="2025-02-01"), status="received", rules="R27"),
    "a child": Way(having(patient__birth_date="2015-05-05", patient__weight_kg="30"), status="received", rules="R25"),
    "again, with another dose": Way(having(), status="received", rules="R30", before=TENFOLD),
    "again, with another dose and birthday": Way(having(patient__birth_date="1970-05-06"), status="received", rules="R30", before=TENFOLD),
    "again, without the opioid": Way(
        having(), status="received", rules="R30", before=having(opioid__recent="yes", opioid__recent_drug="oxycodone", opioid__recent_last_dose="2026-03-01")
    ),
}


def _renamed(spell: Callable[[str], str]) -> Change:
    def change(body: Json) -> Json:
        body["patient"]["name"] = spell(body["patient"]["name"])
        return body

    return change


# The same person by another spelling of the name is known again: case and blanks.
RENAMED = {
    f"again, as {name}": Way(_renamed(spell), status="received", rules="R30", before=TENFOLD)
    for name, spell in {
        "CAPITALS": str.upper,
        "small letters": str.lower,
        "two blanks": lambda name: name.replace(" ", "  ", 1),
        "an unbroken blank": lambda name: name.replace(" ", "\u00a0", 1),
    }.items()
}
