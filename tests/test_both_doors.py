"""One order through the web form and through the API: the same rows, and the same refusals with nothing stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, json
from sqlalchemy import URL, func, select
from werkzeug.test import TestResponse

from compounding.db.document import encode, sha256
from compounding.db.formulas import PolicyRow
from compounding.db.people import PersonRow
from compounding.db.prescriptions import FindingRow, PatientRow, PrescriptionRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.people import Role, system_actor
from compounding.domain.policy import Policy
from compounding.workflow.act import Act, Pharmacy
from compounding.workflow.clients import add_client
from tests.api.orders import NPI, changed, titration, without
from tests.application import application, settings_of
from tests.conftest import Clock
from tests.web.conftest import Visitor

API, FORM = "/api/v1/prescriptions", "/prescriptions/new"
PASSWORD = "correct horse battery"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # what is verified is told by the hash itself
_keys = count(1)
DIFFERS = {"id", "number", "literal", "client_id", "received_at"}  # who sent it, as what, when, and our own numbers
Sent = dict[str, Any]


@dataclass(frozen=True)
class Doors:
    """The two ways in: a technician at the form, and a prescriber's system."""

    app: Flask
    visitor: Visitor
    token: str

    @property
    def pharmacy(self) -> Pharmacy:
        found: Pharmacy = self.app.extensions["pharmacy"]
        return found

    def by_form(self, order: Sent) -> TestResponse:
        token = self.visitor.read(FORM).value("csrf_token")
        return self.visitor.client.post(FORM, data={**typed(order), "csrf_token": token})

    def by_api(self, order: Sent | str) -> TestResponse:
        body = order if isinstance(order, str) else json.dumps(order)
        named = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"key-{next(_keys)}", "Content-Type": "application/json"}
        return self.app.test_client().post(API, data=body, headers=named)

    def rows(self, kind: type[PrescriptionRow | FindingRow | PatientRow]) -> list[dict[str, object]]:
        with reading(self.pharmacy.engine) as session:
            return [{column.key: getattr(row, column.key) for column in kind.__table__.columns} for row in session.scalars(select(kind))]

    def count(self, kind: type[PrescriptionRow | PatientRow]) -> int:
        with reading(self.pharmacy.engine) as session:
            return session.scalars(select(func.count()).select_from(kind)).one()


@pytest.fixture
def doors(database: URL, tmp_path: Path, clock: Clock) -> Iterator[Doors]:
    app = application(settings_of(database, tmp_path, is_demonstration=True), clock)
    pharmacy: Pharmacy = app.extensions["pharmacy"]
    pharmacy.perform(ActName.PHARMACY_SEED, system_actor("seed"), _staff)
    _, token = pharmacy.perform(ActName.CLIENT_ADD, system_actor("command line"), lambda act: add_client(act, "Harbour Clinic", [NPI]))
    visitor = Visitor(app.test_client())
    assert visitor.sign_in("tess", PASSWORD).status == 302
    yield Doors(app, visitor, token)
    pharmacy.engine.dispose()


def _staff(act: Act) -> None:
    text = encode(Policy())
    act.session.add(PolicyRow(version=1, document=text, sha256=sha256(text), approved_at=act.at))
    secrets = {"password_hash": _CHEAP.hash(PASSWORD), "pin_hash": _CHEAP.hash("271828")}
    person = PersonRow(username="tess", name="Tess Technician", initials="TT", role=Role.TECHNICIAN, licence="T 1", active=True, created_at=act.at, **secrets)
    act.session.add(person)


def typed(value: object, path: str = "") -> dict[str, str | list[str]]:
    """What somebody types into the form for the order that the API is sent: a list one entry a line, a date in its three boxes."""
    match value:
        case dict():
            return _merged((below, f"{path}.{name}" if path else name) for name, below in value.items())
        case list() if all(isinstance(entry, str) for entry in value):
            return {f"{path}[]": value if path.endswith(".when") else "\r\n".join(value)}
        case list():
            return _merged((row, f"{path}.{number}") for number, row in enumerate(value))
        case _ if path.endswith(("_on", "_date", "last_taken", "recent_last_dose", "first_day", "last_day")):
            year, month, day = str(value).split("-")
            return {f"{path}.year": year, f"{path}.month": str(int(month)), f"{path}.day": str(int(day))}
        case _:
            return {path: str(value).lower() if isinstance(value, bool) else str(value)}


def _merged(parts: Iterable[tuple[object, str]]) -> dict[str, str | list[str]]:
    return {name: text for value, path in parts for name, text in typed(value, path).items()}


def order(*doses: tuple[str, int], **changes: object) -> Sent:
    """The titration with other steps (mg and days at bedtime) and other fields."""
    steps = [{"dose": dose, "unit": "mg", "when": ["bedtime"], "days": days} for dose, days in doses]
    return {**plain(), "steps": steps, "supply": {"days": sum(days for _, days in doses)}, **changes}


def plain() -> Sent:
    """1.5, 3 and 4.5 mg, with everything said that a form asks for."""
    sent = titration()
    sent["route"] = "oral"
    for step in sent["steps"]:
        step.pop("times_per_day", None)  # the form does not ask for it
    return sent


