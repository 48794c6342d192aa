"""Real files to run against, read in place beside the checkout; a test that needs them skips, saying so, elsewhere."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(path: str) -> Path:
    """A file or folder of the shared data; skips the test where the folder is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"shared data is not beside this checkout: {path}")
    return found


def shared_files(pattern: str) -> list[Path]:
    """Files of the shared data matching a glob, for parametrising; empty where the folder is absent."""
    return sorted(SHARED.glob(pattern))
