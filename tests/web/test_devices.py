"""Devices: what is measured with, and the drops of a dropper, counted for one liquid and good until a day."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Shop, furnished
from tests.web.reading import words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

COUNTED = {
    "name": "dropper lot D7", "formula": "L5",
    "counts.0.drops": "37", "counts.0.volume": "2.00", "counts.1.drops": "36", "counts.1.volume": "2.00", "counts.2.drops": "38", "counts.2.volume": "2.00",
    "counts.3.drops": "", "counts.3.volume": "", "counts.4.drops": "", "counts.4.volume": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("devices") / "template.db")


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    """A technician."""
    return shop.visit(app, "linh")


def droppers(visitor: Visitor) -> list[list[str]]:
    found = [[words(cell) for cell in (*row.iter("th"), *row.iter("td"))] for row in visitor.read("/devices").root.iter("tr")]
    return [cells for cells in found if len(cells) == 8 and "drop" in cells[3]]


def test_the_devices_stand_with_their_marks_and_counts(linh: Visitor) -> None:
    assert droppers(linh) == [
        [
            "dropper of 20 drops/mL", "L5", "✓ available", "40 drops to 2 mL, 40 drops to 2 mL, 40 drops to 2 mL",
            "20", "0 %", "2 March 2026 , demonstration", "29 August 2026",
        ],
    ]  # fmt: skip
    page = linh.read("/devices")
    assert "balance by 0.1 mg 0.1 2" in page.text
    assert "5 mL syringe by 0.2 mL 5 0.2" in page.text


def test_a_new_dropper_is_counted_three_times(linh: Visitor) -> None:
    assert linh.send("/devices/droppers", COUNTED).status == 303

    assert [
        "dropper lot D7", "L5", "✓ available", "37 drops to 2 mL, 36 drops to 2 mL, 38 drops to 2 mL",
        "18.5", "2.7 %", "2 March 2026 , Linh Tran", "29 August 2026",
    ] in droppers(linh)  # fmt: skip


def test_a_count_anew_takes_the_place_of_the_last_which_stays_to_be_read(linh: Visitor, clock: Clock) -> None:
    clock.pass_days(181)
    assert [cells[2] for cells in droppers(linh)] == ["■ expired count again"]
    assert linh.send("/devices/droppers", {**COUNTED, "name": "Dropper of 20 drops/mL"}).status == 303

    assert [(cells[0], cells[2], cells[4]) for cells in droppers(linh)] == [
        ("dropper of 20 drops/mL", "✓ available", "18.5"),
        ("dropper of 20 drops/mL", "counted anew since", "20"),
    ]


@pytest.mark.parametrize(
    ("field", "typed", "beside", "message"),
    [
        ("name", "", "name", "Write the name of the dropper"),
        ("formula", "", "formula", "Choose the liquid"),
        ("formula", "C4.5", "formula", "Choose a liquid from the list."),
        ("counts.2.drops", "", "counts.2.drops", "Count 20 drops or more"),
        ("counts.1.drops", "19", "counts.1.drops", "19 is out of range"),
        ("counts.1.volume", "2,0", "counts.1.volume", "as the instrument shows it"),
        ("counts.1.volume", "20.0", "counts", "Count 2, 36 drops to 20 mL: a dropper gives 10 to 60 drops in a mL."),
        ("counts.1.volume", "1.60", "counts", "The counts spread by an RSD of 10.9 %, more than 5 %."),
    ],
)
def test_a_count_that_cannot_be_is_refused_beside_its_field(linh: Visitor, field: str, typed: str, beside: str, message: str) -> None:
    page = linh.send("/devices/droppers", {**COUNTED, field: typed})

    assert page.status == 422
    assert message in page.message(beside)
    assert page.value("counts.0.drops") == "37"
    assert len(droppers(linh)) == 1


def test_two_counts_are_too_few(linh: Visitor) -> None:
    page = linh.send("/devices/droppers", {**COUNTED, "counts.2.drops": "", "counts.2.volume": ""})

    assert page.status == 422
    assert "2 counts: count the drops to a measured volume 3 times or more." in page.message("counts")
