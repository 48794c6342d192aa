"""JSON that stood in a draft or in the settings file, where anybody may have written."""

from __future__ import annotations

import json
from typing import Any


def read(text: object) -> Any:
    """None where nothing is, and where nothing can be read."""
    try:
        return json.loads(str(text)) if text else None
    except (ValueError, RecursionError):
        return None
