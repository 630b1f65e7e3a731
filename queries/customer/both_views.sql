-- One row per broken promise of $customer, the largest gap first: what sales saw, and what operations saw, of the same order line.
-- For the months from $first_month to $last_month; one line where $order_id and $line_number are given; of one $cause where that is
-- given ('evidence: ' before it for all with that evidence, leading or not). At most a thousand.
select
    causes.order_id,
    causes.line_number,
    causes.cause,
    causes.asked_date,
    causes.first_promised_date,
    causes.ordered_value,
    opportunities.stage,
    opportunities.created_date as first_seen_date,
    causes.lead_time_days,
    date_diff('day', causes.order_date, causes.first_promised_date) as given_days,
    work_centres.work_centre_name as full_work_centre_name,
    causes.load_hours,
    causes.available_hours,
    causes.reason,
    causes.waiting_on,
    causes.late_days,
    causes.gap_value,
    causes.is_inside_lead_time,
    causes.is_not_seen_coming,
    causes.is_without_room,
    causes.is_hot,
    causes.is_reason_given
from marts.causes as causes
left join extracts.opportunities as opportunities
    on
        causes.opportunity_id = opportunities.opportunity_id
        and opportunities.customer_id = $customer
left join marts.work_centres as work_centres
    on causes.full_work_centre_id = work_centres.work_centre_id
where
    causes.customer_id = $customer
    and causes.promise_month >= coalesce(cast($first_month as date), causes.promise_month)
    and causes.promise_month <= coalesce(cast($last_month as date), causes.promise_month)
    and causes.order_id = coalesce($order_id, causes.order_id)
    and causes.line_number = coalesce($line_number, causes.line_number)
    and case coalesce($cause, 'any')
        when 'any' then true
        when 'evidence: promised inside lead time' then causes.is_inside_lead_time
        when 'evidence: not seen coming' then causes.is_not_seen_coming
        when 'evidence: no room in the plan' then causes.is_without_room
        when 'evidence: reason given' then causes.is_reason_given
        else causes.cause = $cause
    end
order by causes.gap_value desc, causes.order_id, causes.line_number
limit 1000
