-- One row per option of $decision as it stood when it was decided, in the order shown then: its figures, and whether it was chosen.
with options_as_they_stood as (
    select
        followed_decisions.chosen,
        unnest(
            from_json(
                followed_decisions.options,
                '[{"name": "VARCHAR", "title": "VARCHAR", "totals": {"kept_count": "BIGINT", "broken_count": "BIGINT",
                "imposed_days": "BIGINT", "late_value": "DOUBLE", "margin_value": "DOUBLE", "cost_value": "DOUBLE"}}]'
            )
        ) as stood,
        generate_subscripts(from_json(followed_decisions.options, '["JSON"]'), 1) as place
    from followed_decisions
    where followed_decisions.decision_id = $decision
)

select
    options_as_they_stood.stood.title as title,
    options_as_they_stood.stood.name = options_as_they_stood.chosen as is_chosen,
    options_as_they_stood.stood.totals.kept_count as kept_count,
    options_as_they_stood.stood.totals.broken_count as broken_count,
    options_as_they_stood.stood.totals.imposed_days as imposed_days,
    options_as_they_stood.stood.totals.late_value as late_value,
    options_as_they_stood.stood.totals.margin_value as margin_value,
    options_as_they_stood.stood.totals.cost_value as cost_value
from options_as_they_stood
order by options_as_they_stood.place
