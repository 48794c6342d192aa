"""What the apartments service needs of a store."""

from __future__ import annotations

from typing import Protocol


class ApartmentStore(Protocol):
    """Apartments and stays."""
