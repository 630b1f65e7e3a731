"""Headings, headline figures, pictures and tables, each formatted in one place."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sop import queries, words
from sop.cells import harmless as harmless
from sop.page.asking import currency
from sop.page.exporting import written_down
from sop.page.printing import is_printed, written_out

ROWS = {
    "read_count": "rows_read_count", "kept_count": "rows_kept_count", "rejected_count": "rows_rejected_count",
    "left_out_count": "of_them_no_rows_count",
}  # fmt: skip
"""What counts of a load are called beside files; alone, `kept` is a promise kept."""
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClickDelay": 1}
"""Of every picture. Quick clicks on two of its points are never taken for a double click, which undoes what was selected."""


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
        if names and not is_printed():
            with st.popover("How is this computed?", type="tertiary"):
                for name in names:
                    found = queries.find(name)
                    st.write(f"**queries/{name}.sql**  \n{words.plain(found.about)}")
                    st.code(found.sql, language="sql", wrap_lines=True)


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places beside each other, one below the other where the screen is too narrow for two pictures, and on paper."""
    if is_printed():
        return st.container(), st.container()
    grid = st.grid(2, min_column_width=380, gap="large")
    return grid.cell(), grid.cell()


def picture(figure: Any, alt: str, key: str, on_point: Callable[[Mapping[str, Any]], None] | None = None) -> None:
    """A chart in the page's theme, with its finding for who cannot see it.

    `on_point` is called, as a callback, with the point that a person clicks on.
    """

    def selected() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points and on_point:
            on_point(points[0])

    choosing: dict[str, Any] = {"on_select": selected, "selection_mode": "points"} if on_point else {}
    # On paper it has a frame, since Streamlit 1.67 keeps a picture whole at the end of a sheet only in one.
    with st.container(border=True) if is_printed() else contextlib.nullcontext():
        st.plotly_chart(figure, key=key, alt=alt, config=CONFIG, **choosing)


def table(
    frame: pd.DataFrame,
    *,
    key: str,
    hide: Iterable[str] = (),
    on_row: Callable[[Mapping[str, Any]], None] | None = None,
    empty: str = "There is nothing to show.",
    file_name: str | None = None,
    download: bool = True,
) -> None:
    """A table whose columns are labelled and formatted by the end of their name, with a download below unless not wanted.

    `on_row` is called, as a callback, with the row that a person selects. `hide` names columns that it only needs.
    """
    if frame.empty:
        st.info(empty)
        return
    shown = frame.drop(columns=list(hide))
    if is_printed():
        written_out(shown, file_name or key)
        return

    def selected() -> None:
        selection = st.session_state[key]["selection"]
        rows = selection["rows"] or [cell[0] for cell in selection.get("cells", [])]
        if rows and on_row:
            on_row(frame.iloc[rows[0]].to_dict())

    choosing: dict[str, Any] = (
        {"on_select": selected, "selection_mode": ["single-row", "single-cell"]} if on_row else {"on_select": "ignore"}
    )
    st.dataframe(
        _presentable(shown),
        key=key,
        hide_index=True,
        placeholder="",
        height=min(36 * len(frame) + 39, 578),  # ends in half a row, so that one sees that there is more
        column_config={name: _column(name, currency()) for name in shown.columns},
        **choosing,
    )
    if not download:
        return
    st.download_button(
        "Download as CSV", written_down(f"{file_name or key}.csv", lambda: safe_csv(shown)),
        file_name=f"{file_name or key}.csv", mime="text/csv",
        key=f"{key}-download", type="tertiary", on_click="ignore",
    )  # fmt: skip


def _presentable(frame: pd.DataFrame) -> pd.DataFrame:
    """Rates as per cent, money in whole units and hours to a tenth, so that the format fits and the column still sorts.

    Extracts are named as people name them: order lines, not order_lines.
    """
    rates = {name: frame[name] * 100 for name in frame.columns if name.endswith("_rate")}
    money = {name: frame[name].astype(float).round() for name in frame.columns if name.endswith("_value")}
    hours = {name: frame[name].round(1) for name in frame.columns if name.endswith("_hours")}
    spoken = {name: frame[name].str.replace("_", " ") for name in frame.columns if name == "extract_name"}
    return frame.assign(**rates, **money, **hours, **spoken)


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
    if name in ("message", "reason"):
        return st.column_config.TextColumn(label, width="large")
    return st.column_config.TextColumn(label)


def safe_csv(frame: pd.DataFrame) -> bytes:
    """The frame as CSV for a spreadsheet: a text that begins like a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(frame.columns)
    for values in frame.itertuples(index=False):
        writer.writerow([harmless(value) for value in values])
    return ("\ufeff" + out.getvalue()).encode()


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
        words.unformatted(label),
        words.unformatted(value),
        delta=change and words.unformatted(change),
        delta_color="inverse" if less_is_better else "normal",
        help=words.plain(queries.find(f"definitions/{definition}").about),
        chart_data=None if history is None or len(history) < 2 else history.tail(13).astype(float).fillna(0).tolist(),
        border=True,
        height="stretch",
    )
