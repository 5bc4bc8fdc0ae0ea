"""The tables of docs/access.md are those of the code."""

from compounding.api.access import ROUTES, Scoped
from compounding.domain.scope import ALL
from tests.access_document import DOCUMENT, document


def test_the_tables_of_access_are_those_of_the_code() -> None:
    """`python -m tests.access_document` writes them anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_nothing_is_granted_that_no_route_asks_for() -> None:
    asked = {(route.scope.kind, letter) for route in ROUTES.values() if isinstance(route, Scoped) for letter in route.scope.letters}
    assert {(scope.kind, letter) for scope in ALL for letter in scope.letters} == asked
