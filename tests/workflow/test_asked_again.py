"""The opioid question asked again: a held order is kept anew with the other answer, and a stop of the old one is not forgotten."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from compounding.db.prescriptions import FindingRow, PrescriptionRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict
from compounding.domain.people import Actor
from compounding.domain.prescription import Answer, OpioidAnswer, PrescriptionStatus
from compounding.domain.safety import Action
from compounding.workflow import prescriptions
from tests.workflow.bench import Bench
from tests.workflow.orders import NO_OPIOID, capsules

UNANSWERED = replace(NO_OPIOID, recent=Answer.UNKNOWN)
OXYCODONE = replace(NO_OPIOID, recent=Answer.YES, recent_drug="oxycodone", recent_last_dose=date(2026, 3, 1))
ASKED = replace(NO_OPIOID, answered_by="the patient, by telephone")


def ask_again(bench: Bench, order_id: UUID, opioid: OpioidAnswer = ASKED, *, by: Actor | None = None) -> UUID:
    return bench.pharmacy.perform(ActName.PRESCRIPTION_ASK_AGAIN, by or bench.maria, lambda act: prescriptions.ask_again(act, order_id, opioid))


def held(bench: Bench, opioid: OpioidAnswer) -> UUID:
    kept = bench.receive(replace(capsules(), opioid=opioid))
    assert kept.status is PrescriptionStatus.HELD
    return kept.id


def test_an_order_held_unanswered_is_accepted_once_the_question_was_answered_and_the_old_one_cannot_be(bench: Bench) -> None:
    first = held(bench, UNANSWERED)
    second = ask_again(bench, first, by=bench.linh)

    assert bench.prescription(second).order == replace(capsules(), opioid=ASKED)
    assert bench.prescription(second).status is PrescriptionStatus.RECEIVED
    assert bench.prescription(first).order.opioid == UNANSWERED
    assert bench.prescription(first).status is PrescriptionStatus.DECLINED
    with pytest.raises(Conflict):
        bench.accept(first)
    bench.accept(second)
    assert bench.prescription(second).status is PrescriptionStatus.ACCEPTED


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_an_opioid_that_is_none_any_more_is_blocked_and_both_answers_are_shown(bench: Bench) -> None:
    first = held(bench, OXYCODONE)
    second = bench.prescription(ask_again(bench, first))

    (found,) = [finding for finding in second.open if finding.rule == "R30"]
    assert found.action is Action.BLOCK
    assert bench.prescription(first).number in found.sentence
    assert "then yes (oxycodone" in found.sentence
    assert "now no" in found.sentence
    with reading(bench.pharmacy.engine) as session:
        kept = session.scalars(select(FindingRow.rule).where(FindingRow.prescription_id == second.id)).all()
    assert kept == ["R30"]  # seen as soon as the answer was saved
    bench.accept(second.id)
    assert bench.prescription(second.id).status is PrescriptionStatus.ACCEPTED


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
@pytest.mark.parametrize("answer", [UNANSWERED, OXYCODONE], ids=["not known again", "an opioid after all"])
def test_an_answer_that_holds_an_order_holds_it_again(bench: Bench, answer: OpioidAnswer) -> None:
    second = ask_again(bench, held(bench, UNANSWERED), answer)
    assert bench.prescription(second).status is PrescriptionStatus.HELD
    third = bench.prescription(ask_again(bench, second))
    assert ("R30" in {finding.rule for finding in third.open}) is (answer is OXYCODONE)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_new_order_keeps_the_original_and_names_the_one_that_it_supersedes(bench: Bench) -> None:
    first = held(bench, UNANSWERED)
    second = ask_again(bench, first)
    with reading(bench.pharmacy.engine) as session:
        old, new = (session.get_one(PrescriptionRow, key) for key in (first, second))
        assert (new.supersedes_id, new.literal, new.client_id, new.refills_left) == (old.id, old.literal, old.client_id, old.refills_left)
        assert old.supersedes_id is None


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_only_a_held_order_is_asked_again_and_only_once(bench: Bench) -> None:
    received, asked = bench.receive(capsules("Bea Sample")).id, held(bench, UNANSWERED)
    ask_again(bench, asked)
    for order_id in (received, asked):
        with pytest.raises(Conflict, match="only for a held one"):
            ask_again(bench, order_id)
    assert bench.prescription(received).status is PrescriptionStatus.RECEIVED
