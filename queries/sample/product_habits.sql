-- One row per product: its family, size, lead time, price and lot, before the ERP sees it.
with numbered_products as (
    select
        product_index,
        product_index % 8 as family_index,
        product_index // 8 as place_in_family
    from sample.sizes, range(sizes.product_count) as products (product_index)
),

sized_products as (
    select
        numbered_products.product_index,
        numbered_products.place_in_family,
        families.*,
        numbered_products.place_in_family // 15 as series,
        [25, 32, 40, 50, 65, 80, 100, 120, 150, 180, 200, 250, 300, 350, 400][
            numbered_products.place_in_family % 15 + 1
        ] as product_size
    from numbered_products
    inner join sample.families on numbered_products.family_index = families.family_index
)

select
    product_index,
    family_index,
    place_in_family,
    product_family,
    lot_size,
    format('P-{:04d}', product_index + 1) as product_id,
    format('{} {} {}', product_word, product_size * size_step, size_unit)
    || case when series > 0 then format(' series {}', series + 1) else '' end as product_name,
    (family_lead_time_days + 7 * floor(3 * chance($seed, 'lead time', product_index)) - 7)::integer as lead_time_days,
    round(
        family_price * (0.55 + product_size / 250.0) * (0.9 + 0.2 * chance($seed, 'price', product_index)), 2
    )::decimal(18, 2) as list_price,
    0.55 + 0.2 * chance($seed, 'cost', product_index) as cost_share,
    0.75 + product_size / 500.0 as effort
from sized_products
order by product_index
