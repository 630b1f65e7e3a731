-- Late value: what the part of the open order lines is worth that comes after its promised date under an option. The figure here is what
-- is late if nobody decides.
-- Formula: sum of late quantity × price; late quantity = open quantity × share of the hours at the slowest step that are given later.
select sum(promises_ahead.at_risk_value) as late_value
from marts.promises_ahead as promises_ahead
