"""The batch on a tablet at the bench: one line after another, limits in words, a pharmacist for what lies between, timers that the server keeps."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from compounding.domain.gs1 import gtin_of_ndc
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import batches

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SUN = gtin_of_ndc("47335-326-08")


def fill(shop: Demonstration) -> None:
    shop.bring(order("Ann Bench-Wolfeschlegelsteinhausenbergerdorff"), to="in process")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("bench") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def own(visitor: Visitor) -> str:
    return batches(visitor.read("/batches"))[0]


def test_lines_are_taken_one_after_another_and_what_lies_between_the_limits_takes_a_pharmacist(shop: Shop, linh: Visitor) -> None:
    page = linh.read(f"{own(linh)}/bench")
    assert "Line 2 of 5 Weigh 675 mg of Naltrexone HCl 50 mg tablet" in page.text
    assert "within 641.25 mg to 708.75 mg" in page.text
    assert len(page.html) < 100_000
    assert page.html.count('aria-current="step"') == 1

    wrong = linh.send(f"{own(linh)}/weigh?at=bench", {"line": "2", "lot": "MCC-101", "reading": "675"})
    assert wrong.status == 422
    assert "Fetch the right lot" in wrong.message("lot")
    assert "Line 2 of 5" in wrong.text
    other = linh.send(f"{own(linh)}/weigh?at=bench", {"line": "2", "lot": f"]d201{gtin_of_ndc('0406-1170-03')}10SUN2201", "reading": "675"})
    assert "another product" in other.message("lot")
    cut = linh.send(f"{own(linh)}/weigh?at=bench", {"line": "2", "lot": f"]C101{SUN}", "reading": "675"})
    assert "names no lot" in cut.message("lot")
    scanned = {"line": "2", "lot": f"]d201{SUN}1727123110SUN2201\x1d21SN77", "reading": "675"}
    assert linh.send(f"{own(linh)}/weigh?at=bench", scanned).headers["Location"].endswith("/bench")

    over = {"line": "3", "lot": "MCC-101", "reading": "6500"}
    asked = linh.send(f"{own(linh)}/weigh?at=bench", over)
    assert asked.status == 422
    assert "over, outside 5811.15 mg to 6422.85 mg" in asked.message("reading")
    assert "a pharmacist decides" in asked.text
    james = {"witness.username": "james", "witness.secret": shop.passwords["james"]}
    with_reason = {**over, "reason": "the pan was not tared"}
    assert "do not go together" in linh.send(f"{own(linh)}/weigh?at=bench", {**with_reason, "witness.username": "james", "witness.secret": "x"}).text
    assert linh.send(f"{own(linh)}/weigh?at=bench", {**over, "reading": "6800", "reason": "spilled", **james}).status == 422
    assert linh.send(f"{own(linh)}/weigh?at=bench", {**with_reason, **james}).status == 303
    record = linh.read(f"{own(linh)}/record").text
    assert "Kept because: the pan was not tared" in record
    assert "James Okafor allowed an amount between its limits" in record
    assert "broken" not in record


def test_a_timed_step_is_kept_from_its_beginning_to_its_end_and_ends_early_only_with_a_reason(shop: Shop, linh: Visitor, clock: Clock) -> None:
    batch = own(linh)
    for line, lot, reading in (("2", "SUN2201", "675"), ("3", "MCC-101", "6117"), ("4", "SH3-20", "30"), ("5", "V120", "1")):
        assert linh.send(f"{batch}/weigh?at=bench", {"line": line, "lot": lot, "reading": reading}).status == 303
    assert linh.send(f"{batch}/witness?at=bench", {"witness.username": "james", "witness.secret": shop.passwords["james"]}).status == 303
    page = linh.read(f"{batch}/bench")
    assert "then mix for 5 minutes. Start 5 min" in page.text
    assert linh.send(f"{batch}/steps/3/end?at=bench", {}).status == 409
    assert linh.send(f"{batch}/steps/1/start?at=bench", {}).status == 422
    assert linh.send(f"{batch}/steps/3/start?at=bench", {}).headers["Location"].endswith("/bench")
    assert linh.send(f"{batch}/steps/3/start?at=bench", {}).status == 409
    clock.moment += timedelta(minutes=4)
    page = linh.read(f"{batch}/bench")
    assert 'data-ends="60"' in page.html
    assert "began 09:00:00 , may end at 09:05:00" in page.text
    early = linh.send(f"{batch}/steps/3/end?at=bench", {})
    assert early.status == 422
    assert "lasts 5 min, and 4 min have passed" in early.message("ended")
    clock.moment += timedelta(minutes=2)
    assert linh.send(f"{batch}/steps/3/end?at=bench", {}).status == 303
    assert "6 min Linh Tran" in linh.read(f"{batch}/bench").text
    assert "begun 2 March 2026 , 09:00 by Linh Tran" in linh.read(f"{batch}/record").text
