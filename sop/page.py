"""What every page starts from: the snapshot of this run, questions, tables, and the way from one page to another.

The only module that knows Streamlit. A page asks (`query`), draws, and stops.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from sop import findings, queries, words
from sop.errors import SopError
from sop.snapshots import Home

PAGES = Path(__file__).parent.parent / "pages"
MONTH, SPAN, CUSTOMER, LINE = "month", "span", "customer", "line"
MOST_ROWS = 1_000
"""Rows that the queries behind tables return at the most."""
SPANS = {"1": "the month", "3": "3 months", "12": "12 months", "all": "all"}


# --- the snapshot of this run ------------------------------------------------------------------------------------


def begin() -> bool:
    """Choose the snapshot that this run of the page holds on to from start to end; say what to do where there is none."""
    st.session_state["asked"] = []
    try:
        snapshot = Home().live()
        if snapshot:
            st.session_state["snapshot"] = snapshot
            _connection(snapshot)
            return True
    except SopError as trouble:
        st.error(words.plain(str(trouble)), title="The snapshot cannot be opened")
        return False
    st.title("Nothing is published yet")
    st.write("The review starts with two extracts: order lines and deliveries. Load them from a command line:")
    st.code("python -m sop load order_lines.csv deliveries.csv", language="shell")
    st.write("Or look at the sample company first:")
    st.code("python -m sop load data/sample/*.csv", language="shell")
    return False


@st.cache_resource(max_entries=8, show_spinner=False)
def _connection(snapshot: str) -> duckdb.DuckDBPyConnection:
    return Home().open(snapshot)


@st.cache_data(max_entries=5_000, show_spinner=False)
def _answer(snapshot: str, name: str, given: tuple[tuple[str, Any], ...], text: str) -> pd.DataFrame:
    """The one cache: a snapshot never changes, so an answer keyed by snapshot, query, its text and parameters stays right."""
    answer: pd.DataFrame = queries.ask(_connection(snapshot), name, **dict(given)).df()
    return answer


def query(name: str, **given: Any) -> pd.DataFrame:
    """The answer to a query of queries/ on this run's snapshot. Raises QueryError for a name or parameter it lacks."""
    st.session_state["asked"].append((name, given))
    return _answer(st.session_state["snapshot"], name, tuple(sorted(given.items())), queries.find(name).sql)


def row(name: str, **given: Any) -> Mapping[str, Any]:
    """The single row of a query's answer, missing values as None."""
    record = query(name, **given).iloc[0].to_dict()
    return {str(column): None if _is_missing(value) else value for column, value in record.items()}


def _is_missing(value: Any) -> bool:
    return not isinstance(value, list) and bool(pd.isna(value))


# --- choices that live in the URL --------------------------------------------------------------------------------


def _linked(key: str, known: Container[str], what: str, first: str | None = None) -> str:
    """Make a choice and the URL agree before its widget is drawn; return the widget's key.

    A link and the Back button win over what was chosen, what was chosen wins over nothing. Streamlit's own binding is not
    used: it writes what is shown, not what is meant (a name instead of a customer's number), and leaves a default out, so
    that a link without its month would open another month later.
    """
    widget, mirror = f"{key}-choice", f"{key}-linked"
    in_url, before = st.query_params.get(key), st.session_state.get(mirror)
    chosen = st.session_state.get(widget, before)
    if in_url is not None and in_url != before:
        if in_url in known:
            chosen = in_url
        else:
            st.warning(f"There is no {what} “{words.plain(in_url[:60])}” in this snapshot. Choose one from the list.")
            chosen = None
    if chosen is None or chosen not in known:
        chosen = first
    st.session_state[widget] = chosen
    st.session_state[mirror] = chosen
    if chosen is None:
        st.query_params.pop(key, None)
    elif in_url != chosen and (in_url or chosen != first or key == MONTH):
        st.query_params[key] = chosen
    return widget


class _Anything:
    """Every text is known: what is typed freely is looked up later."""

    def __contains__(self, text: object) -> bool:
        return bool(text)


def choose_month() -> None:
    """Offer the months in the sidebar, the newest first."""
    known = [f"{month:%Y-%m}" for month in query("overview/months")["month"]][::-1]
    if known:
        st.selectbox("Month", known, key=_linked(MONTH, known, "month", known[0]), format_func=words.month_name)


