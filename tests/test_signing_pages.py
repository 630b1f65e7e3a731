"""Every page as each role finds it, through Streamlit's AppTest: what is given, what is refused, and from when on."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sop import access, loading, noting, queries, words
from sop.access import Person, Role
from sop.decisions import Log
from sop.errors import AccessError, NotSignedIn
from sop.following_up import newest
from sop.noting import Place
from sop.serving import listening
from sop.snapshots import Home
from tests.signed import PEOPLE, write_people, write_secrets
from tests.test_pages import PAGES, TOP, shown

VIEWER, PLANNER, CHAIR, FREYA = "vera@example.com", "paul@example.com", "cleo@example.com", "freya@example.com"
NOT_GIVEN = {
    VIEWER: {"extracts", "settings", "audit"},
    PLANNER: {"audit"},
    CHAIR: set(),
    FREYA: {"extracts", "settings", "audit", "pack", "arbitrate", "scenarios", "decisions", "close", "present"},
}
ANN = Person("Ann", Role.CHAIR)
FORMS = {"Your name", "Who decides", "Who closes the meeting", "Who says so"}


@pytest.fixture
def home(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a company like the sample's, in which people sign in."""
    folder = Path(shutil.copytree(own_home, tmp_path / "home"))
    write_secrets(folder, "http://127.0.0.1:8501", "http://127.0.0.1:9")
    write_people(folder)
    monkeypatch.setenv("SOP_HOME", str(folder))
    monkeypatch.chdir(TOP)
    return folder


def who(email: str, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "is_logged_in": True, "provider": "default", "iss": "http://127.0.0.1:9", "sub": email, "nonce": email, "email": email,
        "name": email.partition("@")[0].capitalize(), "iat": now - 10, "exp": now + 600,
        "groups": ["chairs"] if email == CHAIR else ["staff"], **changed,
    }  # fmt: skip


def opened(name: str, user: dict[str, Any], **params: str) -> AppTest:
    app = AppTest.from_file(str(TOP / "app.py"), default_timeout=60)
    app.user = user
    for key, value in params.items():
        app.query_params[key] = value
    return app.switch_page(str(PAGES.get(name, TOP / "pages" / "meeting" / f"{name}.py"))).run()


def question(name: str) -> str:
    return PAGES[name].read_text(encoding="utf-8").split('"""')[1]


def is_shown(app: AppTest, name: str) -> bool:
    return question(name) in shown(app) or words.plain(question(name)) in shown(app)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("email", NOT_GIVEN)
def test_each_role_is_given_its_pages_and_no_other_answers(email: str, name: str, home: Path) -> None:
    app = opened(name, who(email))
    assert not app.exception, app.exception[0].value
    assert is_shown(app, name) == (name not in NOT_GIVEN[email])
    if name in NOT_GIVEN[email]:
        assert is_shown(app, "overview"), "whoever asks for a page that is not theirs finds the first one"
    assert [button.label for button in app.sidebar.button].count("Sign out") == 1


@pytest.mark.parametrize("name", [name for name in PAGES if name not in NOT_GIVEN[VIEWER]])
def test_a_viewer_is_shown_no_form_that_writes(name: str, home: Path) -> None:
    with access.acting_as(ANN):
        noting.note(Log(home), Place(customer_id="C-0007"), "late", by="Ann", snapshot_id=str(Home(home).live()))
    app = opened(name, who(VIEWER), customer="C-0007")
    assert not FORMS & {field.label for field in app.text_input}
    assert not app.file_uploader


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "user", [{"is_logged_in": False}, {}, {"email": CHAIR}, who(CHAIR, exp=1), who(CHAIR, is_logged_in=False)],
    ids=["nobody", "nothing", "only an address", "expired", "signed out"],
)  # fmt: skip
def test_whoever_is_not_signed_in_is_asked_to_and_nothing_runs(user: dict[str, Any], name: str, home: Path) -> None:
    app = opened(name, user)
    assert [title.value for title in app.title] == ["Sign in"]
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.dataframe and not app.metric and not app.get("plotly_chart") and not app.text_input
    assert "asked" not in app.session_state


def test_whoever_has_no_role_is_told_whom_to_ask(home: Path) -> None:
    app = opened("overview", who("stranger@example.com"))
    assert app.title[0].value == "You have no role here"
    assert "Ask the planning office for one" in shown(app)
    assert [button.label for button in app.button] == ["Sign out"]
    assert "asked" not in app.session_state


