"""What every page starts from: the snapshot of this run, questions, tables, and the way from one page to another.

The only package that knows Streamlit. A page asks (`query`), draws, and stops.
"""

from sop.page.asking import as_of, begin, currency, is_published, query, row, say_nothing_published, say_snapshot
from sop.page.bringing import bring_files
from sop.page.causing import both_views, of_the_open, what_stops_them, what_will_break, where_the_gap_opened
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
from sop.page.forward import (
    choose_figure,
    choose_load_month,
    choose_weight,
    choose_work_centre,
    horizon_named,
    how_many_shown,
    left_out,
    open_block,
    open_cell,
    open_opportunity,
    open_order_line,
    stop_without,
)
from sop.page.moving import choose_list, choose_two, is_compared, moves_of
from sop.page.preparing import extracts_in
from sop.page.promising import capable_to_promise_form, choose_opportunity, choose_row_opportunity, collision
from sop.page.published import history
from sop.page.showing import measure, picture, safe_csv, section, table, title

__all__ = [
    "as_of",
    "begin",
    "both_views",
    "bring_files",
    "capable_to_promise_form",
    "choose",
    "choose_customer",
    "choose_figure",
    "choose_list",
    "choose_load_month",
    "choose_month",
    "choose_opportunity",
    "choose_row_opportunity",
    "choose_span",
    "choose_two",
    "choose_weight",
    "choose_work_centre",
    "collision",
    "currency",
    "definitions",
    "every_query",
    "extracts_in",
    "history",
    "horizon_named",
    "how_many_shown",
    "how_open_lines_count",
    "is_compared",
    "is_published",
    "left_out",
    "line_in_full",
    "link",
    "measure",
    "month",
    "months",
    "months_named",
    "moves_of",
    "of_the_open",
    "open_block",
    "open_cell",
    "open_customer",
    "open_line",
    "open_opportunity",
    "open_order_line",
    "picture",
    "query",
    "row",
    "rows_behind",
    "safe_csv",
    "say_nothing_published",
    "say_snapshot",
    "section",
    "stop_without",
    "table",
    "title",
    "what_stops_them",
    "what_will_break",
    "where_the_gap_opened",
    "who",
]
