-- One row per sample company: how many of everything so many order lines call for.
-- Customers grow a little slower than order lines; products and machines slower still.
with growth as (
    select
        $order_lines as order_line_count,
        $order_lines / 20000.0 as growth_factor
),

machines as (
    select
        growth.order_line_count,
        growth.growth_factor,
        greatest(2, round(2 * pow(growth.growth_factor, 0.453)))::bigint as machine_count
    from growth
)

select
    machines.order_line_count,
    (machines.order_line_count + 9) // 10 * 4 as order_count,
    greatest(40, round(60 * pow(machines.growth_factor, 0.823)))::bigint as customer_count,
    8 * greatest(8, round(15 * pow(machines.growth_factor, 0.453)))::bigint as product_count,
    machines.machine_count,
    greatest(
        100, round(machines.order_line_count / 13.3 * pow(machines.growth_factor, 0.046))
    )::bigint as opportunity_count
from machines
