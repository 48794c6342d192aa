"""Rows of the people area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgPeopleStore:
    """People: finding, registering, the record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
