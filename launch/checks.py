"""Checks that run beside each other, and are told one after another."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from launch.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Outcome(NamedTuple):
    """What a check wrote (standard error included), its exit code, and how many seconds it took."""

    wrote: str
    code: int
    seconds: float


def failed(checks: Mapping[str, Sequence[str]], folder: Path) -> list[str]:
    """Run the commands in ``folder``, say what each wrote in the order given; returns the names of those that failed.

    Each runs to its end, even after another has failed.
    """
    names = []
    with ThreadPoolExecutor(max(1, len(checks))) as beside:
        under_way = {name: beside.submit(_run, command, folder) for name, command in checks.items()}
        for name, result in under_way.items():
            outcome = result.result()
            say(f"== {name}")
            print(outcome.wrote, end="", flush=True)
            say(f"  {name if outcome.code == 0 else name + ' failed':<44}{outcome.seconds:6.1f} s")
            if outcome.code != 0:
                names.append(name)
    return names


def _run(command: Sequence[str], folder: Path) -> Outcome:
    began = time.monotonic()
    try:
        done = subprocess.run(
            list(command), cwd=str(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as fault:
        return Outcome(f"{fault}\n", 1, time.monotonic() - began)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return Outcome(done.stdout.decode(encoding, "backslashreplace"), done.returncode, time.monotonic() - began)
