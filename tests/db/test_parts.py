"""A part of a document is read alike by both databases, letter for letter."""

import pytest
from sqlalchemy import Engine, literal_column, select

from compounding.db.parts import part_of
from compounding.db.types import Text


@pytest.mark.parametrize(
    ("document", "read"),
    [
        ('{"finished":{"made":"63/25","ph":null}}', "63/25"),
        ('{"finished":{"made":"94.500"}}', "94.500"),
        ('{"finished":{"made":"\\u00e9 \\"x\\""}}', 'é "x"'),
        ('{"finished":{"ph":null}}', None),
        ('{"finished":{"made":null}}', None),
        (None, None),
    ],
)
def test_a_part_is_read_as_it_stands_and_what_is_not_there_is_nothing(engine: Engine, document: str | None, read: str | None) -> None:
    one = select(literal_column("CAST(NULL AS TEXT)" if document is None else f"'{document}'", Text()).label("document")).subquery()
    with engine.connect() as connection:
        assert connection.execute(select(part_of(one.c.document, "finished", "made"))).scalar_one() == read
