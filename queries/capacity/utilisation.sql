-- One row per work centre whose hours are known and month ahead: load by kind against its hours; the fullest work centre first.
-- Opportunities count as $weight says: recorded (by their chance), all (in full), none, or likely (in full from a chance of $from_rate on).
with loads_weighed as (
    select
        load_classes.work_centre_id,
        load_classes.month,
        load_classes.kind,
        load_classes.backlog_hours,
        case
            when load_classes.kind = 'firm' or $weight = 'all' then load_classes.load_hours
            when coalesce($weight, 'recorded') = 'recorded' then load_classes.weighted_hours
            when $weight = 'likely' and load_classes.probability_rate >= $from_rate then load_classes.load_hours
            else 0
        end as load_hours
    from marts.load_classes as load_classes
),

loads_by_kind as (
    select
        loads_weighed.work_centre_id,
        loads_weighed.month,
        sum(loads_weighed.load_hours) as load_hours,
        sum(loads_weighed.backlog_hours) as backlog_hours,
        sum(case when loads_weighed.kind = 'firm' then loads_weighed.load_hours else 0 end) as firm_hours,
        sum(case when loads_weighed.kind = 'spoken for' then loads_weighed.load_hours else 0 end) as spoken_for_hours,
        sum(case when loads_weighed.kind = 'pipeline' then loads_weighed.load_hours else 0 end) as pipeline_hours
    from loads_weighed
    group by loads_weighed.work_centre_id, loads_weighed.month
),

months_compared as (
    select
        hours_left.work_centre_id,
        hours_left.month,
        coalesce(loads_by_kind.firm_hours, 0) - coalesce(loads_by_kind.backlog_hours, 0) as firm_hours,
        coalesce(loads_by_kind.backlog_hours, 0) as backlog_hours,
        coalesce(loads_by_kind.spoken_for_hours, 0) as spoken_for_hours,
        coalesce(loads_by_kind.pipeline_hours, 0) as pipeline_hours,
        coalesce(loads_by_kind.load_hours, 0) as load_hours,
        hours_left.available_hours,
        hours_left.left_hours,
        coalesce(loads_by_kind.load_hours, 0) / nullif(hours_left.available_hours, 0) as utilisation_rate,
        coalesce(loads_by_kind.load_hours, 0) > hours_left.available_hours + 0.000001 as is_full
    from marts.hours_left as hours_left
    left join loads_by_kind
        on
            hours_left.work_centre_id = loads_by_kind.work_centre_id
            and hours_left.month = loads_by_kind.month
)

select
    months_compared.work_centre_id,
    work_centres.work_centre_name,
    work_centres.site,
    months_compared.month,
    months_compared.firm_hours,
    months_compared.backlog_hours,
    months_compared.spoken_for_hours,
    months_compared.pipeline_hours,
    months_compared.load_hours,
    months_compared.available_hours,
    months_compared.left_hours,
    months_compared.utilisation_rate,
    months_compared.is_full
from months_compared
inner join marts.work_centres as work_centres
    on months_compared.work_centre_id = work_centres.work_centre_id
order by
    sum(case when months_compared.is_full then months_compared.load_hours - months_compared.available_hours else 0 end) over (
        partition by months_compared.work_centre_id
    ) desc,
    max(months_compared.utilisation_rate) over (partition by months_compared.work_centre_id) desc nulls last,
    months_compared.work_centre_id,
    months_compared.month
