-- One row per slot of the lottery that decides who orders: customers hold as many slots as their share of the orders.
with slots_by_customer as (
    select
        customer_index,
        floor(64 * count(*) over () * share_from)::bigint as first_slot,
        floor(
            64 * count(*) over () * lead(share_from, 1, 1.0) over (order by customer_index)
        )::bigint as next_first_slot
    from sample.customer_habits
)

select
    customer_index,
    unnest(range(first_slot, next_first_slot)) as slot
from slots_by_customer
order by customer_index, slot
