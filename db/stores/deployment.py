"""Rows of the deployment area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgDeploymentStore:
    """Workers, shifts, visits, allocations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
