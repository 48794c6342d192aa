"""Use cases of referrals for an apartment (N4): what is needed, declined and looked at again, overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from coordination.apartments.referrals_model import (
    LIST,
    LONGEST_OVERRIDE,
    Beside,
    Declined,
    Override,
    Request,
    RequestDraft,
    Waiting,
    WayBack,
)
from coordination.apartments.referrals_rules import check_decline, check_request, check_way_back
from coordination.apartments.rules import check_words
from coordination.errors import BadValue, BadValues, Conflict
from coordination.intake import moves
from coordination.intake.moved import Moved
from coordination.reference import standing
from coordination.values import ReferralId, StayId, UserName
from coordination.work import Begin, Work


class Placements:
    """Who waits for an apartment, who was declined, and what was booked against what a scheme takes."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def waiting(self, limit: int = 100) -> list[Waiting]:
        """Open referrals for an apartment that have no stay yet, the earliest due first. One query."""
        with self._begin() as work:
            return work.placements.waiting(limit)

    def beside(self, limit: int = 100) -> Beside:
        """Who waits, and every scheme: what matches are made of. Two queries."""
        with self._begin() as work:
            return Beside(tuple(work.placements.waiting(limit)), tuple(work.schemes.all()))

    def record(self, draft: RequestDraft, seen: int = 0) -> Request:
        """What it is for and what is needed; ``seen`` is the revision on the screen, 0 when there was none.

        Raises BadValues at the questions that are not answered, Conflict with the request as it stands.
        """
        checked = check_request(draft, standing.read())
        with self._begin() as work:
            done = work.placements.record(checked, LIST, seen)
            now = work.placements.request(draft.referral_id)
            if not done:
                raise Conflict("placements", str(draft.referral_id), seen, now)
            assert now is not None
            return now

    # ------------------------------------------------------------------ declined, and the way back

    def declined(self, limit: int = 500) -> list[Declined]:
        """Every referral for an apartment that stands declined, whoever declined it and where. One query."""
        with self._begin() as work:
            return work.placements.declined(limit)

    def decline(self, referral: ReferralId, seen: int, way: WayBack) -> Moved:
        """With a coded reason, a next owner (left out: whoever recorded the contact), a next step and a day to look
        again.

        Undone by ``Intake.undo``. Raises BadValues, AlreadyClaimed, Conflict, IllegalMove.
        """
        with self._begin() as work:
            checked = check_decline(way, work.placements.today(), standing.read())
            moved = moves.decline(work, referral, seen, checked.reason, checked.next_owner)
            now = work.placements.declined_one(referral)
            work.placements.set_way_back(now.id, now.revision, checked.next_step, checked.look_again_on, checked.code)
            return moved

    def look_again(
        self, referral: ReferralId, decline: UUID, seen: int, next_step: str, on: date, code: str = ""
    ) -> Declined:
        """Another step, another day; ``code`` empty: as it is. Raises BadValues, also where nobody has said a code yet;
        Conflict, NotFound when it waits again."""
        with self._begin() as work:
            before = work.placements.declined_one(referral)
            code = code or before.code
            checked = check_way_back(WayBack("", next_step, on), work.placements.today())
            if code != before.code or not code:
                check_decline(
                    replace(checked, reason=before.reason, code=code), work.placements.today(), standing.read()
                )
            done = work.placements.set_way_back(decline, seen, checked.next_step, checked.look_again_on, code)
            now = work.placements.declined_one(referral)
            if not done:
                raise Conflict("placements", str(referral), seen, now)
            return now

    def reopen(self, referral: ReferralId, seen: int, reason: str) -> Moved:
        """It waits again, with all that was recorded. Raises BadValues (reason), Conflict, IllegalMove."""
        with self._begin() as work:
            return moves.reopen(work, referral, seen, reason)

    def colleagues(self) -> list[tuple[UserName, str]]:
        """Whose a declined referral can be next: login and name."""
        with self._begin() as work:
            return work.tracker.owners()

    # ------------------------------------------------------------------ overrides

    def overrides(self, *stays: StayId) -> list[Override]:
        """Who let these people stay although the scheme does not take them, and why."""
        with self._begin() as work:
            return work.placements.overrides(stays)


def override(work: Work, stay: StayId, reasons: Mapping[str, str]) -> None:
    """Inside the transaction that books or moves: the reason by criterion. Raises BadValues."""
    for words in reasons.values():
        problems = check_words("override", words.strip(), LONGEST_OVERRIDE)
        if not words.strip():
            problems.append(BadValue("override", "override_missing"))
        if problems:
            raise BadValues(tuple(problems))
    if reasons:
        work.placements.override(stay, {criterion: words.strip() for criterion, words in reasons.items()})
