-- Claim: what one customer's open order lines ask of a work centre's hours in a month. The figure here counts those of all months ahead.
-- Formula: sum over the customer's open order lines of open quantity × hours a unit takes there.
select
    count(*) as claim_count,
    sum(claims.step_hours) as step_hours
from (
    select sum(open_steps.step_hours) as step_hours
    from marts.open_steps as open_steps
    group by open_steps.customer_id, open_steps.work_centre_id, open_steps.load_month
) as claims
