"""The pack to take away: the review as PowerPoint, PDF, a page to read offline, and a workbook with the figures behind it.

It asks the very queries that the pages ask, with the same parameters, and says what they say.
"""

from __future__ import annotations

import importlib

from sop.errors import SopError
from sop.pack.parts import Pack

FORMATS = {
    "pptx": ("PowerPoint", "powerpoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "pdf": ("PDF", "pdf", "application/pdf"),
    "html": ("Web page", "offline", "text/html"),
    "xlsx": ("Excel", "workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""What a pack can be, by the end of its file's name: its name, the module that writes it, and its media type."""


def written(pack: Pack, form: str) -> bytes:
    """The pack as a file of this form. Raises SopError for an unknown one."""
    if form not in FORMATS:
        raise SopError(f"A pack cannot be written as {form!r}; it can as {', '.join(FORMATS)}.")
    # What writes one form is not loaded for another: each library takes a moment.
    writer = importlib.import_module(f"sop.pack.{FORMATS[form][1]}")
    made: bytes = writer.write(pack)
    return made
