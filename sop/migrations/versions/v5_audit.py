"""The audit trail."""

import sqlalchemy as sql
from alembic import op

revision = "v5"
down_revision = "v4"


def upgrade() -> None:
    """Make the table of who did what and when."""
    op.create_table(
        "audit",
        sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("entered_at", sql.DateTime, nullable=False),
        sql.Column("name", sql.Text, nullable=False),
        sql.Column("email", sql.Text),
        sql.Column("role", sql.Text, nullable=False),
        sql.Column("act", sql.Text, nullable=False),
        sql.Column("about", sql.Text, nullable=False),
        sql.Column("covers", sql.Text, nullable=False),
        sql.Column("previous", sql.Text, nullable=False),
        sql.Column("hash", sql.Text, nullable=False),
    )
