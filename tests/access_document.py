"""The tables of docs/access.md, made from the code: `python -m tests.access_document` writes them anew, and a test holds them equal."""

from collections.abc import Mapping
from pathlib import Path

from compounding.api.access import ROUTES as API_ROUTES
from compounding.api.access import Scoped
from compounding.domain.acts import ActName, LookName
from compounding.domain.authority import ACTS, LOOKS
from compounding.domain.people import Role
from compounding.domain.scope import KINDS, SAID

DOCUMENT = Path(__file__).parents[1] / "docs" / "access.md"
_BEGIN, _END = "<!-- made by tests/access_document.py: begin -->", "<!-- end -->"
_COLUMNS = {
    "technician": Role.TECHNICIAN, "pharmacist": Role.PHARMACIST, "in charge": Role.IN_CHARGE, "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR, "prescriber": Role.PRESCRIBER, "program": Role.SYSTEM,
}  # fmt: skip


def table(title: str, rows: Mapping[ActName, frozenset[Role]] | Mapping[LookName, frozenset[Role]]) -> list[str]:
    """One row for each act or look, with a mark for each role that may."""
    head = [f"| {title} | {' | '.join(_COLUMNS)} |", f"|---|{'|'.join(':-:' for _ in _COLUMNS)}|"]
    return head + [f"| `{name}` | {' | '.join('yes' if role in roles else '' for role in _COLUMNS.values())} |" for name, roles in sorted(rows.items())]


def tables() -> str:
    """All that stands between the marks."""
    scoped = {endpoint: route for endpoint, route in sorted(API_ROUTES.items()) if isinstance(route, Scoped)}
    scopes = ["| Scope | Opens |", "|---|---|", *(f"| `system/{kind}.{letters}` | {SAID[kind]} |" for kind, letters in KINDS.items())]
    routes = [
        "| Endpoint | Act or look | Scope |",
        "|---|---|---|",
        *(f"| `{name}` | `{route.needed}` | `{route.scope.name}` |" for name, route in scoped.items()),
    ]
    parts = (
        ("### Acts", table("Act", ACTS)),
        ("### Looks", table("Look", LOOKS)),
        ("### Scopes of tokens", scopes),
        ("### What each address of the API needs", routes),
    )
    return "\n\n".join("\n".join([title, "", *lines]) for title, lines in parts)


def document() -> str:
    """The whole document with its tables as the code has them."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, after = text.partition(_BEGIN)[0], text.partition(_END)[2]
    return f"{before}{_BEGIN}\n\n{tables()}\n\n{_END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
