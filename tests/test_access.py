"""Who gets through which door: every route, every method, every kind of visitor. A route that nobody listed in `access` fails the test."""

import logging
import re
import sqlite3
from collections.abc import Iterator, Mapping
from html import unescape
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pikepdf
import pypdfium2
import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from compounding.domain.authority import Door
from tests.access import API, FORMS, LISTED, METHODS, NAME, NOT_THERE, ROLES, address, furnished, is_api, may, routes
from tests.adversary import House
from tests.probes.probing import NO_SUCH, run
from tests.ways_of_orders import flat, order

GUARDS = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"}
_LINKS = re.compile(r"""(?:href|action|formaction|src)=["']([^"']*)""")


@pytest.fixture(scope="module")
def keys(house: House) -> dict[str, str]:
    for who in ROLES:
        house.browser(who)  # a sign-in keeps rows: none comes between two counts of a test
    return furnished(house)


@pytest.fixture(scope="module")
def worn(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, str]]]:
    """Another house with its keys, in which acts are really done: what was there may be gone."""
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("worn"))
    yield house, furnished(house)
    house.close()


def as_staff(house: House, who: str, rule: Rule, method: str, keys: Mapping[str, str]) -> TestResponse:
    if method != "GET":
        return house.post(who, address(rule, keys), FORMS.get(rule.endpoint, {}))
    return house.browser(who)[0].get(address(rule, keys), buffered=True)


def allowed(rule: Rule) -> str:
    """Somebody who may use a route: the pharmacist in charge if that is one of them."""
    return next(who for who in ("maria", *ROLES) if may(ROLES[who], LISTED[rule.endpoint]))


def turned_away(answer: TestResponse) -> bool:
    return answer.status_code in {401, 403} or (answer.status_code == 302 and answer.location.partition("?")[0] == "/sign-in")


def reads(house: House, who: str) -> int:
    """How often it was noted that somebody read a patient's data."""
    connection = sqlite3.connect(f"file:{house.path}?mode=ro", uri=True)
    (count,) = connection.execute("SELECT count(*) FROM read_entry WHERE actor_name = ?", (house.actors[who].name,)).fetchone()
    connection.close()
    return int(count)


def shown(answer: TestResponse) -> str:
    """What can be read of an answer, also of a PDF."""
    if answer.mimetype != "application/pdf" or len(answer.data) < 1_000:  # the paper that was filed here is no more than a head
        return answer.data.decode(errors="replace")
    with pypdfium2.PdfDocument(answer.data) as document:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)


def refused(house: House, who: str, answer: TestResponse) -> Iterator[str]:
    """What a page offers though the role would be turned away: a dead end, into which somebody may have typed much."""
    where, html = house.app.url_map.bind("localhost"), answer.get_data(as_text=True)
    links = [(link, "GET") for link in re.findall(r"""href=["'](/[^"'#]*)""", html)]
    for offered, method in links + [(form or answer.request.path, "POST") for form in re.findall(r'<form method="post" action="([^"]*)"', html)]:
        endpoint, _ = where.match(unescape(offered).partition("?")[0], method=method)
        if not may(ROLES[who], LISTED[endpoint]):
            yield f"{method} {offered}"


def test_every_route_is_listed_with_what_it_needs(house: House) -> None:
    assert {rule.endpoint for rule in house.app.url_map.iter_rules()} == set(LISTED)


def test_nobody_gets_past_the_doors(house: House, keys: dict[str, str]) -> None:
    before, client = house.rows(), house.app.test_client()
    for rule, method in routes(house):
        answer = client.open(address(rule, keys), method=method, data=FORMS.get(rule.endpoint, {}), buffered=True)
        assert turned_away(answer) == (LISTED[rule.endpoint] is not Door.OPEN), (method, rule.rule, answer.status_code)
    assert house.rows() == before


@pytest.mark.campaign
@pytest.mark.parametrize("who", ROLES)
def test_whoever_is_signed_in_sees_what_the_role_may_see(house: House, keys: dict[str, str], who: str) -> None:
    for rule, method in routes(house):
        if method == "GET" and not is_api(rule):
            noted = reads(house, who)
            answer = as_staff(house, who, rule, method, keys)
            seen = {404} if (who, rule.endpoint) == ("ada", "glass.records") else {200, 302}  # the auditor broke it
            assert answer.status_code in (seen if may(ROLES[who], LISTED[rule.endpoint]) else {403}), (rule.rule, answer.status_code)
            if named(shown(answer)):  # whoever is shown a patient's name is noted, and an administrator is shown none
                assert (reads(house, who) > noted, who != "ada") == (True, True), rule.rule
            if answer.mimetype == "text/html" and answer.status_code == 200:
                assert not list(refused(house, who, answer)), rule.rule


