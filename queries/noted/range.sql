-- One row: how far the promise rate of some months would move if every disputed line that is due went one way or the other.
-- At least: each disputed line not kept; at most: each of them kept. Of $customer, or of all. Nothing due: the rates are empty.
with lines_disputed as (
    select distinct
        disputes.order_id,
        disputes.line_number
    from logged_disputes as disputes
    left join logged_disputes as later_disputes
        on disputes.id = later_disputes.replaces
    where
        later_disputes.id is null
        and disputes.is_open
),

promises_disputed as (
    select
        count(*) as disputed_count,
        count(*) filter (where promises.is_kept) as kept_count
    from lines_disputed
    inner join marts.promises as promises
        on
            lines_disputed.order_id = promises.order_id
            and lines_disputed.line_number = promises.line_number
    where
        promises.is_due
        and promises.promise_month >= coalesce(cast($first_month as date), promises.promise_month)
        and promises.promise_month <= coalesce(cast($last_month as date), promises.promise_month)
        and ($customer is null or promises.customer_id = $customer)
),

promises_due as (
    select
        coalesce(sum(customer_months.due_count), 0) as due_count,
        coalesce(sum(customer_months.kept_count), 0) as kept_count
    from marts.customer_months as customer_months
    where
        customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
        and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
        and ($customer is null or customer_months.customer_id = $customer)
)

select
    promises_disputed.disputed_count,
    cast(promises_due.due_count as bigint) as due_count,
    cast(promises_due.kept_count - promises_disputed.kept_count as double) / nullif(cast(promises_due.due_count as double), 0)
        as least_rate,
    cast(promises_due.kept_count + promises_disputed.disputed_count - promises_disputed.kept_count as double)
    / nullif(cast(promises_due.due_count as double), 0) as most_rate
from promises_due
cross join promises_disputed
