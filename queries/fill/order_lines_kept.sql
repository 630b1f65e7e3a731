-- The order lines as their extract brought them, read from the ledger, which has every one of them and all that is said of it.
-- So a snapshot keeps them once. A line without a status is said to be open, which is what it counts as.
select
    promises.order_id,
    promises.line_number,
    promises.customer_id,
    promises.product_id,
    promises.ordered_quantity as quantity,
    promises.promised_date,
    promises.unit_price,
    promises.currency,
    promises.order_date,
    promises.requested_date,
    promises.stated_first_promised_date as first_promised_date,
    promises.promise_moved_by,
    promises.status,
    promises.opportunity_id
from marts.promises as promises
