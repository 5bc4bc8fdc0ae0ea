"""The tables of docs/access.md are those of the code."""

from tests.access_document import DOCUMENT, document


def test_the_tables_of_access_are_those_of_the_code() -> None:
    """`python -m tests.access_document` writes them anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()
