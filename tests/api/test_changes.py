"""What a prescriber's system changes about its own orders, and what it never can: another's, or what was seen in another state."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from compounding.db.costs import CostRow
from compounding.db.labels import LabelRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict
from compounding.workflow import changes, labels
from tests.adversary import House
from tests.api.conftest import ORDERS
from tests.api.orders import changed, titration
from tests.workflow.bench import PROFILE
from tests.workflow.orders import IN_CAPSULES, IN_L1

pytestmark = pytest.mark.usefixtures("morning")

_people = count(1)
NOW = {
    "written_on": "2026-03-02",
    "opioid": {"recent": "no", "depot": "no", "surgery": "no", "answered_by": "the patient", "asked_by": "Dr Bea Sample"},
    "taken": {"present_dose": "1.5", "unit": "mg"},
    "last_taken": "2026-03-01",
}


def named() -> str:
    return f"Ada Example {''.join(chr(97 + int(digit)) for digit in str(next(_people)))}"


def sent(house: House, order: dict[str, Any] | None = None) -> tuple[str, UUID]:
    """The address and the key of a new order of the clinic for a patient of its own."""
    order = order or titration()
    order["patient"] |= {"name": named()}
    told = house.clinic.send(order).get_json()
    return told["links"]["self"], UUID(told["id"])


def thirty_capsules() -> dict[str, Any]:
    order = titration()
    order |= {"form": "capsule", "steps": [{"dose": "4.5", "unit": "mg", "when": ["bedtime"], "days": 30}], "supply": {"days": 30}}
    order["therapy"] = {"status": "continuing", "present_dose": "4.5", "unit": "mg", "last_taken": "2026-03-01"}
    del order["strength"]
    return order


def checked(house: House) -> tuple[str, UUID, UUID]:
    """An order of the clinic whose one container is made, labelled and checked: its address, its key, the container's."""
    address, order_id = sent(house, thirty_capsules())
    house.bench.accept(order_id)
    (fill,) = house.bench.plan(order_id, IN_CAPSULES)
    house.bench.made(fill)
    house.bench.label(fill)
    house.bench.check(fill)
    return address, order_id, fill


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.get_json()["code"]


def of_labels(house: House, fill: UUID) -> list[str]:
    with reading(house.bench.pharmacy.engine) as session:
        return list(session.scalars(select(LabelRow.status).where(LabelRow.fill_id == fill).order_by(LabelRow.version)))


def test_an_order_of_which_nothing_was_begun_is_cancelled_with_its_reason(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    house.bench.plan(order_id, IN_L1)
    answer = house.clinic.change(f"{address}/cancellation", {"reason": "written twice"})
    assert answer.status_code == 200
    told = answer.get_json()["prescription"]
    assert (told["status"], told["fills"]) == ("cancelled", [])
    (change,) = told["changes"]
    assert (change["kind"], change["reason"], change["open"], change["already_made"], change["days_left"]) == ("cancel", "written twice", False, [], 42)
    assert house.clinic.get(address).get_json() == told
    assert problem(house.clinic.change(f"{address}/cancellation", {"reason": "again"})) == (409, "prescription-state")


def test_what_is_made_already_is_told_its_label_is_void_and_a_pharmacist_sees_to_it(house: House) -> None:
    address, order_id, fill = checked(house)
    told = house.clinic.change(f"{address}/cancellation", {"reason": "an opioid was begun"}).get_json()["prescription"]
    (made,) = told["changes"][0]["already_made"]
    assert (made["fill"], made["was"], made["now"], made["label_void"]) == (1, "checked", "made", True)
    assert made["batch"]
    assert (told["status"], told["changes"][0]["open"]) == ("held", True)
    assert of_labels(house, fill) == ["void"]
    with pytest.raises(Conflict, match="ended this order"):
        house.bench.accept(order_id)
    composed = house.bench.pharmacy.look(LookName.LABELS, house.bench.linh, lambda look: labels.compose(look, fill, PROFILE))
    assert composed.fill_id == fill
    with pytest.raises(Conflict, match="nothing more is made or given"):
        house.bench.label(fill)
    house.bench.pharmacy.perform(ActName.PRESCRIPTION_CARRY_OUT, house.bench.maria, lambda act: changes.carry_out(act, order_id))
    after = house.clinic.get(address).get_json()
    assert (after["status"], after["changes"][0]["open"]) == ("cancelled", False)
    with reading(house.bench.pharmacy.engine) as session:
        assert session.scalars(select(CostRow.cause).where(CostRow.fill_id == fill)).unique().all() == ["withdrawn, recalled or damaged"]
    with pytest.raises(Conflict):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_CARRY_OUT, house.bench.maria, lambda act: changes.carry_out(act, order_id))


