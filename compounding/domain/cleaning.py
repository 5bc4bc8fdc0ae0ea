"""Cleaning: what is cleaned how often, and what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compounding.domain.errors import Conflict
from compounding.domain.policy import Policy

ROOM = "/upkeep/cleaning"


class Area(StrEnum):
    """What USP <795> lists in its table of cleaning."""

    SURFACES = "work surfaces"
    FLOORS = "floors"
    SHELVES = "walls, ceilings and shelves"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One cleaning of an area: the day, with what, by whom."""

    area: Area
    on: date
    agent: str
    by: str


@dataclass(frozen=True, slots=True)
class Duty:
    """An area with its last cleaning, None where none is on record, and the day on which it is due; today or before, it is due now."""

    area: Area
    last: Cleaned | None
    due_on: date


def duties(last: Mapping[Area, Cleaned], policy: Policy, today: date) -> tuple[Duty, ...]:
    """Every area, what is due first in front."""
    days = {Area.SURFACES: policy.surface_days, Area.FLOORS: policy.floor_days, Area.SHELVES: policy.shelf_days}
    found = [Duty(area, last.get(area), last[area].on + timedelta(days=days[area]) if area in last else today) for area in Area]
    return tuple(sorted(found, key=lambda duty: duty.due_on))


def require_clear(*, clear: bool, last: Mapping[Area, Cleaned], policy: Policy, today: date) -> None:
    """Refuse to begin a batch on a line that nobody found clear or, where policy asks for it, at a bench that is not clean."""
    if policy.line_clearance and not clear:
        message = "Look at the bench: no other product, and no label of the last batch. Tick that it is clear, then begin."
        raise Conflict("line-not-clear", message)
    if policy.clean_first and any(duty.due_on <= today for duty in duties(last, policy, today) if duty.area is Area.SURFACES):
        raise Conflict("bench-not-clean", "The work surfaces were not cleaned today. Clean them and record it before a batch begins.", where=ROOM)
