"""What a course would cost before it is made: parts that sum to the whole, and no price that is silently nothing."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.cost import CostKind, Used, cost_of
from compounding.domain.inventory import PackStatistic
from compounding.domain.money import Money, total
from compounding.domain.preparation import Amounts, capsule_amounts
from compounding.domain.quantity import NANOGRAMS, Mass
from compounding.domain.quote import Price, Prices, Quote, quote
from compounding.domain.worksheet import TABLETS
from tests.domain.examples import FORMULAS, POLICY, SYRINGE_5, TITRATION, VIAL, bottle, choices, planned, shelf

_MONTH = replace(FORMULAS["C4.5"], minutes=20)
_MONTH_PRICES = Prices(
    {
        TABLETS: Price(Money.of("0.70"), 1),
        "shell-3": Price(Money.of("1.20"), 30),
        "microcrystalline-cellulose": Price(Money.of("0.124"), 30 * 225 * NANOGRAMS, (PackStatistic("3", 10, Mass.of_mg(2250)),)),
        VIAL.product: Price(Money.of("0.35"), 1),
    }
)
_SHELF = Prices({lot.product: Price.of_lot(lot) for lot in shelf()})


def _month() -> tuple[Amounts, ...]:
    return (capsule_amounts(_MONTH, 30, overage=0, container=VIAL),)


def _of_the_titration(prices: Prices = _SHELF) -> Quote:
    fills = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5)).fills
    return quote(FORMULAS["L1"], [fill.amounts for fill in fills], bottle(120), prices, POLICY)


def test_the_month_of_thirty_capsules_costs_its_benchmark() -> None:
    """Section 7.3 of the domain facts: 2.10 + 1.20 + 0.124 + 0.35 of materials, 20 minutes at 0.60, 10.00 base; here with a label and no markup."""
    found = quote(_MONTH, _month(), VIAL, _MONTH_PRICES, replace(POLICY, label_each=Money(0)))
    assert found.missing == ()
    parts = {part.kind: part.amount for part in found.parts}
    assert parts[CostKind.TABLETS] + parts[CostKind.WASTE] == Money.of("2.10")
    assert parts[CostKind.INGREDIENTS] + parts[CostKind.CONTAINER] == Money.of("1.674")
    assert parts[CostKind.LABOUR] == Money.of(12)
    assert found.total == Money.of("25.774")


def test_the_parts_are_those_of_a_hand_over_in_their_order_and_sum_to_the_total() -> None:
    found = _of_the_titration()
    assert [part.kind for part in found.parts] == list(CostKind)
    assert found.total == total([part.amount for part in found.parts])


def test_what_is_never_taken_is_shown_apart_and_is_its_share_of_the_tablets() -> None:
    found = quote(_MONTH, _month(), VIAL, _MONTH_PRICES, POLICY)
    assert found.surplus == Money.of(Fraction("2.10") * 15 / 150)  # G15: 135 of 150 mg are taken


def test_a_batch_made_from_the_lots_that_were_quoted_costs_what_the_quote_said() -> None:
    plan = planned(TITRATION, choices("L1", bottle(120), SYRINGE_5))
    fill = plan.fills[0]
    assert fill.preparation is not None
    lots = {lot.id: lot for lot in shelf()}
    used = [Used(lots[line.lot_id], line.part, line.stock) for line in fill.preparation.lines]
    assert quote(FORMULAS["L1"], [fill.amounts], bottle(120), _SHELF, POLICY).total == total(
        [part.amount for part in cost_of(FORMULAS["L1"], fill.amounts, used, POLICY)]
    )


def test_each_container_is_a_batch_with_its_own_labour_label_and_overhead() -> None:
    one, two = _month(), _month() * 2
    once, twice = (quote(_MONTH, fills, VIAL, _MONTH_PRICES, POLICY) for fills in (one, two))
    assert twice.total == once.total + once.total


@pytest.mark.parametrize("product", ["glycerol", "bottle-120-ml", TABLETS])
def test_a_product_that_was_never_bought_is_named_and_not_counted_as_nothing(product: str) -> None:
    whole = _of_the_titration()
    found = _of_the_titration(Prices({code: price for code, price in _SHELF.by_product.items() if code != product}))
    assert whole.missing == ()
    assert len(found.missing) == 1
    assert found.total < whole.total
    assert found.display() == f"at least {found.total.display()} (no price of {found.missing[0]})"


def test_without_a_price_of_tablets_there_is_no_part_for_them_at_all() -> None:
    found = _of_the_titration(Prices({}))
    assert {part.kind for part in found.parts}.isdisjoint({CostKind.TABLETS, CostKind.WASTE})
    assert found.surplus is None


def test_a_filler_whose_packing_was_never_measured_has_no_price() -> None:
    unmeasured = {**_MONTH_PRICES.by_product, "microcrystalline-cellulose": Price(Money.of(40), 10**12)}
    assert quote(_MONTH, _month(), VIAL, Prices(unmeasured), POLICY).missing == ("Microcrystalline cellulose",)


def test_the_price_of_a_nanogram_is_not_rounded_away() -> None:
    assert Price(Money.of(24), 500 * 1000 * NANOGRAMS).of(500 * NANOGRAMS) == Money.of("0.024")
