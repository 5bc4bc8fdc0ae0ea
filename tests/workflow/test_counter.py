"""The label and the counter: finished text, the very same bytes again, the right container, the right person, in time."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from compounding.domain.authority import LookName
from compounding.domain.dispense import Counselling
from compounding.domain.errors import Conflict, Invalid, Unknown, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.prescription import Answer
from compounding.domain.safety import Action
from compounding.workflow import label_pages
from tests.workflow.bench import ANSWER, Bench
from tests.workflow.orders import FIRST_DAY, IN_CAPSULES, IN_L1, NO_OPIOID, capsules, titration

ONE_DATABASE = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def test_a_reprint_is_the_same_bytes_numbered_and_with_its_reason(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.made(fill)
    composed = bench.compose(fill)
    printed = bench.lay_out(composed)
    label = bench.issue(composed, printed)

    assert bench.reprint(label) == printed.pdf
    assert bench.reprint(label) == printed.pdf
    assert bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: label_pages.pdf(look, label)) == printed.pdf
    (seen,) = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: label_pages.labels_of(look, fill))
    assert (seen.prints, seen.current, seen.version) == (3, True, 1)
    with pytest.raises(Invalid, match="why"):
        bench.reprint(label, "")
    with pytest.raises(Unknown):
        bench.reprint(uuid4())


@ONE_DATABASE
def test_a_label_that_another_one_replaced_is_void_and_not_printed_again(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.made(fill)
    first, second = bench.label(fill), bench.label(fill)

    with pytest.raises(Conflict, match="void"):
        bench.reprint(first)
    assert bench.reprint(second)
    seen = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: label_pages.labels_of(look, fill))
    assert [(item.version, item.current) for item in seen] == [(2, True), (1, False)]


@ONE_DATABASE
def test_a_label_that_was_laid_out_before_something_changed_is_stale(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), replace(IN_L1, lead_days=2, starts_on=FIRST_DAY + timedelta(days=2)))
    bench.made(opening)
    composed = bench.compose(opening)
    printed = bench.lay_out(composed)
    bench.label(opening)
    bench.redate(opening, FIRST_DAY + timedelta(days=1))

    with pytest.raises(Conflict, match="changed meanwhile"):
        bench.issue(composed, printed)
    assert bench.fill(opening).status is FillStatus.MADE
    bench.label(opening)


def test_another_first_day_voids_the_label_and_moves_the_bottles_that_are_due(bench: Bench) -> None:
    opening, closing = bench.planned(titration(), replace(IN_L1, lead_days=2, starts_on=FIRST_DAY + timedelta(days=2)))
    bench.checked(opening)
    before = bench.prescription(bench.fill(opening).prescription_id).fills
    told = replace(bench.told(opening), first_dose_on=FIRST_DAY + timedelta(days=1))
    with pytest.raises(Conflict, match="Change the dates first"):
        bench.hand_over(opening, told)

    bench.redate(opening, FIRST_DAY + timedelta(days=1))
    (old,) = bench.pharmacy.look(LookName.LABELS, bench.linh, lambda look: label_pages.labels_of(look, opening))
    assert old.current is False
    with pytest.raises(Conflict, match="void"):
        bench.reprint(old.id)
    with pytest.raises(Conflict):
        bench.hand_over(opening, told)  # it has no label any more

    after = bench.prescription(bench.fill(opening).prescription_id).fills
    one_day = timedelta(days=1)
    assert [(item.opens_on, item.closes_on) for item in after] == [(item.opens_on - one_day, item.closes_on - one_day) for item in before]
    assert after[1].make_by == before[1].make_by - one_day
    assert bench.compose(opening).value.directions[0].startswith("Mar 3 to Mar 16, 2026")
    bench.label(opening)
    bench.check(opening)
    bench.hand_over(opening, told)
    assert bench.fill(closing).status is FillStatus.DUE


@ONE_DATABASE
def test_a_bottle_is_not_begun_so_late_that_it_outlives_its_date(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)  # in use until the last day of its date
    bench.checked(opening)
    with pytest.raises(Unsafe, match="beyond-use date"):
        bench.redate(opening, FIRST_DAY + timedelta(days=1))
    with pytest.raises(Invalid, match="past"):
        bench.redate(opening, FIRST_DAY - timedelta(days=1))


@ONE_DATABASE
def test_a_container_that_is_not_the_one_is_not_checked(bench: Bench) -> None:
    (mine,) = bench.planned(capsules("Ann Sample"), IN_CAPSULES)
    (other,) = bench.planned(capsules("Bob Sample"), IN_CAPSULES)
    for fill in (mine, other):
        bench.made(fill)
        bench.label(fill)
    for scanned in (bench.compose(other).value.barcode, bench.compose(mine).value.rx_number, "?"):
        with pytest.raises(Invalid) as refusal:
            bench.check(mine, scanned)
        assert list(refusal.value.fields) == ["scanned"]
    assert bench.fill(mine).status is FillStatus.LABELLED
    bench.check(mine)


@ONE_DATABASE
def test_a_container_goes_to_nobody_whose_identifiers_are_wrong(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    told = bench.told(fill)
    wrong = {
        "birth_date": replace(told, birth_date=date(1970, 5, 6)),
        "phone_or_address": replace(told, phone_or_address="555-010-0100"),
    }
    for field, said in wrong.items():
        with pytest.raises(Invalid) as refusal:
            bench.hand_over(fill, said)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(Invalid):
        bench.hand_over(fill, replace(told, phone_or_address="  "))
    assert bench.fill(fill).status is FillStatus.CHECKED
    bench.hand_over(fill, replace(told, phone_or_address="12 oak street", counselling=Counselling.DECLINED))
    kept = bench.fill(fill).told
    assert kept is not None
    assert kept.counselling is Counselling.DECLINED


@ONE_DATABASE
def test_a_container_past_its_date_is_not_handed_over(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    bench.clock.pass_days(180)
    with pytest.raises(Unsafe, match="past its beyond-use date"):
        bench.hand_over(fill)
    assert bench.fill(fill).status is FillStatus.CHECKED


@ONE_DATABASE
def test_on_its_last_day_it_is_too_late_for_the_course_and_says_so(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    bench.clock.pass_days(179)
    with pytest.raises(Invalid, match="past"):
        bench.hand_over(fill)  # the day on the label is over
    with pytest.raises(Unsafe, match="last dose"):
        bench.redate(fill, bench.today)


def test_another_answer_a_moment_after_a_stop_at_the_counter_is_a_block_that_shows_it(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    honest = replace(bench.told(fill), opioid=replace(NO_OPIOID, recent=Answer.YES, recent_drug="codeine", recent_last_dose=date(2026, 3, 1)))
    bench.ask(fill, honest)
    with pytest.raises(Unsafe, match="codeine"):
        bench.hand_over(fill, honest)

    block = next(finding for finding in bench.at_counter(fill, bench.told(fill)) if finding.rule == "R30")
    assert block.action is Action.BLOCK
    assert "codeine" in block.sentence
    with pytest.raises(Invalid):
        bench.hand_over(fill, replies={})
    bench.hand_over(fill)
    assert bench.fill(fill).handed_on == date(2026, 3, 2)


def test_an_opioid_told_at_the_counter_stops_the_hand_over(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    opioid = replace(NO_OPIOID, recent=Answer.YES, recent_drug="tramadol", recent_last_dose=date(2026, 3, 1))
    told = replace(bench.told(fill), opioid=opioid)

    assert "R1" in {item.rule for item in bench.at_counter(fill, told) if item.action == "stop"}
    with pytest.raises(Unsafe):
        bench.hand_over(fill, told, {f"r{number}": ANSWER for number in range(1, 40)})
    assert bench.fill(fill).handed_on is None


@ONE_DATABASE
def test_nothing_is_handed_over_twice_or_unchecked(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.made(fill)
    bench.label(fill)
    with pytest.raises(Conflict):
        bench.hand_over(fill)
    bench.check(fill)
    bench.hand_over(fill)
    with pytest.raises(Conflict):
        bench.hand_over(fill)
