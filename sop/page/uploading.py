"""What somebody uploaded: on the disk where the server keeps it there, in memory where Streamlit does, as in tests of a page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sop.errors import SourceError
from sop.serving.uploads import file_of


def lay_down(upload: Any, file: Path) -> None:
    """Write an upload to a file. Raises SourceError where there was no room for it."""
    try:
        lies_at = file_of(upload.file_id)
        if lies_at is None:
            file.write_bytes(upload.getbuffer())
        else:
            shutil.copyfile(lies_at, file)
    except OSError as trouble:
        raise SourceError(
            f"{file.name} could not be taken in ({trouble.strerror or trouble}). Nothing was changed."
        ) from None


def bytes_of(upload: Any) -> bytes:
    """A small upload as a whole. Raises SourceError where there was no room for it."""
    try:
        lies_at = file_of(upload.file_id)
        return bytes(upload.getvalue()) if lies_at is None else lies_at.read_bytes()
    except OSError as trouble:
        raise SourceError(f"It could not be taken in ({trouble.strerror or trouble}). Nothing was changed.") from None