def choose_span() -> None:
    """Offer how many months up to the chosen one a page looks back over."""
    key = _linked(SPAN, SPANS, "span of months", "12")
    st.segmented_control("Looking at", list(SPANS), key=key, format_func=SPANS.__getitem__, required=True)


def choose(label: str, options: Iterable[str], key: str) -> str | None:
    """Offer one filter; None stands for all, as queries have it."""
    known = list(options)
    return st.selectbox(label, known, index=None, key=_linked(key, known, label.lower()), placeholder="All")


def choose_customer() -> str | None:
    """Offer the customers by name; None until one is chosen, or where the URL names one that is unknown."""
    choices = query("customer/choices")
    named = dict(zip(choices["customer_id"], choices["customer_name"], strict=True))
    chosen: str | None = st.selectbox(
        "Customer", list(named), index=None, key=_linked(CUSTOMER, named, "customer"),
        placeholder="Choose a customer, or type a part of the name",
        format_func=lambda customer: f"{named[customer]}  ·  {customer}",
    )  # fmt: skip
    return chosen


def goto(page: str, **chosen: str) -> None:
    """Open another page with these choices, and keep the others. To be called from a callback."""
    kept = {key: st.session_state[f"{key}-linked"] for key in (MONTH, SPAN) if st.session_state.get(f"{key}-linked")}
    for key, value in chosen.items():
        st.session_state[f"{key}-choice"] = st.session_state[f"{key}-linked"] = value
    st.switch_page(str(PAGES / page), query_params={**kept, **chosen})


def month() -> datetime.date:
    """The month under review, its first day."""
    return datetime.date.fromisoformat(f"{st.session_state[f'{MONTH}-linked']}-01")


def months() -> dict[str, datetime.date | None]:
    """`first_month` and `last_month` of the chosen span, as queries take them."""
    span = st.session_state[f"{SPAN}-linked"]
    if span == "all":
        return {"first_month": None, "last_month": None}
    first = month()
    for _ in range(int(span) - 1):
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return {"first_month": first, "last_month": month()}


def months_named() -> str:
    """The chosen span in words: 'October 2026', 'November 2025 to October 2026' or 'all months'."""
    chosen = months()
    first, last = chosen["first_month"], chosen["last_month"]
    if first is None or last is None:
        return "all months"
    return f"{last:%B %Y}" if first == last else f"{first:%B %Y} to {last:%B %Y}"


# --- what a page shows -------------------------------------------------------------------------------------------


def title(question: str | None, heading: str | None = None, more: str = "") -> None:
    """The page's question; where there is a finding, that is the heading and the question stands under it, with `more` behind."""
    question = question or ""
    st.title(words.plain(heading or question), anchor=False)
    if heading:
        st.caption(f"{question}  {words.plain(more)}")


def section(finding: str, *names: str) -> None:
    """A heading that states the finding, with a button that opens how its figures are computed."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(words.plain(finding), anchor=False)
        if names:
            with st.popover("How is this computed?", type="tertiary"):
                for name in names:
                    found = queries.find(name)
                    st.write(f"**queries/{name}.sql**  \n{words.plain(found.about)}")
                    st.code(found.sql, language="sql", wrap_lines=True)


def picture(figure: Any, alt: str, key: str) -> None:
    """A chart in the page's theme, with its finding for who cannot see it."""
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False})


def table(
    frame: pd.DataFrame,
    *,
    key: str,
    hide: Iterable[str] = (),
    on_row: Callable[[Mapping[str, Any]], None] | None = None,
    empty: str = "There is nothing to show.",
    file_name: str | None = None,
) -> None:
    """A table whose columns are labelled and formatted by the end of their name, with a download below.

    `on_row` is called, as a callback, with the row that a person selects. `hide` names columns that it only needs.
    """
    if frame.empty:
        st.info(empty)
        return
    shown = frame.drop(columns=list(hide))

    def selected() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and on_row:
            on_row(frame.iloc[rows[0]].to_dict())

    st.dataframe(
        _presentable(shown),
        key=key,
        hide_index=True,
        placeholder="",
        height=min(36 * len(frame) + 39, 560),
        column_config={name: _column(name, currency()) for name in shown.columns},
        on_select=selected if on_row else "ignore",
        selection_mode="single-row",
    )
    st.download_button(
        "Download as CSV", lambda: safe_csv(shown), file_name=f"{file_name or key}.csv", mime="text/csv",
        key=f"{key}-download", type="tertiary", on_click="ignore",
    )  # fmt: skip


