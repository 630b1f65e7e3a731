"""What the server refuses before any page runs, and cookies that hold no more: asked of the real server, without a browser."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from sop import access, audit, signing
from sop.access import Act
from sop.decisions import Log
from sop.errors import SigningError
from sop.serving import cookies, listening
from sop.serving.returning import _wanted
from sop.signing import Auth
from tests.conftest import _served
from tests.signed import COOKIE_SECRET, PEOPLE, write_people, write_secrets

pytestmark = pytest.mark.xdist_group("guarded")  # that app is served once

UPLOAD, METRICS, MEDIA = "/_stcore/upload_file/session/file", "/_stcore/metrics", "/media/0123abcd.png"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve an app in which people sign in, at a provider that nobody asks."""
    home = tmp_path_factory.mktemp("guarded") / "home"
    home.mkdir()

    def prepare(address: str) -> None:
        write_secrets(home, address, "http://127.0.0.1:9")
        write_people(home)

    with _served(home, prepare) as address:
        yield address, home


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _served(tmp_path_factory.mktemp("open") / "home") as address:
        yield address


def status(address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> int:
    """What the server answers; the headers are those given, `Host` among them."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


def claims(address: str, email: str = "paul@example.com", **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": "http://127.0.0.1:9", "sub": email, "email": email, "iat": now - 10, "exp": now + 600, "nonce": email,
        "origin": address, "is_logged_in": True, "provider": "default", **changed,
    }  # fmt: skip


def cookie(told: dict[str, Any], secret: str = COOKIE_SECRET) -> str:
    """Streamlit's own cookie, as it would set it."""
    return f"_streamlit_user={create_signed_value(secret, '_streamlit_user', json.dumps(told)).decode()}"


def put(address: str, **headers: str) -> int:
    """Upload something; 403 from the guard comes before anything else, and XSRF is told apart by its own text."""
    return status(address, UPLOAD, "PUT", b"x", **headers)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "POST"])
def test_anonymous_uploads_are_refused(signed: tuple[str, Path], method: str) -> None:
    assert status(signed[0], UPLOAD, method, b"x") == 403


@pytest.mark.parametrize("path", [METRICS, MEDIA, "/customers/_stcore/metrics", "/%5fstcore/metrics"])
def test_anonymous_requests_for_files_and_figures_are_refused(signed: tuple[str, Path], path: str) -> None:
    assert status(signed[0], path) == 403


def test_each_role_reaches_what_it_may(signed: tuple[str, Path]) -> None:
    address, _ = signed
    viewer, planner = cookie(claims(address, "vera@example.com")), cookie(claims(address))
    chair = cookie(claims(address, "cleo@example.com", groups=["staff", "chairs"]))
    assert status(address, MEDIA, Cookie=viewer) == 404  # let through: there is no such file
    assert status(address, METRICS, Cookie=viewer) == status(address, METRICS, Cookie=planner) == 403
    assert status(address, METRICS, Cookie=chair) == 200
    assert status(address, UPLOAD, "OPTIONS", Cookie=viewer) == 403
    assert status(address, UPLOAD, "OPTIONS", Cookie=planner) == 204


@pytest.mark.parametrize(
    ("case", "changed"),
    [
        ("expired", {"exp": 1}),
        ("without expiry", {"exp": None}),
        ("expiry that is no number", {"exp": "9999999999"}),
        ("without issue", {"iat": None}),
        ("issued tomorrow", {"iat": 9_999_999_999}),
        ("not signed in", {"is_logged_in": False}),
        ("signed in as a word", {"is_logged_in": "true"}),
        ("of another address", {"origin": "http://elsewhere.example"}),
        ("without a role", {"email": "nobody@example.com"}),
        ("of an address that is not verified", {"email_verified": False}),
        ("of an address like another", {"email": "paul@example.com.example"}),
        ("of two addresses", {"email": "paul@example.com@example.org"}),
    ],
)
def test_a_cookie_that_does_not_hold_is_refused(signed: tuple[str, Path], case: str, changed: dict[str, Any]) -> None:
    address, _ = signed
    assert status(address, MEDIA, Cookie=cookie(claims(address))) == 404
    assert status(address, MEDIA, Cookie=cookie(claims(address, **changed))) == 403, case


