"""Rows on their way into a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one table, in the order of ``columns``. Values: text, numbers, true and false, dates, moments, None;
    ranges and JSON as the text that PostgreSQL reads."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Row]


class Pile:
    """Rows of one table that gather until somebody takes them."""

    def __init__(self, table: str, columns: str) -> None:
        self.table, self.columns = table, tuple(columns.split())
        self.rows: list[Row] = []

    def add(self, *values: Any) -> None:
        self.rows.append(values)

    def take(self) -> Batch:
        """What there is; the pile is empty afterwards."""
        taken, self.rows = self.rows, []
        return Batch(self.table, self.columns, taken)


def period(start: datetime | date, end: datetime | date) -> str:
    """A range, start in and end out."""
    return f"[{start.isoformat()},{end.isoformat()})"


def later(start: datetime, minutes: int) -> datetime:
    return start + timedelta(minutes=minutes)


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
