-- One row per work centre and month ahead: what is asked of it by kind, against the hours that are there.
-- Utilisation is all firm load and the opportunities weighted by their chance, over the hours; empty where there are none. Backlog is
-- the part of firm load that should have been worked before the first month. Work centres whose hours are unknown have load alone.
with sums_by_month as (
    select
        load_classes.work_centre_id,
        load_classes.month,
        sum(case when load_classes.kind = 'firm' then load_classes.load_hours else 0 end) as firm_hours,
        sum(load_classes.backlog_hours) as backlog_hours,
        sum(case when load_classes.kind = 'spoken for' then load_classes.load_hours else 0 end) as spoken_for_hours,
        sum(case when load_classes.kind = 'spoken for' then load_classes.weighted_hours else 0 end) as weighted_spoken_for_hours,
        sum(case when load_classes.kind = 'pipeline' then load_classes.load_hours else 0 end) as pipeline_hours,
        sum(case when load_classes.kind = 'pipeline' then load_classes.weighted_hours else 0 end) as weighted_pipeline_hours,
        sum(load_classes.weighted_hours) as load_hours
    from marts.load_classes as load_classes
    group by load_classes.work_centre_id, load_classes.month
),

months_met as (
    select
        work_centre_months.work_centre_id,
        work_centre_months.month
    from marts.work_centre_months as work_centre_months
    union
    select
        sums_by_month.work_centre_id,
        sums_by_month.month
    from sums_by_month
)

select
    months_met.work_centre_id,
    months_met.month,
    coalesce(sums_by_month.firm_hours, 0) as firm_hours,
    coalesce(sums_by_month.backlog_hours, 0) as backlog_hours,
    coalesce(sums_by_month.spoken_for_hours, 0) as spoken_for_hours,
    coalesce(sums_by_month.weighted_spoken_for_hours, 0) as weighted_spoken_for_hours,
    coalesce(sums_by_month.pipeline_hours, 0) as pipeline_hours,
    coalesce(sums_by_month.weighted_pipeline_hours, 0) as weighted_pipeline_hours,
    coalesce(sums_by_month.load_hours, 0) as load_hours,
    work_centre_months.available_hours,
    hours_left.left_hours,
    case
        when coalesce(sums_by_month.load_hours, 0) > work_centre_months.available_hours
            then coalesce(sums_by_month.load_hours, 0) - work_centre_months.available_hours
        when work_centre_months.available_hours is not null then 0
    end as overload_hours,
    coalesce(sums_by_month.load_hours, 0) / nullif(work_centre_months.available_hours, 0) as utilisation_rate,
    work_centre_months.month is not null as has_hours,
    coalesce(work_centre_months.is_missing, false) as is_missing
from months_met
left join sums_by_month
    on
        months_met.work_centre_id = sums_by_month.work_centre_id
        and months_met.month = sums_by_month.month
left join marts.work_centre_months as work_centre_months
    on
        months_met.work_centre_id = work_centre_months.work_centre_id
        and months_met.month = work_centre_months.month
left join marts.hours_left as hours_left
    on
        months_met.work_centre_id = hours_left.work_centre_id
        and months_met.month = hours_left.month
order by months_met.work_centre_id, months_met.month
