-- One row per thing that the forward view cannot reckon with: how many there are, and the value they concern.
with left_out as (
    select
        1 as place,
        'open order lines whose product has no routing: projected as promised' as what,
        count(*) as row_count,
        sum(promises_ahead.open_value) as concerned_value
    from marts.promises_ahead as promises_ahead
    where promises_ahead.is_without_routing
    union all
    select
        2 as place,
        'open order lines with a step whose hours are unknown: that step holds nothing up' as what,
        count(*) as row_count,
        sum(promises_ahead.open_value) as concerned_value
    from marts.promises_ahead as promises_ahead
    where promises_ahead.is_without_hours
    union all
    select
        3 as place,
        'work centres on a routing without hours in any month ahead' as what,
        count(*) as row_count,
        cast(null as decimal(38, 2)) as concerned_value
    from marts.work_centres as work_centres
    where
        not work_centres.has_hours
        and work_centres.work_centre_id in (select routing_steps.work_centre_id from marts.routing_steps as routing_steps)
    union all
    select
        4 as place,
        'months left out for a work centre that has others: counted as 0 hours' as what,
        count(*) as row_count,
        cast(null as decimal(38, 2)) as concerned_value
    from marts.work_centre_months as work_centre_months
    where work_centre_months.is_missing
    union all
    select
        5 as place,
        'open opportunities without any date: they load no month' as what,
        count(*) as row_count,
        sum(opportunities_ahead.opportunity_value) as concerned_value
    from marts.opportunities_ahead as opportunities_ahead
    where opportunities_ahead.is_without_date
    union all
    select
        6 as place,
        'open opportunities whose product has no routing: they load nothing' as what,
        count(*) as row_count,
        sum(opportunities_ahead.opportunity_value) as concerned_value
    from marts.opportunities_ahead as opportunities_ahead
    where
        opportunities_ahead.is_without_routing
        and not opportunities_ahead.is_without_date
    union all
    select
        7 as place,
        'open opportunities with a step whose hours are unknown: that step does not limit them' as what,
        count(*) as row_count,
        sum(opportunities_ahead.opportunity_value) as concerned_value
    from marts.opportunities_ahead as opportunities_ahead
    where opportunities_ahead.is_without_hours
    union all
    select
        8 as place,
        'open opportunities without a unit price: they have hours and no value' as what,
        count(*) as row_count,
        cast(null as decimal(38, 2)) as concerned_value
    from marts.opportunities_ahead as opportunities_ahead
    where opportunities_ahead.unit_price is null
)

select
    left_out.what,
    left_out.row_count,
    cast(left_out.concerned_value as decimal(38, 2)) as concerned_value
from left_out
where left_out.row_count > 0
order by left_out.place
