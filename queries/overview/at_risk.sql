-- One row per customer with an open promise that will not be there when promised, the most value at risk first. At most a thousand.
select
    customers.customer_name,
    customers.tier,
    customers_ahead.at_risk_count,
    customers_ahead.at_risk_value,
    customers_ahead.still_to_break_count,
    customers_ahead.still_to_break_value,
    customers_ahead.open_count,
    customers_ahead.open_value,
    customers.account_manager,
    customers.customer_id
from marts.customers_ahead as customers_ahead
inner join marts.customers as customers
    on customers_ahead.customer_id = customers.customer_id
where customers_ahead.at_risk_count > 0
order by customers_ahead.at_risk_value desc, customers.customer_id
limit 1000
