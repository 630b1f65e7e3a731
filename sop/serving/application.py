"""The app as a web server: Streamlit's own, with this project's middleware around it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.runtime import memory_uploaded_file_manager

from sop import words
from sop.errors import SopError
from sop.serving import uploads
from sop.serving.guard import Guard
from sop.serving.headers import Headers
from sop.serving.health import health
from sop.serving.returning import Return
from sop.serving.strangers import Strangers
from sop.serving.uploads import Gate, Uploads
from sop.serving.writing_down import LOGGER, Requests
from sop.snapshots import Home

TOP = Path(__file__).parent.parent.parent


def application(hosts: Collection[str]) -> st.App:
    """The app, to be run once in this process, for those who ask for it by one of these names."""
    # Streamlit takes its manager of uploads from this name when it starts; there is no setting for it in 1.67.
    memory_uploaded_file_manager.MemoryUploadedFileManager = Uploads  # type: ignore[misc]
    return st.App(
        TOP / "app.py",
        routes=[Route("/health", health)],
        middleware=[
            Middleware(Requests),
            Middleware(Headers),
            Middleware(Guard, hosts=hosts),
            Middleware(Return),
            Middleware(Strangers),
            Middleware(Gate),
        ],
        lifespan=_while_it_runs,
        on_script_error=_say_trouble,
    )


@asynccontextmanager
async def _while_it_runs(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Keep passing files in a folder of this process, which goes with it."""
    folder, lock = uploads.own_folder(Home().folder)
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    Uploads.folder = folder
    LOGGER.info("started")
    try:
        yield {}
    finally:
        tempfile.tempdir = before
        lock.release()
        uploads.sweep(folder)
        LOGGER.info("stopped")


def _say_trouble(trouble: Exception) -> bool:
    """What a page could not deal with: one plain sentence for the reader, and where it happened for the server's log."""
    if isinstance(trouble, SopError):
        st.error(words.plain(str(trouble)))
    elif isinstance(trouble, duckdb.InterruptException):
        st.error("This took longer than half a minute and was stopped. Choose fewer months, or one customer.")
        LOGGER.warning("a question was stopped", exc_info=trouble)
    elif isinstance(trouble, duckdb.OutOfMemoryException):
        st.error("This asks for more memory than one page may take. Choose fewer months, or one customer.")
        LOGGER.warning("a question took too much memory", exc_info=trouble)
    else:
        st.error("Something went wrong on this page. What was published and decided is safe. Try once more.")
        LOGGER.error("a page failed", exc_info=trouble)
    return True
