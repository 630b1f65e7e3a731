-- One row per order line: what was asked, promised, moved and delivered, in working days, with what is still to come.
with shapes as (
    select *
    from (
        values
        (0, 0, 0, 1), (0, 1, 1, 2), (0, 2, 3, 3), (0, 3, 6, 4),
        (1, 0, 0, 2), (1, 1, 2, 2), (1, 2, 4, 3), (1, 3, 7, 3),
        (2, 0, 0, 3), (2, 1, 3, 1), (2, 2, 4, 4), (2, 3, 8, 2),
        (3, 0, 0, 1), (3, 1, 1, 3), (3, 2, 4, 1), (3, 3, 5, 5)
    ) as shapes (shape, order_in_block, first_place, line_count)
),

order_shapes as (
    select
        shapes.shape,
        shapes.order_in_block,
        shapes.first_place + line_in_order as place,
        line_in_order
    from shapes, range(shapes.line_count) as lines (line_in_order)
),

-- Ten lines make four orders; the shape says how many lines each of the four has.
lines_of_orders as (
    select
        line_index,
        4 * (line_index // 10) + order_shapes.order_in_block as order_index,
        10 * (order_shapes.line_in_order + 1) as line_number
    from sample.sizes, range(sizes.order_line_count) as lines (line_index)
    inner join order_shapes
        on
            floor(4 * chance($seed, 'shape', line_index // 10)) = order_shapes.shape
            and line_index % 10 = order_shapes.place
),

lines_with_product_index as (
    select
        lines_of_orders.line_index,
        lines_of_orders.line_number,
        orders.*,
        case
            when orders.is_welded
                then welded_products.product_index
            when chance($seed, 'other family', lines_of_orders.line_index) < 0.12
                then floor(8 * chance($seed, 'which family', lines_of_orders.line_index))::bigint
            else orders.family_index
        end
        + case
            when orders.is_welded then 0
            else 8 * floor(
                sizes.product_count // 8 * pow(chance($seed, 'product', lines_of_orders.line_index), 1.25)
            )::bigint
        end as product_index
    from lines_of_orders
    inner join sample.orders on lines_of_orders.order_index = orders.order_index
    cross join sample.sizes
    inner join sample.welded_products
        on floor(
            welded_products.welded_count * chance($seed, 'welded product', lines_of_orders.line_index)
        ) = welded_products.welded_index
),

lines_asked as (
    select
        lines_with_product_index.line_index,
        lines_with_product_index.line_number,
        lines_with_product_index.order_index,
        lines_with_product_index.order_day,
        lines_with_product_index.customer_index,
        lines_with_product_index.product_index,
        customer_habits.story,
        customer_habits.inside_share,
        customer_habits.late_factor,
        customer_habits.discount,
        product_habits.list_price,
        product_habits.lot_size,
        lines_with_product_index.order_day + product_habits.lead_time_days // 7 * 5 as feasible_day,
        least(
            719,
            lines_with_product_index.requested_day
            + if(chance($seed, 'other date', lines_with_product_index.line_index) < 0.08, 10, 0)
        )::integer as requested_day,
        lines_with_product_index.product_index in (
            select welded_products.product_index from sample.welded_products
        ) as is_welded
    from lines_with_product_index
    inner join sample.customer_habits on lines_with_product_index.customer_index = customer_habits.customer_index
    inner join sample.product_habits on lines_with_product_index.product_index = product_habits.product_index
),

lines_promised as (
    select
        *,
        -- A date the customer wants sooner than the lead time is refused, unless whoever sells says yes anyway.
        case
            when requested_day < feasible_day and chance($seed, 'inside', line_index) < inside_share
                then requested_day
            when requested_day < feasible_day then feasible_day
            when chance($seed, 'padding', line_index) < 0.05
                then least(719, requested_day + 2 + floor(9 * chance($seed, 'padded days', line_index))::integer)
            else requested_day
        end as first_promised_day,
        chance($seed, 'cancelled', line_index) < 0.02 as is_cancelled
    from lines_asked
),

lines_at_risk as (
    select
        *,
        first_promised_day < feasible_day as is_inside_lead_time,
        is_welded and first_promised_day between 460 and 524 as is_out_of_hours,
        story = 'forgotten' and first_promised_day between 448 and 463 as is_forgotten,
        chance($seed, 'moved by customer', line_index) < 0.025
        and story not in ('forgotten', 'flattered') as is_moved_by_customer,
        0.062 * late_factor
        * (0.75 + 0.5 * chance($seed, 'month', first_promised_day // 22))
        * if(first_promised_day between 416 and 480, 1.6, 1.0) as usual_risk
    from lines_promised
),

lines_late as (
    select
        *,
        case
            when is_forgotten then true
            when is_moved_by_customer then false
            else chance($seed, 'late', line_index) < case
                when story = 'flattered' then 0.42
                when is_out_of_hours and story = 'let down' then 0.56
                when is_out_of_hours then 0.27
                when is_inside_lead_time then 0.5
                else usual_risk
            end
        end as is_late,
        case
            when is_forgotten then 90
            when is_out_of_hours then 6 + floor(20 * chance($seed, 'days late', line_index))
            else
                1 + floor(-6 * ln(1 - chance($seed, 'days late', line_index)))
                + if(chance($seed, 'very late', line_index) < 0.05, 20, 0)
        end::integer as days_late
    from lines_at_risk
),

lines_moved as (
    select
        *,
        case
            when is_moved_by_customer
                then least(719, first_promised_day + 5 + floor(20 * chance($seed, 'moved days', line_index))::integer)
            -- Nobody moves a promise months before it falls due.
            when not is_late or first_promised_day > 534 then first_promised_day
            when is_forgotten then 539 + 5 * (line_index % 3)
            when story = 'flattered' and chance($seed, 'moved by us', line_index) < 0.95
                then first_promised_day + days_late + 1
            when chance($seed, 'moved by us', line_index) < 0.35 then first_promised_day + days_late + 1
            when chance($seed, 'moved by us', line_index) < 0.5 then first_promised_day + (days_late + 1) // 2
            else first_promised_day
        end::integer as promised_day
    from lines_late
),

lines_delivered as (
    select
        *,
        -- Lots are lumpy, except for welded products, so that Welding 2 is overfull for one reason only.
        lot_size * if(
            is_welded,
            [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6],
            [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 8, 10, 12, 2]
        )[1 + floor(16 * chance($seed, 'lots', line_index))::integer] as quantity,
        greatest(
            order_day + 1,
            promised_day - floor(3.2 * pow(chance($seed, 'early', line_index), 2))::integer
            - if(chance($seed, 'very early', line_index) < 0.03, 7, 0)
        )::integer as on_time_day,
        first_promised_day + days_late as late_day,
        chance($seed, 'split', line_index) < if(is_late, 0.35, 0.05) as is_split
    from lines_moved
)

select
    line_index,
    line_number,
    order_index,
    customer_index,
    product_index,
    order_day,
    requested_day,
    first_promised_day,
    promised_day,
    is_moved_by_customer,
    is_cancelled,
    is_late,
    is_out_of_hours,
    is_inside_lead_time,
    quantity,
    round(list_price * (1 - discount) * if(order_day >= 304, 1.03, 1.00), 2)::decimal(18, 2) as unit_price,
    if(is_late, late_day, on_time_day)::integer as last_day,
    case
        when is_late
            then greatest(order_day + 1, first_promised_day - floor(3 * chance($seed, 'early', line_index)))
        else greatest(order_day + 1, on_time_day - 3)
    end::integer as first_day,
    case
        when is_split and story <> 'forgotten'
            then floor(quantity * (0.25 + 0.7 * chance($seed, 'split share', line_index)))
        else 0
    end::integer as first_quantity
from lines_delivered
order by line_index
