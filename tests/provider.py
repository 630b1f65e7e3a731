"""A sign-in provider of our own: OpenID Connect with a real key, a real code and real tokens, on 127.0.0.1."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "review", "the-provider-knows-this"  # pragma: allowlist secret


@dataclass
class Provider:
    """Says of whoever comes next what `claims` says; a sign-in lasts `seconds`."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    seconds: int = 3600
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def says(self, email: str, **claims: Any) -> None:
        """Let whoever signs in next be that one."""
        self.claims = {"sub": email, "email": email, "name": email.partition("@")[0].capitalize(), **claims}

    async def metadata(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_hex(8)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", status_code=302)

    async def token(self, request: Request) -> Response:
        asked = self.codes.pop(str((await request.form())["code"]))
        now = int(time.time())
        told = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + self.seconds, "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, told, self.key)
        return JSONResponse({"access_token": "none", "token_type": "Bearer", "id_token": signed})

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.metadata),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )


@contextlib.contextmanager
def provider() -> Iterator[Provider]:
    """Run one for as long as it is needed."""
    one = Provider()
    server = uvicorn.Server(uvicorn.Config(one.app(), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    one.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield one
    server.should_exit = True
    thread.join(10)
