"""Scenarios, and what was spent on decisions."""

import sqlalchemy as sql
from alembic import op

revision = "v3"
down_revision = "v2"


def upgrade() -> None:
    """Make the tables of scenarios and of what was spent."""
    op.create_table(
        "cost_entries",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("decision_id", sql.Integer, sql.ForeignKey("decisions.id"), nullable=False),
        sql.Column("entered_at", sql.DateTime, nullable=False),
        sql.Column("entered_by", sql.Text, nullable=False),
        sql.Column("spent_value", sql.Float, nullable=False),
    )
    op.create_index("ix_cost_entries_decision_id", "cost_entries", ["decision_id"])
    op.create_table(
        "scenarios",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("kept_at", sql.DateTime, nullable=False),
        sql.Column("kept_by", sql.Text, nullable=False),
        sql.Column("name", sql.Text, nullable=False),
        sql.Column("snapshot_id", sql.Text, nullable=False),
        sql.Column("as_of_date", sql.Date, nullable=False),
        sql.Column("holds", sql.Text, nullable=False),
        sql.Column("title", sql.Text, nullable=False),
        sql.Column("totals", sql.Text, nullable=False),
        sql.Column("customers", sql.Text, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("scenarios.id")),
    )
    op.create_index("ix_scenarios_name", "scenarios", ["name"])
