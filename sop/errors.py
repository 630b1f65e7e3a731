"""What can go wrong, one class per kind of trouble. Each message says where, what, and what now."""

from __future__ import annotations


class SopError(Exception):
    """Something a person can mend; caught once at the edge and shown as its message, never as a traceback."""

    exit_code = 2


class SourceError(SopError):
    """A source file cannot be read at all, or not reliably."""


class MappingError(SopError):
    """A mapping does not fit the file or the contract."""


class TooManyRejects(SopError):
    """More rows were rejected than the settings allow; nothing was published."""

    exit_code = 1


class QueryError(SopError):
    """There is no such query, or it was asked with the wrong parameters."""


class SnapshotError(SopError):
    """A snapshot is missing, damaged or being built by somebody else."""


class SettingsError(SopError):
    """The settings file holds something that is no setting."""


class AccessError(SopError):
    """Whoever acts may not do this, or nobody is signed in."""


class NotSignedIn(AccessError):
    """Nobody is signed in, or not any more."""


class PeopleError(AccessError):
    """people.toml is missing, or something in it is not understood: nobody may do anything."""


class SigningError(SopError):
    """How people sign in is not set up, or only by half."""


class LogError(SopError):
    """The decision log cannot be read or written."""


class BackupError(SopError):
    """A backup cannot be made, or is not as it was written, or may not be restored there."""
