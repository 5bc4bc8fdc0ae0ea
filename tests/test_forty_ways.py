"""A hundred ways to get ten times the dose: by both doors, and on every page that comes after. None of them ends in anything that is made."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from compounding.domain.money import Money
from compounding.domain.prescription import Form, PrescriptionStatus, Unit
from compounding.domain.quantity import decimal_text
from compounding.schemas.planning import REQUEST
from compounding.workflow.inventory import Receipt
from tests.adversary import PASSWORD, Fields, House
from tests.ways_of_orders import BLOCKED, RENAMED, SPELLINGS, STOPPED, TENFOLD, Way, flat, having, order
from tests.ways_of_pages import AT_THE_BENCH, AT_THE_COUNTER, HANDED, PLAN, PLANNING, SEEN, SIGNED, Post, bring
from tests.web.conftest import Visitor
from tests.web.reading import Page
from tests.workflow.orders import FIRST_DAY, IN_L1, IN_L2
from tests.workflow.orders import order as order_of

pytestmark = pytest.mark.campaign

DOORS = ("API", "form")
RULES = tuple(f"r{number}" for number in range(1, 41))
ANSWERED = {f"answers.{rule}.{part}": text for rule in RULES for part, text in (("chosen", "Confirmed with the prescriber"), ("contact", "called today"))}
_numbers = iter(range(10_000))


@pytest.fixture(scope="module")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One pharmacy for all ways: each has a patient of its own."""
    house = House.opened(sqlite_template, tmp_path_factory.mktemp("ways"))
    many = Receipt("tablet-sun-100", "WAYS", FIRST_DAY + timedelta(days=390), 1000, Money.of(700))  # it expires first, so it is taken
    house.bench.take_in(many, tablet_mg=250)
    yield house
    house.close()


@pytest.fixture(scope="module")
def stages() -> dict[str, dict[str, str]]:
    """One order for each stage: what is refused changes nothing, so the next may be tried on the same."""
    return {}


def somebody() -> str:
    """The name of a patient whom nobody knows yet, in letters."""
    number = next(_numbers)
    return "Ann Wayward " + "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))


def send(house: House, door: str, what: object) -> tuple[int, str, str]:
    """What a door answers: the status, what it says, and the id of the order if there is one now."""
    if door == "API":
        answer = house.clinic.send_text(what) if isinstance(what, str) else house.clinic.send(what)
        return answer.status_code, answer.get_data(as_text=True), (answer.get_json() or {}).get("id", "")
    answer = house.post("linh", "/prescriptions/new", flat(what))
    return answer.status_code, answer.get_data(as_text=True), answer.headers.get("Location", "").removeprefix("/prescriptions/")


def doors(ways: Mapping[str, Way]) -> list[object]:
    return [pytest.param(way, door, id=f"{name}, {door}") for name, way in ways.items() for door in DOORS if way.web or door == "API"]


@pytest.mark.parametrize("door", DOORS)
def test_an_order_that_is_right_can_be_planned(house: House, door: str) -> None:
    status, said, key = send(house, door, order(somebody()))
    assert status in {201, 302}, said
    assert house.status(UUID(key)) == "received"

    assert house.post("maria", f"/prescriptions/{key}/accept", {**SIGNED, **typed_again(house, key)}).status_code == 303
    assert house.post("linh", f"/prescriptions/{key}/plan", PLAN).headers["Location"].startswith("/batches/")


@pytest.mark.parametrize(("way", "door"), doors(SPELLINGS))
def test_what_cannot_be_read_in_one_way_is_refused_by_name_and_not_stored(house: House, way: Way, door: str) -> None:
    before = house.records()
    status, said, _ = send(house, door, way.change(order(somebody())))

    assert status in {400, 422}, said
    assert house.records() == before
    assert (f'"field": "{way.field}"' if door == "API" else f'href="#{way.field}"') in said or not way.field


