"""The pharmacy asks, the prescriber's system answers by words or another order, a pharmacist decides; and a refill that is asked for."""

import json
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.outbox import EventRow
from compounding.db.session import reading
from compounding.domain.authority import ActName, LookName
from compounding.domain.clarification import Question, Reason
from compounding.domain.errors import Conflict
from compounding.domain.scope import Scope
from compounding.workflow import clarifications, day
from compounding.workflow.clients import make_token, systems
from tests.adversary import House
from tests.api.conftest import ORDERS, System
from tests.api.orders import changed, titration
from tests.api.test_changes import NOW, checked, problem, sent
from tests.workflow.orders import IN_CAPSULES

pytestmark = pytest.mark.usefixtures("morning")


def asked(house: House, order_id: UUID, text: str = "Is 3 mg in the second step meant?", reason: Reason = Reason.STEPS) -> UUID:
    question = Question(reason, text)
    return house.bench.pharmacy.perform(ActName.PRESCRIPTION_HOLD, house.bench.maria, lambda act: clarifications.ask(act, order_id, question))


def test_a_question_holds_the_order_is_told_to_the_system_and_stands_with_the_order(house: House) -> None:
    address, order_id = sent(house)
    key = asked(house, order_id)
    told = house.clinic.get(address).get_json()
    (question,) = told["clarifications"]
    assert (told["status"], question["reason"], question["status"], question["id"]) == ("held", "steps", "open", str(key))
    with reading(house.bench.pharmacy.engine) as session:
        rows = session.execute(select(EventRow.kind, EventRow.document).where(EventRow.prescription_id == order_id)).all()
    assert {row.kind for row in rows} == {"prescription.held", "clarification.asked"}
    (body,) = [json.loads(row.document) for row in rows if row.kind == "clarification.asked"]
    assert body["data"] == {"prescription_id": str(order_id), "clarification_id": str(key)}


def test_an_answer_in_words_is_given_once_and_the_pharmacist_decides(house: House) -> None:
    address, order_id = sent(house)
    key = asked(house, order_id)
    where = f"{address}/clarifications/{key}/answer"
    answer = house.clinic.change(where, {"text": "Yes, 3 mg."}).get_json()
    assert (answer["prescription"]["status"], answer["replacement"]) == ("held", None)
    (question,) = answer["prescription"]["clarifications"]
    assert (question["status"], question["answer"]) == ("answered", "Yes, 3 mg.")
    assert problem(house.clinic.change(where, {"text": "No, 2 mg."})) == (409, "answered")
    shown = house.browser("maria")[0].get(f"/prescriptions/{order_id}").text
    assert "Yes, 3 mg." in shown
    assert "Is 3 mg in the second step meant?" in shown
    house.bench.accept(order_id)
    assert house.clinic.get(address).get_json()["status"] == "accepted"


def test_an_answer_with_another_order_takes_the_place_of_the_first_and_is_screened_from_the_beginning(house: House) -> None:
    address, order_id = sent(house, changed("steps.1.dose", "45") | {"supply": {"days": 42}})
    assert house.clinic.get(address).get_json()["status"] == "declined"
    address, order_id = sent(house, changed("supply.days", 41))
    key = asked(house, order_id, "The steps take 42 days, and 41 are ordered. Which is right?")
    order = titration()
    order["patient"] = house.clinic.get(address).get_json().get("patient", titration()["patient"]) | {
        "name": house.bench.prescription(order_id).order.patient.name
    }
    for reason, status in ((Reason.STEPS, 422), (Reason.PATIENT, 200)):  # for somebody else only where it was asked who it is for
        there, other_id = sent(house)
        where = f"{there}/clarifications/{asked(house, other_id, reason=reason)}/answer"
        assert house.clinic.change(where, {"order": titration() | {"patient": order["patient"]}}).status_code == status
    answer = house.clinic.change(f"{address}/clarifications/{key}/answer", {"text": "42 days.", "order": order}).get_json()
    first, second = answer["prescription"], answer["replacement"]
    assert (first["status"], second["status"], second["replaces_id"]) == ("cancelled", "received", first["id"])
    assert first["clarifications"][0]["replacement_id"] == second["id"]
    assert [change["kind"] for change in first["changes"]] == ["order"]
    house.bench.accept(UUID(second["id"]))
    assert second["links"]["self"] in house.clinic.get(ORDERS + "?sort=-number").text


