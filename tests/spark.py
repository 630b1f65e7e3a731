"""An Apache Spark of the tests' own, from the package pyspark: a Spark Connect server on a free port of 127.0.0.1."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 120
"""Seconds that it has to start in."""


def why_not() -> str | None:
    """Why none can be started here; None where one can."""
    if not _home():
        return "there is no Apache Spark here: pip install -r requirements-spark.txt"
    if not shutil.which("java"):
        return "Apache Spark needs Java 17 or newer and there is none: apt-get install openjdk-17-jre-headless"
    return None


def _home() -> Path | None:
    """Where the package pyspark has its programs; None where there is only the client, or not even that."""
    found = importlib.util.find_spec("pyspark")
    places = found.submodule_search_locations if found else None
    home = Path(places[0]) if places else None
    return home if home and (home / "bin" / "spark-submit").is_file() else None


@contextlib.contextmanager
def served(folder: Path, *, memory: str = "2g") -> Iterator[str]:
    """Start one and give its address. All that it writes is in the folder, and it is stopped by its own process group."""
    home = _home()
    assert home, "ask why_not first"
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.warehouse.dir": folder / "warehouse",
        "spark.local.dir": folder / "local",
        "spark.sql.shuffle.partitions": 4,
        "spark.sql.catalogImplementation": "in-memory",
    }
    command = [
        str(home / "bin" / "spark-submit"),
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", "local[2]"),
        *("--driver-memory", memory, "--driver-java-options", f"-Djava.io.tmpdir={folder}"),
        *[word for name, value in settings.items() for word in ("--conf", f"{name}={value}")],
        "spark-internal",
    ]
    said = folder / "said"
    with said.open("wb") as out:
        server = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"},
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait(server, port, said)
            yield f"sc://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(server: subprocess.Popen[bytes], port: int, said: Path) -> None:
    end = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise RuntimeError(f"Apache Spark does not start:\n{said.read_text(errors='replace')[-3000:]}")
