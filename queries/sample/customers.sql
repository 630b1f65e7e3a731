-- One row per customer: who they are, who looks after them, and how they measure us.
-- About one in five has written into its contract how it measures us; it is rarely the way we do.
with measured_customers as (
    select
        *,
        story in ('two views', 'big opportunity')
        or (story = 'none' and chance($seed, 'measured', customer_index) < 0.18) as is_measured,
        story = 'two views' or chance($seed, 'measured on', customer_index) < 0.7 as is_on_request,
        story = 'two views' or chance($seed, 'measured by', customer_index) < 0.7 as is_by_order
    from sample.customer_habits
)

select
    customer_id,
    customer_name,
    tier,
    segment,
    region,
    account_manager,
    case tier when 'A' then 0.96 when 'B' then 0.92 else 0.88 end as promise_target,
    case
        when is_measured and is_on_request then 'request'
        when is_measured then 'first promise'
    end as measured_on,
    case when is_measured and chance($seed, 'early', customer_index) < 0.4 then 10 end as days_early_allowed,
    case when is_measured then floor(2 * chance($seed, 'late', customer_index))::integer end as days_late_allowed,
    case when is_measured then [0.00, 0.02, 0.05][1 + customer_index % 3] end as quantity_tolerance,
    case when is_measured and is_by_order then 'order' when is_measured then 'line' end as measured_by
from measured_customers
order by customer_index
