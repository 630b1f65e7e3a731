"""Where the app may listen: on this machine; elsewhere only where people sign in, or somebody says aloud that they need not."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Sequence
from typing import Any

from sop import people, settings, signing
from sop.errors import SigningError
from sop.signing import Auth

OPEN_TO_ALL = "SOP_OPEN_TO_ALL"
ALOUD = "yes, without signing in"


def is_this_machine(address: str) -> bool:
    """True where only programs on this machine reach an address."""
    if address.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def is_open_to_all(address: str) -> bool:
    """True where an address is reached from elsewhere and somebody said aloud that nobody need sign in."""
    return not is_this_machine(address) and os.environ.get(OPEN_TO_ALL) == ALOUD


def refuse_strangers(address: str, auth: Auth | None) -> None:
    """Raise SigningError where others could reach the app at an address without signing in, and nobody said that they may."""
    if auth is None and not is_this_machine(address) and not is_open_to_all(address):
        raise SigningError(
            f"The app does not listen on {address or 'every address'} without sign-in: set up [auth] in secrets.toml (see the"
            f' README), or set {OPEN_TO_ALL}="{ALOUD}" in the environment.'
        )


def options(address: str, hosts: Sequence[str] = ()) -> dict[str, Any]:
    """Streamlit's settings with which the app listens there and answers to those names.

    Raises SigningError where strangers would be let in, PeopleError where nobody could be. Warns where everybody is.
    """
    auth = signing.auth()
    refuse_strangers(address, auth)
    if auth is not None:
        people.read(settings.home())
    elif is_open_to_all(address):
        print(f"Warning: nobody signs in. Whoever reaches {address} may read and do everything.", file=sys.stderr)
    return {
        "server.address": address,
        "server.allowedHosts": names(address, hosts, auth),
        # Else Streamlit asks an outside server for this machine's address when a name is foreign to it.
        "browser.serverAddress": auth.host if auth else "127.0.0.1" if is_this_machine(address) else address,
        "secrets.files": [str(file) for file in signing.secrets_files()],
    }


def names(address: str, hosts: Sequence[str], auth: Auth | None) -> list[str]:
    """The names by which the app may be asked for: this machine's, the address, the public one, and those that are given."""
    public = [auth.host] if auth else []
    is_one = address not in ("0.0.0.0", "::", "")
    return list(dict.fromkeys(["127.0.0.1", "localhost", *([address] if is_one else []), *public, *hosts]))


def public(address: str, port: int) -> str:
    """The address to open in a browser."""
    auth = signing.auth()
    if auth is not None:
        return auth.origin
    return f"http://{'127.0.0.1' if is_this_machine(address) else address}:{port}"
