"""A power cut: blank worksheets with numbers, and what was made on one entered afterwards, with the times of the paper beside those of the clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.batch import BatchStatus
from compounding.domain.blank import BlankStatus, check_count, read, said
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unknown
from compounding.domain.late import COMPOUND, COUNT, VERIFY, WITNESS, Done, check_done, line, timed
from compounding.domain.people import Actor
from compounding.domain.signature import Standing
from compounding.workflow import batches, blanks, records
from compounding.workflow.act import Act
from compounding.workflow.blank_paper import blank_paper
from compounding.workflow.paper_parts import Desk
from compounding.workflow.record_paper import record_paper
from tests.application import ZONE, renderer
from tests.labels.reading import barcodes, page_texts, rasters
from tests.workflow.bench import PROFILE, Bench
from tests.workflow.orders import IN_CAPSULES, capsules
from tests.workflow.test_signatures import beneath
from tests.workflow.test_voids import refused

on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def numbered(bench: Bench, count: int = 1, code: str = "C4.5") -> tuple[UUID, ...]:
    return bench.pharmacy.perform(ActName.BLANK_PRINT, bench.linh, lambda act: blanks.print_blanks(act, code, count))


def listed(bench: Bench) -> blanks.Blanks:
    return bench.pharmacy.look(LookName.BATCHES, bench.linh, blanks.blanks)


def spoil(bench: Bench, key: UUID, reason: str = "torn") -> None:
    bench.pharmacy.perform(ActName.BLANK_SPOIL, bench.linh, lambda act: blanks.spoil(act, key, reason))


def begin(bench: Bench, batch: UUID, number: str = "W1", reason: str = "no power from 9 to 11") -> None:
    bench.pharmacy.perform(ActName.BATCH_ENTER_LATE, bench.linh, lambda act: blanks.begin_late(act, batch, number, reason))


def late(bench: Bench) -> tuple[UUID, datetime]:
    """A batch of capsules made on blank worksheet W1 on 2 March and drawn up on the 3rd; and the moment from which the paper can tell."""
    numbered(bench)
    printed = bench.clock.moment
    (fill,) = bench.planned(capsules(), replace(IN_CAPSULES, starts_on=bench.today + timedelta(days=1)))
    bench.clock.pass_days(1)
    bench.check_balances()
    batch = bench.draw_up(fill)
    begin(bench, batch)
    return batch, printed


def at(moment: datetime) -> Done:
    return Done(moment.astimezone(ZONE).date(), moment)


def entered(bench: Bench, batch: UUID, since: datetime, *, by: Actor | None = None) -> None:
    """Every step, ten minutes after the one before, up to the compounder's signature."""
    who, seen = by or bench.linh, bench.maria
    moments = iter(at(since + timedelta(minutes=10 * number)) for number in range(1, 20))

    def step(name: ActName, change: Callable[[Act, Done], object]) -> None:
        done = next(moments)
        bench.pharmacy.perform(name, who, lambda act: change(act, done))

    step(ActName.BATCH_COUNT, lambda act, done: batches.count(act, batch, 3, seen, line_clear=True, done=done))
    for line_ in bench.batch(batch).open_lines:
        told = {"lot_number": line_.lot_number, "actual": line_.target, "reason": ""}
        step(ActName.BATCH_WEIGH, lambda act, done, number=line_.number, told=told: batches.weigh(act, batch, number, **told, done=done))
    step(ActName.BATCH_WITNESS, lambda act, done: batches.witness_weights(act, batch, seen, done=done))
    finished = bench.finished(batch)
    step(ActName.BATCH_COMPOUND, lambda act, done: batches.compound(act, batch, finished, done=done))


