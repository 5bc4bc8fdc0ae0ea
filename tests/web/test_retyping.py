"""The accept form asks for each dose again, in an empty box, and says which one differs."""

from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.prescription import Form
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import Page

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def fill(shop: Demonstration) -> None:
    shop.bring(order("Ann Newcomer", doses=(("1.5", 14), ("3", 14)), form=Form.ORAL_LIQUID), to="received")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("retyping") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "maria")


def address(visitor: Visitor) -> str:
    return next(link for element in visitor.read("/").root.iter("a") if (link := element.get("href", "")).startswith("/prescriptions/") and "new" not in link)


def accept(visitor: Visitor, **doses: str) -> Page:
    where = address(visitor)
    seen = {field.get("name", ""): "seen" for field in visitor.read(where).root.iter("input") if field.get("value") == "seen"}
    return visitor.send(f"{where}/accept", {**seen, **{name.replace("_", "."): dose for name, dose in doses.items()}})


def test_each_dose_has_an_empty_box_that_names_its_step(maria: Visitor) -> None:
    page = maria.read(address(maria))
    assert "Dose of step 1, from the original, in mg" in page.text
    assert "Dose of step 2, from the original, in mg" in page.text
    assert (page.value("retyped.0"), page.value("retyped.1"), page.named("retyped.2")) == ("", "", [])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Type the dose again, from the original, in mg."),
        ("30", "The order says otherwise. Look at the original again."),
        ("3.0", "Type the dose again, from the original, such as"),
    ],
)
def test_a_dose_that_is_missing_or_another_or_no_dose_is_said_beside_its_box_and_nothing_is_accepted(maria: Visitor, typed: str, message: str) -> None:
    answer = accept(maria, retyped_0="1.5", retyped_1=typed)
    assert answer.status == 422
    assert message in answer.message("retyped.1")
    assert answer.message("retyped.0") == ""
    assert "Accept the order" in maria.read(address(maria)).text


def test_the_doses_of_the_original_accept_the_order(maria: Visitor) -> None:
    assert accept(maria, retyped_0="1.5", retyped_1="3").status == 303
