"""The web server around the pages: its headers, its uploads, its log, its health and how it stops."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from sop.serving import uploads, writing_down
from sop.serving.headers import HEADERS, POLICY
from sop.serving.uploads import Gate, Uploads
from sop.serving.writing_down import OneLine, path_in_words
from tests.conftest import TOP, _answers, _free_port

PATHS = (
    "/",
    "/customer?customer=C-0007",
    "/health",
    "/_stcore/health",
    "/media/none.csv",
    "/nothing/here",
    "/static/none.js",
)


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(app_url: str, path: str) -> None:
    try:
        with urllib.request.urlopen(f"{app_url}{path}") as answer:
            got = answer.headers
    except urllib.error.HTTPError as refused:
        got = refused.headers
    assert {name: got[name] for name in HEADERS} == HEADERS


def test_the_policy_lets_nothing_in_from_elsewhere_and_no_script_in_line() -> None:
    assert not [where for where in POLICY.values() if "http" in where or "*" in where]
    assert "unsafe" not in POLICY["script-src"]
    assert re.fullmatch(r"'self'( 'sha256-[\w+/=]{44}')+", POLICY["script-src"])
    assert POLICY["frame-ancestors"] == POLICY["object-src"] == "'none'"


@pytest.mark.browser
def test_health_says_what_can_be_read(app_url: str) -> None:
    with urllib.request.urlopen(f"{app_url}/health") as answer:
        assert json.load(answer) == {"snapshot": "ok", "decision_log": "ok"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://{own}", "{own}", 101), ("http://evil.example", "{own}", 403), ("http://evil.example", "evil.example", 403),
        ("http://{own}", "evil.example", 403),
    ],
)  # fmt: skip
def test_only_a_page_of_this_server_under_its_own_name_is_connected(
    app_url: str, origin: str, host: str, status: int
) -> None:
    own = app_url.removeprefix("http://")
    connection = http.client.HTTPConnection(own, timeout=10)
    opening = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin.format(own=own), "Host": host.format(own=own),
    }  # fmt: skip
    connection.request("GET", "/_stcore/stream", headers=opening)
    assert connection.getresponse().status == status
    connection.close()


# --- uploads ----------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Uploads:
    monkeypatch.setattr(Uploads, "folder", tmp_path)
    return Uploads("/upload")


def record(name: str, data: bytes) -> UploadedFileRec:
    return UploadedFileRec(name, f"{name}.csv", "text/csv", data)


def test_an_upload_lies_on_the_disk_and_not_in_memory(manager: Uploads, tmp_path: Path) -> None:
    manager.add_file("session", record("one", b"a,b\n1,2\n"))
    [kept] = manager.get_files("session", ["one"])
    assert (kept.name, kept.data) == ("one.csv", b"")
    lies_at = manager.file_of("one")
    assert lies_at is not None
    assert lies_at.read_bytes() == b"a,b\n1,2\n"
    assert lies_at.stat().st_mode & 0o077 == 0, "nobody else on the machine may read it"
    assert manager.held == 8
    assert manager.file_of("two") is None


def test_uploads_go_with_their_session_and_with_their_removal(manager: Uploads, tmp_path: Path) -> None:
    for session, name in (("a", "one"), ("a", "two"), ("b", "three")):
        manager.add_file(session, record(name, b"x"))
    manager.settle()
    assert len(list(tmp_path.iterdir())) == 3
    manager.remove_session_files("a")
    manager.remove_file("b", "three")
    manager.settle()
    assert list(tmp_path.iterdir()) == []
    assert manager.held == 0


def test_an_upload_that_finds_no_room_is_said_when_it_is_wanted(manager: Uploads, tmp_path: Path) -> None:
    manager.folder = tmp_path / "not there"
    manager.add_file("session", record("one", b"x"))
    with pytest.raises(OSError, match="No such file"):
        manager.file_of("one")


def test_what_dead_processes_left_is_swept_and_what_others_use_stays(tmp_path: Path) -> None:
    used, lock = uploads.own_folder(tmp_path)
    left = tmp_path / uploads.FOLDER / "process-dead"
    left.mkdir()
    (left / "session-file").write_bytes(b"x")
    own, own_lock = uploads.own_folder(tmp_path)
    assert not left.exists()
    assert used.exists() and own.exists() and used != own
    lock.release()
    own_lock.release()


def put(gate: Gate, length: int, body: list[bytes]) -> list[int]:
    """Send one upload through a gate and return the statuses of the answer."""
    sent: list[int] = []

    async def receive():
        if not body:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": body.pop(0), "more_body": bool(body)}

    async def send(message):
        sent.extend([message["status"]] if message["type"] == "http.response.start" else [])

    scope = {
        "type": "http", "method": "PUT", "path": "/_stcore/upload_file/s/f",
        "headers": [(b"content-length", str(length).encode())],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as own:  # a thread in which no other loop runs, as one of the browser may in this one
        own.submit(asyncio.run, gate(scope, receive, send)).result()
    return sent


async def taking_all(scope, receive, send) -> None:
    while (message := await receive())["type"] == "http.request" and message["more_body"]:
        pass
    await send(
        {"type": "http.response.start", "status": 204 if message["type"] == "http.request" else 400, "headers": []}
    )


def test_an_upload_beyond_what_the_disk_may_hold_is_refused(manager: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_manager", lambda: manager)
    monkeypatch.setattr(uploads, "MOST_HELD", 100)
    manager.add_file("session", record("one", b"x" * 60))
    assert put(Gate(taking_all), 40, [b"x"]) == [204]
    assert put(Gate(taking_all), 41, [b"x"]) == [507]


def test_an_upload_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_manager", lambda: None)
    monkeypatch.setattr(uploads, "MOST_SILENCE", 0.05)
    silent = [b"x", b"y"]

    async def waiting(scope, receive, send) -> None:
        await receive()
        await receive()
        last = await receive()
        assert last["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 400, "headers": []})

    assert put(Gate(waiting), 9, silent) == [400]


# --- the log ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "/"), ("/customer", "/customer"), ("/_stcore/stream", "/_stcore/stream"),
        ("/customer/_stcore/host-config", "/customer/_stcore/host-config"),
        ("/_stcore/upload_file/abc/def", "/_stcore/upload_file/…"), ("/media/Acme%20Ltd.csv", "/media/…"),
        ("/Acme Ltd", "…"), ("/a/b/c", "…"), ("/C-0007", "…"),
    ],
)  # fmt: skip
def test_the_log_says_of_a_path_only_what_is_the_apps_own(path: str, said: str) -> None:
    assert path_in_words(path) == said


def test_the_log_says_of_an_exception_its_kind_and_place_and_never_its_text() -> None:
    try:
        raise ValueError("Acme Ltd owes EUR 5")
    except ValueError:
        written = logging.LogRecord("sop", logging.ERROR, __file__, 1, "a page failed", (), sys.exc_info())
    line = json.loads(OneLine().format(written))
    assert (line["level"], line["what"], line["kind"]) == ("error", "a page failed", "ValueError")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert line["at"][-1].endswith("test_serving.py:" + line["at"][-1].rpartition(":")[2])
    assert "Acme" not in json.dumps(line)


def test_the_servers_own_access_log_which_names_queries_is_silent() -> None:
    root, handlers = logging.getLogger(), list(logging.getLogger().handlers)
    try:
        writing_down.begin()
        assert logging.getLogger("uvicorn.access").disabled
        assert len(root.handlers) == 1 and isinstance(root.handlers[0].formatter, OneLine)
    finally:
        root.handlers[:] = handlers


# --- stopping ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_server_stops_when_told_and_leaves_nothing_behind(sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "sop.serve", str(port)], cwd=TOP, env={**os.environ, "SOP_HOME": str(home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert _answers(server, f"http://127.0.0.1:{port}")
    [own] = (home / uploads.FOLDER).iterdir()
    urllib.request.urlopen(f"http://127.0.0.1:{port}/customer?customer=C-0007").close()
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=20)
    lines = [json.loads(line) for line in said.decode().splitlines() if line.startswith("{")]
    assert [line["what"] for line in lines if line["what"] in ("started", "stopped")] == ["started", "stopped"]
    assert {"/customer"} <= {line.get("path") for line in lines}
    assert "C-0007" not in said.decode()
    assert not own.exists()
