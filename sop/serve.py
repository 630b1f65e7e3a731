"""Serve the app: `python -m sop.serve PORT`, which is what `python -m sop run` starts."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

from sop import leftovers, memory
from sop.errors import SopError
from sop.serving import listening, writing_down
from sop.serving.application import application
from sop.snapshots import Home

TOP = Path(__file__).parent.parent

PARTING = 5
"""Seconds that open pages have to end in once the server is told to stop; then their connections are closed."""


def main(port: str, address: str = "127.0.0.1", hosts: Sequence[str] = ()) -> None:
    """Run the server until it is told to stop (SIGTERM, Ctrl+C), at an address, for those who ask for it by one of the names.

    Where a folder `pages/` exists, Streamlit 1.67 takes the first request after a start for one of its old page files until
    app.py has run once: whoever opens a link first is told that the page does not exist. It is told beforehand.

    Raises SigningError or PeopleError, before anything is served, where strangers would be let in or nobody could be.
    """
    memory.keep_little()
    PagesManager.uses_pages_directory = False
    options = listening.options(address, hosts)
    os.chdir(TOP)
    for said in leftovers.at_start(Home()):
        print(said, file=sys.stderr)
    importlib.import_module("sop.page")  # a second's work, which whoever opens the first page need not wait for
    sys.argv = [str(TOP / "app.py")]
    app = application(options["server.allowedHosts"])
    writing_down.begin()
    app.run(config={"server.port": int(port), **options})


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m sop.serve")
    words.add_argument("port")
    words.add_argument("--address", default="127.0.0.1")
    words.add_argument("--host", action="append", default=[])
    given = words.parse_args()
    try:
        main(given.port, given.address, given.host)
    except SopError as trouble:
        print(trouble, file=sys.stderr)
        sys.exit(trouble.exit_code)
