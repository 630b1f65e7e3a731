"""The settings from a command line: shown as they are typed, changed as an entry with a name, refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sop import cli, company
from sop.decisions import Log
from tests.test_settings import picture


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOP_HOME", str(tmp_path))
    return tmp_path


def test_every_setting_is_shown_and_can_be_typed_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("=")[0] for line in lines] == company.NAMES
    typed = [line.partition("   #")[0] for line in lines if not line.startswith("currency")]
    assert cli.main(["settings", *typed, "currency=SEK", "--by", "Ann Lee"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Currency: EUR, now SEK"]
    [entry] = company.history(Log(folder))
    assert (entry.set_by, entry.changed) == ("Ann Lee", ["currency"])


def test_a_value_is_emptied_and_a_logo_is_read_from_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "logo.png").write_bytes(picture())
    given = ["days_early_allowed=5", f"logo={folder / 'logo.png'}", "number_style=1.234,5", "promise_target=0.9"]
    assert cli.main(["settings", *given]) == 0
    assert "Logo: none, now PNG, 120 × 40" in capsys.readouterr().out
    assert cli.main(["settings", "days_early_allowed="]) == 0
    values = company.read(folder).values
    assert (values["days_early_allowed"], values["promise_target"], values["number_style"]) == (None, 0.9, "1.234,5")


@pytest.mark.parametrize(
    "given, trouble",
    [
        ("colour=red", "colour=red: write name=value"),
        ("currency", "currency: write name=value"),
        ("promise_target=95", "Promise target: 95 is not a share between 0 and 1"),
        ("fiscal_year_month=May", "First month of the fiscal year: 'May' is not the number of a month"),
        ("logo=nowhere.png", "nowhere.png: No such file"),
        ("currency=EUR", "Nothing is changed"),
    ],
)
def test_what_is_no_setting_or_no_value_of_one_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], given: str, trouble: str
) -> None:
    assert cli.main(["settings", "days_late_allowed=3" if "EUR" not in given else given, given]) == 2
    assert trouble in capsys.readouterr().err
    assert company.history(Log(folder)) == ()
