"""Bringing new extracts: drop files, see how they are understood, check them, see what will change, publish."""

from __future__ import annotations

import csv
import functools
import io
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from sop import access, loading, reporting, words
from sop.access import Act
from sop.decisions import Log
from sop.errors import LogError, SopError, TooManyRejects
from sop.extracts import mapping_file
from sop.extracts.looking import look
from sop.extracts.mapping import FileMapping
from sop.extracts.recognising import Recognised
from sop.leftovers import UploadFolder
from sop.page import naming
from sop.page.asking import currency
from sop.page.confirming import confirm
from sop.page.exporting import written_down
from sop.page.showing import ROWS, harmless, section, table
from sop.page.signing import ask_name
from sop.page.uploading import lay_down
from sop.snapshots import Home

BROUGHT, CHECKED, ROUND, SAID = "brought-files", "checked-load", "uploads-round", "published-now"
"""Session keys: the files as they were laid down and understood, the report of the last check of them, how often this
session has published, and what came of the last time."""


@dataclass
class _Brought:
    """Uploaded files in a folder of their own, which goes when the session forgets them."""

    uploads: tuple[str, ...]
    folder: tempfile.TemporaryDirectory[str]
    files: list[Path] = field(default_factory=list)
    recognised: tuple[Recognised, ...] = ()
    trouble: str = ""


def bring_files() -> None:
    """Upload, confirm how the files are read, check, see what will change, publish; nothing is published before that click."""
    access.require(Act.PUBLISH)
    section("Bring new extracts")
    for say, text in st.session_state.pop(SAID, ()):
        say(words.plain(text))
    uploaded = st.file_uploader(
        "Exports as they are: CSV or text files, packed (.gz) or workbooks; a mapping (TOML) if you have one",
        type=["csv", "tsv", "txt", "tab", "dat", "gz", "xlsx", "xlsm", "xls", "ods", "toml"],
        accept_multiple_files=True,
        key=f"uploads-{st.session_state.get(ROUND, 0)}",
    )
    most = st.get_option("server.maxUploadSize")
    st.caption(f"Up to {most} MB a file. A larger one is loaded from the command line: python -m sop load FILES.")
    if not uploaded:
        st.session_state.pop(BROUGHT, None)
        st.session_state.pop(CHECKED, None)
        return
    brought = _brought(uploaded)
    if brought.trouble:
        st.error(words.plain(brought.trouble), title="These files cannot be used as they are")
        return
    confirmed = [confirm(one) for one in brought.recognised]
    used = [one for one in confirmed if one is not None]
    left_out = frozenset(
        one.table.name for one, kept in zip(brought.recognised, confirmed, strict=True) if kept is None
    )
    undecided = [one for one in used if not one.is_clear]
    if undecided:
        named = words.joined([words.plain(one.name) for one in undecided])
        st.caption(f"Something is still to be decided in {named}.")
    work = _Work(brought, [one.mapping for one in used if one.mapping], left_out, used)
    if st.button("Check these files", key="check", disabled=bool(undecided) or not used):
        st.session_state[CHECKED] = (work.mark, work.load(dry_run=True))
    known = st.session_state.get(CHECKED)
    if known and known[0] == work.mark and known[1] is not None:
        _show_report(known[1])
        _offer_publishing(work, known[1])


def _brought(uploaded: Sequence[Any]) -> _Brought:
    """The uploads laid down and understood, once for each set of them."""
    uploads = tuple(upload.file_id for upload in uploaded)
    known = st.session_state.get(BROUGHT)
    if isinstance(known, _Brought) and known.uploads == uploads:
        return known
    brought = _Brought(uploads, UploadFolder())
    with st.status("Looking at the files") as status:
        try:
            brought.files, given = _laid_out(uploaded, Path(brought.folder.name))
            if brought.files:
                brought.recognised = look(
                    brought.files, Path(brought.folder.name), home=Home(), given=given,
                    on_step=lambda step: status.update(label=words.plain(step)),
                )  # fmt: skip
            status.update(label="Looked at", state="complete")
        except SopError as trouble:
            brought.trouble = str(trouble)
            status.update(label="These files cannot be used as they are", state="error")
    st.session_state[BROUGHT] = brought
    return brought


