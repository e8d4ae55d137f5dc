"""Alembic's entry: always on a connection that is open, in its transaction, so that a failed change leaves nothing."""

from alembic import context

from storage.migrations import VERSION_TABLE
from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
