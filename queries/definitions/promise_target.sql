-- Promise target: the promise rate that is aimed at. A customer has its own where the extract customers gives one, else that of its
-- tier, else the company's; the last two stand on the page Settings.
-- Formula: own target, else target of the tier, else target of the company; the least and the most of all customers are shown.
select
    min(customers.target_rate) as least_target_rate,
    max(customers.target_rate) as most_target_rate
from marts.customers as customers
