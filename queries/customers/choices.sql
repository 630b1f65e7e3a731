-- One row per value that the list of customers can be narrowed by: the filter it belongs to, and the value.
select
    'tier' as filter,
    customers.tier as value
from marts.customers as customers
where customers.tier is not null
union
select
    'region' as filter,
    customers.region as value
from marts.customers as customers
where customers.region is not null
union
select
    'account_manager' as filter,
    customers.account_manager as value
from marts.customers as customers
where customers.account_manager is not null
union
select
    'product_family' as filter,
    families.product_family as value
from marts.families as families
order by filter, value
