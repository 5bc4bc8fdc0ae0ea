"""Printing at the counter: a printer is set once, a label is one click, what does not fit is helped, and a day's labels are one job."""

import re
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from compounding.db.label_runs import LabelRunItemRow
from compounding.db.labels import LabelPrintRow, LabelRow
from compounding.db.session import reading
from compounding.domain.print_job import STALLED, JobStatus
from compounding.print_queue_command import run_next, send_next
from compounding.wire.connection import Patience
from compounding.workflow.act import Pharmacy
from tests.conftest import Clock
from tests.web.conftest import Visitor
from tests.web.demonstration import PROFILE, Shop, furnished, order
from tests.web.reading import Page, batches, words
from tests.wire.listeners import Zebra

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONG = "Maximiliana Wolfeschlegelsteinhausenbergerdorff Wolfeschlegelsteinhausenbergerdorff-Konstantinopel"
NAMES = ("Ann Sample", "Bea Sample", LONG)
SHORT = Patience(connect=0.5, status=0.1, answer=0.5)
KEY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    def bring(shop: object) -> None:
        for name in NAMES:
            shop.bring(order(name), to="released")

    return furnished(tmp_path_factory.mktemp("printing") / "template.db", bring)


@pytest.fixture(scope="module")
def sqlite_template(shop: Shop) -> Path:
    return shop.path


@pytest.fixture
def maria(app: Flask, shop: Shop) -> Visitor:
    return shop.visit(app, "maria")


@pytest.fixture
def room(app: Flask) -> Pharmacy:
    return app.extensions["pharmacy"]


def set_up(visitor: Visitor, **told: str | list[str]) -> str:
    """The address of a printer's page."""
    usual = {"name": "Counter 1", "medium": "thermal-4x3", "way": "browser", "address": "", "right": "", "down": "", "purposes[]": ["containers"]}
    answer = visitor.send("/printers", {**usual, **told})
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


def key_of(address: str) -> str:
    return re.findall(KEY, address)[-1]


def fills(visitor: Visitor) -> list[str]:
    """The pages of the containers that are released and not labelled, in the order of the day."""
    return list(dict.fromkeys(re.findall(rf"/fills/{KEY}", visitor.client.get("/labels/day").get_data(as_text=True))))


def pdf(visitor: Visitor, address: str) -> bytes:
    answer = visitor.client.get(address)
    assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, 'inline; filename="label.pdf"')
    return answer.data


def test_a_printer_is_set_with_what_is_wrong_beside_its_field(maria: Visitor) -> None:
    told = {"name": "Counter 1", "medium": "thermal-4x3", "way": "socket", "address": "http://8.8.8.8", "right": "1,5", "purposes[]": ["containers"]}
    refused = maria.send("/printers", told)
    assert (refused.status, refused.value("name"), refused.value("address")) == (422, "Counter 1", "http://8.8.8.8")
    assert "no length" in refused.message("right")
    assert "a host and a port and nothing else" in maria.send("/printers", told | {"right": "1.5"}).message("address")
    far = told | {"right": "2.1", "address": "socket://192.168.1.40"}
    assert "blank margin of 2 mm" in maria.send("/printers", far).message("right")
    assert "too small for containers" in maria.send("/printers", far | {"right": "", "medium": "roll-70x35"}).message("purposes")
    assert "socket://192.168.1.40:9100" in words(maria.read(set_up(maria, way="socket", address="socket://192.168.1.40")).root)


def test_the_test_label_is_a_job_and_has_the_size_of_what_is_loaded(maria: Visitor) -> None:
    printer = set_up(maria, medium="thermal-4x2")
    job = maria.send(f"{printer}/test", {}).headers["Location"]
    page = pypdfium2.PdfDocument(BytesIO(pdf(maria, job)))[0]
    assert page.get_mediabox() == pytest.approx((0, 0, 288, 144), abs=0.01)
    assert "Actual size, 100 %" in words(maria.read(printer).root)


