"""How things are said: labels from column names, numbers with their units, names that cannot act as markup."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Signs that take no room, and those that turn the direction of all that follows them in a sentence."""

_FORMATS = re.compile(r"([\\`*_\[\]<>$~:&@])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:&\"'@/=^])")

LABELS = {
    "extract_name": "extract",
    "file_name": "file",
    "column_name": "column",
    "row_count": "rows",
    "message": "what is doubtful",
    "customer_id": "number",
    "delivery_id": "delivery",
    "delivered_by_promise_quantity": "there by the promise",
    "original_promised_date": "promised at first",
    "customer_name": "customer",
    "account_manager": "account manager",
    "line_number": "line",
    "order_id": "order",
    "order_date": "ordered on",
    "product_id": "product",
    "product_name": "product",
    "product_family": "product family",
    "against_target_rate": "against target, points",
    "repromise_effect_rate": "hidden by re-promising",
    "share_rate": "share of the gap",
    "trend": "12 months",
    "ended_by": "state",
    "overdue_count": "lines waiting",
    "repromised_count": "re-promised",
    "move_count": "times moved",
    "promise_rate": "kept, %",
    "request_rate": "kept to request",
    "current_rate": "kept to current promise",
    "value_promise_rate": "kept by value",
    "value_request_rate": "to request by value",
    "value_current_rate": "to current by value",
    "kept_count": "kept, lines",
    "due_count": "due, lines",
    "broken_count": "broken, lines",
    "delivered_quantity": "quantity delivered",
    "completed_date": "complete",
    "late_days": "days late",
    "moved_days": "days",
    "moved_from_date": "from",
    "before_date": "then",
    "after_date": "now",
    "before_quantity": "quantity then",
    "after_quantity": "quantity now",
    "before_hours": "hours then",
    "after_hours": "hours now",
    "change_hours": "change, hours",
    "promised_before_date": "promised then",
    "promised_after_date": "promised now",
    "projected_before_date": "projected then",
    "projected_after_date": "projected now",
    "moved_by_us_count": "promises we moved",
    "moved_by_us_days": "days we moved them",
    "moved_by_customer_count": "promises they moved",
    "moved": "what",
    "moves_count": "how many",
    "customer_count": "customers",
    "kind": "how",
    "opportunity_id": "opportunity",
    "work_centre_name": "work centre",
    "moved_to_date": "to",
    "moved_by": "moved by",
    "is_shipment": "shipped only",
    "load_share_rate": "share of firm load",
    "weighted_pipeline_hours": "pipeline by chance, hours",
    "step_hours": "hours here",
    "is_at_risk": "at risk",
    "at_risk_count": "lines at risk",
    "probability_rate": "chance, %",
    "blocking_work_centre_name": "stopped by",
    "blocking_month": "short of hours in",
    "limiting_work_centre_name": "limited by",
    "earliest_month": "could be there in",
    "slip_days": "too late, days",
    "full_work_centre_name": "full work centre",
    "full_from_date": "full since",
    "waiting_on": "waiting on",
    "group_name": "of",
    "inside_lead_time_count": "inside lead time",
    "without_room_count": "no room",
    "hot_count": "onto a full month",
    "is_hot": "onto a full month",
    "is_without_room": "no room",
    "still_to_break_count": "not due yet, lines",
    "lead_time_days": "lead time, days",
    "given_days": "time given, days",
    "first_seen_date": "seen first",
    "opportunity_quantity": "quantity",
    "line_count": "lines",
    "ready_month": "ready in",
    "decision_id": "decision",
    "action_id": "action",
    "title": "option",
    "decided_date": "decided on",
    "load_month": "month",
    "decided_promise_date": "promised as decided",
    "by_work_centre": "work centre",
    "due_date": "by",
    "seen_date": "seen on",
    "review_date": "look again on",
    "kept_so_far_count": "kept so far, lines",
    "not_kept_count": "not kept, lines",
    "ahead_count": "still ahead, lines",
    "moved_again_count": "moved again, lines",
    "to_keep_count": "to keep, lines",
    "to_move_count": "to move, lines",
    "expectations_kept_count": "expectations kept",
    "expectations_partly_kept_count": "partly kept",
    "expectations_not_kept_count": "expectations not kept",
    "expectations_ahead_count": "expectations ahead",
    "actions_open_count": "actions open",
    "actions_overdue_count": "of them overdue",
    "decision_count": "decisions",
    "last_decided_date": "last decided on",
    "promised_now_date": "promised now",
    "moved_again_days": "moved again by, days",
    "is_moved_again": "moved again",
    "done_by": "done by",
    "scenario_id": "scenario",
    "spent_value": "spent so far",
    "told": "what they are told",
    "sales_says": "what sales says",
    "operations_says": "what operations says",
    "is_disputed": "disputed",
    "entered_by": "written by",
    "entered_date": "on",
    "option_name": "option",
    "option_broken_count": "broken by the option",
    "let_down_lately_count": "let down, 6 months",
    "late_lately_days": "days late, 6 months",
    "weighed_value": "weighed lateness",
    "from_hours": "holds from, hours",
    "to_hours": "to, hours",
    "saved_value": "one more hour saves",
}
"""Where the name alone would not be understood in the meeting."""


