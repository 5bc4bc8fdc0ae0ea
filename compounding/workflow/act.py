"""Acts and looks: who, when, and the one transaction in which a use case does its work.

`Pharmacy.perform` runs one change from beginning to end, and from the beginning again when a lock was in its way; that is why a
use case is a function that it is given, and why a use case touches nothing but its session. `Pharmacy.look` asks without writing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from secrets import SystemRandom
from time import sleep
from typing import TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from compounding.db.audit import Attribution, ReadRow
from compounding.db.readiness import require_trained
from compounding.db.refusal import conflict_of
from compounding.db.session import is_passing, reading, writing
from compounding.domain.authority import ActName, LookName, require
from compounding.domain.people import Actor

T = TypeVar("T")
_ATTEMPTS = 5
_FIRST_WAIT = 0.02  # seconds; doubled after each attempt, a random part of it is waited
_CHANCE = SystemRandom()


class Busy(Exception):
    """Others held what this act needs, each time that it was tried. Nothing was changed; the same may be asked again soon."""

    sentence = "The pharmacy's records are busy. Nothing was changed; try again in a moment."


@dataclass(frozen=True, slots=True)
class Read:
    """Whose data a look has shown."""

    patient_id: UUID | None
    prescription_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One question: who asks, at which moment (aware, UTC), by the clock of which zone, and the session that it reads by."""

    id: UUID
    name: ActName | LookName
    actor: Actor
    at: datetime
    zone: ZoneInfo
    session: Session
    reads: list[Read] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The pharmacy's own day."""
        return self.day_of(self.at)

    def day_of(self, moment: datetime) -> date:
        """The pharmacy's own day at a moment."""
        return moment.astimezone(self.zone).date()

    def note_read(self, *, patient_id: UUID | None = None, prescription_id: UUID | None = None) -> None:
        """Say whose data is read, by at least one of the two; the read log is written before the answer is given."""
        self.reads.append(Read(patient_id, prescription_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Look):
    """One change: what is written by its session belongs to it, as a whole or not at all."""

    name: ActName


@dataclass(frozen=True, slots=True, kw_only=True)
class Pharmacy:
    """Everything that use cases need from outside, built once.

    `clock` gives the present moment, aware and in UTC; it is read once for each act and look. `zone` is where the pharmacy stands.
    """

    engine: Engine
    clock: Callable[[], datetime]
    zone: ZoneInfo

    def perform(self, name: ActName, actor: Actor, change: Callable[[Act], T]) -> T:
        """Let `actor` do one act: all of `change` in one transaction, tried again a few times where a lock was in its way.

        Raises `Forbidden` before anything is read, `Busy` when every attempt met a lock, `Conflict` when a rule of the database says
        that somebody else was first or that a lot would go below zero, or the actor's training is overdue, and whatever
        `change` raises; then nothing was changed.
        """
        require(actor, name)
        at, act_id = self._now(), uuid4()

        def attempt() -> T:
            with writing(self.engine, Attribution(act_id, name, actor.id, actor.name, at)) as session:
                act = Act(id=act_id, name=name, actor=actor, at=at, zone=self.zone, session=session)
                require_trained(session, name, actor, act.today)
                answer = change(act)
                session.add_all(_read_rows(act))
                return answer

        return _persist(attempt)

    def look(self, name: LookName, actor: Actor, question: Callable[[Look], T]) -> T:
        """Let `actor` ask one question of one moment of the records; whose data was read is logged before the answer is given.

        Raises `Forbidden` before anything is read, `Busy` when the records or the read log could not be reached, and whatever
        `question` raises.
        """
        require(actor, name)
        at, look_id = self._now(), uuid4()

        def attempt() -> tuple[T, Look]:
            with reading(self.engine) as session:
                look = Look(id=look_id, name=name, actor=actor, at=at, zone=self.zone, session=session)
                return question(look), look

        answer, look = _persist(attempt)
        if look.reads:
            _persist(lambda: self._log_reads(look))
        return answer

    def _log_reads(self, look: Look) -> None:
        with writing(self.engine, Attribution(look.id, look.name, look.actor.id, look.actor.name, look.at)) as session:
            session.add_all(_read_rows(look))

    def _now(self) -> datetime:
        moment = self.clock()
        if moment.utcoffset() is None:
            raise ValueError("the clock must give aware moments")
        return moment.astimezone(UTC)


def _read_rows(look: Look) -> list[ReadRow]:
    return [
        ReadRow(
            look_id=look.id,
            look_name=look.name,
            actor_id=look.actor.id,
            actor_name=look.actor.name,
            at=look.at,
            patient_id=read.patient_id,
            prescription_id=read.prescription_id,
        )
        for read in dict.fromkeys(look.reads)
    ]


def _persist(attempt: Callable[[], T]) -> T:
    for number in range(_ATTEMPTS):
        try:
            return attempt()
        except DBAPIError as error:
            if not is_passing(error):
                raise conflict_of(error) or error from error
        sleep(_CHANCE.uniform(0, _FIRST_WAIT * 2**number))
    raise Busy(Busy.sentence)
