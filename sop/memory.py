"""Memory that is given back: what the process's allocators keep for later is more than a server of many threads needs."""

from __future__ import annotations

import ctypes

import pyarrow as pa

ARENAS = 2
"""Heaps that threads take turns with. By default there are eight for each core, and each keeps what was let go in it."""

_M_ARENA_MAX = -8  # malloc.h


def keep_little() -> None:
    """From now on let threads share heaps, and have Arrow allocate in them instead of in its own, which give nothing back.

    Where the C library is not GNU's, its allocator is left as it is.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if (limit := _of_the_library("mallopt")) is not None:
        limit(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Hand to the system what is free in the heaps: after something that took much more than what is left of it."""
    if (trim := _of_the_library("malloc_trim")) is not None:
        trim(0)


def _of_the_library(name: str) -> ctypes._NamedFuncPointer | None:
    return getattr(ctypes.CDLL(None), name, None)