OPIOID = {"depot": "no", "surgery": "yes", "surgery_date": "2026-03-20", "answered_by": "the patient", "asked_by": "Tess"}
SUBOXONE = {**OPIOID, "recent": "yes", "recent_drug": "Suboxone film", "recent_last_dose": "2026-02-25"}
CAPSULES = {"form": "capsule", "strength": {"value": "4.5", "unit": "mg"}}
CONTINUING = {"status": "continuing", "present_dose": "4.5", "unit": "mg", "last_taken": "2026-03-01"}
GP = [(str(week / 4).removesuffix(".0"), 7) for week in range(1, 19)]
SAME = {
    "a titration": (plain(), "received", set()),
    "capsules": (order(("4.5", 30), **CAPSULES, therapy=CONTINUING), "received", set()),
    "the GP's eighteen weeks": (order(*GP, form="oral_drops", strength={"value": "5", "unit": "mg/mL"}), "received", set()),
    "a titration in words and dates": (
        {
            **plain(),
            "directions": "1.5 mg at bedtime for 14 days,\nthen 3 mg for 14 days, then 4.5 mg for 14 days",
            "dates": [{"first_day": "2026-03-02", "last_day": "2026-04-12"}],
        },
        "received",
        set(),
    ),
    "words that say another dose": ({**plain(), "directions": "4.5 mg at bedtime for 42 days"}, "held", {"R31"}),
    "words that cannot be read": ({**plain(), "directions": "1.5 mg as directed"}, "received", {"R31"}),
    "45 mg a day": (order(("45", 30)), "declined", {"R11", "R12"}),
    "a film five days ago": (order(("4.5", 30), opioid=SUBOXONE), "held", {"R1", "R12", "R15"}),
    "micrograms": (
        {**order(("4.5", 30)), "steps": [{"dose": "4.5", "unit": "mcg", "when": ["morning", "bedtime"], "days": 30}]},
        "declined",
        {"R7"},
    ),
    "much to ask": (
        order(
            ("6", 30),
            patient={**plain()["patient"], "pregnancy": "planning", "conditions": ["E10.9", "Hashimoto"], "medicines": ["tramadol", "insulin"]},
            indication={"code": "M79.7", "words": "fibromyalgia", "on_label": False},
        ),
        "held",
        {"R2", "R5", "R9", "R12", "R13", "R14", "R19"},
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_one_order_gives_the_same_rows_through_either_door(doors: Doors, name: str) -> None:
    sent, status, rules = SAME[name]
    by_form, by_api = doors.by_form(sent), doors.by_api(sent)
    assert (by_form.status_code, by_api.status_code) == (302, 201)

    first, second = sorted(doors.rows(PrescriptionRow), key=lambda row: str(row["number"]))
    assert {key: value for key, value in first.items() if key not in DIFFERS} == {key: value for key, value in second.items() if key not in DIFFERS}
    assert (first["status"], first["sha256"]) == (status, sha256(str(second["document"])))
    assert (first["client_id"], second["client_id"] is None) == (None, False)
    assert first["patient_id"] == second["patient_id"]
    assert doors.count(PatientRow) == 1

    found = [_findings(doors, row["id"]) for row in (first, second)]
    assert found[0] == found[1]
    assert {rule for rule, *_ in found[0]} == rules


def _findings(doors: Doors, prescription_id: object) -> list[tuple[object, ...]]:
    names = ("rule", "stage", "action", "sentence", "source", "facts_sha256", "not_before", "fill_id")
    rows = [row for row in doors.rows(FindingRow) if row["prescription_id"] == prescription_id]
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


REFUSED = {
    **{f"a dose of {dose}": (changed("steps.0.dose", dose), "steps.0.dose") for dose in ("4,5", ".5", "5.0", "1_0", "٤.٥")},
    "no opioid answer": (without("opioid.recent"), "opioid.recent"),
    "an unknown field": (changed("patient.nickname", "Addy"), "patient.nickname"),
    "a name that turns round": (changed("patient.name", "Ann \N{RIGHT-TO-LEFT OVERRIDE}51"), "patient.name"),
    **{f"{field} in Chinese": (changed(field, "王小明"), field) for field in ("patient.name", "prescriber.name", "indication.words")},
    "no supply": (without("supply"), "supply"),
}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_malformed_is_refused_by_its_field_at_either_door_and_nothing_is_stored(doors: Doors, name: str) -> None:
    sent, field = REFUSED[name]
    sent["steps"][0].pop("times_per_day", None)
    by_api, by_form = doors.by_api(sent), doors.by_form(sent)

    assert (by_api.status_code, by_form.status_code) == (422, 422)
    errors = {item["field"]: item["message"] for item in by_api.get_json()["errors"]}
    assert list(errors) == [field]
    assert errors[field]
    page = by_form.get_data(as_text=True)
    assert f'id="{field}-error"' in page or f'href="#{field}"' in page
    assert (doors.count(PrescriptionRow), doors.count(PatientRow)) == (0, 0)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (json.dumps(changed("steps.0.dose", "HERE")).replace('"HERE"', "4.5"), 422, "steps.0.dose"),
        (json.dumps(changed("steps.0.dose", "HERE")).replace('"dose": "HERE"', '"dose": "4.5", "dose": "45"'), 400, "steps.0.dose"),
        ("{'form': 'capsule'}", 400, None),
    ],
    ids=["a JSON number", "a key twice", "no JSON"],
)
def test_what_only_json_can_get_wrong_is_refused_and_nothing_is_stored(doors: Doors, body: str, status: int, field: str | None) -> None:
    answer = doors.by_api(body)
    assert answer.status_code == status
    assert {item["field"] for item in answer.get_json().get("errors", [])} - {""} == ({field} if field else set())
    assert doors.count(PrescriptionRow) == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_stopped_order_that_comes_again_through_the_other_door_is_seen(doors: Doors) -> None:
    doors.by_api(SAME["a film five days ago"][0])
    doors.by_form(order(("4.5", 30)))
    (again,) = [row for row in doors.rows(FindingRow) if row["rule"] == "R30"]
    assert "Suboxone film" in str(again["sentence"])
    assert "now no" in str(again["sentence"])
