"""What the intake service needs of a store."""

from __future__ import annotations

from typing import Protocol


class IntakeStore(Protocol):
    """Contacts and referrals."""
