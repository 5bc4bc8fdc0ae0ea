"""An order that its prescriber holds: nothing of it is given, and its course stands still."""

import pytest

from compounding.db.changes import said_of
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.clarification import WORDS, Question, Reason
from compounding.domain.errors import Conflict, PharmacyError
from compounding.workflow import changes, clarifications, prescriptions
from tests.adversary import House
from tests.api.orders import changed
from tests.api.test_changes import checked, of_labels, problem, sent
from tests.workflow.orders import IN_L1

pytestmark = pytest.mark.usefixtures("morning")


def test_a_held_order_gives_nothing_out_until_its_prescriber_resumes_and_a_pharmacist_accepts_it_again(house: House) -> None:
    address, order_id, fill = checked(house)
    told = house.clinic.change(f"{address}/changes", {"kind": "hold", "reason": "surgery"}).get_json()["prescription"]
    assert (told["status"], told["changes"][0]["containers"][0]["label_void"], told["changes"][0]["open"]) == ("held", True, False)
    (label,) = house.clinic.get(f"{address}/labels").get_json()["labels"]
    assert (label["label"], label["status"], label["version"], label["prints"]) == ("void", "made", 1, 1)
    for forbidden in (lambda: house.bench.accept(order_id), lambda: house.bench.label(fill)):
        with pytest.raises(PharmacyError):
            forbidden()
    with pytest.raises(Conflict, match="only held for a while"):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_DECLINE, house.bench.maria, lambda act: prescriptions.decline(act, order_id))
    house.bench.clock.pass_days(3)
    resumed = house.clinic.change(f"{address}/changes", {"kind": "resume", "reason": "well again"}).get_json()["prescription"]
    assert (resumed["status"], resumed["fills"][0]["opens_on"], resumed["fills"][0]["closes_on"]) == ("held", "2026-03-05", "2026-04-03")
    house.bench.accept(order_id)
    house.bench.label(fill)
    house.bench.check(fill)
    house.bench.hand_over(fill)
    assert of_labels(house, fill) == ["void", "current"]


def test_the_opioid_question_is_no_way_round_a_hold(house: House) -> None:
    address, order_id = sent(house)
    house.clinic.change(f"{address}/changes", {"kind": "hold", "reason": "surgery"})
    opioid = house.bench.prescription(order_id).order.opioid
    with pytest.raises(Conflict, match="holds this order"):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_ASK_AGAIN, house.bench.linh, lambda act: prescriptions.ask_again(act, order_id, opioid))
    assert house.clinic.change(f"{address}/changes", {"kind": "resume", "reason": "well again"}).status_code == 200


def test_what_its_prescriber_stopped_is_seen_to_and_not_cancelled(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    fill, *_ = house.bench.plan(order_id, IN_L1)
    batch = house.bench.counted(fill)
    house.clinic.change(f"{address}/changes", {"kind": "stop", "reason": "opioids"})
    house.bench.reject(batch)
    with pytest.raises(Conflict, match="has ended this order"):
        house.bench.pharmacy.perform(ActName.PRESCRIPTION_CANCEL, house.bench.maria, lambda act: prescriptions.cancel(act, order_id))
    house.bench.pharmacy.perform(ActName.PRESCRIPTION_CARRY_OUT, house.bench.maria, lambda act: changes.carry_out(act, order_id))
    told = house.clinic.get(address).get_json()
    assert (told["status"], told["changes"][0]["open"]) == ("cancelled", False)


def test_the_day_says_what_was_said_last(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    for kind in ("hold", "resume"):
        house.clinic.change(f"{address}/changes", {"kind": kind, "reason": "surgery"})
        house.bench.clock.pass_days(1)
    house.bench.accept(order_id)
    house.bench.pharmacy.perform(ActName.PRESCRIPTION_HOLD, house.bench.maria, lambda act: clarifications.ask(act, order_id, Question(Reason.DOSE, "Is it?")))
    with reading(house.bench.pharmacy.engine) as session:
        assert said_of(session, [order_id]) == {order_id: f"asked: {WORDS[Reason.DOSE]}"}


def test_a_refill_is_asked_for_once_the_first_course_is_planned(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    ask = {"present_dose": "4.5", "unit": "mg"}
    assert problem(house.clinic.change(f"{address}/refill-requests", ask)) == (409, "not-begun")
    house.bench.plan(order_id, IN_L1)
    assert house.clinic.change(f"{address}/refill-requests", ask).status_code == 200


def test_what_the_pharmacy_holds_is_not_resumed_by_the_prescriber(house: House) -> None:
    address, _ = sent(house, changed("directions", "Take 3 mg at bedtime for 42 days"))
    assert house.clinic.get(address).get_json()["status"] == "held"
    assert problem(house.clinic.change(f"{address}/changes", {"kind": "resume", "reason": "please"})) == (409, "not-yours-to-resume")


def test_a_course_that_is_held_stands_still_so_that_no_day_of_it_is_lost(house: House) -> None:
    address, order_id = sent(house)
    house.bench.accept(order_id)
    first, *_ = house.bench.plan(order_id, IN_L1)
    for step in (house.bench.made, house.bench.label, house.bench.check, house.bench.hand_over):
        step(first)

    def told(kind: str) -> int:
        answer = house.clinic.change(f"{address}/changes", {"kind": kind, "reason": "surgery"})
        assert answer.status_code == 200, answer.get_json()
        return int(answer.get_json()["prescription"]["changes"][-1]["days_left"])

    house.bench.clock.pass_days(10)
    assert told("hold") == 32
    house.bench.clock.pass_days(5)
    assert told("resume") == 32
    house.bench.accept(order_id)
    house.bench.clock.pass_days(10)
    assert told("hold") == 22
    house.bench.clock.pass_days(3)
    assert told("stop") == 22
