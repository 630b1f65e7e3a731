"""Whether people sign in here, and whether a sign-in still holds: from the cookie that the server signed, asked on every run.

The cookie lives for 30 days in the browser whatever happens. So a sign-in holds only until the provider's expiry, until its
person signs out (kept in signed-out.jsonl, by a mark of the sign-in), or until whoever runs the server says so in people.toml.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import json
import os
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sop import people, settings
from sop.access import Person
from sop.errors import AccessError, NotSignedIn, SigningError
from sop.people import Claims

SECRETS = "secrets.toml"  # pragma: allowlist secret
SIGNED_OUT = "signed-out.jsonl"
SHORTEST_SECRET = 32
NEEDED = ("client_id", "client_secret", "server_metadata_url")
CLOCKS_APART = 300
"""Seconds by which the provider's clock may be ahead of ours."""

_OVER = "Your sign-in has ended. Sign in again."


@dataclass(frozen=True)
class Auth:
    """The `[auth]` of secrets.toml, checked."""

    redirect_uri: str
    cookie_secret: str
    providers: tuple[str, ...]
    """As st.login names them; 'default' where there is one without a name."""

    @property
    def origin(self) -> str:
        """The app's address as browsers see it, without a path."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The name in that address."""
        return urlsplit(self.redirect_uri).hostname or ""

    @property
    def is_secure(self) -> bool:
        """True where browsers reach the app over TLS."""
        return self.redirect_uri.startswith("https://")


def secrets_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Where secrets.toml may stand; the later ones win, as Streamlit has it."""
    return _places((folder or settings.home()).absolute())


@functools.cache
def _places(home: Path) -> tuple[Path, ...]:
    top = Path(__file__).parent.parent
    return (Path.home() / ".streamlit" / SECRETS, top / ".streamlit" / SECRETS, home / SECRETS)


_on: dict[Path, Auth] = {}
_off: dict[Path, list[int]] = {}
"""When the files were last changed where they said nothing of signing in, so that they are read again only then."""


def auth(folder: Path | None = None) -> Auth | None:
    """How people sign in here; None where they do not. Raises SigningError where secrets.toml cannot be used.

    Once on, it stays on while the process lives, whatever becomes of the file.
    """
    home = (folder or settings.home()).absolute()
    if home not in _on:
        as_they_are = [_changed(file) for file in _places(home)]
        section = None if _off.get(home) == as_they_are else _section(home)
        if section is None:
            _off[home] = as_they_are
            return None
        _on[home] = _checked(section)
    return _on[home]


def _changed(file: Path) -> int:
    """When a file was changed last; 0 where there is none."""
    try:
        return os.stat(file).st_mtime_ns  # noqa: PTH116, which would be slower, and every question asks
    except OSError:
        return 0


def _section(home: Path) -> Mapping[str, Any] | None:
    found = None
    for file in secrets_files(home):
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8")).get("auth", found)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
            raise SigningError(
                f"{file} cannot be read: {trouble}. Mend it, or delete it where nobody signs in."
            ) from None
    if found is not None and not isinstance(found, dict):
        raise SigningError(f"{SECRETS}: auth is no table; write [auth] above its lines.")
    return found


def _checked(section: Mapping[str, Any]) -> Auth:
    for name in ("redirect_uri", "cookie_secret"):
        if not isinstance(section.get(name), str) or not section[name]:
            raise SigningError(f"{SECRETS}: [auth] lacks {name}.")
    if len(section["cookie_secret"]) < SHORTEST_SECRET:
        raise SigningError(
            f"{SECRETS}: cookie_secret has fewer than {SHORTEST_SECRET} signs; whoever guesses it is anybody."
        )
    uri = urlsplit(section["redirect_uri"])
    if uri.scheme not in ("http", "https") or not uri.hostname or not uri.path.endswith("/oauth2callback"):
        raise SigningError(f"{SECRETS}: redirect_uri is not the app's whole address, ending in /oauth2callback.")
    named = {name: part for name, part in section.items() if isinstance(part, dict) and name != "client_kwargs"}
    given = {"default": section} if "client_id" in section or not named else {}
    for name, part in {**given, **named}.items():
        lacking = [key for key in NEEDED if not part.get(key)]
        if lacking:
            where = "[auth]" if part is section else f"[auth.{name}]"
            raise SigningError(f"{SECRETS}: {where} lacks {', '.join(lacking)}.")
        if "_" in name:
            raise SigningError(
                f"{SECRETS}: [auth.{name}] has an underscore in its name, which Streamlit does not allow."
            )
    return Auth(section["redirect_uri"], section["cookie_secret"], tuple({**given, **named}))


def mark_of(claims: Claims) -> str:
    """What tells one sign-in from every other, and nothing else about it."""
    told = [claims.get(name) for name in ("provider", "iss", "sub", "iat", "exp", "nonce", "sid")]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def person(claims: Claims, folder: Path, now: float | None = None) -> Person:
    """Who signed in, with their role as it is now.

    Raises NotSignedIn where nobody is, or not any more; AccessError where they have no role; PeopleError.
    """
    known = people.read(folder)
    _still_holds(claims, known, folder, time.time() if now is None else now)
    return people.person_of(claims, known)


def _still_holds(claims: Claims, known: people.People, folder: Path, now: float) -> None:
    if claims.get("is_logged_in") is not True:
        raise NotSignedIn("Nobody is signed in.")
    since, until = _moment(claims, "iat"), _moment(claims, "exp")
    if known.hours_signed_in is not None:
        until = since + known.hours_signed_in * 3600
    if not since - CLOCKS_APART <= now < until:
        raise NotSignedIn(_OVER)
    whose = (people.EVERYONE, people.email_of(claims) or "", str(claims.get("email") or "").lower())
    ended = [known.signed_out_before[who] for who in whose if who in known.signed_out_before]
    if ended and since < max(ended):
        raise NotSignedIn(_OVER)
    if mark_of(claims) in _signed_out(folder):
        raise NotSignedIn(_OVER)


def _moment(claims: Claims, name: str) -> float:
    """Seconds since 1970. Raises NotSignedIn where the provider does not say it."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotSignedIn(f"The provider does not say {name}, without which nobody can be signed in.")
    return float(value)


