"""Capsules weighed one by one at the bench: what one out of limits asks for, and that nothing is released before it is done."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest

from compounding.db.document import decode, encode
from compounding.domain.batch import Finished, Record
from compounding.domain.capsule_check import CapsuleWeights, Remedy
from compounding.domain.errors import Conflict, Forbidden, Invalid, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.quantity import Mass
from compounding.workflow import batches
from compounding.workflow.proof import Disagreement
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

pytestmark = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
SPARE = replace(IN_CAPSULES, overage=2)
CAUSE = "the tamper was loose in row 3"


def weighed(good: Finished, shares: Sequence[str], **changes: object) -> Finished:
    """Capsules of these shares of their theoretical net weight, as the balance shows them."""
    assert good.capsules is not None
    net = good.capsules.net[0]
    gross = tuple(net * Fraction(share) + good.capsules.tare.each for share in shares)
    outer = {name: changes.pop(name) for name in ("made", "deviations") if name in changes}
    return replace(good, capsules=replace(good.capsules, gross=gross, **changes), **outer)


def ready(bench: Bench, *, spare: bool = True) -> tuple[UUID, UUID, Finished]:
    (fill,) = bench.planned(capsules(), SPARE if spare else IN_CAPSULES)
    batch = bench.weighed(fill)
    return fill, batch, bench.finished(batch)


ONE_OUT = ("1",) * 9 + ("1.2",)


@pytest.mark.parametrize(("share", "out"), [("0.9", False), ("1.1", False), ("0.899", True), ("1.101", True)])
def test_every_capsule_weighs_90_to_110_percent_of_its_net_weight(bench: Bench, share: str, *, out: bool) -> None:
    _, batch, good = ready(bench)
    result = weighed(good, ("1",) * 9 + (share,))
    if not out:
        bench.compound(batch, result)
        return
    with pytest.raises(Invalid, match="capsule 10") as refusal:
        bench.compound(batch, result)
    assert set(refusal.value.fields) == {"capsules.gross", "capsules.remedy"}
    assert bench.batch(batch).status == "in_process"


def test_fewer_than_ten_capsule_weights_say_too_little_and_none_nothing(bench: Bench) -> None:
    _, batch, good = ready(bench)
    with pytest.raises(Unsafe, match="10 capsules one by one"):
        bench.compound(batch, weighed(good, ("1",) * 9))
    with pytest.raises(Invalid, match="empty shells"):
        bench.compound(batch, replace(good, capsules=None))
    with pytest.raises(Invalid, match="were weighed"):
        bench.compound(batch, weighed(good, ("1",) * 33))


def test_the_tare_is_of_ten_shells_or_more_from_the_lot_that_was_filled(bench: Bench) -> None:
    _, batch, good = ready(bench)
    assert good.capsules is not None
    for tare, field in (
        (replace(good.capsules.tare, shells=9), "capsules.shells"),
        (replace(good.capsules.tare, lot_number="SH3-99"), "capsules.shell_lot"),
        (replace(good.capsules.tare, together=Mass.of_mg(0)), "capsules.together"),
        (replace(good.capsules.tare, together=Mass.of_mg(3000)), "capsules.gross"),
    ):
        with pytest.raises(Invalid) as refusal:
            bench.compound(batch, replace(good, capsules=replace(good.capsules, tare=tare)))
        assert list(refusal.value.fields) == [field]


def test_a_capsule_out_of_limits_with_nothing_done_is_neither_signed_nor_released(bench: Bench) -> None:
    fill, batch, good = ready(bench)
    with pytest.raises(Invalid, match="set the batch aside, or reject it"):
        bench.compound(batch, weighed(good, ONE_OUT, deviations=CAUSE))
    with pytest.raises(Conflict):
        bench.release(batch)
    assert bench.fill(fill).status is FillStatus.PLANNED


def test_once_all_are_weighed_those_outside_are_taken_out_and_counted_as_rejected(bench: Bench) -> None:
    _, batch, good = ready(bench)
    shares = ("1",) * 30 + ("1.2", "0.85")
    with pytest.raises(Invalid, match="Weigh every capsule"):
        bench.compound(batch, weighed(good, ONE_OUT, made=Fraction(31), remedy=Remedy.ALL_WEIGHED, deviations=CAUSE))
    with pytest.raises(Invalid, match="shells were counted"):
        bench.compound(batch, weighed(good, shares, remedy=Remedy.ALL_WEIGHED, deviations=CAUSE))  # 32 good ones beside the two that were taken out
    bench.compound(batch, weighed(good, shares, made=Fraction(30), remedy=Remedy.ALL_WEIGHED, deviations=CAUSE))

    shown = bench.batch(batch)
    assert shown.accounted is not None
    assert shown.statistics is not None
    assert (shown.accounted.good, shown.accounted.rejected, shown.accounted.missing) == (30, 2, 0)
    assert (shown.accounted.output, shown.accounted.share) == (Fraction(30, 32), 1)
    assert shown.statistics.out == (31, 32)
    bench.release(batch)
    assert bench.batch(batch).status == "released"


def test_where_too_few_are_left_the_batch_is_not_signed(bench: Bench) -> None:
    _, batch, good = ready(bench, spare=False)
    with pytest.raises(Unsafe, match="run short"):
        bench.compound(batch, weighed(good, ("1",) * 29 + ("1.2",), made=Fraction(29), remedy=Remedy.ALL_WEIGHED, deviations=CAUSE))


def set_aside(bench: Bench) -> tuple[UUID, UUID, Finished]:
    fill, batch, good = ready(bench)
    with pytest.raises(Invalid, match="Say why"):
        bench.compound(batch, weighed(good, ONE_OUT, remedy=Remedy.SET_ASIDE))
    bench.compound(batch, weighed(good, ONE_OUT, remedy=Remedy.SET_ASIDE, deviations=CAUSE))
    return fill, batch, good


def test_a_batch_that_is_set_aside_is_quarantined_with_its_reason_and_not_released(bench: Bench) -> None:
    fill, batch, _ = set_aside(bench)
    shown = bench.batch(batch)
    assert shown.status == "quarantined"
    assert shown.record is not None
    assert shown.record.finished.deviations == CAUSE
    with pytest.raises(Unsafe, match="set aside"):
        bench.release(batch)
    assert bench.batch(batch).status == "quarantined"
    assert bench.fill(fill).status is FillStatus.PLANNED


def test_what_was_set_aside_comes_back_only_when_every_capsule_was_weighed_and_keeps_what_was_found_first(bench: Bench) -> None:
    _, batch, good = set_aside(bench)
    with pytest.raises(Invalid, match="Weigh every capsule"):
        bench.compound(batch, good)  # ten others that are right
    with pytest.raises(Forbidden, match="One person does both"):
        bench.compound(batch, good, by=bench.james)
    result = weighed(good, ("1",) * 31 + ("1.2",), made=Fraction(31), remedy=Remedy.ALL_WEIGHED, deviations="one shell was filled twice")
    bench.compound(batch, result)
    record = bench.batch(batch).record
    assert record is not None
    assert [earlier.deviations for earlier in record.before] == [CAUSE]
    bench.release(batch)
    assert bench.batch(batch).status == "released"
    with pytest.raises(Conflict):
        bench.compound(batch, result)


def test_what_was_set_aside_may_be_rejected_and_its_fill_is_due_again(bench: Bench) -> None:
    fill, batch, _ = set_aside(bench)
    bench.reject(batch)
    shown = bench.batch(batch)
    assert (shown.status, bench.fill(fill).status) == ("rejected", FillStatus.DUE)
    assert shown.statistics is not None
    assert shown.statistics.out == (10,)


def test_capsules_that_nobody_accounts_for_are_explained(bench: Bench) -> None:
    _, batch, good = ready(bench)
    with pytest.raises(Invalid, match="1 of 32 capsules"):
        bench.compound(batch, weighed(good, ("1",) * 10, made=Fraction(30), broken=1))
    bench.compound(batch, weighed(good, ("1",) * 10, made=Fraction(30), broken=1, kept=1))
    where = bench.batch(batch).accounted
    assert where is not None
    assert (where.kept, where.broken, where.missing, where.share) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("assay", "spread", "why"), [("89.9", "1", "outside its limits"), ("110.1", "1", "outside its limits"), ("91", "1.09", "acceptance value")]
)
def test_a_content_found_wanting_by_an_assay_is_not_mended_by_weighing(bench: Bench, assay: str, spread: str, why: str) -> None:
    _, batch, good = ready(bench)
    result = weighed(good, (spread, "1") * 5, assay=Fraction(assay))
    with pytest.raises(Invalid, match=why):
        bench.compound(batch, result)
    assert result.capsules is not None
    aside: CapsuleWeights = replace(result.capsules, remedy=Remedy.SET_ASIDE)
    bench.compound(batch, replace(result, capsules=aside, deviations="content low, laboratory asked"))
    assert bench.batch(batch).status == "quarantined"


def test_statistics_that_a_second_count_does_not_find_stop_the_work(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    _, batch, good = ready(bench)
    wrong = batches.statistics

    def heavier(*given: object) -> object:
        found = wrong(*given)
        return replace(found, mean=found.mean + Mass.of_nanograms(1))

    monkeypatch.setattr(batches, "statistics", heavier)
    with pytest.raises(Disagreement, match="The mean"):
        bench.compound(batch, good)
    assert bench.batch(batch).status == "in_process"


def test_a_record_of_before_the_shells_were_tared_is_still_read(bench: Bench) -> None:
    _, batch, good = ready(bench)
    bench.compound(batch, good)
    record = bench.batch(batch).record
    assert record is not None
    old = '{"finished":{"deviations":"","found":[],"made":"30","ph":null,"weights":["226","227"]},"preserved":false}'
    read = decode(Record, old)
    assert (read.finished.weights, read.finished.capsules, read.weighed, read.before) == ((Mass.of_mg(226), Mass.of_mg(227)), None, None, ())
    assert decode(Record, encode(record)) == record
