"""Rows of the assessment area to records and back."""

from __future__ import annotations

from sqlalchemy import Connection


class PgAssessmentStore:
    """Forms, assessments, answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
