-- One row: how the promises of $month stand, beside the month before and the company's target.
-- What is waiting now is counted over all months: a customer still waits for a promise of long ago.
with waiting_now as (
    select
        sum(customer_totals.overdue_count) as overdue_count,
        sum(customer_totals.waiting_value) as waiting_value
    from marts.customer_totals as customer_totals
)

select
    this_month.month,
    snapshot.promise_target as target_rate,
    this_month.due_count,
    this_month.kept_count,
    this_month.promise_rate,
    this_month.value_promise_rate,
    this_month.order_promise_rate,
    this_month.promise_rate - month_before.promise_rate as promise_rate_change,
    this_month.current_rate - this_month.promise_rate as repromise_effect_rate,
    this_month.current_rate - this_month.promise_rate
    - month_before.current_rate + month_before.promise_rate as repromise_effect_rate_change,
    this_month.gap_value,
    this_month.gap_value - month_before.gap_value as gap_value_change,
    this_month.let_down_count,
    this_month.let_down_count - month_before.let_down_count as let_down_count_change,
    this_month.customer_count,
    this_month.cancelled_count,
    waiting_now.overdue_count,
    waiting_now.waiting_value
from snapshot
cross join waiting_now
inner join marts.company_months as this_month
    on this_month.month = cast($month as date)
left join marts.company_months as month_before
    on month_before.month = cast(cast($month as date) - interval 1 month as date)
