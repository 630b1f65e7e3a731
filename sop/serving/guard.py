"""Who may ask this server at all: for its own name, from its own pages, and beyond the sign-in page only signed in.

The pages ask again who is here, each time. This stands before what answers without a page: uploads, files, the server's figures.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sop import access, audit, settings, signing
from sop.access import Act, Role
from sop.decisions import Log
from sop.errors import AccessError, SopError
from sop.serving import cookies
from sop.serving.writing_down import LOGGER
from sop.signing import Auth

NEEDED = (
    (re.compile(r"/_stcore/upload_file(/|$)"), Role.PLANNER),
    (re.compile(r"/_stcore/metrics(/|$)"), Role.CHAIR),
    (re.compile(r"(?<!/static)/media(/|$)"), Role.VIEWER),  # what stands below /static are the app's own fonts
)
"""What answers without a page, and the least role for it."""

SIGN_OUT = "/auth/logout"

ANOTHER_NAME = "This server does not answer to that name. Whoever runs it can add it: python -m sop run --host NAME"
ANOTHER_PAGE = "This server answers to its own pages only."
NOT_SIGNED_IN = "Sign in first, with a role that may do this."


class Guard:
    """ASGI middleware that refuses (403) foreign names, foreign pages, and whoever is not signed in where that is needed."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], auth: Callable[[], Auth | None] = signing.auth) -> None:
        self.app, self.auth = app, auth
        self.hosts = frozenset(host.lower().rstrip(".") for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        auth, headers = self.auth(), Headers(scope=scope)
        why_not = self._why_not(scope, headers, auth)
        if why_not:
            await refuse(why_not, scope, receive, send)
            return
        if auth is not None and scope["path"].rstrip("/").endswith(SIGN_OUT):
            await asyncio.to_thread(_sign_out, claims_in(headers, auth))
        is_secure = scope["scheme"] in ("https", "wss") or (auth is not None and auth.is_secure)
        await self.app(scope, receive, _securely(send) if is_secure else send)

    def _why_not(self, scope: Scope, headers: Headers, auth: Auth | None) -> str | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or _name(hosts[0]) not in self.hosts:
            return ANOTHER_NAME
        if any(not _is_ours(origin, hosts[0], auth) for origin in origins):
            return ANOTHER_PAGE
        if auth is None:
            return None
        if scope["type"] == "websocket" and not origins:
            return ANOTHER_PAGE
        needed = [role for path, role in NEEDED if path.search(scope["path"])]
        if needed and not is_somebody(claims_in(headers, auth), max(needed)):
            return NOT_SIGNED_IN
        return None


def is_somebody(claims: dict[str, Any], role: Role) -> bool:
    """True where these claims are those of a sign-in that holds, by somebody with at least that role."""
    try:
        return signing.person(claims, settings.home()).role >= role
    except AccessError:
        return False


def claims_in(headers: Headers, auth: Auth) -> dict[str, Any]:
    """What the sign-in says that a request carries, whether it holds or not; nothing where this server did not sign it."""
    return cookies.claims_of(cookies.sent("; ".join(headers.getlist("cookie"))), auth)


def _name(host: str) -> str:
    """The name in a Host header, without its port; nothing where it is no such header."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # which raises where it is none
    except ValueError:
        return ""
    is_plain = parts.netloc == host and "@" not in host and parts.hostname is not None
    return (parts.hostname or "").rstrip(".") if is_plain else ""


def _is_ours(origin: str, host: str, auth: Auth | None) -> bool:
    """True where a page of this server asks: one that was fetched from the same name and port, or from the public address."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    is_same = parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
    return is_same or (auth is not None and origin.lower() == auth.origin.lower())


def _sign_out(claims: dict[str, Any]) -> None:
    home, person = settings.home(), None
    try:
        with suppress(AccessError):  # whoever has no role is signed out too
            person = signing.person(claims, home)
        signing.sign_out(claims, home)
        if person is not None:
            with access.acting_as(person):
                audit.record(Log(home), Act.SIGN_OUT, person.email or person.name)
    except SopError:
        LOGGER.exception("a sign-out could not be kept")


def _securely(send: Send) -> Send:
    """Mark every cookie so that the browser sends it over TLS only; Streamlit does not."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            marked = [
                cookie if "; secure" in cookie.lower() else f"{cookie}; Secure"
                for cookie in headers.getlist("set-cookie")
            ]
            if marked:
                del headers["set-cookie"]
                for cookie in marked:
                    headers.append("set-cookie", cookie)
        await send(message)

    return sent


async def refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 403 with one plain sentence."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})  # before it is accepted: a plain 403
        return
    await PlainTextResponse(why, 403, {"Cache-Control": "no-store"})(scope, receive, send)
