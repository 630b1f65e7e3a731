-- One row per work centre-month that a decision in force is about, the newest one where there are several: who decided it, when, which.
with decisions_by_age as (
    select
        followed_decisions.*,
        row_number() over (
            partition by followed_decisions.work_centre_id, followed_decisions.load_month
            order by followed_decisions.decision_id desc
        ) as place
    from followed_decisions
    where followed_decisions.state <> 'corrected'
)

select
    decisions_by_age.work_centre_id,
    decisions_by_age.work_centre_name,
    decisions_by_age.load_month as month,
    decisions_by_age.decision_id,
    decisions_by_age.decided_by,
    decisions_by_age.decided_date,
    decisions_by_age.title,
    decisions_by_age.decided_as_of_date,
    decisions_by_age.snapshot_id
from decisions_by_age
where decisions_by_age.place = 1
order by decisions_by_age.decision_id
