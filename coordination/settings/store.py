"""What the settings need of a store."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from coordination.settings.model import Setting, Value


class SettingStore(Protocol):
    def all(self, names: Collection[str]) -> list[Setting]:
        """Those of these names that there are. One query."""
        ...

    def put(self, name: str, value: Value, *, seen: int) -> bool:
        """False when another revision stands. Raises NotAllowed, BrokenRule (``setting_keeps_its_limits``)."""
        ...
