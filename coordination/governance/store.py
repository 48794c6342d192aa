"""What the governance service needs of a store."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from coordination.governance.model import Account
from coordination.governance.sealing import KeptSeal, SealedTrail, SealState


class GovernanceStore(SealedTrail, Protocol):
    """Accounts and the audit trail."""

    def accounts(self, *, role: str | None = None) -> list[Account]:
        """Active accounts in order of name; of one role, or all."""
        ...

    def note(self, what: str, area: str, record: str, person: UUID | None) -> None:
        """Put on the audit trail what no trigger can see: a view, a print, an export."""
        ...

    def draw_border(self) -> bool:
        """See up to where the trail is written and done with. False where somebody writes for too long just now."""
        ...

    def seal_up(self) -> bool:
        """Seal what came since the latest seal up to the border, 2,000 entries at most. False where nothing did."""
        ...

    def seal_state(self) -> SealState:
        """For somebody who may read seals and trail."""
        ...

    def latest_seal(self) -> KeptSeal | None:
        """None where nothing has been sealed yet, or for somebody who may not read seals."""
        ...
