"""`/health`: whether this process can do its work, for a load balancer or a container's check. It names no figures."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sop.decisions import Log
from sop.errors import SopError
from sop.snapshots import Home


async def health(request: Request) -> Response:
    """200 where the live snapshot and the decision log can be read, else 503; which of them is said either way."""
    said = await asyncio.to_thread(_look)
    is_well = all(value == "ok" for value in said.values())
    return JSONResponse(said, 200 if is_well else 503, {"Cache-Control": "no-store"})


def _look() -> dict[str, str]:
    return {"snapshot": _snapshot(), "decision_log": _log()}


def _snapshot() -> str:
    home = Home()
    try:
        live = home.live()
        if live is None:
            return "ok"  # nothing is published yet: the app says so itself, and is there to have something brought
        home.check(live)
        home.check_version(live)
    except (SopError, OSError):
        return "cannot be read"
    return "ok"


def _log() -> str:
    try:
        with Log(Home().folder).reading():
            return "ok"
    except (SopError, OSError):
        return "cannot be read"
