"""Headers written as text, with values of the kinds that stand in such columns, and those of the known systems."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from sop.extracts.mapping import JDE
from sop.extracts.proposing import Proposal, Proposed
from sop.extracts.sniffing import Sniffed, SniffedColumn

DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d\.\d\d\.\d{4}|\d{1,2}/\d{1,2}/\d{2,4}")
NUMBER = re.compile(r"-?[\d.,]*\d%?")

SAMPLES = {
    "id": ("0010042", "0010043", "0010051"), "line": ("10", "20", "30"), "code": ("A-100", "B-200", "C-310"),
    "number": ("5", "12", "40"), "money": ("19.50", "1200.00", "7.25"), "date": ("2025-03-14", "2025-04-02"),
    "name": ("Müller GmbH", "Acme Ltd", "Østergaard A/S"), "word": ("Open", "Closed", "Waiting"), "empty": (),
    "percent": ("10", "50", "90"), "jde": ("125073", "125104"), "compact": ("20250314", "20250402"),
    "made": ("__export__.sale_order_7_1a2b", "__export__.sale_order_8_1a2c"),
}  # fmt: skip

FACTS = {"jde": {"kind": "date", "date_format": JDE}, "compact": {"kind": "date", "date_format": "%Y%m%d"}}
"""What sniffing finds out of the whole file and no sample says by itself."""

FILES = sorted((Path(__file__).parent / "headers").glob("*.toml"))
WRITTEN = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in FILES}

SOMETHING_ELSE: dict[str, dict[str, Any]] = WRITTEN.pop("something_else")
SYSTEMS: dict[str, dict[str, Any]] = {name: system for systems in WRITTEN.values() for name, system in systems.items()}


def column(name: str, *samples: str, place: int = 0, **facts: object) -> SniffedColumn:
    kind = "text"
    if not samples:
        kind = "empty"
    elif all(DATE.fullmatch(sample) for sample in samples):
        kind = "date"
    elif all(NUMBER.fullmatch(sample) for sample in samples):
        kind = "number"
    given: dict[str, object] = {
        "name": name, "place": place, "samples": samples, "filled_share": 1.0, "distinct_share": 1.0, "kind": kind,
        "date_format": "%d.%m.%Y" if kind == "date" and "." in samples[0] else None, "other_date_format": None,
        "decimal": ".", "thousands": "", "is_percent": False, "currency": "", "odd_words": (), **facts,
    }  # fmt: skip
    return SniffedColumn(**given)  # type: ignore[arg-type]


def sniffed(*columns: SniffedColumn, file_name: str = "export.csv") -> Sniffed:
    return Sniffed(file_name, "utf-8", ";", 1, 0, columns, ())


def header(text: str, file_name: str = "export.csv") -> Sniffed:
    """A header written as `Name:kind | Name:kind`; the kind says what the values look like."""
    cells = [cell.strip().rpartition(":") for cell in text.split("|")]
    columns = (
        column(name, *SAMPLES[kind], place=place, **FACTS.get(kind, {}))
        for place, (name, _, kind) in enumerate(cells)
    )  # fmt: skip
    return sniffed(*columns, file_name=file_name)


def sources(proposal: Proposal) -> dict[tuple[str, str], str | None]:
    return {(proposed.extract, proposed.column): proposed.source_name for proposed in proposal.columns}


def of(proposal: Proposal, extract: str, name: str) -> Proposed:
    [proposed] = [each for each in proposal.columns if (each.extract, each.column) == (extract, name)]
    return proposed