def test_a_cookie_that_somebody_tampered_with_is_refused(signed: tuple[str, Path]) -> None:
    address, _ = signed
    good = cookie(claims(address))
    assert status(address, MEDIA, Cookie=cookie(claims(address), secret="x" * 40)) == 403
    for place in (20, len(good) // 2, len(good) - 5):
        other = "A" if good[place] != "A" else "B"
        assert status(address, MEDIA, Cookie=good[:place] + other + good[place + 1 :]) == 403
    for torn in (good[:-1], good[: len(good) // 2], "_streamlit_user=", "_streamlit_user=chunks-9", "nonsense"):
        assert status(address, MEDIA, Cookie=torn) == 403


def test_after_signing_out_a_copy_of_the_cookie_is_refused(signed: tuple[str, Path]) -> None:
    address, home = signed
    kept = cookie(claims(address, nonce="to be signed out"))
    another = cookie(claims(address, nonce="another window, another sign-in"))
    assert status(address, MEDIA, Cookie=kept) == 404
    status(address, "/auth/logout", Cookie=kept)
    assert status(address, MEDIA, Cookie=kept) == 403
    assert status(address, MEDIA, Cookie=another) == 404
    assert "paul" not in (home / signing.SIGNED_OUT).read_text()
    with access.acting_as(access.on_this_machine()):
        newest = audit.entries(Log(home))[-1]
    assert (newest.act, newest.about) == (Act.SIGN_OUT.words, "paul@example.com")


def test_whoever_runs_the_server_ends_all_sign_ins_of_somebody_or_everyone(signed: tuple[str, Path]) -> None:
    address, home = signed
    paul, vera = cookie(claims(address)), cookie(claims(address, "vera@example.com"))
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
    try:
        write_people(home, f'{PEOPLE}\n[signed_out_before]\n"Paul@example.com" = {later}\n')
        assert status(address, MEDIA, Cookie=paul) == 403
        assert status(address, MEDIA, Cookie=vera) == 404
        write_people(home, f"{PEOPLE}\n[signed_out_before]\neveryone = {later}\n")
        assert status(address, MEDIA, Cookie=vera) == 403
    finally:
        write_people(home)
    assert status(address, MEDIA, Cookie=paul) == 404


def test_a_changed_role_holds_from_the_next_request(signed: tuple[str, Path]) -> None:
    address, home = signed
    paul = cookie(claims(address))
    assert status(address, UPLOAD, "OPTIONS", Cookie=paul) == 204
    try:
        write_people(home, PEOPLE.replace('"planner"', '"viewer"'))
        assert status(address, UPLOAD, "OPTIONS", Cookie=paul) == 403
        write_people(home, "role = nonsense")
        assert status(address, MEDIA, Cookie=paul) == 403
        (home / "people.toml").unlink()
        assert status(address, MEDIA, Cookie=paul) == 403
    finally:
        write_people(home)


INNER = ["/_stcore/host-config", "/static/js/index.js", "/component/x/y", "/_stcore/script-health-check"]


@pytest.mark.parametrize("path", INNER)
def test_a_stranger_gets_nothing_of_the_app(signed: tuple[str, Path], path: str) -> None:
    address, _ = signed
    assert status(address, path) == 403
    assert status(address, "/customers", "POST", b"x") == 403
    assert status(address, "/_stcore/health") == status(address, "/health") == 200


@pytest.mark.parametrize("path", ["/", "/customers", "/index.html", "/no/such/page", "/sign-in/nobody"])
def test_a_stranger_is_shown_the_way_in_whatever_they_ask_for(signed: tuple[str, Path], path: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(signed[0]).netloc, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status == 200 and answer.headers["cache-control"] == "no-store"
    assert "<h1>Sign in</h1>" in text and 'href="/sign-in/default"' in text
    assert "<script" not in text and "Overview" not in text
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    connection.close()


FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8501",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "localhost/x",
    "",
]


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/health", METRICS, "/_stcore/host-config"])
@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_is_refused(signed: tuple[str, Path], unsigned: str, host: str, path: str) -> None:
    for address in (signed[0], unsigned):
        chair = cookie(claims(address, "cleo@example.com", groups=["chairs"]))
        assert status(address, path, Host=host, Cookie=chair) == 403
        assert status(address, path, Host=f"LOCALHOST:{urlsplit(address).port}", Cookie=chair) == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1.evil.example", "x"]
)
def test_a_foreign_origin_is_refused(signed: tuple[str, Path], unsigned: str, origin: str) -> None:
    for address in (signed[0], unsigned):
        paul = cookie(claims(address))
        assert status(address, "/_stcore/host-config", Origin=origin, Cookie=paul) == 403
        assert status(address, "/_stcore/host-config", Origin=address, Cookie=paul) == 200
        with pytest.raises(InvalidStatus) as refused, _stream(address, origin, Cookie=paul):
            pass
        assert refused.value.response.status_code == 403


def _stream(address: str, origin: str | None, **headers: str) -> Any:
    return connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream", origin=Origin(origin) if origin else None,
        additional_headers=headers, open_timeout=20,
    )  # fmt: skip


def test_the_stream_opens_for_its_own_pages_alone(signed: tuple[str, Path], unsigned: str) -> None:
    address, paul = signed[0], cookie(claims(signed[0]))
    with _stream(address, address, Cookie=paul), _stream(unsigned, unsigned):
        pass
    asked: list[tuple[str | None, dict[str, str]]] = [
        (address, {}), (address, {"Cookie": f"{paul}x"}), (None, {"Cookie": paul}),
        ("http://evil.example", {"Cookie": paul}),
    ]  # fmt: skip
    for origin, headers in asked:
        with pytest.raises(InvalidStatus) as refused, _stream(address, origin, **headers):
            pass
        assert refused.value.response.status_code == 403
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }  # fmt: skip
    assert status(address, "/_stcore/stream", "GET", None, Host="evil.example", Cookie=paul, **upgrade) == 403


