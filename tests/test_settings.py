"""The company's settings: where they stand, who changed them, what is refused, and what acts when."""

from __future__ import annotations

import base64
import datetime
import io
import struct
import threading
import zlib
from pathlib import Path

import pytest
import sqlalchemy as sql
from PIL import Image

from sop import arbitrating, company, logo, settings, switching
from sop.access import Act
from sop.company import start_of_fiscal_year
from sop.decisions import FILE_NAME, Log
from sop.errors import LogError, SettingsError, TooManyRejects
from sop.snapshots import Home
from tests.company import answer, build, load, rows

LINES = """
    order_id, line_number, customer_id, product_id, quantity, promised_date
    A,        1,           OWN,         P,          1,        2026-03-02
    B,        1,           TIER A,      P,          1,        2026-03-02
    C,        1,           TIER B,      P,          1,        2026-03-02
    D,        1,           NONE,        P,          1,        2026-03-02
"""
CUSTOMERS = """
    customer_id, tier, promise_target
    OWN,         A,    0.99
    TIER A,      A,
    TIER B,      B,
    NONE,        ,
"""


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def picture(kind: str = "PNG", size: tuple[int, int] = (120, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """The beginning of a PNG of that size, with no pixel behind it."""
    parts = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT", b"IEND")
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


# --- where they stand --------------------------------------------------------------------------------------------


def test_settings_start_from_the_file_and_the_newest_entry_counts_over_it(log: Log) -> None:
    (log.folder / settings.FILE_NAME).write_text('company_name = "Acme"\npromise_target = 0.9\n', encoding="utf-8")
    assert company.read(log.folder).entry is None
    assert company.read(log.folder).measure == settings.Settings(company_name="Acme", promise_target=0.9)
    company.change(log, {"promise_target": 0.93, "fiscal_year_month": 4}, by="Ann", seen=None)
    (log.folder / settings.FILE_NAME).write_text('company_name = "Other"\npromise_target = 0.5\n', encoding="utf-8")
    standing = company.read(log.folder)
    assert (standing.measure.company_name, standing.measure.promise_target) == ("Acme", 0.93)
    assert standing.showing.fiscal_year_month == 4


def test_reading_creates_nothing(log: Log) -> None:
    company.read(log.folder)
    assert company.history(log) == ()
    assert not (log.folder / FILE_NAME).exists()


def test_the_weights_that_settings_start_from_are_those_of_the_page_arbitrate() -> None:
    usual = {f"weight_{name}": value for name, value in vars(arbitrating.Weights()).items()}
    assert {name: value for name, value in vars(settings.Showing()).items() if name.startswith("weight_")} == usual


def test_every_setting_has_a_name_for_people() -> None:
    assert list(company.LABELS) == [name for name in company.LABELS if name in company.NAMES]
    assert set(company.LABELS) == set(company.NAMES)


# --- the history -------------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_from_what_to_what(log: Log) -> None:
    (log.folder / settings.FILE_NAME).write_text("days_late_allowed = 2\n", encoding="utf-8")
    first = company.change(log, {"days_late_allowed": 3}, by=" Ann Lee ", seen=None)
    company.change(log, {"days_late_allowed": 1, "days_early_allowed": 5}, by="Bo Day", seen=first.id)
    newest, oldest = company.history(log)
    assert (oldest.set_by, oldest.changed, oldest.before["days_late_allowed"]) == ("Ann Lee", ["days_late_allowed"], 2)
    assert (newest.set_by, newest.replaces) == ("Bo Day", oldest.id)
    changed = {name: (newest.before[name], newest.after[name]) for name in newest.changed}
    assert changed == {"days_early_allowed": (None, 5), "days_late_allowed": (3, 1)}


def test_an_entry_can_be_neither_changed_nor_deleted(log: Log) -> None:
    company.change(log, {"days_late_allowed": 3}, by="Ann", seen=None)
    for act in ("update settings set set_by = 'Bo'", "delete from settings"):
        with pytest.raises(LogError, match="append-only"), log.writing(Act.SET) as connection:
            connection.execute(sql.text(act))
    assert [entry.set_by for entry in company.history(log)] == ["Ann"]


def test_whoever_saves_second_is_told_by_whom_and_what_and_nothing_is_written(log: Log) -> None:
    first = company.change(log, {"promise_target": 0.97}, by="Ann Lee", seen=None)
    with pytest.raises(company.ChangedMeanwhile) as told:
        company.change(log, {"promise_target": 0.9}, by="Bo Day", seen=None)
    for part in ("Ann Lee", f"entry {first.id}", "Promise target from 95 % to 97 %", "Nothing was written"):
        assert part in str(told.value)
    assert company.read(log.folder).measure.promise_target == 0.97


def test_of_many_who_save_at_once_one_is_written_and_every_other_is_told(log: Log) -> None:
    company.change(log, {"days_late_allowed": 9}, by="Ann", seen=None)
    said: list[str] = []

    def save(who: int) -> None:
        try:
            company.change(log, {"days_late_allowed": who}, by=f"Writer {who}", seen=1)
            said.append("written")
        except company.ChangedMeanwhile:
            said.append("told")

    writers = [threading.Thread(target=save, args=(who,)) for who in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(said) == ["told"] * 5 + ["written"]
    assert len(company.history(log)) == 2


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"promise_target": 95}, "Promise target: 95 is not a share between 0 and 1"),
        ({"promise_target": None}, "Promise target: None is not a share"),
        ({"promise_target_b": 1.01}, "Promise target of tier B: 1.01 is not a share"),
        ({"quantity_tolerance": float("nan")}, "Quantity tolerance"),
        ({"days_late_allowed": -1}, "Days late allowed: -1 is not a whole number of days"),
        ({"days_late_allowed": 1.5}, "Days late allowed: 1.5 is not a whole number"),
        ({"days_late_allowed": True}, "Days late allowed: True is not a whole number"),
        ({"fiscal_year_month": 13}, "First month of the fiscal year: 13 is not the number of a month"),
        ({"weight_tier_a": 101}, "Weight of tier A: 101 is not a number from 0 to 100"),
        ({"company_name": "  "}, "Name of the company"),
        ({"company_name": "x" * 61}, "at most 60 signs"),
        ({"currency": "EUR\nUSD"}, "Currency"),
        ({"nonsense": 1}, "There is no setting 'nonsense'"),
        ({"logo": "no base64"}, "The logo is not a PNG or JPEG file in base64"),
        ({}, "Nothing is changed"),
        ({"promise_target": 0.95}, "Nothing is changed"),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused_in_a_sentence_and_nothing_is_written(
    log: Log, values: dict[str, object], said: str
) -> None:
    with pytest.raises(LogError) as refused:
        company.change(log, values, by="Ann", seen=None)
    assert said in str(refused.value)
    assert str(refused.value).endswith("Nothing was written.")
    assert company.history(log) == ()


def test_nobody_changes_settings_without_a_name(log: Log) -> None:
    with pytest.raises(LogError, match="Say who"):
        company.change(log, {"promise_target": 0.9}, by="  ", seen=None)


@pytest.mark.parametrize(
    "line", ["fiscal_year_month = 0", "weight_late_rate = 11", "promise_target_a = 97", 'logo = "x"']
)
def test_the_file_is_held_to_the_same(log: Log, line: str) -> None:
    (log.folder / settings.FILE_NAME).write_text(line, encoding="utf-8")
    with pytest.raises(SettingsError, match=line.split()[0]):
        company.read(log.folder)


# --- the logo ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_kept_as_it_was_brought(log: Log, kind: str) -> None:
    entry = company.change(log, {"logo": logo.as_text(picture(kind))}, by="Ann", seen=None)
    assert logo.as_image(company.read(log.folder).values["logo"]) == picture(kind)
    assert company.in_words("logo", entry.after["logo"]) == f"{kind}, 120 × 40"


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "neither a PNG nor a JPEG"),
        (picture("GIF"), "neither a PNG nor a JPEG"),
        (b"", "neither a PNG nor a JPEG"),
        (picture()[:60], "cannot be read as a PNG"),
        (b"\xff\xd8\xff<script>", "cannot be read as a JPEG"),
        (picture() + b"x" * 1_000_000, "at most 1 MB"),
        (png_that_claims(5_000, 1_000), "5000 × 1000 pixels"),
        (png_that_claims(2**30, 2**30), "cannot be read as a PNG"),
    ],
)  # fmt: skip
def test_what_is_no_small_picture_is_refused(log: Log, image: bytes, said: str) -> None:
    with pytest.raises(LogError, match=said):
        logo.as_text(image)
    with pytest.raises(LogError, match=said):
        company.change(log, {"logo": base64.b64encode(image).decode()}, by="Ann", seen=None)
    assert company.history(log) == ()


