"""What the careplan service needs of a store."""

from __future__ import annotations

from typing import Protocol


class PlanStore(Protocol):
    """Care plans."""
