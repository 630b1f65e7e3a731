-- Claim: what one customer's open order lines ask of a work centre's hours in a month. The figure here counts those of all months ahead.
-- Formula: sum over the customer's open order lines of open quantity × hours a unit takes there.
select
    count(*) as claim_count,
    sum(claims.step_hours) as step_hours
from (
    select sum(queues.step_hours) as step_hours
    from marts.queues as queues
    group by queues.customer_id, queues.work_centre_id, queues.load_month
) as claims
