"""Acts in any order by anybody: whatever is tried, nothing leaves the house that was not released, nobody verifies what they made, no lot is overdrawn."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from compounding.domain.authority import LookName
from compounding.domain.batch import BatchStatus
from compounding.domain.errors import PharmacyError
from compounding.domain.fill import FillStatus
from compounding.workflow import inventory
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

WHO = st.sampled_from(["maria", "james", "linh"])
SHOWN_OUT = {FillStatus.LABELLED, FillStatus.CHECKED, FillStatus.HANDED_OVER}


class House(RuleBasedStateMachine):
    """One fill of capsules, its worksheets one after the other, and three people who try everything."""

    opened: Callable[[], Bench]

    @initialize()
    def begin(self) -> None:
        self.bench = self.opened()
        (self.fill,) = self.bench.planned(capsules(), IN_CAPSULES)
        self.batch: UUID | None = None
        self.label: UUID | None = None

    def _try(self, what: Callable[[UUID], object]) -> None:
        """Whatever is refused is refused in the pharmacy's own words, and nothing else is raised."""
        if self.batch is not None:
            with suppress(PharmacyError):
                what(self.batch)

    @rule()
    def draw_up(self) -> None:
        with suppress(PharmacyError):
            self.batch = self.bench.draw_up(self.fill)

    @rule(by=WHO, witness=WHO)
    def count(self, by: str, witness: str) -> None:
        self._try(lambda batch: self.bench.count(batch, by=getattr(self.bench, by), witness=getattr(self.bench, witness)))

    @rule(by=WHO)
    def weigh(self, by: str) -> None:
        self._try(lambda batch: self.bench.weigh_all(batch, by=getattr(self.bench, by)))

    @rule(by=WHO)
    def compound(self, by: str) -> None:
        self._try(lambda batch: self.bench.compound(batch, by=getattr(self.bench, by)))

    @rule(by=WHO)
    def release(self, by: str) -> None:
        self._try(lambda batch: self.bench.release(batch, by=getattr(self.bench, by)))

    @rule(sure=st.integers(0, 3))
    def reject(self, sure: int) -> None:
        if sure == 0:
            self._try(self.bench.reject)

    @rule()
    def print_label(self) -> None:
        self._try(lambda _: self.bench.label(self.fill))

    @rule()
    def check_label(self) -> None:
        self._try(lambda _: self.bench.check(self.fill))

    @rule()
    def hand_over(self) -> None:
        self._try(lambda _: self.bench.hand_over(self.fill))

    @rule(by=WHO, witness=WHO, verifier=WHO)
    def make(self, by: str, witness: str, verifier: str) -> None:
        self.draw_up()
        self.count(by, witness)
        self.weigh(by)
        self.compound(by)
        self.release(verifier)

    @rule()
    def give_out(self) -> None:
        self.print_label()
        self.check_label()
        self.hand_over()

    @invariant()
    def only_what_was_released_leaves(self) -> None:
        page = self.bench.fill(self.fill)
        if page.status in SHOWN_OUT:
            assert page.batch_id is not None
            assert self.bench.batch(page.batch_id).status is BatchStatus.RELEASED

    @invariant()
    def nobody_verifies_what_they_made(self) -> None:
        if self.batch is not None:
            shown = self.bench.batch(self.batch)
            assert shown.verifier is None or shown.verifier != shown.compounder
            assert shown.status is not BatchStatus.RELEASED or shown.verifier is not None

    @invariant()
    def no_lot_is_overdrawn(self) -> None:
        stock = self.bench.pharmacy.look(LookName.STOCK, self.bench.linh, inventory.stock)
        assert all(lot.balance >= 0 for lot, _ in stock.lots)

    def teardown(self) -> None:
        self.bench.pharmacy.engine.dispose()


@pytest.fixture
def house(opening: Callable[[], Bench]) -> type[House]:
    return type("OpenedHouse", (House,), {"opened": staticmethod(opening)})


@pytest.mark.campaign
def test_a_few_days_on_which_everybody_tries_everything(house: type[House]) -> None:
    run_state_machine_as_test(house, settings=settings(max_examples=5, stateful_step_count=8, deadline=None, derandomize=True))


@pytest.mark.marathon
def test_many_days_on_which_everybody_tries_everything(house: type[House]) -> None:
    run_state_machine_as_test(house, settings=settings(max_examples=60, stateful_step_count=25, deadline=None, derandomize=True))
