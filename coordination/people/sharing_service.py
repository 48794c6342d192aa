"""Use cases of sharing (R2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import BrokenRule, Conflict, NotFound, Refused, obstacle
from coordination.people import sharing as rules
from coordination.people.sharing import PreviewRow, Sharing, SharingDraft
from coordination.values import PersonId, TeamId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


class SharingAgreements:
    """With whom a person shares."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def of(self, person: PersonId) -> Sharing:
        """As it stands, with how that came about. One query. Raises NotFound."""
        with self._begin() as work:
            return _need(work, person)

    def agree(self, person: PersonId, draft: SharingDraft, agreement: UUID, *, seen: UUID | None) -> Sharing | None:
        """Write down what was agreed; it is in force at once, on every desk. The same id twice is one agreement.

        ``seen``: the ``Sharing.latest`` that was looked at. None comes back where the record is not shared with this
        desk any more. Raises BadValues; Conflict with the Sharing as it stands; NotAllowed; NotFound.
        """
        try:
            with self._begin() as work:
                made = rules.check(draft, local_date(work.now))
                work.sharing.agree(agreement, person, seen, made)
        except BrokenRule as broken:
            if broken.constraint == "sharing_as_seen":
                raise self._conflict(person) from None
            raise
        with self._begin() as work:
            return work.sharing.sharing(person)

    def take_back(self, person: PersonId, which: UUID, agreement: UUID) -> None:
        """Undo: as it was before ``which``, the last agreement, within half an hour, by whoever wrote it down; also
        where the record has closed to them by it. Raises Refused('sharing', sharing_not_taken_back)."""
        try:
            with self._begin() as work:
                work.sharing.take_back(agreement, person, which)
        except BrokenRule as broken:
            if broken.constraint in ("sharing_as_seen", "sharing_takes_back_own"):
                raise Refused("sharing", (obstacle("sharing_not_taken_back"),)) from None
            raise

    def preview(
        self, person: PersonId, team: TeamId | None, role: str, named: Sequence[TeamId] = ()
    ) -> list[PreviewRow]:
        """What somebody of that team (None: of none) and role would see, now and at each level, when ``named`` are the
        teams named. The database's own policies say so. Raises NotAllowed, NotFound."""
        with self._begin() as work:
            return work.sharing.preview(person, team, role, named)

    def _conflict(self, person: PersonId) -> Conflict:
        with self._begin() as work:
            return Conflict("sharing", str(person), 0, _need(work, person))


def _need(work: Work, person: PersonId) -> Sharing:
    found = work.sharing.sharing(person)
    if found is None:
        raise NotFound("people", str(person))
    return found