# --- what they do ------------------------------------------------------------------------------------------------


def test_a_customers_target_is_its_own_else_its_tiers_else_the_companys(tmp_path: Path) -> None:
    settings_text = "promise_target = 0.90\npromise_target_a = 0.96\n"
    built = build(tmp_path, settings=settings_text, order_lines=LINES, customers=CUSTOMERS)
    targets = {row["customer_id"]: row["target_rate"] for row in rows(built, "select * from marts.customers")}
    assert targets == {"OWN": 0.99, "TIER A": 0.96, "TIER B": 0.90, "NONE": 0.90}
    [shown] = answer(built, "definitions/promise_target")
    assert shown == {"least_target_rate": 0.90, "most_target_rate": 0.99}


def test_a_changed_measure_acts_when_the_figures_are_worked_out_anew(tmp_path: Path) -> None:
    late = "order_id,line_number,delivered_date,quantity\nA,1,2026-03-04,1\nB,1,2026-03-02,1\n"
    before = load(tmp_path, order_lines=LINES, deliveries=late, as_of="2026-03-31")
    home = Home(tmp_path / "home")
    assert answer(home.open(), "overview/headline")[0]["kept_count"] == 1
    company.change(Log(home.folder), {"days_late_allowed": 2}, by="Ann", seen=None)
    assert answer(home.open(), "overview/headline")[0]["kept_count"] == 1
    anew = switching.work_out_anew(home, by="Ann")
    assert anew == home.live() != before.snapshot
    assert answer(home.open(), "overview/headline")[0]["kept_count"] == 2
    assert home.manifest(anew).as_of == "2026-03-31"
    assert answer(home.open(), "prepare/measured_with")[0]["days_late_allowed"] == 2


