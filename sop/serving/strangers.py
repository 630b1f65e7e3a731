"""What a stranger is shown where people sign in: one page with a way in, made here, and nothing that leads any further.

A stranger is whoever sends no sign-in that this server signed. Neither a session of the app nor any of its parts is for them.
Whoever did sign in, but longer ago than it holds or without a role, is told so by the app itself (page/signing.py).
"""

from __future__ import annotations

import html
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.auth_util import encode_provider_token

from sop import signing
from sop.serving.guard import NOT_SIGNED_IN, claims_in, refuse
from sop.signing import Auth

OPEN = ("/auth/login", "/auth/logout", "/oauth2callback", "/health", "/_stcore/health")
"""What answers strangers: the way in and out, and whether the server is well."""
INNER = ("/_stcore", "/static", "/component", "/media", "/app")
WAY_IN = "/sign-in/"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>S&amp;OP review</title>
<style>
body { font: 1rem/1.6 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1.5rem; }
a { border: 1px solid; border-radius: 6px; color: inherit; display: inline-block; margin: 0 .5rem .5rem 0; padding: .4rem .9rem;
    text-decoration: none; }
</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>The review shows what each customer was promised, so it asks who you are.</p>
<p>WAYS</p>
</main>
</body>
</html>
"""


class Strangers:
    """ASGI middleware that shows strangers the page to sign in on, and refuses (403) everything that is no page."""

    def __init__(self, app: ASGIApp, auth: Callable[[], Auth | None] = signing.auth) -> None:
        self.app, self.auth = app, auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what somebody asks who signed in here; answer strangers."""
        auth = self.auth() if scope["type"] in ("http", "websocket") else None
        path = str(scope.get("path", ""))
        if auth is not None and path.startswith(WAY_IN) and path.removeprefix(WAY_IN) in auth.providers:
            token = encode_provider_token(path.removeprefix(WAY_IN))
            await RedirectResponse(f"/auth/login?provider={token}", 302)(scope, receive, send)
        elif auth is None or path in OPEN or claims_in(Headers(scope=scope), auth):
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not path.startswith(INNER):
            await HTMLResponse(page(auth), headers={"Cache-Control": "no-store"})(scope, receive, send)
        else:
            await refuse(NOT_SIGNED_IN, scope, receive, send)


def page(auth: Auth) -> str:
    """The page with a way in for each provider."""
    ways = [f'<a href="{WAY_IN}{html.escape(one)}">{html.escape(name_of_way(one))}</a>' for one in auth.providers]
    return PAGE.replace("WAYS", "\n".join(ways))


def name_of_way(provider: str) -> str:
    """What the way in at a provider is called."""
    return "Sign in" if provider == "default" else f"Sign in with {provider.capitalize()}"