@pytest.mark.parametrize(("way", "door"), doors({**STOPPED, **BLOCKED, **RENAMED}))
def test_what_is_dangerous_is_kept_with_its_rule_and_nobody_plans_it(house: House, way: Way, door: str) -> None:
    name = somebody()
    if way.before:
        _, _, first = send(house, door, way.before(order(name)))
        assert house.status(UUID(first)) in {"declined", "held"}
    status, said, key = send(house, door, way.change(order(name)))

    assert status in {201, 302}, said
    kept = house.bench.prescription(UUID(key))
    assert kept.status == way.status
    assert set(way.rules.split()) <= {finding.rule for finding in kept.findings}
    if door == "API":
        nobody_plans(house, key, kept.status)
    assert house.post("maria", f"/prescriptions/{key}/plan", {**PLAN, **ANSWERED, **SIGNED}).status_code == 409
    assert house.bench.prescription(UUID(key)).fills == ()


def nobody_plans(house: House, key: str, status: PrescriptionStatus) -> None:
    """Everybody tries, signed and with every answer at hand; but for a block the prescriber was not reached."""
    before, address, signed = house.planned(), f"/prescriptions/{key}", {**SIGNED, **typed_again(house, key)}
    unreached = {name: text for name, text in ANSWERED.items() if name.endswith(".chosen")}
    assert house.post("linh", f"{address}/plan", {**PLAN, **ANSWERED, **SIGNED}).status_code == 409
    assert house.post("linh", f"{address}/accept", {**ANSWERED, **signed}).status_code in {403, 409}
    assert house.post("maria", f"{address}/accept", {**unreached, **signed}).status_code in {409, 422}
    if status is not PrescriptionStatus.RECEIVED:
        assert house.post("maria", f"{address}/accept", {**ANSWERED, **signed}).status_code in {409, 422}
    assert house.status(UUID(key)) == status
    assert house.planned() == before


def typed_again(house: House, key: str) -> dict[str, str]:
    """The doses as the pharmacist types them again."""
    asked = house.bench.prescription(UUID(key)).retype
    return {f"retyped.{place}": decimal_text(item.dose.mg * (1 if item.unit is Unit.MG else 1000)) for place, item in enumerate(asked)}


@pytest.mark.parametrize("spell", [lambda name: name + "e", lambda name: name.replace("A", "\u0410", 1)], ids=["a letter more", "a letter of Cyrillic"])
def test_a_slip_in_the_name_does_not_hide_what_was_stopped(house: House, spell: object) -> None:
    """Birth date and telephone tell that it is the same patient; with another telephone too it is somebody else, and waits for a pharmacist."""
    name = somebody()
    assert callable(spell)
    misspelt = having(patient__name=spell(name))
    send(house, "API", TENFOLD(order(name)))
    _, _, key = send(house, "API", misspelt(order(name)))
    _, _, stranger = send(house, "API", having(patient__phone="555-999-0000")(misspelt(order(name))))

    (found,) = [finding for finding in house.bench.prescription(UUID(key)).findings if finding.rule == "R30"]
    assert f"name: then {name}, now {spell(name)}" in found.sentence
    nobody_plans(house, key, PrescriptionStatus.RECEIVED)
    assert "R30" not in {finding.rule for finding in house.bench.prescription(UUID(stranger)).findings}
    assert house.post("linh", f"/prescriptions/{stranger}/accept", SIGNED).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        having(strength={"value": "0.45", "unit": "mg"}, supply={"quantity": {"value": "300", "unit": "capsule"}}),
        having(form="oral_liquid", strength={"value": "10", "unit": "mg/mL"}),
        having(form="oral_liquid", strength={"value": "0.1", "unit": "mg/mL"}),
    ],
    ids=["ten capsules of 0.45", "10 mg/mL", "0.1 mg/mL"],
)
@pytest.mark.parametrize("formula", [PLAN, {**PLAN, "formula": "L1", "container": "bottle-120-ml", "device": "syringe-5-by-0.1", "method": "whole tablets"}])
def test_no_formula_stands_in_for_a_strength_that_is_not_made(house: House, change: object, formula: Fields) -> None:
    assert callable(change)
    _, _, key = send(house, "API", change(order(somebody())))
    assert house.post("maria", f"/prescriptions/{key}/accept", {**ANSWERED, **SIGNED, **typed_again(house, key)}).status_code == 303
    before = house.planned()

    assert house.post("linh", f"/prescriptions/{key}/plan", formula).status_code == 422
    assert house.planned() == before


