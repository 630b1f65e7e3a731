-- One row per open order line with a date that a decision in force gave it and that still stands (followed/in_force), with what the levers
-- of that decision's option cost as decided.
select
    followed_in_force.order_id,
    followed_in_force.line_number,
    followed_in_force.decision_id,
    followed_in_force.decided_promise_date,
    followed_in_force.imposed_days,
    followed_in_force.late_quantity,
    followed_decisions.cost_value
from followed_in_force
inner join followed_decisions
    on followed_in_force.decision_id = followed_decisions.decision_id
order by followed_in_force.order_id, followed_in_force.line_number
