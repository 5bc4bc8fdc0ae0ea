"""A course is worked out for somebody who has no prescription here: the numbers of the tables, the reasons, and nothing of the stock."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, json
from sqlalchemy import URL, func, select
from werkzeug.test import TestResponse

from compounding.db import migrate
from compounding.db.audit import AuditRow, ReadRow
from compounding.db.batches import PlanRow
from compounding.db.inventory import LotRow
from compounding.db.session import make_engine, reading
from compounding.domain.plan import Choices, Sketch
from compounding.domain.planner import sketch_plan
from compounding.domain.policy import Policy
from compounding.domain.prescription import Regimen
from compounding.workflow import seed, sketches
from compounding.workflow.act import Pharmacy
from compounding.workflow.proof import Disagreement
from tests.api.conftest import System, system
from tests.api.orders import NPI
from tests.application import application, settings_of
from tests.conftest import Clock
from tests.keys import VAULT

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PLANS = "/api/v1/plans"
OPENED = [1, 15, 29, 43, 57, 71, 85, 99, 111, 122]  # the published course of drops: the days on which its bottles are opened


@pytest.fixture(scope="module")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration pharmacy, with its formulas, instruments and stock, made once."""
    path = tmp_path_factory.mktemp("plans") / "template.db"
    engine = make_engine(f"sqlite:///{path}", vault=VAULT)
    migrate.upgrade(engine)
    seed.demonstration(Pharmacy(engine=engine, clock=Clock(), zone=ZoneInfo("America/Los_Angeles")))
    engine.dispose()
    return path


@pytest.fixture
def app(database: URL, clock: Clock, tmp_path: Path) -> Iterator[Flask]:
    app = application(settings_of(database, tmp_path), clock)
    yield app
    app.extensions["pharmacy"].engine.dispose()


@pytest.fixture
def clinic(app: Flask) -> System:
    return system(app, "Harbour Clinic", NPI)


def ask(clinic: System, question: Mapping[str, object]) -> TestResponse:
    return clinic.client.post(PLANS, data=json.dumps(question), headers={**clinic.bearer, "Content-Type": "application/json"})


def course(*steps: tuple[str, int], **more: object) -> dict[str, object]:
    rows = [{"dose": dose, "unit": "mg", "when": ["bedtime"], "days": days} for dose, days in steps]
    return {"form": "oral_liquid", "steps": rows, **more}


