-- One row per customer with an open order line: what is open, and what of it will not be there when promised.
select
    promises_ahead.customer_id,
    count(*) as open_count,
    count(*) filter (where promises_ahead.is_at_risk) as at_risk_count,
    count(*) filter (where promises_ahead.is_at_risk and not promises_ahead.is_overdue) as still_to_break_count,
    count(*) filter (where promises_ahead.is_beyond_horizon) as beyond_horizon_count,
    count(*) filter (where promises_ahead.is_without_routing or promises_ahead.is_without_hours) as unknown_count,
    cast(sum(promises_ahead.open_value) as decimal(38, 2)) as open_value,
    cast(sum(case when promises_ahead.is_at_risk then promises_ahead.at_risk_value else 0 end) as decimal(38, 2)) as at_risk_value,
    cast(
        sum(case when promises_ahead.is_at_risk and not promises_ahead.is_overdue then promises_ahead.at_risk_value else 0 end)
        as decimal(38, 2)
    ) as still_to_break_value,
    cast(
        sum(case when promises_ahead.is_without_routing or promises_ahead.is_without_hours then promises_ahead.open_value else 0 end)
        as decimal(38, 2)
    ) as unknown_value
from marts.promises_ahead as promises_ahead
group by promises_ahead.customer_id
order by promises_ahead.customer_id
