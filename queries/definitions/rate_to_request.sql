-- Rate to request: the customer's rate: measured to the date they asked for; lines without a requested date are left
-- out.
-- Formula: kept to request ÷ due lines whose requested date has come.
select
    cast(count(*) filter (where promises.is_kept_to_request) as double)
    / nullif(count(*) filter (where promises.is_due_to_request), 0) as request_rate
from marts.promises as promises
