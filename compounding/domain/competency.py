"""Who may compound and who may verify: topics that a person was found competent in, each until a day.

USP <795> 2 (training) names the core competencies and asks for each again at least every 12 months.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compounding.domain.authority import ActName
from compounding.domain.errors import Conflict, Invalid
from compounding.domain.wording import said

ROOM = "/upkeep/training"
SOON = timedelta(days=30)


class Topic(StrEnum):
    """The core competencies, and the one of those who verify and do not compound."""

    HYGIENE = "hand hygiene"
    GARBING = "garbing"
    CLEANING = "cleaning and sanitizing"
    HANDLING = "handling and transporting components and preparations"
    MIXING = "measuring and mixing"
    EQUIPMENT = "use of equipment and devices"
    RECORDS = "documentation of compounding"
    VERIFYING = "checks in process and final verification"


COMPOUNDING = tuple(topic for topic in Topic if topic is not Topic.VERIFYING)
VERIFYING = (Topic.RECORDS, Topic.VERIFYING)
# Which acts need which topics; an act that is not here needs none.
NEEDED: Mapping[ActName, tuple[Topic, ...]] = {
    ActName.BATCH_COUNT: COMPOUNDING,
    ActName.BATCH_BEGIN: COMPOUNDING,
    ActName.BATCH_WEIGH: COMPOUNDING,
    ActName.BATCH_COMPOUND: COMPOUNDING,
    ActName.BATCH_VERIFY: VERIFYING,
    ActName.BATCH_RELEASE: VERIFYING,
}


@dataclass(frozen=True, slots=True)
class Training:
    """A person was found competent in a topic on `done_on`, by whom and how; it holds through `due_on`."""

    topic: Topic
    done_on: date
    due_on: date
    assessor: str
    how: str


def holds_until(done_on: date, months: int) -> date:
    """The day on which a competency is due again: the same day so many months later, or the last of a shorter month."""
    year, month = divmod(done_on.year * 12 + done_on.month - 1 + months, 12)
    return date(year, month + 1, min(done_on.day, monthrange(year, month + 1)[1]))


def check_day(done_on: date, today: date) -> None:
    """Refuse a training that is still to come."""
    if done_on > today:
        message = "This day is still to come. Enter the day on which it was shown."
        raise Invalid("training", message, fields={"done_on": (message,)})


def require_competent(name: str, held: Mapping[Topic, Training], needed: tuple[Topic, ...], today: date) -> None:
    """Refuse whoever was not found competent in every `needed` topic, or whose day is past; the topic and the day are named."""
    never = [topic for topic in needed if topic not in held]
    late = [held[topic] for topic in needed if topic in held and held[topic].due_on < today]
    if not never and not late:
        return
    parts = [f"{item.topic} was due again on {said(item.due_on)}" for item in late] + [f"{topic} is not on record" for topic in never]
    raise Conflict("not-competent", f"Training of {name}: {'; '.join(parts)}. Have it done and recorded, or let somebody else do this.", where=ROOM)
