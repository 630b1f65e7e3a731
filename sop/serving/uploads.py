"""Uploads go to a folder of this process on the disk, never stay in memory, and are bounded in number and size.

Streamlit's own manager keeps every byte in memory until long after the browser has gone. This one keeps the name and where the
bytes are.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import filelock
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

FOLDER = "uploads"
OWNER = "owner.lock"
ENDPOINT = "/_stcore/upload_file/"

MOST_AT_A_TIME = 2
"""Uploads that are taken in at the same time: each is in memory for the moment in which it is written down."""

MOST_HELD = 2_000_000_000
"""Bytes of uploads that all sessions together keep on the disk."""

MOST_SILENCE = 30
"""Seconds without a byte after which an upload is given up, so that nobody holds a place by doing nothing."""


class Uploads(MemoryUploadedFileManager):
    """Uploaded files by session, as Streamlit asks for them. A record's `data` is empty: `file_of` says where it lies."""

    folder = Path(tempfile.gettempdir())
    """Where they lie; set by whoever serves (`own_folder`)."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._writing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="uploads")
        self._sizes: dict[tuple[str, str], int] = {}
        self._written: dict[tuple[str, str], Future[Path]] = {}
        self._guard = threading.Lock()

    @property
    def held(self) -> int:
        """Bytes on the disk."""
        with self._guard:
            return sum(self._sizes.values())

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Begin to write a file down and remember it without its bytes."""
        self.remove_file(session_id, file.file_id)
        place = self.folder / f"{session_id}-{file.file_id}"
        with self._guard:
            self._sizes[session_id, file.file_id] = len(file.data)
            self._written[session_id, file.file_id] = self._writing.submit(_write, place, file.data)
        super().add_file(session_id, file._replace(data=b""))

    def file_of(self, file_id: str) -> Path | None:
        """Where an upload lies, once it does; None for one that is not known here. Raises OSError where it did not fit."""
        with self._guard:
            writing = next((future for (_, known), future in self._written.items() if known == file_id), None)
        return None if writing is None else writing.result()

    def settle(self) -> None:
        """Wait until everything that was taken in is on the disk."""
        self._writing.submit(lambda: None).result()

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Forget an upload and remove it from the disk."""
        super().remove_file(session_id, file_id)
        self._remove((session_id, file_id))

    def remove_session_files(self, session_id: str) -> None:
        """Forget all uploads of a session that has ended, and remove them."""
        super().remove_session_files(session_id)
        for key in [key for key in self._written if key[0] == session_id]:
            self._remove(key)

    def _remove(self, key: tuple[str, str]) -> None:
        with self._guard:
            self._sizes.pop(key, None)
            writing = self._written.pop(key, None)
        if writing is not None:
            self._writing.submit(_unlink, self.folder / "-".join(key))


def _write(place: Path, data: bytes) -> Path:
    place.touch(mode=0o600)
    place.write_bytes(data)
    return place


def _unlink(place: Path) -> None:
    place.unlink(missing_ok=True)


def own_folder(home: Path) -> tuple[Path, filelock.FileLock]:
    """A folder for this process's uploads and other passing files, and the lock that says that it is in use.

    What processes that are gone left behind is removed.
    """
    above = home / FOLDER
    above.mkdir(parents=True, exist_ok=True)
    above.chmod(0o700)
    for left in above.iterdir():
        sweep(left)
    folder = Path(tempfile.mkdtemp(prefix="process-", dir=above))
    lock = filelock.FileLock(folder / OWNER, timeout=0)
    lock.acquire()
    return folder, lock


def sweep(left: Path) -> None:
    """Remove a folder whose owner is gone."""
    try:
        with filelock.FileLock(left / OWNER, timeout=0):
            pass
    except (filelock.Timeout, OSError):
        return
    shutil.rmtree(left, ignore_errors=True)


class Gate:
    """ASGI middleware before the upload endpoint: few at a time, none beyond what the disk may hold, none that falls silent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._places = asyncio.Semaphore(MOST_AT_A_TIME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one upload through, or say why not."""
        if scope["type"] != "http" or scope["method"] != "PUT" or ENDPOINT not in scope["path"]:
            await self.app(scope, receive, send)
            return
        async with self._places:
            manager = _manager()
            announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
            if manager is not None and manager.held + (int(announced) if announced.isdigit() else 0) > MOST_HELD:
                full = PlainTextResponse("Too many files are being uploaded. Try again in some minutes.", 507)
                await full(scope, receive, send)
                return
            await self.app(scope, _impatient(receive), send)
            if manager is not None:
                await asyncio.to_thread(manager.settle)


def _impatient(receive: Receive) -> Receive:
    async def received() -> Message:
        try:
            return await asyncio.wait_for(receive(), MOST_SILENCE)
        except TimeoutError:
            return {"type": "http.disconnect"}

    return received


def _manager() -> Uploads | None:
    from streamlit.runtime import exists, get_instance

    manager = get_instance().uploaded_file_mgr if exists() else None
    return manager if isinstance(manager, Uploads) else None


def file_of(file_id: str) -> Path | None:
    """Where an upload to this server lies; None where Streamlit's own manager holds it in memory, as in tests of a page."""
    manager = _manager()
    return None if manager is None else manager.file_of(file_id)
