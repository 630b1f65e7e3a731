-- One row per order line: what a customer ordered, the date they asked for and the dates we promised.
with won_opportunities as (
    select
        sizes.order_count,
        sizes.opportunity_count // 20 * 9 as won_count
    from sample.sizes
),

-- The won opportunities are spread evenly over the orders; an order's place says which one it came from, if any.
lines_with_won_index as (
    select
        order_line_stories.*,
        won_opportunities.order_count,
        won_opportunities.won_count,
        (order_line_stories.order_index * won_opportunities.won_count + won_opportunities.order_count - 1)
        // won_opportunities.order_count as won_index
    from sample.order_line_stories
    cross join won_opportunities
)

select
    format('SO-{:06d}', 100000 + lines.order_index) as order_id,
    lines.line_number,
    customer_habits.customer_id,
    product_habits.product_id,
    lines.quantity,
    working_date(lines.promised_day) as promised_date,
    lines.unit_price,
    working_date(lines.order_day) as order_date,
    working_date(lines.requested_day) as requested_date,
    working_date(lines.first_promised_day) as first_promised_date,
    case
        when lines.promised_day > lines.first_promised_day then if(lines.is_moved_by_customer, 'customer', 'us')
    end as promise_moved_by,
    case
        when lines.is_cancelled then 'cancelled'
        when lines.last_day <= 524 then 'closed'
        else 'open'
    end as status,
    case
        when
            lines.won_index < lines.won_count
            and lines.won_index * lines.order_count // lines.won_count = lines.order_index
            then format('OP-{:05d}', lines.won_index // 9 * 20 + lines.won_index % 9 + 1)
    end as opportunity_id
from lines_with_won_index as lines
inner join sample.customer_habits on lines.customer_index = customer_habits.customer_index
inner join sample.product_habits on lines.product_index = product_habits.product_index
order by lines.line_index
