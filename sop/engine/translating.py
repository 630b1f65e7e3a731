"""The SQL of a mart, from DuckDB's dialect to Spark's; what would change its meaning unseen is refused."""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from sop.errors import QueryError
from sop.queries import Query

UNDERSTOOD: frozenset[type[exp.Expr]] = frozenset(
    {
        *(exp.Cast, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Case, exp.If, exp.And, exp.Or, exp.Exists),
        *(exp.Sum, exp.Count, exp.Min, exp.Max, exp.Avg, exp.LogicalOr, exp.LogicalAnd, exp.RowNumber),
        *(exp.DateDiff, exp.TimestampTrunc, exp.Unnest, exp.GenerateSeries, exp.Round, exp.Lower),
    }
)
"""The functions that marts use, each compared on both engines. One that is added here needs a mart or a test that compares it."""

REFUSED: dict[type[exp.Expr], str] = {
    exp.Qualify: "QUALIFY: number the rows in a step of its own and filter in the next",
    exp.Pivot: "PIVOT: write each column as a sum over a CASE",
    exp.Lambda: "a function given to a function",
    exp.IntDiv: "//: write a CASE or a join instead",
    exp.Limit: "LIMIT: which rows those are is chance on many machines",
    exp.Placeholder: "a parameter: marts have none",
    exp.Parameter: "a parameter: marts have none",
    exp.ArrayAgg: "a list of many rows: their order is lost, join the rows instead",
    exp.GroupConcat: "a text of many rows: their order is lost, join the rows instead",
    exp.StrToTime: "strptime: its patterns mean different things",
    exp.AnyValue: "any row's value: say which, by min or max",
    exp.CurrentDate: "today: a snapshot speaks for its own day",
}
"""What translates to something else than it was, and what to write in its place."""


def translate(mart: Query) -> str:
    """The mart in Spark's SQL, reading views named `marts_promises` for `marts.promises`.

    Raises QueryError naming the mart and what it does that cannot be carried over.
    """
    tree = _parsed(mart)
    _refuse(mart, tree)
    for table in tree.find_all(exp.Table):
        if table.db:
            table.replace(exp.to_table(view_of(f"{table.db}.{table.name}"), alias=table.alias or table.name))
    for step in tree.find_all(exp.CTE):
        step.set("materialized", None)  # how DuckDB is to go about it; Spark has its own way and no word for it
    innermost_first = reversed(list(tree.bfs()))  # so that nothing is rewritten in a copy that is left behind
    for node in innermost_first:
        if type(node) in REWRITTEN:
            node.replace(REWRITTEN[type(node)](node.copy()))
    sql: str = tree.sql(dialect="spark", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
    return sql


def tables(mart: Query) -> frozenset[str]:
    """Every table that the mart reads, `snapshot` and the others without a schema too, but not its own steps."""
    found = set()
    for scope in traverse_scope(_parsed(mart)):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and source.name:
                found.add(f"{source.db}.{source.name}" if source.db else source.name)
    return frozenset(found)


def view_of(table: str) -> str:
    """The name that stands for a table on the engine, whose views have no schema."""
    return table.replace(".", "_")


def _parsed(mart: Query) -> exp.Expr:
    try:
        return sqlglot.parse_one(mart.sql, read="duckdb")
    except sqlglot.errors.ParseError as trouble:
        raise QueryError(f"{mart.name}.sql cannot be translated: {str(trouble).splitlines()[0]}") from None


def _refuse(mart: Query, tree: exp.Expr) -> None:
    for node in tree.walk():
        why = REFUSED.get(type(node)) or _other_reason(node)
        if why:
            raise QueryError(f"{mart.name}.sql cannot be translated for Spark, for it has {why}.")


def _other_reason(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Func) and type(node) not in UNDERSTOOD:
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        return f"{name.lower()}(), of which nobody has shown that it means the same there"
    if isinstance(node, exp.GenerateSeries) and not isinstance(node.parent, exp.Unnest):
        return "a range as a table: write unnest(generate_series(…))"
    if isinstance(node, exp.Star) and (node.args.get("except_") or node.args.get("replace")):
        return "a star with columns left out or replaced: name the columns"
    if isinstance(node, exp.Join) and node.method.upper() == "ASOF":
        return "an ASOF join: number the rows in a step of its own"
    if isinstance(node, exp.DateDiff) and node.text("unit").upper() not in ("DAY", "MONTH"):
        return "a difference of dates in other units than days and months"
    if isinstance(node, exp.Round) and not (_is_double(node.this) or isinstance(node.this, exp.Div)):
        return "a number rounded that is not plainly a double: cast it, or a text of it, first"
    return None


def _is_double(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DOUBLE


def _as_double(node: exp.Expr) -> exp.Expr:
    return node if _is_double(node) else exp.cast(exp.paren(node), "double")


def _divided(node: exp.Expr) -> exp.Expr:
    """DuckDB divides doubles whatever it is given; Spark would divide decimals as decimals."""
    return exp.Div(this=_as_double(node.this), expression=_as_double(node.expression), typed=True)


def _rounded(node: exp.Expr) -> exp.Expr:
    """DuckDB rounds the double times its power of ten; Spark would round the shortest text that stands for it."""
    power = exp.Literal.number(10 ** int(node.args["decimals"].name)) if node.args.get("decimals") else None
    if power is None:
        return node
    whole = exp.Round(this=exp.Mul(this=exp.paren(node.this), expression=exp.cast(power, "double")))
    return exp.paren(exp.Div(this=whole, expression=exp.cast(power.copy(), "double"), typed=True))


def _cast(node: exp.Expr) -> exp.Expr:
    """DuckDB makes a decimal of a double by rounding it times its power of ten, as `_rounded`; all other casts are alike."""
    if node.to.this != exp.DataType.Type.DECIMAL or not _is_made_of_doubles(node.this):
        return node
    places = int(node.to.expressions[1].name) if len(node.to.expressions) > 1 else 0
    whole = exp.Round(
        this=exp.Mul(this=exp.paren(node.this), expression=exp.cast(exp.Literal.number(10**places), "double"))
    )
    digits = exp.cast(whole, "decimal(38, 0)")
    unit = exp.Literal.number(f"0.{'0' * (places - 1)}1" if places else "1")
    return exp.cast(exp.Mul(this=digits, expression=unit), node.to)


def _is_made_of_doubles(node: exp.Expr) -> bool:
    """True where the text says so: a cast to double is among what is added, multiplied and so on."""
    if isinstance(node, exp.Cast):
        return _is_double(node)
    if isinstance(node, exp.Binary | exp.Paren | exp.Neg | exp.Coalesce):
        return any(_is_made_of_doubles(part) for part in node.iter_expressions())
    return False


def _months_between(node: exp.Expr) -> exp.Expr:
    """DuckDB counts the borders of months that are crossed, Spark the whole months; days are the same in both."""
    if node.text("unit").upper() != "MONTH":
        return node
    later, earlier = (node.this.sql("duckdb"), node.expression.sql("duckdb"))
    return exp.paren(
        sqlglot.parse_one(f"(year({later}) - year({earlier})) * 12 + month({later}) - month({earlier})", read="duckdb")
    )


REWRITTEN: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Round: _rounded,
    exp.Div: _divided,
    exp.Cast: _cast,
    exp.DateDiff: _months_between,
}
"""What both dialects spell alike and compute differently."""
