"""Every mart can be carried over to another engine; what would mean something else there is refused with its reason."""

from __future__ import annotations

import pytest

from sop import queries
from sop.errors import QueryError
from sop.queries import Query

sqlglot = pytest.importorskip("sqlglot", reason="the translator is not installed: pip install -r requirements-dev.txt")

from sop.engine.translating import tables, translate  # noqa: E402 (it needs sqlglot)

MARTS = queries.in_build_order()


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_every_mart_translates(mart: Query) -> None:
    spark = translate(mart)
    assert "MATERIALIZED" not in spark.upper(), "Spark has no such word"
    parsed = sqlglot.parse_one(spark, read="spark")
    assert [table.sql() for table in parsed.find_all(sqlglot.exp.Table) if table.db] == [], "views have no schema"


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_what_a_mart_reads_is_known_whether_it_stands_in_a_schema_or_not(mart: Query) -> None:
    found = tables(mart)
    assert mart.reads <= found
    assert {table for table in found if "." not in table} <= {"snapshot", "source_files"}


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select list(a.x order by a.y) as xs from marts.a as a", "a list of many rows"),
        ("select string_agg(a.x, ', ') as xs from marts.a as a", "a text of many rows"),
        ("select a.x from marts.a as a qualify row_number() over (order by a.x) = 1", "QUALIFY"),
        ("pivot marts.a on x using sum(y)", "PIVOT"),
        ("select a.x from marts.a as a asof join marts.b as b on a.x >= b.x", "ASOF"),
        ("select strptime(a.x, '%d.%m.%Y') as x from marts.a as a", "strptime"),
        ("select hash(a.x) as x from marts.a as a", "hash()"),
        ("select quantile_cont(a.x, 0.5) as x from marts.a as a", "percentile_cont()"),
        ("select median(a.x) as x from marts.a as a", "median()"),
        ("select a.x // 2 as x from marts.a as a", "//"),
        ("select my_macro(a.x) as x from marts.a as a", "my_macro()"),
        ("select * exclude (x) from marts.a as a", "a star with columns left out"),
        ("select * replace (1 as x) from marts.a as a", "a star with columns left out"),
        ("select any_value(a.x) as x from marts.a as a", "any row's value"),
        ("select arg_max(a.x, a.y) as x from marts.a as a", "arg_max()"),
        ("select a.x from marts.a as a limit 1", "LIMIT"),
        ("select current_date as x", "today"),
        ("select round(a.x, 2) as x from marts.a as a", "rounded"),
        ("select date_diff('week', a.x, a.y) as x from marts.a as a", "units"),
        ("select range as i from range(3) as t (i)", "a range as a table"),
        ("select a.x from marts.a as a where regexp_matches(a.x, '^a')", "regexp_like()"),
    ],
)
def test_what_would_mean_something_else_there_is_refused_with_its_reason(sql: str, why: str) -> None:
    with pytest.raises(QueryError, match=r"^marts/made_up\.sql cannot be translated") as refusal:
        translate(Query("marts/made_up", f"-- One row per something.\n{sql}\n"))
    assert why in str(refusal.value)
