"""State machines: one table each, and the one way from a state to the next."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from compounding.domain.errors import Conflict

StateT = TypeVar("StateT", bound=StrEnum)


def advance(table: Mapping[StateT, frozenset[StateT]], status: StateT, to: StateT, *, thing: str) -> StateT:
    """`to`, if `table` lets a `thing` go there from `status`; else `Conflict` with a code such as `batch-state`."""
    if to not in table[status]:
        already = f"This {thing} is {said(status)} already: somebody did this meanwhile. Look at it again."
        message = already if status == to else f"This {thing} is {said(status)} and cannot become {said(to)}. Look at it again."
        raise Conflict(f"{thing}-state", message, status=status, wanted=to)
    return to


def said(status: StrEnum) -> str:
    """A state as people say it."""
    return status.replace("_", " ")
