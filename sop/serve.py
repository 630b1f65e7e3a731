"""Serve the app: `python -m sop.serve PORT`, which is what `python -m sop run` starts."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

from sop import leftovers
from sop.snapshots import Home

TOP = Path(__file__).parent.parent


def main(port: str) -> None:
    """Run Streamlit's own server on app.py.

    Where a folder `pages/` exists, Streamlit 1.67 takes the first request after a start for one of its old page files until
    app.py has run once: whoever opens a link first is told that the page does not exist. It is told beforehand.
    """
    PagesManager.uses_pages_directory = False
    os.chdir(TOP)
    for said in leftovers.at_start(Home()):
        print(said, file=sys.stderr)
    importlib.import_module("sop.page")  # a second's work, which whoever opens the first page need not wait for
    sys.argv = ["streamlit", "run", "app.py", "--server.port", port]
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main(sys.argv[1])