@pytest.mark.parametrize("post", [pytest.param(post, id=name) for name, post in {**PLANNING, **AT_THE_BENCH, **AT_THE_COUNTER}.items()])
def test_a_page_that_is_posted_out_of_turn_or_with_other_fields_changes_nothing(house: House, stages: dict[str, dict[str, str]], post: Post) -> None:
    keys = stages[post.stage] = stages.get(post.stage) or bring(house, post.stage, somebody())
    fields = filled_in(house, keys, post.fields)
    before = house.records()

    answer = house.post(post.who, post.address.format(**keys), fields)
    assert answer.status_code == post.status, Page.of(answer).text
    assert house.records() == before


def filled_in(house: House, keys: Mapping[str, str], fields: Fields) -> Fields:
    """`fields` with the traits that the page gives out."""
    if "batch" not in keys or keys["batch"] == "None":
        return fields
    checks = house.bench.batch(UUID(keys["batch"])).formula.checks
    shown = {f"{{{part}.{number}}}": getattr(check, part) for number, check in enumerate(checks) for part in ("trait", "expected")}
    return {name: shown.get(text, text) if isinstance(text, str) else text for name, text in fields.items()}


def test_the_bench_form_that_all_of_these_change_is_taken_as_it_is(house: House) -> None:
    keys = bring(house, "counted", somebody())
    weigh, compound = AT_THE_BENCH["ten times the powder"], AT_THE_BENCH["300 capsules of 30"]

    assert house.post("linh", weigh.address.format(**keys), {**weigh.fields, "reading": "675"}).status_code == 303
    house.bench.weigh_all(UUID(keys["batch"]))
    assert house.post("linh", f"/batches/{keys['batch']}/witness", SEEN).status_code == 303
    assert house.post("linh", compound.address.format(**keys), {**filled_in(house, keys, compound.fields), "made": "30"}).status_code == 303


def test_an_opioid_that_was_told_at_the_counter_is_not_talked_away(house: House) -> None:
    keys = bring(house, "checked", somebody())
    before, address = house.records(), f"/fills/{keys['fill']}/hand-over"
    told = {**HANDED, "opioid.recent": "yes", "opioid.recent_drug": "oxycodone", "opioid.recent_last_dose": "2026-03-01"}
    for fields in (told, HANDED, {**told, **ANSWERED}, HANDED):
        assert house.post("maria", address, fields).status_code == 422
    after = house.records()
    assert {table for table in after if after[table] != before[table]} == {"finding", "audit_entry"}


def test_a_key_that_was_used_for_one_dose_takes_no_other(house: House) -> None:
    name = somebody()
    assert house.clinic.send(order(name), key="once").status_code == 201
    before = house.records()

    refused = house.clinic.send(TENFOLD(order(name)), key="once")
    assert (refused.status_code, [error["field"] for error in refused.get_json()["errors"]]) == (422, ["Idempotency-Key"])
    assert house.clinic.send(order(name), key="once").status_code == 201
    assert house.records() == before


@pytest.mark.parametrize("what", [order, lambda name: TENFOLD(order(name))], ids=["right", "tenfold"])
def test_a_system_writes_for_its_own_prescribers_alone(house: House, what: Callable[[str], object]) -> None:
    before = house.records()
    assert house.neighbour.send(what(somebody())).status_code == 403
    assert house.records() == before


