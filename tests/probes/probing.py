"""Every route x every method x eleven principals x what is theirs and what is not: what each is answered, held against what it should be."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from compounding.db.people import ClientTokenRow, PersonRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, Door
from compounding.domain.people import Role, system_actor
from compounding.workflow import clients, glass, staffing
from compounding.workflow.act import Act
from tests.access import FORMS, LISTED, METHODS, address, is_api, may
from tests.adversary import PASSWORD, SECRETS, House
from tests.api.orders import OTHER_NPI, titration
from tests.web.conftest import Visitor

OWN, OTHER = "own", "other"
NO_SUCH = {"code": "NONE", "year_month": "1999-01", "kind": "nothing", "language": "NONE"}  # keys that are no UUID, of what is not there
_SYSTEM = system_actor("command line")
_PAIRS = {Role.PRESCRIBER: {Role.PRESCRIBER}, Role.AUDITOR: {Role.ADMINISTRATOR}, Role.ADMINISTRATOR: {Role.AUDITOR}}
_WRITTEN_BY_LOOKING = {"audit_entry", "client_token"}  # that the trail was read, and the day on which a token was used


@dataclass(frozen=True)
class Principal:
    """Somebody who asks: with a role, or with none that counts any more."""

    name: str
    role: Role | None
    client: FlaskClient
    bearer: Mapping[str, str]
    token: str
    keys: Mapping[str, str]


@dataclass(frozen=True)
class Probe:
    """One request of one principal."""

    who: Principal
    rule: Rule
    method: str
    whose: str


@dataclass(frozen=True)
class Outcome:
    """What came of all of them: how many of each kind of answer, and those that should not have been."""

    answers: Counter[str]
    wrong: tuple[str, ...]

    @property
    def count(self) -> int:
        return sum(self.answers.values())


def principals(house: House, keys: Mapping[str, str]) -> list[Principal]:
    """All eleven; what is there is the house's, but for orders, which are a prescriber's own, and for broken glass."""
    pharmacy = house.bench.pharmacy
    for username in ("paula", "dora"):
        pharmacy.perform(ActName.PERSON_ADD, _SYSTEM, lambda act, username=username: _join(act, username))
    theirs = house.neighbour.send(titration() | {"prescriber": titration()["prescriber"] | {"npi": OTHER_NPI}}).get_json()["id"]
    staff = {}
    for username, role in {"linh": Role.TECHNICIAN, "james": Role.PHARMACIST, "paula": Role.PHARMACIST, "maria": Role.IN_CHARGE,
                           "omar": Role.AUDITOR, "ada": Role.ADMINISTRATOR, "dora": None}.items():  # fmt: skip
        own = {**keys, "glass_id": _broken(house, username, keys)} if username in {"omar", "ada"} else keys
        staff[username] = Principal(username, role, *_signed_in(house, username), own)
    key = {row.username: row.id for row in _people(house)}["dora"]
    pharmacy.perform(ActName.PERSON_DISABLE, house.actors["ada"], lambda act: staffing.disable(act, key))
    return [
        Principal("nobody", None, house.app.test_client(), {}, "", keys),
        Principal("Harbour Clinic", Role.PRESCRIBER, house.clinic.client, house.clinic.bearer, "", keys),
        Principal("Hill Practice", Role.PRESCRIBER, house.neighbour.client, house.neighbour.bearer, "", {**keys, "prescription_id": theirs}),
        *staff.values(),
        Principal("revoked", None, house.app.test_client(), {"Authorization": f"Bearer {_revoked(house)}"}, "", keys),
    ]


def probes(house: House, everybody: list[Principal]) -> Iterator[Probe]:
    """All of them, from the map of addresses; a method that another route of the same address takes is that one's."""
    rules = sorted(house.app.url_map.iter_rules(), key=lambda rule: (rule.rule, str(rule.methods)))
    taken = {(rule.rule, method) for rule in rules for method in rule.methods or ()}
    for rule in rules:
        for method in METHODS:
            if method in (rule.methods or ()) or (rule.rule, method) not in taken:
                for who in everybody:
                    for whose in (OWN, OTHER) if _has_owner(rule) else (OWN,):
                        yield Probe(who, rule, method, whose)


def ask(probe: Probe, others: Mapping[str, str]) -> TestResponse:
    """Send it: with the token of the forms where the answer must be a refusal by role or a 404, without it where the act would be done."""
    who, needed = probe.who, LISTED[probe.rule.endpoint]
    where = address(probe.rule, who.keys if probe.whose == OWN else others)
    if is_api(probe.rule):
        body = {} if probe.method == "GET" else {"json": {}}
        return who.client.open(where, method=probe.method, headers=who.bearer, buffered=True, **body)
    would_act = needed is Door.OPEN or (who.role is not None and may(who.role, needed) and probe.whose == OWN)
    form = {**FORMS.get(probe.rule.endpoint, {}), **({} if would_act or not who.token else {"csrf_token": who.token})}
    return who.client.open(where, method=probe.method, data=None if probe.method == "GET" else form, headers=who.bearer, buffered=True)


def allowed(probe: Probe) -> set[int]:
    """The answers that are right; 302 here leads to the sign-in, and is held against that apart."""
    needed, is_read = LISTED[probe.rule.endpoint], probe.method == "GET"
    if probe.method not in (probe.rule.methods or ()):
        return {405}
    if needed is Door.OPEN:
        return {200} if is_read else {400}
    return _of_the_api(probe) if is_api(probe.rule) else _of_the_pages(probe, is_read=is_read)