def test_cookies_are_for_tls_alone_where_browsers_come_over_tls(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write_secrets(home, "https://review.example.com", "http://127.0.0.1:9")
    write_people(home)
    with _served(home) as address:
        told = cookie(claims("https://review.example.com"))
        for path, sent in (("/customers", ""), ("/customers", told), ("/_stcore/host-config", told)):
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
            connection.request("GET", path, headers={"Host": "review.example.com", "Cookie": sent})
            answer = connection.getresponse()
            found = answer.headers.get_all("set-cookie") or []
            assert answer.status == 200
            assert all("; Secure" in one for one in found), found
            assert found or path != "/customers" or sent, "which page was wanted is kept"
            connection.close()


@pytest.mark.parametrize("size", [10, 5_000, 20_000])
def test_a_cookie_is_read_as_streamlit_writes_it_however_long(size: int) -> None:
    from streamlit.auth_util import set_cookie_with_chunks

    auth = Auth("http://127.0.0.1:1/oauth2callback", COOKIE_SECRET, ("default",))
    told = claims(auth.origin, groups=[hashlib.sha256(bytes(place)).hexdigest() for place in range(size // 64)])
    kept: dict[str, str] = {}

    def sign(name: str, value: str) -> bytes:
        return create_signed_value(COOKIE_SECRET, name, value)

    set_cookie_with_chunks(
        lambda name, value: kept.update({name: sign(name, value).decode()}),
        sign,
        cookies.NAME,
        told,
        cookie_attr_size=60,
    )
    assert (len(kept) > 1) == (size > 4_000)
    assert cookies.claims_of(kept, auth) == told
    for name in kept:
        assert cookies.claims_of({**kept, name: kept[name][:-2]}, auth) == {}


@pytest.mark.parametrize(
    ("wanted", "is_followed"),
    [
        ("/customers", True), ("/customer?customer=C-0007&span=all", True), ("//evil.example", False),
        ("https://evil.example", False), ("/\\evil.example", False), ("/customers\r\nSet-Cookie: x=y", False),
        ("/customers#x", False), ("javascript:alert(1)", False), ("", False),
    ],
)  # fmt: skip
def test_signing_in_leads_back_to_a_page_of_ours_and_nowhere_else(wanted: str, is_followed: bool) -> None:
    import base64

    kept = base64.urlsafe_b64encode(wanted.encode()).decode()
    assert _wanted(kept) == (wanted if is_followed else None)
    assert _wanted("%%%") is None


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.0.5", "", "review.example.com"])
def test_without_sign_in_the_app_listens_on_this_machine_alone(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOP_HOME", str(tmp_path))
    with pytest.raises(SigningError, match="does not listen"):
        listening.options(address)
    monkeypatch.setenv(listening.OPEN_TO_ALL, "yes")
    with pytest.raises(SigningError):
        listening.options(address)
    monkeypatch.setenv(listening.OPEN_TO_ALL, listening.ALOUD)
    assert listening.options(address)["server.address"] == address
