"""What is known of patients is locked at rest, opens only where it was locked, and is found without being opened."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL, Engine, column, insert, select, table, text

from compounding.db import migrate
from compounding.db.base import Base
from compounding.db.history import is_named_so, match_key, named_so
from compounding.db.prescriptions import PatientRow
from compounding.db.private import NameIndex, Unreadable, Vault, give_vault, has_vault, is_private
from compounding.db.session import make_engine
from compounding.db.types import LocalDate, Text, UtcInstant, Uuid
from tests.stock import MOMENT

SECRET = "a secret of the tests alone, and long enough"
BORN = date(1961, 4, 30)
BEFORE = table(
    "patient",
    column("id", Uuid()), column("name", Text()), column("match_key", Text()), column("birth_date", LocalDate()), column("created_at", UtcInstant()),
)  # fmt: skip


@pytest.fixture
def vault() -> Vault:
    return Vault(SECRET)


@pytest.fixture
def locked(database: URL, vault: Vault) -> Iterator[Engine]:
    engine = make_engine(database, vault=vault)
    yield engine
    engine.dispose()


def keep(engine: Engine, *names: str) -> None:
    """Patients written without an act, which these tests are not about."""
    with engine.execution_options(compounding_migrates=True).begin() as connection:
        for name in names:
            values = {"id": uuid4(), "name": name, "match_key": match_key(name), "birth_date": BORN, "created_at": MOMENT}
            connection.execute(insert(PatientRow), values)


def found(engine: Engine, typed: str) -> list[str]:
    with engine.connect() as connection:
        names = connection.scalars(select(PatientRow.name).where(named_so(typed)).order_by(PatientRow.created_at))
        return sorted(name for name in names if is_named_so(name, typed))


def test_what_is_written_is_read_and_stands_nowhere_as_it_is(locked: Engine) -> None:
    keep(locked, "Anna-Lena Östergård")
    with locked.connect() as connection:
        assert connection.execute(select(PatientRow.name, PatientRow.birth_date)).one() == ("Anna-Lena Östergård", BORN)
        raw = str(connection.execute(text("SELECT * FROM patient")).one())
    assert not [word for word in ("anna", "lena", "öster", "1961", "04-30") if word in raw.casefold()]


def test_the_same_person_is_not_kept_twice_and_is_found_by_name_and_birth_date(locked: Engine) -> None:
    keep(locked, "Ann Lee")
    with pytest.raises(Exception, match=r"uq_patient|UNIQUE"):
        keep(locked, "ANN  LEE")
    with locked.connect() as connection:
        same = select(PatientRow.name).where(PatientRow.match_key == match_key("ann lee"), PatientRow.birth_date.in_({BORN}))
        assert connection.scalars(same).all() == ["Ann Lee"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("a", ["Ann Lee", "Bo Annan Castellanos-Vilanova"]),
        ("ann", ["Ann Lee", "Bo Annan Castellanos-Vilanova"]),
        ("ann l", ["Ann Lee"]),
        ("LEE", ["Ann Lee"]),
        ("castellanos-vil", ["Bo Annan Castellanos-Vilanova"]),
        ("castellanos-vix", []),
        ("nn", []),
        ("%", []),
    ],
)
def test_a_patient_is_found_by_the_beginning_of_any_name(locked: Engine, typed: str, names: list[str]) -> None:
    keep(locked, "Ann Lee", "Bo Annan Castellanos-Vilanova")
    assert found(locked, typed) == names


def test_without_a_vault_names_are_found_alike(engine: Engine) -> None:
    give_vault(engine, None)
    keep(engine, "Ann Lee", "Bo Annan Castellanos-Vilanova")
    assert not has_vault(engine.dialect)
    assert [found(engine, typed) for typed in ("ann", "ann l", "%")] == [["Ann Lee", "Bo Annan Castellanos-Vilanova"], ["Ann Lee"], []]


@pytest.mark.parametrize("harm", ["another value of the column", "another column", "one letter", "in plain words", "another key"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_altered_or_put_elsewhere_does_not_open(locked: Engine, database: URL, harm: str) -> None:
    keep(locked, "Ann Lee")
    with locked.execution_options(compounding_migrates=True).begin() as connection:
        raw = connection.scalars(text("SELECT name FROM patient")).one()
        other = {
            "another value of the column": raw[:30],
            "another column": connection.scalars(text("SELECT birth_date FROM patient")).one(),
            "one letter": raw[:20] + ("A" if raw[20] != "A" else "B") + raw[21:],
            "in plain words": "Ann Loe",
            "another key": raw,
        }[harm]
        connection.execute(text("UPDATE patient SET name = :other"), {"other": other})
    reader = make_engine(database, vault=Vault("another secret")) if harm == "another key" else locked
    with reader.connect() as connection, pytest.raises(Unreadable, match=r"patient\.name"):
        connection.scalars(select(PatientRow.name)).all()


def test_the_same_text_is_locked_anew_each_time_and_a_date_always_alike(vault: Vault) -> None:
    assert vault.lock(b"Ann", "patient.name") != vault.lock(b"Ann", "patient.name")
    assert vault.lock(b"1961", "patient.birth_date", alike=True) == vault.lock(b"1961", "patient.birth_date", alike=True)
    assert vault.lock(b"1961", "patient.birth_date", alike=True) != vault.lock(b"1961", "patient.name", alike=True)
    assert Vault(SECRET).open(vault.lock(b"Ann", "patient.name"), "patient.name") == b"Ann"


@given(st.binary(max_size=200), st.booleans())
def test_whatever_is_locked_opens_again(value: bytes, alike: bool) -> None:
    vault = Vault(SECRET)
    assert vault.open(vault.lock(value, "a.b", alike=alike), "a.b") == value


def test_each_private_column_is_locked_under_its_own_name() -> None:
    private = {f"{table.name}.{column.name}": column.type for table in Base.metadata.tables.values() for column in table.columns if is_private(column.type)}
    assert {place: kind.place for place, kind in private.items()} == {place: place for place in private}
    assert isinstance(private["patient.match_key"], NameIndex)


def test_what_stood_open_before_is_locked_when_the_records_are_brought_up_and_opened_on_the_way_back(empty: Engine) -> None:
    migrate.upgrade(empty, "0055")
    with empty.execution_options(compounding_migrates=True).begin() as connection:
        values = {"id": uuid4(), "name": "Ann Lee", "match_key": "ann lee", "birth_date": BORN, "created_at": MOMENT}
        connection.execute(insert(BEFORE), values)
    give_vault(empty, Vault(SECRET))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(select(PatientRow.name, PatientRow.birth_date)).one() == ("Ann Lee", BORN)
        assert "1961" not in str(connection.execute(text("SELECT * FROM patient")).one())
    assert found(empty, "lee") == ["Ann Lee"]
    migrate.downgrade(empty, "0055")
    with empty.connect() as connection:
        assert connection.execute(select(*(BEFORE.c[name] for name in ("name", "match_key", "birth_date")))).one() == ("Ann Lee", "ann lee", BORN)
