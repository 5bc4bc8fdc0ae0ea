"""Safety: whether an order may be made, planned and handed over, and what a pharmacist must answer first.

`screen_order`, `screen_plan` and `screen_hand_over` give findings; `clear` turns an order whose findings are all answered into `Cleared`.
"""

from compounding.domain.safety.clearance import Cleared, clear, open_findings
from compounding.domain.safety.counter import CounterStop, changed_answers
from compounding.domain.safety.facts import ActiveOrder, FillUse, HandOverFacts, History, LastFill, OrderFacts, PlanFacts, StoppedOrder
from compounding.domain.safety.finding import FINAL, Action, Finding, Outcome, Override, Reply, Rule, Stage, outcome
from compounding.domain.safety.planned import is_bad_filler
from compounding.domain.safety.screening import screen_hand_over, screen_order, screen_plan

__all__ = [
    "FINAL",
    "Action",
    "ActiveOrder",
    "Cleared",
    "CounterStop",
    "FillUse",
    "Finding",
    "HandOverFacts",
    "History",
    "LastFill",
    "OrderFacts",
    "Outcome",
    "Override",
    "PlanFacts",
    "Reply",
    "Rule",
    "Stage",
    "StoppedOrder",
    "changed_answers",
    "clear",
    "is_bad_filler",
    "open_findings",
    "outcome",
    "screen_hand_over",
    "screen_order",
    "screen_plan",
]
