"""Read one source file with DuckDB into the typed tables that its mapping feeds, and keep aside what cannot be read.

Every cell is read as text and cast in the same pass. Casting with TRY_CAST directly over read_csv would make
DuckDB 2.0.0 drop the rows that fail; TRY_CAST over TRIM does not. A row with a cell that cannot be read keeps its
place but loses its key column, so that `rowid` still counts the records of the file; it is looked up again as
text, to say which cell and why, and then deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa

from sop.errors import SourceError
from sop.extracts.contract import CLOSED_LISTS, COLLAPSING, PRESENCE, Column, Extract, extracts
from sop.extracts.mapping import ColumnSource, FileMapping, with_fallbacks
from sop.extracts.source import Source

MOST_DETAILS = 100_000
"""Rejected rows of a file that are kept with their cells; beyond that they are counted."""

FIRST_YEAR, LAST_YEAR = 1950, 2149
"""A date outside is a slip of the pen or a spreadsheet's 00/01/1900."""

REJECTED = pa.schema(
    [
        ("file_name", pa.string()),
        ("line_number", pa.int64()),
        ("extract_name", pa.string()),
        ("column_name", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("cells", pa.list_(pa.string())),
    ]
)
"""One row per rejected row and reason, as the snapshot keeps them."""


@dataclass
class Fed:
    """What one file gave to one extract; its rows stand together in the extract's table, from `first_row_id` on."""

    source: Source
    extract: str
    first_row_id: int
    rows_staged: int
    mapping_sha256: str = ""
    ordinals: np.ndarray | None = None
    """Which record of the file each row is, where records were left out; None where row n is record n."""
    reader_rejects: frozenset[int] = frozenset()
    """Records that DuckDB's reader refused, by their place: they have no row."""
    rejected_row_ids: set[int] = field(default_factory=set)

    @property
    def rows_read(self) -> int:
        """Rows of the file that speak for this extract, readable or not."""
        return self.rows_staged + len(self.reader_rejects)

    @property
    def rows_rejected(self) -> int:
        """Rows of the file that this extract does not have, whether unreadable or against a rule."""
        return len(self.rejected_row_ids) + len(self.reader_rejects)

    @property
    def rows_kept(self) -> int:
        """Rows of the file that this extract has."""
        return self.rows_read - self.rows_rejected


@dataclass(frozen=True)
class _Expression:
    """A logical column as SQL over the text columns: its text, its typed value, and a condition under which it is wrong."""

    column: Column
    text: str
    value: str
    is_wrong: str
    wrong: str


def stage(
    connection: duckdb.DuckDBPyConnection, source: Source, mapping: FileMapping, reject: Callable[[pa.Table], None]
) -> list[Fed]:
    """Append a file's rows to every extract that its mapping feeds; hand rejected rows to `reject` (schema REJECTED).

    Raises SourceError when rows kept and rows rejected do not add up to the records in the file.
    """
    reading = _read_csv(source)
    if len(mapping.extracts) == 1:
        [(name, columns)] = mapping.extracts.items()
        fed = [_feed(connection, source, mapping, name, columns, reading)]
        rows = fed[0].rows_staged
    else:
        connection.execute(f"create or replace temp table staged as select * from {reading}")
        fed = [
            _feed(connection, source, mapping, name, columns, "staged") for name, columns in mapping.extracts.items()
        ]
        rows = _number(connection, "select count(*) from staged")
    refused = _refused_by_reader(connection, source)
    _check_count(source, rows, len(refused))
    for feed in fed:
        feed.mapping_sha256 = mapping.fingerprint
        feed.reader_rejects = frozenset(refused)
    if refused:
        lines = {record.place: record.line for record in source.records() if record.place in refused}
        reject(
            rejected_table(
                source.name,
                [(lines.get(place), fed[0].extract, None, None, why, [text]) for place, (why, text) in refused.items()],
            )
        )
    for feed in fed:
        _set_aside_unreadable(connection, feed, mapping, reject)
    return fed


def _read_csv(source: Source) -> str:
    """The reader's call: everything said, nothing guessed. Columns are called by position, since headers repeat."""
    columns = ", ".join(f"'column_{place}': 'varchar'" for place in range(len(source.header)))
    delimiter = source.delimiter.replace("'", "''")
    return (
        f"read_csv({_literal(str(source.file))}, columns = {{{columns}}}, header = true, delim = '{delimiter}',"
        " quote = '\"', escape = '\"', auto_detect = false, store_rejects = true, rejects_limit = 0,"
        " compression = 'none', hive_partitioning = false)"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | None = None) -> int:
    row = connection.execute(sql, parameters or {}).fetchall()[0]
    return int(row[0])


def _feed(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    mapping: FileMapping,
    name: str,
    columns: dict[str, ColumnSource],
    reading: str,
) -> Fed:
    """Insert a file's rows into one extract's table, typed."""
    extract = extracts()[name]
    expressions, parameters = _expressions(extract, columns, source, mapping)
    key = extract.required[0]
    wrong = " or ".join(f"coalesce({expression.is_wrong}, false)" for expression in expressions)
    values = ", ".join(
        f"case when {wrong} then null else {expression.value} end"
        if expression.column.name == key
        else expression.value
        for expression in expressions
    )
    names = ", ".join(expression.column.name for expression in expressions)
    first_row_id = _number(connection, f"select count(*) from extracts.{name}")
    ordinals = None
    where = ""
    if reading == "staged":
        ordinals = _ordinals(connection, extract, expressions, parameters)
        connection.register("chosen", pa.table({"ordinal": ordinals}))
        where = " where rowid in (select ordinal from chosen) order by rowid"
    used = {name: value for name, value in parameters.items() if f"${name}" in values}
    connection.execute(f"insert into extracts.{name} ({names}) select {values} from {reading}{where}", used)
    rows_staged = _number(connection, f"select count(*) from extracts.{name}") - first_row_id
    return Fed(source, name, first_row_id, rows_staged, ordinals=ordinals)


def _ordinals(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    expressions: list[_Expression],
    parameters: dict[str, object],
) -> np.ndarray:
    """The records of a file feeding several extracts that speak for this one, the first per key where they repeat it."""
    texts = {expression.column.name: expression.text for expression in expressions}
    present = ", ".join(texts[name] for name in PRESENCE[extract.name] if name in texts)
    chosen, group, known = "rowid", "", ""
    if extract.name in COLLAPSING:
        [key] = extract.key
        chosen, group = "min(rowid)", f" group by {texts[key]}"
        known = f" and {texts[key]} not in (select {key} from extracts.{extract.name} where {key} is not null)"
    sql = f"select {chosen} as ordinal from staged where coalesce({present}, null) is not null{known}{group} order by ordinal"
    used = {name: value for name, value in parameters.items() if f"${name}" in sql}
    return np.asarray(connection.execute(sql, used).fetchnumpy()["ordinal"])


def _expressions(
    extract: Extract, columns: dict[str, ColumnSource], source: Source, mapping: FileMapping
) -> tuple[list[_Expression], dict[str, object]]:
    """Every fed column as SQL, and the parameters that the SQL names: what a mapping says is never part of the SQL."""
    parameters: dict[str, object] = {
        "empty_words": list(mapping.empty), "thousands": mapping.thousands, "decimal": mapping.decimal
    }  # fmt: skip
    tried = with_fallbacks(extract.name, columns)
    expressions = []
    for column in extract.columns:
        if column.name not in tried:
            continue
        texts = []
        for column_source in tried[column.name]:
            if column_source.column is None:
                parameters[f"constant_{column.name}"] = column_source.constant
                texts.append(f"cast($constant_{column.name} as varchar)")
            else:
                texts.append(_text(source.header.index(column_source.column), mapping))
        date_format = tried[column.name][0].date_format or mapping.date_format
        parameters[f"format_{column.name}"] = date_format
        text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
        expressions.append(_typed(column, text, mapping, date_format is not None))
    return expressions, parameters


def _text(place: int, mapping: FileMapping) -> str:
    trimmed = f"trim(column_{place})"
    if mapping.empty:
        return f"case when list_contains($empty_words, {trimmed}) then null else nullif({trimmed}, '') end"
    return f"nullif({trimmed}, '')"


def _typed(column: Column, text: str, mapping: FileMapping, has_format: bool) -> _Expression:
    """The column's typed value and what is wrong with it. TRY_CAST is generous, so a pattern is matched first."""
    if column.type == "VARCHAR":
        value, wrong, is_wrong = (f"lower({text})" if column.name in CLOSED_LISTS else text), "", "false"
    elif column.type == "DATE":
        value, is_wrong = _date(column, text, has_format)
        wrong = "is not a date" + ("" if has_format else " written like 2026-10-31")
    else:
        plain = text
        if mapping.thousands:
            plain = f"replace({plain}, $thousands, '')"
        if mapping.decimal != ".":
            plain = f"replace({plain}, $decimal, '.')"
        value = f"try_cast({plain} as {column.type})"
        if column.type.startswith("DECIMAL"):
            # Of what TRY_CAST takes for a decimal, only 1e3 and 1_000 are none; a pattern would cost a fifth of the reading.
            odd = " or ".join(f"contains({plain}, '{sign}')" for sign in ("e", "E", "_"))
        else:
            pattern = "[-+]?[0-9]+" if column.type == "INTEGER" else "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)"
            odd = f"not regexp_full_match({plain}, '{pattern}')"
        is_wrong = f"({text} is not null and ({value} is null or {odd}))"
        wrong = "is not a whole number" if column.type == "INTEGER" else "is not a number"
    if column.is_required:
        is_wrong = f"({text} is null or {is_wrong})" if is_wrong != "false" else f"{text} is null"
    return _Expression(column, text, value, is_wrong, wrong)


def _date(column: Column, text: str, has_format: bool) -> tuple[str, str]:
    if has_format:
        value, shape = f"cast(try_strptime({text}, $format_{column.name}) as date)", "true"
    else:
        written = (
            f"case when length({text}) = 7 then {text} || '-01' else {text} end" if column.name == "month" else text
        )
        value = f"try_cast({written} as date)"
        shape = f"{text} between '0' and ':'"
    if column.name == "month":
        value = f"cast(date_trunc('month', {value}) as date)"
    plausible = f"{value} between date '{FIRST_YEAR}-01-01' and date '{LAST_YEAR}-12-31'"
    return value, f"({text} is not null and not coalesce({plausible} and {shape}, false))"


def _refused_by_reader(connection: duckdb.DuckDBPyConnection, source: Source) -> dict[int, tuple[str, str]]:
    """Records that are no row of the header's shape: {place as the reader counts: (reason, text)}.

    Raises SourceError for one that spans several lines: a quotation mark has swallowed rows that nobody would miss.
    """
    if not _number(connection, "select count(*) from duckdb_tables() where table_name = 'reject_errors'"):
        return {}
    rows = connection.execute(
        "select reject_errors.line, min(reject_errors.error_type::varchar), min(reject_errors.error_message),"
        " min(reject_errors.csv_line) from reject_errors join reject_scans using (scan_id, file_id)"
        " where reject_scans.file_path = $file group by reject_errors.line order by reject_errors.line",
        {"file": str(source.file)},
    ).fetchall()
    refused = {
        place: (_reader_reason(kind, message, source), (text or "").strip("\r\n"))
        for place, kind, message, text in rows
    }
    for place, (_, text) in refused.items():
        if "\n" in text or "\r" in text:
            line = next((record.line for record in source.records() if record.place == place), place)
            raise SourceError(
                f"{source.name}, line {line}: a quotation mark is missing or too many, and what follows cannot be told apart."
                " Nothing was published."
            )
    return refused


def _reader_reason(kind: str, message: str, source: Source) -> str:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        found = message.rsplit(":", 1)[-1].strip()
        return f"the line has {found} cells where the header has {len(source.header)}"
    if kind == "UNQUOTED VALUE":
        return "a quotation mark is opened and not closed, so this line and what follows it cannot be told apart"
    return f"the line cannot be read ({kind.lower()})"


def _check_count(source: Source, kept: int, refused: int) -> None:
    if kept + refused == source.line_count:
        return
    records = source.record_count()
    if kept + refused != records:
        raise SourceError(
            f"{source.name}: {records} records were counted but {kept + refused} could be told apart; a quotation mark"
            " is probably missing or too many. Nothing was published."
        )


def _set_aside_unreadable(
    connection: duckdb.DuckDBPyConnection, feed: Fed, mapping: FileMapping, reject: Callable[[pa.Table], None]
) -> None:
    """Find the rows that lost their key, say which cells are wrong and why, and hand them to `reject`."""
    extract = extracts()[feed.extract]
    rows = [
        row_id
        for (row_id,) in connection.execute(
            f"select rowid from extracts.{extract.name} where {extract.required[0]} is null and rowid >= $first",
            {"first": feed.first_row_id},
        ).fetchall()
    ]
    if not rows:
        return
    feed.rejected_row_ids.update(rows)
    found = located(feed, rows[:MOST_DETAILS])
    expressions, parameters = _expressions(extract, mapping.extracts[extract.name], feed.source, mapping)
    width = len(feed.source.header)
    texts = pa.table(
        {
            "row_id": pa.array(list(found), pa.int64()),
            **{
                f"column_{place}": pa.array(
                    [cells[place] if place < len(cells) else None for _, cells in found.values()], pa.string()
                )
                for place in range(width)
            },
        }
    )
    connection.register("unreadable", texts)
    for expression in expressions:
        sql = f"select row_id, {expression.text} from unreadable where coalesce({expression.is_wrong}, false)"
        used = {name: value for name, value in parameters.items() if f"${name}" in sql}
        wrong = connection.execute(sql, used).fetchall()
        reject(rejected_table(feed.source.name, [
            (found[row_id][0], extract.name, expression.column.name, value,
             expression.wrong if value is not None else "is missing", found[row_id][1])
            for row_id, value in wrong
        ]))  # fmt: skip
    connection.unregister("unreadable")


def located(feed: Fed, row_ids: Iterable[int]) -> dict[int, tuple[int, list[str]]]:
    """The line and the cells in the file of some of an extract's rows: {row id: (line, cells)}."""
    wanted = {}
    for row_id in row_ids:
        place = int(row_id) - feed.first_row_id
        wanted[place if feed.ordinals is None else int(feed.ordinals[place])] = int(row_id)
    found: dict[int, tuple[int, list[str]]] = {}
    place = 0
    for record in feed.source.records():
        if record.place in feed.reader_rejects:
            continue
        if place in wanted:
            found[wanted[place]] = (record.line, record.cells)
            if len(found) == len(wanted):
                break
        place += 1
    return found


def rejected_table(
    file_name: str, rows: list[tuple[int | None, str, str | None, str | None, str, list[str]]]
) -> pa.Table:
    """Rejected rows, each (line, extract, column, value, reason, cells), in the schema REJECTED."""
    named = [dict(zip(REJECTED.names, (file_name, *row), strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema=REJECTED)
