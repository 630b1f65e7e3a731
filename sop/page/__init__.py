"""What every page starts from: the snapshot of this run, questions, tables, and the way from one page to another.

The only package that knows Streamlit. A page asks (`query`), draws, and stops.
"""

from sop.page.asking import as_of, begin, currency, is_published, query, row, say_nothing_published, say_snapshot
from sop.page.bringing import bring_files
from sop.page.choosing import (
    choose,
    choose_customer,
    choose_month,
    choose_span,
    link,
    month,
    months,
    months_named,
    open_customer,
    open_line,
)
from sop.page.following import definitions, every_query, how_open_lines_count, line_in_full, rows_behind, who
from sop.page.moving import choose_list, choose_two, is_compared, moves_of
from sop.page.preparing import extracts_in
from sop.page.published import history
from sop.page.showing import measure, picture, safe_csv, section, table, title

__all__ = [
    "as_of",
    "begin",
    "bring_files",
    "choose",
    "choose_customer",
    "choose_list",
    "choose_month",
    "choose_span",
    "choose_two",
    "currency",
    "definitions",
    "every_query",
    "extracts_in",
    "history",
    "how_open_lines_count",
    "is_compared",
    "is_published",
    "line_in_full",
    "link",
    "measure",
    "month",
    "months",
    "months_named",
    "moves_of",
    "open_customer",
    "open_line",
    "picture",
    "query",
    "row",
    "rows_behind",
    "safe_csv",
    "say_nothing_published",
    "say_snapshot",
    "section",
    "table",
    "title",
    "who",
]
