-- One row per decision: who decided what and when, and what became of it so far, in counts. One that a later one corrects is not
-- followed any more: its counts of what became of it are 0.
with lines_by_decision as (
    select
        followed_lines.decision_id,
        count(*) filter (where followed_lines.state = 'kept') as kept_so_far_count,
        count(*) filter (where followed_lines.state = 'not kept') as not_kept_count,
        count(*) filter (where followed_lines.state in ('not due yet', 'no date decided')) as ahead_count,
        count(*) filter (where followed_lines.is_moved_again) as moved_again_count
    from followed_lines
    group by followed_lines.decision_id
),

expectations_by_decision as (
    select
        followed_expectations.decision_id,
        count(*) filter (where followed_expectations.state = 'kept') as expectations_kept_count,
        count(*) filter (where followed_expectations.state = 'partly kept') as expectations_partly_kept_count,
        count(*) filter (where followed_expectations.state = 'not kept') as expectations_not_kept_count,
        count(*) filter (where followed_expectations.state = 'not yet due') as expectations_ahead_count
    from followed_expectations
    group by followed_expectations.decision_id
),

actions_by_decision as (
    select
        followed_actions.decision_id,
        count(*) filter (where followed_actions.state = 'done') as actions_done_count,
        count(*) filter (where followed_actions.state <> 'done') as actions_open_count,
        count(*) filter (where followed_actions.state = 'overdue') as actions_overdue_count
    from followed_actions
    group by followed_actions.decision_id
),

costs_as_decided as (
    select
        options_as_they_stood.decision_id,
        options_as_they_stood.stood.totals.cost_value as cost_value
    from (
        select
            logged_decisions.id as decision_id,
            logged_decisions.chosen,
            unnest(
                from_json(logged_decisions.options, '[{"name": "VARCHAR", "totals": {"cost_value": "DOUBLE"}}]')
            ) as stood
        from logged_decisions
    ) as options_as_they_stood
    where options_as_they_stood.stood.name = options_as_they_stood.chosen
),

costs_by_age as (
    select
        logged_cost_entries.decision_id,
        logged_cost_entries.spent_value,
        row_number() over (
            partition by logged_cost_entries.decision_id
            order by logged_cost_entries.id desc
        ) as place
    from logged_cost_entries
),

customers_by_decision as (
    select
        logged_customers.decision_id,
        count(*) as customer_count,
        count(*) filter (where logged_customers.broken_count > 0) as let_down_count,
        cast(sum(logged_customers.kept_count) as bigint) as kept_count,
        cast(sum(logged_customers.broken_count) as bigint) as broken_count,
        cast(sum(logged_customers.imposed_days) as bigint) as imposed_days,
        sum(logged_customers.late_value) as late_value
    from logged_customers
    group by logged_customers.decision_id
)

select
    decisions.id as decision_id,
    cast(decisions.decided_at as date) as decided_date,
    decisions.decided_at,
    decisions.decided_by,
    decisions.as_of_date as decided_as_of_date,
    decisions.snapshot_id,
    decisions.work_centre_id,
    coalesce(work_centres.work_centre_name, decisions.work_centre_id) as work_centre_name,
    decisions.load_month,
    decisions.title,
    decisions.reason,
    decisions.assumed,
    decisions.wrong_if,
    decisions.review_date,
    decisions.options,
    decisions.chosen,
    decisions.replaces as replaces_id,
    corrections.id as replaced_by_id,
    case
        when corrections.id is not null then 'corrected'
        when decisions.review_date <= snapshot.as_of_date then 'look again'
        else 'in force'
    end as state,
    coalesce(customers_by_decision.customer_count, 0) as customer_count,
    coalesce(customers_by_decision.let_down_count, 0) as let_down_count,
    coalesce(customers_by_decision.kept_count, 0) as kept_count,
    coalesce(customers_by_decision.broken_count, 0) as broken_count,
    coalesce(customers_by_decision.imposed_days, 0) as imposed_days,
    coalesce(customers_by_decision.late_value, 0) as late_value,
    coalesce(lines_by_decision.kept_so_far_count, 0) as kept_so_far_count,
    coalesce(lines_by_decision.not_kept_count, 0) as not_kept_count,
    coalesce(lines_by_decision.ahead_count, 0) as ahead_count,
    coalesce(lines_by_decision.moved_again_count, 0) as moved_again_count,
    coalesce(expectations_by_decision.expectations_kept_count, 0) as expectations_kept_count,
    coalesce(expectations_by_decision.expectations_partly_kept_count, 0) as expectations_partly_kept_count,
    coalesce(expectations_by_decision.expectations_not_kept_count, 0) as expectations_not_kept_count,
    coalesce(expectations_by_decision.expectations_ahead_count, 0) as expectations_ahead_count,
    coalesce(actions_by_decision.actions_done_count, 0) as actions_done_count,
    coalesce(actions_by_decision.actions_open_count, 0) as actions_open_count,
    coalesce(actions_by_decision.actions_overdue_count, 0) as actions_overdue_count,
    coalesce(costs_as_decided.cost_value, 0) as cost_value,
    costs_by_age.spent_value
from logged_decisions as decisions
cross join snapshot
left join logged_decisions as corrections
    on decisions.id = corrections.replaces
left join marts.work_centres as work_centres
    on decisions.work_centre_id = work_centres.work_centre_id
left join costs_as_decided
    on decisions.id = costs_as_decided.decision_id
left join costs_by_age
    on
        decisions.id = costs_by_age.decision_id
        and costs_by_age.place = 1
left join customers_by_decision
    on decisions.id = customers_by_decision.decision_id
left join lines_by_decision
    on decisions.id = lines_by_decision.decision_id
left join expectations_by_decision
    on decisions.id = expectations_by_decision.decision_id
left join actions_by_decision
    on decisions.id = actions_by_decision.decision_id
