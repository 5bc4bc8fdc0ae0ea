"""The connection to a printer: to one address that was looked at before, for a bounded time, and nowhere else."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Final

from compounding.domain.print_job import Answer, Outcome

CONNECT_SECONDS: Final = 5.0
STATUS_SECONDS: Final = 1.0  # a label printer tells its status in a few milliseconds, or not at all
ANSWER_SECONDS: Final = 20.0  # a slow printer that spools and lays out a PDF; far below the lease of a job


class Refused(Exception):
    """The printer cannot be sent to; `answer` says what became of the try."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.said)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a printer may take: seconds to take the connection, to tell its status, and to answer in all."""

    connect: float = CONNECT_SECONDS
    status: float = STATUS_SECONDS
    answer: float = ANSWER_SECONDS

    def until(self) -> Callable[[], float]:
        """What is left of the time for the answer, from now on; never below a moment, so that the next wait ends at once."""
        end = monotonic() + self.answer
        return lambda: max(end - monotonic(), 0.001)


USUAL: Final = Patience()


def connect(host: str, port: int, patience: Patience) -> socket.socket:
    """A connection to the address that `host` has now, looked up once: what was looked at is what is connected to.

    Raises `Refused`: nothing was sent.
    """
    address = _looked_up(host, port)
    try:
        return socket.create_connection((str(address), port), timeout=patience.connect)
    except OSError as error:
        said = f"{host} does not answer at port {port}. Is the printer on, and at this address?"
        raise Refused(Answer(Outcome.NOT_NOW, said)) from error


def may_be_sent_to(address: IPv4Address | IPv6Address) -> bool:
    """Whether a label may go there: into this house alone, since it names a patient and is not encrypted on the way."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # what is really connected to
    nowhere = address.is_multicast or address.is_unspecified or address.is_link_local
    return not nowhere and (address.is_private or address.is_loopback)


def _looked_up(host: str, port: int) -> IPv4Address | IPv6Address:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused(Answer(Outcome.NOT_NOW, f"No printer is known by the name {host}. Look at its address.")) from error
    addresses = [ip_address(item[4][0]) for item in found]
    if not addresses or not all(map(may_be_sent_to, addresses)):
        said = f"{host} does not stand in this house's own network. Labels name patients: they are sent nowhere else."
        raise Refused(Answer(Outcome.REFUSED, said))
    return addresses[0]
