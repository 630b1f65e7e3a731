-- Spoken for: open opportunities whose customer has already been given a delivery date: promises before there is an order.
-- Formula: open opportunities with a promised date.
select
    count(*) as spoken_for_count,
    sum(opportunities_ahead.opportunity_value) as spoken_for_value
from marts.opportunities_ahead as opportunities_ahead
where opportunities_ahead.kind = 'spoken for'
