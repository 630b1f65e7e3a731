"""What a load found, and when that is too much of what is wrong."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from sop import company, words
from sop.changes import Changes
from sop.errors import TooManyRejects
from sop.extracts.recognising import Recognised

MOST_SHOWN = 1_000
"""Rejected rows and warnings in a report; the snapshot holds them all."""


@dataclass(frozen=True)
class Report:
    """What a load found. `snapshot` is None where nothing was published.

    `sources`: one dict per file and extract (see Manifest.sources). `rejected`: one per rejected row and reason
    (file_name, line_number, extract_name, column_name, value, reason). `warnings`: one per example of a doubtful
    kind (rule_name, message, row_count, and the same place).
    """

    snapshot: str | None
    as_of: datetime.date
    sources: tuple[dict[str, Any], ...]
    rejected: tuple[dict[str, Any], ...] = ()
    warnings: tuple[dict[str, Any], ...] = ()
    is_unchanged: bool = False
    changes: Changes | None = None
    recognised: tuple[Recognised, ...] = ()
    """How each file was understood."""
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The header of each file that was brought, under which its rejected rows' cells stand."""
    said: tuple[str, ...] = ()
    """What is to be said beside: that it is built on another snapshot than the damaged one, that the audit trail lacks it."""


def refuse_too_many(report: Report, limit: float | None = None) -> None:
    """Raise TooManyRejects where a file of the report has more rejected rows than `limit` (the settings', unless given)."""
    limit = company.as_far_as_known().measure.rejected_share_limit if limit is None else limit
    for source in report.sources:
        rejected, read = (source[count] - source["left_out_count"] for count in ("rejected_count", "read_count"))
        if not source["carried_from"] and rejected > limit * read:
            reasons = [rejection(row) for row in report.rejected if row["file_name"] == source["file_name"]]
            raise TooManyRejects(
                f"{source['file_name']}: {rejected:,} of {read:,} rows were rejected"
                f" ({source['extract_name']}), more than the {words.share(limit)} allowed. The first: {''.join(reasons[:1])}\n"
                "Nothing was published. Mend the file, or say --accept-rejects to publish the rest."
            )


def rejection(row: dict[str, Any]) -> str:
    """A rejected row in one plain line: file, line, column, value and reason."""
    place = row["file_name"] + (f", line {row['line_number']}" if row["line_number"] else "")
    column = f", {row['column_name']}" if row["column_name"] else ""
    reason = f"{row['reason']}."
    if column and row["value"] is not None:
        full_stop = "." if reason[0].isupper() else ""
        return f'{place}{column}: "{row["value"][:80]}"{full_stop} {reason}'
    return f"{place}{column} {reason}" if column and reason[0].islower() else f"{place}{column}: {reason}"
