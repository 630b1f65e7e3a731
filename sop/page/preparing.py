"""The planner's page: which extracts are in, bringing new files, what they will change, publishing, and going back."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from sop import loading, words
from sop.errors import MappingError, SopError, TooManyRejects
from sop.extracts import mapping
from sop.extracts.contract import extracts
from sop.extracts.suggesting import suggest
from sop.page.asking import currency, query
from sop.page.showing import section, table
from sop.snapshots import Home

CHECKED = "checked-load"
"""Session key: the report of the last check and the fingerprint of the files it was made from."""


def extracts_in() -> None:
    """Which extracts this snapshot holds, what is missing and what it would show, and what was set aside."""
    held = query("prepare/extracts")
    missing = [name for name in extracts() if name not in set(held["extract_name"])]
    section("What is in", "prepare/extracts")
    table(held, key="extracts-in", download=False, empty="Nothing was loaded yet.")
    if missing:
        named = words.joined([name.replace("_", " ") for name in missing])
        st.info(
            f"Not in yet: {named}. The pages that need them say so; order lines and deliveries are enough to start."
        )
    rejected, doubtful = query("prepare/rejected"), query("prepare/doubtful")
    with st.expander(f"Set aside: {words.counted(len(rejected), 'row')}"):
        table(rejected, key="rejected-rows", empty="No row was rejected.")
    with st.expander(f"Kept, but doubtful: {words.counted(len(doubtful), 'kind')}"):
        table(doubtful, key="doubtful-rows", empty="Nothing is doubtful.")


def bring_files() -> None:
    """Upload, check, see what will change, publish. Nothing is published before the last click."""
    section("Bring new extracts")
    uploaded = st.file_uploader(
        "CSV files or workbooks, and a mapping (TOML) where the columns have other names",
        type=["csv", "tsv", "txt", "gz", "xlsx", "xls", "ods", "toml"],
        accept_multiple_files=True,
        key="uploads",
    )
    if not uploaded:
        st.session_state.pop(CHECKED, None)
        return
    marked = hashlib.sha256(b"".join(hashlib.sha256(file.getvalue()).digest() for file in uploaded)).hexdigest()
    if st.button("Check these files", key="check"):
        st.session_state[CHECKED] = (marked, _load(uploaded, dry_run=True))
    known = st.session_state.get(CHECKED)
    if known and known[0] == marked:
        _show_report(known[1])
        if known[1] is not None:
            _offer_publishing(uploaded, known[1])


def _load(
    uploaded: Iterable[Any], *, dry_run: bool, who: str | None = None, accept: bool = False
) -> loading.Report | None:
    """Load the uploaded files, saying each step; None where they cannot be used, which is said in place."""
    with tempfile.TemporaryDirectory(prefix="sop-uploads-") as folder, st.status("Looking over the files") as status:
        files: list[Path] = []
        try:
            files, mappings = _laid_out(uploaded, Path(folder))
            report = loading.load(
                files,
                mappings=mappings,
                dry_run=dry_run,
                accept_rejects=accept or dry_run,
                created_by=who,
                on_step=lambda step: status.update(label=words.plain(step)),
            )
        except SopError as trouble:
            status.update(label="These files cannot be used as they are", state="error", expanded=True)
            st.error(words.plain(str(trouble)))
            if isinstance(trouble, MappingError):
                _offer_mappings(files, Path(folder))
            return None
        status.update(label="Checked" if dry_run else "Published", state="complete")
        return report


def _offer_mappings(files: Iterable[Path], folder: Path) -> None:
    """A mapping to start from for each file: proposed from its header and values, to be checked and brought beside it."""
    for file in files:
        try:
            text = suggest(file, file.name, folder)
        except SopError:
            continue
        st.markdown(
            f"**A mapping to start from, for {words.plain(file.name)}.** Check it, save it, and bring both files."
        )
        st.code(text, language="toml", wrap_lines=True)
        st.download_button("Download this mapping", text, f"{file.stem}.toml", "application/toml", key=f"map-{file.parent.name}",
                           on_click="ignore")  # fmt: skip


def _laid_out(uploaded: Iterable[Any], folder: Path) -> tuple[list[Path], list[mapping.FileMapping]]:
    """Write uploads to a folder of their own. An upload's name is a label: only its last part is kept, and never a path."""
    files: list[Path] = []
    mappings: list[mapping.FileMapping] = []
    for number, upload in enumerate(uploaded):
        name = Path(upload.name.replace("\\", "/")).name or "file"
        place = folder / str(number)
        place.mkdir()
        file = place / name
        file.write_bytes(upload.getbuffer())
        if file.suffix.lower() == ".toml":
            mappings += mapping.read(file)
        else:
            files.append(file)
    return files, mappings


