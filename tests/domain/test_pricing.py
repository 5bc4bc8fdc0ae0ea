"""What is asked for a fill: domain facts, section 7.1 and 7.3."""

from dataclasses import replace
from fractions import Fraction

import pytest

from compounding.domain.cost import CostKind, CostPart, WasteCause
from compounding.domain.money import Money, total
from compounding.domain.policy import Policy, PriceModel
from compounding.domain.pricing import charge

MONTH = (
    CostPart(CostKind.TABLETS, Money.of("1.89"), "2.7 of 3 tablets"),
    CostPart(CostKind.INGREDIENTS, Money.of("1.324"), "30 shells and filler"),
    CostPart(CostKind.CONTAINER, Money.of("0.35"), "a vial"),
    CostPart(CostKind.LABOUR, Money.of(12), "20 minutes"),
    CostPart(CostKind.OVERHEAD, Money.of(10), "a share"),
    CostPart(CostKind.WASTE, Money.of("0.21"), "0.3 of a tablet", WasteCause.REMAINDER),
)


def test_the_worked_month_of_thirty_capsules_is_29_55() -> None:
    found = charge(MONTH, Policy())
    assert [part.amount for part in found.parts] == [Money.of(12), Money.of("7.548"), Money.of(10)]
    assert found.asked == Money.of("29.55")


@pytest.mark.parametrize(
    ("model", "asked"),
    [(PriceModel.PERCENT, "28.87"), (PriceModel.FEE, "16.17")],  # 25.774 and 12 %; 3.774 and 12.40
)
def test_the_other_models_take_a_percentage_of_all_or_a_fee_on_the_materials(model: PriceModel, asked: str) -> None:
    assert charge(MONTH, replace(Policy(), price_model=model)).asked == Money.of(asked)


@pytest.mark.parametrize("model", PriceModel)
def test_nobody_pays_for_what_was_spilled_or_used_for_checks(model: PriceModel) -> None:
    policy = replace(Policy(), price_model=model)
    spilled = CostPart(CostKind.INGREDIENTS, Money.of(5), "weighed beyond", WasteCause.SPILL)
    checks = CostPart(CostKind.TABLETS, Money.of(3), "ten capsules", WasteCause.QC)
    assert charge((*MONTH, spilled, checks), policy) == charge(MONTH, policy)


@pytest.mark.parametrize("model", PriceModel)
def test_a_price_is_whole_cents_and_at_most_half_a_cent_from_its_parts(model: PriceModel) -> None:
    found = charge(MONTH, replace(Policy(), price_model=model, price_markup=Fraction(1, 7)))
    assert found.asked.micros % 10_000 == 0
    assert abs(found.asked.micros - total([part.amount for part in found.parts]).micros) <= 5_000
