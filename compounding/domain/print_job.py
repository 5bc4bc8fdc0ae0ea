"""A print job: from the moment that somebody prints to the moment that a printer has taken it, and what follows from each answer of the printer.

A job is sent again by itself only where it is certain that the printer did not take it. Where that is unknown it waits for a person, who can
look at the printer: a second label of a medicine that nobody knows of may end on another bottle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from compounding.domain import states


class JobStatus(StrEnum):
    """Where a job is."""

    SHOWN = "shown"  # opened in the browser of whoever asked; nothing is sent
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"  # the printer has taken it
    UNSURE = "unsure"  # it was sent, and whether the printer took it is unknown
    FAILED = "failed"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[JobStatus, frozenset[JobStatus]]] = {
    JobStatus.SHOWN: frozenset(),
    JobStatus.WAITING: frozenset({JobStatus.SENDING, JobStatus.CANCELLED}),
    JobStatus.SENDING: frozenset({JobStatus.SENT, JobStatus.WAITING, JobStatus.UNSURE, JobStatus.FAILED}),
    JobStatus.UNSURE: frozenset({JobStatus.SENT, JobStatus.WAITING, JobStatus.CANCELLED}),
    JobStatus.FAILED: frozenset({JobStatus.WAITING, JobStatus.CANCELLED}),
    JobStatus.SENT: frozenset(),
    JobStatus.CANCELLED: frozenset(),
}
OPEN: Final = (JobStatus.WAITING, JobStatus.SENDING, JobStatus.UNSURE, JobStatus.FAILED)  # somebody or something has yet to do with it


class Outcome(StrEnum):
    """What became of one try to send a job."""

    TAKEN = "taken"
    NOT_NOW = "not now"  # certainly not printed, and it may be tried again: off, busy, out of paper, hung up before the end
    REFUSED = "refused"  # certainly not printed, and trying again would change nothing
    UNKNOWN = "unknown"  # all of it was sent, and the printer did not say


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one try, and the plain sentence about it."""

    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What a job is after a try, and how long it pauses before the next one."""

    status: JobStatus
    pause: timedelta
    said: str


# Somebody stands at the counter: the second try comes soon, the last about five minutes after the first; then a person is asked.
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(seconds=60)
MOST_TRIES: Final = 9
# Longer than the slowest try (connection, sending and answer): whoever had it by then has ended without telling.
LEASE: Final = timedelta(seconds=120)
# A queue that runs looks every 0.4 s, and one try takes at most 25 s: what was due for longer than this, nobody sends.
STALLED: Final = timedelta(seconds=60)
LOST: Final = "The program that sends labels ended while it sent this one. Whether it was printed is unknown."
VOID: Final = "What it says does not hold any more: a newer label took its place. Nothing was sent."
RELOADED: Final = "The printer is loaded with other labels now than this one was laid out for. Load them again, or print it on another printer."


def advance(status: JobStatus, to: JobStatus) -> JobStatus:
    """`to`, if a job may go there from `status`; else `Conflict`."""
    return states.advance(NEXT, status, to, thing="job")


def pause_after(tries: int) -> timedelta:
    """How long a job pauses after so many tries: doubled each time, up to the longest."""
    doubled: int = 2 ** (tries - 1)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def settled(answer: Answer, tries: int) -> Settled:
    """What a job is after its try number `tries` came to this answer."""
    match answer.outcome:
        case Outcome.TAKEN:
            return Settled(JobStatus.SENT, timedelta(), answer.said)
        case Outcome.UNKNOWN:
            return Settled(JobStatus.UNSURE, timedelta(), answer.said)
        case Outcome.NOT_NOW if tries < MOST_TRIES:
            return Settled(JobStatus.WAITING, pause_after(tries), answer.said)
    return Settled(JobStatus.FAILED, timedelta(), answer.said)
