-- Makes the tables that a snapshot holds beside extracts and marts: itself, its files, what was rejected or doubtful.
create table snapshot (
    snapshot_id varchar,
    as_of_date date,
    created_at timestamp,
    created_by varchar,
    company_name varchar,
    currency varchar,
    days_early_allowed integer,
    days_late_allowed integer,
    quantity_tolerance double,
    promise_target double,
    promise_target_a double,
    promise_target_b double,
    promise_target_c double
);

create table source_files (
    extract_name varchar,
    file_name varchar,
    size bigint,
    sha256 varchar,
    mapping_sha256 varchar,
    carried_from varchar,
    read_count bigint,
    kept_count bigint,
    rejected_count bigint,
    left_out_count bigint
);

create table rejected_rows (
    file_name varchar,
    line_number bigint,
    extract_name varchar,
    column_name varchar,
    value varchar,
    reason varchar,
    cells varchar[]
);

create table warnings (
    rule_name varchar,
    message varchar,
    row_count bigint,
    extract_name varchar,
    file_name varchar,
    line_number bigint,
    column_name varchar,
    value varchar
);

create table currency_signs as
select
    signs.sign,
    signs.code
from (
    values
    ('€', 'EUR'), ('$', 'USD'), ('US$', 'USD'), ('£', 'GBP'), ('¥', 'JPY'), ('₹', 'INR'), ('₽', 'RUB'), ('zł', 'PLN'), ('Fr.', 'CHF'),
    ('Fr', 'CHF'), ('Rs', 'INR'), ('Rs.', 'INR')
) as signs (sign, code);

create table other_names (
    customer_id varchar,
    customer_name varchar
);
