"""What the page about the scarce hours asks and shows: contested months, options side by side, and changes by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sop import arbitrated, arbitrating, charts_arbitrate, findings_arbitrate, in_force, memory, opening, words
from sop.arbitrating import Claims, Option, Weights
from sop.deciding import Chosen
from sop.errors import SopError
from sop.page.asking import Seen, currency, held_settings, query, seen
from sop.page.choosing import linked, open_customer
from sop.page.forward import open_order_line
from sop.page.showing import picture, section, table

SECONDS = 20.0
"""How long the best overall is looked for."""
MANY = 100_000
"""Order lines, and more, of which few sets of options are kept."""
STEPS = ("arbitrate/lines", "arbitrate/steps", "arbitrate/customers", "arbitrate/hours")
"""What the options are reckoned from."""


def choose_weights() -> Weights:
    """Offer what a month late costs and how much each customer weighs, as the settings have it first; all of it in the URL."""
    showing = held_settings().showing
    usual = Weights(**{name: getattr(showing, f"weight_{name}") for name in Weights.__dataclass_fields__})
    with st.popover("Weights"):
        st.markdown("A month late costs a share of the late value, times the weight of the customer.")
        figures = {
            name: st.number_input(label, 0.0, most, getattr(usual, name), step, key=name, bind="query-params")
            for name, label, most, step in (
                ("tier_a", "Weight of tier A", 100.0, 0.5), ("tier_b", "Weight of tier B", 100.0, 0.5),
                ("tier_c", "Weight of tier C and of the rest", 100.0, 0.5),
                ("let_down", "More for the share of promises broken in the last six months, times", 100.0, 0.5),
                ("late_rate", "A month late costs this share of the value", 10.0, 0.05),
            )
        }  # fmt: skip
    return Weights(**{name: getattr(usual, name) if value is None else float(value) for name, value in figures.items()})


def claims(opportunities: str | None = None) -> Claims:
    """Every open order line of this run's snapshot with the hours it asks for, and opportunities where asked for."""
    *asked, hours = STEPS
    lines, steps, customers = (query(name, opportunities=opportunities) for name in asked)
    return _claims(seen(), opportunities, _answers=(lines, steps, customers, query(hours)))


@st.cache_resource(max_entries=4, show_spinner=False)
def _claims(seen: Seen, opportunities: str | None, _answers: tuple[pd.DataFrame, ...]) -> Claims:
    """The same for everybody who sees the same: nobody writes into it."""
    lines, steps, customers, hours = _answers
    return arbitrating.claims_of(lines, steps, customers, hours)


def options(known: Claims, weights: Weights, chosen: opening.Chosen) -> dict[str, Option]:
    """Every option by name; those that cannot be had are named with the reason. Worked out once for all who ask the same."""
    weigh = _options if len(known.lines) < MANY else _options_of_many
    with st.spinner("Weighing the options"):
        found, why_not = weigh(seen(), weights, json.dumps(chosen, sort_keys=True), _known=known, _chosen=chosen)
    for reason in why_not.values():
        st.info(words.plain(reason))
    return found


Found = tuple[dict[str, Option], dict[str, str]]


@st.cache_resource(max_entries=8, show_spinner=False)
def _options(seen: Seen, weights: Weights, opened: str, _known: Claims, _chosen: opening.Chosen) -> Found:
    return arbitrating.options(_known, weights, opening.levers_of(_known, _chosen), SECONDS)


@st.cache_resource(max_entries=2, show_spinner=False)
def _options_of_many(seen: Seen, weights: Weights, opened: str, _known: Claims, _chosen: opening.Chosen) -> Found:
    """Kept for two who arbitrate at a time: weighing a million open order lines takes a gigabyte, and less than half stays."""
    found = arbitrating.options(_known, weights, opening.levers_of(_known, _chosen), SECONDS)
    memory.give_back()
    return found


