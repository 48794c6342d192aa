"""What the person at the terminal is told."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_INSTALLED, INSTALL_FAILED = 3, 4


class Stop(Exception):
    """Why we cannot go on, in words for the person at the terminal; ``code`` is for the shell."""

    def __init__(self, words: str, code: int) -> None:
        super().__init__(words)
        self.code = code


def say(words: str) -> None:
    """On standard error: standard output belongs to the command that is started."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long the block took, once it has gone well."""
    began = time.monotonic()
    yield
    say(f"  {what:<44}{time.monotonic() - began:6.1f} s")


class Progress:
    """How far a long step is: one line that keeps changing on a terminal, else a line now and then."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._said = time.monotonic()

    def step(self, name: str) -> None:
        self.done += 1
        words = f"  {self.done} of about {self.total}: {name}"
        if sys.stderr.isatty():
            print(f"\r{words[:70]:<70}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._said > 15:
            self._said = time.monotonic()
            say(words)

    def clear(self) -> None:
        if self.done and sys.stderr.isatty():
            print(f"\r{'':<70}\r", end="", file=sys.stderr, flush=True)
