"""Closed months, notes, disputes, and the company's settings."""

import sqlalchemy as sql
from alembic import op

revision = "v4"
down_revision = "v3"


def upgrade() -> None:
    """Make the tables of what a meeting writes beside its decisions."""
    op.create_table(
        "closings",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("closed_at", sql.DateTime, nullable=False),
        sql.Column("closed_by", sql.Text, nullable=False),
        sql.Column("month", sql.Date, nullable=False),
        sql.Column("snapshot_id", sql.Text, nullable=False),
        sql.Column("as_of_date", sql.Date, nullable=False),
        sql.Column("figures", sql.Text, nullable=False),
        sql.Column("decisions", sql.Text, nullable=False),
        sql.Column("minutes", sql.Text, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("closings.id"), unique=True),
    )
    op.create_index("ix_closings_month", "closings", ["month"])
    op.create_table(
        "notes",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("noted_at", sql.DateTime, nullable=False),
        sql.Column("noted_by", sql.Text, nullable=False),
        sql.Column("snapshot_id", sql.Text, nullable=False),
        sql.Column("customer_id", sql.Text),
        sql.Column("month", sql.Date),
        sql.Column("order_id", sql.Text),
        sql.Column("line_number", sql.Text),
        sql.Column("text", sql.Text, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("notes.id"), unique=True),
    )
    op.create_table(
        "disputes",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("entered_at", sql.DateTime, nullable=False),
        sql.Column("entered_by", sql.Text, nullable=False),
        sql.Column("snapshot_id", sql.Text, nullable=False),
        sql.Column("order_id", sql.Text, nullable=False),
        sql.Column("line_number", sql.Text, nullable=False),
        sql.Column("sales_says", sql.Text, nullable=False),
        sql.Column("operations_says", sql.Text, nullable=False),
        sql.Column("is_open", sql.Boolean, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("disputes.id"), unique=True),
    )
    op.create_index("ix_disputes_order_id", "disputes", ["order_id"])
    op.create_table(
        "settings",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("set_at", sql.DateTime, nullable=False),
        sql.Column("set_by", sql.Text, nullable=False),
        sql.Column("settings", sql.Text, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("settings.id"), unique=True),
    )
