"""Use cases of governance: who the colleagues are, and what goes on the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from coordination.governance import sealing
from coordination.governance.model import Account
from coordination.governance.sealing import KeptSeal, SealState, Verdict
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

    def seal_up(self) -> int:
        """Seal the audit trail (R4); the number of new seals. Nobody who writes to the trail waits for the digests: the
        border up to which they are made is drawn first, and committed."""
        made = 0
        with self._begin() as work:
            work.governance.draw_border()
        while True:
            with self._begin() as work:
                if not work.governance.seal_up():
                    return made
            made += 1

    def latest_seal(self) -> KeptSeal | None:
        """The newest seal, to be kept elsewhere. For the information-governance lead and administrators."""
        with self._begin() as work:
            return work.governance.latest_seal()

    def verify_audit(
        self, kept: KeptSeal | None = None, said: Callable[[int], object] = lambda _seals: None
    ) -> Verdict:
        """Whether the trail is as it was sealed (R4). For the information-governance lead, who may read all of it.

        That it was looked at, and what was found, goes on the trail. ``said`` hears how many seals are done, and may
        raise to stop: then nothing is noted.
        """
        with self._begin() as work:
            verdict = sealing.verify(work.governance, kept, said)
            work.governance.note("view", "audit_seals", f"{verdict.seals} seals {len(verdict.faults)} faults", None)
            return verdict

    def seal_state(self) -> SealState:
        """How far the trail is sealed, and when somebody last looked whether it is as it was sealed."""
        with self._begin() as work:
            return work.governance.seal_state()