def test_a_row_that_is_spelled_in_two_ways_is_refused_and_not_merged(house: House) -> None:
    for name in ("steps.00.dose", "steps.0.dose[]", "steps.0.dose.value", "steps.x.dose", "steps.1000.dose", "steps.-1.dose", "Steps.0.dose"):
        before = house.records()
        assert house.post("linh", "/prescriptions/new", {**flat(order(somebody())), name: "45"}).status_code == 422, name
        assert house.post("linh", "/prescriptions/new", {name: "45", **flat(order(somebody()))}).status_code == 422, name
        assert house.records() == before


def test_a_dose_beside_the_form_is_not_read(house: House) -> None:
    """In the address or as a file, a field is no field of the form."""
    fields = flat(order(somebody()))
    answer = house.post("linh", "/prescriptions/new?steps.0.dose=45&steps.1.dose=45", fields)
    kept = house.bench.prescription(UUID(answer.headers["Location"].removeprefix("/prescriptions/")))
    assert [str(step.dose) for step in kept.order.steps] == ["4.5 mg"]

    client, token = house.browser("linh")
    without = {name: text for name, text in fields.items() if name != "steps.0.dose"}
    sent = {**without, "csrf_token": token, "steps.0.dose": (BytesIO(b"45"), "dose.txt")}
    assert client.post("/prescriptions/new", data=sent, content_type="multipart/form-data").status_code == 422


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_an_order_that_was_taken_cannot_be_written_over(house: House, method: str) -> None:
    keys = bring(house, "accepted", somebody())
    client, token = house.browser("maria")
    before = house.records()
    for address in (f"/prescriptions/{keys['order']}", f"/prescriptions/{keys['order']}/plan", "/prescriptions/new"):
        assert client.open(address, method=method, data={**PLAN, "steps.0.dose": "45", "csrf_token": token}).status_code == 405
    for address in (f"/api/v1/prescriptions/{keys['order']}", "/api/v1/prescriptions"):
        assert house.clinic.client.open(address, method=method, json=TENFOLD(order("Ann")), headers=house.clinic.bearer).status_code == 405
    assert house.records() == before


@pytest.mark.parametrize("token", ["", "x", "of a session before", "of somebody else"])
def test_a_form_with_an_older_token_or_with_anothers_does_nothing(house: House, token: str) -> None:
    keys = bring(house, "accepted", somebody())
    visitor = Visitor(house.app.test_client())
    older = visitor.read("/sign-in").value("csrf_token")
    assert visitor.sign_in("linh", PASSWORD).status == 302
    told = {"of a session before": older, "of somebody else": house.browser("maria")[1]}.get(token, token)
    before = house.records()

    assert visitor.client.post(f"/prescriptions/{keys['order']}/plan", data={**PLAN, "csrf_token": told}).status_code == 400
    assert house.records() == before


def test_only_a_pharmacist_decides_what_the_plan_is_blocked_for(house: House) -> None:
    """A bottle of five times the strength that the patient knows: a technician may plan, and may not answer this."""
    bench, name = house.bench, somebody()
    weak = order_of(("4.5", 7), form=Form.ORAL_LIQUID, name=name)
    bench.handed_over(bench.planned(weak, IN_L1)[0])
    bench.clock.pass_days(7)
    try:
        later = replace(order_of(("4.5", 20), form=Form.ORAL_LIQUID, name=name), written_on=date(2026, 3, 8))
        order_id, stronger = bench.accepted(later), {**PLAN, **flat(REQUEST.dump(replace(IN_L2, container="bottle-60-ml", starts_on=date(2026, 3, 9))))}
        address, before = f"/prescriptions/{order_id}/plan", house.planned()

        assert house.post("maria", address, {**stronger, **SIGNED}).status_code == 422
        assert house.post("linh", address, {**stronger, **ANSWERED, **SIGNED}).status_code == 403
        assert house.planned() == before
        assert house.post("maria", address, {**stronger, **ANSWERED, **SIGNED}).status_code == 303
    finally:
        bench.clock.pass_days(-7)