def test_a_label_is_one_click_once_the_screen_knows_its_printer(app: Flask, maria: Visitor) -> None:
    with Zebra.listening() as zebra:
        printer = set_up(maria, way="socket", address=f"socket://127.0.0.1:{zebra.port}")
        fill = fills(maria)[0]
        assert "Print on Counter 1" in maria.read(fill).text
        maria.send(f"{printer}/here", {})
        page = maria.read(fill)
        assert "Print the label Counter 1, Thermal, 4 x 3 inch" in plain(page)
        done = maria.send(f"{fill}/label", {"printer": key_of(printer)})
        assert (done.status, done.headers["Location"]) == (303, fill)
        after = maria.read(fill)
        assert "The label is on its way to Counter 1." in after.text
        assert "waiting" in after.text
        assert app.test_cli_runner().invoke(args=["print-queue", "--once"]).exit_code == 0
    assert len(zebra.pictures) >= 1
    page = maria.read(fill)
    assert "Counter 1: sent" in page.text
    other = set_up(maria, name="Large", medium="thermal-4x6")
    label = re.findall(rf"/labels/({KEY})/reprint", page.html)[0]
    refused = maria.send(f"/labels/{label}/reprint", {"reason": "smeared", "printer": key_of(other)})
    assert (refused.status, "loaded with other labels" in refused.text) == (422, True)


def test_the_screen_keeps_a_printer_that_was_used_with_that_wish_and_another_screen_does_not(app: Flask, shop: Shop, maria: Visitor) -> None:
    printer, fill = key_of(set_up(maria)), fills(maria)[0]
    done = maria.send(f"{fill}/label", {"printer": printer, "keep": "true"})
    assert done.headers["Location"].startswith("/jobs/")
    assert f"printer={printer}" in done.headers["Set-Cookie"]
    assert "HttpOnly" in done.headers["Set-Cookie"]
    assert "this screen" in maria.read("/printers").text
    assert "this screen" not in shop.visit(app, "linh").read("/printers").text


def test_an_offset_moves_what_the_browser_prints_and_never_what_is_kept(maria: Visitor, room: Pharmacy) -> None:
    printer, fill = set_up(maria, right="1.5", down="-0.5"), fills(maria)[0]
    shown = pdf(maria, maria.send(f"{fill}/label", {"printer": key_of(printer)}).headers["Location"])
    with reading(room.engine) as session:
        kept = session.scalars(select(LabelRow)).one()
    assert pdf(maria, f"/labels/{kept.id}.pdf") == kept.pdf
    assert shown != kept.pdf
    assert len(pypdfium2.PdfDocument(BytesIO(shown))) == len(pypdfium2.PdfDocument(BytesIO(kept.pdf)))


def test_a_label_that_is_void_by_now_is_not_sent(maria: Visitor, room: Pharmacy) -> None:
    with Zebra.listening() as zebra:
        printer, fill = set_up(maria, way="socket", address=f"socket://127.0.0.1:{zebra.port}"), fills(maria)[0]
        maria.send(f"{fill}/label", {"printer": key_of(printer)})
        assert maria.send(f"{fill}/redate", {"new_first_dose_on": "2026-03-04"}).status == 303
        assert send_next(room, SHORT) is None
    assert zebra.connections == 0
    assert "cancelled" in maria.read(fill).text
    assert "a newer label took its place. Nothing was sent." in maria.read("/jobs").text
    job = re.findall(rf"/jobs/{KEY}.pdf", maria.send(f"{fill}/label", {"printer": key_of(set_up(maria, name="Here"))}).headers["Location"])[0]
    assert maria.client.get(job).status_code == 200
    maria.send(f"{fill}/redate", {"new_first_dose_on": "2026-03-05"})
    assert maria.client.get(job).status_code == 409


def test_a_printer_that_is_out_of_use_is_said_and_nothing_is_issued(maria: Visitor, room: Pharmacy) -> None:
    printer, fill = set_up(maria), fills(maria)[0]
    maria.send(f"{printer}/here", {})
    assert maria.send(f"{printer}/retire", {}).status == 303
    assert "Counter 1" not in maria.read(fill).text
    refused = maria.send(f"{fill}/label", {"printer": key_of(printer)})
    assert (refused.status, "not in use any more" in refused.text) == (422, True)
    with reading(room.engine) as session:
        assert session.scalars(select(LabelRow)).all() == []


