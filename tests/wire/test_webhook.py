"""Where an event may be sent to: by TLS into the public network, and in the demonstration to this very machine."""

import pytest

from compounding.wire.webhook import NotAllowed, looked_up, read_address, send

SECONDS = 0.4


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "ftp://example.org/x",
        "https://user:secret@example.org/x",
        "https://example.org/x#part",
        "https:///x",
        "https://example.org:port/",
        "https://example.org/a b",
        "https://example.org/ö",
        "https://10.0.0.1/x",
        "https://192.168.1.7/x",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://100.64.0.1/x",
        "https://[64:ff9b::a00:1]/x",
        "https://[2002:a00:1::1]/x",
        "https://[::10.0.0.1]/x",
        "https://[fec0::1]/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "https://localhost/x",
    ],
)
def test_an_address_is_https_and_public_or_it_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        looked_up(read_address(url, loopback=False), loopback=False)
    assert not send(url, {}, b"{}", loopback=False, seconds=SECONDS).taken


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]:80/x"])
def test_in_the_demonstration_this_very_machine_may_be_told_without_tls_and_no_other(url: str) -> None:
    assert looked_up(read_address(url, loopback=True), loopback=True).is_loopback
    with pytest.raises(NotAllowed):
        looked_up(read_address("http://93.184.215.14/x", loopback=True), loopback=True)