def test_what_was_made_on_paper_keeps_the_time_of_the_paper_and_that_of_the_clock(bench: Bench) -> None:
    batch, printed = late(bench)
    entered(bench, batch, printed, by=bench.james)
    with pytest.raises(Forbidden, match="same person"):  # on paper as on the screen
        bench.pharmacy.perform(ActName.BATCH_RELEASE, bench.james, lambda act: batches.verify_and_release(act, batch, done=at(printed + timedelta(hours=4))))
    verified = at(printed + timedelta(hours=4))
    bench.pharmacy.perform(ActName.BATCH_RELEASE, bench.maria, lambda act: batches.verify_and_release(act, batch, done=verified))
    shown = bench.batch(batch)
    assert (shown.status, shown.made_on) == (BatchStatus.RELEASED, bench.today - timedelta(days=1))
    assert shown.beyond_use == bench.today - timedelta(days=1) + timedelta(days=179)  # counted from the day of making
    more = bench.pharmacy.look(LookName.BATCHES, bench.linh, lambda look: records.details(look, batch, shown.storage))
    assert more.late is not None
    assert (more.late.number, more.late.reason, more.late.by) == ("W1", "no power from 9 to 11", "Linh Tran")
    assert [step.words for step in more.late.steps][:2] == ["tablets counted", "line 2"]
    assert [step.words for step in more.late.steps][-3:] == ["weights witnessed", "compounded", "verified"]
    assert all(step.done_at < printed + timedelta(days=1) <= step.entered_at for step in more.late.steps)
    assert {item.standing for item in more.signatures} == {Standing.WHOLE}
    assert {item.at.date() for item in more.signatures} == {bench.clock.moment.date()}
    assert ("late", "Blank worksheet W1: no power from 9 to 11") in [(item.kind, item.reason) for item in more.events]
    pdf = renderer().paper(record_paper(shown, more, Desk(PROFILE, bench.clock.moment, ZONE))).pdf
    assert "LATE ENTRY. Made on paper, on blank worksheet W1" in " ".join(" ".join(page_texts(pdf)).split())
    (item,) = listed(bench).found
    assert (item.status, item.batch_id) == (BlankStatus.USED, batch)


@on_sqlite
def test_a_told_time_that_was_changed_breaks_the_signatures_that_saw_it(bench: Bench) -> None:
    batch, printed = late(bench)
    entered(bench, batch, printed)
    beneath(bench, "UPDATE late_step SET done_on = '2026-03-01' WHERE step = 'witness'")
    shown = bench.batch(batch)
    assert {item.meaning: item.differs for item in shown.signatures if item.standing is Standing.BROKEN} == {
        "witnessed the weights before mixing": ("time of witness",),
        "compounded": ("time of witness",),
    }


@on_sqlite
def test_a_late_entry_asks_for_each_time_and_one_that_is_made_now_for_none(bench: Bench) -> None:
    batch, printed = late(bench)
    for done in (None, at(bench.clock.moment + timedelta(hours=1)), at(printed - timedelta(minutes=1))):
        with pytest.raises(Invalid) as refused:
            bench.pharmacy.perform(
                ActName.BATCH_COUNT, bench.linh, lambda act, done=done: batches.count(act, batch, 3, bench.james, line_clear=True, done=done)
            )
        assert set(refused.value.fields) == {"late.at"}
    assert bench.batch(batch).status is BatchStatus.PLANNED
    (other,) = bench.planned(capsules("Bea Sample"), replace(IN_CAPSULES, starts_on=bench.today))
    now = bench.draw_up(other)
    with pytest.raises(Invalid, match="times are the clock's"):
        bench.pharmacy.perform(ActName.BATCH_COUNT, bench.linh, lambda act: batches.count(act, now, 3, bench.james, line_clear=True, done=at(printed)))
    bench.count(now)
    with pytest.raises(Conflict, match="before its first step"):
        begin(bench, now)


@on_sqlite
def test_a_number_is_used_once_for_its_own_formula_or_spoiled_with_a_reason(bench: Bench) -> None:
    first, second, third = numbered(bench, 3)
    (other,) = numbered(bench, code="L1")
    assert [item.number for item in listed(bench).found] == ["W4", "W3", "W2", "W1"]
    assert [item.number for item in bench.pharmacy.look(LookName.BATCHES, bench.linh, lambda look: blanks.run_of(look, second))] == ["W1", "W2", "W3"]
    with pytest.raises(Invalid):
        spoil(bench, first, "")
    spoil(bench, first)
    with pytest.raises(Conflict, match="spoiled already"):
        spoil(bench, first)
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.draw_up(fill)
    for number, why in (("W1", "spoiled already"), ("W4", "another formula"), ("W99", "No blank worksheet"), ("B2", "no number")):
        with pytest.raises(Invalid, match=why) as refused:
            begin(bench, batch, number)
        assert set(refused.value.fields) == {"blank"}
    begin(bench, batch, "w2")
    (later,) = bench.planned(capsules("Bea Sample"), IN_CAPSULES)
    next_one = bench.draw_up(later)
    with pytest.raises(Invalid, match="used already"):
        begin(bench, next_one, "W2")
    counts = listed(bench).counts
    assert counts == {BlankStatus.UNUSED: 2, BlankStatus.USED: 1, BlankStatus.SPOILED: 1}
    for code in ("none", "C4.5 "):
        with pytest.raises(Invalid):
            numbered(bench, code=code)
    with pytest.raises(Unknown):
        spoil(bench, UUID(int=1))
    assert (third, other) != (None, None)


