"""How Alembic runs a version: on the connection that `compounding.db.migrate` has opened, inside its transaction."""

from alembic import context

from compounding.db.base import Base

connection = context.config.attributes.get("connection")
if connection is None:
    message = "run migrations by compounding.db.migrate, which opens the connection and its transaction"
    raise RuntimeError(message)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite too: its transaction was begun by hand
    render_as_batch=True,
)
context.run_migrations()
