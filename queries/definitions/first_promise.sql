-- First promise: the date we first committed to, from the extract or the earliest seen in any snapshot; where the
-- customer
-- moved the date, the date they moved it to is the commitment.
-- Formula: the customer's last move, else the current promise less every move of it.
select
    count(*) filter (where promises.first_promised_date <> promises.original_promised_date) as customer_moved_count,
    count(*) filter (where promises.move_count > 0) as moved_count
from marts.promises as promises
