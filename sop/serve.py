"""Serve the app: `python -m sop.serve PORT`, which is what `python -m sop run` starts."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

from sop.serving import writing_down
from sop.serving.application import application

TOP = Path(__file__).parent.parent

PARTING = 5
"""Seconds that open pages have to end in once the server is told to stop; then their connections are closed."""


def main(port: str) -> None:
    """Run the server until it is told to stop (SIGTERM, Ctrl+C).

    Where a folder `pages/` exists, Streamlit 1.67 takes the first request after a start for one of its old page files until
    app.py has run once: whoever opens a link first is told that the page does not exist. It is told beforehand.
    """
    PagesManager.uses_pages_directory = False
    os.chdir(TOP)
    importlib.import_module("sop.page")  # a second's work, which whoever opens the first page need not wait for
    sys.argv = [str(TOP / "app.py")]
    app = application()
    writing_down.begin()
    app.run(config={"server.port": int(port)})


if __name__ == "__main__":
    main(sys.argv[1])
