-- One row per order line that is or was disputed: what sales says, what operations says, and the fact, which stays; open ones first.
-- Of $customer, of the promises of $month, of one line ($order_id, $line_number); all where none is given. At most a thousand.
select
    disputes.id as dispute_id,
    disputes.is_open as is_disputed,
    customers.customer_name,
    disputes.order_id,
    disputes.line_number,
    disputes.sales_says,
    disputes.operations_says,
    case
        when promises.is_kept then 'kept'
        when promises.is_due then 'not kept'
        when promises.is_cancelled then 'cancelled'
        when promises.order_id is null then 'no longer in the extracts'
        else 'not due yet'
    end as fact,
    promises.first_promised_date,
    promises.completed_date,
    promises.late_days,
    promises.gap_value,
    disputes.entered_by,
    cast(disputes.entered_at as date) as entered_date,
    promises.customer_id
from logged_disputes as disputes
left join logged_disputes as later_disputes
    on disputes.id = later_disputes.replaces
left join marts.promises as promises
    on
        disputes.order_id = promises.order_id
        and disputes.line_number = promises.line_number
left join marts.customers as customers
    on promises.customer_id = customers.customer_id
where
    later_disputes.id is null
    and ($customer is null or promises.customer_id = $customer)
    and ($month is null or promises.promise_month = cast($month as date))
    and ($order_id is null or disputes.order_id = $order_id)
    and ($line_number is null or disputes.line_number = $line_number)
order by disputes.is_open desc, disputes.id desc
limit 1000
