"""A Print-Job of the Internet Printing Protocol: one request that carries the PDF, one answer that says what became of it.

Written by hand on the standard library: it is one message (RFC 8010, RFC 8011), and no library for it is both small and long in use.
No redirect is followed, and nothing of an answer is shown but its status and the printer's own message.
"""

import struct
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final

from compounding.domain.print_job import Answer, Outcome
from compounding.wire.connection import USUAL, Patience, connect

_PRINT_JOB: Final = 0x0002
_OPERATION, _JOB, _END = 0x01, 0x02, 0x03
_INTEGER, _BEGIN_COLLECTION, _END_COLLECTION, _MEMBER = 0x21, 0x34, 0x37, 0x4A
_TEXT, _NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_MOST: Final = 65_536  # bytes of an answer that are read at all
_LONGEST: Final = 200  # characters of the printer's own message
_OK: Final = 200
# Status codes after which the same job may be taken later (RFC 8011, 6.1.5 and B.1.5): the printer is busy, paused, or has a passing error.
_PASSING: Final = {
    0x0502: "it does not take jobs now",
    0x0504: "it has a fault",
    0x0505: "it has a passing fault",
    0x0506: "it takes no jobs now",
    0x0507: "it is busy",
    0x0508: "the job was cancelled at the printer",
    0x050B: "it is short of memory",
}
_REFUSALS: Final = {
    0x0401: "it forbids it",
    0x0402: "it wants a name and password",
    0x0403: "it does not permit it",
    0x0406: "there is no printer at this path",
    0x0408: "the label is too large for it",
    0x040A: "it does not print PDF: set it as a label printer by socket, or through a print server",
}


def send(host: str, port: int, path: str, pdf: bytes, *, name: str, size: tuple[int, int], patience: Patience = USUAL) -> Answer:
    """Send a PDF of pages of `size` (width and height in hundredths of a millimetre) under the job name `name`, and tell what became of it.

    Raises `Refused` where no connection was made.
    """
    connection = HTTPConnection(host, port)
    connection.sock = connect(host, port, patience)
    body = request(f"ipp://{host}:{port}{path}", pdf, name=name, size=size)
    try:
        connection.sock.settimeout(patience.answer)
        try:
            connection.request("POST", path or "/", body, {"Content-Type": "application/ipp"})
        except OSError:
            return Answer(Outcome.NOT_NOW, "The printer hung up before it had the whole label. Nothing was printed.")
        try:
            return _read(connection.getresponse())
        except (OSError, HTTPException):
            return Answer(Outcome.UNKNOWN, "The label was sent, and the printer did not answer. Look whether it came out.")
    finally:
        connection.close()


def request(address: str, pdf: bytes, *, name: str, size: tuple[int, int]) -> bytes:
    """The bytes of a Print-Job request (version 1.1): never scaled, one copy, on stock of exactly this size."""
    width, height = size
    operation = [
        _value(_CHARSET, "attributes-charset", b"utf-8"),
        _value(_LANGUAGE, "attributes-natural-language", b"en"),
        _value(_URI, "printer-uri", address.encode("ascii")),
        _value(_NAME, "requesting-user-name", b"pharmacy"),
        _value(_NAME, "job-name", name.encode("ascii")),
        _value(_MIME, "document-format", b"application/pdf"),
    ]
    job = [
        _value(_INTEGER, "copies", struct.pack(">i", 1)),
        _value(_KEYWORD, "print-scaling", b"none"),
        _value(_BEGIN_COLLECTION, "media-col", b""),
        _value(_MEMBER, "", b"media-size"),
        _value(_BEGIN_COLLECTION, "", b""),
        _value(_MEMBER, "", b"x-dimension"),
        _value(_INTEGER, "", struct.pack(">i", width)),
        _value(_MEMBER, "", b"y-dimension"),
        _value(_INTEGER, "", struct.pack(">i", height)),
        _value(_END_COLLECTION, "", b""),
        _value(_END_COLLECTION, "", b""),
    ]
    head = struct.pack(">bbHi", 1, 1, _PRINT_JOB, 1)
    return head + bytes([_OPERATION]) + b"".join(operation) + bytes([_JOB]) + b"".join(job) + bytes([_END]) + pdf


def _value(tag: int, name: str, value: bytes) -> bytes:
    written = name.encode("ascii")
    return struct.pack(">BH", tag, len(written)) + written + struct.pack(">H", len(value)) + value


def _read(response: HTTPResponse) -> Answer:
    if response.status != _OK:
        return _not_taken(response.status)
    answer = response.read(_MOST)
    if len(answer) < 8 or response.getheader("Content-Type", "").partition(";")[0].strip() != "application/ipp":
        return Answer(Outcome.UNKNOWN, "What answered is no printer that can be understood. Look whether the label came out.")
    (status,) = struct.unpack_from(">H", answer, 2)
    if status < 0x0100:
        return Answer(Outcome.TAKEN, "The printer has taken it.")
    said = _message(answer)
    if status in _PASSING:
        return Answer(Outcome.NOT_NOW, f"The printer says that {_PASSING[status]}{said}.")
    return Answer(Outcome.REFUSED, f"The printer refuses it: {_REFUSALS.get(status, f'status {status:#06x}')}{said}.")


def _not_taken(status: int) -> Answer:
    """What an answer of HTTP itself means, before any of IPP."""
    if status in {429, 503}:
        return Answer(Outcome.NOT_NOW, "The printer says that it is busy.")
    if 300 <= status < 400:
        return Answer(Outcome.REFUSED, "The printer answers with another address, which is not followed. Write its own address.")
    return Answer(Outcome.REFUSED, f"What answers at this address does not take print jobs (HTTP {status}). Look at the address.")


def _message(answer: bytes) -> str:
    """The printer's own words, if it has any: printable ones, and not too many."""
    for name, value in _attributes(answer):
        if name == b"status-message":
            words = "".join(character for character in value.decode("utf-8", "replace") if character.isprintable()).strip(" .")[:_LONGEST]
            return f' ("{words}")' if words else ""
    return ""


def _attributes(answer: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The attributes of an answer, as far as they can be read."""
    place = 8
    while place < len(answer) and answer[place] != _END:
        if answer[place] < 0x10:
            place += 1
            continue
        parts = []
        place += 1
        for _ in range(2):
            length = int.from_bytes(answer[place : place + 2], "big")
            parts.append(answer[place + 2 : place + 2 + length])
            place += 2 + length
        yield parts[0], parts[1]
