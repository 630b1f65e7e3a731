"""What a load found, as plain lines for a person and as objects for a program; the page shows the same as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sop import loading, words
from sop.changes import Changes
from sop.extracts.answering import described
from sop.extracts.recognising import Recognised

MOST_LINES = 20
"""Rejected rows that are printed; the snapshot holds them all."""

ORIGINS = {
    "given": "read by the mapping that came with it",
    "own names": "its columns carry the review's names",
    "saved": "recognised: read as confirmed before",
    "proposed": "read as proposed",
}


def lines(report: loading.Report) -> Iterator[str]:
    """A load in plain lines: how each file was understood, what is set aside or doubtful, and what changes."""
    if report.is_unchanged:
        yield f"Nothing has changed: snapshot {report.snapshot} was made from these very files and stays live."
        return
    for recognised in report.recognised:
        yield from understood(recognised)
    for source in report.sources:
        origin = f" (carried over from {source['carried_from']})" if source["carried_from"] else ""
        left_out = source.get("left_out_count") or 0
        no_rows = f", {left_out:,} of them no rows of the table" if left_out else ""
        yield (
            f"{source['file_name']}: {source['extract_name']}, {source['kept_count']:,} rows kept,"
            f" {source['rejected_count']:,} rejected{no_rows}{origin}"
        )
    for row in report.rejected[:MOST_LINES]:
        yield f"rejected: {loading.rejection(row)}"
    if len(report.rejected) > MOST_LINES:
        yield f"rejected: and {len(report.rejected) - MOST_LINES:,} more; the snapshot holds them in rejected_rows"
    yield from _doubts(report)
    if report.changes:
        yield from _changes(report.changes)
    published = f"Published snapshot {report.snapshot}." if report.snapshot else "Dry run: nothing was published."
    yield f"As of {report.as_of:%Y-%m-%d}. {published}"
    yield from report.said


def understood(recognised: Recognised) -> Iterator[str]:
    """How one file is read: why, and which column feeds what where that was not said by somebody."""
    yield f"{recognised.name}: {ORIGINS[recognised.origin]}."
    for note in (*recognised.sniffed.notes, *recognised.notes):
        yield f"  noticed: {note}"
    if recognised.origin not in ("proposed", "saved"):
        return
    for proposed in recognised.columns:
        if proposed.source is not None:
            yield (
                f"  {proposed.extract}.{proposed.column} = {described(proposed.source)}"
                f"  ({words.share(proposed.confidence)}: {proposed.why})"
            )


def _doubts(report: loading.Report) -> Iterator[str]:
    seen = set()
    for row in report.warnings:
        if row["rule_name"] not in seen:
            seen.add(row["rule_name"])
            place = f"{row['file_name']}, line {row['line_number']}" if row["line_number"] else row["file_name"]
            value = f', "{row["value"][:80]}"' if row["value"] is not None else ""
            yield f"doubtful: {row['message']} {row['row_count']:,} rows, the first: {place}{value}"


def _changes(changes: Changes) -> Iterator[str]:
    for alarm in changes.alarms:
        yield f"ALARM: {alarm}"
    for row in changes.rows:
        yield (
            f"changes: {row['extract_name']}, {row['added_count']:,} rows added, {row['changed_count']:,} changed,"
            f" {row['gone_count']:,} gone"
        )
    for name, before, after in headlines(changes):
        yield f"changes: {name}, {before} before, {after} after"
    for row in changes.movements:
        yield "moves: " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)


def headlines(changes: Changes, currency: str = "") -> list[tuple[str, str, str]]:
    """The headline figures before and after, each as (name, before, after)."""
    before, after = changes.headline_before, changes.headline_after
    return [
        ("as of", str(before["as_of_date"]), str(after["as_of_date"])),
        ("promise rate", words.percent(before["promise_rate"]), words.percent(after["promise_rate"])),
        ("kept of due", _kept_of_due(before), _kept_of_due(after)),
        ("gap", words.money(before["gap_value"], currency).strip(), words.money(after["gap_value"], currency).strip()),
        ("lines waiting", f"{before['overdue_count']:,}", f"{after['overdue_count']:,}"),
    ]


def _kept_of_due(row: Mapping[str, Any]) -> str:
    return f"{row['kept_count']:,} of {row['due_count']:,}"


def objects(report: loading.Report) -> list[dict[str, Any]]:
    """A load as flat objects, each with the `kind` of thing it tells."""
    found: list[dict[str, Any]] = [
        {
            "kind": "snapshot",
            "snapshot": report.snapshot,
            "as_of_date": report.as_of.isoformat(),
            "is_unchanged": report.is_unchanged,
            "is_published": report.snapshot is not None and not report.is_unchanged,
        }
    ]
    for recognised in report.recognised:
        found += (
            {
                "kind": "column", "file_name": recognised.name, "origin": recognised.origin, "extract_name": one.extract,
                "column_name": one.column, "source": described(one.source), "confidence": one.confidence, "why": one.why,
            }
            for one in recognised.columns
            if one.source is not None
        )  # fmt: skip
        found += (
            {"kind": "note", "file_name": recognised.name, "message": note}
            for note in (*recognised.sniffed.notes, *recognised.notes)
        )
    found += ({"kind": "source", **source} for source in report.sources)
    found += ({"kind": "rejected", **row} for row in report.rejected)
    found += ({"kind": "warning", **row} for row in report.warnings)
    if report.changes:
        changes = report.changes
        found += ({"kind": "alarm", "message": alarm} for alarm in changes.alarms)
        found += ({"kind": "change", **row} for row in changes.rows)
        found += (
            {"kind": "headline", "when": when, **row}
            for when, row in (("before", changes.headline_before), ("after", changes.headline_after))
        )
        found += ({"kind": "movement", **row} for row in changes.movements)
    return found
