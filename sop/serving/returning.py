"""Back to where somebody wanted to go: Streamlit ends every sign-in on the first page, also that of whoever followed a link."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sop import signing
from sop.access import Role
from sop.serving import cookies
from sop.serving.guard import is_somebody
from sop.signing import Auth

NAME = "sop_wanted"
SECONDS = 600
CALLBACK = "/oauth2callback"
WANTED = re.compile(r"/[a-z]{1,20}(\?[A-Za-z0-9%&=+._~,:;/!'()*@ -]{0,1500})?")
"""A page of ours with its choices: never another server, whatever the cookie says."""


class Return:
    """ASGI middleware that keeps in a cookie which page was asked for before signing in, and leads there after it."""

    def __init__(self, app: ASGIApp, auth: Callable[[], Auth | None] = signing.auth) -> None:
        self.app, self.auth = app, auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to what comes back."""
        auth = self.auth() if scope["type"] == "http" and scope["method"] == "GET" else None
        if auth is None:
            await self.app(scope, receive, send)
            return
        sent = cookies.sent("; ".join(Headers(scope=scope).getlist("cookie")))
        wanted = _asked_for(scope)
        if wanted and not is_somebody(cookies.claims_of(sent, auth), Role.VIEWER):
            await self.app(scope, receive, _answering(send, lambda headers: _keep(headers, wanted)))
        elif scope["path"].endswith(CALLBACK) and NAME in sent:
            await self.app(scope, receive, _answering(send, lambda headers: _lead(headers, _wanted(sent[NAME]))))
        else:
            await self.app(scope, receive, send)


def _asked_for(scope: Scope) -> str | None:
    """The page that a browser is to show; None for anything else that is fetched, and for the first page."""
    if Headers(scope=scope).get("sec-fetch-dest", "document") != "document":
        return None
    query = scope["query_string"].decode("latin-1")
    whole = f"{scope['path']}?{query}" if query else str(scope["path"])
    return whole if WANTED.fullmatch(whole) else None


def _keep(headers: MutableHeaders, wanted: str) -> None:
    kept = base64.urlsafe_b64encode(wanted.encode()).decode()
    headers.append("set-cookie", f"{NAME}={kept}; Path=/; Max-Age={SECONDS}; HttpOnly; SameSite=Lax")


def _wanted(kept: str) -> str | None:
    try:
        wanted = base64.urlsafe_b64decode(kept.encode()).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return wanted if WANTED.fullmatch(wanted) else None


def _lead(headers: MutableHeaders, wanted: str | None) -> None:
    if wanted and headers.get("location"):
        headers["location"] = wanted
    headers.append("set-cookie", f"{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")


def _answering(send: Send, change: Callable[[MutableHeaders], None]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(MutableHeaders(scope=message))
        await send(message)

    return sent
