"""An event on its way to a prescriber's system: signed, by TLS, to one public address that was looked at before, for a bounded time.

The headers and the signature are those of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
"""

import base64
import hmac
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from compounding.domain.event import Delivery

SECONDS: Final = 10.0  # for one delivery from its beginning: name, connection, TLS, sending and answer share it; far below the lease of an event
_PREFIX: Final = "whsec_"
_LONGEST: Final = 500  # characters of an address
_TAKEN: Final = range(200, 300)
_GONE: Final = 410
# Ranges that Python calls global and that lead to an IPv4 address inside of them, which may be a house's own (RFC 6052, 3056, 4291), or are a site's.
_ELSEWHERE: Final = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "fec0::/10")))
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")


class NotAllowed(Exception):
    """This address may not be sent to; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to: scheme, host and port, and the path with its query."""

    secure: bool
    host: str
    port: int
    target: str


def read_address(url: str, *, loopback: bool) -> Address:
    """The address that `url` names; raises `NotAllowed` for all but https, and but http to this very machine where `loopback` is allowed."""
    if len(url) > _LONGEST or not url.isascii() or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise NotAllowed(f"An address has at most {_LONGEST} letters, digits and signs of ASCII, without blanks.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed("This address cannot be read. Write it as https://host/path.") from error
    if not host or parts.username is not None or parts.fragment:
        raise NotAllowed("Write the address as https://host/path, without a name, a password or a fragment.")
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise NotAllowed("Events are sent by https alone. Write the address as https://host/path.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secure = parts.scheme == "https"
    return Address(secure, host, port or (443 if secure else 80), target)


def looked_up(address: Address, *, loopback: bool) -> IPv4Address | IPv6Address:
    """The one address that is connected to; raises `NotAllowed` where any that the name has is not public, `OSError` where it has none."""
    found = [ip_address(item[4][0]) for item in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)]
    if not found or not all(_may_be_sent_to(item, loopback=loopback) for item in found):
        raise NotAllowed(f"{address.host} is not an address of the public network.")
    if not address.secure and not all(item.is_loopback for item in found):
        raise NotAllowed("Without TLS an event is sent to this very machine alone.")
    return found[0]


def require_reachable(url: str, *, loopback: bool) -> None:
    """Raise `NotAllowed` for an address that nothing would be sent to, as it is known in the network now."""
    try:
        looked_up(read_address(url, loopback=loopback), loopback=loopback)
    except OSError as error:
        raise NotAllowed("This address is not known in the network. Check its spelling.") from error


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def secret_of(key: bytes, client_id: str, version: int) -> str:
    """The secret of one system: derived from the deployment's key, so that none is kept anywhere; another version is another secret."""
    return _PREFIX + base64.b64encode(hmac.new(key, f"webhook {client_id} {version}".encode(), sha256).digest()).decode()


def send(url: str, headers: dict[str, str], body: bytes, *, loopback: bool, seconds: float = SECONDS) -> Delivery:
    """Send an event once, and tell what became of it; redirects are not followed, and what the receiver writes is not read.

    `seconds` are for the whole: each stage has what the one before it left. Only the resolver is not cut off; what it takes is taken off the rest.
    """
    left = _until(seconds)
    try:
        address = read_address(url, loopback=loopback)
        line = _connected(address, looked_up(address, loopback=loopback), left)
    except NotAllowed as refused:
        return Delivery(taken=False, said=str(refused))
    except OSError as error:
        return Delivery(taken=False, said=f"No connection: {type(error).__name__}.")
    with line:
        try:
            status = _exchanged(line, address, headers, body, left)
        except OSError as error:
            return Delivery(taken=False, said=f"No answer: {type(error).__name__}.")
    return Delivery(taken=status in _TAKEN, said=f"The receiver answered {status}.", gone=status == _GONE)


def _may_be_sent_to(address: IPv4Address | IPv6Address, *, loopback: bool) -> bool:
    """Whether an event may go there: to the public network, never into a house's own (whose services trust who is inside)."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # what is really connected to
    elsewhere = any(address in network for network in _ELSEWHERE)
    return (loopback and address.is_loopback) or (address.is_global and not address.is_multicast and not elsewhere)


def _connected(address: Address, to: IPv4Address | IPv6Address, left: Callable[[], float]) -> socket.socket:
    """A connection to that address and no other; its certificate is asked for by the name."""
    line = socket.create_connection((str(to), address.port), timeout=left())
    if not address.secure:
        return line
    line.settimeout(left())  # for the handshake as a whole
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=address.host)
    except OSError:
        line.close()
        raise


def _exchanged(line: socket.socket, address: Address, headers: dict[str, str], body: bytes, left: Callable[[], float]) -> int:
    """Ask, and the status of the answer, of which only the first line is read; whoever trickles bytes is cut off at the end of the time."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    own = {"Host": f"{host}:{address.port}", "Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST {address.target} HTTP/1.1", *(f"{name}: {value}" for name, value in {**own, **headers}.items()), "", ""]
    line.settimeout(left())
    line.sendall("\r\n".join(lines).encode("ascii") + body)
    heard = b""
    while b"\n" not in heard and len(heard) < _LONGEST:
        line.settimeout(left())
        part = line.recv(_LONGEST)
        if not part:
            break
        heard += part
    found = _STATUS.match(heard)
    if found is None:
        raise OSError("not HTTP")
    return int(found[1])


def _until(seconds: float) -> Callable[[], float]:
    end = monotonic() + seconds
    return lambda: max(end - monotonic(), 0.001)
