"""What the people service needs of a store."""

from __future__ import annotations

from typing import Protocol


class PeopleStore(Protocol):
    """People: finding, registering, the record."""