def _show_report(report: loading.Report | None) -> None:
    if report is None:
        return
    if report.is_unchanged:
        st.success("The live snapshot was made from these very files. There is nothing to publish.")
        return
    for alarm in report.changes.alarms if report.changes else ():
        st.warning(words.plain(alarm))
    brought = [source for source in report.sources if not source["carried_from"]]
    columns = ["file_name", "extract_name", "read_count", "kept_count", "rejected_count"]
    table(pd.DataFrame(brought)[columns], key="report-sources", download=False)
    if report.rejected:
        st.markdown("**Set aside: these rows cannot be used, the others load**")
        table(
            pd.DataFrame(report.rejected).astype({"line_number": "string"}),
            key="report-rejected",
            file_name="rejected-rows",
        )
    if report.warnings:
        st.markdown("**Kept, but doubtful**")
        kinds = pd.DataFrame(report.warnings).drop_duplicates("rule_name")
        table(
            kinds[["message", "row_count", "file_name", "line_number", "value"]], key="report-doubtful", download=False
        )
    _show_changes(report)


def _show_changes(report: loading.Report) -> None:
    changes = report.changes
    if changes is None:
        st.caption("Nothing is live yet, so there is nothing to compare with.")
        return
    st.markdown("**What will change**")
    table(pd.DataFrame(changes.rows), key="report-changes", download=False)
    before, after, money = changes.headline_before, changes.headline_after, currency()
    figures = {
        "as of": [str(before["as_of_date"]), str(after["as_of_date"])],
        "promise rate": [words.percent(before["promise_rate"]), words.percent(after["promise_rate"])],
        "kept of due": [f"{row['kept_count']:,} of {row['due_count']:,}" for row in (before, after)],
        "gap": [words.money(row["gap_value"], money) for row in (before, after)],
        "lines waiting": [f"{row['overdue_count']:,}" for row in (before, after)],
    }
    table(
        pd.DataFrame({"headline": list(figures), "now": [pair[0] for pair in figures.values()],
                      "after publishing": [pair[1] for pair in figures.values()]}),
        key="report-headline", download=False,
    )  # fmt: skip
    st.markdown("**The ten largest movements**")
    table(pd.DataFrame(changes.movements), key="report-movements", empty="No customer's gap or open value moves.")


def _offer_publishing(uploaded: Iterable[Any], report: loading.Report) -> None:
    if report.is_unchanged:
        return
    who = st.text_input("Your name", key="publisher", placeholder="Who publishes this?")
    refused = _too_many(report)
    accept = bool(refused) and st.checkbox(f"{refused} Publish the rest anyway.", key="accept-rejects")
    if st.button("Publish", type="primary", key="publish", disabled=not who.strip() or bool(refused and not accept)):
        published = _load(uploaded, dry_run=False, who=who.strip(), accept=accept)
        if published:
            st.session_state.pop(CHECKED, None)
            st.success(f"Published as snapshot {published.snapshot}. Everyone sees it from their next click on.")


def _too_many(report: loading.Report) -> str:
    """The sentence that says that more rows are rejected than the settings allow; empty where it is not so."""
    try:
        loading.refuse_too_many(report)
    except TooManyRejects as trouble:
        return words.plain(str(trouble).split(". The first")[0] + ".")
    return ""


def history() -> None:
    """Every snapshot with its files and who published it; any of them can be made live again."""
    section("Published so far")
    home = Home()
    live, known = home.live(), home.history()
    frame = pd.DataFrame(
        {
            "snapshot": [manifest.id for manifest in known],
            "state": ["live" if manifest.id == live else "" for manifest in known],
            "as_of_date": pd.to_datetime([manifest.as_of for manifest in known]),
            "published_by": [manifest.created_by for manifest in known],
            "files": [", ".join(sorted({source["file_name"] for source in manifest.sources})) for manifest in known],
            "rejected_count": [sum(source["rejected_count"] for source in manifest.sources) for manifest in known],
        }
    )
    table(frame, key="history", download=False)
    earlier = [manifest.id for manifest in known if manifest.id != live]
    chosen = st.selectbox(
        "Make an earlier one live again", earlier, index=None, key="earlier", placeholder="Choose a snapshot"
    )
    if chosen and st.button("Make it live", key="roll-back"):
        home.publish(chosen)
        st.rerun()
