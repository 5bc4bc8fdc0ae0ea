"""Less is given than was planned: the rest is kept, labelled, checked, handed over and paid for by itself, or cancelled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from compounding.db.batches import FillRow, ShareRow
from compounding.db.costs import ChargeRow, CostRow
from compounding.db.dispenses import STANDS, DispenseRow
from compounding.db.session import reading
from compounding.db.values import fill_row, plan_of, planned
from compounding.domain.authority import ActName, LookName
from compounding.domain.errors import Conflict, Forbidden, Invalid, PharmacyError
from compounding.domain.fill import FillStatus
from compounding.domain.owed import AskedBy, Cut, Rest, Standing
from compounding.domain.people import Actor
from compounding.domain.prescription import Form
from compounding.domain.setback import Cause, Setback, SetbackKind
from compounding.workflow import owed, owed_lists, prescriptions, setbacks
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, IN_L1, capsules, order
from tests.workflow.test_voids import LEFT, refused, void

on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def cut(bench: Bench, fill: UUID, given: int, rest: Rest = Rest.HERE, *, by: Actor | None = None, reason: str = "cannot pay for all today") -> UUID:
    told = Cut(given, AskedBy.PATIENT if rest is Rest.HERE else AskedBy.STOCK, rest, reason)
    return bench.pharmacy.perform(ActName.FILL_PART, by or bench.maria, lambda act: owed.cut(act, fill, told))


def cancel(bench: Bench, fill: UUID, reason: str = "the patient stopped") -> None:
    bench.pharmacy.perform(ActName.FILL_CANCEL, bench.maria, lambda act: owed.cancel(act, fill, reason))


def is_owed(bench: Bench) -> tuple[owed_lists.Owed, ...]:
    return bench.pharmacy.look(LookName.DAY, bench.linh, owed_lists.open_ones)


def give(bench: Bench, fill: UUID) -> None:
    bench.label(fill)
    bench.check(fill)
    bench.hand_over(fill)


def test_capsules_are_given_in_two_parts_each_with_its_label_its_days_and_its_cost(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    batch = bench.checked(fill)
    vials, order_id = bench.balance("V120"), bench.fill(fill).prescription_id
    rest = cut(bench, fill, 10)
    first, second = bench.fill(fill), bench.fill(rest)
    assert (first.status, second.status, second.batch_id, bench.holding_labels(fill)) == (FillStatus.MADE, FillStatus.MADE, batch, 0)
    assert (bench.balance("V120"), first.fill.amounts.dispensed, second.fill.amounts.dispensed) == (vials - 1, 10, 20)
    assert (first.opens_on, first.closes_on) == (bench.today, bench.today + timedelta(days=9))
    assert (second.opens_on, second.closes_on) == (bench.today + timedelta(days=10), bench.today + timedelta(days=29))
    label = bench.compose(rest).value
    assert (label.quantity, label.container) == ("20 capsules for 20 days", "Vial 1 of 1, part 2")

    give(bench, fill)
    (item,) = is_owed(bench)
    assert (item.rest, item.rest_days, item.given, item.given_days, item.standing) == (20, 20, 10, 10, Standing.OPEN)
    assert (item.deadline.needed, item.deadline.by) == (second.opens_on, second.beyond_use - timedelta(days=19) if second.beyond_use else None)
    assert bench.prescription(order_id).status == "accepted"
    bench.clock.pass_days(11)
    assert is_owed(bench)[0].days_without == 2
    bench.redate(rest, bench.today)
    bench.answer(order_id)
    give(bench, rest)
    assert (is_owed(bench), bench.prescription(order_id).status) == ((), "completed")
    (item,) = bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: owed_lists.of_order(look, order_id))
    assert (item.standing, item.given_on, item.days_without) == (Standing.GIVEN, bench.today, 0)
    assert costs(bench, fill, rest) == (30, 30)


def costs(bench: Bench, *fills: UUID) -> tuple[int, int]:
    """Days and doses that were asked for; and that the parts together cost what the batch did, and what each has of its own."""
    with reading(bench.pharmacy.engine) as session:
        asked = session.scalars(select(ChargeRow).where(ChargeRow.fill_id.in_(fills))).all()
        by_fill = {fill: session.scalars(select(CostRow).where(CostRow.fill_id == fill)).all() for fill in fills}
    tablets = [sum(row.amount_micros for row in rows if row.kind in {"tablets taken", "wasted tablet rest"}) for rows in by_fill.values()]
    assert sum(tablets) == 3 * 700_000  # three tablets of 0.70
    assert all(tablets)
    assert [sum(row.kind == "overhead share" for row in rows) for rows in by_fill.values()] == [1] * len(fills)
    assert sum(row.kind == "container and label" for row in by_fill[fills[-1]]) == 2  # the further vial
    return sum(row.days for row in asked), sum(row.doses for row in asked)


@on_sqlite
def test_what_is_not_here_is_made_again_from_a_batch_of_its_own(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    first = bench.made(fill)
    rest = cut(bench, fill, 28, Rest.TO_BE_MADE, reason="two were crushed at the counter")
    assert bench.fill(rest).status is FillStatus.DUE
    give(bench, fill)
    bench.clock.pass_days(3)
    second = bench.checked(rest)
    assert (second != first, bench.batch(second).preparation.amounts.dispensed) == (True, 2)
    with reading(bench.pharmacy.engine) as session:
        lost = session.scalars(select(CostRow).where(CostRow.batch_id == first, CostRow.fill_id == rest)).all()
        shares = session.scalars(select(ShareRow).where(ShareRow.batch_id == first)).all()
    assert ({row.cause for row in lost}, sum(row.active_ng or 0 for row in lost) > 0) == ({"missing at a count"}, True)
    assert sorted((row.amount, row.status) for row in shares) == [(2, "void"), (28, "live")]
    bench.clock.pass_days(25)
    bench.redate(rest, bench.today)
    bench.label(rest)


@on_sqlite
def test_a_bottle_that_is_still_to_be_made_is_cut_by_days_and_one_that_is_made_is_given_whole(bench: Bench) -> None:
    (fill,) = bench.planned(order(("4.5", 14), form=Form.ORAL_LIQUID), IN_L1)
    whole = bench.fill(fill).fill.amounts
    with pytest.raises(Invalid, match="Something is missing"):
        cut(bench, fill, 5)
    rest = cut(bench, fill, 5, Rest.TO_BE_MADE, reason="five tablets are left")
    first, second = bench.fill(fill).fill, bench.fill(rest).fill
    assert first.amounts.used + second.amounts.used == whole.used
    assert (first.opens, first.closes, second.opens, second.closes) == (1, 5, 6, 14)
    bench.handed_over(fill)
    with pytest.raises(Conflict):
        cut(bench, fill, 2, Rest.TO_BE_MADE)
    bench.clock.pass_days(5)
    bench.handed_over(rest)
    with reading(bench.pharmacy.engine) as session:
        assert sum(row.days for row in session.scalars(select(ChargeRow))) == 14

    (bottle,) = bench.planned(order(("4.5", 14), form=Form.ORAL_LIQUID, name="Bea Sample"), replace(IN_L1, starts_on=bench.today))
    bench.made(bottle)
    with pytest.raises(Invalid) as refused:
        cut(bench, bottle, 5)
    assert "given whole" in refused.value.fields["rest"][0]


@on_sqlite
def test_what_is_owed_is_cancelled_with_a_reason_and_completes_the_order(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    rest, order_id = cut(bench, fill, 10), bench.fill(fill).prescription_id
    give(bench, fill)
    with pytest.raises(Invalid):
        cancel(bench, rest, "")
    with pytest.raises(PharmacyError):
        cancel(bench, fill)
    bench.label(rest)
    cancel(bench, rest)
    assert (is_owed(bench), bench.fill(rest).status, bench.holding_labels(rest)) == ((), FillStatus.CANCELLED, 0)
    assert bench.prescription(order_id).status == "completed"
    (item,) = bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: owed_lists.of_order(look, order_id))
    assert (item.standing, item.cancelled_reason) == (Standing.CANCELLED, "the patient stopped")
    with reading(bench.pharmacy.engine) as session:
        lost = session.scalars(select(CostRow).where(CostRow.fill_id == rest)).all()
    assert {row.cause for row in lost} == {"withdrawn, recalled or damaged"}
    with pytest.raises(Conflict):
        cancel(bench, rest)
    with pytest.raises(PharmacyError):
        bench.label(rest)


@on_sqlite
def test_a_part_goes_every_way_that_a_container_goes(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    rest = cut(bench, fill, 10)
    give(bench, fill)
    bench.label(rest)
    spilled = Setback(SetbackKind.REMAKE, Cause.SPILL, "it fell")
    bench.pharmacy.perform(ActName.FILL_SET_BACK, bench.maria, lambda act: setbacks.record(act, rest, spilled))
    batch = bench.checked(rest)
    assert bench.batch(batch).preparation.amounts.dispensed == 20
    smaller = cut(bench, rest, 12)
    assert [(item.rest, item.rest_days) for item in sorted(is_owed(bench), key=lambda item: item.part)] == [(12, 12), (8, 8)]
    bench.label(smaller)
    bench.label(rest)
    void(bench, fill, LEFT)
    bench.draw_up(fill)
    with pytest.raises(Conflict):
        cut(bench, fill, 2, Rest.TO_BE_MADE)
    with pytest.raises(Forbidden):
        cut(bench, rest, 2, by=bench.linh)


@on_sqlite
def test_without_a_further_container_or_an_accepted_order_nothing_is_cut(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.checked(fill)
    (other,) = bench.planned(capsules("Bea Sample"), IN_CAPSULES)
    bench.withdraw("V120")
    with pytest.raises(Conflict, match="is in stock for the rest"):
        cut(bench, fill, 10)
    assert bench.fill(fill).status is FillStatus.CHECKED
    rest = cut(bench, other, 10, Rest.TO_BE_MADE)
    order_id = bench.fill(other).prescription_id
    bench.pharmacy.perform(ActName.PRESCRIPTION_CANCEL, bench.maria, lambda act: prescriptions.cancel(act, order_id))
    (item,) = bench.pharmacy.look(LookName.PRESCRIPTIONS, bench.linh, lambda look: owed_lists.of_order(look, order_id))
    assert (item.standing, item.cancelled_reason) == (Standing.CANCELLED, "the order was cancelled")
    with pytest.raises(Conflict):
        cut(bench, rest, 2, Rest.TO_BE_MADE)


def test_the_database_itself_keeps_the_parts_of_a_container(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    bench.made(fill)
    cut(bench, fill, 10)
    refused(
        bench,
        "UPDATE owed SET given = given + 1",
        "UPDATE owed SET given = given + 1, rest = rest - 1",
        "UPDATE owed SET reason = 'another'",
        "UPDATE owed SET cancelled_at = cut_at",
        "DELETE FROM owed",
        "UPDATE fill SET closes = closes + 1 WHERE part = 1",
        "UPDATE fill SET opens = NULL, closes = NULL WHERE part = 1",
        "UPDATE fill SET opens = opens - 1 WHERE part = 2",
        "UPDATE share SET amount = amount + 1",
    )


class Counter(RuleBasedStateMachine):
    """One container of thirty capsules that is cut, made, given, voided, lost and cancelled in any order."""

    opened: Callable[[], Bench]

    @initialize()
    def begin(self) -> None:
        self.bench = self.opened()
        (fill,) = self.bench.planned(capsules(), IN_CAPSULES)
        self.fills = [fill]

    def _try(self, what: Callable[[], object]) -> None:
        try:
            found = what()
        except PharmacyError:
            return
        if isinstance(found, UUID):
            self.fills.append(found)

    @rule(which=st.integers(0, 5), given=st.integers(1, 29), rest=st.sampled_from(Rest))
    def give_less(self, which: int, given: int, rest: Rest) -> None:
        self._try(lambda: cut(self.bench, self.fills[which % len(self.fills)], given, rest))

    @rule(which=st.integers(0, 5))
    def make(self, which: int) -> None:
        self._try(lambda: str(self.bench.made(self.fills[which % len(self.fills)])))

    @rule(which=st.integers(0, 5))
    def hand_over(self, which: int) -> None:
        self._try(lambda: give(self.bench, self.fills[which % len(self.fills)]))

    @rule(which=st.integers(0, 5), left=st.booleans())
    def take_back(self, which: int, left: bool) -> None:
        self._try(lambda: void(self.bench, self.fills[which % len(self.fills)], *([LEFT] if left else [])))

    @rule(which=st.integers(1, 5))
    def cancel_one(self, which: int) -> None:
        self._try(lambda: cancel(self.bench, self.fills[which % len(self.fills)]))

    @invariant()
    def what_was_given_is_owed_and_was_cancelled_is_what_was_prescribed(self) -> None:
        with reading(self.bench.pharmacy.engine) as session:
            rows = [fill_row(session, key) for key in self.fills]
            used = {row.id: planned(session, row, plan_of(session, row)) for row in rows}
            given = set(session.scalars(select(DispenseRow.fill_id).where(STANDS)))
            known = session.scalars(select(FillRow.id)).all()
        sums = {status: sum((used[row.id].amounts.used for row in rows if row.status == status), Fraction(0)) for status in FillStatus}
        assert sum(sums.values()) == 30
        assert given == {row.id for row in rows if row.status == FillStatus.HANDED_OVER}
        assert sorted(day for item in used.values() for day in range(item.opens, item.closes + 1)) == list(range(1, 31))
        assert set(known) == set(self.fills)

    @invariant()
    def a_batch_is_dealt_out_once(self) -> None:
        with reading(self.bench.pharmacy.engine) as session:
            shares = session.scalars(select(ShareRow)).all()
        for batch in {row.batch_id for row in shares}:
            of_batch = [row for row in shares if row.batch_id == batch]
            assert sum(row.amount for row in of_batch) == self.bench.batch(batch).preparation.amounts.dispensed

    def teardown(self) -> None:
        self.bench.pharmacy.engine.dispose()


@pytest.fixture
def counter(opening: Callable[[], Bench]) -> type[Counter]:
    return type("OpenedCounter", (Counter,), {"opened": staticmethod(opening)})


def test_whatever_is_cut_given_voided_and_cancelled_adds_up_to_what_was_prescribed(counter: type[Counter]) -> None:
    run_state_machine_as_test(counter, settings=settings(max_examples=3, stateful_step_count=8, deadline=None, derandomize=True))


@pytest.mark.marathon
def test_many_days_at_the_counter_add_up(counter: type[Counter]) -> None:
    run_state_machine_as_test(counter, settings=settings(max_examples=40, stateful_step_count=25, deadline=None, derandomize=True))