NUMBER_STYLES = ("1,234.5", "1.234,5", "1 234,5")
"""How numbers can be written."""
_style: ContextVar[str] = ContextVar("number-style", default=NUMBER_STYLES[0])


def write_numbers(style: str) -> None:
    """Write numbers like this one of NUMBER_STYLES from now on, in this thread."""
    _style.set(style if style in NUMBER_STYLES else NUMBER_STYLES[0])


def separators() -> str:
    """The sign before decimals and the one between thousands, as Plotly takes them; a space is one that breaks no line."""
    style = _style.get()
    return f"{style[5]}{style[1]}".replace(" ", "\u00a0")


def number(value: Any, spec: str = ",") -> str:
    """A number by a format of Python's, with the company's signs: '1,234.5' or '1.234,5'."""
    signs = separators()
    return format(value, spec).translate({ord(","): signs[1], ord("."): signs[0]})


def whole(value: Any) -> str:
    """A number without decimals: '1,235'."""
    return number(value, ",.0f")


def label(column: str, currency: str = "") -> str:
    """A column's name as a heading: the unit at its end becomes a unit or is left out where the value shows it."""
    if column in LABELS:
        return LABELS[column]
    if column.endswith("_value"):
        return f"{_spaced(column.removesuffix('_value'))}, {currency}"
    if column.endswith("_days"):
        return f"{_spaced(column.removesuffix('_days'))}, days"
    if column.endswith("_hours"):
        return f"{_spaced(column.removesuffix('_hours'))}, hours"
    for ending in ("_date", "_rate", "_count", "_month", "_quantity"):
        column = column.removesuffix(ending)
    return _spaced(column.removeprefix("is_"))


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("repromised", "re-promised")


def plain(text: str) -> str:
    """A text that Markdown shows as it stands: nothing in it becomes a link, an image, a formula or a format."""
    escaped = _MARKDOWN.sub(r"\\\1", " ".join(UNSEEN.sub("", text).split()))
    return re.sub(r"(?i)(www|https?|ftp|mailto)", _broken, escaped)


def unformatted(text: str) -> str:
    """A short text of ours with a currency in it, which may be a dollar sign: Markdown would take two of them for a formula."""
    return re.sub(r"(?i)(www|https?|ftp|mailto)", _broken, _FORMATS.sub(r"\\\1", UNSEEN.sub("", text)))


def _broken(found: re.Match[str]) -> str:
    """The beginning of an address, with a joiner that takes no room in it, so that no link is made of it."""
    return f"{found[0][0]}\u2060{found[0][1:]}"


def unmarked(text: str, most: int = 36) -> str:
    """A name for a picture: Plotly would read <, > and & as markup. Cut where it is longer than `most` characters."""
    text = UNSEEN.sub("", text)
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def month_name(month: str | datetime.date) -> str:
    """'October 2026' for a date or '2026-10'."""
    if isinstance(month, str):
        month = datetime.date.fromisoformat(f"{month[:7]}-01")
    return f"{month:%B %Y}"


def percent(rate: float | None) -> str:
    """'87.2 %', or 'nothing due' for an empty rate: never 0 % where nothing was due."""
    return "nothing due" if rate is None else f"{number(rate * 100, '.1f')} %"


def share(part: float) -> str:
    """A share in whole per cent: '32 %'."""
    return f"{number(part * 100, '.0f')} %"


def points(difference: float | None) -> str:
    """A difference of rates in percentage points: '4.1 points'; 'nothing due' where there is none."""
    return "nothing due" if difference is None else f"{number(difference * 100, '.1f')} points"


def money(value: Any, currency: str) -> str:
    """A value for a headline: 'EUR 1.23 m', 'EUR 836 k', 'EUR 512'."""
    return f"{currency} {short(value)}"


def short(value: Any, *, signed: bool = False) -> str:
    """A number in short: '1.23 m', '836 k', '512'; with its sign in front where it is a change, '0' without one."""
    amount = float(value or 0)
    sign = "+" if signed and amount > 0 else ""
    for unit, size in (("bn", 1e9), ("m", 1e6), ("k", 1e3)):
        if abs(amount) >= size:
            return f"{sign}{number(amount / size, ',.0f' if unit == 'k' else ',.2f')} {unit}"
    return f"{sign}{whole(amount)}"


def signed_money(value: Any, currency: str) -> str:
    """A change of a value, its sign in front: '+EUR 836 k', '-EUR 512'; 'EUR 0' where there is none."""
    amount = float(value or 0)
    sign = "-" if amount < 0 else "+" if amount else ""
    return f"{sign}{money(abs(amount), currency)}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """'1 customer', '1,204 customers'."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def change(difference: Any, as_text: Callable[[Any], str], before: str) -> str | None:
    """A change for a headline figure, its sign in front: '-4.1 points on September'. None where nothing is known."""
    if difference is None:
        return None
    return f"{'-' if difference < 0 else '+'}{as_text(abs(difference))} on {before}"


def joined(parts: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def month_before(month: datetime.date) -> str:
    """The short name of the month before: 'Sep'."""
    return f"{month - datetime.timedelta(days=1):%b}"
