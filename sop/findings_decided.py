"""The sentences about decisions: read from the figures of a query, never computed anew."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop import words

SHARES = ("promises kept", "decided promises kept")


def of_the_log(known: Mapping[str, Any]) -> str:
    """How the decisions in force stand (decisions/headline)."""
    due = known["kept_so_far_count"] + known["not_kept_count"]
    number = words.counted(int(known["in_force_count"]), "decision")
    if not due:
        return f"{number} in force; no promise that was decided on has fallen due yet"
    return f"{number} in force: {words.number(known['kept_so_far_count'])} of {words.counted(due, 'promise')} kept as decided"


def of_the_cost(known: Mapping[str, Any], currency: str) -> str:
    """What was spent of what the levers of a decision cost as decided."""
    cost = words.money(known["cost_value"], currency)
    if known["spent_value"] is None:
        return f"not said, of {cost}" if known["cost_value"] else "no lever was opened"
    return f"{words.money(known['spent_value'], currency)} of {cost}"


def of_all(some: int, number: int) -> str:
    """'3 of 4', or 'nothing due' where there is nothing yet that could have been kept."""
    return f"{words.number(some)} of {words.number(number)}" if number else "nothing due"


def of_the_actions(actions: pd.DataFrame) -> str:
    """How many actions are open, and how many of them late (decisions/actions)."""
    overdue = int((actions["state"] == "overdue").sum())
    late = f", {words.number(overdue)} of them overdue" if overdue else ""
    return f"{words.counted(len(actions), 'action')} open{late}"


def of_the_record(customers: pd.DataFrame) -> str:
    """Whom decisions cost most (decisions/customers, the most days first)."""
    first = customers.iloc[0]
    if not first["imposed_days"]:
        return "No decision has imposed a day on any customer"
    times = words.counted(int(first["let_down_count"]), "decision")
    return f"{first['customer_name']} bears most: {words.whole(first['imposed_days'])} days by {times}"


def of_the_decision(decision: Mapping[str, Any]) -> str:
    """What one decision was about (decisions/decision)."""
    where = f"{decision['work_centre_name']}, {words.month_name(decision['load_month'])}"
    return f"Decision {decision['decision_id']}, {where}: {decision['title']}"


def of_its_state(decision: Mapping[str, Any]) -> str:
    """Who decided when, and whether it still stands (decisions/decision)."""
    said = f"{decision['decided_by']} decided on {_day(decision['decided_at'])}, on the extracts of"
    said = f"{said} {_day(decision['decided_as_of_date'])}."
    if decision["replaces_id"]:
        said = f"{said} It corrects decision {decision['replaces_id']:.0f}."
    if decision["replaced_by_id"]:
        return f"{said} Decision {decision['replaced_by_id']:.0f} corrects it, so this one is not followed any more."
    again = "It is time to look at it again" if decision["state"] == "look again" else "To be looked at again"
    return f"{said} {again}: {_day(decision['review_date'])}."


def of_what_became(decision: Mapping[str, Any]) -> str:
    """What became of one decision so far, or of several added up."""
    kept, missed, ahead = (int(decision[f"{name}_count"]) for name in ("kept_so_far", "not_kept", "ahead"))
    said = (
        [f"{words.number(kept)} of {words.counted(kept + missed, 'promise')} kept as decided"] if kept + missed else []
    )
    said += [f"{words.counted(ahead, 'promise')} still ahead"] if ahead else []
    if decision["moved_again_count"]:
        said.append(f"{words.counted(int(decision['moved_again_count']), 'promise')} moved again")
    expected = [int(decision[f"expectations_{name}_count"]) for name in ("kept", "partly_kept", "not_kept")]
    if sum(expected):
        partly = f" and {words.number(expected[1])} partly" if expected[1] else ""
        said.append(f"{words.number(expected[0])} of {words.counted(sum(expected), 'expectation')} kept{partly}")
    if decision["actions_open_count"]:
        late = (
            f" ({words.number(decision['actions_overdue_count'])} overdue)" if decision["actions_overdue_count"] else ""
        )
        said.append(f"{words.counted(int(decision['actions_open_count']), 'action')} open{late}")
    return words.joined(said) if said else "nothing has fallen due yet"


def of_the_last_decisions(decided: pd.DataFrame) -> str:
    """What became of the decisions of the last review (overview/decided)."""
    added = {str(name): total for name, total in decided.sum(numeric_only=True).items()}
    return f"{words.counted(len(decided), 'decision')} since last month's review: {of_what_became(added)}"


def of_the_customers_decisions(decisions: pd.DataFrame) -> str:
    """What decisions did to one customer (customer/decisions)."""
    standing = decisions[decisions["state"] != "corrected"]
    days = int(standing["imposed_days"].sum())
    return f"{words.counted(len(standing), 'decision')} touched them and imposed {words.counted(days, 'day')} in all"


def amounts(expectations: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Expectations with what was expected and what is seen as texts, each in its measure's unit (decisions/expectations)."""
    worded = expectations.copy()
    for column in ("expected", "seen"):
        pairs = zip(expectations["measure"], expectations[column], strict=True)
        worded[column] = [_amount(measure, amount, currency) for measure, amount in pairs]
    return worded


def _amount(measure: str, amount: float, currency: str) -> str:
    if amount != amount:  # nothing fell due
        return ""
    if measure in SHARES:
        return words.percent(amount)
    return words.money(amount, currency) if measure == "gap" else words.counted(int(amount), "line")


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
