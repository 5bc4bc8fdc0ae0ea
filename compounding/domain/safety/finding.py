"""What screening says: rules, findings, and the overrides that a pharmacist signs.

A finding carries the hash of exactly the facts that its rule looked at. An override belongs to a rule and that hash, so it falls away
when one of those facts changes (another dose) and stays when something unrelated does (another phone number).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from typing import Generic, TypeVar

from compounding.domain.quantity import Concentration, Mass, Volume

Fact = str | int | date | Fraction | Mass | Volume | Concentration | None | tuple["Fact", ...]
FactsT = TypeVar("FactsT")


class Stage(StrEnum):
    """When a rule is asked: on the order, on the plan, or at the counter."""

    ORDER = "order"
    PLAN = "plan"
    HAND_OVER = "hand_over"


class Action(StrEnum):
    """What a finding asks, the worst first.

    `STOP` and `HOLD` let nobody on: a stop may name the day from which it no longer holds, a hold waits for an answer.
    `BLOCK` takes a reason and the documented contact with the prescriber, `WARN` a reason, `PROMPT` a tick.
    """

    STOP = "stop"
    HOLD = "hold"
    BLOCK = "block"
    WARN = "warn"
    PROMPT = "prompt"


WORST_FIRST = tuple(Action)
FINAL = frozenset({Action.STOP, Action.HOLD})


@dataclass(frozen=True, slots=True)
class Concern:
    """What a predicate found: `facts` are those it looked at. Rule, stage and source are added by the screening.

    `resolvable`: the stop ends when a contradiction is cleared up (rule R2: "until resolved"), so the order waits and is not declined.
    """

    action: Action
    sentence: str
    facts: tuple[Fact, ...]
    not_before: date | None = None
    resolvable: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Generic[FactsT]):
    """One line of the rule table: what it asks for in `sentence`, at which stages, and where it comes from."""

    id: str
    stages: frozenset[Stage]
    sentence: str
    source: str
    predicate: Callable[[FactsT], Iterable[Concern]]

    @property
    def number(self) -> int:
        """Its place in the table."""
        return int(self.id.removeprefix("R"))

    def findings(self, facts: FactsT, stage: Stage) -> tuple["Finding", ...]:
        """What the rule finds in `facts` at `stage`."""
        return tuple(
            Finding(
                self.id, stage, concern.action, concern.sentence, self.source, facts_hash(concern), concern.not_before, concern.resolvable
            )
            for concern in self.predicate(facts)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one order at one stage; `not_before` is the day from which a timed stop no longer holds."""

    rule: str
    stage: Stage
    action: Action
    sentence: str
    source: str
    facts_sha256: str
    not_before: date | None = None
    resolvable: bool = False

    @property
    def rank(self) -> tuple[int, int, str]:
        """Its place among findings: the worst first, then by rule."""
        return WORST_FIRST.index(self.action), int(self.rule.removeprefix("R")), self.sentence


@dataclass(frozen=True, slots=True)
class Override:
    """A pharmacist's decision to go on in spite of `rule` on the facts of that hash; `contact` says when and how the prescriber was reached."""

    rule: str
    facts_sha256: str
    reason: str
    contact: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a pharmacist says to a finding before it becomes an override of its facts: a reason, and for a block the contact."""

    reason: str
    contact: str = ""


class Outcome(StrEnum):
    """What becomes of an order that has just been received."""

    RECEIVED = "received"
    HELD = "held"
    DECLINED = "declined"


def outcome(findings: Iterable[Finding]) -> Outcome:
    """Declined on a stop that nothing will lift; held on a timed or resolvable stop, or on a hold; otherwise received."""
    final = [finding for finding in findings if finding.action in FINAL]
    if any(finding.action is Action.STOP and finding.not_before is None and not finding.resolvable for finding in final):
        return Outcome.DECLINED
    return Outcome.HELD if final else Outcome.RECEIVED


def facts_hash(concern: Concern) -> str:
    """SHA-256 of the action and the facts that it rests on; a warning that becomes a block needs a new override."""
    return sha256(_canonical((concern.action.value, *concern.facts)).encode()).hexdigest()


def _canonical(fact: Fact) -> str:
    match fact:
        case tuple():
            return f"({','.join(_canonical(item) for item in fact)})"
        case str():
            return repr(str(fact))
        case Mass():
            return f"{fact.mg}mg"
        case Volume():
            return f"{fact.ml}mL"
        case Concentration():
            return f"{fact.mg_per_ml}mg/mL"
        case _:
            return str(fact)
