-- One row per work centre and month: the hours that are really there.
-- They are cut to what the sixteen months to June 2026 asked for, so that the company is busy but not broken.
with lines_by_month as (
    select
        product_index,
        date_trunc('month', working_date(promised_day))::date as promised_month,
        sum(quantity) as quantity
    from sample.order_line_stories
    where not is_cancelled
    group by product_index, date_trunc('month', working_date(promised_day))::date
),

usual_load as (
    select
        routings.work_centre_id,
        sum(lines_by_month.quantity * routings.hours_per_unit) as load_hours
    from lines_by_month
    inner join sample.product_habits on lines_by_month.product_index = product_habits.product_index
    inner join sample.routings on product_habits.product_id = routings.product_id
    where
        lines_by_month.promised_month - to_months(routings.offset_months) between date '2025-03-01' and date '2026-06-01'
    group by routings.work_centre_id
),

working_days_by_month as (
    select
        date_trunc('month', working_date(day_number))::date as month,
        count(*) as working_days
    from range(4, 720) as days (day_number)
    group by date_trunc('month', working_date(day_number))::date
),

usual_working_days as (
    select sum(working_days) as working_days
    from working_days_by_month
    where month between date '2025-03-01' and date '2026-06-01'
),

hours_wanted as (
    select
        all_work_centres.work_centre_id,
        coalesce(usual_load.load_hours, 0) / case
            when all_work_centres.work_centre_id = 'WC-10' then 0.88
            -- Cutting 2 and Testing 2 come before and after Welding 2 and have room for what it cannot weld.
            when all_work_centres.work_centre_id in ('WC-07', 'WC-12') then 0.66
            else 0.70 + 0.12 * chance($seed, 'utilisation', all_work_centres.work_centre_id)
        end as available_hours
    from (select distinct work_centre_id from sample.routings) as all_work_centres
    left join usual_load on all_work_centres.work_centre_id = usual_load.work_centre_id
)

select
    hours_wanted.work_centre_id,
    working_days_by_month.month,
    greatest(
        8,
        8 * round(
            hours_wanted.available_hours * working_days_by_month.working_days / usual_working_days.working_days / 8
        )
    )::bigint as available_hours
from hours_wanted
cross join working_days_by_month
cross join usual_working_days
order by hours_wanted.work_centre_id, working_days_by_month.month
