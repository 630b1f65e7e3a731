"""The sample company: the same bytes for the same seed, valid against the contract, and with its story in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sop.sample import EXTRACTS, ORDER_LINES, SEED, make

ROOT = Path(__file__).parent.parent
MEGABYTE = 1_000_000

# One row per order line that is not cancelled: was it complete by the first promise, the request, today's promise?
LINES = """
    create table lines as
    with committed_lines as (
        select
            *,
            if(promise_moved_by = 'customer', promised_date, first_promised_date) as committed_date
        from order_lines
        where status <> 'cancelled'
    ),

    delivered_lines as (
        select
            committed_lines.*,
            coalesce(sum(deliveries.quantity), 0) as delivered_quantity,
            coalesce(sum(deliveries.quantity) filter (where delivered_date <= committed_date), 0) as by_promise,
            coalesce(sum(deliveries.quantity) filter (where delivered_date <= requested_date), 0) as by_request,
            coalesce(sum(deliveries.quantity) filter (where delivered_date <= promised_date), 0) as by_current
        from committed_lines
        left join deliveries
            on committed_lines.order_id = deliveries.order_id
            and committed_lines.line_number = deliveries.line_number
        group by all
    )

    select
        *,
        by_promise >= quantity as is_kept,
        by_request >= quantity as is_kept_to_request,
        by_current >= quantity as is_kept_to_current
    from delivered_lines
"""
# One row per work centre and month: the hours that the lines promised then ask for.
LOADS = """
    select
        routings.work_centre_id,
        (date_trunc('month', promised_date) - to_months(offset_months))::date as load_month,
        sum(quantity * hours_per_unit) as load_hours
    from lines inner join routings on lines.product_id = routings.product_id
    group by all
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the sample company of the default size and return its folder."""
    folder = tmp_path_factory.mktemp("company")
    make(ORDER_LINES, SEED, folder)
    return folder


@pytest.fixture(scope="module")
def extracts(company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Load the company's CSVs into the tables of the contract, whose keys and checks refuse what is not clean."""
    with duckdb.connect() as connection:
        connection.execute("create schema extracts")
        for extract in EXTRACTS:
            connection.execute((ROOT / "queries" / "extracts" / f"{extract}.sql").read_text(encoding="utf-8"))
            connection.execute(
                f"insert into extracts.{extract} by name from read_csv('{company / extract}.csv', header = true)"
            )
        connection.execute("use extracts")
        connection.execute(LINES)
        yield connection


