"""Where do we stand, and whom did we let down?"""

import streamlit as st

from sop import charts, findings, page, words

KINDS = ["broken", "due", "kept", "waiting now", "re-promised", "cancelled"]

month = page.month()
now = page.row("overview/month", month=month)
trend = page.query("overview/trend", month=month)
let_down = page.query("overview/let_down", month=month)
rungs = page.query("overview/ladder", first_month=month, last_month=month)
currency = page.currency()
before = words.month_before(month)

page.title(__doc__, findings.of_the_month(now), findings.by_other_counts(now))
page.say_how_it_was_closed()
page.say_the_range(first_month=month, last_month=month)
page.last_decisions()

with st.grid(5, min_column_width=160):
    page.measure(
        "Promise rate",
        words.percent(now["promise_rate"]),
        "promise_rate",
        words.change(now["promise_rate_change"], words.points, before),
        history=trend["promise_rate"],
    )
    page.measure(
        "Gap",
        words.money(now["gap_value"], currency),
        "gap_value",
        words.change(now["gap_value_change"], lambda gap: words.money(gap, currency), before),
        history=trend["gap_value"],
        less_is_better=True,
    )
    page.measure(
        "Let down",
        f"{words.number(now['let_down_count'])}",
        "let_down",
        words.change(now["let_down_count_change"], words.whole, before),
        history=trend["let_down_count"],
        less_is_better=True,
    )
    page.measure(
        "Hidden by moving",
        words.points(now["repromise_effect_rate"]),
        "repromise_effect",
        words.change(now["repromise_effect_rate_change"], words.points, before),
        history=trend["current_rate"] - trend["promise_rate"],
        less_is_better=True,
    )
    page.measure(
        "Waiting now",
        words.money(now["waiting_value"], currency),
        "overdue",
    )

left, right = page.beside()
with left:
    page.section(findings.of_the_let_down(let_down, month), "overview/let_down")
    if let_down.empty:
        st.info("Every promise that was due this month was kept.")
    else:
        page.picture(charts.let_down_by_gap(let_down, currency), "Gap by customer, largest first", "let-down-bars",
                     on_point=page.drill_to_customer)  # fmt: skip
with right:
    page.section(findings.of_the_trend(trend), "overview/trend", "overview/month")
    picture = charts.with_notes(charts.promises_kept_by_month(trend), page.notes_on_months())
    page.picture(picture, "The three promise rates by month against target", "trend", on_point=page.drill_to_month)
    page.pinned_to_month()

page.section(f"{words.counted(len(let_down), 'customer')} to speak about", "overview/let_down")
page.table(let_down, key="let-down", hide=["customer_id", "share_rate"], on_row=page.open_customer,
           empty="Nobody was let down this month.")  # fmt: skip

left, right = page.beside()
with left:
    page.section(findings.of_the_ladder(rungs), "overview/ladder")
    page.picture(charts.ladder(rungs), "The same month under six readings of kept", "ladder",
                 on_point=page.drill_to_rung)  # fmt: skip
with right:
    st.subheader("How to read the ladder", anchor=False)
    st.markdown(findings.HOW_TO_READ_THE_LADDER)

page.where_the_gap_opened(month, month)
page.what_will_break()

behind = st.expander("The order lines behind these figures", on_change="rerun", key="behind", bind="query-params")
if behind.open:
    with behind:
        page.broken_and_other_lines(KINDS, [*rungs["rung"]], key="figure", month=month)
