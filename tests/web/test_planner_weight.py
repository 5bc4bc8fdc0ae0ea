"""A page stays under 100 kB, also with eighteen steps and ten containers, and says no less for it."""

from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import words
from tests.web.test_planner import ALL_DAY, opened, plan, ready

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("weight") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


@pytest.mark.parametrize(
    ("form", "chosen", "containers"),
    [
        ("oral_drops", {}, 10),
        ("oral_liquid", {}, 4),
        ("oral_liquid", {"formula": "L2", "device": "syringe-1-by-0.01", "storage": "room temperature", "container": "bottle-10-ml"}, 7),
    ],
)
def test_eighteen_steps_are_a_page_of_less_than_100_kb_and_every_number_still_says_why(
    linh: Visitor, form: str, chosen: dict[str, str], containers: int
) -> None:
    page = opened(linh, ready("quarters", form, **chosen))
    assert len(page.html.encode()) < 100_000
    reasons = [words(reason) for reason in page.with_id("plan").iter("details") if reason.get("class") == "why"]
    assert len(reasons) == 1 + 18 + 6 * containers
    assert all(" why Rule " in reason and " Source " in reason for reason in reasons)
    assert sum("Exactly" in reason for reason in reasons) == len(reasons)


def test_two_doses_a_day_are_as_light(linh: Visitor) -> None:
    fields = {name: ALL_DAY[:2] if name.endswith("when[]") else text for name, text in ready("quarters", "oral_liquid", formula="L2").items()}
    assert len(opened(linh, fields).html.encode()) < 100_000


def test_a_course_in_capsules_shows_one_strength_against_several_on_the_planner_too(linh: Visitor) -> None:
    page = opened(linh, ready("three", "capsule"))
    assert "One strength or several: the ways to take it in capsules" in plan(page)
    table = next(found for found in page.root.iter("table") if words(next(found.iter("caption"))) == "Ways to take this course in capsules")
    one = next(row for row in ([words(cell) for cell in row] for row in table.iter("tr")) if row[0] == "1.5 mg one strength")
    assert one[1:4] == ["1.5 mg: 1 x 1.5 mg ; 3 mg: 2 x 1.5 mg ; 4.5 mg: 3 x 1.5 mg", "84", "1"]
    assert "ways to take it in capsules" not in plan(opened(linh, ready("three", "oral_liquid")))
