"""A list whose side shows the chosen row in detail: choosing is looking (R4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ui.desk import Desk
from ui.governance.whose import person_of
from ui.widgets.table import Table


def follow(desk: Desk, table: Table, area: str, of: Callable[[Any], UUID | None] = person_of) -> None:
    """The row that is chosen in a list whose side shows it in detail."""
    table.current_changed.connect(
        lambda row: desk.seen.saw(area, getattr(row, "id", ""), of(row) if row is not None else None)
    )
