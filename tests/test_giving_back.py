"""Memory that is given back, seen from outside: what the allocators of a process of its own have kept."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

HELD = """
import ctypes, sys, threading
from pathlib import Path
from sop import memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def work(all_of_them):
    all_of_them.wait()
    for each in [libc.malloc(100_000) for _ in range(20)]:
        ctypes.memset(each, 1, 100_000)
        libc.free(each)
    all_of_them.wait()
"""
SHARED = """
if sys.argv[1] == "little":
    memory.keep_little()
import pyarrow as pa
all_of_them = threading.Barrier(30)
threads = [threading.Thread(target=work, args=(all_of_them,)) for _ in range(30)]
for each in threads: each.start()
for each in threads: each.join()
libc.fopen.restype, libc.fclose.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
said = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, said)
libc.fclose(said)
print(pa.default_memory_pool().backend_name)
"""
LET_GO = """
kept = [libc.malloc(100_000) for _ in range(1_000)]
for each in kept: ctypes.memset(each, 1, 100_000)
last = libc.malloc(100_000)  # what is on top of a heap keeps it from shrinking by itself
for each in kept: libc.free(each)
before = resident()
memory.give_back()
print(before - resident())
"""

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library's allocator is left as it is"
)


def ran(code: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", HELD + code, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_threads_share_two_heaps_and_arrow_allocates_in_them(tmp_path) -> None:
    heaps = {}
    for kept in ("much", "little"):
        pool = ran(SHARED, kept, str(tmp_path / kept))
        heaps[kept] = (tmp_path / kept).read_text().count("<heap nr=")
    assert pool == "system"
    assert heaps["little"] <= 2 < heaps["much"]


def test_what_is_free_goes_back_to_the_system() -> None:
    assert int(ran(LET_GO)) > 50_000_000
