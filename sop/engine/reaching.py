"""Reach an engine and the folder that it shares with this machine, or say plainly why not, before anything is read."""

from __future__ import annotations

import hashlib
import platform
import shutil
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sop.errors import SnapshotError

if TYPE_CHECKING:
    from sop.engine.spark import Spark

PORT = 15002
"""Where a Spark Connect server listens, unless its address says so."""

PATIENCE = 10
"""Seconds that an engine has to take a connection."""


@dataclass(frozen=True)
class Engine:
    """Where an engine answers: `sc://host:port`, with parameters of Spark Connect after it; and a folder that it sees too."""

    address: str
    storage: Path

    @property
    def place(self) -> tuple[str, int]:
        """Host and port. Raises SnapshotError where the address has none."""
        try:
            parts = urlsplit(self.address)
            host, port = parts.hostname, parts.port or PORT
        except ValueError:
            parts, host, port = urlsplit(""), None, PORT
        if not host or parts.scheme != "sc":
            raise SnapshotError("The address of an engine is written sc://host:port. Nothing was published.")
        return host, port

    @property
    def name(self) -> str:
        """Host and port alone: the rest of the address may hold a token."""
        return "{}:{}".format(*self.place)

    def folder_of(self, home: Path) -> Path:
        """The folder of the storage through which the tables of one home come and go."""
        whose = hashlib.sha256(f"{platform.node()} {home.resolve()}".encode()).hexdigest()
        return self.storage.resolve() / f"sop-{whose[:16]}"


@contextmanager
def opened(engine: Engine, home: Path) -> Iterator[Spark]:
    """A session with the engine and an empty folder between, which goes with it; to be called by who holds the builder's lock.

    Raises SnapshotError where the client is not installed, the engine does not answer, or the storage is not seen by both.
    """
    warnings.filterwarnings(
        "ignore", "PySpark does not yet fully support pandas", FutureWarning
    )  # of which we use none
    try:
        from sop.engine.spark import Spark, session
    except (
        ImportError,
        SystemExit,
    ) as missing:  # the client leaves the program where it looks for an engine of its own
        what = getattr(missing, "name", None) or "all of Spark's client"
        raise SnapshotError(
            f"To build on an engine, {what} has to be installed: pip install -r requirements-spark.txt. "
            "Nothing was published."
        ) from None
    try:
        socket.create_connection(engine.place, PATIENCE).close()
    except OSError as trouble:
        raise SnapshotError(
            f"No engine answers at {engine.name}: {trouble.strerror or trouble}. Nothing was published."
        ) from None
    with _folder(engine.folder_of(home)) as folder, session(engine) as connected:
        yield Spark(connected, engine.name, folder)


def left_behind(engine: Engine, home: Path) -> str:
    """What to say where the folder between could not be removed, as happens to files of another user; empty where it is gone."""
    folder = engine.folder_of(home)
    if not folder.exists():
        return ""
    return f"What the engine wrote could not be removed: delete {folder}, or let this user delete what the engine's user writes."


@contextmanager
def _folder(folder: Path) -> Iterator[Path]:
    """Make the folder and remove it again; what a killed load left in it goes first."""
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir()
    except OSError as trouble:
        raise SnapshotError(
            f"The storage {folder.parent} cannot be used: {trouble.strerror or trouble}. Nothing was published."
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what stays is said, not raised: the snapshot may be live by now
