"""The pages about the months ahead: load against hours, promises at risk, what is about to be promised, contested months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop import arbitrated, cells, findings_ahead, findings_arbitrate, words
from sop.errors import LogError
from sop.pack import pictures
from sop.pack.asking import Asker, records
from sop.pack.parts import NO_RATE, Facts, Figure, Page, Sentences, Table, absent, table, visible

WEIGHT = {"weight": "recorded", "from_rate": None}
"""Opportunities count by their chance, as the page has it unless told otherwise."""
MOST_WORK_CENTRES = 10
MOST_MONTHS = 9
OVER, BELOW, FULL = "#f3bd6f", "#c9ddf8", "#79a8ee"
"""Grounds of the heatmap, from those of charts_ahead: above the hours, well below them, and nearly up to them."""


def pages(asker: Asker, facts: Facts) -> list[Page]:
    """Capacity, promises at risk, pipeline; each says what is missing where its extracts are not in."""
    given = asker.row("capacity/given")
    return [
        _capacity(asker, given, facts),
        _at_risk(asker, given, facts),
        _pipeline(asker, given, facts),
    ]


def _missing(given: Mapping[str, Any], question: str, *extracts: str) -> Page | None:
    """The page to show instead where an extract is not in, or no hours are known for the months ahead."""
    missing = [name for name in extracts if not given[f"has_{name}"]]
    if missing:
        said = f"Missing: {words.joined(missing)}. Bring them on the page Extracts."
        return absent(f"Not to be answered without {words.joined(missing)}", question, said)
    if given["last_month"] is None:
        said = f"The extract capacity has no hours from {given['first_month']:%B %Y} on. Bring a newer one."
        return absent("No hours are known for the months ahead", question, said)
    return None


def _horizon(given: Mapping[str, Any]) -> str:
    return f"{given['first_month']:%B %Y} to {given['last_month']:%B %Y}, each with all its hours."


def _capacity(asker: Asker, given: Mapping[str, Any], facts: Facts) -> Page:
    question = "Where are we full, and whose promises fill it?"
    instead = _missing(given, question, "capacity", "routings")
    if instead:
        return instead
    months, known = asker.query("capacity/utilisation", **WEIGHT), asker.row("capacity/headline", **WEIGHT)
    own = months[months["work_centre_id"] == months["work_centre_id"].iloc[0]]
    figures = (
        Figure(
            "Full months",
            f"{words.whole(known['full_count'])} of {words.whole(known['month_count'])}",
        ),
        Figure("Hours missing there", f"{words.whole(known['overload_hours'])}"),
        Figure("Backlog, hours", f"{words.whole(known['backlog_hours'])}"),
        Figure("At risk", words.money(known["at_risk_value"], facts.currency)),
    )
    parts = (pictures.load_against_hours(own, "capacity/utilisation"), heatmap(months, "capacity/utilisation"))
    note = f"{findings_ahead.of_the_work_centre(own)}. Opportunities count by their chance. {_horizon(given)}"
    return Page(findings_ahead.of_the_capacity(months), question, parts, (0.42, 0.58), figures, note, NO_RATE)


def heatmap(months: pd.DataFrame, source: str) -> Table:
    """Load over hours by work centre and month, the fullest on top, as a table whose cells are shaded and say their per cent."""
    ahead = list(months["month"].drop_duplicates().sort_values())[:MOST_MONTHS]
    centres = list(months["work_centre_id"].drop_duplicates())[:MOST_WORK_CENTRES]
    rates = {
        (row["work_centre_id"], row["month"]): (row["utilisation_rate"], row["is_full"], row["work_centre_name"])
        for row in months.to_dict("records")
    }
    rows, shades = [], []
    for centre in centres:
        found = [rates.get((centre, month), (None, False, "")) for month in ahead]
        name = next((name for *_, name in found if name), centre)
        rows.append((visible(str(name)), *(_cell(rate, is_full) for rate, is_full, _ in found)))
        shades.append(("", *(_shade(rate, is_full) for rate, is_full, _ in found)))
    there_are = months["work_centre_id"].nunique()
    more = f"The {len(centres)} fullest of {words.number(there_are)} work centres." if there_are > len(centres) else ""
    return Table(
        ("work centre", *(f"{month:%b %y}" for month in ahead)), (False, *[True] * len(ahead)), tuple(rows), source,
        f"Load over hours; ▲ is more than the hours there are. {more}".strip(), shades=tuple(shades),
        weights=(2.4, *[1.0] * len(ahead)),
    )  # fmt: skip


def _cell(rate: Any, is_full: bool) -> str:
    if cells.is_missing(rate):
        return "▲" if is_full else "–"
    return f"▲{rate:.0%}" if is_full else f"{rate:.0%}"


def _shade(rate: Any, is_full: bool) -> str:
    if is_full:
        return OVER
    if cells.is_missing(rate):
        return ""
    return FULL if rate >= 0.85 else BELOW if rate >= 0.5 else ""


def _at_risk(asker: Asker, given: Mapping[str, Any], facts: Facts) -> Page:
    known, found = asker.row("overview/ahead"), asker.query("overview/at_risk")
    columns = ("customer_name", "tier", "still_to_break_count", "still_to_break_value", "at_risk_count", "at_risk_value",
               "open_count", "open_value", "account_manager")  # fmt: skip
    listed = table(
        found, columns, "overview/at_risk", facts.currency, most=15, empty="No open promise is known to break."
    )
    missing = [name for name in ("capacity", "routings") if not given[f"has_{name}"]]
    unknown = (
        f"Without the extract {words.joined(missing)} only what is overdue is known to be at risk." if missing else ""
    )
    return Page(findings_ahead.of_the_risk(known, facts.currency), "Which promises are at risk?", (listed,), (1.0,),
                note=unknown, rung=NO_RATE)  # fmt: skip


def _pipeline(asker: Asker, given: Mapping[str, Any], facts: Facts) -> Page:
    question = "What are we about to promise, and can we?"
    instead = _missing(given, question, "opportunities", "routings", "capacity")
    if instead:
        return instead
    known, months = asker.row("pipeline/headline"), asker.query("pipeline/months")
    late = asker.query("pipeline/opportunities", figure="too late")
    figures = (
        Figure("Open", words.money(known["open_value"], facts.currency)),
        Figure("By its chance", words.money(known["weighted_value"], facts.currency)),
        Figure("Spoken for", words.money(known["spoken_for_value"], facts.currency)),
        Figure("Cannot be there in time", words.money(known["too_late_value"], facts.currency)),
    )
    columns = ("opportunity_id", "customer_name", "in_full_value", "probability_rate", "need_date", "earliest_month",
               "limiting_work_centre_name")  # fmt: skip
    parts = (
        pictures.needed_by_month(months, facts.currency, "pipeline/months"),
        table(late, columns, "pipeline/opportunities", facts.currency, most=8, empty="There is no such opportunity."),
    )
    note = f"{findings_ahead.of_the_already_told(known, facts.currency)}. {_horizon(given)}"
    return Page(
        findings_ahead.of_the_pipeline(known, facts.currency), question, parts, (0.36, 0.64), figures, note, NO_RATE
    )


def _decided(asker: Asker) -> pd.DataFrame:
    try:
        return asker.query("arbitrate/decided")
    except LogError:
        return pd.DataFrame()


def contested(asker: Asker, facts: Facts) -> Page:
    """The contested months with most at stake and what happens if nobody decides."""
    question = "Who gets the scarce hours?"
    instead = _missing(asker.row("capacity/given"), question, "capacity", "routings")
    if instead:
        return instead
    found = arbitrated.undecided_first(asker.query("arbitrate/contested"), _decided(asker))
    headline = findings_arbitrate.of_the_contested(found, facts.currency)
    if found.empty:
        tightest = findings_arbitrate.of_the_tightest(asker.query("capacity/utilisation", weight="none"))
        return Page(headline, question, (Sentences((tightest,)),), (1.0,), rung=NO_RATE)
    cards = tuple(
        f"{cell['work_centre_name']} · {words.month_name(cell['month'])}:"
        f" {'. '.join(findings_arbitrate.of_a_card(cell))}."
        for cell in records(found.head(3))
    )
    columns = ("work_centre_name", "month", "load_hours", "available_hours", "missing_hours", "broken_count", "customer_count",
               "at_stake_value")  # fmt: skip
    listed = table(found, columns, "arbitrate/contested", facts.currency, most=10, labels={"broken_count": "broken"})
    return Page(headline, question, (listed, Sentences(cards, "If nobody decides")), (0.6, 0.4), rung=NO_RATE)