def _laid_out(uploaded: Sequence[Any], folder: Path) -> tuple[list[Path], list[FileMapping]]:
    """Write uploads to a folder of their own. An upload's name is a label: only its last part is kept, and never a path."""
    files: list[Path] = []
    mappings: list[FileMapping] = []
    for number, upload in enumerate(uploaded):
        place = folder / str(number)
        place.mkdir()
        file = place / naming.last_part(upload.name)
        lay_down(upload, file)
        if file.suffix.lower() == ".toml":
            mappings += mapping_file.read(file)
        else:
            files.append(file)
    return files, mappings


@dataclass
class _Work:
    """What is to be loaded: the brought files and how they are read."""

    brought: _Brought
    mappings: list[FileMapping]
    left_out: frozenset[str]
    recognised: list[Recognised]
    trouble: str = ""
    """Why the mappings could not be kept, where they could not."""

    @property
    def mark(self) -> tuple[object, ...]:
        """By what a check is known to have been made of this very work."""
        return (self.brought.uploads, tuple(mapping.fingerprint for mapping in self.mappings), self.left_out)

    def load(self, *, dry_run: bool, who: str | None = None, accept: bool = False) -> loading.Report | None:
        """Load, saying each step; None where the files cannot be used, which is said in place."""
        with st.status("Looking over the files") as status:
            step = _stepper(status.update)
            try:
                report = loading.load(
                    self.brought.files, mappings=self.mappings, leave_out=self.left_out, dry_run=dry_run,
                    accept_rejects=accept or dry_run, created_by=who, on_step=step,
                )  # fmt: skip
                if who is not None:
                    step("Saving how the files are read")
                    self._save(who)
            except SopError as trouble:
                status.update(label="These files cannot be used as they are", state="error", expanded=True)
                st.error(words.plain(str(trouble)))
                return None
            status.update(label="Checked" if dry_run else "Published", state="complete")
        return report

    def _save(self, who: str) -> None:
        """Keep every confirmed mapping for the next month; a log that cannot be written is said and stops nothing."""
        log = Log(Home().folder)
        for recognised, mapping in zip(self.recognised, self.mappings, strict=True):
            if recognised.origin != "own names" or any(one.why == "chosen by you" for one in recognised.columns):
                table_ = mapping_file.as_table(replace(mapping, name="*"))
                try:
                    log.save_mapping(
                        fingerprint=recognised.fingerprint, file_name=recognised.name, mapping=table_, by=who
                    )
                except LogError as trouble:
                    self.trouble = str(trouble)
                    return


def _stepper(update: Callable[..., Any]) -> Callable[[str], None]:
    """Shows the step at work as the label and every step before it as a line."""

    def step(text: str) -> None:
        update(label=words.plain(text))
        st.caption(words.plain(text))

    return step


def _show_report(report: loading.Report) -> None:
    if report.is_unchanged:
        st.success("The live snapshot was made from these very files. There is nothing to publish.")
        return
    if report.changes and report.changes.alarms:
        said = "\n".join(f"- {words.plain(alarm)}" for alarm in report.changes.alarms)
        st.warning(said, title="Look twice before publishing")
    brought = [source for source in report.sources if not source["carried_from"]]
    columns = ["file_name", "extract_name", "read_count", "kept_count", "rejected_count", "left_out_count"]
    table(pd.DataFrame(brought)[columns].rename(columns=ROWS), key="report-sources", download=False)
    _show_rejected(report)
    if report.warnings:
        st.markdown("**Kept, but doubtful**")
        kinds = pd.DataFrame(report.warnings).drop_duplicates("rule_name")
        table(
            kinds[["message", "row_count", "file_name", "line_number", "value"]], key="report-doubtful", download=False
        )
    _show_changes(report)


