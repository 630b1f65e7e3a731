-- The customer has the same name as another one, but for case, punctuation and legal form; it may be one customer twice.
with customers_named as (
    select
        customers.rowid as row_id,
        customers.customer_name,
        regexp_replace(
            regexp_replace(
                regexp_replace(strip_accents(lower(customers.customer_name)), '[^a-z0-9]+', ' ', 'g'),
                '\b(gmbh|co|kg|ag|ltd|limited|inc|incorporated|llc|plc|sa|sas|bv|nv|oy|ab|as|corp|corporation|company|the)\b', '', 'g'
            ),
            ' +', '', 'g'
        ) as compared_name
    from extracts.customers as customers
    where customers.customer_name is not null
)

select
    'customers' as extract_name,
    customers_named.row_id,
    'customer_name' as column_name,
    customers_named.customer_name as value
from customers_named
where
    customers_named.compared_name != ''
    and customers_named.compared_name in (
        select named.compared_name
        from customers_named as named
        group by named.compared_name
        having count(*) > 1
    )
