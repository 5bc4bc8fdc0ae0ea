"""What becomes of an order, and the one way to a cleared one."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from compounding.domain.errors import Unsafe
from compounding.domain.prescription import Answer, Order
from compounding.domain.safety import Cleared, Finding, Outcome, Override, clear, open_findings, outcome
from compounding.domain.safety.screening import HAND_OVER_RULES, ORDER_AND_HAND_OVER_RULES, ORDER_RULES, PLAN_RULES
from tests.domain.safety.orders import GOOD, NO_OPIOID, TODAY, actions, continuing, handed, mg, only, order, ordered, patient, planned, steps, took
from tests.domain.safety.test_order_rules import CASES


def _answer(finding: Finding, *, reason: str = "confirmed", contact: str = "phoned Dr. Writer at 10:40") -> Override:
    return Override(finding.rule, finding.facts_sha256, reason, contact)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (GOOD, Outcome.RECEIVED),
        (order("6"), Outcome.RECEIVED),
        (order("45"), Outcome.DECLINED),
        (order(opioid=took("Suboxone film", 5)), Outcome.HELD),
        (order("45", opioid=took("Suboxone film", 5)), Outcome.DECLINED),
        (order(opioid=replace(NO_OPIOID, recent=Answer.UNKNOWN)), Outcome.HELD),
        (order(opioid=replace(NO_OPIOID, depot=Answer.YES)), Outcome.DECLINED),
        (order(patient=patient(medicines=("oxycodone",))), Outcome.HELD),
        (order(patient=patient(medicines=("Vivitrol",))), Outcome.DECLINED),
        (order(supply=replace(GOOD.supply, total=mg(162))), Outcome.HELD),
    ],
)
def test_a_stopped_order_is_declined_and_one_that_can_be_resolved_is_held(given: Order, wanted: Outcome) -> None:
    assert outcome(ordered(given)) is wanted


def test_a_dose_of_45_mg_says_what_may_have_been_meant() -> None:
    found = only(ordered(order("45")), "R11")
    assert (
        found.sentence
        == "Step 1 is 45 mg a day: 25 mg or more is not a low dose and is not made here. 4.5 mg may have been meant. Ask the prescriber for a new order."
    )


def test_suboxone_five_days_ago_stops_the_order_until_14_days_are_over() -> None:
    found = only(ordered(order(opioid=took("Suboxone film", 5))), "R1")
    assert found.not_before == TODAY + timedelta(9)
    assert "Suboxone film was last taken on 5 March 2026" in found.sentence
    assert "may not be taken before 19 March 2026" in found.sentence
    again = ordered(order(opioid=took("Suboxone film", 5)), today=TODAY + timedelta(9))
    assert actions(again, "R1") == ["prompt"]


def test_an_order_that_disagrees_with_itself_is_held_with_both_sides_named() -> None:
    found = only(ordered(order(supply=replace(GOOD.supply, total=mg(162)))), "R31")
    assert found.sentence == "The steps add up to 126 mg over 42 days; the order's total says 162 mg. Ask the prescriber which is meant."


@pytest.mark.parametrize("given", [GOOD, order(*[str(week / 4).removesuffix(".0") for week in range(1, 19)])])
def test_the_usual_titrations_go_through_without_a_finding(given: Order) -> None:
    if len(given.steps) == 18:
        weekly = tuple(replace(step, days=7) for step in given.steps)
        given = order(steps=weekly)
        assert given.days == 126
    assert ordered(given) == ()
    assert isinstance(clear(given, ordered(given), ()), Cleared)


def test_a_block_takes_a_reason_and_the_contact_with_the_prescriber() -> None:
    given = order("1", "3")
    found = ordered(given)
    block = only(found, "R21")
    rest = [_answer(finding) for finding in found if finding is not block]
    for missing in ([], [_answer(block, contact=" ")], [_answer(block, reason="")]):
        with pytest.raises(Unsafe) as refused:
            clear(given, found, [*rest, *missing])
        assert refused.value.facts["rule"] == "R21"
        assert "how the prescriber was reached" in refused.value.sentence
    assert clear(given, found, [*rest, _answer(block)]).order is given


def test_a_warning_takes_a_reason_and_a_prompt_a_tick() -> None:
    given = order("1.5", "3", "4.5", "6", patient=patient(conditions=("Hashimoto",)))
    found = ordered(given)
    assert [finding.action.value for finding in found] == ["warn", "prompt"]
    warning, prompt = found
    assert open_findings(found, [_answer(warning, reason="  "), _answer(prompt, reason="", contact="")]) == (warning,)
    assert open_findings(found, [_answer(warning, contact=""), _answer(prompt, reason="seen", contact="")]) == ()


@pytest.mark.parametrize(
    "given",
    [
        order("45"),
        order(opioid=took("Suboxone film", 5)),
        order(opioid=replace(NO_OPIOID, recent=Answer.UNKNOWN)),
        order(supply=replace(GOOD.supply, total=mg(1))),
    ],
)
def test_no_override_opens_a_stop_or_a_hold(given: Order) -> None:
    found = ordered(given)
    with pytest.raises(Unsafe) as refused:
        clear(given, found, [_answer(finding) for finding in found])
    assert refused.value.facts["rule"] == found[0].rule


def test_an_override_falls_away_when_its_facts_change_and_only_then() -> None:
    first, dearer = order("6", therapy=continuing("6")), order("7", therapy=continuing("7"))
    override = _answer(only(ordered(first), "R9"))
    moved = replace(first, patient=replace(first.patient, phone="555 0199"))
    for same in (moved, replace(first, refills=3)):
        assert open_findings(ordered(same), [override]) == ()
    assert open_findings(ordered(first, today=TODAY + timedelta(1)), [override]) == ()
    assert [finding.rule for finding in open_findings(ordered(dearer), [override])] == ["R9"]
    assert [finding.rule for finding in open_findings(handed(order(patient=patient(conditions=("E05",)))), [override])] == ["R13"]


def test_a_reason_given_for_a_warning_does_not_answer_the_block_that_it_becomes() -> None:
    warned = only(ordered(order("6", therapy=continuing("6"))), "R9")
    blocked = only(ordered(order("6")), "R9")
    assert (warned.action.value, blocked.action.value) == ("warn", "block")
    assert warned.facts_sha256 != blocked.facts_sha256


def test_only_clear_makes_a_cleared_prescription_at_run_time() -> None:
    with pytest.raises(TypeError, match="key"):
        Cleared(GOOD, ())  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Only clear"):
        Cleared(GOOD, (), object())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="key"):
        replace(clear(GOOD, (), ()), order=order("45"))


def test_making_a_cleared_prescription_elsewhere_is_a_type_error(tmp_path: Path) -> None:
    forged = tmp_path / "forged.py"
    forged.write_text(
        "from compounding.domain.prescription import Order\n"
        "from compounding.domain.safety import Cleared\n\n\n"
        "def forge(order: Order) -> tuple[Cleared, Cleared]:\n"
        "    return Cleared(order, ()), Cleared(order, (), object())\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}", str(forged)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
    assert 'Missing positional argument "key" in call to "Cleared"' in checked.stdout
    assert 'Argument 3 to "Cleared" has incompatible type "object"' in checked.stdout


def test_every_rule_of_the_table_is_asked_at_its_stages_and_tried() -> None:
    asked = {
        (rule.id, stage.value) for rules in (ORDER_AND_HAND_OVER_RULES, ORDER_RULES, PLAN_RULES, HAND_OVER_RULES) for rule in rules for stage in rule.stages
    }
    at = {"O": "order", "P": "plan", "H": "hand_over"}
    table = (
        "R1 OH, R2 OH, R3 O, R4 OP, R5 OH, R6 O, R7 O, R9 O, R10 O, R11 O, R12 O, R13 OH, R14 OH, R15 OH, R16 OH, R17 P, R18 OH, R19 OH, "
        "R20 O, R21 OP, R22 P, R23 P, R24 OH, R25 O, R26 O, R27 O, R28 O, R29 OH, R30 O, R31 O"
    )
    wanted = {(line.split()[0], at[letter]) for line in table.split(", ") for letter in line.split()[1]}
    assert asked == wanted
    assert {rule for rule, _, fires in CASES if fires} | {"R16", "R17", "R22", "R23", "R30"} == {rule for rule, _ in wanted}


def test_the_worst_finding_comes_first() -> None:
    found = ordered(order(steps=steps("1", "3", "45"), opioid=replace(NO_OPIOID, recent=Answer.UNKNOWN), patient=patient(conditions=("E05",))))
    assert [finding.action.value for finding in found] == ["stop", "hold", "block", "block", "warn", "warn", "prompt"]


def test_a_plan_without_a_reason_to_doubt_has_no_finding() -> None:
    assert planned() == ()
