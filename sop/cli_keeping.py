"""The commands that keep what must not be lost: the audit trail, backups."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from sop import audit, verifying
from sop.access import Act
from sop.cli_writing import WRITERS
from sop.decisions import Log
from sop.errors import LogError
from sop.snapshots import Home


def add(commands: Any) -> None:
    """Add these commands to those of the command line."""
    trail = commands.add_parser("audit", help="list who did what and when, or verify that nothing of it was changed")
    trail.add_argument(
        "--verify", action="store_true", help="exit with 1 where an entry or a row of the log was changed"
    )
    trail.add_argument(
        "--seal", action="append", default=[], metavar="NUMBER:HASH",
        help="an entry's number and hash as printed once, to be held against the log; repeatable",
    )  # fmt: skip
    trail.add_argument("--person", help="only what was done by somebody of this name or e-mail")
    trail.add_argument("--format", choices=tuple(WRITERS), default="table")
    trail.set_defaults(run=_audit)


def _audit(arguments: argparse.Namespace) -> int:
    log = Log(Home().folder)
    log.require(Act.READ_AUDIT)
    if arguments.verify or arguments.seal:
        found = verifying.verify(log, arguments.seal)
        for said in found.broken:
            print(f"Broken: {said}", file=sys.stderr)
        print(found.in_words())
        return 0 if found.is_whole else 1
    names = ["number", "when", "who", "email", "role", "what", "about"]
    rows = [
        [one.id, one.entered_at, one.name, one.email, one.role, one.act, one.about]
        for one in audit.entries(log)
        if arguments.person in (None, one.name, one.email)
    ]
    WRITERS[arguments.format](names, rows, sys.stdout)
    if arguments.format != "table":
        record_export(log, f"the audit trail as {arguments.format}")
    return 0


def record_export(log: Log, what: str) -> None:
    """Write down what was taken away; where the log cannot be written, say so: what was read is not taken back."""
    try:
        audit.record(log, Act.EXPORT, what)
    except LogError as trouble:
        print(f"The audit trail does not have this export: {trouble}", file=sys.stderr)
