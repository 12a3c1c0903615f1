"""Alembic's entry: runs the migrations on the connection that `serving.casework.database.migrate` opened."""

from alembic import context

from serving.casework.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
