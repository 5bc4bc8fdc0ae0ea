"""A batch that several fills share, from the proposal to the counter: made once, labelled and dated for each, and refused where it must be."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from compounding.db.batches import BatchRow, ShareRow
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.batch import BatchStatus
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, PharmacyError, Unknown, Unsafe
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Part
from compounding.domain.money import Money
from compounding.domain.prescription import Form, Order
from compounding.domain.quantity import Mass
from compounding.workflow import labels
from compounding.workflow import pooling as work
from compounding.workflow.proof import Disagreement
from tests.workflow.bench import Bench
from tests.workflow.making import make, share
from tests.workflow.orders import IN_CAPSULES, IN_L1, IN_L1_AT_ROOM, IN_L2, IN_L5, capsules, order

only_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
NAMES = ("Ann Sample", "Bea Sample", "Cal Sample")


def month(name: str) -> Order:
    """103.5 mg, as in golden number G07: made alone it takes 3 tablets, of which 46.5 mg are thrown away."""
    return order(("4.5", 23), form=Form.ORAL_LIQUID, name=name)


def bottles(bench: Bench, *names: str) -> list[UUID]:
    return [bench.planned(month(name), IN_L1)[0] for name in names or NAMES]


def batches(bench: Bench) -> int:
    with reading(bench.pharmacy.engine) as session:
        return session.scalars(select(func.count()).select_from(BatchRow)).one()


def refused(bench: Bench, fills: list[UUID], kind: type[PharmacyError] | tuple[type[PharmacyError], ...], match: str) -> None:
    """Nothing is kept of what was refused."""
    before = batches(bench), [bench.fill(fill).status for fill in fills]
    with pytest.raises(kind, match=match):
        share(bench, fills)
    assert (batches(bench), [bench.fill(fill).status for fill in fills]) == before


def test_one_worksheet_is_made_once_and_every_fill_has_its_own_container_label_and_hand_over(bench: Bench) -> None:
    fills = bottles(bench)
    batch = share(bench, fills)
    shown = bench.batch(batch)
    containers = [line for line in shown.preparation.lines if line.part is Part.CONTAINER]

    assert (shown.preparation.amounts.tablets, shown.preparation.amounts.made, shown.pool.tablets_saved) == (7, 350, 2)
    assert [(line.product, line.target) for line in containers] == [("bottle-120-ml", 3)]
    assert [(share.fill_id, share.amount, share.order.patient.name) for share in shown.shares] == [
        (fill, Fraction("103.5"), name) for fill, name in zip(fills, NAMES, strict=True)
    ]

    make(bench, batch)
    barcodes = set()
    assert [bench.fill(fill).status for fill in fills] == [FillStatus.MADE] * 3
    for fill, name in zip(fills, NAMES, strict=True):
        bench.label(fill)
        value = bench.compose(fill).value
        barcodes.add(value.barcode)
        assert (value.patient, value.quantity, value.batch) == (name, "103.5 mL", shown.number)
        bench.check(fill)
        bench.hand_over(fill)
    assert [bench.fill(fill).status for fill in fills] == [FillStatus.HANDED_OVER] * 3
    assert len(barcodes) == 3
    _costs_add_up(bench, fills)


@only_sqlite
def test_capsules_share_with_the_spare_ones_of_each(bench: Bench) -> None:
    request = replace(IN_CAPSULES, overage=2)
    fills = [bench.planned(capsules(name), request)[0] for name in NAMES[:2]]
    batch = share(bench, fills)

    assert (bench.batch(batch).preparation.amounts.made, bench.batch(batch).preparation.amounts.dispensed) == (64, 60)
    make(bench, batch)
    assert {bench.compose(fill).value.quantity for fill in fills} == {"30 capsules"}


@only_sqlite
def test_no_fill_gets_a_later_date_than_its_own_plan(bench: Bench) -> None:
    early = replace(IN_L1, starts_on=bench.today + timedelta(days=5), lead_days=5)
    (first,) = bench.planned(month("Ann Sample"), early)
    bench.clock.pass_days(3)
    (second,) = bench.planned(month("Bea Sample"), replace(IN_L1, starts_on=bench.today))
    batch = share(bench, [first, second])
    make(bench, batch)

    assert bench.batch(batch).beyond_use == date(2026, 4, 8)
    assert (bench.fill(first).beyond_use, bench.fill(second).beyond_use) == (date(2026, 4, 5), date(2026, 4, 8))
    assert bench.compose(first).value.beyond_use == "Discard after Apr 5, 2026"
    assert bench.compose(second).value.beyond_use == "Discard after Apr 8, 2026"
    for fill in (first, second):
        bench.label(fill)
        bench.check(fill)
    with pytest.raises(Unsafe, match="after the beyond-use date 5 April 2026"):
        bench.redate(first, date(2026, 3, 15))
    assert [item.beyond_use for item in bench.prescription(bench.fill(first).prescription_id).fills] == [date(2026, 4, 5)]


def test_a_rejected_batch_makes_all_of_its_fills_due_again(bench: Bench) -> None:
    fills = bottles(bench)
    batch = share(bench, fills)
    bench.count(batch)
    bench.reject(batch)

    assert bench.batch(batch).status is BatchStatus.REJECTED
    assert [bench.fill(fill).status for fill in fills] == [FillStatus.DUE] * 3
    again = share(bench, fills)
    with reading(bench.pharmacy.engine) as session:
        states = {(row.batch_id, row.status) for row in session.scalars(select(ShareRow))}
    assert states == {(batch, "void"), (again, "live")}


@only_sqlite
def test_a_fill_that_somebody_began_meanwhile_keeps_the_others_from_nothing(bench: Bench) -> None:
    first, *others = bottles(bench)
    bench.draw_up(first)

    refused(bench, [first, *others], Conflict, "planned")
    assert bench.batch(share(bench, others)).pool.amounts.tablets == 5


@only_sqlite
def test_a_batch_is_shared_by_two_at_least_each_once_and_by_nobody_unknown(bench: Bench) -> None:
    first, second, _ = bottles(bench)

    refused(bench, [first], Conflict, "two fills or more")
    with pytest.raises(Conflict):
        share(bench, [first, first])
    with pytest.raises(Unknown):
        share(bench, [first, uuid4()])
    assert bench.fill(second).status is FillStatus.DUE


@only_sqlite
def test_what_differs_in_storage_formula_or_method_is_not_shared(bench: Bench) -> None:
    (cold,) = bottles(bench, "Ann Sample")
    others = [bench.planned(month("Bea Sample"), IN_L1_AT_ROOM)[0], bench.planned(order(("4.5", 10), form=Form.ORAL_LIQUID, name="Cal Sample"), IN_L2)[0]]

    for other in others:
        refused(bench, [cold, other], Conflict, "not of one version of a formula")


@only_sqlite
def test_an_allergy_to_a_lot_or_a_new_strength_keeps_a_fill_apart_whoever_asks(bench: Bench) -> None:
    sensitive = month("Ann Sample")
    (allergic,) = bench.planned(replace(sensitive, patient=replace(sensitive.patient, allergies=("lactose",))), IN_L1)
    (other,) = bottles(bench, "Bea Sample")

    refused(bench, [allergic, other], Unsafe, "An excipient does not suit the patient")


@only_sqlite
def test_an_allergy_is_asked_of_the_very_lots_that_are_taken(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the rule that looks at every lot at hand to miss one, the worksheet's own lots would still stop it."""
    sensitive = month("Ann Sample")
    (allergic,) = bench.planned(replace(sensitive, patient=replace(sensitive.patient, allergies=("lactose",))), IN_L1)
    (other,) = bottles(bench, "Bea Sample")
    monkeypatch.setattr(work, "excipients_at_hand", lambda *_: ())

    refused(bench, [allergic, other], Unsafe, "Ann Sample shares with nobody")