def _presentable(frame: pd.DataFrame) -> pd.DataFrame:
    """Rates as per cent, so that the format can show one decimal and the column still sorts as a number."""
    return frame.assign(**{name: frame[name] * 100 for name in frame.columns if name.endswith("_rate")})


def _column(name: str, money: str) -> Any:
    label = words.label(name, money)
    if name == "trend":
        return st.column_config.LineChartColumn(label, y_min=0, y_max=100, width="small")
    if name.endswith("_month") or name == "month":
        return st.column_config.DateColumn(label, format="MMM YYYY")
    if name.endswith("_date"):
        return st.column_config.DateColumn(label, format="D MMM YYYY")
    if name.endswith("_rate"):
        return st.column_config.NumberColumn(label, format="%.1f %%")
    if name.endswith("_value"):
        return st.column_config.NumberColumn(label, format="localized", step=1)
    if name.endswith(("_count", "_days", "_quantity", "_hours")):
        return st.column_config.NumberColumn(label, format="localized")
    if name.startswith("is_"):
        return st.column_config.CheckboxColumn(label)
    return st.column_config.TextColumn(label)


def safe_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV for a spreadsheet: a text that begins like a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    for values in frame.itertuples(index=False):
        writer.writerow([_harmless(value) for value in values])
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str) and re.match(r"[\s]*[=+\-@]|[\t\r]", value):
        return f"'{value}"
    return "" if _is_missing(value) else value


def measure(
    label: str,
    value: str,
    definition: str,
    change: str | None = None,
    *,
    history: pd.Series | None = None,
    less_is_better: bool = False,
) -> None:
    """A headline figure with its definition (a file of queries/definitions) behind the question mark.

    `change` is on the month before and begins with + or -; `history` draws the last 13 months.
    """
    st.metric(
        label,
        value,
        delta=change,
        delta_color="inverse" if less_is_better else "normal",
        help=words.plain(queries.find(f"definitions/{definition}").about),
        chart_data=None if history is None or len(history) < 2 else history.tail(13).astype(float).fillna(0).tolist(),
        border=True,
        height="stretch",
    )


def rows_behind(name: str, figures: Sequence[str], *, key: str, **given: Any) -> None:
    """The order lines behind the figures above, one kind at a time; the kind is kept in the URL under `key`.

    A row opens its customer where the query tells it (`customer_id`), else the line itself.
    """
    widget = _linked(key, figures, "kind of line", figures[0])
    chosen = st.segmented_control("Which lines", figures, key=widget, required=True)
    found = query(name, figure=chosen, **given)
    has_customer = "customer_id" in found.columns
    table(
        found,
        key=f"{key}-{chosen}",
        hide=["customer_id"] if has_customer else [],
        on_row=open_customer if has_customer else open_line,
        empty="There is no such order line here.",
        file_name="order-lines",
    )
    if len(found) == MOST_ROWS:
        st.caption("These are the first thousand lines. Choose fewer months, or one customer, to see the others.")


# --- from one thing to the next ----------------------------------------------------------------------------------


def open_customer(chosen: Mapping[str, Any]) -> None:
    """Open the page of the customer in a row. For `on_row`."""
    goto("review/customer.py", **{CUSTOMER: chosen["customer_id"]})


def open_line(chosen: Mapping[str, Any]) -> None:
    """Show the order line of a row in full. For `on_row`."""
    st.session_state[f"{LINE}-choice"] = f"{chosen['order_id']} / {chosen['line_number']}"


def link(page: str, label: str) -> None:
    """A link to another page."""
    st.page_link(str(PAGES / page), label=label)


# --- what is known of the company and of a customer --------------------------------------------------------------


def say_snapshot() -> None:
    """In the sidebar: whose figures these are, which day they speak for, and what was left out."""
    known = row("overview/snapshot")
    day = known["as_of_date"]
    st.markdown(f"**{words.plain(known['company_name'])}**  \nas of {day.day} {day:%B %Y}")
    left_out = (
        f"  \n{words.counted(int(known['rejected_count']), 'row')} rejected on loading"
        if known["rejected_count"]
        else ""
    )
    st.caption(
        f"{words.counted(int(known['order_line_count']), 'order line')}  \n"
        f"{words.counted(int(known['delivery_count']), 'delivery', 'deliveries')}{left_out}"
    )


