"""Rows of the careplan area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgPlanStore:
    """Care plans."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
