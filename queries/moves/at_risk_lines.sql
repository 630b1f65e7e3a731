-- One row per order line at risk in either snapshot and the step of the bridge that it is in ($kind), the largest change
-- first; $most of them. A line whose value at risk is the same then and now is 'as before' and in no step. The kinds 'at risk then' and
-- 'at risk now' are the lines that the two ends of the bridge add up.
select
    at_risk.step,
    customers.customer_name,
    at_risk.order_id,
    at_risk.line_number,
    at_risk.product_id,
    at_risk.change_value,
    at_risk.before_value as at_risk_before_value,
    at_risk.after_value as at_risk_after_value,
    at_risk.before_date as promised_before_date,
    at_risk.after_date as promised_after_date,
    at_risk.projected_before_date,
    at_risk.projected_after_date,
    at_risk.customer_id
from compared.at_risk as at_risk
left join compared.customers as customers
    on at_risk.customer_id = customers.customer_id
where
    case coalesce($kind, at_risk.step)
        when 'at risk then' then at_risk.before_value <> 0
        when 'at risk now' then at_risk.after_value <> 0
        else at_risk.step = coalesce($kind, at_risk.step)
    end
order by abs(at_risk.change_value) desc, at_risk.order_id, at_risk.line_number
limit $most
