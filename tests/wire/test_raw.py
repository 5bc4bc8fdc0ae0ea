"""A label printer at a raw port: taken, busy, off, gone in the middle, silent; and what each of them means for the label."""

import pytest
import zxingcpp

from compounding.domain.print_job import Outcome
from compounding.wire import raw
from compounding.wire.connection import Patience, Refused
from labels.zpl import graphics
from tests.wire.conftest import BARCODE
from tests.wire.listeners import READY, Zebra

SHORT = Patience(connect=0.5, status=0.1, answer=0.5)


@pytest.fixture(scope="session")
def zpl(pdf: bytes) -> bytes:
    return graphics(pdf, 203)


def test_a_printer_takes_the_label_and_its_barcode_reads(zpl: bytes) -> None:
    with Zebra.listening() as printer:
        answer = raw.send("127.0.0.1", printer.port, zpl, SHORT)
    assert (answer.outcome, answer.said) == (Outcome.TAKEN, "The printer has taken it.")
    (picture,) = printer.pictures
    assert picture.size == (812, 609)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [BARCODE]


def test_a_printer_that_tells_no_status_has_taken_what_it_read_to_the_end(zpl: bytes) -> None:
    with Zebra.listening(status=b"") as printer:
        assert raw.send("127.0.0.1", printer.port, zpl, SHORT).outcome is Outcome.TAKEN
    assert len(printer.pictures) == 1


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (READY.replace(b"030,0,0,", b"030,1,0,"), "it is out of labels"),
        (READY.replace(b"030,0,0,", b"030,0,1,"), "it is paused"),
        (READY.replace(b"0812,000,0,", b"0812,000,1,"), "its memory is full"),
        (READY.replace(b"000,0,0,0,0,2,", b"000,0,1,1,0,2,"), "its head is open and it is out of ribbon"),
    ],
)
def test_a_busy_printer_is_sent_nothing(zpl: bytes, status: bytes, trouble: str) -> None:
    with Zebra.listening(status=status) as printer:
        answer = raw.send("127.0.0.1", printer.port, zpl, SHORT)
    assert answer.outcome is Outcome.NOT_NOW
    assert answer.said == f"The printer says that {trouble}."
    assert b"^XA" not in printer.heard


def test_a_printer_that_is_off_is_sent_nothing(zpl: bytes) -> None:
    with Zebra.listening() as printer:
        port = printer.port
    with pytest.raises(Refused) as refused:
        raw.send("127.0.0.1", port, zpl, SHORT)
    assert refused.value.answer.outcome is Outcome.NOT_NOW
    assert f"does not answer at port {port}" in refused.value.answer.said


def test_a_printer_that_hangs_up_in_the_middle_has_printed_nothing(zpl: bytes) -> None:
    with Zebra.listening(ending="hangs up", after=3000) as printer:
        answer = raw.send("127.0.0.1", printer.port, zpl * 8, SHORT)
    assert answer.outcome is Outcome.NOT_NOW
    assert "hung up before it had the whole label" in answer.said
    assert printer.pictures == []


def test_a_printer_that_hangs_up_at_the_end_may_have_printed(zpl: bytes) -> None:
    with Zebra.listening(ending="hangs up", after=len(zpl), status=b"") as printer:
        assert raw.send("127.0.0.1", printer.port, zpl, SHORT).outcome is Outcome.UNKNOWN


def test_a_printer_that_falls_silent_may_have_printed(zpl: bytes) -> None:
    with Zebra.listening(ending="is silent", status=b"") as printer:
        answer = raw.send("127.0.0.1", printer.port, zpl, SHORT)
    assert answer.outcome is Outcome.UNKNOWN
    assert "Look whether it came out" in answer.said
