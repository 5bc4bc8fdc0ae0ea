"""A printer as the pharmacy knows it: what is loaded, where its print lands, and by which way it is reached.

Its address is written by staff, and is a plain host and port: no user, no query, no redirect, no notation of a number that hides another.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from compounding.domain.errors import Invalid


class Way(StrEnum):
    """How a printer gets what it prints."""

    BROWSER = "browser"  # the PDF opens in the browser of whoever asked
    SOCKET = "socket"  # ZPL to the raw port of a label printer
    IPP = "ipp"  # the PDF to a printer or print server that speaks the Internet Printing Protocol


class PrintsFor(StrEnum):
    """What a printer is for."""

    CONTAINERS = "containers"
    BATCHES = "batches"


PORTS: Final = {Way.SOCKET: 9100, Way.IPP: 631}
# Below 1024 only IPP's own port: so no printer's address can be that of another service of the house (mail, files, databases' proxies).
LEAST_PORT: Final = 1024
MOST_PORT: Final = 65_535
# Feed and cutter wander by about 1 mm; a print that is 10 mm off is loaded wrongly, and no offset mends that.
MOST_OFFSET_UM: Final = 10_000

_ADDRESS = re.compile(r"(socket|ipp)://([^/:@?#\\\s]+)(?::([0-9]{1,5}))?(/[^?#\\\s]*)?", re.ASCII)
_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*", re.ASCII)
_NUMERIC = re.compile(r"(0[xX])?[0-9a-fA-F]*", re.ASCII)
_OCTET = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?", re.ASCII)
_LONGEST_HOST = 253
_LONGEST_PATH = 120


@dataclass(frozen=True, slots=True)
class Offset:
    """Where a print lands beside where it should, in micrometres to the right and down; what is stored is never changed by it."""

    right_um: int = 0
    down_um: int = 0

    def __post_init__(self) -> None:
        """Refuse an offset that is a label loaded wrongly."""
        for field, value in (("right", self.right_um), ("down", self.down_um)):
            if abs(value) > MOST_OFFSET_UM:
                sentence = f"Write at most {MOST_OFFSET_UM // 1000} mm. What is further off is loaded or set wrongly: look at the printer."
                raise Invalid("offset", sentence, fields={field: (sentence,)})


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to a printer; host, port and path are empty for the browser."""

    way: Way
    host: str = ""
    port: int = 0
    path: str = ""

    @classmethod
    def of(cls, way: Way, address: str) -> Self:
        """The way that `address` names; raises `Invalid` for the field `address` unless it is a plain host and port, with a path for IPP."""
        if way is Way.BROWSER:
            if address:
                raise _refused("A printer of the browser has no address: it is the one that this computer prints on. Leave it empty.")
            return cls(way)
        found = _ADDRESS.fullmatch(address)
        example = "socket://192.168.1.40:9100" if way is Way.SOCKET else "ipp://192.168.1.40:631/ipp/print"
        if found is None or found[1] != way:
            raise _refused(f'Write the address with a host and a port and nothing else, such as "{example}".')
        host, port, path = found[2], int(found[3] or PORTS[way]), found[4] or ""
        _require_host(host)
        if not (LEAST_PORT <= port <= MOST_PORT or port == PORTS[way]):
            raise _refused(f"Port {port} belongs to another service. Write {PORTS[way]}, or one from {LEAST_PORT} to {MOST_PORT}.")
        if way is Way.SOCKET and path:
            raise _refused(f'A raw socket has no path. Write "socket://{host}:{port}".')
        if len(path) > _LONGEST_PATH or not _PATH.fullmatch(path):
            raise _refused("Write the path in letters, digits, points and dashes, as it stands in the printer's own settings.")
        return cls(way, host.lower(), port, path)

    @property
    def address(self) -> str:
        """The address as it is written; "" for the browser."""
        return "" if self.way is Way.BROWSER else f"{self.way}://{self.host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class Printer:
    """One printer: its name on the screen, the stock that is loaded (a key of the label stock), its offset, its way, and what it is for."""

    name: str
    medium: str
    offset: Offset
    reach: Reach
    purposes: frozenset[PrintsFor]


def _require_host(host: str) -> None:
    parts = host.split(".")
    if _NUMERIC.fullmatch(parts[-1]) and parts[-1] and not parts[-1].isalpha():
        octets = [int(part) for part in parts if _OCTET.fullmatch(part)]
        if len(parts) != 4 or len(octets) != 4 or max(octets) > 255:
            raise _refused('Write the number as four numbers from 0 to 255, such as "192.168.1.40".')
    elif len(host) > _LONGEST_HOST or not _NAME.fullmatch(host):
        raise _refused("Write the host as a name of letters, digits and dashes, or as four numbers.")


def _refused(sentence: str) -> Invalid:
    return Invalid("printer-address", sentence, fields={"address": (sentence,)})