def test_what_does_not_fit_names_its_field_and_the_help_prints_it(maria: Visitor) -> None:
    printer, large = set_up(maria, medium="thermal-4x2"), set_up(maria, name="Large", medium="thermal-4x6")
    maria.send(f"{printer}/here", {})
    fill = fills(maria)[2]
    page = maria.read(fill)
    assert "The label does not fit on Thermal, 4 x 2 inch" in plain(page)
    assert "Field patient It needs" in plain(page)
    assert "Print on Large" in page.text
    refused = maria.send(f"{fill}/label", {"printer": key_of(printer)})
    assert (refused.status, "Print on Large" in refused.text) == (422, True)
    assert maria.send(f"{fill}/label", {"printer": key_of(large)}).headers["Location"].startswith("/jobs/")


def plain(page: Page) -> str:
    return page.text.replace("×", "x")


def start(visitor: Visitor, printer: str, chosen: list[str], first: str = "1") -> str:
    told = {"printer": key_of(printer), "fills[]": [key_of(fill) for fill in chosen], "first": first}
    answer = visitor.send("/labels/day", told)
    assert answer.status == 303, answer.text
    return answer.headers["Location"]


def work(app: Flask) -> None:
    while run_next(app.extensions["pharmacy"], app.extensions["renderer"], PROFILE):
        pass


def test_a_days_labels_are_sheets_of_the_kept_bytes_and_what_does_not_fit_is_left_out(app: Flask, maria: Visitor, room: Pharmacy, clock: Clock) -> None:
    printer, chosen = set_up(maria, medium="5163"), fills(maria)
    run = start(maria, printer, chosen, first="4")
    clock.moment += STALLED
    assert "nothing sends them" in maria.read(run).text
    begun = maria.client.get(run)
    assert (begun.headers["Refresh"], "0 of 3, 0 %" in begun.get_data(as_text=True)) == ("2", True)
    assert "Refresh" not in maria.client.get(f"{run}?still").headers
    assert run_next(room, app.extensions["renderer"], PROFILE)
    assert "1 of 3, 33 %" in maria.read(run).text
    work(app)
    ended = maria.read(run)
    assert "Refresh" not in ended.headers
    assert "2 labels were issued, 1 left out" in ended.text
    assert "“patient” takes" in ended.text
    sheets = pypdfium2.PdfDocument(BytesIO(pdf(maria, re.findall(rf"/jobs/{KEY}.pdf", ended.html)[0])))
    assert sheets[0].get_mediabox() == pytest.approx((0, 0, 612, 792), abs=0.1)
    text = " ".join(page.get_textpage().get_text_range() for page in sheets)
    with reading(room.engine) as session:
        kept, prints = session.scalars(select(LabelRow)).all(), session.scalars(select(LabelPrintRow)).all()
    assert len(kept) == len(prints) == 2
    assert {row.media for row in kept} == {"5163"}
    assert all(name in text for name in NAMES[:2])
    assert LONG not in text
    assert fills(maria) == [chosen[2]]


def test_a_days_labels_come_one_after_the_other_from_a_label_printer(app: Flask, maria: Visitor, room: Pharmacy) -> None:
    with Zebra.listening() as zebra:
        printer, chosen = set_up(maria, way="socket", address=f"socket://127.0.0.1:{zebra.port}", medium="thermal-4x6"), fills(maria)
        start(maria, printer, chosen)
        work(app)
        while send_next(room, SHORT):
            pass
    assert len(zebra.pictures) == len(chosen)
    assert maria.read("/jobs").text.count("sent") == len(chosen)


def test_a_browser_gets_a_days_labels_as_pages_of_one_file(app: Flask, maria: Visitor) -> None:
    printer, chosen = set_up(maria, medium="thermal-4x3", right="0.5"), fills(maria)[:2]
    run = start(maria, printer, chosen)
    work(app)
    pages = pypdfium2.PdfDocument(BytesIO(pdf(maria, re.findall(rf"/jobs/{KEY}.pdf", maria.read(run).html)[0])))
    assert {tuple(round(edge, 2) for edge in page.get_mediabox()) for page in pages} == {(0, 0, 288, 216)}
    assert all(name in " ".join(page.get_textpage().get_text_range() for page in pages) for name in NAMES[:2])
    assert "Labels for 2 containers" in maria.read("/jobs").text


