"""Rows of the apartments area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgApartmentStore:
    """Apartments and stays."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
