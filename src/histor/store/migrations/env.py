"""Runs migrations on the connection that `histor.store.migrate` gives, inside its transaction."""

from alembic import context

from histor.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
