"""How often a prescriber's system may ask: so many requests in a minute, counted over all worker processes of this machine.

The count of a system is a file of a few bytes below `var/rate`, locked while it is read and written. That costs some 50 microseconds where a row of the
database would make a write of every read, wait for the one writer of SQLite, and fill the trail with what is no record. What is lost with the file is a
minute's count. Several machines behind one address each count for themselves: the limit is then that of one machine times their number.
"""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from flask import Flask, Response, current_app, g
from werkzeug.exceptions import TooManyRequests

WINDOW = 60  # seconds
_LONGEST = 40  # bytes of a count
_NAME = "systems"  # of the policy, in the headers


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests a system has left in this minute, of how many, and in how many seconds the next one begins."""

    most: int
    left: int
    seconds: int


class Counter:
    """Counts the requests of each system in the folder `place`; at most `most` in a minute."""

    def __init__(self, place: Path, most: int) -> None:
        self._place, self._most = place, most

    def take(self, system: UUID, now: datetime) -> Allowance:
        """Count one request; `left` is below zero for one that is too many."""
        seconds = int(now.timestamp())
        window = seconds // WINDOW
        self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._place / str(system), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            found = os.pread(descriptor, _LONGEST, 0).split()
            count = int(found[1]) + 1 if len(found) == 2 and int(found[0]) == window else 1
            text = f"{window} {count}".encode()
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, text, 0)
        finally:
            os.close(descriptor)  # and with it the lock
        return Allowance(self._most, self._most - count, WINDOW - seconds % WINDOW)


def register(app: Flask) -> None:
    """Let `app` tell with every answer what is left."""
    app.after_request(_tell)


def take(system: UUID, now: datetime) -> None:
    """Count this request of a system; 429 where it is too many."""
    counter: Counter = current_app.extensions["api rate"]
    g.allowance = allowance = counter.take(system, now)
    if allowance.left < 0:
        sentence = f"This system asks more than {allowance.most} times a minute. Go on in {allowance.seconds} seconds."
        raise TooManyRequests(sentence, retry_after=allowance.seconds)


def _tell(response: Response) -> Response:
    """The headers of draft-ietf-httpapi-ratelimit-headers-10."""
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers["RateLimit-Policy"] = f'"{_NAME}";q={allowance.most};w={WINDOW}'
        response.headers["RateLimit"] = f'"{_NAME}";r={max(allowance.left, 0)};t={allowance.seconds}'
    return response
