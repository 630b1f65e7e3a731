-- One row per note that stands: of $customer, of $month, of an order line, each of them all where it is not given; the newest first.
-- A note that another one replaces is left out, and one that was taken away (its text is empty). $is_of_company asks for those that are
-- about no customer and no line, or for the others. At most two hundred.
select
    notes.id as note_id,
    cast(notes.noted_at as date) as noted_date,
    notes.noted_by,
    notes.text,
    notes.month,
    notes.customer_id,
    customers.customer_name,
    notes.order_id,
    notes.line_number
from logged_notes as notes
left join logged_notes as later_notes
    on notes.id = later_notes.replaces
left join marts.customers as customers
    on notes.customer_id = customers.customer_id
where
    later_notes.id is null
    and notes.text <> ''
    and ($customer is null or notes.customer_id = $customer)
    and ($month is null or notes.month = cast($month as date))
    and ($order_id is null or notes.order_id = $order_id)
    and ($line_number is null or notes.line_number = $line_number)
    and ($is_of_company is null or (notes.customer_id is null and notes.order_id is null) = $is_of_company)
order by notes.id desc
limit 200
