"""What is asked for a fill, made from what it cost by the model that the pharmacy chose; the difference is the margin.

Three models are in use (compounding packages and fee schedules): minutes by a rate, materials by a factor and a base for each script; the whole
cost and a percentage; materials and a dispensing fee. What was spilled or used for checks is the pharmacy's own and in no price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from compounding.domain.cost import CostKind, CostPart, WasteCause
from compounding.domain.money import Money, total
from compounding.domain.policy import Policy, PriceModel
from compounding.domain.quantity import decimal_text

_MICROS_IN_CENT = 10_000


@dataclass(frozen=True, slots=True)
class ChargePart:
    """One part of a price and what it is made of."""

    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Charge:
    """What is asked for one fill: exact parts, and their sum in whole cents, rounded half up once at the end."""

    model: PriceModel
    parts: tuple[ChargePart, ...]

    @property
    def asked(self) -> Money:
        """The price, in whole cents."""
        return Money(total([part.amount for part in self.parts]).cents * _MICROS_IN_CENT)


def charge(parts: Sequence[CostPart], policy: Policy, *, fills: int = 1) -> Charge:
    """The price of `fills` fills that cost `parts` altogether."""
    bought = [part for part in parts if part.cause in {None, WasteCause.REMAINDER}]
    labour = _sum(bought, CostKind.LABOUR)
    overhead = _sum(bought, CostKind.OVERHEAD)
    materials = total([part.amount for part in bought]) - labour - overhead
    made: tuple[ChargePart, ...]
    match policy.price_model:
        case PriceModel.LABOUR:
            made = (
                ChargePart("labour", labour),
                ChargePart(f"materials of {materials.display()}, times {decimal_text(policy.price_factor)}", materials * policy.price_factor),
                ChargePart("base", policy.price_base * fills),
            )
        case PriceModel.PERCENT:
            whole = materials + labour + overhead
            markup = decimal_text(policy.price_markup * 100)
            made = (ChargePart("whole cost", whole), ChargePart(f"{markup} % of it", whole * Fraction(policy.price_markup)))
        case PriceModel.FEE:
            made = (ChargePart("materials", materials), ChargePart("dispensing fee", policy.dispensing_fee * fills))
    return Charge(policy.price_model, made)


def _sum(parts: Sequence[CostPart], kind: CostKind) -> Money:
    return total([part.amount for part in parts if part.kind is kind])