def told(clinic: System, question: Mapping[str, object]) -> dict[str, Any]:
    answer = ask(clinic, question)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def examples(clinic: System) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each example of the published document: what is asked, and what is told."""
    post = clinic.client.get("/api/openapi.json").get_json()["paths"][PLANS]["post"]
    asked = post["requestBody"]["content"]["application/json"]["examples"]
    answered = post["responses"]["200"]["content"]["application/json"]["examples"]
    assert set(asked) == set(answered) == {"titration", "drops", "capsules"}
    return {name: (asked[name]["value"], answered[name]["value"]) for name in asked}


@pytest.mark.parametrize("name", ["titration", "drops", "capsules"])
def test_the_examples_of_the_document_give_the_very_numbers_that_it_shows(clinic: System, name: str) -> None:
    question, shown = examples(clinic)[name]
    answer = told(clinic, question)
    assert {key: answer[key] for key in shown} == shown


def test_the_course_of_the_guide_is_taken_as_it_stands_and_gives_what_it_says(clinic: System) -> None:
    guide = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    (question,) = re.findall(r"api/v1/plans.*?--data '(.*?)'", guide, re.DOTALL)
    answer = told(clinic, json.loads(question))
    assert (answer["prescribed"]["text"], answer["tablets"], answer["left"]["text"]) == ("126 mg", 3, "24 mg")
    assert [fill["last_day"] for fill in answer["fills"]] == [35, 42]


def test_the_titration_takes_what_the_table_says(clinic: System) -> None:
    answer = told(clinic, examples(clinic)["titration"][0])
    assert (answer["prescribed"]["exact"], answer["tablets"], answer["left"]["exact"]) == ("126", 3, "24")
    assert [step["measured"]["text"] for step in answer["steps"]] == ["1.5 mL", "3 mL", "4.5 mL"]
    assert {step["rounding"]["exact"] for step in answer["steps"]} == {"0"}
    assert [(fill["first_day"], fill["last_day"], fill["tablets"]) for fill in answer["fills"]] == [(1, 35, 2), (36, 42, 1)]
    assert sum(Fraction(fill["used"]["exact"]) for fill in answer["fills"]) == 126
    assert [fill["beyond_use"]["until"] for fill in answer["fills"]] == ["2026-04-05", "2026-05-10"]


def test_the_published_course_of_drops_takes_ten_bottles_as_the_table_says(clinic: System) -> None:
    answer = told(clinic, examples(clinic)["drops"][0])
    assert [step["drops"] for step in answer["steps"]] == list(range(1, 19))
    assert answer["steps"][-1]["measured"] == {"exact": "9/10", "unit": "mL", "text": "0.9 mL"}
    assert [fill["first_day"] for fill in answer["fills"]] == OPENED
    assert sum(step["drops"] * 7 for step in answer["steps"]) == 1197
    assert sum(Fraction(fill["used"]["exact"]) for fill in answer["fills"]) == Fraction("59.85")
    assert (answer["tablets"], answer["left"]["text"]) == (10, "200.75 mg")


def test_every_number_says_its_rule_its_inputs_and_its_source(clinic: System) -> None:
    answer = told(clinic, course(("4.5", 14), formula="L1", device="syringe-5-by-0.2"))
    workings = {working["key"]: working for working in answer["workings"]}
    amount = workings["step.1.amount"]
    assert (amount["exact"], amount["unit"], amount["shown"]) == ("9/2", "mL", "4.6 mL (+2.22 %)")
    assert {"name": "Strength", "value": "1 mg/mL"} in amount["inputs"]
    assert answer["steps"][0]["rounding"] == {"exact": "1/45", "text": "+2.22 %"}
    assert all(working["rule"] and working["source"] and working["inputs"] for working in answer["workings"])
    assert {"rounding_1"} <= {notice["code"] for notice in answer["notices"]}


def test_the_pharmacy_chooses_and_says_why_each_other_way_lost(clinic: System) -> None:
    answer = told(clinic, course(("1.5", 14), ("3", 14), ("4.5", 14)))
    assert (answer["chosen"]["strength"], answer["chosen"]["device"]) == ("1 mg/mL", "syringe-5-by-0.1")
    reasons = {(other["formula"], other["device"]): other["why_not"] for other in answer["alternatives"]}
    assert ("L1", "syringe-5-by-0.1") not in reasons
    assert reasons["L1-1.5", "syringe-3-by-0.1"] == "174 mg of naltrexone would be crushed and never taken, instead of 24 mg"
    assert reasons["L1", "syringe-3-by-0.1"] == "impractical: 4.5 mL is more than the 3 mL syringe by 0.1 mL holds, 2 draws a dose"
    assert reasons["L1", "syringe-5-by-0.2"] == "a dose is rounded by up to 6.67 % instead of 0 %"
    assert all(reasons.values())


def test_each_other_way_tells_what_it_would_take_and_how_far_off_a_dose_could_lie(clinic: System) -> None:
    others = {(other["formula"], other["device"]): other for other in told(clinic, course(("1.5", 14), ("3", 14), ("4.5", 14)))["alternatives"]}
    wasteful = others["L1-1.5", "syringe-3-by-0.1"]
    assert (wasteful["left"]["text"], wasteful["tablets"], wasteful["containers"], wasteful["remakes"]) == ("174 mg", 6, 2, 0)
    assert (wasteful["container"], wasteful["container_why"]) == (
        "bottle-60-ml",
        "the smallest that takes the course in 2; the usual one (amber bottle of 120 mL) would take as many",
    )
    assert (wasteful["rounding"]["text"], wasteful["farthest"]["text"]) == ("0 %", "+6.5 %")
    assert [others["L1", f"syringe-{syringe}"]["practical"] for syringe in ("3-by-0.1", "5-by-0.2")] == [False, True]
    refused = others["L2", "syringe-5-by-0.2"]
    assert (refused["usable"], refused["practical"]) == (False, False)
    assert refused.keys().isdisjoint({"left", "tablets", "containers", "remakes", "farthest"})


def test_a_month_is_planned_in_the_bottle_that_it_needs_unless_another_is_asked_for(clinic: System) -> None:
    """G15: 135 mL at 1 mg/mL."""
    wanted = told(clinic, course(("4.5", 30), formula="L1"))
    assert (wanted["chosen"]["container"], len(wanted["fills"])) == ("bottle-180-ml", 1)
    overfilled = told(clinic, course(("4.5", 30), formula="L1", overfill="50"))
    assert (overfilled["chosen"]["container"], len(overfilled["fills"])) == ("bottle-240-ml", 1)
    asked = told(clinic, course(("4.5", 30), formula="L1", container="bottle-120-ml"))
    assert (asked["chosen"]["container"], len(asked["fills"])) == ("bottle-120-ml", 2)


def test_a_prescribed_strength_leaves_no_other(clinic: System) -> None:
    answer = told(clinic, course(("1.5", 14), ("3", 14), strength={"value": "1", "unit": "mg/mL"}))
    assert {answer["chosen"]["strength"], *(other["strength"] for other in answer["alternatives"])} == {"1 mg/mL"}


def test_capsules_are_counted_and_not_measured(clinic: System) -> None:
    answer = told(clinic, course(("1.5", 14), ("3", 14), ("4.5", 14), form="capsule", formula="C1.5", overage=2))
    assert [step["capsules"] for step in answer["steps"]] == [1, 2, 3]
    assert all("measured" not in step for step in answer["steps"])
    (only,) = answer["fills"]
    assert (only["used"]["text"], only["made"]["text"], only["tablets"]) == ("84 capsules", "86 capsules", 3)


def test_the_first_dose_and_the_lead_days_move_every_date(clinic: System, clock: Clock) -> None:
    starts_on = clock.moment.date() + timedelta(days=7)
    answer = told(clinic, course(("3", 14), ("4.5", 35), formula="L1", device="syringe-5-by-0.1", starts_on=starts_on.isoformat(), lead_days=2))
    first = answer["fills"][0]
    assert (first["make_by"], first["opens_on"], first["beyond_use"]["until"]) == ("2026-03-07", "2026-03-09", "2026-04-10")
    assert all(fill["closes_on"] <= fill["beyond_use"]["until"] for fill in answer["fills"])


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        (course(("45", 14)), 422, "dose-not-low"),
        (course(("4.5", 14), formula="L9"), 422, "choices"),
        (course(("4.5", 14), container="vial-120-capsules"), 422, "choices"),
        (course(("0.01", 14), formula="L1", device="syringe-5-by-0.1"), 422, "below-first-mark"),
        (course(("0.25", 14), formula="L1", device="syringe-5-by-0.1"), 422, "rounding"),
        (course(("1.25", 14), form="capsule"), 422, "no-way"),
        (course(("4.5", 14), formula="L5", storage="room temperature"), 422, "storage"),
        (course(("4.5", 14), starts_on="2026-03-01"), 422, "starts-on"),
        (course(("4.5", 14), lead_days=1), 422, "lead-days"),
        (course(("4.5", 200), ("3", 200)), 422, "not-readable"),
        (course(("4.5", 14), strength={"value": "1.5", "unit": "mg"}), 422, "not-readable"),
        (course(("4.50", 14)), 422, "not-readable"),
        (course(("4.5", 14), patient={"name": "Ada Example"}), 422, "not-readable"),
    ],
)
def test_what_cannot_be_made_or_read_is_a_problem_with_one_sentence(clinic: System, question: dict[str, object], status: int, code: str) -> None:
    answer = ask(clinic, question)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.get_json()
    assert (problem["code"], bool(problem["detail"])) == (code, True)


def test_drops_wait_for_a_calibration_that_still_holds(clinic: System, clock: Clock) -> None:
    clock.pass_days(181)
    answer = ask(clinic, course(("0.25", 7), form="oral_drops", formula="L5", device="dropper-20"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "calibration")


def test_without_a_token_nothing_is_worked_out(clinic: System) -> None:
    answer = clinic.client.post(PLANS, json=course(("4.5", 14)))
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_asking_keeps_nothing(clinic: System, app: Flask) -> None:
    def kept() -> list[int]:
        with reading(app.extensions["pharmacy"].engine) as session:
            return [session.scalars(select(func.count()).select_from(kind)).one() for kind in (AuditRow, ReadRow, PlanRow)]

    told(clinic, course(("4.5", 14)))  # the day on which a token was used is kept once
    before = kept()
    assert told(clinic, course(("4.5", 14))) == told(clinic, course(("4.5", 14)))
    assert kept() == before


def test_nothing_of_the_stock_or_its_prices_is_told(clinic: System, app: Flask) -> None:
    with reading(app.extensions["pharmacy"].engine) as session:
        lots = [(row.lot_number, row.id) for row in session.scalars(select(LotRow))]
    text = json.dumps(told(clinic, course(("4.5", 14), formula="L1", device="syringe-5-by-0.1")))
    assert lots
    assert not [number for number, lot_id in lots if number in text or str(lot_id) in text]
    assert '"until": "2026-04-05"' in text
    assert not {word for word in ("lot_number", "lot_id", "balance", "price", "invoice", "cost") if word in text}


def test_a_course_is_worked_out_though_the_house_has_not_so_many_tablets(clinic: System, app: Flask) -> None:
    with reading(app.extensions["pharmacy"].engine) as session:
        at_hand = session.scalars(select(func.sum(LotRow.balance)).where(LotRow.lot_number.in_(["SUN2201", "ACC7710"]))).one()
    answer = told(clinic, course(("9", 200), formula="L1", device="syringe-10-by-0.2", container="bottle-10-ml"))
    assert answer["tablets"] == len(answer["fills"]) == 200 > at_hand > 0


def test_the_second_pharmacist_stops_a_sketch_that_differs(clinic: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def careless(regimen: Regimen, choices: Choices, *, today: date, policy: Policy) -> Sketch:
        right = sketch_plan(regimen, choices, today=today, policy=policy).course
        return Sketch(replace(right, taken=right.taken * 2))

    monkeypatch.setattr(sketches, "sketch_plan", careless)
    answer = ask(clinic, course(("4.5", 14), formula="L1", device="syringe-5-by-0.1"))
    assert (answer.status_code, answer.get_json()["code"], "steps" in answer.get_json()) == (500, "defect", False)
    (logged,) = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert isinstance(logged, Disagreement)
    assert "126 mg are not what 630 marks hold" in str(logged)
