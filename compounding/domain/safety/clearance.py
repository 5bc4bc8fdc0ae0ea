"""Clearing an order: the only way to a `Cleared` prescription, without which nothing can be planned."""

from collections.abc import Iterable, Sequence
from dataclasses import InitVar, dataclass
from typing import final

from compounding.domain.errors import Unsafe
from compounding.domain.prescription import Order
from compounding.domain.safety.finding import Action, Finding, Override

_NEEDED = {
    Action.STOP: "",
    Action.HOLD: "",
    Action.BLOCK: " To go on, write the reason, and when and how the prescriber was reached.",
    Action.WARN: " To go on, write the reason.",
    Action.PROMPT: " To go on, tick that it was seen.",
}


class _Key:
    """Shown to `Cleared` by `clear` alone."""


_KEY = _Key()


@final
@dataclass(frozen=True, slots=True)
class Cleared:
    """An order whose findings have all been answered. Only `clear` can make one."""

    order: Order
    findings: tuple[Finding, ...]
    key: InitVar[_Key]

    def __post_init__(self, key: _Key) -> None:
        if key is not _KEY:
            message = "Only clear() makes a Cleared prescription."
            raise TypeError(message)


def clear(order: Order, findings: Sequence[Finding], overrides: Sequence[Override]) -> Cleared:
    """The order, cleared; raises `Unsafe` naming the worst finding that no override answers. `findings` are those of this order, on today's facts."""
    still_open = open_findings(findings, overrides)
    if still_open:
        worst = still_open[0]
        sentence = worst.sentence + _NEEDED[worst.action]
        until = {"not_before": worst.not_before.isoformat()} if worst.not_before else {}
        raise Unsafe("screening", sentence, rule=worst.rule, action=worst.action.value, open=str(len(still_open)), **until)
    return Cleared(order, tuple(findings), _KEY)


def open_findings(findings: Iterable[Finding], overrides: Sequence[Override]) -> tuple[Finding, ...]:
    """The findings that no override answers, the worst first."""
    return tuple(sorted((finding for finding in findings if not _answered(finding, overrides)), key=lambda finding: finding.rank))


def _answered(finding: Finding, overrides: Sequence[Override]) -> bool:
    mine = (override for override in overrides if override.rule == finding.rule and override.facts_sha256 == finding.facts_sha256)
    return any(_suffices(override, finding.action) for override in mine)


def _suffices(override: Override, action: Action) -> bool:
    match action:
        case Action.STOP | Action.HOLD:
            return False
        case Action.BLOCK:
            return bool(override.reason.strip() and override.contact.strip())
        case Action.WARN:
            return bool(override.reason.strip())
        case Action.PROMPT:
            return True
