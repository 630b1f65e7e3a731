"""The page of one customer: what they asked, what we promised, what we delivered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sop import findings, findings_ahead, words
from sop.errors import SopError
from sop.pack import decided, pictures
from sop.pack.asking import Asker, records, year_to
from sop.pack.parts import Facts, Figure, Page, Sentences

MOST = 50
"""Customers that get a page of their own."""


def page(asker: Asker, customer: str, month: datetime.date, facts: Facts) -> Page:
    """One customer over the twelve months up to `month`, as their page shows them. Raises SopError for an unknown one."""
    asked = {"customer": customer, **year_to(month)}
    found = asker.query("customer/headline", **asked)
    if found.empty:
        raise SopError(f"There is no customer {customer!r} in this snapshot.")
    known, money = records(found)[0], facts.currency
    dates, wait = asker.query("customer/dates", **asked), asker.row("customer/gap_identity", **asked)
    ahead = asker.query("customer/ahead", customer=customer)
    figures = (
        Figure("To first promise", words.percent(known["promise_rate"])),
        Figure("To request", words.percent(known["request_rate"])),
        Figure("To current promise", words.percent(known["current_rate"])),
        Figure("Gap", words.money(known["gap_value"], money)),
        Figure("Waiting now", words.money(known["waiting_value"], money)),
    )
    said = (
        findings.own_measure(known),
        f"{findings.of_the_dates(dates)}.",
        f"{findings.of_the_wait(wait)}.",
        f"{findings.of_the_lateness(asker.query('customer/lateness', **asked))}.",
        f"{findings_ahead.of_the_open(None if ahead.empty else records(ahead)[0], money)}.",
        decided.of_the_customer(asker, customer),
    )
    parts = (
        pictures.asked_promised_delivered(dates, money, "customer/dates"),
        pictures.gap_waterfall(wait, "customer/gap_identity"),
        Sentences(tuple(line for line in said if line), "In words"),
    )
    return Page(
        f"{known['customer_name']}: {findings.of_the_measures(known)}",
        "What did this customer ask, what did we promise, what did we deliver?",
        parts,
        (0.42, 0.3, 0.28),
        figures,
        f"{_who(known)}. {_span(month)}.",
        rung="each rate names its own reading of kept",
    )


def _who(customer: Mapping[str, Any]) -> str:
    names = ("tier", "segment", "region", "account_manager")
    said = [f"{words.label(name)} {customer[name]}" for name in names if customer[name]]
    return ", ".join([f"Number {customer['customer_id']}", *said])


def _span(month: datetime.date) -> str:
    first = year_to(month)["first_month"]
    return f"Months of promise from {first:%B %Y} to {month:%B %Y}"
