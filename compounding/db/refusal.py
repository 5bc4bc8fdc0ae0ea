"""What the database refused, as a sentence: the rules that only the database can keep when two people act at once."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from compounding.domain.errors import Conflict

_BELOW_ZERO = "ck_lot_balance_not_negative"
_UNIQUE_ON_SQLITE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
_UNIQUE_ON_POSTGRESQL = "23505"


def conflict_of(error: DBAPIError) -> Conflict | None:
    """The `Conflict` that `error` stands for (`lot-short`, `somebody-was-first`), or None where it is a defect of the program."""
    if _BELOW_ZERO in str(error.orig):
        return Conflict("lot-short", "There is not that much left of this lot. Look at its balance and take another lot for the rest.")
    if _is_doubled(error):
        return Conflict("somebody-was-first", "Somebody else has just recorded the same thing. Load the page again and look at it.")
    return None


def _is_doubled(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) in _UNIQUE_ON_SQLITE
    return getattr(error.orig, "sqlstate", None) == _UNIQUE_ON_POSTGRESQL
