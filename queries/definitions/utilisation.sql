-- Utilisation: what a month is asked for against the hours that are there, at one work centre or summed over several; a month that has
-- begun counts with all its hours, and a work centre whose hours are unknown is left out.
-- Formula: (hours of open order lines + hours of opportunities × chance) ÷ available hours; above 100 % the month is full.
select
    sum(case when load_months.has_hours then load_months.load_hours end) as load_hours,
    sum(load_months.available_hours) as available_hours,
    sum(case when load_months.has_hours then load_months.load_hours end)
    / nullif(sum(load_months.available_hours), 0) as utilisation_rate
from marts.load_months as load_months
