"""The pages about decisions: what became of the last ones, the log, and what is still to be done."""

from __future__ import annotations

import datetime

import pandas as pd

from sop import findings_decided, words
from sop.errors import LogError
from sop.pack.asking import Asker
from sop.pack.parts import Facts, Page, Sentences, absent, table

RUNG = "kept as decided, by the date decided"
NOTHING = "Nothing was decided yet"
NOT_READ = "The decision log cannot be read"


def last(asker: Asker, month: datetime.date, facts: Facts) -> list[Page]:
    """What became of the decisions of the last review; no page where none was ever taken."""
    if _trouble(asker):
        return []
    decided = asker.query("overview/decided", month=month)
    question = "What became of last month's decisions?"
    if decided.empty:
        said = "Nothing was decided on the figures of this month or the one before."
        return [Page("No decision since last month's review", question, (Sentences((said,)),), (1.0,), rung=RUNG)]
    columns = ("decision_id", "decided_date", "work_centre_name", "load_month", "title", "state", "kept_so_far_count",
               "not_kept_count", "ahead_count", "moved_again_count")  # fmt: skip
    listed = table(decided, columns, "overview/decided", facts.currency, most=10)
    return [Page(findings_decided.of_the_last_decisions(decided), question, (listed,), (1.0,), rung=RUNG)]


def log(asker: Asker, facts: Facts) -> Page:
    """Every decision in the log, or a word that there is none."""
    question = "What did we decide, who does it, and did it work?"
    trouble = _trouble(asker)
    if trouble:
        return absent(trouble[0], question, trouble[1])
    found = asker.query("decisions/log", by_work_centre=None, decided_by=None, state=None)
    columns = ("decision_id", "decided_date", "decided_by", "work_centre_name", "load_month", "title", "state",
               "customer_count", "imposed_days", "kept_so_far_count", "not_kept_count", "review_date")  # fmt: skip
    listed = table(found, columns, "decisions/log", facts.currency, most=12)
    return Page(findings_decided.of_the_log(asker.row("decisions/headline")), question, (listed,), (1.0,), rung=RUNG)


def closing(asker: Asker, facts: Facts) -> Page:
    """Who does what by when, and the dates that the order system is still to be told."""
    question = "Who does what by when?"
    trouble = _trouble(asker)
    how = Sentences(
        (
            f"Every figure is of snapshot {facts.snapshot}, as of {facts.as_of}, and never changes.",
            "The workbook of this pack holds the figures behind every page, one sheet a question.",
            "In the app, “How is this computed?” beside each finding opens the SQL, and a row opens what it stands for.",
        ),
        "Where these figures come from",
    )
    if trouble:
        return Page("To close: what is to be decided, by whom and by when", question, (Sentences((trouble[1],)), how),
                    (0.5, 0.5), rung=RUNG)  # fmt: skip
    actions = asker.query("decisions/actions", is_open=True)
    enter = asker.query("decisions/to_enter")
    note = f"Dates decided that the order system does not have yet: {words.number(len(enter))}."
    columns = ("decision_id", "what", "who", "due_date", "state")
    listed = table(actions, columns, "decisions/actions", facts.currency, most=12, empty="No action is open.")
    return Page(f"To close: {findings_decided.of_the_actions(actions)}", question, (listed, how), (0.62, 0.38), note=note,
                rung=RUNG)  # fmt: skip


def of_the_customer(asker: Asker, customer: str) -> str:
    """What decisions did to one customer, in a sentence; empty where the log holds none."""
    if _trouble(asker):
        return ""
    found: pd.DataFrame = asker.query("customer/decisions", customer=customer)
    return f"{findings_decided.of_the_customers_decisions(found)}." if len(found) else "No decision touched them."


def _trouble(asker: Asker) -> tuple[str, str] | None:
    """Why there is no decision to show: a headline and a sentence. None where there is one."""
    try:
        number = int(asker.row("decisions/headline")["decision_count"])
    except LogError as trouble:
        return NOT_READ, str(trouble)
    if number:
        return None
    return NOTHING, "The decision log holds no decision yet, so there is nothing to follow up."
