"""people.toml and secrets.toml: who somebody is, and plain words where a file is not understood."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sop import people, signing
from sop.access import Role
from sop.errors import AccessError, NotSignedIn, PeopleError, SigningError
from sop.serving import listening
from tests.signed import COOKIE_SECRET, PEOPLE, write_people, write_secrets

TOP = Path(__file__).parent.parent
NOW = 1_800_000_000.0


def known(text: str, folder: Path) -> people.People:
    write_people(folder, text)
    return people.read(folder)


def one(line: str, role: str = "viewer") -> str:
    return f'[[people]]\n{line}\nrole = "{role}"\n'


def test_the_first_entry_that_fits_counts(tmp_path: Path) -> None:
    text = one('email = "Ann@Example.com"', "chair") + one('domain = "example.com"')
    text += one('claim = "tid"\nvalue = "7"', "planner")
    found = known(text, tmp_path)
    assert people.person_of({"email": "ann@EXAMPLE.com"}, found).role == Role.CHAIR
    assert people.person_of({"email": "bo@example.com", "tid": "7"}, found).role == Role.VIEWER
    assert people.person_of({"email": "bo@elsewhere.org", "tid": "7"}, found).role == Role.PLANNER


@pytest.mark.parametrize(
    "email",
    [
        "bo@mail.example.com", "bo@example.com.evil.org", "bo@evilexample.com", "bo@example.com@evil.org", "example.com", "",
        "bo@ex\u0430mple.com", "bo@example.com\u200b", None, ["bo@example.com"],
    ],
)  # fmt: skip
def test_a_domain_is_that_domain_and_no_other(email: Any, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="has no role here"):
        people.person_of({"email": email, "sub": "x"}, known(one('domain = "example.com"'), tmp_path))


def test_a_letter_that_only_looks_like_another_is_another(tmp_path: Path) -> None:
    found = known(one('email = "kim@example.com"', "chair"), tmp_path)
    with pytest.raises(AccessError):
        people.person_of({"email": "\u212aim@example.com"}, found)  # the Kelvin sign, whose lower case is k


@pytest.mark.parametrize(
    ("verified", "counts"), [(True, True), ("true", True), (False, False), ("false", False), (None, False), (0, False)]
)
def test_an_address_counts_unless_it_is_said_that_it_is_not_verified(
    verified: Any, counts: bool, tmp_path: Path
) -> None:
    found = known(one('email = "ann@example.com"'), tmp_path)
    if counts:
        assert (
            people.person_of({"email": "ann@example.com", "email_verified": verified}, found).email == "ann@example.com"
        )
    else:
        with pytest.raises(AccessError):
            people.person_of({"email": "ann@example.com", "email_verified": verified}, found)
    assert people.person_of({"email": "ann@example.com"}, found)


def test_a_claim_is_a_text_or_a_list_that_holds_it(tmp_path: Path) -> None:
    found = known(one('claim = "groups"\nvalue = "plan"', "planner"), tmp_path)
    assert people.person_of({"groups": ["a", "plan"], "sub": "x"}, found).role == Role.PLANNER
    assert people.person_of({"groups": "plan", "sub": "x"}, found).role == Role.PLANNER
    for other in ("planners", ["plans"], {"plan": 1}, None, [["plan"]]):
        with pytest.raises(AccessError):
            people.person_of({"groups": other, "sub": "x"}, found)


def test_an_entry_may_be_for_one_provider_alone(tmp_path: Path) -> None:
    found = known(one('email = "ann@example.com"\nprovider = "microsoft"', "chair"), tmp_path)
    assert people.person_of({"email": "ann@example.com", "provider": "microsoft"}, found)
    with pytest.raises(AccessError):
        people.person_of({"email": "ann@example.com", "provider": "google"}, found)


def test_a_name_is_one_printable_line(tmp_path: Path) -> None:
    assert people.name_of({"name": " Ann\n\u202eLee\x00 "}) == "Ann Lee"
    assert people.name_of({"name": "", "email": "ann@example.com"}) == "ann@example.com"
    assert len(people.name_of({"name": "x" * 500})) == people.LONGEST_NAME
    found = known(one('email = "ann@example.com"\nname = "Ann Lee"'), tmp_path)
    assert people.person_of({"email": "ann@example.com", "name": "The chair"}, found).name == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[people]]\nrole = 'viewer'\n", "the 1st of [[people]] needs one of email, domain, claim, and has none"),
        (one('email = "a@b.c"') + one('email = "a@b.c"\ndomain = "b.c"'), "the 2nd of [[people]] needs one of"),
        (one('email = "a@b.c"', "king"), "role = 'king' is none of viewer, planner, chair"),
        (one('email = "nobody"'), "email = 'nobody' is no address"),
        (one('domain = "a@b.c"'), "domain = 'a@b.c' is no domain"),
        (one('claim = "groups"'), "claim = “groups” goes with value"),
        (one('email = "a@b.c"\nvalue = "x"'), "goes with value"),
        (one('email = "a@b.c"\nlooks_after = "Freya"', "planner"), "looks_after goes with role = “viewer”"),
        (one('email = "a@b.c"\nrôle = "x"'), "cannot be read"),
        (one('email = "a@b.c"\nroles = "x"'), "has no line 'roles'"),
        ("peeple = 1", "there is no line 'peeple'"),
        ("people = 1", "people is not a list"),
        ("hours_signed_in = 0", "hours_signed_in = 0 is not a number of hours"),
        ("hours_signed_in = 100000", "is not a number of hours"),
        ('[signed_out_before]\n"a@b.c" = "yesterday"', "needs a moment with its zone"),
        ('[signed_out_before]\n"a@b.c" = 2026-10-31T17:05:00', "needs a moment with its zone"),
        ("signed_out_before = 1", "signed_out_before is no table"),
        ("[[people", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_lets_nobody_in(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PeopleError) as trouble:
        known(text, tmp_path)
    assert said in str(trouble.value)
    assert "nobody may do anything" in str(trouble.value)


def claims(**changed: Any) -> dict[str, Any]:
    return {
        "is_logged_in": True,
        "sub": "vera",
        "email": "vera@example.com",
        "iat": NOW - 10,
        "exp": NOW + 600,
        **changed,
    }


def test_a_sign_in_lasts_as_long_as_the_provider_says_or_as_many_hours_as_the_file(tmp_path: Path) -> None:
    write_people(tmp_path)
    assert signing.person(claims(), tmp_path, NOW).role == Role.VIEWER
    assert signing.person(claims(), tmp_path, NOW + 599)
    with pytest.raises(NotSignedIn, match="has ended"):
        signing.person(claims(), tmp_path, NOW + 600)
    write_people(tmp_path, f"hours_signed_in = 2\n{PEOPLE}")
    assert signing.person(claims(), tmp_path, NOW + 7_000)
    with pytest.raises(NotSignedIn):
        signing.person(claims(), tmp_path, NOW + 7_190)


def test_a_torn_line_of_sign_outs_does_not_undo_the_others(tmp_path: Path) -> None:
    write_people(tmp_path)
    signing.sign_out(claims(nonce="one"), tmp_path)
    with (tmp_path / signing.SIGNED_OUT).open("ab") as file:
        file.write(b'{"sign_in": "to\n')
    signing._in_this_process.clear()  # as after a new start
    with pytest.raises(NotSignedIn):
        signing.person(claims(nonce="one"), tmp_path, NOW)
    assert signing.person(claims(nonce="two"), tmp_path, NOW)


def test_sign_outs_that_cannot_be_read_let_nobody_in(tmp_path: Path) -> None:
    write_people(tmp_path)
    (tmp_path / signing.SIGNED_OUT).mkdir()
    with pytest.raises(AccessError, match="nobody is let in"):
        signing.person(claims(), tmp_path, NOW)
    with pytest.raises(AccessError):
        signing.sign_out(claims(nonce="three"), tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ((COOKIE_SECRET, "short"), "cookie_secret has fewer than 32 signs"),
        (("/oauth2callback", "/callback"), "redirect_uri is not the app's whole address"),
        (("cookie_secret", "cookies"), "[auth] lacks cookie_secret"),
        (("client_secret", "secret"), "[auth] lacks client_secret"),
        (("[auth]", "[auth"), "cannot be read"),
        (("[auth]", "auth = 1\n[other]"), "auth is no table"),
        (("client_id", "[auth.my_own]\nclient_id"), "has an underscore"),
        (("client_id", "[auth.google]\nclient"), "[auth.google] lacks client_id"),
    ],
)  # fmt: skip
def test_a_sign_in_that_is_set_up_by_half_is_refused(
    changed: tuple[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    write_secrets(tmp_path, "http://127.0.0.1:8501", "http://127.0.0.1:9")
    text = (tmp_path / "secrets.toml").read_text(encoding="utf-8")
    (tmp_path / "secrets.toml").write_text(text.replace(*changed), encoding="utf-8")
    with pytest.raises(SigningError) as trouble:
        signing.auth(tmp_path)
    assert said in str(trouble.value)


def test_sign_in_stays_on_while_the_process_lives(tmp_path: Path) -> None:
    assert signing.auth(tmp_path) is None
    write_secrets(tmp_path, "https://review.example.com", "http://127.0.0.1:9")
    found = signing.auth(tmp_path)
    assert found is not None and found.is_secure and found.host == "review.example.com"
    (tmp_path / "secrets.toml").unlink()
    assert signing.auth(tmp_path) == found


def started(command: list[str], home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=TOP, env={**os.environ, "SOP_HOME": str(home), **environment}, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", [["sop.serve", "1"], ["sop", "run", "--port", "1"]], ids=["serve", "run"])
def test_the_app_refuses_to_listen_to_strangers_in_one_sentence(command: list[str], tmp_path: Path) -> None:
    ended = started([*command, "--address", "0.0.0.0"], tmp_path)
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert line.startswith("The app does not listen on 0.0.0.0 without sign-in")
    assert not list(tmp_path.iterdir()), "nothing is published either"


@pytest.mark.parametrize("command", [["sop.serve", "1"], ["sop", "run", "--port", "1"]], ids=["serve", "run"])
def test_the_app_does_not_start_where_nobody_could_be_let_in(command: list[str], tmp_path: Path) -> None:
    write_secrets(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:9")
    ended = started([*command, "--address", "0.0.0.0"], tmp_path)
    assert ended.returncode == 2
    assert "people.toml is missing" in ended.stderr


def test_whoever_says_it_aloud_is_warned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path))
    monkeypatch.setenv(listening.OPEN_TO_ALL, listening.ALOUD)
    options = listening.options("0.0.0.0", ["review"])
    assert "nobody signs in" in capsys.readouterr().err
    assert options["server.allowedHosts"] == ["127.0.0.1", "localhost", "review"]
    assert listening.is_open_to_all("0.0.0.0") and not listening.is_open_to_all("127.0.0.1")