def test_while_the_log_cannot_be_read_a_load_measures_as_the_live_snapshot_does(tmp_path: Path) -> None:
    load(tmp_path, settings="days_late_allowed = 2", order_lines=LINES)
    home = Home(tmp_path / "home")
    company.change(Log(home.folder), {"days_late_allowed": 5}, by="Ann", seen=None)
    load(tmp_path, order_lines=LINES, customers=CUSTOMERS)
    for file in home.folder.glob(f"{FILE_NAME}*"):
        file.unlink()
    (home.folder / FILE_NAME).write_bytes(b"no database" * 500)
    load(tmp_path, order_lines=LINES.replace("2026-03-02", "2026-03-03"))
    assert answer(home.open(), "prepare/measured_with")[0]["days_late_allowed"] == 5


def test_the_share_of_rejected_rows_is_that_of_the_newest_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv("SOP_HOME", str(home.folder))
    half = LINES.replace(
        "B,        1,           TIER A,      P,          1,", "B,        1,           TIER A,      P,          x,"
    )
    with pytest.raises(TooManyRejects):
        load(tmp_path, order_lines=half)
    company.change(Log(home.folder), {"rejected_share_limit": 0.5}, by="Ann", seen=None)
    assert load(tmp_path, order_lines=half).snapshot == home.live()


@pytest.mark.parametrize(
    ("month", "first", "start"),
    [("2026-10-01", 1, "2026-01-01"), ("2026-03-01", 4, "2025-04-01"), ("2026-04-01", 4, "2026-04-01"),
     ("2026-12-01", 4, "2026-04-01"), ("2026-11-01", 12, "2025-12-01")],
)  # fmt: skip
def test_a_month_belongs_to_the_fiscal_year_that_began_last(month: str, first: int, start: str) -> None:
    found = start_of_fiscal_year(datetime.date.fromisoformat(month), first)
    assert found == datetime.date.fromisoformat(start)