def test_what_is_wrong_with_the_file_is_not_told_to_strangers(home: Path) -> None:
    write_people(home, '[[people]]\nemail = "boss@example.com"\nrole = "king"\n')
    app = opened("overview", who(CHAIR))
    assert app.title[0].value == "Nobody can be let in"
    assert "boss" not in shown(app)


def test_a_changed_role_holds_from_the_next_run(home: Path) -> None:
    app = opened("extracts", who(PLANNER))
    assert is_shown(app, "extracts")
    write_people(home, PEOPLE.replace('"planner"', '"viewer"'))
    assert not is_shown(app.run(), "extracts")
    write_people(home, PEOPLE.replace("paul@", "pauline@"))
    assert app.run().title[0].value == "You have no role here"
    write_people(home)
    assert is_shown(app.run().switch_page(str(PAGES["extracts"])).run(), "extracts")


def test_a_sign_in_that_ends_between_two_clicks_is_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("customers", who(VIEWER, exp=int(time.time()) + 300))
    assert is_shown(app, "customers")
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 301)
    assert app.run().title[0].value == "Sign in"
    assert "Your sign\\-in has ended" in shown(app) or "Your sign-in has ended" in shown(app)


def test_signing_out_ends_it_in_every_window(home: Path) -> None:
    user = who(VIEWER)
    one, another = opened("customers", user), opened("overview", user)
    next(button for button in one.sidebar.button if button.label == "Sign out").click().run()
    assert another.run().title[0].value == "Sign in"
    assert is_shown(opened("overview", who(VIEWER, nonce="signed in again")), "overview")


def test_whoever_loses_the_role_before_the_click_changes_nothing(home: Path) -> None:
    first = str(Home(home).live())
    second = shutil.copyfile  # a second snapshot is the first by another name
    newer = first[:-1] + ("0" if first[-1] != "0" else "1")
    second(Home(home).file(first), home / "snapshots" / f"{newer}.duckdb")
    text = (home / "snapshots" / f"{first}.json").read_text(encoding="utf-8")
    (home / "snapshots" / f"{newer}.json").write_text(text.replace(first, newer), encoding="utf-8")
    app = opened("extracts", who(PLANNER))
    app.session_state["published-choice"] = newer
    app.run()
    [button] = [button for button in app.button if button.label == "Make it live again"]
    [field] = [field for field in app.text_input if field.key == "published-name"]
    assert field.disabled and field.value == "Paul"
    write_people(home, PEOPLE.replace('"planner"', '"viewer"'))
    button.click().run()
    assert Home(home).live() == first
    assert [line.snapshot for line in Home(home).record()] == [first]


def test_a_note_is_signed_with_the_name_that_the_provider_says(home: Path) -> None:
    app = opened("customer", who(PLANNER), customer="C-0007")
    [field] = [field for field in app.text_input if field.key == "note-by-C-0007"]
    assert field.disabled and field.value == "Paul"
    next(area for area in app.text_area if area.key == "note-text-C-0007").set_value("waits for pumps")
    next(button for button in app.button if button.label == "Pin it").click().run()
    assert newest(Log(home)).note == 1
    assert "by Paul on" in shown(app)


def test_an_account_manager_finds_no_other_customer_on_any_page(home: Path) -> None:
    with access.acting_as(ANN), Home(home).open() as connection:
        own = {
            one for (one,) in queries.ask(connection, "limits/own_customers", account_manager="Freya Holtby").fetchall()
        }
        everybody = connection.sql("select customer_id, customer_name from marts.customers").fetchall()
    log, live = Log(home), str(Home(home).live())
    with access.acting_as(ANN):
        for number, name in everybody:
            noting.note(log, Place(customer_id=number), f"about {name}", by="Ann", snapshot_id=live)
    others = [text for number, name in everybody if number not in own for text in (number, name)]
    mine = [name for number, name in everybody if number in own]
    seen = set()
    for name in PAGES:
        for params in ({}, {"customer": "C-0007"}, {"customer": "C-0022", "span": "all", "view": "Order lines"}):
            text = everything(opened(name, who(FREYA), **params))
            assert [other for other in others if other in text.replace("C-0007”", "")] == [], (name, params)
            seen |= {one for one in mine if one in text}
    assert len(seen) >= 5


def everything(app: AppTest) -> str:
    """Every text of a page: tables, pictures, what can be chosen, and what is said."""
    parts = [shown(app).replace("\\", "")]
    parts += [frame.value.to_csv() for frame in app.dataframe]
    parts += [str(chart.proto.spec) for chart in app.get("plotly_chart")]
    parts += [" ".join(map(str, box.options)) for box in [*app.selectbox, *app.multiselect]]
    return re.sub(r"\s+", " ", "\n".join(parts))


