"""What the messages service needs of a store."""

from __future__ import annotations

from typing import Protocol


class MessageStore(Protocol):
    """Messages and their originals."""
