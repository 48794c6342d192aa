"""Use cases of governance: who the colleagues are, and what goes on the audit trail."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.governance.model import Account
from coordination.work import Begin


class Governance:
    """Accounts and the audit trail."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def accounts(self, role: str | None = None) -> list[Account]:
        """Active colleagues in order of name."""
        with self._begin() as work:
            return work.governance.accounts(role=role)

    def note(
        self, what: Literal["view", "print", "export"], area: str, record: str, person: UUID | None = None
    ) -> None:
        """R4: a view, print or export of a record. The database adds who and when."""
        with self._begin() as work:
            work.governance.note(what, area, record, person)