def test_a_run_that_is_stopped_prints_nothing_further_and_one_that_meets_a_label_leaves_it(app: Flask, maria: Visitor, room: Pharmacy) -> None:
    printer, chosen = set_up(maria, medium="5164"), fills(maria)
    run = start(maria, printer, chosen)
    assert maria.send(f"{chosen[0]}/label", {"medium": "thermal-4x6"}).status == 303
    assert run_next(room, app.extensions["renderer"], PROFILE)
    assert run_next(room, app.extensions["renderer"], PROFILE)
    assert maria.send(f"{run}/stop", {}).status == 303
    work(app)
    with reading(room.engine) as session:
        states = session.scalars(select(LabelRunItemRow.status).order_by(LabelRunItemRow.place)).all()
        assert len(session.scalars(select(LabelRow)).all()) == 2
    assert states == ["refused", "printed", "waiting"]
    page = maria.read(run)
    assert "It was labelled meanwhile" in page.text
    assert "1 not begun. Stopped by Maria Garcia." in page.text
    assert maria.send(f"{run}/stop", {}).status == 409


def test_what_is_chosen_for_a_run_is_checked_and_stays_chosen(maria: Visitor) -> None:
    printer, chosen = set_up(maria, medium="5163"), fills(maria)
    told = {"printer": key_of(printer), "fills[]": [key_of(chosen[1])], "first": "11"}
    refused = maria.send("/labels/day", told)
    assert (refused.status, "Choose a place of the sheet" in refused.message("first")) == (422, True)
    assert [box.get("value") for box in refused.named("fills[]") if "checked" in box.attrib] == [key_of(chosen[1])]
    assert "Tick at least one" in maria.send("/labels/day", {"printer": key_of(printer), "first": "1"}).message("fills")
    assert "labelled meanwhile" in maria.send("/labels/day", told | {"first": "1", "fills[]": [str(UUID(int=1))]}).message("fills")


def test_a_batchs_label_goes_to_a_printer_for_batches(maria: Visitor, room: Pharmacy) -> None:
    batch = batches(maria.read("/batches"))[0]
    assert "Print on" not in maria.read(f"{batch}/record").text
    with Zebra.listening() as zebra:
        printer = set_up(maria, medium="thermal-3x2", way="socket", address=f"socket://127.0.0.1:{zebra.port}", **{"purposes[]": ["batches"]})
        assert "Print on Counter 1" in maria.read(f"{batch}/record").text
        assert maria.send(f"{batch}/label", {"printer": key_of(printer)}).headers["Location"] == f"{batch}/record"
        assert send_next(room, SHORT) is JobStatus.SENT
    assert zebra.pictures[0].size == (609, 406)


def test_a_job_that_waits_for_a_person_stands_on_the_days_page_and_is_ended_there(maria: Visitor, room: Pharmacy) -> None:
    with Zebra.listening(ending="is silent", status=b"") as zebra:
        printer = set_up(maria, way="socket", address=f"socket://127.0.0.1:{zebra.port}")
        fill = fills(maria)[0]
        maria.send(f"{fill}/label", {"printer": key_of(printer)})
        assert maria.client.get("/jobs").headers["Refresh"] == "5"
        assert send_next(room, SHORT) is JobStatus.UNSURE
    assert "A label did not come out for certain." in maria.read("/").text
    page = maria.read(fill)
    assert "the printer did not say that it has it. Look whether it came out." in page.text
    job = re.findall(rf"/jobs/({KEY})/came-out", page.html)[0]
    assert maria.send(f"/jobs/{job}/came-out", {"fill": key_of(fill)}).headers["Location"] == fill
    assert "did not come out for certain" not in maria.read("/").text
    assert "Refresh" not in maria.client.get("/jobs").headers
    refused = maria.send(f"/jobs/{job}/again", {})
    assert (refused.status, "cannot become waiting" in refused.text) == (409, True)
