-- One row per work centre and month whose hours are not what they were; only months still ahead at the earlier snapshot.
with hours_of_both as (
    select
        coalesce(capacity_after.work_centre_id, capacity_before.work_centre_id) as work_centre_id,
        coalesce(capacity_after.month, capacity_before.month) as month,
        capacity_before.available_hours as before_hours,
        capacity_after.available_hours as after_hours
    from before.extracts.capacity as capacity_before
    full join after.extracts.capacity as capacity_after
        on
            capacity_before.work_centre_id = capacity_after.work_centre_id
            and capacity_before.month = capacity_after.month
)

select
    case
        when hours_of_both.before_hours is null then 'stated now'
        when hours_of_both.after_hours is null then 'no longer stated'
        when hours_of_both.after_hours > hours_of_both.before_hours then 'more'
        else 'fewer'
    end as kind,
    hours_of_both.work_centre_id,
    coalesce(
        centres_after.work_centre_name, centres_before.work_centre_name, hours_of_both.work_centre_id
    ) as work_centre_name,
    hours_of_both.month,
    hours_of_both.before_hours,
    hours_of_both.after_hours,
    coalesce(hours_of_both.after_hours, 0) - coalesce(hours_of_both.before_hours, 0) as change_hours
from hours_of_both
inner join compared.parts as parts
    on parts.part = 'hours' and parts.is_compared
cross join compared.snapshots as snapshots
left join before.extracts.work_centres as centres_before
    on hours_of_both.work_centre_id = centres_before.work_centre_id
left join after.extracts.work_centres as centres_after
    on hours_of_both.work_centre_id = centres_after.work_centre_id
where
    hours_of_both.month >= cast(date_trunc('month', snapshots.before_date) as date)
    and hours_of_both.before_hours is distinct from hours_of_both.after_hours
