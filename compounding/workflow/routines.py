"""What is done again and again: cleaning, and the training of the staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.db.readiness import competencies, last_cleanings
from compounding.db.upkeep import CleaningRow, TrainingRow
from compounding.db.values import policy_in_force
from compounding.domain.cleaning import Area, Cleaned, Duty, duties
from compounding.domain.competency import COMPOUNDING, VERIFYING, Topic, Training, check_day, holds_until
from compounding.domain.errors import Invalid
from compounding.domain.people import BENCH, PHARMACISTS, Role
from compounding.domain.policy import Policy
from compounding.workflow.act import Act, Look

_SHOWN = 90  # cleanings of a page: a month of three areas


@dataclass(frozen=True, slots=True)
class CleaningView:
    """One cleaning with its moment (UTC)."""

    cleaned: Cleaned
    at: datetime


@dataclass(frozen=True, slots=True)
class Cleanings:
    """Every area, what is due first in front, and the newest cleanings."""

    duties: tuple[Duty, ...]
    log: tuple[CleaningView, ...]
    policy: Policy
    today: date

    @property
    def due(self) -> tuple[Duty, ...]:
        """What is due today or was before."""
        return tuple(duty for duty in self.duties if duty.due_on <= self.today)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of the bench: what was found, what their role needs and is missing or past, and everything that was recorded, the newest first."""

    id: UUID
    name: str
    role: Role
    held: dict[Topic, Training]
    needed: tuple[Topic, ...]
    missing: tuple[Topic, ...]
    history: tuple[Training, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who works at the bench, with their training."""

    people: tuple[PersonView, ...]
    policy: Policy
    today: date


def clean(act: Act, areas: Collection[Area], agent: str) -> None:
    """Record that these areas were cleaned just now, and with what."""
    if not areas:
        raise Invalid("areas", "Tick what was cleaned.", fields={"areas": ("Tick what was cleaned.",)})
    person = None if act.actor.role is Role.SYSTEM else act.actor.id
    act.session.add_all(
        CleaningRow(area=area, agent=agent, cleaned_on=act.today, cleaned_at=act.at, person_id=person, person_name=act.actor.name) for area in sorted(areas)
    )


def train(act: Act, person_id: UUID, topics: Collection[Topic], *, done_on: date, assessor: str, how: str) -> None:
    """Record that a person was found competent in these topics on a day; each is due again after the months that policy says."""
    if act.session.get(PersonRow, person_id) is None:
        raise Invalid("person", "Choose the person from the list.", fields={"person": ("Choose the person from the list.",)})
    if not topics:
        raise Invalid("topics", "Tick what was shown.", fields={"topics": ("Tick what was shown.",)})
    check_day(done_on, act.today)
    due_on = holds_until(done_on, policy_in_force(act.session).competency_months)
    recorder = None if act.actor.role is Role.SYSTEM else act.actor.id
    act.session.add_all(
        TrainingRow(
            person_id=person_id, topic=topic, done_on=done_on, due_on=due_on, assessor=assessor, how=how, recorded_at=act.at, recorder_id=recorder
        )
        for topic in sorted(topics)
    )  # fmt: skip


def cleanings(look: Look) -> Cleanings:
    """What is to be cleaned, and what was."""
    policy = policy_in_force(look.session)
    rows = look.session.scalars(select(CleaningRow).order_by(CleaningRow.cleaned_at.desc(), CleaningRow.area).limit(_SHOWN))
    log = tuple(CleaningView(Cleaned(Area(row.area), row.cleaned_on, row.agent, row.person_name), row.cleaned_at) for row in rows)
    return Cleanings(duties(last_cleanings(look.session), policy, look.today), log, policy, look.today)


def staff(look: Look) -> Staff:
    """Everybody who works at the bench, by name."""
    rows = look.session.scalars(select(PersonRow).where(PersonRow.active, PersonRow.role.in_(sorted(BENCH))).order_by(PersonRow.name))
    return Staff(tuple(_person(look, row) for row in rows), policy_in_force(look.session), look.today)


def _person(look: Look, row: PersonRow) -> PersonView:
    held = competencies(look.session, row.id)
    needed = (*COMPOUNDING, *(topic for topic in VERIFYING if topic not in COMPOUNDING and row.role in PHARMACISTS))
    missing = tuple(topic for topic in needed if topic not in held or held[topic].due_on < look.today)
    rows = look.session.scalars(select(TrainingRow).where(TrainingRow.person_id == row.id).order_by(TrainingRow.recorded_at.desc(), TrainingRow.topic))
    history = tuple(Training(Topic(item.topic), item.done_on, item.due_on, item.assessor, item.how) for item in rows)
    return PersonView(row.id, row.name, Role(row.role), held, needed, missing, history)
