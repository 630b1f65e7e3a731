"""The tables of the decision log as this version of the app knows them; sop/migrations makes them."""

from __future__ import annotations

import sqlalchemy as sql

TABLES = sql.MetaData()

MAPPINGS = sql.Table(
    "mappings",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("saved_at", sql.DateTime, nullable=False),
    sql.Column("saved_by", sql.Text, nullable=False),
    sql.Column("fingerprint", sql.Text, nullable=False, index=True),
    sql.Column("file_name", sql.Text, nullable=False),
    sql.Column("mapping", sql.Text, nullable=False),
    sql.Column("replaces", sql.ForeignKey("mappings.id")),
)
"""One row per confirmed way to read a kind of file; `replaces` is the entry that it corrects."""

DECISIONS = sql.Table(
    "decisions",
    TABLES,
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
    sql.Column("replaces", sql.ForeignKey("decisions.id"), unique=True),
)
"""One row per decision: who, when, on which snapshot, the options as they stood (JSON) and the one chosen."""

sql.Index(
    "decided_once", DECISIONS.c.snapshot_id, DECISIONS.c.work_centre_id, DECISIONS.c.load_month, unique=True,
    sqlite_where=DECISIONS.c.replaces.is_(None), postgresql_where=DECISIONS.c.replaces.is_(None),
)  # fmt: skip
# A correction is a new entry about the same hours, so the rule is for decisions that correct none.

LINES = sql.Table(
    "decision_lines",
    TABLES,
    sql.Column("decision_id", sql.ForeignKey("decisions.id"), primary_key=True),
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
"""One row per order line of a decision: the promise before and after; without a new date it has none within the months known."""

CUSTOMERS = sql.Table(
    "decision_customers",
    TABLES,
    sql.Column("decision_id", sql.ForeignKey("decisions.id"), primary_key=True),
    sql.Column("customer_id", sql.Text, primary_key=True),
    sql.Column("customer_name", sql.Text, nullable=False),
    sql.Column("kept_count", sql.Integer, nullable=False),
    sql.Column("broken_count", sql.Integer, nullable=False),
    sql.Column("imposed_days", sql.Integer, nullable=False),
    sql.Column("late_value", sql.Float, nullable=False),
    sql.Column("told", sql.Text, nullable=False),
)
"""One row per customer of a decision: what it costs them, and what they are told."""

ACTIONS = sql.Table(
    "actions",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("decision_id", sql.ForeignKey("decisions.id"), nullable=False, index=True),
    sql.Column("what", sql.Text, nullable=False),
    sql.Column("who", sql.Text, nullable=False),
    sql.Column("due_date", sql.Date, nullable=False),
)
"""One row per action: what, who, by when."""

ACTION_ENTRIES = sql.Table(
    "action_entries",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("action_id", sql.ForeignKey("actions.id"), nullable=False, index=True),
    sql.Column("entered_at", sql.DateTime, nullable=False),
    sql.Column("entered_by", sql.Text, nullable=False),
    sql.Column("is_done", sql.Boolean, nullable=False),
)
"""One row per time that somebody says that an action is done, or not done after all; the newest counts."""

EXPECTATIONS = sql.Table(
    "expectations",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("decision_id", sql.ForeignKey("decisions.id"), nullable=False, index=True),
    sql.Column("measure", sql.Text, nullable=False),
    sql.Column("customer_id", sql.Text),
    sql.Column("expected", sql.Float, nullable=False),
    sql.Column("due_date", sql.Date, nullable=False),
)
"""One row per expectation: what will be seen of which customer (all of the decision without one) by when."""

CLOSINGS = sql.Table(
    "closings",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("closed_at", sql.DateTime, nullable=False),
    sql.Column("closed_by", sql.Text, nullable=False),
    sql.Column("month", sql.Date, nullable=False, index=True),
    sql.Column("snapshot_id", sql.Text, nullable=False),
    sql.Column("as_of_date", sql.Date, nullable=False),
    sql.Column("figures", sql.Text, nullable=False),
    sql.Column("decisions", sql.Text, nullable=False),
    sql.Column("minutes", sql.Text, nullable=False),
    sql.Column("replaces", sql.ForeignKey("closings.id"), unique=True),
)
"""One row per closing of a month: its figures and decisions as they were shown (JSON), and the minutes."""

NOTES = sql.Table(
    "notes",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("noted_at", sql.DateTime, nullable=False),
    sql.Column("noted_by", sql.Text, nullable=False),
    sql.Column("snapshot_id", sql.Text, nullable=False),
    sql.Column("customer_id", sql.Text),
    sql.Column("month", sql.Date),
    sql.Column("order_id", sql.Text),
    sql.Column("line_number", sql.Text),
    sql.Column("text", sql.Text, nullable=False),
    sql.Column("replaces", sql.ForeignKey("notes.id"), unique=True),
)
"""One row per note: on a customer, a month, an order line, or on several of them. An empty text takes a note away.

`snapshot_id` is what was looked at, which tells whose company it is about.
"""

DISPUTES = sql.Table(
    "disputes",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("entered_at", sql.DateTime, nullable=False),
    sql.Column("entered_by", sql.Text, nullable=False),
    sql.Column("snapshot_id", sql.Text, nullable=False),
    sql.Column("order_id", sql.Text, nullable=False, index=True),
    sql.Column("line_number", sql.Text, nullable=False),
    sql.Column("sales_says", sql.Text, nullable=False),
    sql.Column("operations_says", sql.Text, nullable=False),
    sql.Column("is_open", sql.Boolean, nullable=False),
    sql.Column("replaces", sql.ForeignKey("disputes.id"), unique=True),
)
"""One row per state of a dispute about an order line: what each side says, whether it is still open, and what was looked at."""

SETTINGS = sql.Table(
    "settings",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("set_at", sql.DateTime, nullable=False),
    sql.Column("set_by", sql.Text, nullable=False),
    sql.Column("settings", sql.Text, nullable=False),
    sql.Column("replaces", sql.ForeignKey("settings.id"), unique=True),
)
"""One row per change of the company's settings: all of them as they stand from then on (JSON)."""
COSTS = sql.Table(
    "cost_entries",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("decision_id", sql.ForeignKey("decisions.id"), nullable=False, index=True),
    sql.Column("entered_at", sql.DateTime, nullable=False),
    sql.Column("entered_by", sql.Text, nullable=False),
    sql.Column("spent_value", sql.Float, nullable=False),
)
"""One row per time that somebody says what was spent on a decision's levers so far, in all; the newest counts."""

SCENARIOS = sql.Table(
    "scenarios",
    TABLES,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("kept_at", sql.DateTime, nullable=False),
    sql.Column("kept_by", sql.Text, nullable=False),
    sql.Column("name", sql.Text, nullable=False, index=True),
    sql.Column("snapshot_id", sql.Text, nullable=False),
    sql.Column("as_of_date", sql.Date, nullable=False),
    sql.Column("holds", sql.Text, nullable=False),
    sql.Column("title", sql.Text, nullable=False),
    sql.Column("totals", sql.Text, nullable=False),
    sql.Column("customers", sql.Text, nullable=False),
    sql.Column("replaces", sql.ForeignKey("scenarios.id")),
)
"""One row per scenario: what it holds, and what came of it (JSON); `replaces` is the entry before of that name."""

AUDIT = sql.Table(
    "audit",
    TABLES,
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
"""One row per act, numbered without gaps: when, who, what, about what; see audit.py for what it covers and for its hash."""
