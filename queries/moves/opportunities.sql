-- One row per opportunity and what moved of it ($kind: new, won, lost, slipped and so on), the largest value first; $most of them.
select
    opportunity_moves.kind,
    customers.customer_name,
    opportunity_moves.opportunity_id,
    opportunity_moves.product_id,
    opportunity_moves.before_date,
    opportunity_moves.after_date,
    opportunity_moves.moved_days,
    opportunity_moves.concerned_value,
    opportunity_moves.change_value,
    opportunity_moves.before_quantity,
    opportunity_moves.after_quantity,
    opportunity_moves.stage,
    opportunity_moves.customer_id
from compared.opportunity_moves as opportunity_moves
left join compared.customers as customers
    on opportunity_moves.customer_id = customers.customer_id
where opportunity_moves.kind = coalesce($kind, opportunity_moves.kind)
order by opportunity_moves.concerned_value desc, opportunity_moves.opportunity_id, opportunity_moves.kind
limit $most