@on_sqlite
def test_the_paper_has_its_number_on_every_page_and_each_field_of_the_record(bench: Bench) -> None:
    numbered(bench, 2)
    numbered(bench, 1, "L1")
    desk = Desk(PROFILE, bench.clock.moment, ZONE)
    found = bench.pharmacy.look(LookName.BATCHES, bench.linh, blanks.blanks).found
    pdf = renderer().papers([blank_paper(item, desk) for item in found])
    words = " ".join(" ".join(page_texts(pdf.pdf)).split())
    assert words.count("Page 1 of") == 3
    for item in found:
        feet = [text for text in page_texts(pdf.pdf) if f"Blank worksheet {item.number} of {item.formula.code}" in " ".join(text.split())]
        assert f"Page {len(feet)} of {len(feet)}" in feet[-1]
    assert {code for page in rasters(pdf.pdf) for code in barcodes(page)} == {"W1", "W2", "W3"}
    for field in ("The preparation", "Maker, lot, expiry", "Calculations", "What came out", "Beyond-use date", "went otherwise", "Verified and released"):
        assert field in words


def test_the_database_itself_keeps_the_numbers_and_the_times(bench: Bench) -> None:
    batch, printed = late(bench)
    numbered(bench)
    done = at(printed + timedelta(minutes=1))
    bench.pharmacy.perform(ActName.BATCH_COUNT, bench.linh, lambda act: batches.count(act, batch, 3, bench.james, line_clear=True, done=done))
    refused(
        bench,
        "UPDATE blank SET number = number + 7",
        "DELETE FROM blank",
        "UPDATE blank SET status = 'used' WHERE number = 2",
        "UPDATE blank SET status = 'spoiled', settled_at = printed_at, settler_id = person_id WHERE number = 2",
        "UPDATE blank SET settled_at = printed_at, settler_id = person_id WHERE number = 2",
        "UPDATE blank SET status = 'unused', batch_id = NULL, settled_at = NULL, settler_id = NULL WHERE number = 1",
        "UPDATE late_step SET done_at = entered_at",
        "DELETE FROM late_step",
        "UPDATE late_entry SET reason = 'another'",
    )


def test_steps_are_told_in_the_order_in_which_a_batch_goes() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    told = {COUNT: noon, line(2): noon + timedelta(minutes=20), line(3): noon + timedelta(minutes=10)}

    def fits(step: str, minutes: int) -> bool:
        done = Done(noon.date(), noon + timedelta(minutes=minutes))
        try:
            return check_done(step, done, printed_at=noon - timedelta(hours=1), now=noon + timedelta(hours=9), before=told) == done
        except Invalid:
            return False

    assert [fits(line(4), minutes) for minutes in (-1, 0, 15)] == [False, True, True]
    assert [fits(WITNESS, minutes) for minutes in (0, 19, 20, 21)] == [False, False, True, True]
    assert [fits(timed(2, "begun"), minutes) for minutes in (19, 25)] == [False, True]
    assert [fits(COMPOUND, minutes) for minutes in (19, 25, 600)] == [False, True, False]
    assert [fits(VERIFY, minutes) for minutes in (19, 25)] == [False, True]
    told[WITNESS] = noon + timedelta(minutes=30)
    assert [fits(line(5), minutes) for minutes in (29, 31)] == [True, False]


def test_a_number_reads_as_it_is_said_and_nothing_else_is_one() -> None:
    assert [read(text) for text in ("W12", "w12", " 12 ", said(12))] == [12] * 4
    for wrong in ("", "B12", "W", "W1 2", "W1234567890", "Ｗ12"):
        with pytest.raises(Invalid):
            read(wrong)
    for count in (0, 21):
        with pytest.raises(Invalid):
            check_count(count)
