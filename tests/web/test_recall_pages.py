"""The recall room as somebody at a browser meets it: from a search to letters, with 400 patients, and complaints on the day's page."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pikepdf
import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import URL

from compounding.db.document import encode
from compounding.web.recall_tree import MOST
from tests.histories import History
from tests.web.conftest import Visitor
from tests.web.demonstration import Demonstration, Shop, furnished, order

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
BATCHES, BOTTLES = 40, 10  # of one lot: 400 patients
GRAVE = {
    "recall_class": "I", "reason": "The assay found 45 mg.\nThe maker wrote on 1 March.", "harmed": "true",
    "learned.on.day": "1", "learned.on.month": "3", "learned.on.year": "2026", "learned.at": "16:30",
}  # fmt: skip


def four_hundred(path: Path) -> str:
    """A lot in forty batches of ten bottles, each of another patient, the last of each still in the house; the key of the lot."""
    history = History()
    lot = history.add_lot(lot_number="RECALLED-1")
    history.move(lot, 500)
    document = encode(order())
    for number in range(BATCHES):
        batch = history.add_batch(made_on=date(2026, 1, 5 + number // 2))
        history.plan(batch, lot)
        for place in range(BOTTLES):
            patient = history.add_patient(f"{LONG} {number}-{place}" if place == 3 else f"Patient {number}-{place}")
            prescription = history.add_prescription(patient, npi=str(1000000004 + place), prescriber=f"Dr {LONG} {place}", document=document)
            last = place == BOTTLES - 1
            fill = history.add_fill(prescription, status="made" if last else "handed_over")
            history.share(batch, fill)
            if not last:
                history.dispense(batch, fill, prescription, patient)
    history.write(URL.create("sqlite", database=str(path)))
    return str(lot)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    def fill(shop: Demonstration) -> None:
        shop.bring(order("Ann Sample"))

    return furnished(tmp_path_factory.mktemp("recall") / "template.db", fill)


@pytest.fixture(scope="module")
def lot(shop: Shop) -> str:
    return four_hundred(shop.path)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop, lot: str) -> Path:
    assert lot
    return shop.path


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "maria")


@pytest.fixture
def opened(maria: Visitor, shop: Shop, lot: str) -> Callable[[], str]:
    """Opens a grave recall of the lot and gives its address."""

    def go() -> str:
        answer = maria.send(f"/recall/from/lot/{lot}/open", {**GRAVE, "signature.secret": shop.passwords["maria"]})
        assert answer.status == 303, answer.text
        return answer.headers["Location"]

    return go


def test_a_scanned_lot_leads_at_once_to_who_has_it(maria: Visitor, lot: str) -> None:
    answer = maria.send("/recall", {"q": "recalled-1"})
    assert (answer.status, answer.headers["Location"]) == (303, f"/recall/from/lot/{lot}")
    assert maria.send("/recall", {"q": "(01)00347335326833(17)271231(10)recalled-1"}).headers["Location"] == answer.headers["Location"]
    assert maria.send("/recall", {"q": "nothing of this"}).status == 404
    assert "every lot of naltrexone 50 mg tablets" in maria.send("/recall", {"q": "naltrexone"}).text.casefold()


def test_forty_batches_and_400_patients_are_pages_below_100_kb_with_their_picture(maria: Visitor, lot: str) -> None:
    page = maria.read(f"/recall/from/lot/{lot}")
    assert len(page.html) < 100_000
    for wanted in ("Batches 40", "Bottles handed over 360", "Patients 360", "Prescribers 9", "Bottles in the house 40", "Page 1 of 10", "Lot RECALLED-1"):
        assert wanted in page.text
    picture = page.with_id("tree-words").text
    assert picture is not None
    assert "40 batches: 360 bottles handed over to 360 patients, 40 in the house" in picture
    assert page.html.count('<g class="batch">') == BATCHES == MOST
    last = maria.read(f"/recall/from/lot/{lot}?page=10")
    assert "not yet" in last.text
    assert len(last.html) < 100_000


def test_days_narrow_the_page_and_days_that_cannot_be_say_so(maria: Visitor, lot: str) -> None:
    assert "Batches 2 " in maria.read(f"/recall/from/lot/{lot}?since=2026-01-05&until=2026-01-05").text
    wrong = maria.read(f"/recall/from/lot/{lot}?since=2026-02-05&until=2026-01-05")
    assert wrong.status == 422
    assert "first day lies after" in wrong.message("until")


def test_a_recall_shows_its_countdown_on_its_page_and_on_the_day(maria: Visitor, opened: Callable[[], str]) -> None:
    case = maria.read(opened())
    assert len(case.html) < 100_000
    for wanted in (
        "Patients: 0 of 360 settled",
        "12 h 0 min left",
        "the law's hour: 2 March 2026 , 21:00",
        "4 March 2026 , 16:30",
        "The maker wrote on 1 March.",
    ):
        assert wanted in case.text
    day = maria.read("/")
    assert "Open recalls 1" in day.text
    assert len(day.html) < 100_000


def test_what_is_missing_when_a_recall_is_opened_stands_beside_its_field(maria: Visitor, shop: Shop, lot: str) -> None:
    told = {name: text for name, text in GRAVE.items() if not name.startswith("learned")}
    page = maria.send(f"/recall/from/lot/{lot}/open", {**told, "signature.secret": shop.passwords["maria"]})
    assert page.status == 422
    assert "the law counts from there" in page.message("learned.on")
    assert page.value("reason").startswith("The assay found")


def test_a_try_is_recorded_from_the_contacts_page(maria: Visitor, opened: Callable[[], str]) -> None:
    address = opened()
    contact = next(link for link in re.findall(r'href="([^"]+/contacts/[^"]+)"', maria.read(address).html) if "Patient" in maria.read(link).text)
    refused = maria.send(contact, {"way": "phone", "result": "returned"})
    assert "how much" in refused.message("returned.amount")
    assert maria.send(contact, {"way": "phone", "result": "returned", "returned.amount": "45.5", "returned.unit": "mL"}).status == 303
    assert "returned what was left: 45.5 mL, destroyed" in maria.read(contact).text
    assert "Patients: 1 of 360 settled" in maria.read(address).text


def test_the_call_list_holds_everybody_as_pdf_spreadsheet_and_csv(maria: Visitor, opened: Callable[[], str]) -> None:
    address = opened()
    sheet = maria.client.get(f"{address}/calls.xlsx")
    book = openpyxl.load_workbook(BytesIO(sheet.data))
    assert book.sheetnames == ["Contacts", "Lots", "Batches", "Bottles"]
    assert book["Contacts"].max_row == 1 + 360 + 9 + 2
    assert book["Bottles"].max_row == 1 + 400
    assert maria.client.get(f"{address}/calls.csv").data.count(b"\r\n") == 1 + 360 + 9 + 2
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="recall-1-call-list.xlsx"'


def test_a_letter_names_the_patient_on_its_page_alone_and_in_plain_words(maria: Visitor, opened: Callable[[], str]) -> None:
    address = opened()
    links = re.findall(r'href="([^"]+/contacts/[^"]+)"', maria.read(address).html)
    contact = next(link for link in links if "Patient 0-0" in maria.read(link).text)
    answer = maria.client.get(f"{contact}/letter.pdf")
    document = pypdfium2.PdfDocument(answer.data)
    words = " ".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    for wanted in ("Patient 0-0", "Do not take any more", "recall 1", "call 911", "Maria Garcia"):
        assert wanted in words.replace("\r\n", " ")
    assert len(document) == 1
    assert "Patient" not in answer.headers["Content-Disposition"]
    with pikepdf.open(BytesIO(answer.data)) as opened_pdf:
        assert "0-0" not in str(opened_pdf.docinfo)
    assert grade(words) <= 6  # reading age 11 is the sixth grade


def grade(text: str) -> float:
    """Flesch-Kincaid's grade, syllables being counted as groups of vowels: rough, and hard enough to catch an office's prose."""
    body = text[text.index("There may be") : text.index("We are sorry")]
    sentences = len(re.findall(r"[.!?:](?:\s|$)", body))
    words = re.findall(r"[A-Za-z]+", body)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.casefold())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_a_complaint_from_the_bottles_walk_is_on_the_day_until_it_is_reviewed(maria: Visitor, shop: Shop) -> None:
    start = maria.send("/recall", {"q": "ann sample"}).headers["Location"]
    link = next(link for link in re.findall(r'href="(/recall/from/bottle/[^"]+)"', maria.read(start).html))
    form = next(link for link in re.findall(r'href="(/recall/complaints/new[^"]+)"', maria.read(link).html))
    told = {
        "received.on.day": "2", "received.on.month": "3", "received.on.year": "2026", "received.at": "08:15", "complainant": "Ann Sample",
        "nature": "An emergency room\nafter one dose.", "response": "Told to stop.", "harm": "emergency",
    }  # fmt: skip
    assert "is missing" not in maria.read(form).text
    answer = maria.send(form, told)
    assert answer.status == 303
    complaint = answer.headers["Location"]
    for wanted in ("a visit to an emergency room", "SUN2201", "71 h 15 min left", "to be reviewed"):
        assert wanted in maria.read(complaint).text.replace("2 d 23 h left", "71 h 15 min left")
    assert "Complaints to be reviewed 1" in maria.read("/").text
    review = {"findings": "The batch is right.", "follow_up": "Reported.", "is_quality": "false", "reported": "true", "medwatch_on.day": "2"}
    review |= {"medwatch_on.month": "3", "medwatch_on.year": "2026", "signature.secret": shop.passwords["maria"]}
    assert maria.send(f"{complaint}/review", review).status == 303
    assert "reported on 2 March 2026" in maria.read(complaint).text
    assert "Complaints to be reviewed" not in maria.read("/").text
