"""What the bench reckons, without a clock: peers answer what we answer, curves have their slope, tables say what holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from bench import asking, columns, crowd, floor, growth, loads, raw_views, results, tables
from bench.apart import FailedApart
from bench.asking import Asked, Asking, Question
from bench.figures import AT_SCALE, figure, is_held, of_size
from bench.peers import ledger, measuring, pages
from bench.peers.ledger import OtherAnswer
from sop import loading, queries, settings
from sop.snapshots import Home
from tests import postgres

TOP = Path(__file__).parent.parent
COMPANY = TOP / "data" / "sample"
PEERS = ("pandas", "polars")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("bench") / "home")
    loading.load(sorted(COMPANY.glob("*.csv")), home=made, created_by="a test")
    return made


@pytest.fixture(scope="module")
def asked(home: Home) -> Asked:
    return asking.asked(home)


@pytest.fixture
def snapshot(home: Home) -> Iterator[Asking]:
    opened = Asking(home)
    yield opened
    opened.close()


# --- peers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("peer", PEERS)
def test_the_ledger_of_a_peer_adds_up_to_ours_to_the_last_digit(home, peer):
    pytest.importorskip(peer)
    measured, totals = ledger.of_snapshot(home)
    theirs = _module(f"{peer}_ledger").measure(str(COMPANY), measured.text())["totals"]
    ledger.compare(peer, totals, theirs)
    assert totals["line_count"] == 20_000


@pytest.mark.parametrize("peer", PEERS)
def test_the_ledger_of_a_peer_knows_tolerances(tmp_path, peer):
    pytest.importorskip(peer)
    home = Home(tmp_path / "home")
    company = _with_parts(tmp_path / "company")
    home.folder.mkdir()
    own = "days_early_allowed = 3\ndays_late_allowed = 2\nquantity_tolerance = 0.1\n"
    (home.folder / settings.FILE_NAME).write_text(own, encoding="utf-8")
    loading.load(sorted(company.glob("*.csv")), home=home, created_by="a test")
    measured, totals = ledger.of_snapshot(home)
    assert (measured.early_days, measured.late_days, measured.tolerance) == (3, 2, 0.1)
    ledger.compare(peer, totals, _module(f"{peer}_ledger").measure(str(company), measured.text())["totals"])


def test_a_peer_with_another_ledger_is_an_error(home):
    _, totals = ledger.of_snapshot(home)
    with pytest.raises(OtherAnswer, match="late_days"):
        ledger.compare("a peer", totals, {**totals, "late_days": totals["late_days"] + 1})
    with pytest.raises(OtherAnswer, match="gap_value"):
        ledger.compare("a peer", totals, {**totals, "gap_value": totals["gap_value"] * (1 + 1e-6)})


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_answers_the_questions_of_every_page_as_we_do(home, asked, peer):
    pytest.importorskip(peer)
    found = pages.measure(peer, str(home.folder), pages.text(_all(asked)), "1")
    for page, questions in asked.items():
        answered = {one.name for one in questions} & found.keys()
        assert len(answered) >= min(3, len(questions)), f"{peer} answers too little of {page}"


def test_postgresql_answers_every_question_that_does_not_read_the_log(home, asked):
    if why := postgres.why_not():
        pytest.skip(why)
    from bench.peers import postgresql

    answer = postgresql.measure(str(home.folder), pages.text(_all(asked)), "1")
    assert set(answer["left_out"]) == {one.name for one in _all(asked) if one.is_about_the_log}
    assert set(answer["questions"]) == {one.name for one in _all(asked) if not one.is_about_the_log}


def test_an_answer_with_another_row_or_value_is_an_error():
    ours = pd.DataFrame({"customer_id": ["C-1", "C-2"], "gap_value": [1.0, 2.0]})
    pages.compare("a peer", "customers/by_gap", ours, ours[["gap_value", "customer_id"]])
    with pytest.raises(OtherAnswer, match="1 rows and not 2"):
        pages.compare("a peer", "customers/by_gap", ours, ours.head(1))
    pages.compare("a peer", "customers/by_gap", ours, ours.assign(gap_value=[1.0 + 1e-12, 2.0]).iloc[::-1])
    with pytest.raises(OtherAnswer, match=r"gap_value 2\.5 in row 1"):
        pages.compare("a peer", "customers/by_gap", ours, ours.assign(gap_value=[1.0, 2.5]))


def test_a_page_is_compared_over_what_both_answered():
    questions = [Question("overview/months", {}), Question("overview/ladder", {}), Question("decisions/headline", {})]
    taken = {"overview/months": {"theirs": 3.0, "ours": 1.0}, "overview/ladder": {"theirs": 1.0, "ours": 3.0}}
    whole, slowest = measuring.of_pages("A peer", {"overview": questions}, taken, {})
    assert (whole["value"], whole["note"]) == (1.0, "2 of 3 queries")
    assert (slowest["value"], slowest["note"]) == (pytest.approx(1 / 3), "overview/ladder")


# --- the floor and the limit -------------------------------------------------------------------------------------


def test_the_floor_reads_every_file_and_leaves_nothing_behind(tmp_path):
    assert floor.typed_read(str(COMPANY), str(tmp_path / "floor.duckdb")) > 0
    assert list(tmp_path.iterdir()) == []


def test_a_scan_takes_just_the_columns_that_a_query_reads(snapshot):
    tables = columns.tables_of(snapshot.connection)
    read = columns.read_by(queries.find("customer/lateness"), tables)
    assert read == {
        "marts.promises": {
            "order_id", "line_number", "first_promised_date", "ended_date", "ordered_value", "is_overdue", "is_kept", "is_due",
            "customer_id", "promise_month",
        }
    }  # fmt: skip
    assert columns.read_by(queries.find("overview/months"), tables).keys() == {"marts.company_months", "snapshot"}


def test_every_question_of_a_page_can_be_scanned(snapshot, asked):
    tables = columns.tables_of(snapshot.connection)
    for question in _all(asked):
        for table, read in columns.read_by(question.query, tables).items():
            assert len(snapshot.connection.execute(columns.scan(table, read, tables[table])).fetchall()) == 1


def test_views_on_the_extracts_answer_as_the_marts_do(home, snapshot, tmp_path):
    question = Question("customers/scoreboard", {"last_month": "2026-10"})
    with raw_views.on_views(home, tmp_path) as views:
        answer = queries.ask(views, question.name, **question.given).df()
    pages.compare("views", question.name, snapshot.ask(question), answer)


def test_viewers_walk_to_what_the_company_has(home):
    from bench import viewers

    walk = viewers.walk_of(home)
    assert walk["customer"].startswith("customer=C-") and walk[""] == "month=2026-10"
    assert walk.keys() == viewers.WALK.keys()


def test_a_crowd_asks_every_page(home):
    given = json.dumps({"definitions": [("overview/snapshot", {})]})
    assert crowd.asking(str(home.folder), given, "2", "0.2").keys() == {"definitions"}


def test_work_apart_says_its_answer_or_why_not(tmp_path):
    from bench import apart

    done = apart.run("bench.floor:typed_read", COMPANY, tmp_path / "floor.duckdb")
    assert done.answer > 0 and done.peak > 10
    with pytest.raises(FailedApart, match="no such thing"):
        apart.run("bench.floor:no such thing")


def test_the_steps_of_a_load_are_counted_by_their_kind():
    steps = [("Reading a", 0.0), ("Reading b", 1.0), ("Building promises", 3.0), ("Publishing", 7.0)]
    assert (loads.seconds_of(steps, "Reading"), loads.seconds_of(steps, "Building")) == (3.0, 4.0)


# --- growth and the table ----------------------------------------------------------------------------------------


def test_what_grows_tenfold_with_the_size_has_the_exponent_one():
    assert growth.exponent([(100, 1.0), (1_000, 10.0), (10_000, 100.0)]) == pytest.approx(1)
    assert growth.exponent([(100, 7.0), (1_000, 7.0)]) == pytest.approx(0)
    assert growth.exponent([(100, 1.0), (10_000, 10.0)]) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="two sizes"):
        growth.exponent([(100, 1.0)])


def test_growth_is_told_over_all_sizes_and_over_the_last_two():
    rows = [*_load(100, 1.0), *_load(1_000, 2.0), *_load(10_000, 20.0)]
    [grown] = growth.measure(rows)
    assert grown["measure"] == "growth: load"
    assert grown["value"] == pytest.approx(0.65, abs=0.01)
    assert grown["note"].startswith("1.00 from 1,000 to 10,000")


def test_curves_are_drawn_with_a_name_at_each_end(tmp_path):
    growth.draw([*_load(100, 1.0), *_load(1_000, 12.0)], tmp_path / "growth.svg")
    drawn = (tmp_path / "growth.svg").read_text(encoding="utf-8")
    assert "load 12" in drawn and "Loading, seconds" in drawn
    growth.draw(_load(100, 1.0), tmp_path / "one-size.svg")
    assert not (tmp_path / "one-size.svg").exists()


def test_what_could_not_be_measured_does_not_hold():
    assert is_held(figure("a", 1.0, "s")) is None
    assert is_held(figure("a", 1.0, "s", 1.0)) and not is_held(figure("a", 1.1, "s", 1.0))
    assert is_held(figure("a", 2.0, "×", 1.0, at_least=True)) and not is_held(figure("a", 0.9, "×", 1.0, at_least=True))
    assert is_held(figure("a", None, "×", 1.0, note="too little memory")) is False


def test_some_holds_are_asked_for_at_scale_only():
    row = figure("load / typed read", 8.0, "×", 3, at_scale=True)
    assert [one["hold"] for one in of_size([row], 100_000) + of_size([row], AT_SCALE)] == [None, 3]


def test_the_tables_of_the_readme_show_every_size_and_what_does_not_hold(tmp_path):
    rows = [
        *_load(100_000, 3.0), *_load(10_000_000, 123.4),
        *of_size([figure("load / typed read", 7.9, "×", 3, at_scale=True)], 100_000),
        *of_size([figure("load / typed read", 4.2, "×", 3, at_scale=True)], 10_000_000),
        *of_size([figure("pandas: read, joins and ledger", None, "s", note="too little memory")], 10_000_000),
        figure("load of the sample company", 1.0, "s", 3.0), figure("growth: load", 0.81, "exponent"),
    ]  # fmt: skip
    found = results.write(rows, [100_000, 10_000_000], tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found
    table = tables.markdown(found)
    assert "| measure | 100,000 | 10 million | growth | to hold |" in table
    assert "| load from CSV to published | 3 s | 123 s | 0.81 |  |" in table
    assert "| load / typed read | 7.9 × | **4.2 ×** |  | ≤ 3 |" in table
    assert "| pandas: read, joins and ledger |  | could not be measured |  |  |" in table
    assert "| load of the sample company | 1 s | ≤ 3 |" in table


def test_the_readme_has_the_tables_of_the_last_run():
    assert tables.markdown(results.read()) in (TOP / "README.md").read_text(encoding="utf-8"), (
        "python -m bench --readme"
    )


def test_tables_go_between_their_marks_and_nowhere_else(tmp_path):
    readme, found = tmp_path / "README.md", results.write(_load(100, 1.0), [100], tmp_path / "results.json")
    readme.write_text(f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n", encoding="utf-8")
    tables.fill(readme, found)
    tables.fill(readme, found)
    assert (
        readme.read_text(encoding="utf-8") == f"before\n{tables.BEGIN}\n{tables.markdown(found)}{tables.END}\nafter\n"
    )
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        tables.fill(readme, found)


def test_the_table_of_pages_has_each_peer_as_a_whole_and_on_the_slowest_query(tmp_path):
    peers = [
        figure(f"overview: its {what} by {peer} / by us", value, "×", 1, at_least=True)
        for peer, values in {"pandas": (2.0, 3.0), "Polars": (0.5, 1.5), "PostgreSQL": (None, None)}.items()
        for what, value in zip(("queries", "slowest query"), values, strict=True)
    ]
    rows = [
        figure("overview: its queries together, median", 40.0, "ms", 100),
        figure("overview: its queries / a scan of the columns that they read", 2.5, "×"),
        figure("overview: its slowest query / the same on views", 0.01, "×"),
        figure("overview: its queries with 50 viewers, 95th percentile", 90.0, "ms", 400), *peers,
        figure("50 viewers: a page's queries, no answer kept, median", 30.0, "ms"),
    ]  # fmt: skip
    table = tables.markdown(results.write(of_size(rows, 10_000_000), [10_000_000], tmp_path / "results.json"))
    row = next(line for line in table.splitlines() if line.startswith("| Overview "))
    assert row == (
        "| Overview | 40 ms |  | 90 ms | 2.5 × | 0.01 × | 2 ×, 3 × | **0.5 ×**, 1.5 × |"
        " could not be measured, could not be measured |"
    )
    assert "| 50 viewers | 30 ms |" in table


def test_results_name_no_machine_and_no_path(tmp_path):
    import socket

    results.write([], [100], tmp_path / "results.json")
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert json.loads(text)["machine"]["cores"] >= 1
    assert socket.gethostname() not in text and str(Path.home()) not in text and "/" not in text.replace("km/h", "")


def _load(size, seconds):
    return of_size([figure("load from CSV to published", seconds, "s")], size)


def _all(asked):
    return list({one.name: one for questions in asked.values() for one in questions}.values())


def _module(name):
    import importlib

    return importlib.import_module(f"bench.peers.{name}")


def _with_parts(folder: Path) -> Path:
    """Two files: lines delivered early, in parts, too little, twice on a day, late by a day, never, and cancelled."""
    folder.mkdir()
    lines = [
        "order_id,line_number,customer_id,product_id,quantity,unit_price,promised_date,first_promised_date,promise_moved_by,status",
        "O-1,1,C-1,P-1,10,2.5,2026-05-10,,,open", "O-2,1,C-1,P-1,10,2.5,2026-05-10,2026-05-01,us,open",
        "O-3,1,C-2,P-1,10,2.55,2026-05-10,2026-05-01,customer,open", "O-4,1,C-2,P-1,10.5,3.333,2026-05-10,,,open",
        "O-5,1,C-2,P-1,10,1,2026-05-10,2026-05-20,us,cancelled", "O-6,1,C-1,P-1,0,1,2026-05-10,,,open",
        "O-7,1,C-1,P-1,10,,2026-05-10,,,closed", "O-8,1,C-1,P-1,10,9,2026-09-10,,,open",
    ]  # fmt: skip
    deliveries = [
        "order_id,line_number,delivered_date,quantity",
        "O-1,1,2026-05-01,4", "O-1,1,2026-05-11,2.5", "O-1,1,2026-05-11,2.5", "O-2,1,2026-05-03,9", "O-3,1,2026-05-12,5",
        "O-3,1,2026-05-13,5", "O-4,1,2026-05-08,9.45", "O-5,1,2026-05-09,10", "O-7,1,2026-05-30,3", "O-8,1,2026-06-01,10",
    ]  # fmt: skip
    (folder / "order_lines.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "deliveries.csv").write_text("\n".join(deliveries) + "\n", encoding="utf-8")
    return folder
