"""What a course would cost in every way, and the price that is told before making: as a browser sees it."""

from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

from compounding.db.audit import MIGRATES
from compounding.db.batches import FillRow
from compounding.db.session import reading
from compounding.domain.prescription import Form
from tests.conftest import Clock
from tests.web.conftest import Visit, Visitor
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, words

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
COURSE = "/costs/what-if?form=oral_liquid&steps.0.dose=4.5&steps.0.unit=mg&steps.0.when[]=bedtime&steps.0.days=30"


def bring(shop: Demonstration) -> None:
    shop.bring(order("Accepted Only", form=Form.ORAL_LIQUID), to="accepted")
    shop.bring(order(LONG, doses=(("1.5", 14), ("3", 14), ("4.5", 14)), form=Form.ORAL_LIQUID), LIQUID, to="planned")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("whatif") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "maria")


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


@pytest.fixture
def fill(engine: Engine) -> FillRow:
    """The first container of the planned order."""
    with reading(engine) as session:
        return session.scalars(select(FillRow).where(FillRow.number == 1)).one()


def rows(page: Page, caption: str) -> list[list[str]]:
    found = next(element for element in page.root.iter("table") if words(element.find("caption")) == caption)
    return [[words(cell) for cell in row] for row in found.iter("tr")][1:]


def test_the_ways_of_a_course_stand_side_by_side_and_their_parts_add_up(linh: Visitor) -> None:
    page = linh.read(COURSE)
    ways, parts = rows(page, "Every way, the one where one stands first"), rows(page, "Cost by part, $")
    assert ways[0][0].startswith("as the pharmacy would choose")
    assert sum("costs least" in row[0] for row in ways) == 1
    assert any("cannot be: Together" in row[1] for row in rows(linh.read(COURSE + "&together=20"), "Every way, the one where one stands first"))
    priced = [row for row in ways if len(row) > 2]
    assert len(priced) == len(parts) >= 10
    for way, part in zip(priced, parts, strict=True):
        assert sum(map(Decimal, part[1:-1])) == Decimal(part[-1]) == Decimal(way[5].removeprefix("at least "))


def test_a_course_that_cannot_be_read_or_made_is_refused_in_words(linh: Visitor) -> None:
    typed = linh.read(COURSE + "&together=1")
    assert ("2 to 20" in typed.message("together"), typed.value("together"), typed.value("steps.0.dose")) == (True, "1", "4.5")
    assert "below the first mark" in linh.read(COURSE.replace("4.5", "0.01")).text
    assert linh.read("/costs/what-if").status == 200


def test_an_accepted_order_and_a_planned_one_lead_to_their_ways(linh: Visitor, fill: FillRow, engine: Engine) -> None:
    with reading(engine) as session:
        accepted = session.execute(text("SELECT id FROM prescription WHERE id <> :planned"), {"planned": str(fill.prescription_id)}).scalar_one()
    for key, standing in ((accepted, "as the pharmacy would choose"), (fill.prescription_id, "as planned")):
        assert f"/costs/what-if/{key}" in linh.read(f"/prescriptions/{key}").html
        assert rows(linh.read(f"/costs/what-if/{key}"), "Every way, the one where one stands first")[0][0].startswith(standing)


def test_a_price_is_told_before_making_kept_for_ever_and_another_stands_beside_it(maria: Visitor, fill: FillRow, engine: Engine, clock: Clock) -> None:
    address = f"/costs/quotes/{fill.id}"
    assert address in maria.read(f"/fills/{fill.id}").html
    assert maria.send(address, {}).status == 303
    (told,) = rows(maria.read(address), "Quoted")
    assert (told[0], told[1], told[2]) == ("2 March 2026", "Maria Garcia", "1 April 2026 ✓ stands")
    assert sum(map(Decimal, told[3:9])) == Decimal(told[9])
    clock.pass_days(1)
    maria.send(address, {})
    assert [row[2] for row in rows(maria.read(address), "Quoted")] == ["2 April 2026 ✓ stands", "1 April 2026 another was told since"]
    clock.pass_days(31)
    assert rows(maria.read(address), "Quoted")[0][2] == "2 April 2026 ▲ past"
    raw = engine.execution_options(**{MIGRATES: True})
    for change in ("UPDATE quote SET asked_micros = 1", "DELETE FROM quote"):
        with raw.connect() as connection, pytest.raises(DBAPIError, match="is refused on quote"):
            connection.execute(text(change))


def test_a_technician_sees_the_price_and_does_not_quote_it(linh: Visitor, fill: FillRow) -> None:
    page = linh.read(f"/costs/quotes/{fill.id}")
    assert "Quote $" not in page.text
    assert linh.send(f"/costs/quotes/{fill.id}", {}).status == 403


@pytest.mark.browser
@pytest.mark.campaign
def test_the_pages_have_no_barrier(visit: Visit, shop: Shop, fill: FillRow) -> None:
    page = visit("maria", shop.passwords["maria"])
    home = page.url.rstrip("/")
    for place in (COURSE, f"/costs/what-if/{fill.prescription_id}", f"/costs/quotes/{fill.id}"):
        page.goto(home + place)
        assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
