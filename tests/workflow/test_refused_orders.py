"""Orders that meet a stop: kept with their findings, and planned by nobody; sent again with another answer, they are seen."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.people import PHARMACISTS
from compounding.domain.prescription import Answer, Order, PrescriptionStatus, Unit
from compounding.domain.safety import Action, Finding, Reply
from compounding.workflow import plans, prescriptions
from tests.workflow.bench import ANSWER, Bench
from tests.workflow.orders import IN_CAPSULES, NO_OPIOID, capsules, order

SUBOXONE = replace(NO_OPIOID, recent=Answer.YES, recent_drug="Suboxone film", recent_last_dose=date(2026, 2, 25))
TENFOLD = order(("45", 30))
ON_OPIOIDS = replace(capsules(), opioid=replace(NO_OPIOID, recent=Answer.YES, recent_drug="oxycodone", recent_last_dose=date(2026, 3, 1)))
MICROGRAMS = order(("4.5", 30), unit=Unit.MCG)
WAITING = replace(capsules(), opioid=SUBOXONE)
REFUSED = {
    "R11": (TENFOLD, PrescriptionStatus.DECLINED, Action.STOP),
    "R1": (ON_OPIOIDS, PrescriptionStatus.HELD, Action.STOP),
    "R7": (MICROGRAMS, PrescriptionStatus.DECLINED, Action.STOP),
}


def finding(bench: Bench, order_id: UUID, rule: str) -> Finding:
    (found,) = [item for item in bench.prescription(order_id).findings if item.rule == rule]
    return found


def nobody_goes_on(bench: Bench, order_id: UUID) -> None:
    """Everybody tries to accept and to plan, with every answer at hand."""
    replies = {f"r{number}": ANSWER for number in range(1, 40)}
    for role, actor in bench.actors().items():
        refusals = (Conflict, Unsafe) if role in PHARMACISTS else Forbidden
        with pytest.raises(refusals):
            bench.accept(order_id, replies, by=actor)
        with pytest.raises((Conflict, Unsafe, Forbidden)):
            bench.plan(order_id, IN_CAPSULES, replies, by=actor)
        with pytest.raises((Conflict, Unsafe, Forbidden)):
            bench.pharmacy.look(LookName.PRESCRIPTIONS, actor, lambda look: plans.draft(look, order_id, IN_CAPSULES))
    assert bench.prescription(order_id).fills == ()


@pytest.mark.parametrize("rule", REFUSED)
def test_an_order_that_meets_a_stop_is_kept_with_its_rule_and_nobody_can_plan_it(bench: Bench, rule: str) -> None:
    refused, status, action = REFUSED[rule]
    kept = bench.receive(refused)

    assert bench.prescription(kept.id).order == refused
    assert bench.prescription(kept.id).status is status
    found = finding(bench, kept.id, rule)
    assert found.action is action
    assert found.sentence.endswith(".")
    assert found.source
    nobody_goes_on(bench, kept.id)
    assert bench.prescription(kept.id).status is status


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_sentence_of_a_tenfold_dose_names_the_dose_that_may_have_been_meant(bench: Bench) -> None:
    sentence = finding(bench, bench.receive(TENFOLD).id, "R11").sentence
    assert "45 mg" in sentence
    assert "4.5 mg may have been meant" in sentence


def test_a_buprenorphine_film_five_days_ago_holds_the_order_until_its_day(bench: Bench) -> None:
    kept = bench.receive(WAITING)
    found = finding(bench, kept.id, "R1")

    assert kept.status is PrescriptionStatus.HELD
    assert (found.action, found.not_before) == (Action.STOP, date(2026, 3, 11))  # 14 days after the last dose
    nobody_goes_on(bench, kept.id)

    bench.clock.pass_days(8)
    nobody_goes_on(bench, kept.id)
    bench.clock.pass_days(1)
    bench.accept(kept.id)
    assert bench.prescription(kept.id).status is PrescriptionStatus.ACCEPTED


@pytest.mark.parametrize(
    ("first", "again", "both"),
    [
        (WAITING, capsules(), ("Suboxone film", "now no")),
        (ON_OPIOIDS, capsules(), ("oxycodone", "now no")),
        (TENFOLD, capsules(), ("45 mg", "now 4.5 mg")),
        (MICROGRAMS, capsules(), ("4.5 mcg", "now 4.5 mg")),
    ],
    ids=["no film any more", "no opioid any more", "another dose", "another unit"],
)
def test_sent_again_with_another_answer_it_is_blocked_and_both_are_shown(bench: Bench, first: Order, again: Order, both: tuple[str, str]) -> None:
    stopped = bench.receive(first)
    second = bench.receive(again)
    found = finding(bench, second.id, "R30")

    assert found.action is Action.BLOCK
    assert stopped.number in found.sentence
    assert all(part in found.sentence for part in both)
    with pytest.raises(Invalid) as refusal:
        bench.accept(second.id, {"r30": Reply("it was a slip")})
    assert "answers.r30.contact" in refusal.value.fields
    with pytest.raises(Conflict):
        bench.plan(second.id, IN_CAPSULES, {})
    assert bench.prescription(second.id).fills == ()


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_an_opioid_question_that_nobody_answered_holds_the_order(bench: Bench) -> None:
    kept = bench.receive(replace(capsules(), opioid=replace(NO_OPIOID, depot=Answer.UNKNOWN)))
    assert kept.status is PrescriptionStatus.HELD
    assert finding(bench, kept.id, "R1").action is Action.HOLD
    nobody_goes_on(bench, kept.id)


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_the_same_order_sent_again_unchanged_is_refused_as_before(bench: Bench) -> None:
    bench.receive(TENFOLD)
    second = bench.receive(TENFOLD)
    assert second.status is PrescriptionStatus.DECLINED
    assert "R30" not in {item.rule for item in second.findings}


@pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
def test_a_cancelled_order_is_not_made(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.pharmacy.perform(ActName.PRESCRIPTION_CANCEL, bench.maria, lambda act: prescriptions.cancel(act, bench.fill(fill).prescription_id))
    with pytest.raises(Conflict):
        bench.draw_up(fill)
