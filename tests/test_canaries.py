"""Two hundred words that stand for what is known of patients, in every field that takes some: met nowhere but by those who may read them."""

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_plus

import pikepdf
import pytest
from werkzeug.test import TestResponse

from tests.access import address, furnished, is_api, routes
from tests.adversary import House
from tests.ways_of_orders import Json, order

ORDERS, WORDS = 20, 10
_LINKS = re.compile(r"""(?:href|action|formaction|src)=["']([^"']*)""")


@dataclass(frozen=True)
class Planted:
    """The pharmacy with the words in its records, the keys of what every route leads to, and the prescriptions with words."""

    house: House
    keys: Mapping[str, str]
    orders: tuple[str, ...]
    log: str


def word(number: int) -> str:
    """A word like no other: "Zq" and four letters."""
    letters = (chr(ord("a") + number // 26**place % 26) for place in range(4))
    return "Zq" + "".join(letters)


CANARIES = frozenset(word(number) for number in range(ORDERS * WORDS))
_FOUND = re.compile("|".join(sorted(CANARIES)), re.IGNORECASE)


def canaries(text: str) -> set[str]:
    return set(_FOUND.findall(text))


def planted_order(number: int) -> Json:
    """An order whose patient is nothing but such words; every other one is held or declined, since its findings speak of the patient too."""
    words = iter(word(number * WORDS + place) for place in range(WORDS))
    body = order(f"{next(words)} {next(words)}-{next(words)}")
    body["patient"] |= {
        "address": f"12 {next(words)} Street, {next(words)} 90001",
        "allergies": [next(words)],
        "conditions": [next(words), next(words)],
        "medicines": [next(words) if number % 2 else "oxycodone"],
    }
    body["indication"] = {"code": "M79.7", "words": next(words), "on_label": True}
    if number % 2 == 0:
        body["opioid"]["answered_by"] = next(words)
    return body


@pytest.fixture(scope="module")
def planted(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("canaries"))
    heard = logging.StreamHandler(lines := _Lines())
    logging.getLogger().addHandler(heard)
    logging.getLogger().setLevel(logging.DEBUG)
    sent = [house.clinic.send(planted_order(number)) for number in range(ORDERS)]
    assert [answer.status_code for answer in sent] == [201] * ORDERS, [answer.get_json() for answer in sent if answer.status_code != 201]
    keys = furnished(house)
    yield Planted(house, keys, tuple(answer.get_json()["id"] for answer in sent), lines.text)
    logging.getLogger().removeHandler(heard)
    house.close()


class _Lines:
    """Where a log is written to."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def pages(planted: Planted, who: str) -> Iterator[tuple[str, TestResponse]]:
    """Every page that is got, and the page of each order."""
    browser = planted.house.browser(who)[0]
    for rule, method in routes(planted.house):
        if method == "GET" and not is_api(rule) and rule.endpoint != "session.sign_out":
            yield (there := address(rule, planted.keys)), browser.get(there, buffered=True)
    for one in planted.orders:
        yield (there := f"/prescriptions/{one}"), browser.get(there, buffered=True)


def around(there: str, answer: TestResponse) -> str:
    """What stands around the text of an answer: its address and headers, and the addresses that it leads to."""
    links = " ".join(_LINKS.findall(text_of(answer)))
    return unquote_plus(f"{there} {answer.headers} {links}")


def text_of(answer: TestResponse) -> str:
    """The text of a page; a paper's bytes as they are."""
    return answer.get_data().decode("utf-8" if answer.mimetype == "text/html" else "latin-1")


def properties(pdf: bytes) -> str:
    """What a viewer or an archive shows of a PDF."""
    with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
        return " ".join(f"{name} {value}" for name, value in document.docinfo.items()) + str(metadata)


@pytest.mark.campaign
def test_whoever_may_reads_them_and_no_address_header_or_property_has_one(planted: Planted) -> None:
    read: set[str] = set()
    for there, answer in pages(planted, "maria"):
        assert not canaries(around(there, answer)), there
        if answer.mimetype == "application/pdf" and "/papers/" not in there:  # what was filed came from outside
            assert not canaries(properties(answer.get_data())), there
        read |= canaries(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else set()
    assert read == CANARIES


@pytest.mark.campaign
@pytest.mark.parametrize("who", ["ada", "omar"])
def test_who_may_not_reads_none(planted: Planted, who: str) -> None:
    """The administrator; and the auditor, but for the patient whose glass was broken, who has no such word."""
    assert [there for there, answer in pages(planted, who) if canaries(around(there, answer) + text_of(answer))] == []


def test_another_prescriber_s_system_reads_none(planted: Planted) -> None:
    system = planted.house.neighbour
    got = [system.get(f"/api/v1/prescriptions/{one}") for one in planted.orders]
    got += [system.get(address(rule, planted.keys)) for rule, method in routes(planted.house) if method == "GET" and is_api(rule)]
    assert [answer.request.path for answer in got if canaries(answer.get_data(as_text=True))] == []


def test_what_is_refused_is_not_repeated(planted: Planted) -> None:
    """Each field in turn is given what it does not take, with a word in it."""
    repeated = []
    for field in planted_order(1)["patient"]:
        body = planted_order(1)
        body["patient"][field] = f"{word(0)}\u202e"
        answer = planted.house.clinic.send(body)
        assert answer.status_code == 422, field
        repeated += [field] if canaries(answer.get_data(as_text=True)) else []
    assert repeated == []


def test_a_search_names_nobody_in_its_address(planted: Planted) -> None:
    answer = planted.house.post("maria", "/search", {"q": word(10)})
    assert answer.status_code == 303
    assert not canaries(answer.location)


def test_they_stand_in_no_line_of_the_log(planted: Planted) -> None:
    assert planted.log.count("\n") > 20
    assert not canaries(planted.log)


def test_they_stand_nowhere_in_the_database_and_its_journal(planted: Planted) -> None:
    files = [planted.house.path, *planted.house.path.parent.glob(f"{planted.house.path.name}-*"), planted.house.path.parent / "audit.anchor"]
    for file in files:
        assert not canaries(file.read_bytes().decode("latin-1")), file
    assert sum(file.stat().st_size for file in files) > 1_000_000
