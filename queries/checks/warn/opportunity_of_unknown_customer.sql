-- The customer is not in the customers extract; its number stands for its name.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'customer_id' as column_name,
    opportunities.customer_id as value
from extracts.opportunities as opportunities
where
    opportunities.customer_id is not null
    and exists (select 1 from extracts.customers)
    and opportunities.customer_id not in (select customers.customer_id from extracts.customers as customers)
