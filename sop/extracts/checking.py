"""Hold the typed rows against the rules in queries/checks/: refuse what cannot be used, note what is doubtful.

A rule is a file that selects the offending rows (extract_name, row_id, column_name, value); its first line is the
sentence shown. Extracts are checked in the contract's order, so that what refers to a refused row is refused too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from sop import queries
from sop.extracts.accounts import MOST_DETAILS, Fed, located, rejected_table
from sop.extracts.contract import ORDER

MOST_EXAMPLES = 100
"""Rows of a doubtful kind that are kept with their line; all of them are counted."""

Offender = tuple[int, str, str | None]
"""Row id, column name, value."""


def refuse(
    connection: duckdb.DuckDBPyConnection,
    fed: Sequence[Fed],
    carried: Sequence[str],
    reject: Callable[[pa.Table], None],
) -> None:
    """Delete refused rows after handing them to `reject`, and set the day that the extracts speak for.

    Rows carried over from the live snapshot are never deleted, only noted: the line they belong to may come back.
    """
    _name_lines_of_deliveries(connection)
    rules = queries.in_folder("checks/refuse")
    for extract in ORDER:
        _delete_rejected(connection, [feed for feed in fed if feed.extract == extract])
        for rule in (rule for rule in rules if _about(rule) == extract):
            if extract in carried:
                _warn(connection, rule, fed)
            else:
                _refuse(connection, rule, extract, fed, reject)
        _delete_rejected(connection, [feed for feed in fed if feed.extract == extract])
    connection.execute(queries.find("fill/as_of").sql, {"day": newest_day(connection)})


def newest_day(connection: duckdb.DuckDBPyConnection) -> datetime.date | None:
    """The day that the extracts speak for where none is given; None where they hold no order line."""
    [(day,)] = connection.execute(queries.find("fill/newest_day").sql).fetchall()
    found: datetime.date | None = day
    return found


def _name_lines_of_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Only where one has none: an update of no row makes DuckDB write the whole table once more."""
    [(some_have_none,)] = connection.execute(
        "select exists (select 1 from extracts.deliveries where line_number is null)"
    ).fetchall()
    if some_have_none:
        for fill in ("deliveries_by_product", "deliveries_of_single_line_orders"):
            connection.execute(queries.find(f"fill/{fill}").sql)


def warn(connection: duckdb.DuckDBPyConnection, fed: Sequence[Fed], about: Collection[str]) -> None:
    """Fill the table `warnings` with what is doubtful in the extracts `about`. A rule may ask the ledger, which stands by now."""
    for rule in queries.in_folder("checks/warn"):
        if _about(rule) in about:
            _warn(connection, rule, fed)


def _about(rule: queries.Query) -> str:
    """The extract whose rows a rule judges: the one named in its first column."""
    return rule.sql.split("' as extract_name")[0].rsplit("'", 1)[-1]


def _delete_rejected(connection: duckdb.DuckDBPyConnection, fed: Sequence[Fed]) -> None:
    for feed in fed:
        if len(feed.rejected):
            connection.register("refused", pa.table({"row_id": feed.rejected.all}))
            connection.execute(f"delete from extracts.{feed.extract} where rowid in (select row_id from refused)")
            connection.unregister("refused")


def _refuse(
    connection: duckdb.DuckDBPyConnection,
    rule: queries.Query,
    extract: str,
    fed: Sequence[Fed],
    reject: Callable[[pa.Table], None],
) -> None:
    connection.execute(f"create or replace temp table offending as {rule.sql}")
    row_ids = connection.execute("select row_id from offending").fetchnumpy()["row_id"]
    reason = rule.about.split(".")[0].split(";")[0]
    for feed in (feed for feed in fed if feed.extract == extract and not feed.is_gathered and len(row_ids)):
        of_feed = (row_ids >= feed.first_row_id) & (row_ids < feed.first_row_id + feed.rows_staged)
        shown = feed.rejected.take(row_ids[of_feed])[:MOST_DETAILS]
        connection.register("shown", pa.table({"row_id": shown}))
        sql = "select row_id, column_name, value from offending semi join shown using (row_id) order by row_id"
        found = connection.execute(sql).fetchall()
        connection.unregister("shown")
        lines = located(feed, shown.tolist())
        reject(rejected_table(feed.source.name, [
            (lines[row_id][0], extract, column, value, reason, lines[row_id][1]) for row_id, column, value in found
        ]))  # fmt: skip


def _warn(connection: duckdb.DuckDBPyConnection, rule: queries.Query, fed: Sequence[Fed]) -> None:
    extract = _about(rule)
    connection.execute(f"create or replace temp table doubtful as select row_id, column_name, value from ({rule.sql})")
    [(count,)] = connection.execute("select count(*) from doubtful").fetchall()
    if not count:
        return
    examples = connection.execute(
        f"select row_id, column_name, value from doubtful order by row_id limit {MOST_EXAMPLES}"
    ).fetchall()
    rows: list[dict[str, Any]] = []
    origin = next((feed.source.name for feed in fed if feed.extract == extract and feed.is_gathered), "carried over")
    for feed, found in _by_feed(extract, examples, fed):
        lines = located(feed, [row_id for row_id, _, _ in found]) if feed else {}
        rows += [
            {
                "rule_name": rule.name.rsplit("/", 1)[-1],
                "message": rule.about,
                "row_count": count,
                "extract_name": extract,
                "file_name": feed.source.name if feed else origin,
                "line_number": lines[row_id][0] if feed else None,
                "column_name": column,
                "value": value,
            }
            for row_id, column, value in found
        ]
    connection.register("noted", pa.Table.from_pylist(rows))
    connection.execute("insert into warnings by name select * from noted")
    connection.unregister("noted")


def _by_feed(
    extract: str, offenders: Sequence[Offender], fed: Sequence[Fed]
) -> list[tuple[Fed | None, list[Offender]]]:
    """Offending rows with the file that brought them; None stands for rows carried over from the live snapshot."""
    if not offenders:
        return []
    feeds = [feed for feed in fed if feed.extract == extract and not feed.is_gathered]
    if not feeds:
        return [(None, list(offenders))]
    split: list[tuple[Fed | None, list[Offender]]] = []
    for feed in feeds:
        ids = range(feed.first_row_id, feed.first_row_id + feed.rows_staged)
        found = [offender for offender in offenders if offender[0] in ids]
        if found:
            split.append((feed, found))
    return split
