"""Read one source file with DuckDB into the typed tables that its mapping feeds, and keep aside what cannot be read.

Every cell is read as text and cast in the same pass. Casting with TRY_CAST directly over read_csv would make
DuckDB 2.0.0 drop the rows that fail; TRY_CAST over TRIM does not. A row with a cell that cannot be read keeps its
place but loses its key column, so that `rowid` still counts the records of the file; it is looked up again as
text, to say which cell and why, and then deleted.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa

from sop.extracts.accounts import (
    MOST_DETAILS,
    NO_ROW,
    Fed,
    Reject,
    RejectedRow,
    located,
    records_at,
    reject_records,
    rejected_table,
)  # fmt: skip
from sop.extracts.contract import COLLAPSING, PRESENCE, extracts
from sop.extracts.expressions import Reading
from sop.extracts.joining import stage_joined
from sop.extracts.mapping import FileMapping
from sop.extracts.reader import Shapes, misshapen, number, other_width, read_csv
from sop.extracts.sniffing import is_header_again, is_no_row
from sop.extracts.source import Source


def stage(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: FileMapping,
    reject: Reject,
    headers: Source | None = None,
) -> list[Fed]:
    """Append a file's rows to every extract that its mapping feeds; hand rejected rows to `reject` (schema REJECTED).

    `headers` is the file that the mapping's join names. Raises SourceError when rows kept and rows rejected do not
    add up to the records in the file.
    """
    if len(mapping.extracts) == 1 and headers is None:
        [name] = mapping.extracts
        reading = _reading(name, mapping, source, source.header)
        fed = [_feed(connection, source, reading, read_csv(source))]
        rows, given = fed[0].rows_staged, None
    else:
        connection.execute(f"create or replace temp table staged as select * from {read_csv(source)}")
        rows, given, names = number(connection, "select count(*) from staged"), None, source.header
        if headers is not None:
            names, given = stage_joined(connection, source, headers, mapping, reject)
        readings = [_reading(name, mapping, source, names, headers) for name in mapping.extracts]
        fed = [_feed_some(connection, source, reading, is_joined=given is not None) for reading in readings]
    shapes = misshapen(connection, source, rows)
    reject_records(source, fed[0].extract, shapes, reject)
    for feed in fed:
        feed.mapping_sha256 = mapping.fingerprint
        feed.reader_rejects = frozenset(shapes.refused)
        feed.left_out_count = source.left_out_count
        feed.units = {name: source.unit for name, source in mapping.extracts[feed.extract].items() if source.unit}
    fed[0].headers = given
    if fed[0].ordinals is not None:
        _reject_unfed(fed, mapping, rows, reject)
    for feed in fed:
        names = source.header if given is None else names
        _take_key_of_overlong(connection, feed, shapes)
        reading = _reading(feed.extract, mapping, source, names, headers)
        _set_aside_unreadable(connection, feed, reading, reject, has_overlong=bool(shapes.overlong))
    return fed


def _reading(
    name: str, mapping: FileMapping, source: Source, names: Iterable[str], headers: Source | None = None
) -> Reading:
    both = [source] if headers is None else [source, headers]
    return Reading(
        extracts()[name], mapping, tuple(names), is_damaged=any(one.is_damaged for one in both),
        is_veiled=any(one.is_veiled for one in both), is_padded=any(one.is_padded for one in both),
    )  # fmt: skip


def _feed(connection: duckdb.DuckDBPyConnection, source: Source, reading: Reading, table: str, where: str = "") -> Fed:
    """Insert rows into one extract's table, typed; one with a wrong cell loses its key.

    With `where`, only those rows of a table in the database, in their order.
    """
    name, key = reading.extract.name, reading.extract.required[0]
    columns = {expression.column.name: expression for expression in reading.expressions}
    wrong = " or ".join(f"coalesce({expression.is_wrong_value}, false)" for expression in columns.values())
    values = ", ".join(
        f"case when {wrong} then null else value_{column} end" if column == key else f"value_{column}"
        for column in columns
    )
    # Text, value and judgement are subqueries of each other: DuckDB works out twice what a CASE shares with what is beside it.
    texts = ", ".join(f"{expression.text} as text_{column}" for column, expression in columns.items())
    typed = ", ".join(f"{expression.value_of_text} as value_{column}" for column, expression in columns.items())
    place, order = (", rowid as place", " order by place") if where else ("", "")
    rows = f"select *, {typed} from (select *{place}, {texts} from {table}{where}) as read"
    sql = f"insert into extracts.{name} ({', '.join(columns)}) select {values} from ({rows}) as typed{order}"
    first_row_id = number(connection, f"select count(*) from extracts.{name}")
    connection.execute(sql, reading.used(sql))
    rows_staged = number(connection, f"select count(*) from extracts.{name}") - first_row_id
    return Fed(source, name, first_row_id, rows_staged)


def _feed_some(connection: duckdb.DuckDBPyConnection, source: Source, reading: Reading, *, is_joined: bool) -> Fed:
    """Insert those rows of the table `staged` that speak for an extract."""
    ordinals = _ordinals(connection, reading, is_joined=is_joined)
    connection.register("chosen", pa.table({"ordinal": ordinals}))
    feed = _feed(connection, source, reading, "staged", " where rowid in (select ordinal from chosen)")
    connection.unregister("chosen")
    feed.ordinals = ordinals
    if reading.extract.name == "customers":
        _note_other_names(connection, reading)
    return feed


def _note_other_names(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Keep the names that a file gives a customer beside the first one, for the rule that names them."""
    texts = {expression.column.name: expression.text for expression in reading.expressions}
    if "customer_name" not in texts:
        return
    named = (
        f"select distinct {texts['customer_id']} as customer_id, {texts['customer_name']} as customer_name from staged"
    )
    connection.execute(
        f"insert into other_names select named.* from ({named}) as named join extracts.customers as customers"
        " using (customer_id) where named.customer_name <> customers.customer_name",
        reading.used(named),
    )


