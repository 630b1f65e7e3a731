-- Weighted pipeline: the value of open opportunities by their chance of winning; the stage's mean chance stands in where none is given.
-- Opportunities that an order line names are orders already and are left out.
-- Formula: quantity × unit price × chance.
select
    count(*) as opportunity_count,
    sum(opportunities_ahead.opportunity_value) as opportunity_value,
    sum(opportunities_ahead.weighted_value) as weighted_value
from marts.opportunities_ahead as opportunities_ahead
