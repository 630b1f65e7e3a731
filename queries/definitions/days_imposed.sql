-- Days imposed: what an option costs a customer in days. A line that has no date within the months known counts to the end of the month
-- after them. The figure here is what is imposed if nobody decides, lines without a date left out.
-- Formula: sum over a customer's lines of max(0, projected date under the option - promised date).
select
    cast(
        coalesce(
            sum(greatest(date_diff('day', promises_ahead.promised_date, promises_ahead.projected_date), 0)), 0
        ) as bigint
    ) as imposed_days
from marts.promises_ahead as promises_ahead
where promises_ahead.is_at_risk
