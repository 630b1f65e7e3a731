-- The price is in another currency than the company's; it is added up as it stands, not converted.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'currency' as column_name,
    order_lines.currency as value
from extracts.order_lines as order_lines
cross join snapshot
left join currency_signs
    on order_lines.currency = currency_signs.sign
where
    order_lines.currency is not null
    and not upper(coalesce(currency_signs.code, order_lines.currency)) = upper(snapshot.currency)