def _show_rejected(report: loading.Report) -> None:
    if not report.rejected:
        return
    st.markdown("**Set aside: these rows cannot be used, the others load**")
    frame = pd.DataFrame(report.rejected).drop(columns="cells").astype({"line_number": "string"})
    table(frame, key="report-rejected", download=False)
    for number, name in enumerate(dict.fromkeys(row["file_name"] for row in report.rejected)):
        st.download_button(
            f"Download the rejected rows of {words.plain(name)}, to mend and bring again",
            written_down(f"the rejected rows of {name}", functools.partial(mendable, report, name)),
            f"rejected-{Path(name).stem}.csv", "text/csv",
            key=f"mend-{number}", type="tertiary", on_click="ignore",
        )  # fmt: skip


def mendable(report: loading.Report, file_name: str) -> bytes:
    """A file's rejected rows with their original cells under the original header, and behind them line, column and reason."""
    rows: dict[tuple[Any, ...], list[str]] = {}
    for row in report.rejected:
        if row["file_name"] == file_name:
            why = f"{row['column_name']}: {row['reason']}" if row["column_name"] else row["reason"]
            rows.setdefault((row["line_number"], tuple(row["cells"])), []).append(why)
    header = report.headers.get(file_name, ())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*map(harmless, header), "rejected line", "rejected because"])
    for (line, cells), reasons in rows.items():
        padded = [*cells, *[""] * (len(header) - len(cells))]
        writer.writerow([*map(_mendable_cell, padded), line, "; ".join(dict.fromkeys(reasons))])
    return ("\ufeff" + out.getvalue()).encode()


def _mendable_cell(cell: str) -> str:
    """A cell as text for a spreadsheet; a number stays as it is, so that the row reads the same when it is brought again."""
    return cell if re.fullmatch(r"[-+]?[\d.,]*", cell) else str(harmless(cell))


def _show_changes(report: loading.Report) -> None:
    changes = report.changes
    if changes is None:
        st.caption("Nothing of your own is live yet, so there is nothing to compare with.")
        return
    st.markdown("**What will change**")
    table(pd.DataFrame(changes.rows), key="report-changes", download=False)
    headline = reporting.headlines(changes, currency())
    table(
        pd.DataFrame(headline, columns=["headline", "now", "after publishing"]), key="report-headline", download=False
    )
    st.markdown("**The ten largest movements**")
    table(pd.DataFrame(changes.movements), key="report-movements", empty="No customer's gap or open value moves.")


def _offer_publishing(work: _Work, report: loading.Report) -> None:
    if report.is_unchanged:
        return
    who = ask_name("Your name", "publisher", placeholder="Who publishes this?")
    refused = _too_many(report)
    accept = bool(refused) and st.checkbox(f"{refused} Publish the rest anyway.", key="accept-rejects")
    if st.button("Publish", key="publish", disabled=not who.strip() or bool(refused and not accept)):
        published = work.load(dry_run=False, who=who.strip(), accept=accept)
        if published:
            _begin_anew(published, work.trouble)


def _begin_anew(published: loading.Report, trouble: str) -> None:
    """Show the page on what was just published, without the files that are in now."""
    text = f"Published as snapshot {published.snapshot}. Everyone sees it from their next click on."
    said = [(st.success, text), *((st.warning, warning) for warning in (*published.said, trouble) if warning)]
    st.session_state[SAID] = said
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.session_state.pop(BROUGHT, None)
    st.session_state.pop(CHECKED, None)
    st.rerun()


def _too_many(report: loading.Report) -> str:
    """The sentence that says that more rows are rejected than the settings allow; empty where it is not so."""
    try:
        loading.refuse_too_many(report)
    except TooManyRejects as trouble:
        return words.plain(str(trouble).split(". The first")[0] + ".")
    return ""
