"""Rows of the messages area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgMessageStore:
    """Messages and their originals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
