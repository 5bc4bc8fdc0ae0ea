"""The two ways to take naltrexone from tablets, side by side for one course: all of the crushed tablets, or a weighed part of their powder.

Whole tablets need no balance and are never short by a weighing; a weighed part leaves a smaller volume, and the rest of the powder is thrown away
all the same. Which one is used is the formula's choice, and the difference is shown so that it is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from compounding.domain.errors import PharmacyError
from compounding.domain.formula import FROM_TABLETS, Method
from compounding.domain.money import Money
from compounding.domain.plan import Choices, FillPlan
from compounding.domain.planner import laid_out
from compounding.domain.policy import Policy
from compounding.domain.prescription import Regimen
from compounding.domain.quantity import Mass, Volume
from compounding.domain.quote import Prices, quote


@dataclass(frozen=True, slots=True)
class MethodWay:
    """What a course takes by one method. `surplus` is crushed and never taken, and `wasted` what it cost, None where tablets have no price.

    `usual`: the formula chooses it. `refused` says why the course cannot be made so, and the amounts are then nothing.
    """

    method: Method
    usual: bool
    tablets: int
    made: Volume
    surplus: Mass
    wasted: Money | None
    refused: str = ""


def method_ways(regimen: Regimen, choices: Choices, prices: Prices, *, today: date, policy: Policy) -> tuple[MethodWay, ...]:
    """Both methods for a liquid as it was chosen otherwise; capsules are always filled with weighed powder, and a stock solution is drawn."""
    if choices.formula.capsules is not None or choices.formula.stock_solution is not None:
        return ()
    ways = []
    for method in FROM_TABLETS:
        usual = method is choices.formula.method
        try:
            _, fills = laid_out(regimen, replace(choices, method=method), today=today, policy=policy)
        except PharmacyError as refusal:
            ways.append(MethodWay(method, usual, 0, Volume.of_ml(0), Mass.of_mg(0), None, refusal.sentence))
        else:
            ways.append(_way(method, fills, choices, prices, policy))
    return tuple(ways)


def _way(method: Method, fills: Sequence[FillPlan], choices: Choices, prices: Prices, policy: Policy) -> MethodWay:
    amounts = [fill.amounts for fill in fills]
    return MethodWay(
        method,
        usual=method is choices.formula.method,
        tablets=sum(each.tablets for each in amounts),
        made=Volume(sum((each.made for each in amounts), Fraction(0))),
        surplus=sum((each.left for each in amounts), Mass.of_mg(0)),
        wasted=quote(choices.formula, amounts, choices.container, prices, policy).surplus,
    )
