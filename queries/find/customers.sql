-- One row per customer that a few letters or digits may mean, the likeliest first: number, name, tier, and what is at stake there.
-- A number or name that is written in full comes first, then those that begin with the text, then those that have it in them, then those
-- that are written alike (Jaro–Winkler, 0.8 and more, of the whole name or of one of its words). At most ten.
with texts as (
    select lower(trim($text)) as wanted
),

customers_likened as (
    select
        customers.customer_id,
        customers.customer_name,
        customers.tier,
        case
            when lower(customers.customer_id) = texts.wanted or lower(customers.customer_name) = texts.wanted then 4.0
            when starts_with(lower(customers.customer_name), texts.wanted) or starts_with(lower(customers.customer_id), texts.wanted)
                then 3.0
            when contains(lower(customers.customer_name), ' ' || texts.wanted) then 2.5
            when contains(lower(customers.customer_name), texts.wanted) or contains(lower(customers.customer_id), texts.wanted) then 2.0
            else greatest(
                jaro_winkler_similarity(lower(customers.customer_name), texts.wanted),
                list_max(list_transform(
                    string_split(lower(customers.customer_name), ' '), lambda word: jaro_winkler_similarity(word, texts.wanted)
                ))
            )
        end as likeness
    from marts.customers as customers
    cross join texts
    where texts.wanted <> ''
)

select
    customers_likened.customer_id,
    customers_likened.customer_name,
    customers_likened.tier
from customers_likened
where customers_likened.likeness >= 0.8
order by customers_likened.likeness desc, customers_likened.customer_name, customers_likened.customer_id
limit 10
