"""The words and numbers that the city is made of, from ``resources/reference/training/*.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache
def source(name: str) -> dict[str, Any]:
    """One file, parsed. Treat it as read-only."""
    path = files("resources") / "reference" / "training" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def listed(text: str | None) -> list[str]:
    """A list separated by commas; blanks around an entry go, one inside stays. A leading blank stands for none."""
    return [" ".join(part.split()) for part in (text or "").split(",") if part.strip()]