def currency() -> str:
    """The company's currency, as its settings spell it."""
    return str(row("overview/snapshot")["currency"])


def as_of() -> datetime.date:
    """The day that the extracts speak for."""
    day: datetime.date = row("overview/snapshot")["as_of_date"].date()
    return day


def who(customer: Mapping[str, Any]) -> None:
    """Who the customer is and who looks after them, in one line."""
    known = {
        "tier": customer["tier"], "segment": customer["segment"], "region": customer["region"],
        "account manager": customer["account_manager"], "number": customer["customer_id"],
    }  # fmt: skip
    st.markdown("  ·  ".join(f"{what} **{words.plain(str(value))}**" for what, value in known.items() if value))


def how_open_lines_count(wait: Mapping[str, Any]) -> None:
    """Say what stands for the delivery of lines that have none yet, and for the wish where none is known."""
    said = []
    if wait["waiting_count"]:
        said.append(f"{words.counted(wait['waiting_count'], 'line')} overdue: counted to the day of the extracts")
    if wait["promised_count"]:
        said.append(f"{words.counted(wait['promised_count'], 'line')} not due yet: counted to the promise")
    if wait["unasked_count"]:
        said.append(f"{words.counted(wait['unasked_count'], 'line')} without a requested date: asked when promised")
    if said:
        st.caption(f"{words.counted(wait['line_count'], 'line')} in all; {words.joined(said)}.")


def line_in_full(customer: str) -> None:
    """One order line down to its dates, its moves and its deliveries; which one is kept in the URL."""
    section(
        "One order line, down to its moves and deliveries",
        "customer/line",
        "customer/line_moves",
        "customer/line_deliveries",
    )
    chosen = st.text_input(
        "Order and line",
        key=_linked(LINE, _Anything(), "order line"),
        placeholder="Select a row above, or type: order / line",
    )
    if not chosen:
        return
    order, _, number = chosen.rpartition(" / ")
    asked = {"order_id": order.strip(), "line_number": number.strip()}
    found = query("customer/line", customer=customer, **asked)
    if found.empty:
        st.warning(f"This customer has no order line “{words.plain(chosen[:60])}”. Select one in a table above.")
        return
    line = row("customer/line", customer=customer, **asked)
    st.markdown(words.plain(findings.of_the_line(line)))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Moves of the promise**")
        table(
            query("customer/line_moves", **asked), key="moves", hide=["event_number"], empty="The promise never moved."
        )
    with right:
        st.markdown("**Deliveries**")
        table(query("customer/line_deliveries", **asked), key="line-deliveries", empty="Nothing was delivered yet.")
    table(found, key="line-dates", hide=["asked_date"])


# --- how each number is made -------------------------------------------------------------------------------------


def definitions() -> None:
    """Every measure of queries/definitions: its words, its formula, its figure now, its SQL."""
    for definition in queries.in_folder("definitions"):
        name, _, meaning = definition.about.partition(": ")
        meaning, _, formula = meaning.partition(" Formula: ")
        with st.container(border=True):
            st.subheader(words.plain(name), anchor=False)
            st.markdown(words.plain(meaning[:1].upper() + meaning[1:]))
            st.markdown(f"**Formula**  {words.plain(formula)}")
            shown = st.expander("Its figure now, and its SQL", key=definition.name, on_change="rerun")
            if shown.open:
                with shown:
                    table(
                        query(definition.name),
                        key=f"{definition.name}-figure",
                        file_name=definition.name.rpartition("/")[2],
                    )
                    st.code(definition.sql, language="sql", wrap_lines=True)


def every_query() -> None:
    """Choose any file of queries/ and read it."""
    shown = [name for name in queries.names() if not name.startswith("sample/")]
    chosen = st.selectbox(
        "File", shown, index=None, key=_linked("query", shown, "query"), placeholder="Choose a file of queries/"
    )
    if chosen:
        found = queries.find(chosen)
        st.markdown(words.plain(found.about))
        st.code(found.sql, language="sql", wrap_lines=True)