def test_a_batch_that_is_being_made_goes_on_to_a_decision_and_never_to_the_patient(house: House) -> None:
    address, order_id = sent(house, thirty_capsules())
    house.bench.accept(order_id)
    (fill,) = house.bench.plan(order_id, IN_CAPSULES)
    batch = house.bench.draw_up(fill)
    told = house.clinic.change(f"{address}/changes", {"kind": "stop", "reason": "side effects"}).get_json()["prescription"]
    assert [(item["was"], item["now"]) for item in told["changes"][0]["already_made"]] == [("planned", "planned")]
    with pytest.raises(Conflict, match="A batch for a container"):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_CARRY_OUT, house.bench.maria, lambda act: changes.carry_out(act, order_id))
    with pytest.raises(Conflict, match="nothing more is made or given"):
        house.bench.count(batch)


def test_after_a_hand_over_an_order_is_not_cancelled_but_stopped(house: House) -> None:
    address, order_id, fill = checked(house)
    house.bench.hand_over(fill)
    assert problem(house.clinic.change(f"{address}/cancellation", {"reason": "too late"})) == (409, "handed-over")
    told = house.clinic.change(f"{address}/changes", {"kind": "stop", "reason": "it does not help"}).get_json()["prescription"]
    assert (told["status"], told["changes"][0]["days_left"]) == ("cancelled", 30)
    (given,) = house.clinic.get(f"{address}/dispenses").get_json()["dispenses"]
    assert (given["fill"], given["voided"], given["first_dose_on"], given["last_dose_on"]) == (1, False, "2026-03-02", "2026-03-31")
    assert house.clinic.get(f"/api/v1/dispenses/{given['id']}").get_json() == given
    assert problem(house.neighbour.get(f"/api/v1/dispenses/{given['id']}")) == problem(house.neighbour.get(f"/api/v1/dispenses/{uuid4()}"))
    assert house.bench.prescription(order_id).status == "cancelled"


def test_a_step_back_gives_an_order_for_the_days_that_are_left_which_is_screened_anew(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    first, *_ = house.bench.plan(order_id, IN_L1)
    for step in (house.bench.made, house.bench.label, house.bench.check, house.bench.hand_over):
        step(first)
    house.bench.clock.pass_days(20)
    now = NOW | {"taken": {"present_dose": "3", "unit": "mg"}, "last_taken": "2026-03-21", "written_on": "2026-03-22"}
    answer = house.clinic.change(f"{address}/changes", {"kind": "step_back", "reason": "vivid dreams", "to_step": 1, "now": now})
    assert answer.status_code == 200, answer.get_json()
    told, new = answer.get_json()["prescription"], answer.get_json()["replacement"]
    assert (told["status"], told["changes"][0]["days_left"], told["changes"][0]["total_left_mg"]) == ("cancelled", 22, "87")
    assert (new["status"], new["course"], new["replaces_id"], new["refills_left"]) == ("received", {"days": 22, "total_mg": "33"}, told["id"], 2)
    assert "R29" not in {finding["rule"] for finding in new["findings"]}
    wrong = house.clinic.change(f"{ORDERS}/{new['id']}/changes", {"kind": "step_back", "reason": "x", "to_step": 1, "now": now})
    assert problem(wrong) == (409, "prescription-state")
    house.bench.accept(UUID(new["id"]))
    lower = house.clinic.change(f"{ORDERS}/{new['id']}/changes", {"kind": "step_back", "reason": "x", "to_step": 1, "now": now})
    assert problem(lower) == (422, "to-step")


def test_another_form_gives_an_order_for_the_whole_course_where_nothing_was_taken_yet(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    body = {"kind": "other_form", "reason": "cannot measure", "form": "capsule", "strength": {"value": "1.5", "unit": "mg"}, "now": {**NOW}}
    del body["now"]["taken"], body["now"]["last_taken"]
    told = house.clinic.change(f"{address}/changes", body).get_json()
    assert (told["prescription"]["status"], told["replacement"]["status"]) == ("cancelled", "received")
    assert told["replacement"]["course"] == {"days": 42, "total_mg": "126"}
    assert house.bench.prescription(UUID(told["replacement"]["id"])).order.form == "capsule"


def test_another_order_in_the_place_of_one_is_reconciled_and_screened_and_an_old_stop_is_seen(house: House) -> None:
    order = changed("opioid.recent", "yes")
    order["opioid"] |= {"recent_drug": "oxycodone", "recent_last_dose": "2026-03-01"}
    address, order_id = sent(house, order)
    name = house.bench.prescription(order_id).order.patient.name
    better = titration()
    better["patient"] |= {"name": name}
    for slip in ({"name": "Eve Other"}, {"birth_date": "1981-02-28"}):
        other = {"kind": "order", "reason": "it was ibuprofen", "order": better | {"patient": better["patient"] | slip}}
        refused = house.clinic.change(f"{address}/changes", other)
        assert (problem(refused), refused.get_json()["errors"][0]["pointer"]) == ((422, "other-patient"), "/order/patient")
    told = house.clinic.change(f"{address}/changes", {"kind": "order", "reason": "it was ibuprofen", "order": better}).get_json()
    assert told["prescription"]["status"] == "cancelled"
    assert "R30" in {finding["rule"] for finding in told["replacement"]["findings"]}
    disagreeing = better | {"supply": {"days": 41}}
    again = house.clinic.change(f"{ORDERS}/{told['replacement']['id']}/changes", {"kind": "order", "reason": "41 days", "order": disagreeing}).get_json()
    assert (again["replacement"]["status"], "R31" in {finding["rule"] for finding in again["replacement"]["findings"]}) == ("held", True)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"kind": "hold"}, {"reason"}),
        ({"kind": "cancel", "reason": "x"}, {"kind"}),
        ({"kind": "hold", "reason": "x", "to_step": 1}, {"to_step"}),
        ({"kind": "step_back", "reason": "x"}, {"to_step", "now"}),
        ({"kind": "other_form", "reason": "x", "form": "capsule", "now": {}}, {"now.written_on", "now.opioid"}),
        ({"kind": "other_form", "reason": "x", "form": "capsule", "now": NOW, "strength": {"value": "1", "unit": "mg/mL"}}, {"strength.unit"}),
        ({"kind": "order", "reason": "x", "order": {}}, {"order.patient.name"}),
        ({"kind": "hold", "reason": "x", "from_on": "2026-03-01"}, {"from_on"}),
        ({"kind": "hold", "reason": "x", "from_on": "2027-04-01"}, {"from_on"}),
    ],
)
def test_a_change_that_cannot_be_read_names_its_fields_and_changes_nothing(house: House, body: dict[str, Any], fields: set[str]) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    answer = house.clinic.change(f"{address}/changes", body)
    assert answer.status_code == 422
    found = {error["field"] for error in answer.get_json()["errors"]}
    assert all(any(name == field or name.startswith(f"{field}.") for name in found) for field in fields), found
    assert house.clinic.get(address).get_json()["changes"] == []


