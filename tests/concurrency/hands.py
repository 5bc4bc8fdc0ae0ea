"""The hands that take: each is a browser of its own, signs in, and takes one tablet after the other off the book by the page of a destruction."""

import re
from collections import deque
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from time import monotonic, sleep
from urllib.parse import urlencode
from uuid import UUID

from tests.adversary import PASSWORD, PIN
from tests.concurrency.server import Shelf

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LEFT = re.compile(r"<dt>Left</dt><dd>([0-9]+) tablets</dd>")
_AFTER = re.compile(r'<td class="number">([0-9]+)</td></tr>')
_PAUSE = 0.05  # seconds before the same is asked again where the records were busy
STAFF = ("linh", "james", "maria")


@dataclass(frozen=True)
class Try:
    """One asked-for tablet: of which lot, when it was asked and answered (seconds of one clock), and whether it was given."""

    lot: UUID
    asked: float
    answered: float
    given: bool


@dataclass
class Tally:
    """What one pair of hands met. `busy` answers were asked again; `strange` ones are defects."""

    tries: list[Try] = field(default_factory=list)
    busy: int = 0
    strange: list[str] = field(default_factory=list)


class Browser:
    """Somebody of the staff at a browser: keeps cookies, whatever they say of TLS, and one form token."""

    def __init__(self, port: int, username: str) -> None:
        self._port, self._cookies = port, SimpleCookie[str]()
        self._token = self._read_token("/sign-in")
        status, _ = self.send("/sign-in", {"username": username, "password": PASSWORD})
        assert status == 302, status
        self._token = self._read_token("/stock")

    def get(self, address: str) -> tuple[int, str]:
        return self._ask("GET", address, None)

    def send(self, address: str, fields: dict[str, str]) -> tuple[int, str]:
        return self._ask("POST", address, urlencode({**fields, "csrf_token": self._token}))

    def _read_token(self, address: str) -> str:
        found = _TOKEN.search(self.get(address)[1])
        assert found is not None, address
        return found[1]

    def _ask(self, method: str, address: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items()), "Referer": f"http://127.0.0.1:{self._port}/"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self._port}"}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=180)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(cookie)
        connection.close()
        return answer.status, text


def take_all(shelf: Shelf, number: int) -> Tally:
    """Take one tablet of each lot in turn, beginning at another lot than one's neighbour, until every lot was refused."""
    who, seen_by = STAFF[number % len(STAFF)], STAFF[(number + 1) % len(STAFF)]
    browser, tally, signed = Browser(shelf.port, who), Tally(), False
    waiting = deque(shelf.lots)
    waiting.rotate(-number)
    while waiting and not tally.strange:
        lot = waiting[0]
        fields = {"amount": "1", "cause": "damaged", "reason": f"hand {number}", "witness.username": seen_by, "witness.secret": PASSWORD}
        asked = monotonic()
        status, text = browser.send(f"/stock/{lot}/destruction", {**fields, "signature.secret": PIN if signed else PASSWORD})
        given = _given(status, text)
        if given is not None:
            tally.tries.append(Try(lot, asked, monotonic(), given))
            signed = signed or given
            waiting.rotate(-1)
            if not given:
                waiting.remove(lot)
        elif status == 503:
            tally.busy += 1
            sleep(_PAUSE)
        else:
            tally.strange.append(f"{status} for lot {lot}: {text[:300]}")
    return tally


def _given(status: int, text: str) -> bool | None:
    """Whether the tablet was given, or refused since none is left; None for every other answer."""
    if status == 303:
        return True
    none_left = "Only 0 tablets are left of this lot" in text or "There is not that much left of this lot" in text
    return False if status in {409, 422} and none_left else None


def read_page(browser: Browser, lot: UUID) -> tuple[int, int] | None:
    """What a lot's page says is left, and what its newest entry says was left after it; None where the records were busy."""
    status, text = browser.get(f"/stock/{lot}")
    if status == 503:
        return None
    left, after = _LEFT.search(text), _AFTER.search(text)
    assert left is not None, (status, text[:300])
    assert after is not None, (status, text[:300])
    return int(left[1]), int(after[1])
