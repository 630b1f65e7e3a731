-- One row per month in which an open opportunity is needed: its value, and that of what cannot be there in time.
select
    opportunities_ahead.need_month,
    count(*) as opportunity_count,
    count(*) filter (where opportunities_ahead.is_too_late) as too_late_count,
    cast(
        sum(case when opportunities_ahead.is_too_late then 0 else opportunities_ahead.opportunity_value end) as decimal(38, 2)
    ) as in_time_value,
    cast(
        sum(case when opportunities_ahead.is_too_late then opportunities_ahead.opportunity_value else 0 end) as decimal(38, 2)
    ) as too_late_value,
    cast(sum(opportunities_ahead.weighted_value) as decimal(38, 2)) as weighted_value
from marts.opportunities_ahead as opportunities_ahead
where opportunities_ahead.need_month is not null
group by opportunities_ahead.need_month
order by opportunities_ahead.need_month
