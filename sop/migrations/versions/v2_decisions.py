"""Decisions with their lines, customers, actions and expectations."""

import sqlalchemy as sql
from alembic import op

revision = "v2"
down_revision = "v1"


def upgrade() -> None:
    """Make the tables of a decision."""
    _make_decisions()
    _make_lines()
    _make_customers()
    _make_actions()
    _make_expectations()


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("decided_at", sql.DateTime, nullable=False),
        sql.Column("decided_by", sql.Text, nullable=False),
        sql.Column("snapshot_id", sql.Text, nullable=False),
        sql.Column("as_of_date", sql.Date, nullable=False),
        sql.Column("work_centre_id", sql.Text, nullable=False),
        sql.Column("load_month", sql.Date, nullable=False),
        sql.Column("options", sql.Text, nullable=False),
        sql.Column("chosen", sql.Text, nullable=False),
        sql.Column("title", sql.Text, nullable=False),
        sql.Column("reason", sql.Text, nullable=False),
        sql.Column("assumed", sql.Text, nullable=False),
        sql.Column("wrong_if", sql.Text, nullable=False),
        sql.Column("review_date", sql.Date, nullable=False),
        sql.Column("replaces", sql.Integer, sql.ForeignKey("decisions.id"), unique=True),
    )
    op.create_index(
        "decided_once", "decisions", ["snapshot_id", "work_centre_id", "load_month"], unique=True,
        sqlite_where=sql.text("replaces is null"), postgresql_where=sql.text("replaces is null"),
    )  # fmt: skip


def _make_lines() -> None:
    op.create_table(
        "decision_lines",
        sql.Column("decision_id", sql.Integer, sql.ForeignKey("decisions.id"), primary_key=True),
        sql.Column("order_id", sql.Text, primary_key=True),
        sql.Column("line_number", sql.Text, primary_key=True),
        sql.Column("customer_id", sql.Text, nullable=False),
        sql.Column("product_id", sql.Text, nullable=False),
        sql.Column("promised_date", sql.Date, nullable=False),
        sql.Column("new_promised_date", sql.Date),
        sql.Column("is_kept", sql.Boolean, nullable=False),
        sql.Column("imposed_days", sql.Integer, nullable=False),
        sql.Column("late_quantity", sql.Float, nullable=False),
        sql.Column("late_value", sql.Float, nullable=False),
    )


def _make_customers() -> None:
    op.create_table(
        "decision_customers",
        sql.Column("decision_id", sql.Integer, sql.ForeignKey("decisions.id"), primary_key=True),
        sql.Column("customer_id", sql.Text, primary_key=True),
        sql.Column("customer_name", sql.Text, nullable=False),
        sql.Column("kept_count", sql.Integer, nullable=False),
        sql.Column("broken_count", sql.Integer, nullable=False),
        sql.Column("imposed_days", sql.Integer, nullable=False),
        sql.Column("late_value", sql.Float, nullable=False),
        sql.Column("told", sql.Text, nullable=False),
    )


def _make_actions() -> None:
    op.create_table(
        "actions",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("decision_id", sql.Integer, sql.ForeignKey("decisions.id"), nullable=False),
        sql.Column("what", sql.Text, nullable=False),
        sql.Column("who", sql.Text, nullable=False),
        sql.Column("due_date", sql.Date, nullable=False),
    )
    op.create_index("ix_actions_decision_id", "actions", ["decision_id"])
    op.create_table(
        "action_entries",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("action_id", sql.Integer, sql.ForeignKey("actions.id"), nullable=False),
        sql.Column("entered_at", sql.DateTime, nullable=False),
        sql.Column("entered_by", sql.Text, nullable=False),
        sql.Column("is_done", sql.Boolean, nullable=False),
    )
    op.create_index("ix_action_entries_action_id", "action_entries", ["action_id"])


def _make_expectations() -> None:
    op.create_table(
        "expectations",
        sql.Column("id", sql.Integer, primary_key=True),
        sql.Column("decision_id", sql.Integer, sql.ForeignKey("decisions.id"), nullable=False),
        sql.Column("measure", sql.Text, nullable=False),
        sql.Column("customer_id", sql.Text),
        sql.Column("expected", sql.Float, nullable=False),
        sql.Column("due_date", sql.Date, nullable=False),
    )
    op.create_index("ix_expectations_decision_id", "expectations", ["decision_id"])
