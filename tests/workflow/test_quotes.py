"""A price that was told before making, beside what it then cost and what was asked."""

from uuid import UUID

import pytest

from compounding.domain.authority import ActName, LookName
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict, Forbidden
from compounding.domain.money import Money, total
from compounding.workflow import quotes
from compounding.workflow.quotes import QuotePage
from tests.workflow.bench import Bench
from tests.workflow.orders import IN_CAPSULES, capsules

pytestmark = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)


def page(bench: Bench, fill: UUID) -> QuotePage:
    return bench.pharmacy.look(LookName.COSTS, bench.maria, lambda look: quotes.page(look, fill))


def test_a_quote_stands_beside_what_it_cost_and_what_was_asked(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    before = page(bench, fill)
    assert before.estimate is not None
    assert (before.told, before.cost, before.asked) == ((), None, None)
    bench.pharmacy.perform(ActName.QUOTE_KEEP, bench.maria, lambda act: quotes.keep(act, fill))
    bench.handed_over(fill)
    after = page(bench, fill)
    (told,) = after.told
    assert told.stands
    assert told.quoted.parts == before.estimate.parts
    assert told.quoted.cost == total([part.amount for part in before.estimate.parts])
    assert (after.estimate, after.price, after.asked) == (None, None, Money.of("32.89"))  # what test_ledger reckons by hand
    assert after.cost is not None
    labour = {part.kind: part.amount for part in told.quoted.parts}[CostKind.LABOUR]
    assert (labour, told.quoted.charge.asked) == (Money.of(15), Money.of("32.94"))  # 25 minutes at 0.60; 0.63 g of filler more, twice
    with pytest.raises(Conflict, match="before making"):
        bench.pharmacy.perform(ActName.QUOTE_KEEP, bench.maria, lambda act: quotes.keep(act, fill))


def test_only_a_pharmacist_quotes(bench: Bench) -> None:
    (fill,) = bench.planned(capsules(), IN_CAPSULES)
    with pytest.raises(Forbidden):
        bench.pharmacy.perform(ActName.QUOTE_KEEP, bench.linh, lambda act: quotes.keep(act, fill))