@only_sqlite
def test_what_is_made_in_its_bottle_is_not_shared(bench: Bench) -> None:
    fills = [bench.planned(order(("0.5", 7), form=Form.ORAL_DROPS, name=name), IN_L5)[0] for name in NAMES[:2]]

    refused(bench, fills, Unsafe, "made in the bottle")


@only_sqlite
def test_a_day_that_does_not_suit_all_of_them_is_named(bench: Bench) -> None:
    later = replace(IN_L1, starts_on=bench.today + timedelta(days=7))
    long = order(("4.5", 35), form=Form.ORAL_LIQUID, name="Bea Sample")
    wide = replace(later, container="bottle-180-ml")
    fills = [*bottles(bench, "Ann Sample"), bench.planned(long, wide)[0]]

    refused(bench, fills, (Unsafe, Conflict), "9 March 2026|past the beyond-use date")


@only_sqlite
@pytest.mark.parametrize("slip", ["a tablet more", "a share less"])
def test_a_difference_between_the_two_counts_keeps_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch, slip: str) -> None:
    def slipped(*given: object, **named: object) -> object:
        pool = real(*given, **named)
        first, *rest = pool.shares
        less = replace(first, amounts=replace(first.amounts, dispensed=first.amounts.dispensed - 1))
        more = replace(pool.amounts, tablets=pool.amounts.tablets + 1)
        return replace(pool, amounts=more) if slip == "a tablet more" else replace(pool, shares=(less, *rest))

    real = work.together
    fills = bottles(bench)
    monkeypatch.setattr(work, "together", slipped)

    with pytest.raises(Disagreement):
        share(bench, fills)
    assert (batches(bench), {bench.fill(fill).status for fill in fills}) == (0, {FillStatus.DUE})


@only_sqlite
def test_the_split_is_counted_again_before_each_label(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fills = bottles(bench)
    make(bench, share(bench, fills))
    composed = bench.compose(fills[0])

    def changed(session: object, fill: object) -> object:
        plan = real(session, fill)
        other = replace(plan.fills[0].amounts, left=Mass.of_mg(1))
        return replace(plan, fills=(replace(plan.fills[0], amounts=other),))

    real = labels.plan_of
    monkeypatch.setattr(labels, "plan_of", changed)
    with pytest.raises(Disagreement, match="not what was planned for it"):
        bench.issue(composed, bench.lay_out(composed))


def _costs_add_up(bench: Bench, fills: list[UUID]) -> None:
    """What the batch took is dealt out to the last millionth: 7 tablets at 0.70, 20 minutes of labour, 3 bottles; each has its own label and overhead."""
    found = [cost for cost in bench.month("2026-03").fills if cost.fill_id in fills]
    sums = {kind: sum(part.amount.micros for cost in found for part in cost.parts if part.kind is kind) for kind in CostKind}

    assert len(found) == 3
    assert sums[CostKind.TABLETS] + sums[CostKind.WASTE] == 7 * 700_000
    assert sums[CostKind.LABOUR] == Money.of(12).micros
    assert sums[CostKind.CONTAINER] == 3 * (450_000 + 50_000)
    assert sums[CostKind.OVERHEAD] == Money.of(30).micros
    assert {sum(part.amount.micros for part in cost.parts if part.kind is CostKind.LABOUR) for cost in found} == {4_000_000}


@only_sqlite
def test_taking_up_is_an_act_of_the_bench_and_stands_in_the_audit(bench: Bench) -> None:
    fills = bottles(bench)
    with pytest.raises(PharmacyError):
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.actors()["prescriber"], lambda act: work.take_up(act, fills))
    assert batches(bench) == 0