def test_whoever_may_change_orders_but_not_send_them_brings_none_by_a_change_or_an_answer(house: House) -> None:
    address, order_id = sent(house)
    key = asked(house, order_id)
    client = next(found.id for found in house.bench.pharmacy.look(LookName.CLIENTS, house.actors["ada"], systems) if found.name == "Harbour Clinic")
    scopes, until = [Scope("MedicationRequest", "ru")], house.bench.clock.moment + timedelta(days=30)
    token = house.bench.pharmacy.perform(
        ActName.CLIENT_GRANT, house.actors["ada"], lambda act: make_token(act, client, "changes alone", scopes=scopes, until=until)
    )
    changer, before, count = System(house.app.test_client(), token), house.clinic.get(address).get_json(), len(house.rows()["prescription"])
    order = titration()
    order["patient"] |= {"name": house.bench.prescription(order_id).order.patient.name}
    now = {key: value for key, value in NOW.items() if key not in {"taken", "last_taken"}}
    strength = {"value": "1.5", "unit": "mg"}
    for where, body in (
        ("changes", {"kind": "order", "reason": "another", "order": order}),
        ("changes", {"kind": "step_back", "reason": "dreams", "to_step": 1, "now": now}),
        ("changes", {"kind": "other_form", "reason": "spills", "form": "capsule", "strength": strength, "now": now}),
        (f"clarifications/{key}/answer", {"order": order}),
    ):
        refused = changer.change(f"{address}/{where}", body)
        assert problem(refused) == (403, "scope-missing"), where
        assert "system/MedicationRequest.c" in refused.get_json()["detail"]
    assert (house.clinic.get(address).get_json(), len(house.rows()["prescription"])) == (before, count)
    assert changer.change(f"{address}/clarifications/{key}/answer", {"text": "3 mg."}).status_code == 200
    assert changer.change(f"{address}/changes", {"kind": "stop", "reason": "side effects"}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 1001}, {"order": {}}, {"text": "x", "colour": "red"}])
def test_an_answer_that_says_nothing_is_refused(house: House, body: dict[str, object]) -> None:
    address, order_id = sent(house)
    key = asked(house, order_id)
    assert house.clinic.change(f"{address}/clarifications/{key}/answer", body).status_code == 422
    assert house.clinic.get(address).get_json()["clarifications"][0]["status"] == "open"


def test_a_question_that_the_pharmacist_settled_otherwise_takes_no_answer(house: House) -> None:
    address, order_id = sent(house)
    key = asked(house, order_id)
    house.bench.accept(order_id)
    assert house.clinic.get(address).get_json()["clarifications"][0]["status"] == "settled"
    assert problem(house.clinic.change(f"{address}/clarifications/{key}/answer", {"text": "Yes."})) == (409, "prescription-state")


def test_a_question_of_another_order_is_unknown(house: House) -> None:
    (own, order_id), (other, _) = sent(house), sent(house)
    key = asked(house, order_id)
    assert problem(house.clinic.change(f"{other}/clarifications/{key}/answer", {"text": "x"})) == (404, "unknown-clarification")
    assert house.clinic.get(own).get_json()["clarifications"][0]["status"] == "open"


def test_the_form_asks_for_reason_and_question_and_an_accepted_order_may_be_held_too(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    refused = house.post("maria", f"/prescriptions/{order_id}/hold", {"reason": "", "question": ""})
    assert refused.status_code == 422
    assert "Choose what is unclear" in refused.text
    assert house.post("maria", f"/prescriptions/{order_id}/hold", {"reason": "allergy", "question": "Is it lactose?"}).status_code == 303
    told = house.clinic.get(address).get_json()
    assert (told["status"], told["clarifications"][0]["question"]) == ("held", "Is it lactose?")


def test_containers_of_a_held_order_are_in_no_queue_and_none_is_given_out(house: House) -> None:
    _, order_id, fill = checked(house)
    asked(house, order_id)
    look = house.bench.pharmacy.look(LookName.DAY, house.bench.maria, lambda look: day.day(look, longest=500))
    queued = {entry.prescription_id for queue in look.queues for entry in queue.entries}
    assert order_id not in queued
    (held,) = [entry for entry in look.held.entries if entry.prescription_id == order_id]
    assert "the steps of the titration are unclear" in held.note
    with pytest.raises(Conflict, match="nothing more is made or given"):
        house.bench.hand_over(fill)
    house.bench.accept(order_id)
    house.bench.hand_over(fill)


def test_a_refill_is_asked_for_once_with_the_dose_that_is_taken_and_met_by_the_next_plan(house: House) -> None:
    address, order_id, fill = checked(house)
    where, dose = f"{address}/refill-requests", {"present_dose": "4.5", "unit": "mg"}
    assert problem(house.clinic.change(where, {"present_dose": "3", "unit": "mg"})) == (422, "present-dose")
    house.bench.clock.pass_days(1)
    assert house.clinic.change(where, dose).get_json()["refill_requested_at"]
    assert problem(house.clinic.change(where, dose)) == (409, "refill-asked")
    assert "The prescriber asks for a refill" in house.browser("maria")[0].get(f"/prescriptions/{order_id}").text
    house.bench.clock.moment = house.bench.clock.moment.replace(day=2)
    house.bench.hand_over(fill)
    house.bench.clock.pass_days(27)
    look = house.bench.pharmacy.look(LookName.DAY, house.bench.maria, lambda look: day.day(look, longest=500))
    assert [entry.note for queue in look.queues for entry in queue.entries if entry.prescription_id == order_id] == ["refill asked for"]
    house.bench.answer(order_id)
    house.bench.plan(order_id, replace(IN_CAPSULES, starts_on=date(2026, 4, 1)), dose="4.5")
    assert "refill_requested_at" not in house.clinic.get(address).get_json()


def test_without_a_refill_left_none_is_asked_for(house: House) -> None:
    order = titration() | {"refills": 0}
    address, order_id = sent(house, order)
    assert problem(house.clinic.change(f"{address}/refill-requests", {"present_dose": "4.5", "unit": "mg"})) == (409, "prescription-state")
    house.bench.accept(order_id)
    assert problem(house.clinic.change(f"{address}/refill-requests", {"present_dose": "4.5", "unit": "mg"})) == (409, "no-refill")
