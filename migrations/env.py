"""Alembic's entry: runs the numbered migrations on the connection handed over by ``zvonok.migrate``."""

from alembic import context


def run() -> None:
    """Run the migrations in one transaction; without a connection handed over there is nothing to guess from."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


run()
