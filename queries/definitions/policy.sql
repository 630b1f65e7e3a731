-- Policy: a rule for who is served first where hours are short. Earliest promise, customer tier, margin per scarce hour and least let down
-- are an order of the queue; fair share gives each customer the same part of what it asks for in a month.
-- Formula: first in the order is served first; each line takes the hours of its month, then those of the first later month that has some.
-- The figure here is how many open order lines stand in the queue.
select count(*) as line_count
from marts.promises_ahead as promises_ahead
