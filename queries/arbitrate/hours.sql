-- One row per work centre whose hours are known and month ahead: the hours there are, and what overtime could add at what cost.
-- Without a limit or a cost in the extract, no overtime can be opened.
select
    work_centre_months.work_centre_id,
    work_centres.work_centre_name,
    work_centre_months.month,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    work_centre_months.available_hours,
    case
        when known_work_centres.overtime_cost_per_hour >= 0
            then greatest(coalesce(known_work_centres.overtime_hours_limit, 0), 0)
        else 0
    end as overtime_limit_hours,
    cast(coalesce(known_work_centres.overtime_cost_per_hour, 0) as double) as overtime_cost_per_hour
from marts.work_centre_months as work_centre_months
inner join marts.work_centres as work_centres
    on work_centre_months.work_centre_id = work_centres.work_centre_id
left join extracts.work_centres as known_work_centres
    on work_centre_months.work_centre_id = known_work_centres.work_centre_id
order by work_centre_months.work_centre_number, work_centre_months.month_number