@pytest.mark.parametrize("who", ROLES)
def test_whoever_is_signed_in_does_not_do_what_the_role_may_not_do(house: House, keys: dict[str, str], who: str) -> None:
    before = house.rows()
    for rule, method in routes(house):
        needed = LISTED[rule.endpoint]
        if method != "GET" and not is_api(rule) and not may(ROLES[who], needed):
            answer = as_staff(house, who, rule, method, keys)
            assert answer.status_code == 403 or (answer.status_code == 422 and rule.endpoint.startswith("stock")), (rule.rule, answer.status_code)
    assert house.rows() == before


def test_the_right_person_is_let_through_by_the_same_forms(house: House, keys: dict[str, str]) -> None:
    """Without this the test above could be passed by forms that are refused for something else."""
    for rule, method in routes(house):
        if method != "GET" and not is_api(rule) and LISTED[rule.endpoint] not in set(Door):
            missing = {name: NO_SUCH.get(name, str(uuid4()) if name.endswith("_id") else value) for name, value in keys.items()}
            answer = as_staff(house, allowed(rule), rule, method, missing)
            assert answer.status_code in ({404} if rule.arguments else {200, 303, 422}), (rule.rule, answer.status_code)


def test_a_token_opens_the_api_alone_and_a_cookie_everything_else(house: House, keys: dict[str, str]) -> None:
    before = house.rows()
    cookie, _ = house.browser("maria")
    stranger = house.app.test_client()
    for rule, method in routes(house):
        where = address(rule, keys)
        if is_api(rule):
            body = {"json": {}} if method != "GET" else {}
            assert cookie.open(where, method=method, **body).status_code == 401, rule.rule
            for header in ("Bearer x", "Bearer", "Basic bWFyaWE6eA==", f"bearer {house.clinic.token}x", house.clinic.token):
                assert stranger.open(where, method=method, headers={"Authorization": header}, **body).status_code == 401, (rule.rule, header)
            assert stranger.open(where, method=method, headers=house.clinic.bearer, **body).status_code in (
                {404 if rule.endpoint in NOT_THERE else 200} if method == "GET" else {400, 415, 422, 428}
            )
        elif LISTED[rule.endpoint] is not Door.OPEN:
            assert turned_away(stranger.open(where, method=method, headers=house.clinic.bearer)), rule.rule
    assert house.rows() == before


@pytest.mark.campaign
def test_no_act_of_the_pages_is_done_without_its_token_or_without_its_origin(house: House, keys: dict[str, str]) -> None:
    before = house.rows()
    for who in ROLES:
        client, token = house.browser(who)
        for rule, method in routes(house):
            if method != "GET" and not is_api(rule):
                for told in ({}, {"csrf_token": "x"}):
                    assert client.open(address(rule, keys), method=method, data={**FORMS.get(rule.endpoint, {}), **told}).status_code == 400, rule.rule
                if who == "maria":  # one of them is enough: nobody's role is asked before
                    form = {**FORMS.get(rule.endpoint, {}), "csrf_token": token}
                    assert client.open(address(rule, keys), method=method, data=form, headers={"Origin": ""}).status_code == 400, rule.rule
    assert house.rows() == before
    assert client.get("/sign-in").status_code == 200


@pytest.mark.campaign
def test_a_method_that_a_route_does_not_take_does_nothing(house: House, keys: dict[str, str]) -> None:
    before = house.rows()
    client, token = house.browser("maria")
    known = {(address(rule, keys), method) for rule, method in routes(house)}
    for where in sorted({where for where, _ in known}):
        for method in METHODS:
            if (where, method) not in known:
                answer = client.open(where, method=method, data={"csrf_token": token}, headers=house.clinic.bearer)
                assert answer.status_code == 405, (method, where)
                assert answer.headers["Allow"]
    assert house.rows() == before


def test_what_is_not_there_and_what_is_anothers_are_told_alike(house: House, keys: dict[str, str]) -> None:
    own, nothing = f"{API[0]}prescriptions/{keys['prescription_id']}", f"{API[0]}prescriptions/{uuid4()}"
    paper = f"{API[0]}prescriptions/{keys['order_id']}"
    assert house.clinic.get(own).status_code == 200
    said = []
    for system, where in ((house.neighbour, own), (house.neighbour, nothing), (house.clinic, paper), (house.clinic, nothing)):
        answer = system.get(where)
        assert answer.status_code == 404
        said.append({name: value for name, value in answer.get_json().items() if name != "instance"})
    assert all(one == said[0] for one in said)
    assert house.neighbour.stored() == []


