-- Expectation kept: what a decision said would be seen by a day was seen, for that day, in the extracts; nobody types the answer.
-- Partly kept is a share of at least half of what was expected, a gap of at most twice of it, or fewer lines waiting than on the day
-- of the decision.
-- Formula: share seen >= share expected; gap or lines waiting seen <= those expected.
select
    count(*) filter (where followed_expectations.state = 'kept') as expectations_kept_count,
    count(*) filter (where followed_expectations.state = 'partly kept') as expectations_partly_kept_count,
    count(*) filter (where followed_expectations.state = 'not kept') as expectations_not_kept_count
from followed_expectations
