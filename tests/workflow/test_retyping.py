"""An order is accepted by somebody who typed its doses again, where they are unusual or the patient is new here."""

import pytest

from compounding.domain.authority import ActName
from compounding.domain.clarification import Question, Reason
from compounding.domain.errors import Invalid
from compounding.domain.prescription import PrescriptionStatus
from compounding.domain.quantity import Mass
from compounding.workflow import clarifications
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules, order, titration


def test_a_first_fill_is_not_accepted_before_every_dose_was_typed_again(bench: Bench) -> None:
    order_id = bench.receive(titration()).id
    assert [item.steps for item in bench.prescription(order_id).retype] == [(1,), (2,), (3,)]
    with pytest.raises(Invalid) as refused:
        bench.accept(order_id, retyped={0: Mass.of_mg("1.5"), 1: Mass.of_mg(30)})
    assert set(refused.value.fields) == {"retyped.1", "retyped.2"}
    assert bench.prescription(order_id).status is PrescriptionStatus.RECEIVED
    bench.accept(order_id, retyped={0: Mass.of_mg("1.5"), 1: Mass.of_mg(3), 2: Mass.of_mg("4.5")})
    kept = bench.prescription(order_id)
    assert (kept.status, kept.retype) == (PrescriptionStatus.ACCEPTED, ())


def test_a_held_order_asks_for_it_too(bench: Bench) -> None:
    order_id = bench.receive(capsules()).id
    bench.pharmacy.perform(ActName.PRESCRIPTION_HOLD, bench.maria, lambda act: clarifications.ask(act, order_id, Question(Reason.DOSE, "Is this right?")))
    with pytest.raises(Invalid):
        bench.accept(order_id, retyped={})


def test_a_patient_who_was_handed_a_container_before_is_asked_only_for_an_unusual_dose(bench: Bench) -> None:
    bench.handed_over(bench.planned(capsules(), IN_CAPSULES)[0])
    assert bench.receive(capsules()).retype == ()
    assert [item.dose for item in bench.receive(order(("6", 30))).retype] == [Mass.of_mg(6)]
    assert [item.dose for item in bench.receive(capsules("Bob Other")).retype] == [Mass.of_mg("4.5")]
