"""What tests of the database share: connections that may do all, a lot on the shelf, and a database without a table."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from compounding.db.audit import MIGRATES, Attribution
from compounding.db.session import make_engine, writing
from tests import postgresql
from tests.conftest import DATABASES
from tests.stock import MOMENT, lot, movement, tablets


@pytest.fixture
def raw(engine: Engine) -> Engine:
    return engine.execution_options(**{MIGRATES: True})


@pytest.fixture
def shelf(engine: Engine) -> str:
    """A lot with 100 tablets; gives its key as the database writes it."""
    with writing(engine, Attribution(uuid4(), "test", uuid4(), "Test", MOMENT)) as session:
        product = tablets()
        bought = lot(product)
        session.add_all([product, bought, movement(bought, 100)])
    return str(bought.id)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    address = postgresql.create_database(request.getfixturevalue("postgresql_server"), "empty")
    engine = make_engine(address)
    yield engine
    engine.dispose()
    postgresql.drop_database(address)
