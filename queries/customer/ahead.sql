-- One row: what is open for $customer and what of it will not be there when promised; nothing where nothing is open.
select
    customers_ahead.open_count,
    customers_ahead.at_risk_count,
    customers_ahead.still_to_break_count,
    customers_ahead.beyond_horizon_count,
    customers_ahead.open_value,
    customers_ahead.at_risk_value,
    customers_ahead.still_to_break_value
from marts.customers_ahead as customers_ahead
where customers_ahead.customer_id = $customer
