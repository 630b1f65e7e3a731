-- One row per customer with an order line and month, silent months included: the sums of the ledger and of whole orders.
-- What a page shows of months and customers is a sum of these rows.
with customers_with_lines as (
    select distinct family_months.customer_id
    from marts.family_months as family_months
),

spine as (
    select
        customers_with_lines.customer_id,
        months.month
    from customers_with_lines
    cross join marts.months as months
),

orders_by_month as (
    select
        orders.customer_id,
        orders.promise_month as month,
        count(*) filter (where orders.is_due) as order_due_count,
        count(*) filter (where orders.is_kept) as order_kept_count,
        count(*) filter (where orders.is_due_to_request) as order_request_due_count,
        count(*) filter (where orders.is_kept_to_request_strictly) as order_request_kept_count,
        count(*) filter (where orders.is_due_with_cancelled) as order_cancelled_due_count,
        count(*) filter (where orders.is_kept_with_cancelled) as order_cancelled_kept_count
    from marts.orders as orders
    group by orders.customer_id, orders.promise_month
),

lines_by_month as (
    select
        family_months.customer_id,
        family_months.month,
        cast(sum(family_months.line_count) as bigint) as line_count,
        cast(sum(family_months.cancelled_count) as bigint) as cancelled_count,
        cast(sum(family_months.due_count) as bigint) as due_count,
        cast(sum(family_months.kept_count) as bigint) as kept_count,
        cast(sum(family_months.strictly_kept_count) as bigint) as strictly_kept_count,
        cast(sum(family_months.request_due_count) as bigint) as request_due_count,
        cast(sum(family_months.request_kept_count) as bigint) as request_kept_count,
        cast(sum(family_months.request_strictly_kept_count) as bigint) as request_strictly_kept_count,
        cast(sum(family_months.current_due_count) as bigint) as current_due_count,
        cast(sum(family_months.current_kept_count) as bigint) as current_kept_count,
        cast(sum(family_months.overdue_count) as bigint) as overdue_count,
        cast(sum(family_months.repromised_count) as bigint) as repromised_count,
        cast(sum(family_months.broken_count) as bigint) as broken_count,
        cast(sum(family_months.not_ended_count) as bigint) as not_ended_count,
        cast(sum(family_months.unasked_count) as bigint) as unasked_count,
        cast(sum(family_months.ordered_value) as decimal(38, 2)) as ordered_value,
        cast(sum(family_months.due_value) as decimal(38, 2)) as due_value,
        cast(sum(family_months.kept_value) as decimal(38, 2)) as kept_value,
        cast(sum(family_months.request_due_value) as decimal(38, 2)) as request_due_value,
        cast(sum(family_months.request_kept_value) as decimal(38, 2)) as request_kept_value,
        cast(sum(family_months.current_due_value) as decimal(38, 2)) as current_due_value,
        cast(sum(family_months.current_kept_value) as decimal(38, 2)) as current_kept_value,
        cast(sum(family_months.gap_value) as decimal(38, 2)) as gap_value,
        cast(sum(family_months.open_value) as decimal(38, 2)) as open_value,
        cast(sum(family_months.waiting_value) as decimal(38, 2)) as waiting_value,
        cast(sum(family_months.late_days) as bigint) as late_days,
        cast(sum(family_months.asked_gap_days) as bigint) as asked_gap_days,
        cast(sum(family_months.offered_days) as bigint) as offered_days,
        cast(sum(family_months.moved_by_us_days) as bigint) as moved_by_us_days,
        cast(sum(family_months.moved_by_customer_days) as bigint) as moved_by_customer_days,
        cast(sum(family_months.missed_days) as bigint) as missed_days,
        cast(sum(family_months.wait_days) as bigint) as wait_days
    from marts.family_months as family_months
    group by family_months.customer_id, family_months.month
)

select
    spine.customer_id,
    spine.month,
    coalesce(lines_by_month.line_count, 0) as line_count,
    coalesce(lines_by_month.cancelled_count, 0) as cancelled_count,
    coalesce(lines_by_month.due_count, 0) as due_count,
    coalesce(lines_by_month.kept_count, 0) as kept_count,
    coalesce(lines_by_month.strictly_kept_count, 0) as strictly_kept_count,
    coalesce(lines_by_month.request_due_count, 0) as request_due_count,
    coalesce(lines_by_month.request_kept_count, 0) as request_kept_count,
    coalesce(lines_by_month.request_strictly_kept_count, 0) as request_strictly_kept_count,
    coalesce(lines_by_month.current_due_count, 0) as current_due_count,
    coalesce(lines_by_month.current_kept_count, 0) as current_kept_count,
    coalesce(lines_by_month.overdue_count, 0) as overdue_count,
    coalesce(lines_by_month.repromised_count, 0) as repromised_count,
    coalesce(lines_by_month.broken_count, 0) as broken_count,
    coalesce(lines_by_month.not_ended_count, 0) as not_ended_count,
    coalesce(lines_by_month.unasked_count, 0) as unasked_count,
    coalesce(lines_by_month.ordered_value, 0) as ordered_value,
    coalesce(lines_by_month.due_value, 0) as due_value,
    coalesce(lines_by_month.kept_value, 0) as kept_value,
    coalesce(lines_by_month.request_due_value, 0) as request_due_value,
    coalesce(lines_by_month.request_kept_value, 0) as request_kept_value,
    coalesce(lines_by_month.current_due_value, 0) as current_due_value,
    coalesce(lines_by_month.current_kept_value, 0) as current_kept_value,
    coalesce(lines_by_month.gap_value, 0) as gap_value,
    coalesce(lines_by_month.open_value, 0) as open_value,
    coalesce(lines_by_month.waiting_value, 0) as waiting_value,
    coalesce(lines_by_month.late_days, 0) as late_days,
    coalesce(lines_by_month.asked_gap_days, 0) as asked_gap_days,
    coalesce(lines_by_month.offered_days, 0) as offered_days,
    coalesce(lines_by_month.moved_by_us_days, 0) as moved_by_us_days,
    coalesce(lines_by_month.moved_by_customer_days, 0) as moved_by_customer_days,
    coalesce(lines_by_month.missed_days, 0) as missed_days,
    coalesce(lines_by_month.wait_days, 0) as wait_days,
    coalesce(orders_by_month.order_due_count, 0) as order_due_count,
    coalesce(orders_by_month.order_kept_count, 0) as order_kept_count,
    coalesce(orders_by_month.order_request_due_count, 0) as order_request_due_count,
    coalesce(orders_by_month.order_request_kept_count, 0) as order_request_kept_count,
    coalesce(orders_by_month.order_cancelled_due_count, 0) as order_cancelled_due_count,
    coalesce(orders_by_month.order_cancelled_kept_count, 0) as order_cancelled_kept_count
from spine
left join lines_by_month
    on
        spine.customer_id = lines_by_month.customer_id
        and spine.month = lines_by_month.month
left join orders_by_month
    on
        spine.customer_id = orders_by_month.customer_id
        and spine.month = orders_by_month.month
order by spine.customer_id, spine.month
