-- One row per rung of the ladder, the most flattering first: the same promises under each reading of "kept".
-- For the months from $first_month to $last_month.
with sums as (
    select
        sum(company_months.current_due_count) as current_due_count,
        sum(company_months.current_kept_count) as current_kept_count,
        sum(company_months.due_count) as due_count,
        sum(company_months.kept_count) as kept_count,
        sum(company_months.strictly_kept_count) as strictly_kept_count,
        sum(company_months.request_due_count) as request_due_count,
        sum(company_months.request_strictly_kept_count) as request_strictly_kept_count,
        sum(company_months.order_request_due_count) as order_request_due_count,
        sum(company_months.order_request_kept_count) as order_request_kept_count,
        sum(company_months.order_cancelled_due_count) as order_cancelled_due_count,
        sum(company_months.order_cancelled_kept_count) as order_cancelled_kept_count
    from marts.company_months as company_months
    where
        company_months.month >= coalesce(cast($first_month as date), company_months.month)
        and company_months.month <= coalesce(cast($last_month as date), company_months.month)
),

rungs as (
    select
        1 as rung_number,
        'to current promise' as rung,
        current_kept_count as kept_count,
        current_due_count as due_count
    from sums
    union all
    select
        2 as rung_number,
        'to first promise' as rung,
        kept_count,
        due_count
    from sums
    union all
    select
        3 as rung_number,
        'to first promise, no tolerance' as rung,
        strictly_kept_count as kept_count,
        due_count
    from sums
    union all
    select
        4 as rung_number,
        'to request, no tolerance' as rung,
        request_strictly_kept_count as kept_count,
        request_due_count as due_count
    from sums
    union all
    select
        5 as rung_number,
        'whole orders to request' as rung,
        order_request_kept_count as kept_count,
        order_request_due_count as due_count
    from sums
    union all
    select
        6 as rung_number,
        'whole orders, cancelled missed' as rung,
        order_cancelled_kept_count as kept_count,
        order_cancelled_due_count as due_count
    from sums
)

select
    rungs.rung_number,
    rungs.rung,
    cast(coalesce(rungs.kept_count, 0) as bigint) as kept_count,
    cast(coalesce(rungs.due_count, 0) as bigint) as due_count,
    cast(rungs.kept_count as double) / nullif(rungs.due_count, 0) as promise_rate
from rungs
order by rungs.rung_number