def _ordinals(connection: duckdb.DuckDBPyConnection, reading: Reading, *, is_joined: bool) -> np.ndarray:
    """The records of a file feeding several extracts that speak for this one, the first per key where they repeat it."""
    extract = reading.extract
    texts = {expression.column.name: expression.text for expression in reading.expressions}
    present = ", ".join(texts[name] for name in PRESENCE[extract.name] if name in texts)
    chosen, group, known = "rowid", "", ""
    if extract.name in COLLAPSING:
        [key] = extract.key
        chosen, group = "min(rowid)", f" group by {texts[key]}"
        known = f" and {texts[key]} not in (select {key} from extracts.{extract.name} where {key} is not null)"
    if is_joined:
        known += " and header_key is not null"
    sql = f"select {chosen} as ordinal from staged where coalesce({present}, null) is not null{known}{group} order by ordinal"
    return np.asarray(connection.execute(sql, reading.used(sql)).fetchnumpy()["ordinal"])


def _reject_unfed(fed: list[Fed], mapping: FileMapping, rows: int, reject: Reject) -> None:
    """Set aside the records that became a row of no extract: those without a header row, and those that say nothing."""
    first = fed[0]
    if all(feed.extract in COLLAPSING for feed in fed):
        return  # of master data, the first row per key is all that is wanted
    used = np.concatenate([feed.ordinals for feed in fed if feed.ordinals is not None])
    unfed = np.setdiff1d(np.arange(rows), used)
    first.unfed_count = len(unfed)
    rejected: list[RejectedRow] = []
    for line, cells in records_at(first, unfed[:MOST_DETAILS].tolist()).values():
        if is_no_row(cells) or is_header_again(cells, first.source.header):
            first.left_out_count += 1
            rejected.append((line, first.extract, None, None, NO_ROW, cells))
        elif mapping.join is not None:
            column = mapping.join.column
            place = first.source.header.index(column)
            why = f"has no row in {first.headers.source.name if first.headers else mapping.join.file}"
            rejected.append((line, first.extract, column, cells[place] if place < len(cells) else None, why, cells))
        else:
            rejected.append((line, first.extract, None, None, "the row says nothing that an extract needs", cells))
    if rejected:
        reject(rejected_table(first.source.name, rejected))


