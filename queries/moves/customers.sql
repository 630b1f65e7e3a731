-- One row per customer of whom a promise, an opportunity or an order line moved; whose promises we moved furthest comes first.
with moves as (
    select
        promise_moves.customer_id,
        promise_moves.kind || ' promise' as kind,
        promise_moves.moved_days,
        promise_moves.concerned_value,
        0 as change_value
    from compared.promise_moves as promise_moves
    union all
    select
        opportunity_moves.customer_id,
        opportunity_moves.kind || ' opportunity' as kind,
        opportunity_moves.moved_days,
        opportunity_moves.concerned_value,
        0 as change_value
    from compared.opportunity_moves as opportunity_moves
    union all
    select
        order_line_moves.customer_id,
        order_line_moves.kind || ' order line' as kind,
        cast(null as bigint) as moved_days,
        order_line_moves.concerned_value,
        order_line_moves.change_value
    from compared.order_line_moves as order_line_moves
),

moves_by_customer as (
    select
        moves.customer_id,
        count(*) filter (where moves.kind = 'by us promise') as moved_by_us_count,
        cast(coalesce(sum(moves.moved_days) filter (where moves.kind = 'by us promise'), 0) as bigint) as moved_by_us_days,
        sum(moves.concerned_value) filter (where moves.kind = 'by us promise') as moved_by_us_value,
        count(*) filter (where moves.kind = 'by the customer promise') as moved_by_customer_count,
        sum(moves.concerned_value) filter (where moves.kind = 'won opportunity') as won_value,
        sum(moves.concerned_value) filter (where moves.kind = 'lost opportunity') as lost_value,
        sum(moves.concerned_value) filter (where moves.kind = 'slipped opportunity') as slipped_value,
        sum(moves.concerned_value) filter (where moves.kind = 'new order line') as new_orders_value,
        sum(moves.concerned_value) filter (where moves.kind = 'cancelled order line') as cancelled_value,
        sum(moves.change_value) as change_value
    from moves
    group by moves.customer_id
)

select
    customers.customer_name,
    moves_by_customer.moved_by_us_count,
    moves_by_customer.moved_by_us_days,
    moves_by_customer.moved_by_us_value,
    moves_by_customer.moved_by_customer_count,
    moves_by_customer.won_value,
    moves_by_customer.lost_value,
    moves_by_customer.slipped_value,
    moves_by_customer.new_orders_value,
    moves_by_customer.cancelled_value,
    moves_by_customer.change_value,
    customers.account_manager,
    moves_by_customer.customer_id
from moves_by_customer
left join compared.customers as customers
    on moves_by_customer.customer_id = customers.customer_id
order by moves_by_customer.moved_by_us_days desc, moves_by_customer.change_value, moves_by_customer.customer_id
limit $most
