"""The pack says what the pages say and holds what their queries answer; every file is opened again to see it."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from sop import cells, company, loading, pack, queries, words
from sop.pack import pdf
from sop.pack.asking import Asker, Snapshots, month_to_review
from sop.pack.parts import Pack, visible
from sop.pack.review import review
from sop.snapshots import Home

TOP = Path(__file__).parent.parent
OCTOBER = datetime.date(2026, 10, 1)
IN_OCTOBER: dict[str, Any] = {"first_month": OCTOBER, "last_month": OCTOBER}
CHOSEN = ("C-0007", "C-0033")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("pack") / "home")
    loading.load(sorted((TOP / "data" / "sample").glob("*.csv")), home=home, created_by="a test")
    return home


@pytest.fixture(scope="module")
def made(home: Home) -> Pack:
    return of(home, CHOSEN)


def of(home: Home, chosen: tuple[str, ...] = (), month: datetime.date | None = None) -> Pack:
    asked = Snapshots(home)
    asker = Asker(asked, has_two=asked.has_two, standing=company.as_far_as_known(home.folder))
    return review(asker, month or month_to_review(asker), chosen)


@pytest.fixture(scope="module")
def deck(made: Pack) -> Any:
    return Presentation(io.BytesIO(pack.written(made, "pptx")))


@pytest.fixture(scope="module")
def ask(home: Home) -> Any:
    """Ask the snapshot itself, beside all that the pack does."""
    connection = home.open()
    return lambda name, **given: queries.ask(connection, name, **given).df()


def charts_of(deck: Any, says: str) -> list[Any]:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart and shape.name == says]


def values_of(chart: Any) -> dict[str, list[float | None]]:
    return {series.name: list(series.values) for plot in chart.plots for series in plot.series}


def table_of(deck: Any, source: str) -> list[list[str]]:
    [found] = [shape.table for slide in deck.slides for shape in slide.shapes
               if shape.has_table and shape.name == f"Table: {source}"]  # fmt: skip
    return [[cell.text for cell in row.cells] for row in found.rows]


def number(text: str) -> float:
    return float(text.replace(",", "").removesuffix(" %"))


def texts_of(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


# --- PowerPoint --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "name", "given", "columns"),
    [
        ("The three promise rates by month against target", "overview/trend", {"month": OCTOBER},
         {"to first promise": "promise_rate", "to request": "request_rate", "to current promise": "current_rate",
          "target": "target_rate"}),
        ("The same month under six readings of kept", "overview/ladder", IN_OCTOBER, {"kept": "promise_rate"}),
        ("Broken promises by the cause that leads, and by all evidence", "overview/causes", IN_OCTOBER,
         {"leads": "broken_count", "evidence of it": "evidence_count"}),
        ("Open opportunities by month of need", "pipeline/months", {},
         {"can be there when needed": "in_time_value", "cannot be there in time": "too_late_value"}),
    ],
)  # fmt: skip
def test_a_chart_holds_what_its_query_answers(
    says: str, name: str, given: Mapping[str, Any], columns: dict[str, str], deck: Any, ask: Any
) -> None:
    [chart] = charts_of(deck, says)
    answer = ask(name, **given)
    drawn = values_of(chart)
    assert drawn.keys() == columns.keys()
    for series, column in columns.items():
        assert drawn[series] == pytest.approx(answer[column].astype(float).tolist())


def test_the_gaps_of_the_largest_ten_stand_in_a_chart_that_can_be_edited(deck: Any, ask: Any) -> None:
    [chart] = charts_of(deck, "Gap by customer, largest first")
    answer = ask("overview/let_down", month=OCTOBER).head(10)
    assert values_of(chart) == {"gap": pytest.approx(answer["gap_value"].tolist())}
    assert list(chart.plots[0].categories) == answer["customer_name"].tolist()
    behind = CalamineWorkbook.from_filelike(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    assert behind.sheet_names == ["Sheet1"]
    head, *rows = behind.get_sheet_by_name("Sheet1").to_python()
    assert head[1] == "gap"
    assert [row[0] for row in rows] == answer["customer_name"].tolist()
    assert [row[1] for row in rows] == pytest.approx(answer["gap_value"].tolist())


def test_columns_and_the_line_over_them_are_one_native_chart(deck: Any, ask: Any) -> None:
    [chart] = charts_of(deck, "Load by kind against the hours there are")
    months = ask("capacity/utilisation", weight="recorded")
    own = months[months["work_centre_id"] == months["work_centre_id"].iloc[0]]
    columns, line = chart.plots
    assert [type(plot).__name__ for plot in (columns, line)] == ["BarPlot", "LinePlot"]
    assert list(line.series[0].values) == pytest.approx(own["available_hours"].tolist())
    total = [sum(series.values[place] for series in columns.series) for place in range(len(own))]
    assert total == pytest.approx(own["load_hours"].tolist())
    axes = [[axis.get("val") for axis in plot._element.findall("{*}axId")] for plot in chart.plots]
    assert axes[0] == axes[1]


def test_a_customers_charts_hold_their_twelve_months(deck: Any, ask: Any) -> None:
    drawn = charts_of(deck, "Asked, promised and delivered by month")
    assert len(drawn) == len(CHOSEN)
    for chart, customer in zip(drawn, CHOSEN, strict=True):
        answer = ask("customer/dates", customer=customer, first_month="2025-11", last_month="2026-10")
        series = values_of(chart)
        assert series["asked"] == pytest.approx(answer["asked_value"].tolist())
        assert series["promised"] == pytest.approx(answer["promised_value"].tolist())
        delivered = [None if pd.isna(value) else value for value in answer["delivered_value"]]
        assert [value for value in series["delivered"] if value is not None] == pytest.approx(
            [value for value in delivered if value is not None]
        )


@pytest.mark.parametrize(
    ("source", "given", "columns"),
    [
        ("overview/let_down", {"month": OCTOBER},
         ["customer_name", "tier", "broken_count", "due_count", "promise_rate", "target_rate", "gap_value"]),
        ("overview/at_risk", {},
         ["customer_name", "tier", "still_to_break_count", "still_to_break_value", "at_risk_count", "at_risk_value",
          "open_count", "open_value", "account_manager"]),
        ("arbitrate/contested", {},
         ["work_centre_name", None, "load_hours", "available_hours", "missing_hours", "broken_count", "customer_count",
          "at_stake_value"]),
    ],
)  # fmt: skip
def test_every_cell_of_a_table_is_its_querys(
    source: str, given: Mapping[str, Any], columns: list[str | None], deck: Any, ask: Any
) -> None:
    answer, (head, *rows) = ask(source, **given), table_of(deck, source)
    assert len(rows) > 3 and len(head) == len(columns)
    precision = {"_value": 0.5, "_hours": 0.05, "_rate": 0.0005, "_count": 0}
    for row, expected in zip(rows, answer.to_dict("records"), strict=False):
        for text, column in zip(row, columns, strict=True):
            ending = f"_{str(column).rpartition('_')[2]}"
            if ending == "_rate":
                assert number(text) / 100 == pytest.approx(expected[column], abs=precision[ending] + 1e-9)
            elif ending in precision:
                assert number(text) == pytest.approx(expected[column], abs=precision[ending] + 1e-9)
            elif column:
                assert text == expected[column]


def test_every_cell_of_the_heatmap_is_a_month_of_a_work_centre(deck: Any, ask: Any) -> None:
    head, *rows = table_of(deck, "capacity/utilisation")
    months = ask("capacity/utilisation", weight="recorded")
    full = 0
    for name, *texts in rows:
        own = months[months["work_centre_name"] == name].set_index("month")
        for month, text in zip(head[1:], texts, strict=True):
            cell = own.loc[pd.Timestamp(datetime.datetime.strptime(f"1 {month}", "%d %b %y"))]
            assert number(text.removeprefix("▲").replace("%", "")) == round(cell["utilisation_rate"] * 100)
            assert text.startswith("▲") == cell["is_full"]
            full += text.startswith("▲")
    assert full == 7


def test_every_slide_has_its_finding_as_title_and_names_snapshot_date_filters_and_rung(
    made: Pack, deck: Any, home: Home
) -> None:
    assert len(deck.slides) == len(made.pages) + 1
    for slide, page in zip(deck.slides, (made.first, *made.pages), strict=True):
        assert slide.shapes.title.text == page.headline
        [footer] = [text for text in texts_of(slide) if f"Snapshot {home.live()}" in text and "·" in text]
        assert (
            "as of 30 October 2026" in footer
            and "October 2026" in footer
            and "all customers, 2 customer pages" in footer
        )
        assert page.rung in footer if page.rung else "kept to first promise, on the day or before" in footer


def test_charts_carry_what_they_show_for_who_cannot_see_it(deck: Any) -> None:
    said = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for slide in deck.slides for shape in slide.shapes
            if shape.has_chart or shape.has_table]  # fmt: skip
    assert len(said) > 8 and all(said)


# --- the workbook ------------------------------------------------------------------------------------------------


def test_the_workbook_holds_every_figure_behind_the_pack(made: Pack, home: Home) -> None:
    asked = Snapshots(home)
    book = CalamineWorkbook.from_filelike(io.BytesIO(pack.written(made, "xlsx")))
    contents = book.get_sheet_by_name("Contents").to_python()
    listed = {row[0]: row for row in contents if str(row[4]).startswith("queries/")}
    assert set(book.sheet_names) == {"Contents", *listed}
    compared = 0
    for sheet, row in listed.items():
        name = str(row[4]).removeprefix("queries/").removesuffix(".sql")
        same = [answer for answer in made.answers if answer.name == name]
        frames = [asked(name, **answer.given) for answer in same if answer.given.get("customer") or len(same) == 1]
        if not frames:
            continue
        head, *found = book.get_sheet_by_name(str(sheet)).to_python(skip_empty_area=False) or [[]]
        expected = pd.concat(frames, ignore_index=True)
        offset = len(head) - len(expected.columns)  # the customer in front, where the answer itself has none
        assert len(found) == len(expected)
        for place, column in enumerate(expected.columns, start=offset):
            for cell, value in zip([line[place] for line in found], expected[column], strict=True):
                compared += equal(cell, value)
    assert compared > 5_000


def equal(cell: Any, value: Any) -> bool:
    """Assert that a cell read back is the value that was answered."""
    if cells.is_missing(value):
        assert cell == ""
    elif isinstance(value, pd.Timestamp):
        moment = cell if isinstance(cell, datetime.datetime) else datetime.datetime.combine(cell, datetime.time())
        assert abs(moment - value.to_pydatetime()) < datetime.timedelta(seconds=1)
    elif isinstance(value, str):
        assert cell == cells.harmless(value)
    else:
        assert float(cell) == pytest.approx(float(value))
    return True


def test_the_header_of_every_sheet_is_frozen(made: Pack) -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(pack.written(made, "xlsx"))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sum('state="frozen"' in sheet for sheet in sheets) == len(sheets) - 1  # all but the contents


# --- to read offline, and on paper -------------------------------------------------------------------------------


class Read(HTMLParser):
    """The tags, addresses and texts of a page."""

    def __init__(self, text: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.texts: list[str] = []
        self.feed(text.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [
            value or "" for name, value in attributes if name in ("href", "src", "srcset", "data", "action")
        ]
        self.handlers += [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_to_read_offline_asks_nobody_and_holds_every_finding(made: Pack) -> None:
    page = Read(pack.written(made, "html"))
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
    assert all(re.fullmatch(r"#page-\d+", address) for address in page.addresses)
    assert not page.handlers
    for one in made.pages:
        assert one.headline in page.texts
        assert any(visible(made.facts.line(one)) in text for text in page.texts)


def test_every_label_of_a_chart_on_the_offline_page_is_the_querys(made: Pack, ask: Any) -> None:
    texts = Read(pack.written(made, "html")).texts
    for gap, broken, due in (
        ask("overview/let_down", month=OCTOBER)
        .head(10)[["gap_value", "broken_count", "due_count"]]
        .itertuples(index=False)
    ):
        assert f"{words.money(gap, 'EUR')}, {broken} of {due}" in texts


def test_the_pdf_has_a_page_a_page_on_a4_landscape(made: Pack) -> None:
    text = pack.written(made, "pdf")
    assert text.startswith(b"%PDF")
    pages: Any = pdf.compiled(made, "png", ppi=20.0)
    assert len(pages) == len(made.pages) + 1
