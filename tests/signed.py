"""A home in which people sign in: its secrets.toml and people.toml."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.provider import CLIENT, SECRET

COOKIE_SECRET = "only-for-tests-" + "0123456789abcdef" * 2  # pragma: allowlist secret
PEOPLE = """
ask = "the planning office"

[[people]]
email = "vera@example.com"
role = "viewer"

[[people]]
email = "paul@example.com"
role = "planner"

[[people]]
claim = "groups"
value = "chairs"
role = "chair"

[[people]]
email = "freya@example.com"
role = "viewer"
looks_after = "Freya Holtby"
"""


def write_secrets(home: Path, address: str, provider: str) -> None:
    """Say in secrets.toml that people sign in at a provider."""
    (home / "secrets.toml").write_text(
        f"""[auth]
redirect_uri = {json.dumps(address + "/oauth2callback")}
cookie_secret = "{COOKIE_SECRET}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )


def write_people(home: Path, text: str = PEOPLE) -> None:
    """Say in people.toml who may do what, in one step, and so that it is seen whatever the clock's ticks are."""
    beside = home / "people.toml.new"
    beside.write_text(text, encoding="utf-8")
    file = home / "people.toml"
    later = (file.stat().st_mtime_ns if file.exists() else beside.stat().st_mtime_ns) + 1_000_000
    os.utime(beside, ns=(later, later))
    os.replace(beside, file)
