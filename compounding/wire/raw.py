"""ZPL to the raw port of a label printer (9100), which says little: its status when it is asked (`~HS`), and the end of the connection.

Source of the status: Zebra, ZPL II Programming Guide, `~HS`: three strings, each between STX and ETX. A printer that is out of labels may say
nothing at all, and so may one that is no Zebra; it is sent to all the same, and prints when it can.
"""

import re
import socket
from collections.abc import Callable
from typing import Final

from compounding.domain.print_job import Answer, Outcome
from compounding.wire.connection import USUAL, Patience, connect

_ASK: Final = b"~HS\r\n"
_STRINGS = re.compile(rb"\x02([0-9,]*)\x03", re.ASCII)
_BEHIND: Final = 5  # behind a label it answers once it has read the label: so many times longer
_BUFFER: Final = 8192  # bytes that this side keeps: so what was handed on is nearly what arrived, and a hang-up in the middle is known as one
_PIECE: Final = 4096
_MOST: Final = 4096  # bytes of an answer that are read at all
_TROUBLES: Final = (  # string, place in it, what it means when it is 1
    (0, 1, "it is out of labels"),
    (0, 2, "it is paused"),
    (0, 5, "its memory is full"),
    (0, 10, "it is too cold"),
    (0, 11, "it is too hot"),
    (1, 2, "its head is open"),
    (1, 3, "it is out of ribbon"),
)


def send(host: str, port: int, graphics: bytes, patience: Patience = USUAL) -> Answer:
    """Send label graphics, and tell what became of them; raises `Refused` where no connection was made."""
    with connect(host, port, patience) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        left = patience.until()
        status = _status(line, lambda: min(patience.status, left()))
        if status and (trouble := _trouble(status)):
            return Answer(Outcome.NOT_NOW, f"The printer says that {trouble}.")
        try:
            for start in range(0, len(graphics), _PIECE):
                line.settimeout(left())
                line.sendall(graphics[start : start + _PIECE])
        except OSError:
            return Answer(Outcome.NOT_NOW, "The printer hung up before it had the whole label. Nothing was printed.")
        return _confirmed(line, left, status_within=patience.status * _BEHIND if status else 0)


def _status(line: socket.socket, wait: Callable[[], float]) -> tuple[bytes, ...]:
    """The printer's status strings; none where it does not say."""
    try:
        line.settimeout(wait())
        line.sendall(_ASK)
        heard = b""
        while len(found := _STRINGS.findall(heard)) < 3 and len(heard) < _MOST:
            line.settimeout(wait())
            part = line.recv(_PIECE)
            if not part:
                break
            heard += part
    except OSError:
        return ()
    return tuple(found)


def _trouble(strings: tuple[bytes, ...]) -> str:
    flags = [string.split(b",") for string in strings]
    return " and ".join(meaning for string, place, meaning in _TROUBLES if len(flags) > string and flags[string][place : place + 1] == [b"1"])


def _confirmed(line: socket.socket, left: Callable[[], float], *, status_within: float) -> Answer:
    """Whether all of it arrived: a printer that tells its status tells it again behind the label; every other ends the connection with us."""
    if status_within and _status(line, lambda: min(status_within, left())):
        return Answer(Outcome.TAKEN, "The printer has taken it.")
    try:
        line.shutdown(socket.SHUT_WR)
        while True:
            line.settimeout(left())
            if not line.recv(_PIECE):
                return Answer(Outcome.TAKEN, "The printer has taken it.")
    except OSError:
        return Answer(Outcome.UNKNOWN, "The label was sent, and the printer did not say that it has it. Look whether it came out.")
