"""A month is closed, its paper is filed, and an entry of it is corrected in the open one."""

from pathlib import Path

import pytest
from flask import Flask
from pypdfium2 import PdfDocument
from sqlalchemy import distinct, func, select, text

from compounding.db.audit import ReadRow
from compounding.db.costs import CostRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.workflow import months
from tests.adversary import people_of
from tests.conftest import Clock
from tests.web.demonstration import Demonstration, Shop, furnished, order

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def fill_the_month(shop: Demonstration) -> None:
    shop.bring(order("Ann Sample"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("closing") / "template.db", fill_the_month)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@on_sqlite
def test_a_month_is_closed_and_an_entry_corrected_by_the_pharmacist_in_charge(app: Flask, shop: Shop, clock: Clock) -> None:
    maria, linh = shop.visit(app, "maria"), shop.visit(app, "linh")
    signed = {"signature.secret": shop.passwords["maria"]}
    assert "Close the month" not in maria.read("/costs/2026-03").text
    clock.pass_days(31)
    maria = shop.visit(app, "maria")
    assert maria.send("/costs/2026-03/close", {"signature.secret": "wrong"}).status == 422
    assert maria.send("/costs/2026-03/close", signed).status == 303
    assert "Closed and signed by Maria Garcia" in maria.read("/costs/2026-03").text

    key = next(link.get("href", "") for link in maria.read("/costs/2026-03").root.iter("a") if link.get("href", "").startswith("/costs/entries/"))
    assert "Correct it" not in linh.read(key).text
    refused = maria.send(f"{key}/correct", {"amount": "x", "reason": "the invoice", **signed})
    assert (refused.status, refused.value("reason")) == (422, "the invoice")
    assert maria.send(f"{key}/correct", {"amount": "99.50", "reason": "the invoice", **signed}).status == 303
    assert "99.50" in maria.read(key).text
    assert "Correction of an entry of 2026-03: the invoice" in maria.read("/costs/2026-04").text


@on_sqlite
def test_the_paper_of_a_closed_month_is_what_was_filed_until_its_signature_is_broken(app: Flask, shop: Shop, clock: Clock) -> None:
    clock.pass_days(31)
    maria = shop.visit(app, "maria")
    open_one = maria.client.get("/costs/2026-03.pdf").get_data()
    assert maria.send("/costs/2026-03/close", {"signature.secret": shop.passwords["maria"]}).status == 303
    first = maria.client.get("/costs/2026-03.pdf").get_data()
    clock.pass_days(3)  # a paper that is printed names its day
    maria = shop.visit(app, "maria")
    assert first == maria.client.get("/costs/2026-03.pdf").get_data() != open_one
    assert "Closed and signed by Maria Garcia on 2 April 2026" in text_of(first)

    engine = app.extensions["pharmacy"].engine
    with reading(engine) as session:
        patients = session.scalars(select(func.count(distinct(CostRow.patient_id))).where(CostRow.month == "2026-03")).one()
        newest = select(ReadRow.look_id).order_by(ReadRow.at.desc()).limit(1).scalar_subquery()
        assert session.scalars(select(func.count()).select_from(ReadRow).where(ReadRow.look_id == newest)).one() == patients
    with engine.execution_options(compounding_migrates=True).begin() as connection:
        connection.execute(text("DROP TRIGGER cost_update_refused"))
        connection.execute(text("UPDATE cost SET amount_micros = amount_micros - 1 WHERE kind = 'labour'"))
    assert "THE SIGNATURE IS BROKEN" in text_of(maria.client.get("/costs/2026-03.pdf").get_data())


@on_sqlite
def test_a_paper_that_was_not_filed_at_the_closing_is_filed_by_one_click_and_once(app: Flask, shop: Shop, clock: Clock) -> None:
    clock.pass_days(31)
    maria = shop.visit(app, "maria")
    assert maria.send("/costs/2026-03/file", {}).status == 409  # it is open
    pharmacy = app.extensions["pharmacy"]
    pharmacy.perform(ActName.MONTH_CLOSE, people_of(pharmacy)["maria"], lambda act: months.close(act, "2026-03"))  # and the worker ends
    assert "Print and file it" in maria.read("/costs/2026-03").text
    assert maria.send("/costs/2026-03/file", {}).status == 303
    first = maria.client.get("/costs/2026-03.pdf").get_data()
    assert "Print and file it" not in maria.read("/costs/2026-03").text
    assert maria.send("/costs/2026-03/file", {}).status == 409
    assert maria.client.get("/costs/2026-03.pdf").get_data() == first


def text_of(pdf: bytes) -> str:
    return " ".join("".join(sheet.get_textpage().get_text_range() for sheet in PdfDocument(pdf)).split())
