"""A label names a patient: it goes to a printer in this house, and nowhere else."""

from ipaddress import ip_address

import pytest

from compounding.domain.errors import Invalid
from compounding.domain.print_job import Outcome
from compounding.domain.printer import Offset, Printer, PrintsFor, Reach, Way
from compounding.wire.connection import Refused, connect, may_be_sent_to
from compounding.wire.delivery import deliver
from tests.wire.listeners import IppPrinter, Request, Zebra


@pytest.mark.parametrize("address", ["192.168.1.40", "10.0.0.9", "172.16.3.4", "127.0.0.1", "::1", "fd00::9", "::ffff:192.168.1.40"])
def test_addresses_of_the_house_are_sent_to(address: str) -> None:
    assert may_be_sent_to(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "169.254.169.254", "224.0.0.1", "2001:4860:4860::8888", "fe80::1", "::", "::ffff:8.8.8.8"])
def test_other_addresses_are_not(address: str) -> None:
    assert not may_be_sent_to(ip_address(address))


def test_a_host_outside_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Refused) as refused:
        connect("93.184.216.34", 9100, patience=None)
    assert refused.value.answer.outcome is Outcome.REFUSED
    assert "Labels name patients: they are sent nowhere else." in refused.value.answer.said


@pytest.mark.parametrize("way", [Way.SOCKET, Way.IPP])
def test_a_printer_gets_the_stored_label_in_its_own_language(pdf: bytes, way: Way) -> None:
    with Zebra.listening() as zebra, IppPrinter.serving() as ipp:
        port = zebra.port if way is Way.SOCKET else ipp.port
        path = "" if way is Way.SOCKET else "/ipp/print"
        printer = Printer("Counter 1", "thermal-4x3", Offset(), Reach(way, "127.0.0.1", port, path), frozenset(PrintsFor))
        assert deliver(printer, pdf, "a1b2c3d4").outcome is Outcome.TAKEN
    assert len(zebra.pictures) == (way is Way.SOCKET)
    assert [Request.parsed(body).document for _, body in ipp.requests] == [pdf] * (way is Way.IPP)


@pytest.mark.parametrize(
    ("way", "address", "known"),
    [
        ("socket", "socket://192.168.1.40:9100", "socket://192.168.1.40:9100"),
        ("socket", "socket://zebra-1.pharmacy.lan", "socket://zebra-1.pharmacy.lan:9100"),
        ("ipp", "ipp://PRINT:1631/printers/Zebra_1", "ipp://print:1631/printers/Zebra_1"),
        ("ipp", "ipp://10.0.0.9/ipp/print", "ipp://10.0.0.9:631/ipp/print"),
        ("browser", "", ""),
    ],
)
def test_an_address_is_a_plain_host_and_port(way: str, address: str, known: str) -> None:
    assert Reach.of(Way(way), address).address == known


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("socket", ""), ("socket", "192.168.1.40"), ("socket", "http://192.168.1.40:9100"), ("ipp", "socket://192.168.1.40:9100"),
        ("socket", "socket://user:secret@192.168.1.40:9100"), ("socket", "socket://192.168.1.40:9100/x"), ("socket", "socket://192.168.1.40:9100?x"),
        ("socket", "socket://192.168.1.40:25"), ("socket", "socket://192.168.1.40:631"), ("ipp", "ipp://192.168.1.40:80/"), ("socket", "socket://a:99999"),
        ("socket", "socket://2130706433"), ("socket", "socket://0x7f.1"), ("socket", "socket://127.1"), ("socket", "socket://192.168.01.4"),
        ("socket", "socket://256.1.1.1"), ("socket", "socket://-x.lan"), ("socket", "socket://a..b"), ("socket", "socket://[::1]:9100"),
        ("ipp", "ipp://a/../admin"), ("ipp", "ipp://a//b"), ("ipp", "ipp://a/b?c=d"), ("ipp", "ipp://a/b%2e"), ("ipp", "ipp://a/b#c"),
        ("ipp", "ipp://a /b"), ("ipp", "ipp://a/b\r\nHost: c"), ("browser", "socket://192.168.1.40:9100"), ("ipp", f"ipp://{'a' * 64}/x"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_the_name_of_its_field(way: str, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        Reach.of(Way(way), address)
    assert list(refused.value.fields) == ["address"]
