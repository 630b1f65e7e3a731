-- One row: what is open over all customers, and what of it will not be there when promised.
select
    cast(coalesce(sum(customers_ahead.open_count), 0) as bigint) as open_count,
    cast(coalesce(sum(customers_ahead.at_risk_count), 0) as bigint) as at_risk_count,
    cast(coalesce(sum(customers_ahead.still_to_break_count), 0) as bigint) as still_to_break_count,
    count(*) filter (where customers_ahead.still_to_break_count > 0) as customer_count,
    cast(coalesce(sum(customers_ahead.open_value), 0) as decimal(38, 2)) as open_value,
    cast(coalesce(sum(customers_ahead.at_risk_value), 0) as decimal(38, 2)) as at_risk_value,
    cast(coalesce(sum(customers_ahead.still_to_break_value), 0) as decimal(38, 2)) as still_to_break_value
from marts.customers_ahead as customers_ahead
