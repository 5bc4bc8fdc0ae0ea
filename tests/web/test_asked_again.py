"""The page of a held order asks the opioid question again, and leads on to the order that takes its place."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.prescription import Answer
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import Page

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ANSWERED = {"opioid.recent": "no", "opioid.depot": "no", "opioid.surgery": "no", "opioid.answered_by": "the patient", "opioid.asked_by": "Linh Tran"}


def fill(shop: Demonstration) -> None:
    known = order("Uma Unanswered")
    shop.bring(replace(known, opioid=replace(known.opioid, recent=Answer.UNKNOWN)), to="received")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("asked") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def address(visitor: Visitor) -> str:
    return next(link for element in visitor.read("/").root.iter("a") if (link := element.get("href", "")).startswith("/prescriptions/") and "new" not in link)


def forms(page: Page) -> list[str]:
    return [form.get("action", "").rpartition("/")[2] for form in page.root.iter("form")]


def test_the_question_stands_below_the_findings_with_no_answer_chosen(linh: Visitor) -> None:
    page = linh.read(address(linh))
    assert page.text.index("The opioid question is not answered") < page.text.index("The opioid question, asked again")
    assert [page.value(name) for name in ANSWERED] == ["", "", "", "", "Linh Tran"]


def test_the_answer_of_a_technician_leads_to_the_new_order_and_closes_the_old_one(linh: Visitor) -> None:
    held = address(linh)
    answer = linh.send(f"{held}/ask-again", ANSWERED)
    assert answer.status == 303
    new = linh.read(answer.headers["Location"])
    assert answer.headers["Location"] != held
    assert "For: pharmacist, pharmacist in charge." in new.text  # who accepts it
    assert "ask-again" not in forms(new)
    assert not {"accept", "ask-again"} & set(forms(linh.read(held)))
    assert linh.send(f"{held}/ask-again", ANSWERED).status == 409


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(linh: Visitor) -> None:
    answer = linh.send(f"{address(linh)}/ask-again", {**ANSWERED, "opioid.recent": "yes", "opioid.recent_drug": "oxycodone", "opioid.answered_by": ""})
    assert answer.status == 422
    assert "Write the day of its last dose." in answer.message("opioid.recent_last_dose")
    assert "Write who answered" in answer.message("opioid.answered_by")
    assert answer.value("opioid.recent_drug") == "oxycodone"