def _of_the_pages(probe: Probe, *, is_read: bool) -> set[int]:
    role = probe.who.role
    if role is None or role is Role.PRESCRIBER:
        return {302} if is_read else {401}  # a form of this house is kept over the sign-in
    if not may(role, LISTED[probe.rule.endpoint]):
        return {403}
    if probe.whose == OTHER:
        return {404}
    return {200, 301, 302, 303} if is_read else {400}


def _of_the_api(probe: Probe) -> set[int]:
    if probe.who.role is not Role.PRESCRIBER:
        return {401}
    if not may(Role.PRESCRIBER, LISTED[probe.rule.endpoint]):
        return {403}
    if probe.method == "GET":
        return {200, 404} if probe.whose == OWN else {404}
    return {400, 404, 409, 412, 415, 422, 428}


def judge(probe: Probe, answer: TestResponse) -> str | None:
    """What is wrong with an answer; None where nothing is."""
    told = f"{probe.who.name}: {probe.method} {probe.rule.rule} ({probe.whose}) -> {answer.status_code}"
    leads_in = answer.status_code == 302 and not (answer.location or "").startswith("/sign-in")
    if answer.status_code not in allowed(probe):
        return told
    if leads_in and (probe.who.role is None or probe.who.role is Role.PRESCRIBER) and LISTED[probe.rule.endpoint] is not Door.OPEN:
        return f"{told} {answer.location}"
    return None


def run(house: House, keys: Mapping[str, str], *, every: int = 1) -> Outcome:
    """Send each, or each so-and-so-many-th, and judge it; somebody else's object is told as one that is not there."""
    everybody = principals(house, keys)
    unknown = {name: NO_SUCH.get(name, str(uuid4()) if name.endswith("_id") else value) for name, value in keys.items()}
    before = _rows(house)
    answers: Counter[str] = Counter()
    wrong = []
    for number, probe in enumerate(probes(house, everybody)):
        if number % every:
            continue
        answer = ask(probe, _others(probe, everybody, unknown))
        answers[f"{answer.status_code // 100}xx"] += 1
        if said := judge(probe, answer):
            wrong.append(said)
        elif probe.whose == OTHER and answer.status_code == 404 and _told(answer) != _told(ask(probe, unknown)):
            wrong.append(f"{probe.who.name}: {probe.method} {probe.rule.rule}: another's is told otherwise than none")
    wrong += [f"rows of {table} were written" for table, rows in _rows(house).items() if rows != before[table]]
    return Outcome(answers, tuple(wrong))


def _rows(house: House) -> Mapping[str, frozenset[tuple[object, ...]]]:
    return {table: rows for table, rows in house.rows().items() if table not in _WRITTEN_BY_LOOKING}


def _others(probe: Probe, everybody: list[Principal], unknown: Mapping[str, str]) -> Mapping[str, str]:
    """Keys of what is somebody else's of the same kind (the other prescriber's order, the other's glass); of what is the house's, keys of nothing."""
    own = {Role.PRESCRIBER: "prescription_id", Role.AUDITOR: "glass_id", Role.ADMINISTRATOR: "glass_id"}.get(probe.who.role or Role.SYSTEM)
    theirs = [who.keys[own] for who in everybody if own and who is not probe.who and who.role in _PAIRS.get(probe.who.role or Role.SYSTEM, ())]
    return {**unknown, **({own: theirs[0]} if own and theirs else {})}


def _told(answer: TestResponse) -> object:
    """What is said, without the number of this very answer."""
    if answer.is_json:
        return {name: value for name, value in (answer.get_json() or {}).items() if name not in {"instance", "id"}}
    return [line for line in answer.get_data(as_text=True).splitlines() if "urn:uuid:" not in line and "csrf_token" not in line]


def _has_owner(rule: Rule) -> bool:
    return any(argument.endswith("_id") or argument in NO_SUCH for argument in rule.arguments)


def _signed_in(house: House, username: str) -> tuple[FlaskClient, Mapping[str, str], str]:
    visitor = Visitor(house.app.test_client())
    assert visitor.sign_in(username, PASSWORD).status == 302
    return visitor.client, {}, visitor.read("/sign-in").value("csrf_token")


def _join(act: Act, username: str) -> None:
    act.session.add(
        PersonRow(username=username, name=f"{username} P", initials="P", role=Role.PHARMACIST, licence="1", active=True, created_at=act.at, **SECRETS)
    )


def _people(house: House) -> list[PersonRow]:
    with reading(house.bench.pharmacy.engine) as session:
        return list(session.scalars(select(PersonRow)))


def _broken(house: House, username: str, keys: Mapping[str, str]) -> str:
    number = int(house.bench.prescription(UUID(keys["order_id"])).number)
    return str(house.bench.pharmacy.perform(ActName.GLASS_BREAK, house.actors[username], lambda act: glass.break_glass(act, number, "a court's order")))


def _revoked(house: House) -> str:
    pharmacy = house.bench.pharmacy
    client_id, secret = pharmacy.perform(ActName.CLIENT_ADD, _SYSTEM, lambda act: clients.add_client(act, "Former Practice", [OTHER_NPI]))
    with reading(pharmacy.engine) as session:
        key = session.scalars(select(ClientTokenRow.id).where(ClientTokenRow.client_id == client_id)).one()
    pharmacy.perform(ActName.CLIENT_REVOKE, house.actors["ada"], lambda act: clients.revoke_token(act, client_id, key))
    return secret
