"""Who may do what where people sign in: people.toml in the home folder, which only whoever runs the server writes.

It is read again when it changes, so that a changed role holds from the next run on. Where it cannot be read, nobody has a role.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sop.access import Person, Role
from sop.errors import AccessError, PeopleError

FILE_NAME = "people.toml"
ROLES = {role.name.lower(): role for role in Role}
WAYS = ("email", "domain", "claim")
EVERYONE = "everyone"
KNOWN = ("people", "ask", "hours_signed_in", "signed_out_before")
KNOWN_OF_ONE = (*WAYS, "value", "provider", "role", "name", "looks_after")
LONGEST_NAME = 100
MOST_HOURS = 24 * 30
"""Streamlit's cookie lives no longer."""

Claims = Mapping[str, Any]
"""What the provider says of somebody who signed in, with `provider` as secrets.toml names it."""


@dataclass(frozen=True)
class Entry:
    """One `[[people]]` of the file: whom it fits, and what they may do."""

    role: Role
    way: str
    """How it is told whom it fits: one of WAYS."""
    value: str
    claim: str | None = None
    provider: str | None = None
    name: str | None = None
    looks_after: str | None = None

    def fits(self, claims: Claims) -> bool:
        """True where this entry is about whoever the provider says these claims of."""
        if self.provider is not None and claims.get("provider") != self.provider:
            return False
        if self.way == "claim":
            held = claims.get(str(self.claim))
            return self.value in (held if isinstance(held, list) else [held])
        email = email_of(claims)
        return email is not None and self.value == (email if self.way == "email" else email.rpartition("@")[2])


@dataclass(frozen=True)
class People:
    """The file as read: the entries in its order, and what else it says."""

    entries: tuple[Entry, ...] = ()
    ask: str | None = None
    """Whom somebody without a role asks for one."""
    hours_signed_in: float | None = None
    """How long signing in lasts; None means as long as the provider says."""
    signed_out_before: Mapping[str, float] = field(default_factory=dict)
    """Whoever signed in before that moment is signed out: by e-mail address, or EVERYONE."""


def email_of(claims: Claims) -> str | None:
    """The e-mail address that counts: none where the provider says that it was never verified.

    Letters outside ASCII are left as they are, since some of them become ASCII letters in lower case.
    """
    email, verified = claims.get("email"), claims.get("email_verified", True)
    if not isinstance(email, str) or email.count("@") != 1 or verified not in (True, "true"):
        return None
    return _lower(email.strip())


def name_of(claims: Claims) -> str:
    """What somebody is called, in one printable line."""
    for said in (claims.get("name"), claims.get("email"), claims.get("sub")):
        plain = " ".join("".join(sign if sign.isprintable() else " " for sign in str(said or "")).split())
        if plain:
            return plain[:LONGEST_NAME]
    return "somebody unnamed"


def person_of(claims: Claims, people: People) -> Person:
    """Who somebody is here: the first entry that fits counts. Raises AccessError where none does."""
    for entry in people.entries:
        if entry.fits(claims):
            email = email_of(claims)
            return Person(entry.name or name_of(claims), entry.role, email, entry.looks_after, is_signed_in=True)
    whom = people.ask or "whoever runs this server"
    raise AccessError(f"{name_of(claims)} is signed in and has no role here. Ask {whom} for one.")


_read: dict[Path, tuple[tuple[int, int], People]] = {}


def read(folder: Path) -> People:
    """The file of a home folder as it stands now. Raises PeopleError where it is missing or something in it is not understood."""
    file = folder / FILE_NAME
    try:
        state = file.stat()
        mark = (state.st_mtime_ns, state.st_size)
        known = _read.get(file)
        if known is None or known[0] != mark:
            known = (mark, _people(tomllib.loads(file.read_text(encoding="utf-8"))))
            _read[file] = known
        return known[1]
    except FileNotFoundError:
        raise PeopleError(
            f"{file} is missing: it says who may do what, and without it nobody may do anything."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise PeopleError(
            f"{file.name} cannot be read: {trouble}. Until it is mended nobody may do anything."
        ) from None


def _people(lines: Mapping[str, Any]) -> People:
    _only_known(lines, KNOWN, "there is no line")
    entries = lines.get("people", [])
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise _wrong("people is not a list; write [[people]] above each of them")
    hours = lines.get("hours_signed_in")
    is_hours = isinstance(hours, int | float) and not isinstance(hours, bool) and 0 < hours <= MOST_HOURS
    if hours is not None and not is_hours:
        raise _wrong(f"hours_signed_in = {hours!r} is not a number of hours up to {MOST_HOURS}")
    return People(
        tuple(_entry(one, number) for number, one in enumerate(entries, 1)),
        _text(lines, "ask", "the file"),
        hours,
        _signed_out_before(lines.get("signed_out_before", {})),
    )


def _entry(lines: Mapping[str, Any], number: int) -> Entry:
    where = f"the {_ordinal(number)} of [[people]]"
    _only_known(lines, KNOWN_OF_ONE, f"{where} has no line")
    ways = [way for way in WAYS if way in lines]
    if len(ways) != 1:
        raise _wrong(f"{where} needs one of {', '.join(WAYS)}, and has {' and '.join(ways) or 'none'}")
    [way] = ways
    if ("value" in lines) != (way == "claim"):
        raise _wrong(f"{where}: claim = “groups” goes with value = “planners”, and value with nothing else")
    role = lines.get("role")
    if role not in ROLES:
        raise _wrong(f"{where}: role = {role!r} is none of {', '.join(ROLES)}")
    told, looks_after = _text(lines, way, where), _text(lines, "looks_after", where)
    value = _text(lines, "value", where) if way == "claim" else _lower((told or "").removeprefix("@"))
    if (way == "email" and str(value).count("@") != 1) or (way == "domain" and "@" in str(value)):
        raise _wrong(f"{where}: {way} = {told!r} is no {'address' if way == 'email' else 'domain'}")
    if looks_after and ROLES[role] is not Role.VIEWER:
        raise _wrong(
            f"{where}: looks_after goes with role = “viewer”, since whoever publishes or decides sees everyone"
        )
    return Entry(
        ROLES[role], way, str(value), told if way == "claim" else None, _text(lines, "provider", where),
        _text(lines, "name", where), looks_after,
    )  # fmt: skip


def _signed_out_before(lines: object) -> dict[str, float]:
    if not isinstance(lines, dict):
        raise _wrong("signed_out_before is no table; write [signed_out_before] above its lines")
    found = {}
    for who, moment in lines.items():
        if not isinstance(moment, datetime.datetime) or moment.tzinfo is None:
            raise _wrong(f"signed_out_before: {who!r} needs a moment with its zone, such as 2026-10-31T17:05:00Z")
        found[_lower(str(who))] = moment.timestamp()
    return found


def _only_known(lines: Mapping[str, Any], known: tuple[str, ...], said: str) -> None:
    for name in lines:
        if name not in known:
            raise _wrong(f"{said} {name!r}; there are {', '.join(known)}")


def _text(lines: Mapping[str, Any], name: str, where: str) -> str | None:
    value = lines.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > 300:
        raise _wrong(f"{where}: {name} = {value!r} is not a text of one line")
    return value.strip()


def _lower(text: str) -> str:
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


def _ordinal(number: int) -> str:
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _wrong(what: str) -> PeopleError:
    return PeopleError(f"{FILE_NAME}: {what}. Until it is mended nobody may do anything.")
