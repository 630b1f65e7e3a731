-- Promise broken by an option: an open order line that does not get all its hours in the months in which they are planned, or whose
-- promised date has passed, when the hours are dealt out as the option says. The figure here is what breaks if nobody decides.
-- Formula: lines with projected date under the option > promised date.
select count(*) filter (where promises_ahead.is_at_risk) as broken_count
from marts.promises_ahead as promises_ahead
