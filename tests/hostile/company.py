"""The sample company with every text a stranger could write turned into one that would run, fetch or format something."""

from __future__ import annotations

import csv
import datetime
import zlib
from dataclasses import dataclass
from pathlib import Path

from sop import closing, company, deciding, loading, noting
from sop.deciding import Action, Decision, Expectation
from sop.decisions import Log
from sop.noting import Place
from sop.snapshots import Home
from tests.decided import Option, option

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
FOREIGN = "leak.example"
"""A host that nothing may ever be fetched from."""

PAYLOADS = (
    f"![](http://{FOREIGN}/image.png)",
    f"[click](http://{FOREIGN}/link)",
    "[x](javascript:window.ran=1)",
    f'<img src="http://{FOREIGN}/img.png" onerror="window.ran=1">',
    "<script>window.ran=1</script>",
    f'<a href="http://{FOREIGN}/a">a</a>',
    "$\\href{javascript:window.ran=1}{x}$ $$\\frac{1}{2}$$",
    f"https://{FOREIGN}/auto www.{FOREIGN}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    ":material/delete: :red[red] :rainbow-background[x] :smile:",
    "# heading **bold** `code` ~~struck~~ | a | b |",
    "\u202egpj.exe\u202c \u200f\u200b",
    f'<svg onload="window.ran=1"><use href="http://{FOREIGN}/u"/></svg>',
    "${window.ran=1} {{7*7}} %{customdata} %{x} <b>fat</b><br>below",
    f"<style>@import url(http://{FOREIGN}/c.css)</style>",
    "'; drop table extracts.order_lines; --",
    '" onmouseover="window.ran=1',
)
KEPT = ("tier", "measured_on", "measured_by", "status", "promise_moved_by", "stage", "month", "line_number")
"""Columns with a closed list of words, and the numbers of lines, which every other test writes too."""


def hostile(text: str) -> str:
    """The same text always with the same payload before it, so that keys still meet each other."""
    return f"{PAYLOADS[zlib.crc32(text.encode()) % len(PAYLOADS)]} {text}" if text else text


def _is_text(column: str) -> bool:
    ends = (
        "_date",
        "_allowed",
        "_tolerance",
        "_target",
        "_price",
        "_limit",
        "_cost",
        "_days",
        "_per_unit",
        "_per_hour",
        "_hours",
    )
    return column not in (*KEPT, "quantity", "probability", "offset_months") and not column.endswith(ends)


@dataclass(frozen=True)
class Hostile:
    """The home, and keys of things in it that pages open."""

    home: Home
    customer: str
    order: str
    line: str
    work_centre: str
    opportunity: str
    product: str


def publish(folder: Path) -> Hostile:
    """Two months of it, with decisions, notes, disputes, settings and a closing that are no better."""
    home = Home(folder / "home")
    files = [_written(file, folder) for file in sorted(SAMPLE.glob("*.csv"))]
    loading.load(
        [file for file in files if "deliveries" not in file.name], home=home, as_of=datetime.date(2026, 9, 30),
        created_by=hostile("planner"), accept_proposals=True,
    )  # fmt: skip
    loading.load(
        files, home=home, as_of=datetime.date(2026, 10, 30), created_by=hostile("planner"), accept_proposals=True
    )
    found = _keys(home)
    _write_in_the_log(found)
    return found


def _written(file: Path, folder: Path) -> Path:
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    places = [place for place, column in enumerate(header) if _is_text(column)]
    for row in rows:
        for place in places:
            row[place] = hostile(row[place])
    out = folder / f"![](http:{FOREIGN}) <img src=x onerror=window.ran=1> {file.name}"
    with out.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return out


def _keys(home: Home) -> Hostile:
    with home.open() as connection:
        [(customer,)] = connection.sql(
            "select customer_id from marts.promises where gap_value > 0 group by customer_id order by sum(gap_value) desc limit 1"
        ).fetchall()
        [(order, line)] = connection.sql(
            "select order_id, line_number from marts.promises where customer_id = $customer and open_quantity > 0"
            " order by order_id limit 1", params={"customer": customer},
        ).fetchall()  # fmt: skip
        [(centre,)] = connection.sql("select min(work_centre_id) from extracts.work_centres").fetchall()
        [(opportunity,)] = connection.sql(
            "select min(opportunity_id) from extracts.opportunities where stage not in ('Won', 'Lost')"
        ).fetchall()
        [(product,)] = connection.sql("select min(product_id) from extracts.products").fetchall()
    return Hostile(home, customer, order, line, centre, opportunity, product)


def _write_in_the_log(found: Hostile) -> None:
    log, live = Log(found.home.folder), str(found.home.live())
    text = " ".join(PAYLOADS)
    who = hostile("Ann")
    company.change(log, {"company_name": f"![](http://{FOREIGN}/n) <b>Co</b>", "currency": "$x$"}, by=who, seen=None)
    noting.note(log, Place(customer_id=found.customer), text, by=who, snapshot_id=live)
    noting.note(log, Place(month=datetime.date(2026, 10, 1)), text, by=who, snapshot_id=live)
    noting.note(log, Place(order_id=found.order, line_number=found.line), text, by=who, snapshot_id=live)
    noting.dispute(log, found.order, found.line, sales_says=text, operations_says=text, by=who, snapshot_id=live)
    chosen = _option(found)
    decided = Decision(
        decided_by=who, snapshot_id=live, as_of_date=datetime.date(2026, 10, 30), work_centre_id=found.work_centre,
        load_month=datetime.date(2026, 11, 1), reason=text, assumed=text, wrong_if=text,
        review_date=datetime.date(2026, 12, 1), told={found.customer: text},
        actions=[Action(text, who, datetime.date(2026, 11, 5))],
        expectations=[Expectation("promises kept", found.customer, 1.0, datetime.date(2026, 11, 30))],
    )  # fmt: skip
    deciding.decide(log, decided, [chosen], chosen.name)
    closing.close(
        log, by=who, month=datetime.date(2026, 9, 1), snapshot_id=live, as_of_date=datetime.date(2026, 10, 30),
        figures={text[:80]: text}, decisions=[text], minutes=text,
    )  # fmt: skip


def _option(found: Hostile) -> Option:
    """One line kept and one late, both of that customer."""
    shape = option("tier", PAYLOADS[0])
    lines = shape.lines.head(1).assign(
        order_id=found.order,
        line_number=found.line,
        customer_id=found.customer,
        product_id=found.product,
        why=PAYLOADS[3],
    )
    customers = shape.customers.head(1).assign(customer_id=found.customer, customer_name=hostile("name"))
    return Option(shape.name, shape.title, lines, customers, shape.totals)
