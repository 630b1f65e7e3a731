"""Looks round the house: what every file of a kind must keep to."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sop import comparing, following_up, loading, queries, settings
from sop.extracts.contract import ORDER, extracts
from tests.company import put_ahead

TOP = Path(__file__).parent.parent
PAGES = sorted((TOP / "pages").rglob("*.py"))
MODULES = sorted((TOP / "sop").rglob("*.py"))


@pytest.fixture(scope="module")
def empty_snapshot() -> duckdb.DuckDBPyConnection:
    return empty(":memory:")


def empty(file: str) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(file)
    loading.prepare(connection, settings.Settings(), snapshot="empty", who="a test")
    loading.attach_previous(connection, None)
    loading.build_marts(connection)
    return connection


@pytest.fixture(scope="module")
def two_empty_snapshots(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    files = [tmp_path_factory.mktemp("two") / f"{side}.duckdb" for side in comparing.SIDES]
    for file in files:
        with empty(str(file)) as connection:
            put_ahead(connection, {})
    return comparing.between(*files)


@pytest.fixture(scope="module")
def ask(
    empty_snapshot: duckdb.DuckDBPyConnection, two_empty_snapshots: duckdb.DuckDBPyConnection
) -> Callable[[str], duckdb.DuckDBPyRelation]:
    """Ask a question of the empty snapshot, or of two where it compares them, with an empty decision log where it reads it."""

    def answer(name: str) -> duckdb.DuckDBPyRelation:
        if queries.find(name).reads_of_the_log:
            return following_up.ask(empty_snapshot, following_up.followed(empty_snapshot, following_up.empty()), name)
        is_about_two = queries.find(name).is_about_two
        return queries.ask(two_empty_snapshots if is_about_two else empty_snapshot, name)

    return answer


@pytest.mark.parametrize("name", queries.names())
def test_every_query_opens_with_what_it_is(name: str) -> None:
    query = queries.find(name)
    assert query.about.endswith((".", "?")), "a file opens with a comment of whole sentences"
    if name.split("/")[0] not in ("checks", "fill", "definitions"):
        assert query.about.startswith("One row"), "the grain comes first"


@pytest.mark.parametrize("name", queries.askable())
def test_every_question_is_answered_on_an_empty_snapshot(
    ask: Callable[[str], duckdb.DuckDBPyRelation], name: str
) -> None:
    answer = ask(name)
    assert len(answer.columns) == len(set(answer.columns))
    # Totals, the ladder and the bridge have rows without any order line; nothing else has.
    assert len(answer.fetchall()) <= (11 if name == "moves/at_risk" else 6)


@pytest.mark.parametrize("name", queries.askable())
def test_every_question_is_asked_by_a_page_or_by_other_programs(name: str) -> None:
    texts = "".join(file.read_text(encoding="utf-8") for file in [*PAGES, *(TOP / "sop" / "page").glob("*.py")])
    by_other_programs = {"overview/headline", "customers/by_gap"}
    assert f'"{name}"' in texts or name.startswith("definitions/") or name in by_other_programs


@pytest.mark.parametrize("rule", [*queries.in_folder("checks/refuse"), *queries.in_folder("checks/warn")], ids=str)
def test_every_rule_names_the_extract_whose_rows_it_judges(
    empty_snapshot: duckdb.DuckDBPyConnection, rule: queries.Query
) -> None:
    answer = empty_snapshot.sql(rule.sql)
    assert answer.columns == ["extract_name", "row_id", "column_name", "value"]
    named = re.search(r"'(\w+)' as extract_name", rule.sql)
    assert named and named[1] in ORDER


def test_marts_are_built_after_what_they_read() -> None:
    built: set[str] = set()
    for mart in queries.in_build_order():
        assert {table for table in mart.reads if table.startswith("marts.")} <= built
        built.add(mart.table)
    assert "marts.promises" in built


def test_marts_that_pass_are_read_by_marts_alone_and_go_when_the_last_of_these_stands(
    empty_snapshot: duckdb.DuckDBPyConnection,
) -> None:
    marts = queries.in_build_order()
    gone = {table: reader for reader, tables in queries.last_readers(marts).items() for table in tables}
    assert gone.keys() == queries.PASSING
    built = [mart.table for mart in marts]
    for mart in marts:
        for passing in mart.reads & queries.PASSING:
            assert built.index(passing) < built.index(mart.table) <= built.index(gone[passing])
    for name in queries.names():
        assert name.startswith("marts/") or not queries.find(name).reads & queries.PASSING, name
    kept = {f"marts.{table}" for (table,) in empty_snapshot.execute(
        "select distinct table_name from duckdb_columns() where schema_name = 'marts'"
    ).fetchall()}  # fmt: skip
    assert kept == set(built) - queries.PASSING


def test_what_is_compared_is_built_after_what_it_reads() -> None:
    built: set[str] = set()
    for step in queries.in_build_order("compared"):
        assert {table for table in step.reads if table.startswith("compared.")} <= built
        built.add(step.name.replace("/", "."))
    assert "compared.order_lines" in built


def test_every_column_of_the_contract_says_what_it_means() -> None:
    assert list(extracts()) == list(ORDER)
    for extract in extracts().values():
        assert extract.required
        assert all(column.meaning for column in extract.columns)


def test_columns_of_questions_end_in_their_unit(ask: Callable[[str], duckdb.DuckDBPyRelation]) -> None:
    units = {
        "_date": {"DATE"},
        "_month": {"DATE"},
        "_count": {"BIGINT", "HUGEINT", "INTEGER"},
        "_days": {"BIGINT", "INTEGER", "DOUBLE"},
    }
    for name in queries.askable():
        answer = ask(name)
        for column, kind in zip(answer.columns, map(str, answer.types), strict=True):
            for ending, kinds in units.items():
                if column.endswith(ending):
                    assert kind in kinds, (name, column, kind)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_every_page_starts_with_its_question_and_reads_as_an_outline(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    question = ast.get_docstring(tree) or ""
    assert question.endswith("?")
    # On the shared screen each message is the heading, so that page alone leaves its question out.
    assert "page.title(__doc__" in file.read_text(encoding="utf-8") or file.stem == "present"
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 100
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree))


@pytest.mark.parametrize("file", [TOP / "app.py", *PAGES, *MODULES], ids=lambda file: file.stem)
def test_nothing_is_drawn_as_raw_html(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text and "st.html" not in text and "st.iframe" not in text


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_only_the_page_package_knows_streamlit(file: Path) -> None:
    imports = re.findall(r"^(?:import|from) (\w+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert "streamlit" not in imports or file.parent.name in ("page", "serving") or file.name == "serve.py"


def test_page_files_stand_in_subfolders_never_directly_in_pages() -> None:
    # Streamlit 1.67 serves files found directly in pages/ without running app.py.
    assert PAGES
    assert not list((TOP / "pages").glob("*.py"))


def test_the_server_is_safe_as_it_comes() -> None:
    config = tomllib.loads((TOP / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["enableXsrfProtection"] is True
    assert config["server"]["enableAgentApi"] is False
    assert config["server"]["allowedHosts"]
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"] == {
        "toolbarMode": "minimal", "showErrorDetails": "none", "showErrorLinks": False, "disableDataExport": True,
    }  # fmt: skip


def test_both_appearances_are_complete() -> None:
    theme = tomllib.loads((TOP / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert theme["light"].keys() == theme["dark"].keys()


def contract_table() -> str:
    """The README's table of extracts, made from the contract."""
    lines = ["| extract | one row is | columns |", "| --- | --- | --- |"]
    for extract in extracts().values():
        columns = ", ".join(f"**{column.name}**" if column.is_required else column.name for column in extract.columns)
        about = extract.about.split(":")[0].split(".")[0].removeprefix("One row per ")
        lines.append(f"| {extract.name} | {about} | {columns} |")
    return "\n".join(lines)


def test_the_readmes_table_of_extracts_is_the_contract() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    written = readme.split("compared by a test -->\n")[1].split("\n<!-- /contract -->")[0]
    assert written == contract_table()


def test_the_readme_names_every_page_with_its_question() -> None:
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    agenda = dict(re.findall(r'st\.Page\("([^"]+)", title="([^"]+)"', (TOP / "app.py").read_text(encoding="utf-8")))
    for file in PAGES:
        question = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        assert f"| {agenda[file.relative_to(TOP).as_posix()]} | {question} |" in readme


@pytest.mark.xdist_group("together")
def test_tests_that_share_what_is_dear_are_known_to_belong_together(request: pytest.FixtureRequest) -> None:
    """pytest-xdist tells by the end of a test's name; where it does not come there, every worker sets up everything."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("This run is not shared out by groups.")
    assert request.node.nodeid.endswith("@together")
