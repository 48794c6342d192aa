"""Rows of the intake area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgIntakeStore:
    """Contacts and referrals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