@pytest.mark.campaign
@pytest.mark.parametrize("key", ["6c098a4e-caab-452b-b5c7-a87202416e58", str(UUID(int=0)), "1", "x", "..%2F..", "%00", "' OR 1=1"])
def test_an_unknown_key_is_unknown_on_every_page(house: House, keys: dict[str, str], key: str) -> None:
    """Also for one that belongs to something else: the key of a fill is no batch's."""
    for rule, method in routes(house):
        if not is_api(rule) and any(argument.endswith("_id") for argument in rule.arguments):
            where = address(rule, keys)
            for known in keys.values():
                where = where.replace(known, key) if len(known) == 36 else where
            client, token = house.browser(allowed(rule))
            answer = client.open(where, method=method, data={**FORMS.get(rule.endpoint, {}), "csrf_token": token})
            assert answer.status_code == 404, (method, where, answer.status_code)


def everything(house: House, keys: Mapping[str, str]) -> Iterator[tuple[str, TestResponse]]:
    """Every answer that there is: each route for each kind of visitor, what is not found, what is not taken, what is too large, what fails."""
    nobody, (maria, token) = house.app.test_client(), house.browser("maria")
    for rule, method in routes(house):
        where, form = address(rule, keys), {**FORMS.get(rule.endpoint, {}), "csrf_token": token, "patient.name": NAME, "reading": "x"}
        if rule.endpoint != "session.sign_out":
            yield where, maria.open(where, method=method, data=form, buffered=True)
        yield where, house.clinic.client.open(where, method=method, headers=house.clinic.bearer, buffered=True)
        for said in (method, "TRACE", "OPTIONS", "HEAD"):
            yield where, nobody.open(where, method=said, buffered=True)
    for where in ("/nowhere", "/api/nowhere", f"{API[0]}nowhere", "/assets/nowhere.css", "/prescriptions/x", "/%ff", "/health/x"):
        yield where, maria.get(where)
    for where in ("/prescriptions/new", f"{API[0]}prescriptions"):
        yield where, maria.post(where, data={"patient.name": NAME * 30_000, "csrf_token": token})


def failures(house: House) -> Iterator[TestResponse]:
    """What is answered when the database takes no order any more, by both doors."""
    connection = sqlite3.connect(house.path)
    connection.execute("CREATE TRIGGER disk BEFORE INSERT ON prescription BEGIN SELECT RAISE(ABORT, 'no room'); END")
    connection.close()
    yield house.clinic.send(order(f"{NAME} again"))
    yield house.post("linh", "/prescriptions/new", flat(order(f"{NAME} again")))


def named(text: str) -> bool:
    return any(part.casefold() in text.casefold() for part in NAME.split())


@pytest.mark.campaign
def test_every_answer_has_its_guards_and_neither_an_address_nor_the_log_names_a_patient(
    worn: tuple[House, dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for where, answer in everything(*worn):
        assert set(answer.headers.keys()) >= GUARDS, (where, answer.status)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert not named(str(answer.headers)), where
        assert not [link for link in _LINKS.findall(answer.data.decode(errors="replace")) if named(unescape(link))], where
        assert answer.status_code < 500, where
        if answer.data and answer.mimetype in {"text/html", "application/pdf", "application/json", "application/problem+json"}:
            assert answer.headers["Cache-Control"] == "no-store", where
    logging.getLogger("proof").info("the log is listened to")
    assert "the log is listened to" in caplog.text
    assert not named(caplog.text)


def test_a_failure_names_no_patient_on_its_page_or_in_the_log(sqlite_template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    broken = House.opened(sqlite_template, tmp_path)
    assert broken.clinic.stored() == []  # the day on which a token was used is kept, and that somebody signed in
    assert broken.browser("linh")
    before = broken.rows()
    for answer in failures(broken):
        said = answer.get_data(as_text=True)
        assert answer.status_code == 500
        assert not named(said)
        assert set(answer.headers.keys()) >= GUARDS
        assert answer.headers["Cache-Control"] == "no-store"
        assert re.search(r"urn:uuid:[0-9a-f-]{36}", said)[0] in caplog.text
    assert broken.rows() == before
    broken.close()
    assert "no room" in caplog.text
    assert not named(caplog.text)


def test_a_label_names_the_patient_on_its_page_alone(house: House, keys: dict[str, str]) -> None:
    """Not in the name of the file, and not in the properties that a viewer or an archive shows."""
    answer = house.browser("maria")[0].get(f"/labels/{keys['label_id']}.pdf")
    assert not named(answer.headers["Content-Disposition"])
    with pikepdf.open(BytesIO(answer.data)) as document:
        assert not named(" ".join(f"{name} {value}" for name, value in document.docinfo.items()))
        with document.open_metadata() as metadata:
            assert not named(str(metadata))
        assert document.pages


@pytest.mark.campaign
def test_a_share_of_the_probes_finds_no_answer_that_is_not_declared(worn: tuple[House, dict[str, str]]) -> None:
    outcome = run(*worn, every=101)  # all of them, some twenty thousand: `python -m tests.probes`
    assert (outcome.wrong, outcome.count > 190) == ((), True)
