"""A detail file beside its header file, as order items beside orders: each detail row gets its header row's cells."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sop.extracts.accounts import MOST_DETAILS, Fed, Reject, located, reject_records, rejected_table
from sop.extracts.mapping import FileMapping, Join, joined_names
from sop.extracts.reader import misshapen, number, other_width, read_csv
from sop.extracts.source import Source


def stage_joined(
    connection: duckdb.DuckDBPyConnection, source: Source, headers: Source, mapping: FileMapping, reject: Reject
) -> tuple[tuple[str, ...], Fed]:
    """Put the header cells behind each row of the table `staged`, in place; `header_key` is NULL where there are none.

    Answers the names of all columns, and what the header file gave: a header row that cannot be read, repeats
    another or has no detail row is rejected there.
    """
    join = mapping.join
    if join is None:
        raise ValueError("a mapping without a join has no header file")
    fed = _stage_headers(connection, headers, mapping, reject)
    _reject_headers(connection, fed, join, source, reject)
    named = joined_names(source.header, headers.header, join.to, headers.name)
    width = len(source.header)
    own = ", ".join(f"staged.column_{place}" for place in range(width))
    beside = ", ".join(f"staged_headers.column_{place} as column_{width + n}" for n, (place, _) in enumerate(named))
    detail_key, key = source.header.index(join.column), headers.header.index(join.to)
    connection.execute(
        f"create or replace temp table staged as select {own}, {beside}, staged_headers.column_{key} as header_key from staged"
        f" left join staged_headers on trim(staged.column_{detail_key}) = trim(staged_headers.column_{key}) order by staged.rowid"
    )
    connection.execute("drop table staged_headers")
    return (*source.header, *(name for _, name in named)), fed


def _stage_headers(connection: duckdb.DuckDBPyConnection, headers: Source, mapping: FileMapping, reject: Reject) -> Fed:
    connection.execute(f"create or replace temp table staged_headers as select * from {read_csv(headers)}")
    rows = number(connection, "select count(*) from staged_headers")
    shapes = misshapen(connection, headers, rows)
    extract = next(iter(mapping.extracts))
    reject_records(headers, extract, shapes, reject)
    fed = Fed(
        headers, extract, 0, rows, mapping.fingerprint,
        reader_rejects=frozenset(shapes.refused), left_out_count=headers.left_out_count,
    )  # fmt: skip
    fed.rejected_row_ids.update(shapes.overlong)
    overlong = located(fed, shapes.overlong[:MOST_DETAILS])
    reject(rejected_table(
        headers.name,
        [(line, extract, None, None, other_width(cells, headers), cells) for line, cells in overlong.values()],
    ))  # fmt: skip
    return fed


def _reject_headers(
    connection: duckdb.DuckDBPyConnection, fed: Fed, join: Join, source: Source, reject: Reject
) -> None:
    key = f"trim(column_{fed.source.header.index(join.to)})"
    detail_key = f"trim(column_{source.header.index(join.column)})"
    for condition, why in (
        (f"nullif({key}, '') is null", "is missing"),
        (f"rowid not in (select min(rowid) from staged_headers group by {key})", "is in the file before"),
        (
            f"{key} not in (select {detail_key} from staged where {detail_key} is not null)",
            f"has no row in {source.name}",
        ),
    ):
        sql = f"select rowid, {key} from staged_headers where {condition}"
        found = {
            row_id: value for row_id, value in connection.execute(sql).fetchall() if row_id not in fed.rejected_row_ids
        }
        fed.rejected_row_ids.update(found)
        lines = located(fed, list(found)[:MOST_DETAILS])
        reject(rejected_table(
            fed.source.name,
            [(line, fed.extract, join.to, found[row_id], why, cells) for row_id, (line, cells) in lines.items()],
        ))  # fmt: skip
    connection.register("refused", pa.table({"row_id": pa.array(sorted(fed.rejected_row_ids), pa.int64())}))
    connection.execute("delete from staged_headers where rowid in (select row_id from refused)")
    connection.unregister("refused")
