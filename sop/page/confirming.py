"""How a brought file was understood, with a pick list for every column: a person confirms it or changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from sop import words
from sop.extracts.answering import Target, answered, choices, described, other_meanings, read_as, targets
from sop.extracts.contract import extracts
from sop.extracts.mapping import ColumnSource
from sop.extracts.proposing import Proposed
from sop.extracts.recognising import Recognised

BADGES = {
    "given": ("by your mapping file", "blue"),
    "own names": ("by its own column names", "green"),
    "saved": ("as confirmed before", "green"),
    "proposed": ("proposed: please check", "orange"),
}


def confirm(recognised: Recognised) -> Recognised | None:
    """Show a file and let a person change how it is read; None where they leave it out."""
    key = f"map/{recognised.table.name}/{recognised.fingerprint}"
    with st.container(border=True):
        label, colour = BADGES[recognised.origin]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{words.plain(recognised.name)}**")
            st.badge(label, color=colour)  # type: ignore[arg-type]
        st.caption(words.plain(_written(recognised)))
        if recognised.origin == "given":
            return recognised
        proposed = list(dict.fromkeys(one.extract for one in recognised.columns if one.source or one.question))
        fed = st.multiselect(
            "This file feeds", list(extracts()), default=proposed, key=f"{key}/feeds", format_func=_spoken,
            placeholder="Nothing: it is left out",
        )  # fmt: skip
        if not fed:
            st.info(
                "Nothing is recognised in this file. Say what it feeds, or leave it out."
                if not proposed
                else "It is left out."
            )
            return None
        answers = _asked(recognised, fed, key)
        answers |= _all_columns(recognised, fed, answers, key)
        _remarks(recognised)
        chosen = answered(recognised, fed, answers)
        _still_missing(chosen)
        return chosen


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _written(recognised: Recognised) -> str:
    """How the file is written, in one line."""
    sniffed = recognised.table.sniffed
    signs = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    said = [f"columns set apart by {signs.get(sniffed.delimiter, repr(sniffed.delimiter))}"]
    said.append(
        "UTF-8"
        if sniffed.encoding.startswith("utf-8")
        else {"cp1252": "Windows-1252"}.get(sniffed.encoding, sniffed.encoding.upper())
    )
    if sniffed.header_line > 1:
        said.append(f"header on line {sniffed.header_line}")
    if sniffed.trailing_lines:
        said.append(f"{words.counted(sniffed.trailing_lines, 'line')} at the end left out")
    text = ", ".join(said)
    return text[0].upper() + text[1:]


def _asked(recognised: Recognised, fed: Sequence[str], key: str) -> dict[Target, ColumnSource | None]:
    """What only a person can decide, one question each; nothing is chosen beforehand."""
    answers: dict[Target, ColumnSource | None] = {}
    for target, proposed in targets(recognised, fed).items():
        if not proposed.is_open:
            continue
        options = list(_answers(recognised, proposed, fed))
        said = [text for text, _ in options]
        place = st.selectbox(
            f":orange-badge[please decide] {words.plain(proposed.question or '')}", range(len(options)), index=None,
            format_func=said.__getitem__, key=f"{key}/asked/{'/'.join(target)}",
            placeholder=_values(proposed) or "Please choose",
        )  # fmt: skip
        if place is not None:
            answers |= options[place][1]
    return answers


def _answers(
    recognised: Recognised, proposed: Proposed, fed: Sequence[str]
) -> Iterator[tuple[str, dict[Target, ColumnSource | None]]]:
    """What may be answered to a question, in words, and which columns it decides.

    First what the column asked about can mean, then nothing, then the file's other columns.
    """
    target, name = proposed.target, _spoken(proposed.column)
    offered = choices(recognised, proposed)
    own = [source for source in offered if source == proposed.source or source in proposed.options]
    for source in own:
        yield f"{name} = {described(source)}", {target: source}
    for other, source in other_meanings(recognised, proposed):
        if other[0] in fed:
            yield f"{_spoken(other[1])} = {described(source)}", {target: None, other: source}
    yield f"{name}: not in this file", {target: None}
    for source in offered:
        if source not in own:
            yield f"{name} = {described(source)}", {target: source}


def _values(proposed: Proposed, most: int = 3) -> str:
    return " · ".join(sample if len(sample) <= 24 else f"{sample[:23]}…" for sample in proposed.samples[:most])


def _all_columns(
    recognised: Recognised, fed: Sequence[str], asked: Mapping[Target, ColumnSource | None], key: str
) -> dict[Target, ColumnSource | None]:
    """A pick list for every logical column that has a source or needs one; the others behind a switch."""
    rows = {target: one for target, one in targets(recognised, fed).items() if target not in asked and not one.is_open}
    wanted = {target: one for target, one in rows.items() if one.source or _is_required(target)}
    answers: dict[Target, ColumnSource | None] = {}
    with st.expander(
        f"Which column feeds what: {words.counted(sum(one.source is not None for one in rows.values()), 'column')}",
        expanded=recognised.origin == "proposed",
    ):
        more = st.toggle(f"Show the {len(rows) - len(wanted)} columns for which nothing was found", key=f"{key}/more")
        before = ""
        for target, proposed in (rows if more else wanted).items():
            if target[0] != before:
                before = target[0]
                st.markdown(f"**{_spoken(before).capitalize()}**")
            chosen = _pick(recognised, target, proposed, key)
            if chosen != proposed.source:
                answers[target] = chosen
    return answers


def _pick(recognised: Recognised, target: Target, proposed: Proposed, key: str) -> ColumnSource | None:
    """One line: what is wanted, the pick list, some values as they are read, and why it is proposed."""
    options: list[ColumnSource | None] = [*choices(recognised, proposed), None]
    name, pick, values = st.columns([2, 3, 4], vertical_alignment="center")
    required = " (needed)" if _is_required(target) else ""
    meaning = next(one.meaning for one in extracts()[target[0]].columns if one.name == target[1])
    name.markdown(words.plain(_spoken(target[1]) + required), help=words.plain(meaning))
    said = [described(option) for option in options]
    place = pick.selectbox(
        f"{_spoken(target[0])}: {_spoken(target[1])}", range(len(options)), label_visibility="collapsed",
        index=options.index(proposed.source), key=f"{key}/{'/'.join(target)}", format_func=said.__getitem__,
    )  # fmt: skip
    source = options[place]
    seen = read_as(recognised, target, source)
    why = f"{words.share(proposed.confidence)}: {proposed.why}" if source == proposed.source and source else ""
    values.caption("  \n".join(words.plain(text) for text in (seen, why) if text))
    return source


def _is_required(target: Target) -> bool:
    return target[1] in extracts()[target[0]].required


def _remarks(recognised: Recognised) -> None:
    notes = list(dict.fromkeys((*recognised.sniffed.notes, *recognised.notes)))
    if notes:
        with st.expander(f"What was noticed: {words.counted(len(notes), 'remark')}"):
            st.markdown("\n".join(f"- {words.plain(note)}" for note in notes))


def _still_missing(recognised: Recognised) -> None:
    if recognised.missing:
        named = words.joined(
            [
                _spoken(missing.partition(".")[2]) + f" ({_spoken(missing.partition('.')[0])})"
                for missing in recognised.missing
            ]
        )
        st.warning(
            words.plain(
                f"Still needed: {named}. Choose the column that says it, or take the extract out of what this file feeds."
            )
        )