def base_of(known: Claims, found: Mapping[str, Option]) -> Option:
    """What the options are held against: the plan in force, or the earliest promise where nothing decided stands."""
    try:
        decided = query("arbitrate/in_force")
    except SopError as trouble:
        st.warning(words.plain(str(trouble)))
        return found["promise"]
    return in_force.as_base(known, found["promise"], decided)


def compare(found: Mapping[str, Option], base: Option) -> None:
    """Options side by side: customer by customer against the plan in force, and their totals."""
    shown = [base, *(option for option in found.values() if option.name != base.name)]
    winners_and_losers(shown, base, "winners")
    section(findings_arbitrate.of_the_options(found, base, currency()), *STEPS, "arbitrate/in_force")
    table(arbitrated.side_by_side(shown), key="options")
    st.caption(words.plain(findings_arbitrate.of_the_proof(found["best"], currency())))


def winners_and_losers(shown: Sequence[Chosen], base: Chosen, key: str) -> None:
    """The picture of who wins and who loses, customer by customer, against `base`."""
    rows = arbitrated.against(shown, base)
    section(f"Who wins and who loses: {currency()} late, and the change on “{base.title}”")
    st.caption(
        "Blue and ▼: less comes late for them. Orange and ▲: more does. A click on a customer's cell opens the customer."
    )
    picture(
        charts_arbitrate.winners_and_losers(rows, base.title, currency()),
        "Late value by customer and option, with the change on the plan in force", key, open_customer_of_cell,
    )  # fmt: skip
    there_are = rows["customer_id"].nunique()
    if there_are > charts_arbitrate.MOST_CUSTOMERS:
        st.caption(
            f"The {charts_arbitrate.MOST_CUSTOMERS} customers most apart, of {words.number(there_are)} with an open order line."
        )


def open_customer_of_cell(point: Mapping[str, Any]) -> None:
    """Open the customer of a cell of the picture. For `on_point`."""
    open_customer({"customer_id": point["customdata"][0]})


def choose_option(found: Mapping[str, Option]) -> Option:
    """Offer one option to look at; the best overall where none is chosen."""
    names = {name: option.title for name, option in found.items()}
    key = linked("option", names, "option", "best")
    chosen = st.segmented_control("Option", list(names), key=key, format_func=names.__getitem__, required=True)
    return found[str(chosen)]


def one_option(option: Option, known: Claims) -> None:
    """What one option does to customers and to the lines that come late, each with its reason."""
    late = option.lines[~option.lines["is_kept"]].sort_values("late_value", ascending=False, kind="stable").head(1000)
    named = late.merge(known.customers[["customer_id", "customer_name"]], on="customer_id", how="left")
    columns = ["customer_name", "order_id", "line_number", "promised_date", "new_promised_date", "imposed_days",
               "late_quantity", "late_value", "why", "customer_id"]  # fmt: skip
    section(
        f"“{option.title}”, customer by customer and line by line",
        "definitions/let_down_lately",
        "definitions/days_imposed",
    )
    customers, lines = st.tabs(["By customer", "Lines that come late, and why"])
    with customers:
        worst = option.customers.sort_values("late_value", ascending=False, kind="stable")
        table(worst.rename(columns=arbitrated.LATELY), key="option-customers", hide=["customer_id"],
              on_row=open_customer)  # fmt: skip
    with lines:
        table(named[columns], key="option-lines", hide=["customer_id"], on_row=open_order_line,
              empty="No line comes late.")  # fmt: skip


def value_of_hours(best: Option, known: Claims) -> None:
    """What one more hour would save at each work centre and month, and within which hours that holds."""
    if best.best is None or not best.best.is_proven:
        return
    values = arbitrated.hour_values(known, best.best)
    section(findings_arbitrate.of_the_hours(values, currency()))
    st.caption(words.plain(findings_arbitrate.of_the_range(values)))
    table(values, key="hour-values", hide=["work_centre_id"], empty="There are hours enough everywhere.")
