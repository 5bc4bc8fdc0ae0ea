"""Wrong passwords and codes: counted for the account and for the address, over all workers, and answered with growing waits.

A browser at which the person has signed in before has a count of its own, so that whoever tries from elsewhere keeps nobody out. Nothing is locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from compounding.db.people import PersonRow
from compounding.db.sign_in import BrowserRow, TriesRow
from compounding.domain.sign_in import Counted, counted_on, still_waits
from compounding.workflow.act import Act, Look


@dataclass(frozen=True, slots=True)
class Knock:
    """Who knocks: the user name as it was typed, the address, and the secret of the browser, if it has one."""

    username: str
    address: str
    browser: str


def wait(look: Look, knock: Knock) -> timedelta:
    """How long this knock has to wait until anything is tried; nothing for most."""
    waits = [timedelta()]
    for kind, key in _keys(look, knock):
        row = _row(look, kind, key)
        if row is not None:
            waits.append(still_waits(kind, row.failures, row.last_at, at=look.at))
    return max(waits)


def refuse(act: Act, knock: Knock) -> None:
    """Count a wrong try."""
    for kind, key in _keys(act, knock):
        row = _row(act, kind, key)
        if row is None:
            act.session.add(TriesRow(kind=kind, key_sha256=key, failures=1, last_at=act.at))
        else:
            row.failures = counted_on(row.failures, row.last_at, at=act.at)
            row.last_at = act.at


def forgive(act: Act, knock: Knock) -> None:
    """Forget the wrong tries of a person who got in; those of the address stay, since it may be somebody else's too."""
    for kind, key in _keys(act, knock):
        row = _row(act, kind, key)
        if row is not None and kind is not Counted.ADDRESS and row.failures:
            row.failures = 0


def _keys(look: Look, knock: Knock) -> Sequence[tuple[Counted, str]]:
    username = knock.username.strip().casefold()
    known = select(PersonRow.id).join(BrowserRow, BrowserRow.person_id == PersonRow.id)
    if knock.browser and look.session.scalar(known.where(PersonRow.username == username, BrowserRow.secret_sha256 == _digest(knock.browser))):
        return ((Counted.BROWSER, _digest(f"{username} {knock.browser}")),)
    return ((Counted.ACCOUNT, _digest(username)), (Counted.ADDRESS, _digest(knock.address)))


def _row(look: Look, kind: Counted, key: str) -> TriesRow | None:
    return look.session.scalar(select(TriesRow).where(TriesRow.kind == kind, TriesRow.key_sha256 == key))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
