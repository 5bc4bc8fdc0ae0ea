"""The second pharmacist: where two computations of one plan differ, the work stops and nothing is stored."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import func, select

from compounding.db.audit import AuditRow
from compounding.db.batches import BatchRow, FillRow, PlanRow, ShareRow
from compounding.db.document import decode, encode, sha256
from compounding.db.session import reading
from compounding.domain.authority import ActName
from compounding.domain.fill import FillStatus
from compounding.domain.formula import Part
from compounding.domain.plan import Plan
from compounding.domain.preparation import Amounts, BatchPlan
from compounding.domain.quantity import Mass
from compounding.workflow import batches, worksheets
from compounding.workflow.act import Act
from compounding.workflow.proof import Disagreement
from tests.workflow.bench import PROFILE, Bench
from tests.workflow.orders import IN_L1, titration

Tamper = Callable[[Amounts], Amounts]


def count(bench: Bench, kind: type[BatchRow | PlanRow | AuditRow]) -> int:
    with reading(bench.pharmacy.engine) as session:
        return session.scalars(select(func.count()).select_from(kind)).one()


def planted_plan(bench: Bench, order_id: UUID, tamper: Tamper) -> UUID:
    """A second plan of the order whose first bottle was tampered with, as a defect of the planner would have kept it; its first fill."""

    def plant(act: Act) -> UUID:
        kept = act.session.scalars(select(PlanRow).where(PlanRow.prescription_id == order_id)).one()
        plan = decode(Plan, kept.document)
        text = encode(replace(plan, fills=(replace(plan.fills[0], amounts=tamper(plan.fills[0].amounts)), *plan.fills[1:])))
        same = {name: getattr(kept, name) for name in ("prescription_id", "policy_version", "formula_id", "person_id", "made_at")}
        planted = PlanRow(**same, status="void", document=text, sha256=sha256(text))
        first = plan.fills[0]
        dates = {"make_by": first.make_by, "opens_on": first.opens_on, "closes_on": first.closes_on}
        fill = FillRow(plan_id=planted.id, prescription_id=order_id, number=1, status=FillStatus.DUE, **dates)
        act.session.add_all([planted, fill])
        return fill.id

    return bench.pharmacy.perform(ActName.PLAN_MAKE, bench.linh, plant)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda amounts: replace(amounts, tablets=3, active=Mass.of_mg(150), made=Fraction(126)),
        lambda amounts: replace(amounts, tablets=3),
        lambda amounts: replace(amounts, made=Fraction(50)),
    ],
    ids=["three tablets q.s. 126 mL", "a tablet more", "half the volume"],
)
def test_a_planted_difference_stops_the_work_and_nothing_is_stored(bench: Bench, tamper: Tamper) -> None:
    order_id = bench.accepted(titration())
    bench.plan(order_id, IN_L1)
    fill = planted_plan(bench, order_id, tamper)
    before = count(bench, BatchRow), count(bench, AuditRow)

    with pytest.raises(Disagreement):
        bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, lambda act: worksheets.plan_batch(act, fill, {}))

    assert (count(bench, BatchRow), count(bench, AuditRow)) == before
    assert bench.fill(fill).status is FillStatus.DUE


def test_the_same_plan_untouched_is_made(bench: Bench) -> None:
    order_id = bench.accepted(titration())
    bench.plan(order_id, IN_L1)
    fill = planted_plan(bench, order_id, lambda amounts: amounts)
    bench.made(fill)
    assert bench.fill(fill).status is FillStatus.MADE


def test_what_was_made_is_computed_again_before_its_label(bench: Bench) -> None:
    opening, _ = bench.planned(titration(), IN_L1)
    batch = bench.draw_up(opening)

    def swap(act: Act) -> UUID:
        """The same batch drawn up with a tablet more, as a defect at the bench would have kept it."""
        old = act.session.get_one(BatchRow, batch, with_for_update=True, populate_existing=True)
        plan = decode(BatchPlan, old.document)
        lines = tuple(replace(line, target=line.target + 1) if line.part is Part.ACTIVE else line for line in plan.preparation.lines)
        text = encode(replace(plan, preparation=replace(plan.preparation, lines=lines)))
        old.status = "rejected"
        share = act.session.scalars(select(ShareRow).where(ShareRow.batch_id == batch)).one()
        share.status = "void"
        new = BatchRow(number=old.number + 1, formula_id=old.formula_id, status="planned", document=text, sha256=sha256(text), planned_at=act.at)
        act.session.add_all([new, ShareRow(batch_id=new.id, fill_id=opening, amount=share.amount, status="live")])
        return new.id

    planted = bench.pharmacy.perform(ActName.BATCH_PLAN, bench.linh, swap)
    bench.count(planted)
    for line in bench.batch(planted).open_lines:
        bench.weigh(planted, line)
    bench.compound(planted)
    bench.pharmacy.perform(ActName.BATCH_RELEASE, bench.maria, lambda act: batches.verify_and_release(act, planted))
    composed = bench.compose(opening)
    assert composed.value.pharmacy_name == PROFILE.name

    with pytest.raises(Disagreement):
        bench.issue(composed, bench.lay_out(composed))
    assert bench.fill(opening).status is FillStatus.MADE
