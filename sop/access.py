"""Who acts, and what they may do: asked where the work is done, whichever page, address or program it comes from.

Whoever runs a command on this machine, or the app on it without signing in, may do everything: they hold the files anyway. Where
people sign in, the app says who acts (`ask_whom`).
"""

from __future__ import annotations

import contextvars
import enum
import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sop.errors import AccessError


class Role(enum.IntEnum):
    """What somebody may do; each role may do what those before it may."""

    VIEWER = 1
    """Reads, and takes away what is read."""
    PLANNER = 2
    """Also publishes extracts, and writes notes, disputes and scenarios."""
    CHAIR = 3
    """Also decides, closes the month, changes the settings and reads the audit trail."""


class Act(enum.Enum):
    """What can be done, in the words of the audit trail, and the least role that may do it."""

    SIGN_IN = "signed in", Role.VIEWER
    SIGN_OUT = "signed out", Role.VIEWER
    EXPORT = "exported", Role.VIEWER
    PUBLISH = "published", Role.PLANNER
    ROLL_BACK = "made live again", Role.PLANNER
    SAVE_MAPPING = "confirmed a mapping", Role.PLANNER
    NOTE = "noted", Role.PLANNER
    DISPUTE = "disputed", Role.PLANNER
    KEEP_SCENARIO = "kept a scenario", Role.PLANNER
    MARK = "marked an action", Role.PLANNER
    SAY_SPENT = "said what was spent", Role.PLANNER
    DECIDE = "decided", Role.CHAIR
    CORRECT = "corrected a decision", Role.CHAIR
    CLOSE = "closed a month", Role.CHAIR
    SET = "changed the settings", Role.CHAIR
    READ_AUDIT = "read the audit trail", Role.CHAIR
    BACK_UP = "backed up", Role.CHAIR
    RESTORE = "restored a backup", Role.CHAIR
    BEGIN_AUDIT = "began the audit trail", Role.VIEWER
    BE_REFUSED = "was refused", Role.VIEWER
    STAND_IN = "put an intact snapshot in the place of a damaged one", Role.VIEWER

    def __init__(self, words: str, needs: Role) -> None:
        self.words = words
        self.needs = needs


@dataclass(frozen=True)
class Person:
    """Somebody who acts. With `looks_after` they see only the customers of that account manager."""

    name: str
    role: Role
    email: str | None = None
    looks_after: str | None = None
    is_signed_in: bool = False
    """True where a provider says who it is; on a laptop nobody does."""


THE_APP = Person("the app itself", Role.CHAIR)
"""Who does what nobody asked for: an intact snapshot goes live in the place of a damaged one."""

NOBODY = Person("nobody signed in", Role.VIEWER)
"""Who is refused where it is not known who asks."""


def whoever() -> str:
    """The name of the account that runs this, as far as the system tells."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def on_this_machine() -> Person:
    """Whoever runs this, who may do everything."""
    return Person(whoever(), Role.CHAIR)


_asked: Callable[[], Person] = on_this_machine
_standing_in: contextvars.ContextVar[Person | None] = contextvars.ContextVar("acting", default=None)


def ask_whom(asked: Callable[[], Person]) -> None:
    """From now on this process learns from `asked` who acts. It raises AccessError where nobody does."""
    global _asked
    _asked = asked


def acting() -> Person:
    """Who acts now. Raises AccessError where nobody is signed in who may do anything here."""
    return _standing_in.get() or _asked()


@contextmanager
def acting_as(person: Person) -> Iterator[None]:
    """Let what is done meanwhile in this thread be done by a person: work that was handed on stays with whoever asked for it."""
    before = _standing_in.set(person)
    try:
        yield
    finally:
        _standing_in.reset(before)


def require(act: Act) -> Person:
    """Whoever acts, where they may do this. Raises AccessError, in one sentence, where they may not."""
    person = acting()
    if person.role < act.needs:
        raise AccessError(
            f"A {person.role.name.lower()} may not do this: it takes a {act.needs.name.lower()}. Nothing was done."
        )
    return person


def named(typed: str) -> str:
    """The name under which something is written: that of whoever is signed in, whatever was typed; else what was typed."""
    person = acting()
    return person.name if person.is_signed_in else typed


def require_everyone() -> Person:
    """Whoever acts, where they may see every customer. Raises AccessError where they see only those they look after."""
    person = acting()
    if person.looks_after is not None:
        raise AccessError("This shows every customer, and you see those you look after.")
    return person
