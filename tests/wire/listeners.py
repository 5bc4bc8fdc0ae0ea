"""Printers that the tests make: one that understands ZPL at a raw port, one that speaks IPP, each with the manners that it is given."""

import re
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import sleep
from typing import Self

from PIL import Image

READY = b"\x02030,0,0,0812,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
_FORMAT = re.compile(rb"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-F,:]*)\^FS\^PQ1\^XZ")
_DELIMITER, _END, _COLLECTION, _COLLECTION_END, _MEMBER = 0x10, 0x03, 0x34, 0x37, 0x4A


@dataclass
class Zebra:
    """A label printer at a raw port. It answers `status` whenever it is asked (nothing where that is empty), and ends as `ending` says."""

    status: bytes = READY
    ending: str = "closes"  # "hangs up" after `after` bytes, "is silent", "closes"
    after: int = 0
    heard: bytes = b""
    connections: int = 0
    _socket: socket.socket = field(default_factory=socket.socket)

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    @classmethod
    @contextmanager
    def listening(cls, **manners: object) -> Iterator[Self]:
        zebra = cls(**manners)
        zebra._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # so that a hang-up in the middle is one
        zebra._socket.bind(("127.0.0.1", 0))
        zebra._socket.listen()
        thread = Thread(target=zebra._serve)
        thread.start()
        try:
            yield zebra
        finally:
            zebra._socket.shutdown(socket.SHUT_RDWR)
            zebra._socket.close()
            thread.join()

    @property
    def pictures(self) -> list[Image.Image]:
        return decoded(self.heard)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with line:
                line.settimeout(3)
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        answered = 0
        try:
            while part := line.recv(1024):
                self.heard += part
                while self.heard.count(b"~HS") > answered:
                    answered += 1
                    line.sendall(self.status)
                if self.ending == "hangs up" and len(self.heard) > self.after:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
            if self.ending == "is silent":
                sleep(0.7)
        except OSError:
            return


def decoded(zpl: bytes) -> list[Image.Image]:
    """The labels that a printer would make of it, dot for dot, by the compression of Zebra's manual."""
    pictures = []
    for width, height, size, again, across, data in _FORMAT.findall(zpl):
        assert int(size) == int(again) == int(height) * int(across)
        rows = list(_rows(data.decode(), int(across) * 2))
        assert len(rows) == int(height)
        packed = bytes.fromhex("".join(rows))
        ink = Image.frombytes("1", (int(across) * 8, int(height)), packed)
        pictures.append(ink.point(lambda dot: not dot).crop((0, 0, int(width), int(height))).convert("L"))
    return pictures


def _rows(data: str, digits: int) -> Iterator[str]:
    place, before = 0, "0" * digits
    while place < len(data):
        if data[place] == ":":
            place += 1
        else:
            comma = data.find(",", place)
            ends = comma if 0 <= comma < place + digits else place + digits
            before = data[place:ends].ljust(digits, "0")
            place = ends + (ends == comma)
        yield before


Attributes = dict[str, list[bytes]]


@dataclass
class IppPrinter:
    """A printer that takes Print-Job requests: it parses each, and answers with `status`, or otherwise as `manner` does."""

    status: int = 0x0000
    message: str = ""
    manner: Callable[[BaseHTTPRequestHandler], bool] = lambda _handler: False
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    port: int = 0

    @classmethod
    @contextmanager
    def serving(cls, **manners: object) -> Iterator[Self]:
        printer = cls(**manners)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                if not printer.manner(self):
                    printer.take(self)

            def do_GET(self) -> None:
                printer.requests.append((f"GET {self.path}", b""))
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        printer.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield printer
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        assert handler.headers["Content-Type"] == "application/ipp"
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.requests.append((handler.path, body))
        words = self.message.encode()
        answer = struct.pack(">bbHi", 1, 1, self.status, 1) + b"\x01"
        answer += b"\x47\x00\x12attributes-charset\x00\x05utf-8\x48\x00\x1battributes-natural-language\x00\x02en"
        answer += b"\x41\x00\x0estatus-message" + struct.pack(">H", len(words)) + words if words else b""
        answer += b"\x03"
        handler.send_response(200)
        handler.send_header("Content-Type", "application/ipp")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)


@dataclass(frozen=True)
class Request:
    """A parsed request: version, operation, attributes by name (members of a collection by their own names), and the document."""

    version: tuple[int, int]
    operation: int
    attributes: Mapping[str, bytes]
    document: bytes

    @classmethod
    def parsed(cls, body: bytes) -> Self:
        major, minor, operation, number = struct.unpack_from(">bbHi", body)
        assert number > 0
        place, attributes, member = 8, {}, ""
        while (tag := body[place]) != _END:
            place += 1
            if tag < _DELIMITER:
                continue
            name, place = _text(body, place)
            value, place = _text(body, place)
            if tag == _MEMBER:
                member = value.decode()
            elif tag not in {_COLLECTION, _COLLECTION_END}:
                attributes[name.decode() or member] = value
        return cls((major, minor), operation, attributes, body[place + 1 :])


def _text(body: bytes, place: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", body, place)
    return body[place + 2 : place + 2 + length], place + 2 + length
