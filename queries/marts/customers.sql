-- One row per customer: the extract's customers and whoever else has an order, with the target and the measure that hold for them.
-- Its target is its own, else its tier's, else the company's.
-- Where a customer has no measurement contract of its own, the company's measure stands in, and has_own_measure says so.
with customers_known as (
    select
        customers.customer_id,
        customers.customer_name,
        customers.tier,
        customers.segment,
        customers.region,
        customers.account_manager,
        case when customers.promise_target between 0 and 1 then customers.promise_target end as promise_target,
        case
            when customers.measured_on in ('request', 'first promise', 'current promise') then customers.measured_on
        end as measured_on,
        case when customers.days_early_allowed >= 0 then customers.days_early_allowed end as days_early_allowed,
        case when customers.days_late_allowed >= 0 then customers.days_late_allowed end as days_late_allowed,
        case when customers.quantity_tolerance between 0 and 1 then customers.quantity_tolerance end as quantity_tolerance,
        case when customers.measured_by in ('line', 'order') then customers.measured_by end as measured_by
    from extracts.customers as customers
),

customers_met as (
    select distinct order_lines.customer_id
    from extracts.order_lines as order_lines
    union
    select distinct opportunities.customer_id
    from extracts.opportunities as opportunities
    union
    select customers_known.customer_id
    from customers_known
)

select
    customers_met.customer_id,
    coalesce(customers_known.customer_name, customers_met.customer_id) as customer_name,
    customers_known.tier,
    customers_known.segment,
    customers_known.region,
    customers_known.account_manager,
    cast(
        coalesce(
            customers_known.promise_target,
            case customers_known.tier
                when 'A' then snapshot.promise_target_a
                when 'B' then snapshot.promise_target_b
                when 'C' then snapshot.promise_target_c
            end,
            snapshot.promise_target
        ) as double
    ) as target_rate,
    coalesce(customers_known.measured_on, 'first promise') as measured_on,
    coalesce(customers_known.measured_by, 'line') as measured_by,
    coalesce(customers_known.days_early_allowed, snapshot.days_early_allowed, 36500) as early_days,
    coalesce(customers_known.days_late_allowed, snapshot.days_late_allowed) as late_days,
    cast(coalesce(customers_known.quantity_tolerance, snapshot.quantity_tolerance) as double) as tolerance_rate,
    coalesce(
        customers_known.measured_on,
        customers_known.measured_by,
        cast(customers_known.days_early_allowed as varchar),
        cast(customers_known.days_late_allowed as varchar),
        cast(customers_known.quantity_tolerance as varchar)
    ) is not null as has_own_measure
from customers_met
left join customers_known
    on customers_met.customer_id = customers_known.customer_id
cross join snapshot
