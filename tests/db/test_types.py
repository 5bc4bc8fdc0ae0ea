"""What is stored comes back the same, and alike on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from compounding.db import types
from compounding.db.audit import MIGRATES

SAMPLES = Table(
    "sample",
    MetaData(),
    Column("key", types.Uuid, primary_key=True),
    Column("number", types.Integer64),
    Column("words", types.Text),
    Column("moment", types.UtcInstant),
    Column("day", types.LocalDate),
    Column("flag", types.Flag),
    Column("body", types.Blob),
    sqlite_strict=True,
)


@pytest.fixture
def samples(engine: Engine) -> Iterator[Engine]:
    free = engine.execution_options(**{MIGRATES: True})
    SAMPLES.create(free)
    yield free
    SAMPLES.drop(free)


def stored(samples: Engine, column: str, value: object) -> object:
    row = {"key": uuid4(), column: value}
    with samples.begin() as connection:
        connection.execute(insert(SAMPLES), row)
        return connection.execute(select(SAMPLES.c[column]).where(SAMPLES.c.key == row["key"])).scalar_one()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", UUID("8a5b1c2d-0000-4000-8000-000000000001")),
        ("number", 123_456_789_012_345_678),
        ("number", -(2**63 - 1)),
        ("words", "Zoë Ω 𝔸 '; --"),
        ("words", ""),
        ("moment", datetime(2026, 3, 2, 17, 0, tzinfo=UTC)),
        ("moment", datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ("moment", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("day", date(1904, 2, 29)),
        ("flag", True),
        ("flag", False),
        ("body", bytes(range(256))),
    ],
)
def test_a_value_comes_back_equal_and_of_its_own_type(samples: Engine, column: str, value: object) -> None:
    found = stored(samples, column, value)
    assert found == value
    assert type(found) is type(value)


def test_a_moment_comes_back_in_utc(samples: Engine) -> None:
    found = stored(samples, "moment", datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(0))))
    assert isinstance(found, datetime)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("column", ["number", "words", "moment", "day", "flag", "body"])
def test_nothing_stays_nothing(samples: Engine, column: str) -> None:
    assert stored(samples, column, None) is None


def test_a_sum_of_eighteen_digits_is_exact_and_whole(samples: Engine) -> None:
    numbers = [123_456_789_012_345_678, 123_456_789_012_345_679, -1]
    with samples.begin() as connection:
        connection.execute(insert(SAMPLES), [{"key": uuid4(), "number": number} for number in numbers])
        found = connection.execute(select(func.sum(SAMPLES.c.number))).scalar_one()
    assert found == 246_913_578_024_691_356
    assert type(found) is int


def test_moments_sort_by_time_whatever_their_fraction(samples: Engine) -> None:
    moments = [datetime(2026, 3, 2, 17, 0, second, micro, tzinfo=UTC) for second, micro in [(0, 0), (0, 500), (1, 0), (10, 0)]]
    with samples.begin() as connection:
        connection.execute(insert(SAMPLES), [{"key": uuid4(), "moment": moment} for moment in reversed(moments)])
        found = connection.execute(select(SAMPLES.c.moment).order_by(SAMPLES.c.moment)).scalars().all()
        later = connection.execute(select(SAMPLES.c.moment).where(SAMPLES.c.moment > moments[1]).order_by(SAMPLES.c.moment)).scalars().all()
    assert found == moments
    assert later == moments[2:]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", 1.0),
        ("number", True),
        ("number", "1"),
        ("moment", datetime(2026, 3, 2, 17, 0)),
        ("moment", datetime(2026, 3, 2, 17, 0, tzinfo=timezone(timedelta(hours=1)))),
        ("day", datetime(2026, 3, 2, tzinfo=UTC)),
        ("day", "2026-03-02"),
        ("flag", 1),
    ],
)
def test_a_value_of_another_type_is_refused(samples: Engine, column: str, value: object) -> None:
    with pytest.raises(StatementError, match=r"expected|zone|UTC"):
        stored(samples, column, value)


@pytest.mark.parametrize(("column", "value"), [("words", "a\0b"), ("words", "\ud800"), ("number", 10**30)])
def test_what_one_database_cannot_keep_is_refused_alike_on_both(samples: Engine, column: str, value: object) -> None:
    with pytest.raises(types.Unstorable):
        stored(samples, column, value)
