-- Weights: how much a month late costs. Arbitrate begins with those of the page Settings; what is
-- chosen there instead stands in its address.
-- Formula: weight of the customer = weight of its tier × (1 + let down × share of its promises broken in the last six months);
-- a month late costs late rate × late value × weight. The figure here is how many customers there are of each tier.
select
    count(*) filter (where customers.tier = 'A') as tier_a_count,
    count(*) filter (where customers.tier = 'B') as tier_b_count,
    count(*) filter (where customers.tier is distinct from 'A' and customers.tier is distinct from 'B') as tier_c_count
from marts.customers as customers
