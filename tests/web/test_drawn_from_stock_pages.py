"""The pages of what is drawn from a stock solution: the plan that leads to making it, the worksheet without a count, the bench, the record."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from compounding.db.inventory import LotRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.formula import Method, Storage
from compounding.domain.people import Actor, Role
from compounding.domain.plan import Request
from compounding.domain.prescription import Form
from compounding.domain.stocking import StockRequest
from compounding.workflow import formula_pages, formulas, inventory, stocking
from tests.domain.stock_solutions import from_stock
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order
from tests.web.reading import batches, words
from tests.web.test_planner import course, opened
from tests.web.test_records import pdf_text

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONG = "Ann Drawn-Wolfeschlegelsteinhausenbergerdorff"
FORTNIGHT = (("1.5", 14),)
WEAK = Request("L0.5", Storage.REFRIGERATOR, "bottle-60-ml", Method.STOCK, date(2026, 3, 2), "syringe-5-by-0.1")
PLANNED = {"formula": "L0.5", "storage": "refrigerator", "container": "bottle-60-ml", "method": "drawn from stock", "device": "syringe-5-by-0.1"}
COURSE = course(("1.5", 14), formula="L0.5", device="syringe-5-by-0.1")


def approved(shop: Demonstration) -> None:
    """The weak liquid, written by one and approved by another, and somebody who waits for it."""
    pharmacy = shop.pharmacy
    pharmacy.perform(ActName.FORMULA_DRAFT, shop.james, lambda act: formulas.draft(act, from_stock("L0.5", "L2")))
    seen = pharmacy.look(LookName.FORMULAS, shop.maria, lambda look: formula_pages.entry(look, "L0.5", 1)).sha256
    pharmacy.perform(ActName.FORMULA_APPROVE, shop.maria, lambda act: formulas.approve(act, "L0.5", 1, seen))
    shop.bring(order("Bea Waiting", doses=FORTNIGHT, form=Form.ORAL_LIQUID), to="accepted")


def fill(shop: Demonstration) -> None:
    approved(shop)
    wanted = StockRequest("L2", "bottle-120-ml", Storage.REFRIGERATOR, volume=Fraction(100))
    shop.make(_drawn_up(shop, wanted))
    shop.bring(order(LONG, doses=FORTNIGHT, form=Form.ORAL_LIQUID), WEAK, to="batch planned")


def _drawn_up(shop: Demonstration, wanted: StockRequest) -> UUID:
    return shop.pharmacy.perform(ActName.BATCH_PLAN, shop.linh, lambda act: stocking.draw_up(act, wanted))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("drawn") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def linh(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "linh")


def own(visitor: Visitor) -> str:
    return batches(visitor.read("/batches"))[0]


def test_the_worksheet_begins_without_a_count_and_takes_the_lot_of_the_stock_solution_alone(linh: Visitor) -> None:
    page = linh.read(own(linh))
    for wanted in ("Tablets none, drawn from stock", "no tablets are counted", "4.2 mL of Naltrexone 5 mg/mL oral liquid, preserved, stock solution", LONG):
        assert wanted in page.text
    assert "Tablets counted" not in page.text
    assert linh.send(f"{own(linh)}/begin", {}).status == 409
    assert linh.send(f"{own(linh)}/begin?at=bench", {"line_clear": "true"}).headers["Location"].endswith("/bench")

    bench = linh.read(f"{own(linh)}/bench")
    assert "Line 1 of 3 Measure 4.2 mL of Naltrexone 5 mg/mL oral liquid, preserved, stock solution" in bench.text
    assert "within 3.99 mL to 4.41 mL" in bench.text
    assert "5 mL syringe by 0.1 mL" in bench.text
    wrong = linh.send(f"{own(linh)}/weigh?at=bench", {"line": "1", "lot": "SUN2201", "reading": "4.2"})
    assert (wrong.status, "Fetch the right lot" in wrong.message("lot")) == (422, True)
    assert linh.send(f"{own(linh)}/weigh?at=bench", {"line": "1", "lot": "1001", "reading": "4.2"}).status == 303
    assert "Line 2 of 3 Make up to volume" in linh.read(f"{own(linh)}/bench").text
    assert "drawn from stock" in pdf_text(linh.client.get(f"{own(linh)}/worksheet.pdf").data)
    record = linh.read(f"{own(linh)}/record")
    assert "Tablets none, drawn from stock Drawn and never taken 0 mg" in record.text


def test_the_planner_tells_how_much_is_drawn_and_why(linh: Visitor) -> None:
    page = opened(linh, COURSE)
    for wanted in ("Stock solution in all 4.2 mL", "drawn from stock", "C1 V1 = C2 V2", "0 mg, drawn and never taken"):
        assert wanted in page.text
    assert "Tablets in all" not in page.text


def test_a_plan_without_a_stock_solution_leads_to_making_it_and_keeps_what_was_chosen(app: Flask, linh: Visitor) -> None:
    waiting = next(element.get("href") for element in linh.read("/").root.iter("a") if "Bea Waiting" in words(element))
    address = f"{waiting}/plan?{urlencode({**PLANNED, 'starts_on': '2026-03-02'})}"
    assert "4.2 mL" in linh.read(address).text
    _withdraw_all(app)
    page = linh.read(address)
    assert "4.2 mL of 5 mg/mL needed. Make L2 for stock first." in page.text
    (link,) = [element.get("href") for element in page.root.iter("a") if (element.get("href") or "").startswith("/batches/for-stock?")]
    assert (link, page.value("formula"), page.value("container")) == ("/batches/for-stock?formula=L2", "L0.5", "bottle-60-ml")
    assert linh.read(link).value("formula") == "L2"


def _withdraw_all(app: Flask) -> None:
    """Every lot of stock solution, by a technician of no name."""
    pharmacy, somebody = app.extensions["pharmacy"], Actor(uuid4(), "Somebody", "SB", Role.TECHNICIAN)
    with reading(pharmacy.engine) as session:
        lots = list(session.scalars(select(LotRow.id).where(LotRow.batch_id.is_not(None))))
    for lot in lots:
        pharmacy.perform(ActName.LOT_WITHDRAW, somebody, lambda act, lot=lot: inventory.withdraw(act, lot))
