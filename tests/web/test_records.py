"""The compounding record as pages and papers: every field of USP <795> 7.2, the quarantine, the signatures, the batch's own label."""

from pathlib import Path

import pypdfium2
import pytest
from flask import Flask

from compounding.domain.prescription import Form
from tests.web.demonstration import LIQUID, Demonstration, Shop, furnished, order
from tests.web.reading import Page, batches

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONG = "Wilhelmina Adelheid von Hohenstein-Wolfeschlegelsteinhausen"


def fill(shop: Demonstration) -> None:
    shop.bring(order(LONG), to="checked")
    shop.bring(order("Ben Liquid", doses=(("1.5", 14), ("3", 14)), form=Form.ORAL_LIQUID), LIQUID, to="in process")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return furnished(tmp_path_factory.mktemp("records") / "template.db", fill)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


def addresses(page: Page) -> list[str]:
    return sorted(batches(page), reverse=True)


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content))


def test_the_record_and_its_papers_hold_every_field_and_a_quarantine_shows_on_all_of_them(app: Flask, shop: Shop) -> None:
    linh, maria = shop.visit(app, "linh"), shop.visit(app, "maria")
    own = next(link for link in addresses(linh.read("/batches")) if LONG in linh.read(link).text)
    page = linh.read(f"{own}/record")
    number = page.text.partition("Compounding record: batch ")[2].split()[0]
    fields = (
        "Naltrexone", "4.5 mg", "Dosage form", f"Internal number {number}", "Made on 2 March 2026", "Compounded by Linh Tran", "Verified by Maria Garcia",
        "SUN2201", "exp.", "Theoretical", "Actual", "seen by James Okafor", "Yield 100 %", "Accounted for 100 %", "Decided by", "C4.5, version 1",
        "No deviation", "balance", "whole", "Kept at room temperature", "yes",
    )  # fmt: skip
    assert [field for field in fields if field not in page.text] == []
    assert len(page.html) < 100_000
    assert "broken" not in page.text

    printed = pdf_text(linh.client.get(f"{own}/record.pdf").data)
    paper = (f"Compounding record: batch {number}", "1970", "SUN2201", "Linh Tran", "James Okafor", "Maria Garcia", "whole", "Page 1 of", "Decided by")
    assert [field for field in paper if field not in printed] == []
    label = pdf_text(linh.client.get(f"{own}/labels/thermal-3x2.pdf").data)
    assert label.startswith("RELEASED")
    assert linh.client.get(f"{own}/labels/none.pdf").status_code == 422

    refused = linh.send(f"{own}/quarantine", {"reason": ""})
    assert refused.status == 422
    assert "Give the reason" in refused.message("reason")
    assert linh.send(f"{own}/quarantine", {"reason": "a patient's complaint"}).headers["Location"].endswith(f"{own}/record")
    page = linh.read(f"{own}/record")
    assert "Set aside: a patient's complaint" in page.text
    assert pdf_text(linh.client.get(f"{own}/labels/thermal-3x2.pdf").data).startswith("QUARANTINE")
    assert "QUARANTINED. Do not label" in pdf_text(linh.client.get(f"{own}/record.pdf").data)
    assert linh.send(f"{own}/lift", {"reason": "nothing found", "signature.secret": shop.passwords["linh"]}).status == 403
    assert maria.send(f"{own}/lift", {"reason": "nothing found", "signature.secret": "wrong"}).status == 422
    assert maria.send(f"{own}/lift", {"reason": "nothing found", "signature.secret": shop.passwords["maria"]}).status == 303
    assert "released" in maria.read(f"{own}/record").text
    assert "all stand" in maria.read("/batches/signatures").text
    assert maria.read("/batches/signatures?before=x").status == 422


def test_the_worksheet_to_print_has_every_line_with_room_and_what_is_recorded_already(app: Flask, shop: Shop) -> None:
    linh = shop.visit(app, "linh")
    own = next(link for link in addresses(linh.read("/batches")) if "Ben Liquid" in linh.read(link).text)
    text = pdf_text(linh.client.get(f"{own}/worksheet.pdf").data)
    said = (
        "Ben Liquid",
        "Count witnessed by",
        "Weights witnessed by",
        "Sodium benzoate",
        "SUN2201",
        "What went otherwise, and why",
        "q.s. to",
        "Verified and released",
        "yes no",
    )
    assert [words for words in said if words not in text] == []
    assert "Linh Tran, 2 March 2026" in text
