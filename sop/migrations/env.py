"""What Alembic runs: the migrations, inside the transaction of whoever opened the log (see sop/migrating.py)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
