"""Use cases of the intake area, one method each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import NotFound
from coordination.intake import moves, steps, whose
from coordination.intake import views as own_views
from coordination.intake.alike import AlikeReferral, BeingWritten
from coordination.intake.alike import alike as weigh_alike
from coordination.intake.choices import ContactChoices
from coordination.intake.clock_service import ClockCases
from coordination.intake.detail import Beside, ReferralDetail
from coordination.intake.model import Contact, ContactDraft, EndedContact, Ending, Referral, ServiceKind
from coordination.intake.moved import Moved, Undo
from coordination.intake.queue import (
    OwnView,
    QueueChoices,
    QueueCursor,
    QueueFilter,
    QueuePage,
    QueueRows,
    QueueView,
    Wall,
)
from coordination.intake.views import VIEWS
from coordination.values import ContactId, PersonId, ReferralId, UserName

if TYPE_CHECKING:
    from coordination.work import Begin


class Intake(ClockCases):
    """Contacts and referrals. Every move takes the revision that the screen *saw*."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ---------------------------------------------------------------- contacts (E1, E2)

    def record_contact(self, draft: ContactDraft, contact_id: ContactId) -> Contact:
        """E1. A contact, still open. The same id twice is the same contact. Raises BadValues, NotFound (person)."""
        with self._begin() as work:
            return steps.record_contact(work, draft, contact_id)

    def end_contact(self, contact_id: ContactId, seen: int, ending: Ending) -> EndedContact:
        """E2. Advice, referrals, a link to an open referral, or no action with a reason. Sent twice, it ends once.

        Raises BadValues, Conflict (with the present Contact), NotFound, IllegalMove (a link to a closed referral).
        """
        with self._begin() as work:
            return steps.end_contact(work, contact_id, seen, ending)

    def take_contact(self, draft: ContactDraft, contact_id: ContactId, ending: Ending) -> EndedContact:
        """A contact from first word to end in one transaction: what Ctrl+Enter does. Raises as the two above."""
        with self._begin() as work:
            contact = steps.record_contact(work, draft, contact_id)
            return steps.end_contact(work, contact_id, contact.revision, ending)

    def contact(self, contact_id: ContactId) -> Contact:
        """Raises NotFound."""
        with self._begin() as work:
            return steps.need_contact(work, contact_id)

    def alike(self, written: BeingWritten) -> list[AlikeReferral]:
        """Referrals that look like the one about to be made, each with why, likeliest first. Blocks nothing."""
        with self._begin() as work:
            return weigh_alike(written, work.intake.alike_candidates(written), work.now)

    def services(self) -> list[ServiceKind]:
        """What a referral can be for, in the order of lists."""
        with self._begin() as work:
            return work.intake.services()

    def contact_choices(self) -> ContactChoices:
        """What can be chosen in a contact. One query."""
        with self._begin() as work:
            return work.intake.contact_choices()

    def hospitals(self) -> list[tuple[str, str]]:
        """Code and name of the acute sites, for the form."""
        with self._begin() as work:
            return work.intake.hospitals()

    # ---------------------------------------------------------------- the queue (E3, E4)

    def queue(self, asked: QueueFilter | None = None) -> QueuePage:
        """One page of the one queue, in the order asked for. One query."""
        with self._begin() as work:
            return work.intake.queue(own_views.fitting(asked or QueueFilter()), work.actor.user_name)

    def rows_now(self, ids: frozenset[ReferralId], asked: QueueFilter, upto: QueueCursor | None = None) -> QueueRows:
        """A few referrals as they are now, and which of them a page of ``asked`` that ends at ``upto`` shows.

        One query by key, whatever the size of the queue: this is what a desk does when it hears of a change."""
        with self._begin() as work:
            return work.intake.rows_now(ids, own_views.fitting(asked), work.actor.user_name, upto)

    def choices(self) -> QueueChoices:
        """What the queue can be filtered by, and my own views in their order. One query."""
        with self._begin() as work:
            return work.intake.choices()

    def views(
        self, localities: frozenset[str] = frozenset(), own: Mapping[str, QueueFilter] | None = None
    ) -> list[QueueView]:
        """The saved views (``own``: further ones) with how many referrals each shows now, within some localities or in
        the whole city."""
        with self._begin() as work:
            wanted = {code: moves.within(asked, localities) for code, asked in {**VIEWS, **(own or {})}.items()}
            return work.intake.views(wanted, work.actor.user_name)

    def save_view(self, view: OwnView) -> OwnView:
        """A view of my own, new or brought back; sent twice, it is one. Raises BadValues (``name``)."""
        with self._begin() as work:
            return own_views.save(work, view)

    def change_view(self, view: OwnView) -> OwnView:
        """Another name, filter or look for a view of mine. Raises BadValues, Conflict (the present one), NotFound."""
        with self._begin() as work:
            return own_views.change(work, view)

    def forget_view(self, view: OwnView) -> None:
        """The way back is ``save_view`` of the same."""
        with self._begin() as work:
            work.intake.delete_view(view.id)

    def order_views(self, ids: list[UUID]) -> None:
        """My views in this order."""
        with self._begin() as work:
            own_views.put_in_order(work, ids)

    def wall(self, localities: frozenset[str] = frozenset(), most: int = 12) -> Wall:
        """What is due and what is breached by locality, for a screen that all can see: initials only."""
        with self._begin() as work:
            return work.intake.wall(localities, most)

    def open_referral(self, referral_id: ReferralId) -> ReferralDetail:
        """R4. One referral in full, noted on the audit trail as a view. Raises NotFound."""
        with self._begin() as work:
            detail = work.intake.detail(referral_id)
            if detail is None:
                raise NotFound("intake", str(referral_id))
            work.governance.note("view", "referral", str(referral_id), detail.referral.person_id)
            return detail

    def beside(self, referral_id: ReferralId) -> Beside:
        """What the rules suggested when it was made, beside what was chosen; and whether nobody here is responsible."""
        with self._begin() as work:
            return work.intake.beside(referral_id)

    def referral(self, referral_id: ReferralId) -> Referral:
        """Raises NotFound."""
        with self._begin() as work:
            return moves.need(work, referral_id)

    # ---------------------------------------------------------------- moves (E5)

    def claim(self, referral_id: ReferralId, seen: int) -> Moved:
        """Take it from the queue. Claiming what is already mine changes nothing.

        Raises AlreadyClaimed with who has it and since when; Conflict with the present Referral; IllegalMove; NotFound.
        """
        with self._begin() as work:
            return moves.claim(work, referral_id, seen)

    def claim_next(self, asked: QueueFilter | None = None) -> Moved | None:
        """The first unclaimed of a filter; None when there is none. Desks that ask at once get different ones."""
        with self._begin() as work:
            return moves.claim_next(work, asked or QueueFilter())

    def release(self, referral_id: ReferralId, seen: int, reason: str = "") -> Moved:
        """Put what I hold back into the queue. Raises AlreadyClaimed when another holds it; Conflict; IllegalMove."""
        with self._begin() as work:
            return moves.release(work, referral_id, seen, reason)

    def hand_over(self, referral_id: ReferralId, seen: int, to_user: UserName, reason: str) -> Moved:
        """Give what I hold to a colleague. Raises BadValues (reason, to_user), AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return moves.hand_over(work, referral_id, seen, to_user, reason)

    def take_over(self, referral_id: ReferralId, seen: int, reason: str) -> Moved:
        """Take what another holds, saying why. Raises BadValues (reason), Conflict, IllegalMove."""
        with self._begin() as work:
            return moves.take_over(work, referral_id, seen, reason)

    def accept(self, referral_id: ReferralId, seen: int) -> Moved:
        """The work begins with the one who holds it; unclaimed, it is claimed first. Raises AlreadyClaimed, …"""
        with self._begin() as work:
            return moves.accept(work, referral_id, seen)

    def decline(self, referral_id: ReferralId, seen: int, reason: str, next_owner: UserName | None = None) -> Moved:
        """Every decline has a reason, a next owner (left out: whoever recorded the contact) and a way back (reopen)."""
        with self._begin() as work:
            return moves.decline(work, referral_id, seen, reason, next_owner)

    def close(self, referral_id: ReferralId, seen: int, reason: str) -> Moved:
        """What was asked for is done, or no longer needed. Raises BadValues (reason), AlreadyClaimed, Conflict, …"""
        with self._begin() as work:
            return moves.close(work, referral_id, seen, reason)

    def reopen(self, referral_id: ReferralId, seen: int, reason: str) -> Moved:
        """A declined or closed referral waits again. Raises BadValues (reason), Conflict, IllegalMove."""
        with self._begin() as work:
            return moves.reopen(work, referral_id, seen, reason)

    def triage(self, referral_id: ReferralId, seen: int, service: str, urgency: str, reason: str) -> Moved:
        """E3. Set urgency and route, with the reason; due time and place follow. Raises BadValues, Conflict, …"""
        with self._begin() as work:
            return moves.triage(work, referral_id, seen, service, urgency, reason)

    def say_whose(self, referral_id: ReferralId, seen: int, person_id: PersonId, reason: str) -> Moved:
        """P2. It was taken while nobody knew whom it is about; now somebody says, and how it is known.

        Its contact and the other referrals of that contact follow where they are about nobody yet; each is placed
        anew. Said again of the same person, nothing changes. Raises BadValues (reason), NotFound, NotAllowed, and
        Conflict with the present Referral, also when it is about somebody else by now.
        """
        with self._begin() as work:
            return whose.say(work, referral_id, seen, person_id, reason)

    def unsay_whose(self, undo: Undo, reason: str = "") -> Referral:
        """Nobody knows whom it is about after all: back to before ``say_whose``, if nobody has touched any of it since.

        ``reason`` goes into the history. Raises Conflict, NotFound.
        """
        with self._begin() as work:
            return whose.unsay(work, undo, reason)

    def undo(self, undo: Undo) -> Referral:
        """Compensate a move, if nobody has touched the referral since. Raises Conflict otherwise."""
        if undo.move == "say_whose":
            return self.unsay_whose(undo)
        with self._begin() as work:
            return moves.undo(work, undo)
