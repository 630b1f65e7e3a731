"""A pack made from a command line: asked of a snapshot and written to a file in one step."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sop import company, pack, words
from sop.errors import SopError
from sop.pack.asking import Asker, Snapshots, month_to_review
from sop.pack.parts import Pack
from sop.pack.review import Say, choose_customers, review
from sop.snapshots import Home


def to_file(
    home: Home,
    out: Path,
    month: str | None = None,
    customers: str = "",
    *,
    snapshot: str | None = None,
    say: Say = lambda what, share: None,
) -> Pack:
    """Write the review of a month, the newest unless named, to `out` in the form that its name ends in; return the pack.

    `customers`: see choose_customers. An existing file is replaced only by a whole one. Raises SopError for a form, a month
    or a customer there is not, a snapshot that cannot be opened, and a file that cannot be written.
    """
    form = out.suffix.removeprefix(".").lower()
    if form not in pack.FORMATS:
        ends = ", ".join(f".{known}" for known in pack.FORMATS)
        raise SopError(f"{out}: a pack is a file that ends in one of {ends}.")
    standing = company.as_far_as_known(home.folder)
    words.write_numbers(standing.showing.number_style)
    asked = Snapshots(home, snapshot)
    try:
        asker = Asker(asked, has_two=asked.has_two, standing=standing)
        reviewed = month_to_review(asker, month)
        made = review(asker, reviewed, choose_customers(asker, reviewed, customers), say)
    finally:
        asked.close()
    say(f"Writing {out.name}", 1.0)
    _replace(out, pack.written(made, form))
    return made


def _replace(out: Path, text: bytes) -> None:
    """Write beside the file, then over it: whoever has the old one open never sees half of the new."""
    beside = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        beside.write_bytes(text)
        os.replace(beside, out)
    except OSError as trouble:
        beside.unlink(missing_ok=True)
        raise SopError(f"{out} cannot be written: {trouble.strerror or trouble}.") from None
