"""How files are read, as somebody confirmed it: the log's first version."""

import sqlalchemy as sql
from alembic import op

revision = "v1"
down_revision = None


def upgrade() -> None:
    """Make the table of mappings."""
    op.create_table(
        "mappings",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("saved_at", sql.DateTime, nullable=False),
        sql.Column("saved_by", sql.Text, nullable=False),
        sql.Column("fingerprint", sql.Text, nullable=False),
        sql.Column("file_name", sql.Text, nullable=False),
        sql.Column("mapping", sql.Text, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("mappings.id")),
    )
    op.create_index("ix_mappings_fingerprint", "mappings", ["fingerprint"])
