"""Whether one plan is right, and whether one refusal is: by the second pharmacist, and by sums that can be done on paper."""

from collections.abc import Iterator
from fractions import Fraction

from compounding import second
from compounding.domain.errors import PharmacyError
from compounding.domain.formula import Method
from compounding.domain.plan import Plan
from compounding.domain.planner import make_plan, sketch_plan
from compounding.domain.preparation import Line, Take
from compounding.domain.prescription import Order
from compounding.domain.safety import clear
from compounding.second.reading import Document
from tests.deep.grid import SHORT, Setting
from tests.deep.refusals import is_right
from tests.domain import examples as have

TABLET = 50  # mg


class Desk:
    """One setting with its documents written out once, on which course after course is tried."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.choices = have.plain(setting.choices)
        self.policy = have.plain(setting.policy)
        self.lots = [have.plain(lot) for lot in setting.stock or ()]
        self.short = self.setting.stock is SHORT
        self.balances = [have.plain(balance) for balance in have.BALANCES] if setting.stock else []

    def planned(self, order: Order) -> Plan:
        """The plan of the first pharmacist; raises what the planner raises."""
        chosen, policy = self.setting.choices, self.setting.policy
        if self.setting.stock is None:
            return sketch_plan(order.regimen, chosen, today=have.TODAY, policy=policy).course
        return make_plan(clear(order, (), ()), chosen, stock=self.setting.stock, balances=have.BALANCES, today=have.TODAY, policy=policy)

    def tried(self, order: Order, written: Document) -> tuple[str, list[str]]:
        """How `order` came out ("planned", or the code of its refusal), and everything that is wrong with that. Of `written` the steps are read."""
        try:
            plan = self.planned(order)
        except PharmacyError as refusal:
            agreed = is_right(refusal.code, written, self.choices, self.policy, short=self.short)
            return refusal.code, [] if agreed else [f"{refusal.code} is not agreed: {refusal.sentence}"]
        return "planned", [*self.differences(plan, written), *unbalanced(plan, self.setting)]

    def differences(self, plan: Plan, written: Document) -> tuple[str, ...]:
        """What the second pharmacist says of `plan`; writing it out refuses every float."""
        return second.check(
            plan=have.plain(plan),
            order=written,
            choices=self.choices,
            lots=self.lots,
            balances=self.balances,
            policy=self.policy,
            today=have.TODAY.isoformat(),
            sketched=self.setting.stock is None,
        )


def unbalanced(plan: Plan, setting: Setting) -> Iterator[str]:
    """What went in and did not come out: of the course, of each container, of the batch that is made now; exact, or it is said."""
    formula = setting.choices.formula
    strength = formula.liquid.strength.mg_per_ml if formula.liquid else formula.capsules.strength.mg if formula.capsules else Fraction(0)
    eaten = sum(step.amount * len(step.moments) * step.days for step in plan.steps)
    if sum(fill.amounts.used for fill in plan.fills) != eaten or eaten * strength != plan.taken.mg:
        yield "The containers do not hold what the course takes."
    for fill in plan.fills:
        amounts = fill.amounts
        source = TABLET * amounts.tablets if formula.stock_solution is None else amounts.active.mg
        if source != amounts.used * strength + amounts.left.mg or amounts.made * strength != amounts.active.mg:
            yield f"Fill {fill.number}: the source is not what is taken and what is left."
        if fill.preparation is not None:
            yield from _unbalanced_lines(fill.preparation.lines, amounts.made, amounts.active.mg, setting)


def _unbalanced_lines(lines: tuple[Line, ...], made: Fraction, active: Fraction, setting: Setting) -> Iterator[str]:
    poured = sum(line.exact for line in lines if line.take in {Take.MEASURE, Take.TO_VOLUME})
    odd = bool(strengths := {lot.id: lot.made.strength.mg_per_ml for lot in setting.stock or () if lot.made})
    if setting.choices.formula.liquid and not made * 1_000_000 <= poured <= made * 1_000_000 + odd:  # the water beside an odd draw is poured upwards
        yield "The volumes poured are not the volume made."
    if setting.choices.formula.stock_solution and sum(line.exact * strengths.get(line.lot_id, 0) for line in lines) != active * 1_000_000:
        yield "The stock solution drawn does not hold the naltrexone that goes in."
    if setting.choices.method is Method.POWDER:
        averages = {lot.id: lot.tablet_weight.average.mg for lot in setting.stock or () if lot.tablet_weight}
        held = sum(line.exact / averages[line.lot_id] * TABLET for line in lines if line.take is Take.WEIGH and line.lot_id in averages)
        if held != active * 1_000_000:
            yield "The powder weighed does not hold the naltrexone that goes in."
