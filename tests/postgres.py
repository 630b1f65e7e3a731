"""A PostgreSQL of the tests' own: the machine's `postgres` on a free port of 127.0.0.1, with its data in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 30
"""Seconds that it has to start in."""


def why_not() -> str | None:
    """Why none can be started here; None where one can."""
    if not programs():
        return "there is no PostgreSQL here: apt-get install postgresql"
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed: pip install -r requirements-dev.txt"
    return None


def programs() -> tuple[str, str] | None:
    """Initdb and postgres: on the PATH, or where Debian puts them."""
    folders = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    path = os.pathsep.join([os.environ.get("PATH", ""), *folders])
    found = shutil.which("initdb", path=path), shutil.which("postgres", path=path)
    return (found[0], found[1]) if found[0] and found[1] else None


@contextlib.contextmanager
def served(folder: Path, *settings: str) -> Iterator[str]:
    """Serve an empty database and give its URL. PostgreSQL refuses to run as root: there it runs as its own user.

    Further settings of the server are given as `work_mem=64MB`.
    """
    found = programs()
    assert found, "ask why_not first"
    initdb, postgres = found
    data = folder / "data"
    data.mkdir(parents=True)
    before: list[str] = []
    if os.geteuid() == 0:
        import pwd

        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            user = pwd.getpwnam("nobody")
        os.chown(data, user.pw_uid, user.pw_gid)
        for above in data.parents:
            if above.owner() == "root" and above.stat().st_mode & 0o777 == 0o700:
                above.chmod(0o711)  # pytest's folders are its own; their names stay unlisted
        before = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
    said = folder / "said"
    with said.open("wb") as out:
        subprocess.run(
            [*before, initdb, "--pgdata", str(data), "--username=sop", "--auth=trust", "--encoding=UTF8", "--locale=C",
             "--no-sync"],
            check=True, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        server = subprocess.Popen(
            [*before, postgres, "-D", str(data), "-p", str(port), "-c", "listen_addresses=127.0.0.1",
             "-c", "unix_socket_directories=", *(part for setting in settings for part in ("-c", setting))],
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(server, port, said)
            yield f"postgresql://sop@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _wait(server: subprocess.Popen[bytes], port: int, said: Path) -> None:
    import psycopg

    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="sop", dbname="postgres", connect_timeout=1).close()
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL does not start:\n{said.read_text(errors='replace')}")
