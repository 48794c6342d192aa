"""Use cases of emergency access (R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import AlreadyExists, BrokenRule, Conflict, NotFound, Refused, obstacle
from coordination.governance import emergency as rules
from coordination.governance.emergency import Answer, Deed, ListState, Look, ReviewDraft, Reviewing
from coordination.people.emergency import Access
from coordination.values import PersonId, new_id

if TYPE_CHECKING:
    from coordination.work import Begin

_MOST = 500
_IN_THE_WAY = {
    "emergency_is_needed": "emergency_not_needed",
    "emergency_access_person_id_fkey": "emergency_nobody",
    "emergency_is_looked_for": "emergency_look_first",
    "emergency_lookups_are_few": "emergency_lookups_spent",
}


class Emergencies:
    """Break glass, and the review of it."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def look(self, look: Look, look_id: UUID) -> Answer:
        """Whether there is a record that is hidden from this login. The same id twice is one look.

        Raises Refused('look', emergency_lookups_spent), NotAllowed for a role that is not of direct care.
        """
        try:
            with self._begin() as work:
                work.emergency.look(look_id, look)
        except BrokenRule as broken:
            raise _refused("look", broken) from None
        with self._begin() as work:  # only what has been written down is answered
            found = work.emergency.answer(look_id)
        if found is None:
            raise NotFound("emergency", str(look_id))
        return found

    def open(
        self, access_id: UUID, kind: str, words: str, *, person: PersonId | None = None, look: UUID | None = None
    ) -> Access:
        """One person's record, to this login, for a while (setting ``emergency.minutes``). The same id twice is one.

        ``person``, or the ``look`` that found them. Raises BadValues (kind, words); NotAllowed; Refused('break_glass',
        emergency_not_needed | emergency_in_force (until) | emergency_nobody | emergency_look_first): a record that is
        hidden altogether is opened by a look only.
        """
        of_kind, said = rules.check_reason(kind, words)
        try:
            with self._begin() as work:
                work.emergency.open(access_id, person, look, of_kind, said)
        except BrokenRule as broken:
            if broken.constraint == "emergency_is_in_force":
                raise self._in_force(person) from None
            raise _refused("break_glass", broken) from None
        with self._begin() as work:
            made = next((a for a in work.emergency.mine() if a.id == access_id), None)
        if made is None:
            raise NotFound("emergency", str(access_id))
        return made

    def _in_force(self, person: PersonId | None) -> Refused:
        with self._begin() as work:
            until = next((a.ends_at for a in work.emergency.mine() if person in (None, a.person_id)), work.now)
        return Refused("break_glass", (obstacle("emergency_in_force", until=until),))

    def end(self, access_id: UUID) -> None:
        """Before its time: by whoever has it, or the information-governance lead. Nothing where it is over."""
        with self._begin() as work:
            work.emergency.end(access_id)

    def mine(self) -> list[Access]:
        """Those in force, the one that ends first at first."""
        with self._begin() as work:
            return work.emergency.mine()

    def minutes(self) -> int:
        """How long one lasts."""
        with self._begin() as work:
            return work.emergency.minutes()

    # ---------------------------------------------------------------- the review

    def accesses(self, state: ListState = "awaiting") -> list[Reviewing]:
        """For the information-governance lead and managers; a team lead has those of their team without detail.
        One query, 500 at most."""
        with self._begin() as work:
            return work.emergency.accesses(state, _MOST)

    def deeds(self, access_id: UUID) -> list[Deed]:
        """What was looked at and changed under it: areas, counts and ids. Empty for a team lead."""
        with self._begin() as work:
            return work.emergency.deeds(access_id)

    def review(self, found: Reviewing, draft: ReviewDraft, review_id: UUID) -> Reviewing:
        """Raises BadValues; Refused('review_emergency', emergency_own_review); NotAllowed; Conflict with the Reviewing
        as it stands, where somebody reviewed it meanwhile."""
        made = rules.check_review(draft)
        try:
            with self._begin() as work:
                work.emergency.review(review_id, found.id, found.reviews + 1, made)
                return self._one(work.emergency.accesses("all", 1000), found)
        except AlreadyExists:
            raise self._conflict(found) from None
        except BrokenRule as broken:
            raise _refused_review(broken) from None

    def withdraw(self, found: Reviewing) -> Reviewing:
        """The outcome is taken back: it awaits review again. Raises as ``review`` does."""
        try:
            with self._begin() as work:
                work.emergency.withdraw(new_id(), found.id, found.reviews + 1)
                return self._one(work.emergency.accesses("all", 1000), found)
        except AlreadyExists:
            raise self._conflict(found) from None

    def _conflict(self, found: Reviewing) -> Conflict:
        with self._begin() as work:
            now = self._one(work.emergency.accesses("all", 1000), found)
        return Conflict("emergency", str(found.id), found.reviews, now)

    @staticmethod
    def _one(rows: list[Reviewing], found: Reviewing) -> Reviewing:
        made = next((row for row in rows if row.id == found.id), None)
        if made is None:
            raise NotFound("emergency", str(found.id))
        return made


def _refused(action: str, broken: BrokenRule) -> Exception:
    code = _IN_THE_WAY.get(broken.constraint)
    return Refused(action, (obstacle(code),)) if code else broken


def _refused_review(broken: BrokenRule) -> Exception:
    if broken.constraint == "emergency_review_by_another":
        return Refused("review_emergency", (obstacle("emergency_own_review"),))
    return broken
