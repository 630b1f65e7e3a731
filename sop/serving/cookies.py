"""Streamlit's sign-in cookie, read before Streamlit does: who asks, for requests that run no page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from sop.signing import Auth

NAME = "_streamlit_user"
LONGEST = 31 * 24 * 3600
"""Seconds after which Streamlit refuses it too."""
MOST_CHUNKS = 20


def sent(header: str) -> dict[str, str]:
    """The cookies of a request; none where the header is not one of cookies."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def claims_of(cookies: Mapping[str, str], auth: Auth) -> dict[str, Any]:
    """What the provider said of whoever sends these cookies; nothing where they are not signed by us, or for another address."""
    whole = _signed(cookies, NAME, auth)
    if whole is not None and whole.startswith("chunks-"):
        number = whole.removeprefix("chunks-")
        if not number.isdigit() or int(number) > MOST_CHUNKS:
            return {}
        parts = [_signed(cookies, f"{NAME}_{place}", auth) for place in range(1, int(number) + 1)]
        whole = None if None in parts else "".join(part or "" for part in parts)
    try:
        told = json.loads(whole or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) and told.get("origin") == auth.origin else {}


def _signed(cookies: Mapping[str, str], name: str, auth: Auth) -> str | None:
    try:
        value = URLSafeTimedSerializer(auth.cookie_secret, salt=name).loads(cookies.get(name, ""), max_age=LONGEST)
    except BadData:
        return None
    return value if isinstance(value, str) else None
