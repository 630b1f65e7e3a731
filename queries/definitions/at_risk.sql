-- At risk: open order lines that will not be there when promised: those already past their date, those projected for a later month, and
-- those for which no hours are left in the months known. The value is of the part whose hours come too late; all of it once the date has
-- passed.
-- Formula: late quantity × unit price; late quantity = open quantity × share of the slowest step's hours given after its month.
select
    count(*) filter (where promises_ahead.is_at_risk) as at_risk_count,
    sum(case when promises_ahead.is_at_risk then promises_ahead.at_risk_value else 0 end) as at_risk_value
from marts.promises_ahead as promises_ahead
