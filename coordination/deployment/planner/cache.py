"""Where compiled code is kept: in the user's own cache folder, apart for each edition of the engine.

numba asks only whether the file of a function changed. A function takes in others from other files, so what was
compiled before any of them changed must not be found again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import time
from pathlib import Path

READY = "ready"
ENGINE = Path(__file__).parent / "engine"

UNUSED = 60 * 86400.0
"""Seconds after which an edition that nobody used is cleared away."""


def folder() -> Path:
    """For this edition of the engine; made if it is not there. ``NUMBA_CACHE_DIR`` says where instead."""
    base = _base()
    mine = base / edition()
    try:
        mine.mkdir(parents=True, exist_ok=True)
        os.utime(mine)
        _clear(base, mine)
    except OSError:
        pass  # numba looks for another place
    return mine


def is_ready() -> bool:
    """Whether a plan can begin at once: all is compiled, or nothing ever is. Loads neither numba nor the engine."""
    if os.environ.get("CENTRE_PLANNER") == "plain" or importlib.util.find_spec("numba") is None:
        return True
    return (_base() / edition() / READY).exists()


def note_ready() -> None:
    """All of this edition is compiled and kept."""
    try:
        (folder() / READY).touch()
    except OSError:
        return  # it is compiled again each time, wherever nothing can be kept


def edition() -> str:
    """Changes with every change to any file of the engine."""
    told = hashlib.sha256()
    for file in sorted(ENGINE.glob("*.py")):
        told.update(file.name.encode() + file.read_bytes())
    return told.hexdigest()[:16]


def _base() -> Path:
    asked = os.environ.get("NUMBA_CACHE_DIR")
    if asked:
        return Path(asked)
    from platformdirs import user_cache_path

    return user_cache_path("coordination-centre", appauthor=False) / "planner"


def _clear(base: Path, mine: Path) -> None:
    oldest = time.time() - UNUSED
    for other in base.iterdir():
        if other != mine and len(other.name) == len(mine.name) and other.stat().st_mtime < oldest:
            shutil.rmtree(other, ignore_errors=True)
