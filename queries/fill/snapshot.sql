-- Writes the snapshot's one row: what it is, and the settings that its figures were measured with.
insert into snapshot by name
select
    $snapshot_id as snapshot_id,
    cast($as_of_date as date) as as_of_date,
    cast($created_at as timestamp) as created_at,
    $created_by as created_by,
    $company_name as company_name,
    $currency as currency,
    $days_early_allowed as days_early_allowed,
    $days_late_allowed as days_late_allowed,
    $quantity_tolerance as quantity_tolerance,
    $promise_target as promise_target,
    $promise_target_a as promise_target_a,
    $promise_target_b as promise_target_b,
    $promise_target_c as promise_target_c
