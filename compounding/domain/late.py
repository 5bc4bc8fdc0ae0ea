"""Late entry: what was done on paper during a power cut, and is entered afterwards with the times that the paper says.

The time at which something was done is told; the time at which it was entered is the clock's. Both are kept, and both are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from compounding.domain.errors import Invalid
from compounding.domain.wording import said

COUNT, BEGIN, WITNESS, COMPOUND, VERIFY = "count", "begin", "witness", "compound", "verify"
_RANK = {COUNT: 0, BEGIN: 0, "line": 1, WITNESS: 2, "step": 3, COMPOUND: 4, VERIFY: 5}
_WORDS = {COUNT: "tablets counted", BEGIN: "begun", WITNESS: "weights witnessed", COMPOUND: "compounded", VERIFY: "verified"}


@dataclass(frozen=True, slots=True)
class Done:
    """When something was done, as the paper says: the pharmacy's own day, and the moment (aware)."""

    on: date
    at: datetime


def line(number: int) -> str:
    """The name of a line's step."""
    return f"line {number}"


def timed(number: int, what: str) -> str:
    """The name of the begin or the end of a timed step."""
    return f"step {number} {what}"


def rank(step: str) -> int:
    """The place of a step in the order in which a batch goes; lines among each other, and timed steps, have one place."""
    return _RANK[step.split(maxsplit=1)[0]]


def words(step: str) -> str:
    """A step in words."""
    return _WORDS.get(step, {"step": "timed "}.get(step.split(maxsplit=1)[0], "") + step)


def check_done(step: str, done: Done | None, *, printed_at: datetime, now: datetime, before: Mapping[str, datetime]) -> Done:
    """When a step of a late entry was done; refused without it, to come, before its worksheet was printed, or before a step that comes first."""
    if done is None:
        raise _refused("This batch was made on paper. Write when this was done, as the paper says.")
    if done.at > now:
        raise _refused("This is still to come. Write when it was done, as the paper says.")
    if done.at < printed_at:
        raise _refused(f"The blank worksheet was printed only after that, on {said(printed_at.astimezone(done.at.tzinfo).date())}. Look at the paper again.")
    sooner = {name: at for name, at in before.items() if rank(name) < rank(step) and at > done.at}
    later = {name: at for name, at in before.items() if rank(name) > rank(step) and at < done.at}
    if sooner or later:
        name = max(sooner, key=lambda item: sooner[item]) if sooner else min(later, key=lambda item: later[item])
        order = "before" if sooner else "after"
        raise _refused(f"This would be {order} “{words(name)}”, which comes {'first' if sooner else 'later'}. Look at the paper again.")
    return done


def check_not_late(done: Done | None) -> None:
    """Refuse a told time for a batch that is made now: its times are the clock's."""
    if done is not None:
        raise _refused("This batch is not entered late: its times are the clock's. Begin the late entry first, with the number of the blank worksheet.")


def _refused(message: str) -> Invalid:
    return Invalid("done-at", message, fields={"late.at": (message,)})
