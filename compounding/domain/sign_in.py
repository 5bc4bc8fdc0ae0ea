"""How long a session lasts, and how long somebody waits after wrong passwords. Nobody is ever locked out: waits grow, end, and stop at a quarter of an hour.

Sources: NIST SP 800-63B-4 (sessions, 2.2.3: at most 12 hours, 15 minutes idle where more is at stake; throttling, 3.2.2), RFC 6238 (codes),
OWASP Authentication Cheat Sheet ("device cookies": a browser at which somebody has signed in before has a count of its own).
"""

from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
USE_NOTED = timedelta(minutes=1)  # the last use of a session is written no oftener: a row for each page would make readers wait for writers
ONE_TIME = timedelta(hours=72)  # a password that an administrator gave; it must be changed before anything else
HALFWAY = timedelta(minutes=5)  # how long a password that was given counts by itself: until the code, or until a first factor is set up
GLASS = timedelta(hours=1)  # how long broken glass stays open

CODE_SECONDS = 30  # RFC 6238 5.2
CODE_STEPS = 1  # before and after the present one, for clocks that differ
RECOVERY_CODES = 10

_LONGEST_WAIT = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=24)


class Counted(StrEnum):
    """For what wrong tries are counted."""

    ACCOUNT = "account"
    ADDRESS = "address"
    BROWSER = "browser"

    @property
    def free(self) -> int:
        """How many wrong tries in a row cost no wait; many people share an address."""
        return 20 if self is Counted.ADDRESS else 5


def wait_after(failures: int, free: int) -> timedelta:
    """How long nothing is tried after so many wrong tries in a row: 1, 2, 4 seconds, and so on to a quarter of an hour."""
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - free, 10)), _LONGEST_WAIT)


def still_waits(kind: Counted, failures: int, last_at: datetime, *, at: datetime) -> timedelta:
    """How much of the wait is left at a moment; nothing once it is over."""
    return max(last_at + wait_after(failures, kind.free) - at, timedelta())


def counted_on(failures: int, last_at: datetime, *, at: datetime) -> int:
    """The number of wrong tries with one more; those of yesterday are forgotten."""
    return 1 if at - last_at >= _FORGOTTEN_AFTER else failures + 1


def is_open(used_at: datetime | None, ends_at: datetime, *, at: datetime) -> bool:
    """Whether a session that nobody has ended still opens at a moment; one whose last use was never written does not."""
    return used_at is not None and at - used_at < IDLE and at < ends_at


def code_step(at: datetime) -> int:
    """The time step of RFC 6238 at a moment (aware)."""
    return int(at.timestamp()) // CODE_SECONDS
