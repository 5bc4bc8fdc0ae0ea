"""What a course would cost in every way: numbers by hand, parts that sum to the last millionth, and what cannot be is said."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compounding.domain.chooser import options
from compounding.domain.cost import CostKind
from compounding.domain.errors import Conflict
from compounding.domain.fill import FillStatus
from compounding.domain.money import Money, total
from compounding.domain.plan import Choices
from compounding.domain.pool import Kind
from compounding.domain.prescription import Regimen
from compounding.domain.quantity import NANOGRAMS, Mass
from compounding.domain.quote import Price, Prices, quote
from compounding.domain.quoted import quoted
from compounding.domain.what_if import Sum, Way, cheapest, what_if
from compounding.domain.worksheet import TABLETS
from tests.domain.examples import FORMULAS, MONTH_OF_CAPSULES, POLICY, SYRINGE_5, TODAY, at_hand, bottle, capsule_choices, choices, order, step

HOUSE = at_hand(SYRINGE_5)
NOTHING, BOTTLE = Price(Money(0), 1), Price(Money.of("0.30"), 1)
PAID = Prices(
    dict.fromkeys(("ascorbic-acid", "sodium-benzoate", "glycerol", "purified-water", "saline"), NOTHING)
    | {item.product: BOTTLE for item in HOUSE.containers}
    | {TABLETS: BOTTLE, "shell-3": Price(Money.of("1.20"), 30), "microcrystalline-cellulose": Price(Money.of("0.124"), NANOGRAMS)}
)
MONTH = order(step("4.5", 30)).regimen
PLANNED = choices("L1", bottle(180), SYRINGE_5)


def ways(regimen: Regimen = MONTH, first: Choices = PLANNED, *, prices: Prices = PAID, together: int = 5) -> dict[str, Way]:
    found = what_if(regimen, first, options(regimen, HOUSE), HOUSE, prices, together=together, standing="as planned")
    assert len({way.change for way in found}) == len(found)
    return {way.change: way for way in found}


def summed(way: Way) -> Sum:
    assert way.sum is not None, way.refused
    return way.sum


def test_a_month_of_the_liquid_alone_by_hand() -> None:
    """135 mL of 1 mg/mL are 3 whole tablets and 150 mL: 0.90, a bottle and a label 0.35, 20 minutes 12.00, overhead 10.00."""
    alone = summed(ways()["as planned"])
    assert (alone.containers, alone.remakes, alone.tablets, alone.surplus, alone.minutes) == (1, 0, 3, Mass.of_mg(15), 20)
    assert {part.kind: part.amount.display() for part in alone.quote.parts} == {
        CostKind.TABLETS: "0.81", CostKind.INGREDIENTS: "0.00", CostKind.CONTAINER: "0.35",
        CostKind.LABOUR: "12.00", CostKind.OVERHEAD: "10.00", CostKind.WASTE: "0.09",
    }  # fmt: skip
    assert (alone.quote.total, alone.charge.asked, alone.margin) == (Money.of("23.25"), Money.of("24.50"), Money.of("1.25"))  # 12 + 2 x 1.25 + 10
    assert (alone.month, alone.shelf, alone.until.isoformat()) == (Money.of("23.25"), 35, "2026-04-05")


def test_five_who_share_take_fourteen_tablets_and_the_minutes_of_one_batch() -> None:
    """675 mL are 13.5 tablets, so 14: 25 mg are left over; 4.20 by five is 0.84, 12.00 by five 2.40."""
    shared = summed(ways()["each batch shared by 5 courses alike"])
    assert (shared.tablets, shared.surplus, shared.minutes) == (Fraction(14, 5), Mass.of_mg(5), 4)
    assert (shared.quote.total, shared.charge.asked, shared.margin) == (Money.of("13.59"), Money.of("14.78"), Money.of("1.19"))


def test_weighed_powder_makes_no_more_than_is_dispensed_and_crushes_as_many() -> None:
    powder = summed(ways()["weighed powder"])
    assert (powder.tablets, powder.surplus) == (3, Mass.of_mg(15))
    assert powder.quote.total == Money.of("23.25")


def test_each_way_changes_what_it_says_and_nothing_else() -> None:
    found = ways()
    assert [change for change, way in found.items() if way.choices.container != PLANNED.container and way.choices.formula.code == "L1"] == [
        f"in amber bottle of {size} mL" for size in (10, 30, 60, 120, 240, 480)
    ]
    warm = found["kept at room temperature"]
    assert (summed(warm).shelf, warm.choices.container) == (30, PLANNED.container)
    others = [way for way in found.values() if way.choices.formula.code != "L1"]
    assert {way.choices.formula.code for way in others} == {formula.code for formula in HOUSE.formulas if formula.liquid} - {"L1"}
    assert [change for change, way in found.items() if way.usual and way not in others] == ["in amber bottle of 120 mL"]  # L1's own container


def test_a_smaller_bottle_is_more_bottles_batches_and_minutes() -> None:
    smaller = summed(ways()["in amber bottle of 120 mL"])
    assert (smaller.containers, smaller.minutes) == (2, 40)
    assert smaller.quote.total > Money.of(40)


def test_containers_made_for_their_date_are_counted() -> None:
    quarter = summed(ways(order(step("4.5", 90)).regimen, choices("L1", bottle(480), SYRINGE_5))["as planned"])
    assert (quarter.containers, quarter.remakes) == (3, 2)  # good for 35 days each


def test_capsules_have_one_method_and_share_too() -> None:
    found = ways(MONTH_OF_CAPSULES.regimen, capsule_choices(), together=2)
    assert not any("whole tablets" in change for change in found)
    shared = summed(found["each batch shared by 2 courses alike"])
    assert shared.tablets == 3  # 60 capsules are 270 mg, 6 tablets
    too_many = ways(MONTH_OF_CAPSULES.regimen, capsule_choices(), together=20)["each batch shared by 20 courses alike"]
    assert (too_many.sum, "300 capsules" in too_many.refused) == (None, True)


def test_what_is_too_much_for_one_batch_says_so() -> None:
    assert "1000 mL" in ways(together=20)["each batch shared by 20 courses alike"].refused.replace(",", "")


def test_the_cheapest_has_every_price_and_none_is_named_where_one_is_missing_everywhere() -> None:
    found = list(ways().values())
    least = cheapest(found)
    assert least is not None
    assert all(summed(least).quote.total <= way.sum.quote.total for way in found if way.sum)
    bare = Prices({product: price for product, price in PAID.by_product.items() if product != TABLETS})
    assert cheapest(list(ways(prices=bare).values())) is None


@given(st.integers(1, 1000), st.integers(1, 7), st.integers(0, 3), st.integers(1, 10**7))
def test_what_the_courses_of_a_batch_cost_sums_to_the_batch(used: int, together: int, batches: int, paid: int) -> None:
    kind = Kind(FORMULAS["L1"], FORMULAS["L1"].method, POLICY)
    whole = [kind.amounts(Fraction(used), Fraction(used))] * (batches + 1)
    prices = Prices({**PAID.by_product, TABLETS: Price(Money(paid), 7)})
    dealt = [quote(FORMULAS["L1"], whole, bottle(180), prices, POLICY, together=together, place=place) for place in range(together)]
    assert all(found.total == total([part.amount for part in found.parts]) for found in dealt)
    tablets = sum(amounts.tablets for amounts in whole)
    each = (Money.of("0.35") + POLICY.overhead_a_fill) * (len(whole) * together)
    assert total([found.total for found in dealt]) == Price(Money(paid), 7).of(tablets) + Money.of(12) * len(whole) + each
    assert max(found.total.micros for found in dealt) - min(found.total.micros for found in dealt) <= len(CostKind)


def test_a_quote_is_kept_before_making_with_every_price_and_stands_for_thirty_days() -> None:
    estimate = summed(ways()["as planned"]).quote
    told = quoted(estimate, FillStatus.DUE, POLICY, TODAY)
    assert (told.cost, told.charge.asked, told.valid_until.isoformat()) == (Money.of("23.25"), Money.of("24.50"), "2026-04-01")
    with pytest.raises(Conflict, match="before making"):
        quoted(estimate, FillStatus.MADE, POLICY, TODAY)
    with pytest.raises(Conflict, match="no price of naltrexone tablets"):
        quoted(replace(estimate, missing=("naltrexone tablets",)), FillStatus.DUE, POLICY, TODAY)