def test_work_on_a_thread_of_its_own_is_nobodys_unless_it_says_whose(home: Path) -> None:
    with pytest.raises(NotSignedIn):
        access.acting()
    with pytest.raises(NotSignedIn):
        Home(home).open()
    with access.acting_as(Person("Paul", Role.PLANNER, is_signed_in=True)):
        assert access.acting().name == "Paul"
    with pytest.raises(NotSignedIn):
        access.acting()


def test_whoever_signs_in_cannot_write_under_another_name(tmp_path: Path) -> None:
    log = Log(tmp_path)
    with access.acting_as(Person("Paul", Role.PLANNER, PLANNER, is_signed_in=True)):
        noting.note(log, Place(customer_id="C-1"), "late", by="The chair", snapshot_id="s")
        with pytest.raises(AccessError):
            access.require(access.Act.DECIDE)
    with log.reading() as connection:
        assert connection is not None
        assert connection.exec_driver_sql("select noted_by from notes").fetchall() == [("Paul",)]


def test_each_page_of_the_agenda_says_whom_it_is_for() -> None:
    text = (TOP / "app.py").read_text(encoding="utf-8")
    needed = text.split("NEEDS = {")[1].split("\n}")[0]
    for name in re.findall(r'url_path="(\w+)"', text):
        assert f'"{name}"' in needed


def test_without_sign_in_nothing_changes(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOP_HOME", str(own_home))
    monkeypatch.chdir(TOP)
    app = opened("settings", {"email": "test@example.com"})
    assert is_shown(app, "settings")
    assert {field.label for field in app.text_input if not field.disabled} & FORMS
    assert "Sign out" not in [button.label for button in app.button]
    assert access.acting().role == Role.CHAIR


def test_each_provider_has_a_button(home: Path) -> None:
    text = (home / "secrets.toml").read_text(encoding="utf-8")
    one = text.split("client_id")[1]
    for name in ("microsoft", "keycloak"):
        text = f"{text}\n[auth.{name}]\nclient_id{one}"
    other = home.with_name("other")
    shutil.copytree(home, other)
    (other / "secrets.toml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOP_HOME", str(other))
        app = opened("overview", {"is_logged_in": False})
    assert [button.label for button in app.button] == ["Sign in", "Sign in with Microsoft", "Sign in with Keycloak"]


def test_a_name_that_is_markup_is_shown_as_it_stands(home: Path) -> None:
    for email in (VIEWER, "stranger@example.com"):
        app = opened("overview", who(email, name="![x](http://evil.example/a.png) <img src=x> $a$"))
        texts = [str(element.value) for element in [*app.caption, *app.markdown, *app.title]]
        assert any("evil" in text for text in texts)
        assert not any("](http" in text or "<img" in text.replace("\\<", "") for text in texts)


def test_where_anybody_may_come_without_signing_in_the_pages_say_so(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_HOME", str(own_home))
    monkeypatch.chdir(TOP)
    monkeypatch.setattr("streamlit.get_option", lambda name: {"server.address": "0.0.0.0"}.get(name, 200))
    app = opened("overview", {})
    assert app.title[0].value == "Nobody can be let in"
    assert "asked" not in app.session_state
    monkeypatch.setenv(listening.OPEN_TO_ALL, listening.ALOUD)
    app = opened("overview", {})
    assert is_shown(app, "overview")
    assert "Nobody signs in here" in shown(app)


def test_an_older_snapshot_shows_an_account_manager_todays_customers(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(Home(home).live())
    customers = (TOP / "data" / "sample" / "customers.csv").read_text(encoding="utf-8")
    lines = [
        line.replace("Freya Holtby", "Tom Hedgerow") if "C-0022" in line else line for line in customers.splitlines()
    ]
    (tmp_path / "customers.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    assert lines != customers.splitlines()
    with access.acting_as(ANN):
        loading.load([tmp_path / "customers.csv"], home=Home(home))
    assert Home(home).live() != first
    for params in ({}, {"snapshot": first}):
        app = opened("customers", who(FREYA), span="all", **params)
        assert set(app.dataframe[0].value["customer_id"]) == {
            "C-0006",
            "C-0014",
            "C-0030",
            "C-0038",
            "C-0046",
            "C-0054",
        }