def test_what_was_seen_in_another_state_is_not_changed(house: House) -> None:
    address, order_id = sent(house)
    seen = house.clinic.get(address).headers["ETag"]
    where, body = f"{address}/cancellation", {"reason": "x"}
    bearer = {**house.clinic.bearer, "Idempotency-Key": "seen"}
    assert problem(house.clinic.client.post(where, json=body, headers=bearer)) == (428, "precondition-required")
    assert problem(house.clinic.client.post(where, json=body, headers={**bearer, "If-Match": "*"})) == (428, "precondition-required")
    assert problem(house.clinic.client.post(where, json=body, headers={**house.clinic.bearer, "If-Match": seen})) == (400, "idempotency-key")
    house.bench.accept(order_id)
    for old in (seen, f"W/{house.clinic.get(address).headers['ETag']}"):
        assert problem(house.clinic.change(where, body, seen=old)) == (412, "precondition-failed")
    assert house.clinic.get(address).get_json()["status"] == "accepted"
    first = house.clinic.change(where, body, key="once")
    again = house.clinic.change(where, body, key="once", seen=seen)
    assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, first.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("cancellation", {"reason": "x"}),
        ("changes", {"kind": "hold", "reason": "x"}),
        ("refill-requests", {"present_dose": "4.5", "unit": "mg"}),
        (f"clarifications/{UUID(int=7)}/answer", {"text": "x"}),
        ("dispenses", None),
        ("labels", None),
    ],
)
def test_anothers_order_is_as_unknown_as_one_that_never_was(house: House, path: str, body: dict[str, str] | None) -> None:
    own, _ = sent(house)
    before = house.clinic.get(own).data
    told = []
    for address in (own, f"{ORDERS}/{uuid4()}"):
        where = f"{address}/{path}"
        answer = house.neighbour.get(where) if body is None else house.neighbour.change(where, body, seen=house.clinic.get(own).headers["ETag"])
        assert answer.status_code == 404
        told.append({name: value for name, value in answer.get_json().items() if name != "instance"})
    assert told[0] == told[1]
    assert house.clinic.get(own).data == before
