-- One row per open opportunity: when it is needed and the earliest month it could be there, those too late first, then by value.
-- $figure narrows it: too late, spoken for, or all; $need_month to what is needed in that month. At most a thousand.
select
    opportunities_ahead.opportunity_id,
    customers.customer_name,
    coalesce(products.product_name, opportunities_ahead.product_id) as product_name,
    opportunities_ahead.opportunity_value as in_full_value,
    opportunities_ahead.probability_rate,
    opportunities_ahead.kind,
    opportunities_ahead.need_date,
    opportunities_ahead.earliest_month,
    opportunities_ahead.slip_days,
    work_centres.work_centre_name as limiting_work_centre_name,
    opportunities_ahead.stage,
    opportunities_ahead.opportunity_quantity,
    opportunities_ahead.weighted_value,
    opportunities_ahead.expected_close_date,
    opportunities_ahead.requested_date,
    opportunities_ahead.promised_date,
    opportunities_ahead.owner
from marts.opportunities_ahead as opportunities_ahead
inner join marts.customers as customers
    on opportunities_ahead.customer_id = customers.customer_id
left join extracts.products as products
    on opportunities_ahead.product_id = products.product_id
left join marts.work_centres as work_centres
    on opportunities_ahead.limiting_work_centre_id = work_centres.work_centre_id
where
    case coalesce($figure, 'all')
        when 'too late' then opportunities_ahead.is_too_late
        when 'spoken for' then opportunities_ahead.kind = 'spoken for'
        else true
    end
    and (
        cast($need_month as date) is null
        or opportunities_ahead.need_month = cast($need_month as date)
    )
order by
    opportunities_ahead.is_too_late desc, opportunities_ahead.opportunity_value desc, opportunities_ahead.opportunity_id
limit 1000
