"""DuckDB's CSV reader, with everything said and nothing guessed, and what it refused."""

from __future__ import annotations

import duckdb

from sop.errors import SourceError
from sop.extracts.source import Source


def read_csv(source: Source) -> str:
    """The reader's call. Columns are called by position, since headers repeat, and every cell is read as text."""
    columns = ", ".join(f"'column_{place}': 'varchar'" for place in range(len(source.header)))
    delimiter = source.delimiter.replace("'", "''")
    file = str(source.file).replace("'", "''")
    return (
        f"read_csv('{file}', columns = {{{columns}}}, header = true, delim = '{delimiter}',"
        " quote = '\"', escape = '\"', auto_detect = false, store_rejects = true, rejects_limit = 0,"
        " compression = 'none', hive_partitioning = false)"
    )


def number(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, object] | None = None) -> int:
    """The one number that a question answers."""
    [(found,)] = connection.execute(sql, parameters or {}).fetchall()
    return int(found)


def refused_by_reader(connection: duckdb.DuckDBPyConnection, source: Source) -> dict[int, tuple[str, str]]:
    """Records that are no row of the header's shape: {place as the reader counts: (reason, text)}.

    Raises SourceError for one that spans several lines: a quotation mark has swallowed rows that nobody would miss.
    """
    if not number(connection, "select count(*) from duckdb_tables() where table_name = 'reject_errors'"):
        return {}
    rows = connection.execute(
        "select reject_errors.line, min(reject_errors.error_type::varchar), min(reject_errors.error_message),"
        " min(reject_errors.csv_line) from reject_errors join reject_scans using (scan_id, file_id)"
        " where reject_scans.file_path = $file group by reject_errors.line order by reject_errors.line",
        {"file": str(source.file)},
    ).fetchall()
    refused = {
        place: (_reason(kind, message, source), (text or "").strip("\r\n")) for place, kind, message, text in rows
    }
    for place, (_, text) in refused.items():
        if "\n" in text or "\r" in text:
            line = next((record.line for record in source.records() if record.place == place), place)
            raise SourceError(
                f"{source.name}, line {line}: a quotation mark is missing or too many, and what follows cannot be told apart."
                " Nothing was published."
            )
    return refused


def _reason(kind: str, message: str, source: Source) -> str:
    if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
        found = message.rsplit(":", 1)[-1].strip()
        return f"the line has {found} cells where the header has {len(source.header)}"
    if kind == "UNQUOTED VALUE":
        return "a quotation mark is opened and not closed, so this line and what follows it cannot be told apart"
    return f"the line cannot be read ({kind.lower()})"


def check_count(source: Source, kept: int, refused: int) -> None:
    """Raise SourceError where the reader's rows and refusals do not add up to an independent count of the records."""
    if kept + refused == source.line_count:
        return
    records = source.record_count()
    if kept + refused != records:
        raise SourceError(
            f"{source.name}: {records} records were counted but {kept + refused} could be told apart; a quotation mark"
            " is probably missing or too many. Nothing was published."
        )
