"""A viewer without a browser: speaks Streamlit's own protocol over its WebSocket, opens pages and keeps what they say."""

from __future__ import annotations

import http.client
import itertools
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60
"""Seconds that a page may take before a viewer gives up."""


@dataclass
class Shown:
    """What a page showed: its headings and figures in order, how many pictures and tables, and the boxes of its errors.

    What is in pictures and tables is not compared: rows of one value change places from build to build.
    """

    texts: tuple[str, ...]
    drawn: int
    errors: tuple[str, ...]
    seconds: float


@dataclass
class Viewer:
    """One session of the app at an address such as http://127.0.0.1:8501."""

    address: str
    cookie: str = ""
    session: str = ""
    """By which the server knows it, once a page was opened."""
    _closing: ExitStack = field(default_factory=ExitStack, repr=False)
    _socket: Any = field(default=None, repr=False)

    def __enter__(self) -> Viewer:
        opening = connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream", origin=Origin(self.address), max_size=None,
            subprotocols=[Subprotocol("streamlit")], additional_headers={"Cookie": self.cookie} if self.cookie else None,
        )  # fmt: skip
        self._socket = self._closing.enter_context(opening)
        return self

    def __exit__(self, *raised: object) -> None:
        self._closing.close()

    def open(self, page: str, query: str = "") -> Shown:
        """Open a page by its name in the address and wait until it is finished. Raises TimeoutError."""
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_name = page
        start = time.perf_counter()
        self._socket.send(asked.SerializeToString())
        elements: dict[tuple[int, ...], Any] = {}
        end = time.monotonic() + PATIENCE
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=end - time.monotonic()))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                elements.clear()
                self.session = message.new_session.initialize.session_id
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                elements[tuple(message.metadata.delta_path)] = message.delta.new_element
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    break
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise RuntimeError(f"{page} does not compile")
        return _shown([elements[path] for path in sorted(elements)], time.perf_counter() - start)

    def upload(self, name: str, size: int) -> int:
        """Send a file of so many bytes, as the page's widget does, and return the status of the answer."""
        host = self.address.removeprefix("http://")
        asking = http.client.HTTPConnection(host, timeout=PATIENCE)
        asking.request("GET", "/_stcore/health")
        answer = asking.getresponse()
        answer.read()
        cookie = str(answer.headers["Set-Cookie"]).partition(";")[0]
        head = (
            f'--end\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        ).encode()
        tail, block = b"\r\n--end--\r\n", b"C-0001,P-0001,1,2026-10-31\n" * 4_000
        whole, rest = divmod(size, len(block))
        headers = {
            "Content-Type": "multipart/form-data; boundary=end", "Cookie": cookie, "X-Xsrftoken": cookie.partition("=")[2],
            "Content-Length": str(len(head) + size + len(tail)), "Origin": self.address,
        }  # fmt: skip
        body = itertools.chain([head], itertools.repeat(block, whole), [block[:rest], tail])
        asking.request("PUT", f"/_stcore/upload_file/{self.session}/{uuid.uuid4()}", body, headers)
        return asking.getresponse().status


def _shown(elements: list[Any], seconds: float) -> Shown:
    texts, drawn, errors = [], 0, []
    for element in elements:
        kind = element.WhichOneof("type")
        drawn += kind in ("plotly_chart", "dataframe")
        if kind == "heading":
            texts.append(element.heading.body)
        elif kind == "metric":
            texts.append(f"{element.metric.label}: {element.metric.body} ({element.metric.delta})")
        elif kind == "exception":
            errors.append(element.exception.message)
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            errors.append(element.alert.body)
    return Shown(tuple(texts), drawn, tuple(errors), seconds)
