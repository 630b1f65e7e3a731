"""From the files as they were brought to tables that are understood, and from there to tables that can be staged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sop import queries
from sop.decisions import Log
from sop.errors import LogError, MappingError, SnapshotError, SourceError
from sop.extracts.mapping import FileMapping, check_columns, joined_names
from sop.extracts.recognising import Recognised, Saved, Table, not_clear, recognise
from sop.extracts.scanning import Layout
from sop.extracts.sniffing import Sniffed, sniff
from sop.extracts.source import Source, open_source
from sop.extracts.unpacking import unpack
from sop.snapshots import Home

Step = Callable[[str], None]


@dataclass(frozen=True)
class Opened:
    """A recognised table that was looked over from end to end and can be staged."""

    recognised: Recognised
    mapping: FileMapping
    source: Source
    headers: Source | None

    @property
    def sha256(self) -> str:
        """Of the bytes of all its files."""
        return self.source.sha256 + (self.headers.sha256 if self.headers else "")


def look(
    files: Sequence[Path],
    workplace: Path,
    *,
    home: Home,
    given: Sequence[FileMapping] = (),
    on_step: Step = lambda step: None,
) -> tuple[Recognised, ...]:
    """Understand every table in the files from samples of their bytes. Raises SourceError for what is no table.

    Sheets of a workbook that hold no table are passed over where another sheet of it does.
    """
    tables: list[Table] = []
    with ThreadPoolExecutor(max_workers=2) as both_cores:
        for path in files:
            on_step(f"Looking at {path.name}")
            parts = unpack(path, path.name, workplace)
            found = both_cores.map(lambda part: _sniffed(*part), parts)
            tables += _with_tables(list(found))
    recognised = recognise(tables, given, _saved_in(home), _known_in(home))
    return tuple(one for one in recognised if not _is_side_sheet(one, recognised))


def _sniffed(file: Path, name: str) -> Table | SourceError:
    try:
        return Table(file, name, sniff(file, name))
    except SourceError as trouble:
        return trouble


def _with_tables(found: Sequence[Table | SourceError]) -> list[Table]:
    tables = [one for one in found if isinstance(one, Table)]
    wide = [table for table in tables if len(table.sniffed.columns) > 1]
    if not tables:
        raise next(one for one in found if isinstance(one, SourceError))
    return wide or tables


def _is_side_sheet(one: Recognised, all_of_them: Sequence[Recognised]) -> bool:
    """True for a sheet of which nothing is recognised, where other sheets of its workbook are."""
    book, is_sheet, _ = one.table.name.rpartition(" [")
    others = [other for other in all_of_them if other.table.name.startswith(f"{book} [") and other.columns]
    return bool(is_sheet) and not one.columns and one.origin == "proposed" and bool(others)


def _saved_in(home: Home) -> Callable[[str], Saved | None]:
    """The newest mapping confirmed for a header, from the decision log; none where the log cannot be read."""
    log = Log(home.folder)

    def saved(fingerprint: str) -> Saved | None:
        with suppress(LogError):
            found = log.mapping_for(fingerprint)
            if found is not None:
                return Saved(found.mapping, found.saved_by, f"{found.saved_at:%d %B %Y}")
        return None

    return saved


def _known_in(home: Home) -> Callable[[Sniffed], Mapping[str, frozenset[str]]]:
    """Which of a file's sampled values are ids of the live snapshot."""

    def known(sniffed: Sniffed) -> Mapping[str, frozenset[str]]:
        samples = sorted({sample.strip() for column in sniffed.columns for sample in column.samples})
        found: dict[str, set[str]] = {}
        with suppress(SnapshotError):
            if samples and home.is_of_this_version():
                with home.open() as connection:
                    rows = connection.execute(queries.find("fill/known_ids").sql, {"samples": samples}).fetchall()
                for name, value in rows:
                    found.setdefault(name, set()).add(value)
        return {name: frozenset(values) for name, values in found.items()}

    return known


def open_recognised(recognised: Recognised, workplace: Path) -> Opened:
    """Look a table over from end to end. Raises MappingError where a person must decide something first."""
    if recognised.mapping is None or recognised.questions:
        raise MappingError(not_clear(recognised))
    mapping = recognised.mapping
    is_told = recognised.origin == "given" and mapping.encoding is not None
    source = _open(recognised.table, mapping, workplace, is_lenient=not is_told)
    headers = _open(recognised.headers, FileMapping(), workplace, is_lenient=True) if recognised.headers else None
    names: Sequence[str] = source.header
    if headers is not None and mapping.join is not None:
        for table, key in ((source, mapping.join.column), (headers, mapping.join.to)):
            if table.header.count(key) != 1:
                raise MappingError(f"{table.name} has no single column {key!r} by which the two files could be joined.")
        beside = joined_names(source.header, headers.header, mapping.join.to, headers.name)
        names = (*source.header, *(name for _, name in beside))
    check_columns(recognised.name, names, mapping)
    return Opened(recognised, mapping, source, headers)


def _open(table: Table, mapping: FileMapping, workplace: Path, *, is_lenient: bool) -> Source:
    sniffed = table.sniffed
    is_as_sniffed = mapping.delimiter in (None, sniffed.delimiter)
    layout = Layout(
        encoding=mapping.encoding or sniffed.encoding,
        delimiter=mapping.delimiter or sniffed.delimiter,
        start=sniffed.header_start if is_as_sniffed else 0,
        end=sniffed.table_end if is_as_sniffed else None,
        is_lenient=is_lenient,
    )
    return open_source(table.file, name=table.name, workplace=workplace, layout=layout)