def value(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    """Return the one number that a query asks for."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


def kept_rate(connection: duckdb.DuckDBPyConnection, where: str) -> float:
    """Return the share of lines kept among those whose committed date has come."""
    due = "committed_date <= date '2026-10-30'"
    return value(connection, f"select avg(is_kept::int) from lines where {due} and {where}")


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of the folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes(company: Path, tmp_path: Path) -> None:
    make(ORDER_LINES, SEED, tmp_path)
    assert bytes_of(tmp_path) == bytes_of(company)


def test_another_seed_gives_another_company_with_the_same_story_customers(tmp_path: Path) -> None:
    make(1_000, 1, tmp_path / "one")
    make(1_000, 2, tmp_path / "two")
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    assert one["order_lines.csv"] != two["order_lines.csv"]
    for customers in (one["customers.csv"], two["customers.csv"]):
        assert b"C-0007,Kestrelmoor Rail Works,A" in customers


def test_the_sample_in_the_repository_is_what_make_writes(company: Path) -> None:
    for name, content in bytes_of(company).items():
        assert (ROOT / "data" / "sample" / name).read_bytes() == content, f"data/sample/{name} is stale: make sample"


def test_one_file_per_extract_and_nothing_left_behind(company: Path) -> None:
    assert sorted(path.name for path in company.iterdir()) == sorted(f"{extract}.csv" for extract in EXTRACTS)
    assert set(EXTRACTS) == {path.stem for path in (ROOT / "queries" / "extracts").glob("*.sql")}


def test_the_headers_are_the_contract_less_the_currency_since_it_trades_in_one(
    company: Path, extracts: duckdb.DuckDBPyConnection
) -> None:
    for extract in EXTRACTS:
        columns = [row[0] for row in extracts.execute(f"describe extracts.{extract}").fetchall()]
        header = (company / f"{extract}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header.split(",") == [column for column in columns if column != "currency"]


def test_every_sample_query_opens_with_its_grain() -> None:
    for path in (ROOT / "queries" / "sample").glob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("-- One row per "), path.name


def test_make_returns_the_number_of_rows_of_each_file(tmp_path: Path) -> None:
    rows = make(1_234, SEED, tmp_path)
    assert rows["order_lines"] == 1_234
    for extract, count in rows.items():
        assert len((tmp_path / f"{extract}.csv").read_text(encoding="utf-8").splitlines()) == count + 1


def test_a_company_of_a_hundred_lines_still_has_its_dimensions(tmp_path: Path) -> None:
    rows = make(100, SEED, tmp_path)
    assert (rows["customers"], rows["work_centres"], rows["capacity"]) == (40, 12, 12 * 33)
    assert b"OP-00057,C-0018" in (tmp_path / "opportunities.csv").read_bytes()


def test_the_default_company_is_at_most_five_megabytes(company: Path) -> None:
    assert sum(path.stat().st_size for path in company.iterdir()) < 5 * MEGABYTE


def test_the_default_company_has_the_size_that_the_documents_say(extracts: duckdb.DuckDBPyConnection) -> None:
    counts = {extract: value(extracts, f"select count(*) from {extract}") for extract in EXTRACTS}
    assert counts["order_lines"] == ORDER_LINES
    assert (counts["customers"], counts["products"], counts["work_centres"]) == (60, 120, 12)
    assert 1_400 < counts["opportunities"] < 1_600
    assert value(extracts, "select count(distinct product_family) from products") == 8
    assert value(extracts, "select count(distinct account_manager) from customers") == 8
    assert value(extracts, "select count(distinct site) from work_centres") == 2


def test_keys_are_unique(extracts: duckdb.DuckDBPyConnection) -> None:
    for extract, key in (
        ("customers", "customer_name"),
        ("products", "product_name"),
        ("work_centres", "work_centre_name"),
        ("deliveries", "delivery_id"),
        ("order_lines", "(order_id, line_number)"),
    ):
        assert value(extracts, f"select count(*) - count(distinct {key}) from {extract}") == 0, extract


@pytest.mark.parametrize(
    ("extract", "column", "referred"),
    [
        ("order_lines", "customer_id", "customers"),
        ("order_lines", "product_id", "products"),
        ("order_lines", "opportunity_id", "opportunities"),
        ("opportunities", "customer_id", "customers"),
        ("opportunities", "product_id", "products"),
        ("routings", "product_id", "products"),
        ("routings", "work_centre_id", "work_centres"),
        ("capacity", "work_centre_id", "work_centres"),
        ("products", "product_id", "routings"),
    ],
)
def test_references_exist(extracts: duckdb.DuckDBPyConnection, extract: str, column: str, referred: str) -> None:
    missing = f"select count(*) from {extract} where {column} not in (select {column} from {referred})"
    assert value(extracts, missing) == 0


def test_every_delivery_belongs_to_a_line_that_is_not_cancelled(extracts: duckdb.DuckDBPyConnection) -> None:
    orphans = """
        select count(*) from deliveries anti join lines
            on deliveries.order_id = lines.order_id and deliveries.line_number = lines.line_number
            and deliveries.product_id = lines.product_id
    """
    assert value(extracts, orphans) == 0
    assert value(extracts, "select count(*) from lines where delivered_quantity > quantity") == 0
    assert (
        value(extracts, "select count(*) from lines where (status = 'closed') <> (delivered_quantity = quantity)") == 0
    )


def test_an_opportunity_with_orders_is_won_and_has_their_customer(extracts: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        select count(*) from order_lines inner join opportunities
            on order_lines.opportunity_id = opportunities.opportunity_id
        where opportunities.stage <> 'Won' or opportunities.customer_id <> order_lines.customer_id
    """
    assert value(extracts, wrong) == 0
    assert value(extracts, "select count(*) from order_lines where opportunity_id is not null") > 1_000


def test_the_dates_run_from_november_2024_and_nothing_happens_after_as_of(extracts: duckdb.DuckDBPyConnection) -> None:
    assert extracts.execute(
        """
        select min(order_date)::varchar, max(order_date)::varchar,
            (select max(delivered_date)::varchar from deliveries),
            max(promised_date) between date '2027-06-01' and date '2027-07-31',
            bool_and(order_date < requested_date and order_date < first_promised_date),
            bool_and(first_promised_date <= promised_date)
        from order_lines
        """
    ).fetchone() == ("2024-11-01", "2026-10-30", "2026-10-30", True, True, True)
    assert value(extracts, "select count(*) from deliveries where shipped_date > delivered_date") == 0


def test_nothing_is_promised_or_delivered_at_a_weekend(extracts: duckdb.DuckDBPyConnection) -> None:
    for extract, column in (("order_lines", "promised_date"), ("deliveries", "delivered_date")):
        assert value(extracts, f"select count(*) from {extract} where isodow({column}) > 5") == 0


def test_identifiers_keep_their_leading_zeros(company: Path) -> None:
    first_customer = (company / "customers.csv").read_text(encoding="utf-8").splitlines()[1]
    assert re.match(r"C-0001,", first_customer)


def test_about_nine_promises_in_ten_are_kept_and_less_in_the_summer_of_2026(
    extracts: duckdb.DuckDBPyConnection,
) -> None:
    assert 0.88 < kept_rate(extracts, "true") < 0.92
    summer = kept_rate(extracts, "committed_date between date '2026-06-01' and date '2026-08-31'")
    assert summer < kept_rate(extracts, "committed_date between date '2025-06-01' and date '2025-08-31'") - 0.03


def test_about_two_lines_in_a_hundred_are_cancelled(extracts: duckdb.DuckDBPyConnection) -> None:
    assert 0.015 < value(extracts, "select avg((status = 'cancelled')::int) from order_lines") < 0.025


def test_the_strategic_customer_is_let_down_three_months_running(extracts: duckdb.DuckDBPyConnection) -> None:
    assert kept_rate(extracts, "customer_id = 'C-0007' and committed_date < date '2026-08-01'") > 0.93
    for month in ("2026-08-01", "2026-09-01", "2026-10-01"):
        in_month = f"date_trunc('month', committed_date) = date '{month}'"
        assert kept_rate(extracts, f"customer_id = 'C-0007' and {in_month}") < 0.6
    no_capacity = """
        select avg(coalesce(reason = 'No capacity', false)::int)
        from deliveries inner join lines
            on deliveries.order_id = lines.order_id and deliveries.line_number = lines.line_number
        where lines.customer_id = 'C-0007' and committed_date between date '2026-08-01' and date '2026-10-30'
            and delivered_date > committed_date
    """
    assert value(extracts, no_capacity) > 0.75


def test_everything_the_strategic_customer_buys_goes_through_welding_2(extracts: duckdb.DuckDBPyConnection) -> None:
    elsewhere = """
        select count(*) from order_lines
        where customer_id = 'C-0007'
            and product_id not in (select product_id from routings where work_centre_id = 'WC-10')
    """
    assert value(extracts, elsewhere) == 0
    assert (
        value(
            extracts,
            "select count(*) from work_centres where (work_centre_id, work_centre_name) = ('WC-10', 'Welding 2')",
        )
        == 1
    )


def test_welding_2_is_overfull_from_august_to_january_and_has_room_in_february(
    extracts: duckdb.DuckDBPyConnection,
) -> None:
    utilisations = [
        row[0]
        for row in extracts.execute(
            f"""
            select load_hours / available_hours from ({LOADS}) as loads
            inner join capacity on loads.work_centre_id = capacity.work_centre_id and load_month = month
            where capacity.work_centre_id = 'WC-10' and month between date '2026-08-01' and date '2027-02-01'
            order by month
            """
        ).fetchall()
    ]
    assert min(utilisations[:6]) > 1.10
    assert 0.6 < utilisations[6] < 0.9


def test_the_other_work_centres_are_busy_but_not_broken(extracts: duckdb.DuckDBPyConnection) -> None:
    usual = f"""
        select sum(load_hours) / sum(available_hours) from ({LOADS}) as loads
        inner join capacity on loads.work_centre_id = capacity.work_centre_id and load_month = month
        where month between date '2025-03-01' and date '2026-07-01'
        group by capacity.work_centre_id
    """
    rates = [row[0] for row in extracts.execute(usual).fetchall()]
    assert len(rates) == 12
    assert min(rates) > 0.6
    assert max(rates) < 0.92


def test_one_salesperson_promises_inside_lead_time_and_those_promises_break(
    extracts: duckdb.DuckDBPyConnection,
) -> None:
    rates = {
        manager: (inside, kept)
        for manager, inside, kept in extracts.execute(
            """
            select account_manager, avg((first_promised_date - order_date < lead_time_days)::int),
                avg(is_kept::int) filter (
                    where committed_date <= date '2026-10-30' and first_promised_date - order_date < lead_time_days
                )
            from lines
            inner join customers on lines.customer_id = customers.customer_id
            inner join products on lines.product_id = products.product_id
            group by account_manager
            """
        ).fetchall()
    }
    inside, kept = rates.pop("Leo Sandover")
    assert inside > 0.25
    assert kept < 0.6
    assert max(other for other, _ in rates.values()) < 0.05


def test_one_customer_looks_well_served_only_because_its_promises_were_moved(
    extracts: duckdb.DuckDBPyConnection,
) -> None:
    assert kept_rate(extracts, "customer_id = 'C-0012'") <= 0.65
    current = """
        select avg(is_kept_to_current::int) from lines
        where customer_id = 'C-0012' and promised_date <= date '2026-10-30'
    """
    assert value(extracts, current) >= 0.95


def test_the_big_opportunity_breaks_the_promises_of_two_other_customers(extracts: duckdb.DuckDBPyConnection) -> None:
    row = extracts.execute(
        f"""
        select customer_id, promised_date::varchar, probability >= 0.7, opportunities.quantity * hours_per_unit
            / available_hours, load_hours / available_hours
        from opportunities
        inner join routings on opportunities.product_id = routings.product_id and work_centre_id = 'WC-10'
        inner join capacity
            on capacity.work_centre_id = 'WC-10' and capacity.month = date_trunc('month', promised_date)
        inner join ({LOADS}) as loads on loads.work_centre_id = 'WC-10' and loads.load_month = capacity.month
        where opportunity_id = 'OP-00057'
        """
    ).fetchone()
    assert row is not None
    customer, promised, is_probable, its_share, firm_share = row
    assert (customer, promised, is_probable) == ("C-0018", "2027-02-12", True)
    assert firm_share < 0.95 < 1.2 < firm_share + its_share
    theirs = """
        select customer_id from lines
        inner join routings on lines.product_id = routings.product_id and work_centre_id = 'WC-10'
        where date_trunc('month', promised_date) = date '2027-02-01'
        group by customer_id order by sum(quantity * hours_per_unit) desc limit 2
    """
    assert {row[0] for row in extracts.execute(theirs).fetchall()} == {"C-0007", "C-0027"}


def test_the_quiet_customer_waits_and_has_stopped_ordering(extracts: duckdb.DuckDBPyConnection) -> None:
    forgotten = "customer_id = 'C-0022' and status = 'open' and first_promised_date < date '2026-08-31'"
    assert 3 <= value(extracts, f"select count(*) from lines where {forgotten}") <= 15
    assert value(extracts, f"select count(*) from lines where {forgotten} and promised_date <= date '2026-10-30'") == 0
    assert (
        value(
            extracts,
            "select datediff('day', max(order_date), date '2026-10-30') from lines where customer_id = 'C-0022'",
        )
        > 90
    )
    assert kept_rate(extracts, "customer_id = 'C-0022' and committed_date < date '2026-07-01'") > 0.93
    months = "select count(distinct date_trunc('month', order_date)) from lines where customer_id = 'C-0022'"
    assert value(extracts, months) >= 18


def test_a_measured_customer_sees_another_rate_than_we_report(extracts: duckdb.DuckDBPyConnection) -> None:
    theirs = """
        select avg(is_kept_order::int) from (
            select bool_and(is_kept_to_request) as is_kept_order from lines
            where customer_id = 'C-0033' and requested_date <= date '2026-10-30' group by order_id
        ) as orders
    """
    assert value(extracts, theirs) < 0.8
    assert kept_rate(extracts, "customer_id = 'C-0033'") > 0.92
    assert 0.15 < value(extracts, "select avg((measured_on is not null)::int) from customers") < 0.3
