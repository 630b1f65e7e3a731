"""The server's log: a line of JSON for each request and each trouble, without anything of a customer or an address's query."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGER = logging.getLogger("sop")
QUIET = ("/_stcore/health", "/health", "/static/")
"""Paths that are not worth a line while all is well: they are asked for all the time."""

_KNOWN = re.compile(r"(?:/[a-z]{1,20})?/(?:[a-z]{1,20}|_stcore/[a-z-]{1,30})?")


class OneLine(logging.Formatter):
    """A record as one line of JSON: when (UTC), how grave, which logger, what; `extra={"facts": {…}}` adds to it.

    Of an exception it says the kind and where in the code it was raised, never its text, which may quote a file's cells.
    """

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(), "logger": record.name, "what": record.getMessage(),
            **getattr(record, "facts", {}),
        }  # fmt: skip
        if record.exc_info and record.exc_info[0] is not None:
            line["kind"] = record.exc_info[0].__name__
            line["at"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def _places(traceback: Any) -> list[str]:
    """Where it was raised, the innermost last: file and line, of this project's own code and the last of any."""
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        is_own = any(part in code.co_filename for part in ("/sop/", "/pages/", "app.py"))
        if is_own or traceback.tb_next is None:
            places.append(f"{'/'.join(code.co_filename.split('/')[-3:])}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return places[-8:]


def begin() -> None:
    """Send what this process logs to standard error as lines of JSON, and the server's own access log nowhere."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    LOGGER.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "streamlit"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True


class Requests:
    """ASGI middleware that writes a line for each request: method, which kind of path, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write it down when it has ended."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        start, status = time.monotonic(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            status = 500
            raise
        finally:
            if status >= 400 or not scope["path"].startswith(QUIET):
                facts = {
                    "method": scope.get("method", "WEBSOCKET"), "path": path_in_words(scope["path"]),
                    "status": status or None, "milliseconds": round((time.monotonic() - start) * 1000),
                }  # fmt: skip
                LOGGER.info("request", extra={"facts": facts})


def path_in_words(path: str) -> str:
    """A path as far as it is the app's own: what follows an upload's, a file's or an unknown one may be anybody's words."""
    for known in ("/_stcore/upload_file", "/media", "/static", "/component"):
        if path.startswith(known):
            return f"{known}/…"
    return path if _KNOWN.fullmatch(path) else "…"
