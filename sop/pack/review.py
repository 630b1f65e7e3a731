"""The pages of the review: each asks what the page on the screen asks, says what it says, and shows it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from sop import findings, findings_ahead, words
from sop.errors import SopError
from sop.pack import ahead, customers, decided, pictures
from sop.pack.asking import Asker
from sop.pack.parts import NO_RATE, Facts, Figure, Pack, Page, Sentences, absent, table, without_absent

Say = Callable[[str, float], None]
"""`say(what, share)`: what is being made, and how much of the whole is done (0 to 1)."""

LEADING_RUNG = 2
"""The rung of the ladder that every headline stands on: to first promise."""


def review(asker: Asker, month: datetime.date, chosen: Sequence[str] = (), say: Say = lambda what, share: None) -> Pack:
    """The review of a month with a page for each of the chosen customers. Raises SopError where something cannot be asked."""
    facts = _facts(asker, month, chosen)
    makers: list[tuple[str, Callable[[], list[Page]]]] = [
        ("Decisions since last time", lambda: decided.last(asker, month, facts)),
        ("How did we do", lambda: [_how_did_we_do(asker, month, facts), _ladder(asker, month)]),
        ("Who was let down", lambda: [_let_down(asker, month, facts), _causes(asker, month, facts)]),
        ("What is coming", lambda: ahead.pages(asker, facts)),
        ("What moved", lambda: [_moves(asker, facts)]),
        ("Contested months and decisions", lambda: [ahead.contested(asker, facts), decided.log(asker, facts)]),
        *((f"Customer {one}", lambda one=one: [customers.page(asker, one, month, facts)]) for one in chosen),
        ("To close", lambda: [decided.closing(asker, facts)]),
    ]  # fmt: skip
    pages: list[Page] = []
    for place, (what, make) in enumerate(makers):
        say(what, place / len(makers))
        pages += make()
    return Pack(
        facts, f"S&OP review, {facts.month}", _first(asker, month, facts), tuple(without_absent(pages)), asker.answers
    )


def choose_customers(asker: Asker, month: datetime.date, asked: str) -> tuple[str, ...]:
    """The customers that get a page: '10' for those with the ten largest gaps of the month, or numbers with commas between.

    A number up to 50 is how many; a comma behind it makes it a customer's. Raises SopError for an unknown customer.
    """
    text = asked.strip()
    if not text:
        return ()
    if text.isdecimal() and len(text) <= 2 and int(text) <= customers.MOST:
        return tuple(asker.query("overview/let_down", month=month)["customer_id"].head(int(text)))
    known = set(asker.query("customer/choices")["customer_id"])
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in wanted if part not in known]
    if unknown:
        raise SopError(f"There is no customer {', '.join(map(repr, unknown))} in this snapshot.")
    if len(wanted) > customers.MOST:
        raise SopError(f"A pack has pages for {customers.MOST} customers at the most; {len(wanted)} were asked for.")
    return tuple(dict.fromkeys(wanted))


def _facts(asker: Asker, month: datetime.date, chosen: Sequence[str]) -> Facts:
    known = asker.row("overview/snapshot")
    rungs = asker.query("overview/ladder", first_month=month, last_month=month)
    rung = str(rungs.loc[rungs["rung_number"] == LEADING_RUNG, "rung"].iloc[0])
    late = int(known["late_days"])
    tolerance = f", {words.counted(late, 'day')} late allowed" if late else ", on the day or before"
    pages = f", {words.counted(len(chosen), 'customer page')}" if chosen else ""
    return Facts(
        company=asker.standing.measure.company_name,
        snapshot=str(known["snapshot_id"]),
        published=f"{_day(known['created_at'])} by {known['created_by']}",
        as_of=_day(known["as_of_date"]),
        month=words.month_name(month),
        filters=f"all customers{pages}",
        rung=f"kept {rung}{tolerance}",
        currency=asker.standing.measure.currency,
    )


def _first(asker: Asker, month: datetime.date, facts: Facts) -> Page:
    now = asker.row("overview/month", month=month)
    known = asker.row("overview/snapshot")
    counted = (
        f"{words.counted(int(known['order_line_count']), 'order line')},"
        f" {words.counted(int(known['delivery_count']), 'delivery', 'deliveries')}"
    )
    set_aside = f", {words.counted(int(known['rejected_count'] or 0), 'row')} set aside on loading"
    lines = (
        f"Snapshot {facts.snapshot}, published {facts.published}",
        f"As of {facts.as_of}: {counted}{set_aside if known['rejected_count'] else ''}",
        f"Month under review: {facts.month}. Shown: {facts.filters}",
        f"A promise counts as {facts.rung}, and in full, unless a page says otherwise",
    )
    return Page(findings.of_the_month(now), f"S&OP review, {facts.month}", (Sentences(lines),))


def _how_did_we_do(asker: Asker, month: datetime.date, facts: Facts) -> Page:
    now, trend = asker.row("overview/month", month=month), asker.query("overview/trend", month=month)
    before, money = words.month_before(month), facts.currency
    figures = (
        Figure("Promise rate", words.percent(now["promise_rate"]),
               words.change(now["promise_rate_change"], words.points, before) or ""),
        Figure("Gap", words.money(now["gap_value"], money),
               words.change(now["gap_value_change"], lambda gap: words.money(gap, money), before) or ""),
        Figure("Let down", f"{words.number(now['let_down_count'])}",
               words.change(now["let_down_count_change"], words.whole, before) or ""),
        Figure("Hidden by moving", words.points(now["repromise_effect_rate"]),
               words.change(now["repromise_effect_rate_change"], words.points, before) or ""),
        Figure("Waiting now", words.money(now["waiting_value"], money)),
    )  # fmt: skip
    chart = pictures.promises_kept_by_month(trend, "overview/trend")
    note = f"{findings.of_the_trend(trend)}. {findings.by_other_counts(now)}"
    return Page(findings.of_the_month(now), "How did we do?", (chart,), (1.0,), figures, note)


def _ladder(asker: Asker, month: datetime.date) -> Page:
    rungs = asker.query("overview/ladder", first_month=month, last_month=month)
    read = tuple(
        line.removeprefix("- ").replace("**", "") for line in findings.HOW_TO_READ_THE_LADDER.strip().splitlines()
    )
    parts = (pictures.ladder(rungs, "overview/ladder"), Sentences(read, "How to read the ladder"))
    return Page(findings.of_the_ladder(rungs), "How does the month look under each reading?", parts, (0.64, 0.36),
                rung="each bar names its own reading of kept")  # fmt: skip


def _let_down(asker: Asker, month: datetime.date, facts: Facts) -> Page:
    let_down = asker.query("overview/let_down", month=month)
    question = "Whom did we let down?"
    if let_down.empty:
        said = Sentences(("Every promise that was due this month was kept.",))
        return Page(findings.of_the_let_down(let_down, month), question, (said,), (1.0,))
    columns = ("customer_name", "tier", "broken_count", "due_count", "promise_rate", "target_rate", "gap_value")
    parts = (
        pictures.let_down_by_gap(let_down, facts.currency, "overview/let_down"),
        table(
            let_down,
            columns,
            "overview/let_down",
            facts.currency,
            labels={"broken_count": "broken", "due_count": "due"},
        ),
    )
    note = f"{words.counted(len(let_down), 'customer')} to speak about."
    return Page(findings.of_the_let_down(let_down, month), question, parts, (0.48, 0.52), note=note)


def _causes(asker: Asker, month: datetime.date, facts: Facts) -> Page:
    asked: dict[str, Any] = {"first_month": month, "last_month": month, "customer": None}
    found = asker.query("overview/causes", **asked)
    groups = asker.query("overview/cause_groups", by="customer", **asked)
    hot = findings_ahead.of_the_hot(asker.row("overview/hot", **asked), facts.currency)
    columns = ("group_name", "broken_count", "inside_lead_time_count", "not_seen_coming_count", "without_room_count",
               "reason_given_count", "not_explained_count", "gap_value")  # fmt: skip
    labels = {"group_name": "customer", "broken_count": "broken"}
    parts = (
        pictures.causes(found, "overview/causes"),
        table(groups, columns, "overview/cause_groups", facts.currency, most=10, labels=labels,
              empty="No promise was broken."),
    )  # fmt: skip
    note = f"{hot} The causes are in the order of the handover; a broken promise counts once, under the first that applies."
    return Page(findings_ahead.of_the_causes(found), "Where did the gap open?", parts, (0.45, 0.55), note=note)


def _moves(asker: Asker, facts: Facts) -> Page:
    question = "What moved since last month?"
    if not asker.has_two:
        said = "There is no earlier snapshot that this one can be compared with."
        return absent("What moved is not known yet", question, said)
    totals, between = asker.query("moves/totals"), asker.row("moves/snapshots")
    moved = asker.query("moves/customers", most=1_000)
    columns = ("customer_name", *(name for name in moved.columns if name not in ("customer_id", "customer_name")))[:6]
    listed = table(moved, columns, "moves/customers", facts.currency, most=10, empty="Nothing of any customer moved.")
    parts = asker.query("moves/parts")
    [risk] = [row for row in parts.to_dict("records") if row["part"] == "value at risk"]
    headline, note = findings.of_the_moves(totals, between), findings.of_the_other_moves(totals)
    if not risk["is_compared"]:
        why = findings.of_the_part({str(name): value for name, value in risk.items()})
        return Page(headline, question, (listed,), (1.0,), note=f"{note} {why}".strip(), rung=NO_RATE)
    steps = asker.query("moves/at_risk")
    chart = pictures.value_at_risk_bridge(steps, facts.currency, "moves/at_risk")
    note = f"{findings.of_the_bridge(steps, facts.currency)}. {note}"
    return Page(headline, question, (chart, listed), (0.56, 0.44), note=note.strip(), rung=NO_RATE)


def _day(date: Any) -> str:
    return f"{date.day} {date:%B %Y}"