def _take_key_of_overlong(connection: duckdb.DuckDBPyConnection, feed: Fed, shapes: Shapes) -> None:
    """Let rows that end in cells too many lose their key: an extra separator may have shifted what stands before them."""
    if not shapes.overlong:
        return
    name, key = feed.extract, extracts()[feed.extract].required[0]
    rows = np.asarray(shapes.overlong)
    if feed.ordinals is not None:
        rows = np.flatnonzero(np.isin(feed.ordinals, rows))
    connection.register("overlong", pa.table({"row_id": rows + feed.first_row_id}))
    connection.execute(f"update extracts.{name} set {key} = null where rowid in (select row_id from overlong)")
    connection.unregister("overlong")


def _set_aside_unreadable(
    connection: duckdb.DuckDBPyConnection, feed: Fed, reading: Reading, reject: Reject, *, has_overlong: bool
) -> None:
    """Find the rows that lost their key, say which cells are wrong and why, and hand them to `reject`."""
    name, key = reading.extract.name, reading.extract.required[0]
    sql = f"select rowid from extracts.{name} where {key} is null and rowid >= $first"
    rows = feed.rejected.take(connection.execute(sql, {"first": feed.first_row_id}).fetchnumpy()["rowid"])
    if not len(rows):
        return
    found = located(feed, rows[:MOST_DETAILS].tolist())
    no_rows = {
        row_id for row_id, (_, cells) in found.items() if is_no_row(cells) or is_header_again(cells, feed.source.header)
    }
    feed.left_out_count += len(no_rows)
    reject(rejected_table(
        feed.source.name, [(found[row_id][0], name, None, None, NO_ROW, found[row_id][1]) for row_id in sorted(no_rows)]
    ))  # fmt: skip
    width = len(feed.source.header) if has_overlong else None
    overlong = {row_id for row_id, (_, cells) in found.items() if width and len(cells) > width} - no_rows
    reject(rejected_table(feed.source.name, [
        (found[row_id][0], name, None, None, other_width(found[row_id][1], feed.source), found[row_id][1])
        for row_id in sorted(overlong)
    ]))  # fmt: skip
    wrong = {row_id: place for row_id, place in found.items() if row_id not in no_rows | overlong}
    connection.register("unreadable", _unreadable(connection, feed, reading, wrong))
    for expression in reading.expressions:
        sql = f"select row_id, {expression.text} from unreadable where coalesce({expression.is_wrong}, false)"
        cells = connection.execute(sql, reading.used(sql)).fetchall()
        reject(rejected_table(feed.source.name, [
            (found[row_id][0], name, expression.column.name, value,
             expression.wrong if value is not None else "is missing", found[row_id][1])
            for row_id, value in cells
        ]))  # fmt: skip
    connection.unregister("unreadable")


def _unreadable(
    connection: duckdb.DuckDBPyConnection, feed: Fed, reading: Reading, rows: dict[int, tuple[int, list[str]]]
) -> pa.Table:
    """Rows as text again, under the names that the reading's SQL speaks of; those of a join with their header cells."""
    width = len(feed.source.header)
    texts = {
        f"column_{place}": pa.array([cells[place] if place < len(cells) else None for _, cells in rows.values()], pa.string())
        for place in range(width)
    }  # fmt: skip
    beside = range(width, len(reading.header))
    if beside:
        ordinals = [row_id - feed.first_row_id for row_id in rows]
        if feed.ordinals is not None:
            ordinals = [int(feed.ordinals[place]) for place in ordinals]
        wanted = {"ordinal": pa.array(ordinals, pa.int64()), "place": pa.array(range(len(ordinals)), pa.int64())}
        connection.register("wanted", pa.table(wanted))
        names = ", ".join(f"staged.column_{place}" for place in beside)
        sql = f"select {names} from wanted join staged on staged.rowid = wanted.ordinal order by wanted.place"
        cells = connection.sql(sql).to_arrow_table()
        connection.unregister("wanted")
        texts |= {name: cells.column(name) for name in cells.column_names}
    return pa.table({"row_id": pa.array(list(rows), pa.int64()), **texts})
