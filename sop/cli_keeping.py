"""The commands that keep what must not be lost: the audit trail, backups."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from sop import audit, backups, restoring, verifying
from sop.access import Act
from sop.cli_writing import WRITERS
from sop.decisions import Log
from sop.errors import LogError, SettingsError
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

    backup = commands.add_parser(
        "backup", help="write everything that must not be lost to one file, while the app is in use"
    )
    backup.add_argument("--out", type=Path, required=True, metavar="FILE")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="make a home folder of a backup, after every byte of it was verified")
    restore.add_argument("file", type=Path)
    restore.add_argument("--into", type=Path, metavar="FOLDER", help="another home folder than SOP_HOME")
    restore.add_argument("--replace", action="store_true", help="move aside what is there, and keep it")
    restore.set_defaults(run=_restore)


def _backup(arguments: argparse.Namespace) -> int:
    made = backups.make(Home(), arguments.out)
    for snapshot in made.left_out:
        print(f"Left out, for it is damaged: snapshot {snapshot}", file=sys.stderr)
    print(f"{arguments.out}: {_in_words(made)}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    into = arguments.into or Home().folder
    done = restoring.restore(arguments.file, into, replace=arguments.replace)
    if done.moved_to:
        print(f"What was there is kept in {done.moved_to}.")
    if done.said:
        print(done.said, file=sys.stderr)
    print(f"{into}: {_in_words(done.backup)}")
    return 0


def _in_words(made: backups.Backup) -> str:
    snapshots = sum(name.endswith(".duckdb") for name in made.files)
    return (
        f"{snapshots} snapshots, live {made.live or 'none'}, made {made.made_at[:19].replace('T', ' ')} UTC;"
        f" newest audit entry {made.seal or 'none'}."
    )


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
        record_export(log.folder, f"the audit trail as {arguments.format}")
    return 0


def record_export(folder: Path, what: str) -> None:
    """Write down what was taken away; where the log cannot be written, say so: what was read is not taken back."""
    try:
        audit.record(Log(folder), Act.EXPORT, what)
    except (LogError, SettingsError) as trouble:
        print(f"The audit trail does not have this export: {trouble}", file=sys.stderr)
