"""A printer that speaks IPP: the request as RFC 8010 writes it, and what each answer means for the label."""

import struct
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from time import sleep

import pytest

from compounding.domain.print_job import Answer, Outcome
from compounding.wire import ipp
from compounding.wire.connection import Patience
from tests.wire.listeners import IppPrinter, Request

SHORT = Patience(connect=0.5, answer=0.5)


def sent(printer: IppPrinter, pdf: bytes, path: str = "/ipp/print") -> Answer:
    return ipp.send("127.0.0.1", printer.port, path, pdf, name="a1b2c3d4", size=(10160, 7620), patience=SHORT)


def test_a_job_is_the_stored_bytes_unscaled_on_stock_of_their_size(pdf: bytes) -> None:
    with IppPrinter.serving() as printer:
        assert sent(printer, pdf) == Answer(Outcome.TAKEN, "The printer has taken it.")
    ((path, body),) = printer.requests
    request = Request.parsed(body)
    assert (path, request.version, request.operation) == ("/ipp/print", (1, 1), 2)
    assert request.document == pdf
    assert list(request.attributes)[:3] == ["attributes-charset", "attributes-natural-language", "printer-uri"]
    assert request.attributes["printer-uri"] == f"ipp://127.0.0.1:{printer.port}/ipp/print".encode()
    assert request.attributes["job-name"] == b"a1b2c3d4"
    assert request.attributes["document-format"] == b"application/pdf"
    assert request.attributes["print-scaling"] == b"none"
    numbers = {name: struct.unpack(">i", request.attributes[name])[0] for name in ("copies", "x-dimension", "y-dimension")}
    assert numbers == {"copies": 1, "x-dimension": 10160, "y-dimension": 7620}


@pytest.mark.parametrize(
    ("status", "outcome", "said"),
    [
        (0x0001, Outcome.TAKEN, "The printer has taken it."),
        (0x0507, Outcome.NOT_NOW, 'The printer says that it is busy ("Toner is being changed").'),
        (0x0506, Outcome.NOT_NOW, 'The printer says that it takes no jobs now ("Toner is being changed").'),
        (0x0406, Outcome.REFUSED, 'The printer refuses it: there is no printer at this path ("Toner is being changed").'),
        (0x0499, Outcome.REFUSED, 'The printer refuses it: status 0x0499 ("Toner is being changed").'),
    ],
)
def test_each_status_is_said_plainly(pdf: bytes, status: int, outcome: Outcome, said: str) -> None:
    with IppPrinter.serving(status=status, message="Toner is being changed.") as printer:
        assert sent(printer, pdf) == Answer(outcome, said)


def http(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Callable[[BaseHTTPRequestHandler], bool]:
    def manner(handler: BaseHTTPRequestHandler) -> bool:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        return True

    return manner


def test_a_redirect_is_not_followed(pdf: bytes) -> None:
    with IppPrinter.serving() as other, IppPrinter.serving() as printer:
        printer.manner = http(302, {"Location": f"http://127.0.0.1:{other.port}/ipp/print"})
        answer = sent(printer, pdf)
    assert (answer.outcome, other.requests) == (Outcome.REFUSED, [])
    assert "another address, which is not followed" in answer.said


def test_what_is_no_printer_is_not_tried_again_and_its_page_is_not_shown(pdf: bytes) -> None:
    with IppPrinter.serving(manner=http(404, body=b"secrets of another service")) as printer:
        answer = sent(printer, pdf)
    assert (answer.outcome, "HTTP 404" in answer.said, "secrets" in answer.said) == (Outcome.REFUSED, True, False)


def test_a_busy_server_is_tried_again(pdf: bytes) -> None:
    with IppPrinter.serving(manner=http(503)) as printer:
        assert sent(printer, pdf).outcome is Outcome.NOT_NOW


def test_an_answer_that_cannot_be_understood_leaves_it_open_whether_it_was_printed(pdf: bytes) -> None:
    with IppPrinter.serving(manner=http(200, {"Content-Type": "text/html"}, b"<html>welcome")) as printer:
        assert sent(printer, pdf).outcome is Outcome.UNKNOWN


def slow(handler: BaseHTTPRequestHandler) -> bool:
    handler.rfile.read(int(handler.headers["Content-Length"]))
    sleep(SHORT.answer + 0.2)
    handler.close_connection = True
    return True


def gone_at_once(handler: BaseHTTPRequestHandler) -> bool:
    handler.connection.close()
    handler.close_connection = True
    handler.wfile = handler.rfile = type("Closed", (), {"flush": lambda _: None, "close": lambda _: None, "closed": True})()
    return True


def test_a_slow_answer_leaves_it_open_whether_it_was_printed(pdf: bytes) -> None:
    with IppPrinter.serving(manner=slow) as printer:
        answer = sent(printer, pdf)
    assert (answer.outcome, "did not answer" in answer.said) == (Outcome.UNKNOWN, True)


def test_a_printer_that_hangs_up_in_the_middle_has_printed_nothing(pdf: bytes) -> None:
    with IppPrinter.serving(manner=gone_at_once) as printer:
        answer = sent(printer, pdf * 400)
    assert answer.outcome is Outcome.NOT_NOW
    assert "before it had the whole label" in answer.said


def test_a_message_of_the_printer_is_cut_and_stripped_of_what_does_not_print(pdf: bytes) -> None:
    with IppPrinter.serving(status=0x0507, message="\u202e" + "x" * 400) as printer:
        said = sent(printer, pdf).said
    assert "\u202e" not in said
    assert said.count("x") == 200