_read: dict[Path, tuple[tuple[int, int], frozenset[str]]] = {}
_in_this_process: set[str] = set()


def _signed_out(folder: Path) -> frozenset[str]:
    """The sign-ins that were ended. Raises AccessError where it is not known which."""
    file = folder / SIGNED_OUT
    try:
        state = file.stat()
        mark = (state.st_mtime_ns, state.st_size)
        known = _read.get(file)
        if known is None or known[0] != mark:
            known = (mark, frozenset(line.get("sign_in", "") for line in _lines(file)))
            _read[file] = known
        return known[1] | _in_this_process
    except FileNotFoundError:
        return frozenset(_in_this_process)
    except OSError as trouble:
        raise AccessError(f"{file.name} cannot be read ({trouble.strerror}), so nobody is let in.") from None


def _lines(file: Path) -> list[dict[str, str]]:
    """Each whole line; one that a crash tore is left out."""
    found = []
    for line in file.read_bytes().splitlines():
        with contextlib.suppress(ValueError):
            read = json.loads(line)
            if isinstance(read, dict):
                found.append(read)
    return found


def sign_out(claims: Claims, folder: Path) -> None:
    """End a sign-in for good, whoever still holds its cookie. Raises SigningError where that cannot be kept on disk."""
    mark = mark_of(claims)
    if claims.get("is_logged_in") is not True or mark in _signed_out(folder):
        return
    _in_this_process.add(mark)
    line = {"sign_in": mark, "when": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}
    try:
        descriptor = os.open(folder / SIGNED_OUT, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"{json.dumps(line)}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as trouble:
        raise SigningError(
            f"That you signed out could not be kept ({trouble.strerror}). It holds until the server is started again."
        ) from None
