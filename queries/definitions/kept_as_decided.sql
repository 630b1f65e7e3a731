-- Kept as decided: a promise of a decision in force that was complete by the date the decision gave it, the company's tolerance allowed.
-- Lines that were cancelled or left the extracts count neither way.
-- Formula: first day on which the deliveries cover the ordered quantity - date decided <= days late allowed.
select
    count(*) filter (where followed_lines.state = 'kept') as kept_so_far_count,
    count(*) filter (where followed_lines.state = 'not kept') as not_kept_count
from followed_lines
