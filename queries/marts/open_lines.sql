-- One row per open order line: what the customer is still to get, and by when; what the forward view is about.
-- Overdue means that the promise of today has passed; the ledger's own overdue is measured to the first promise. Claims are numbered
-- from 0, the earliest first promise first: by that number the marts that follow know a line. It goes once these stand.
select
    row_number() over (order by promises.first_promised_date, promises.order_id, promises.line_number) - 1 as claim_number,
    promises.order_id,
    promises.line_number,
    promises.customer_id,
    promises.product_id,
    promises.product_family,
    promises.order_date,
    promises.first_promised_date,
    promises.promised_date,
    cast(date_trunc('month', promises.promised_date) as date) as promised_month,
    promises.open_quantity,
    promises.unit_price,
    promises.open_value,
    date_diff('day', promises.promised_date, snapshot.as_of_date) >= snapshot.days_late_allowed as is_overdue
from marts.promises as promises
cross join snapshot
where promises.open_quantity > 0
