-- One row per customer with an open order line, or an opportunity where asked for: tier, and how often we let them down in six months.
-- $opportunities is as in arbitrate/lines. Times let down, their rate and the days imposed so far are those of marts/claimants.
select
    claimants.customer_number,
    claimants.customer_id,
    claimants.customer_name,
    claimants.tier,
    claimants.let_down_count,
    claimants.let_down_rate,
    claimants.late_days as imposed_days_so_far
from marts.claimants as claimants
where
    claimants.has_order_line
    or $opportunities = 'all'
    or ($opportunities = 'told' and claimants.has_spoken_for)
order by claimants.customer_number
