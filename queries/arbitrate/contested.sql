-- One row per contested work centre-month (marts/contested_months): the most value at stake first.
select
    contested_months.work_centre_id,
    contested_months.work_centre_name,
    contested_months.month,
    contested_months.load_hours,
    contested_months.available_hours,
    contested_months.missing_hours,
    contested_months.customer_count,
    contested_months.customer_names,
    contested_months.broken_count,
    contested_months.beyond_horizon_count,
    contested_months.at_stake_value,
    contested_months.imposed_days,
    contested_months.since_date
from marts.contested_months as contested_months
order by
    contested_months.at_stake_value desc,
    contested_months.missing_hours desc,
    contested_months.overload_hours desc,
    contested_months.work_centre_id,
    contested_months.month
