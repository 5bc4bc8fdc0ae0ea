"""One part of a document, read by the database itself: for a list of many, where fetching and reading each whole would be slow."""

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from compounding.db.types import Text


class _Part(FunctionElement[str]):
    """A document and the keys on the way to one of its texts."""

    name = "document_part"
    type = Text()
    inherit_cache = True


def part_of(document: ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None], *path: str) -> ColumnElement[str]:
    """The text that stands at `path` in the document of a column; NULL where there is no document or nothing stands there."""
    return _Part(document, *(literal(key) for key in path))


@compiles(_Part, "sqlite")
def _on_sqlite(element: _Part, compiler: SQLCompiler, **options: object) -> str:
    document, *path = element.clauses
    keys = " || ".join(f"'.' || {compiler.process(key, **options)}" for key in path)
    return f"json_extract({compiler.process(document, **options)}, '$' || {keys})"


@compiles(_Part, "postgresql")
def _on_postgresql(element: _Part, compiler: SQLCompiler, **options: object) -> str:
    document, *path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract_path_text(CAST({document} AS json), {', '.join(path)})"
