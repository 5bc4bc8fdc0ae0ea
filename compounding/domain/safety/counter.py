"""What a stop at the counter leaves behind: another answer a moment later is seen (rule R30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from compounding.domain.safety.finding import Action, Finding, Stage

_SOURCE = "Site policy: a second try is seen"


@dataclass(frozen=True, slots=True)
class CounterStop:
    """A stop that was met when this order was to be handed over before."""

    rule: str
    sentence: str
    facts_sha256: str


def changed_answers(stops: Sequence[CounterStop], found: Sequence[Finding]) -> tuple[Finding, ...]:
    """A block for each earlier stop that today's answers do not meet any more, showing what was answered then."""
    still = {finding.rule for finding in found if finding.action is Action.STOP}
    return tuple(_block(stop) for stop in stops if stop.rule not in still)


def _block(stop: CounterStop) -> Finding:
    sentence = (
        f'Earlier at this counter: "{stop.sentence}" The answers given now say otherwise. '
        "Find out which are true and reach the prescriber before it is handed over."
    )
    return Finding("R30", Stage.HAND_OVER, Action.BLOCK, sentence, _SOURCE, sha256(f"{stop.rule} {stop.facts_sha256}".encode()).hexdigest())
