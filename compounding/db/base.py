"""What every table has in common: names of constraints, a key made by us, and an order of writing that foreign keys accept."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, Mapper, RelationshipProperty, mapped_column, relationship
from sqlalchemy.sql.schema import Column, ForeignKey, SchemaItem, Table

from compounding.db import types

# A constraint that breaks can only become a sentence if its name is known.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT = {"sqlite_strict": True}  # without it SQLite keeps any value in any column
HASHED = {"audit": "hash"}  # a column marked so is audited by its SHA-256 only: secrets, blobs, and documents that cannot change
UNTOLD = {"audit": "none"}  # one marked so is no record, and not audited: what counts for minutes, and is written by being there
Document = Annotated[str, mapped_column(types.Document)]
FixedDocument = Annotated[str, mapped_column(types.Document, info=HASHED)]
Secret = Annotated[str, mapped_column(types.Text, info=HASHED)]
Bytes = Annotated[bytes, mapped_column(types.Blob, info=HASHED)]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """A table. Its rows stay inside `db` and `workflow`; they store and decide nothing."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        UUID: types.Uuid,
        datetime: types.UtcInstant,
        date: types.LocalDate,
        int: types.Integer64,
        str: types.Text,
        bool: types.Flag,
    }


class Row(Base, kw_only=True):
    """A table whose key is a UUID that we make, so that a row's key is known before it is written."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4, kw_only=True)


def table_args(*rules: SchemaItem) -> tuple[SchemaItem | dict[str, bool], ...]:
    """`__table_args__` of a STRICT table with these constraints and indexes."""
    return (*rules, STRICT)


def one_of(column: str, *states: str) -> CheckConstraint:
    """The CHECK that repeats a state machine of the domain in the database."""
    listed = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def positive(column: str) -> CheckConstraint:
    """The CHECK that a number is more than zero."""
    return CheckConstraint(f"{column} > 0", name=f"{column}_positive")


def not_negative(column: str) -> CheckConstraint:
    """The CHECK that a number is zero or more."""
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")


def sha256(column: str) -> CheckConstraint:
    """The CHECK that a text has the length of a SHA-256 in hexadecimal digits."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_length")


@event.listens_for(Mapper, "after_mapper_constructed")
def _write_parents_first(mapper: Mapper[Any], _class: type) -> None:
    """The unit of work orders its inserts by relationships, not by foreign keys: so each key gets one, which cannot be loaded."""
    table = mapper.local_table
    if not isinstance(table, Table):
        return
    for column in table.columns:
        for key in column.foreign_keys:
            if key.target_fullname.split(".")[0] != table.name:
                mapper.add_property(f"_{column.name}_parent", _parent(column, key))


def _parent(column: Column[Any], key: ForeignKey) -> RelationshipProperty[Any]:
    def target() -> type[Any]:
        tables = {found.local_table: found.class_ for found in Base.registry.mappers}
        return tables[key.column.table]

    return relationship(target, foreign_keys=[column], lazy="raise")
