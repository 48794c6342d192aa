"""Who is at the desks now, kept up to date for whatever shows it: the bars, the page, a colleague's name in a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.changes import RESYNC, Change
from coordination.duty import rules
from coordination.duty.model import DeskShift, Offered, OnDuty
from ui import wording
from ui.duty import words
from ui.style.tokens import State

if TYPE_CHECKING:
    from ui.at_desk import AtDesk

BEAT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Mark:
    """Beside a holder's name: some words for the cell, a look, and the whole sentence for the tip."""

    words: str = ""
    look: State | None = None
    tip: str = ""


NO_MARK = Mark()


class DutyWatch(QObject):
    """One a desk (``desk.duty``). Two queries when somebody comes, goes or hands over; none otherwise."""

    changed = Signal()
    """somebody came or went, something was handed over, or time has passed that words depend on"""

    def __init__(self, desk: AtDesk, parent: QObject | None = None, *, read: bool = True) -> None:
        """``read`` False: nothing is known before the first :meth:`refresh`."""
        super().__init__(parent)
        self._desk = desk
        self.there = OnDuty((), ())
        self.known = False  # whether it has been read at all
        self._beside: dict[str, DeskShift] = {}
        self._offers: dict[UUID, Offered] = {}
        desk.changes.batch.connect(self._changes_came)
        beat = QTimer(self, interval=BEAT_MS)
        beat.timeout.connect(self.changed.emit)
        beat.start()
        if read:
            self.refresh()

    def _changes_came(self, changes: frozenset[Change]) -> None:
        if any(change == RESYNC or change.area == "duty" for change in changes):
            self.refresh()

    def refresh(self) -> None:
        """Read again; a database that is away is asked again when it is back."""
        self._desk.tasks.run(
            self, lambda: self._desk.services.duty.on_duty(), self._show, lambda _error: True, latest="duty"
        )

    def _show(self, there: OnDuty) -> None:
        self.there, self.known = there, True
        self._beside = {shift.user: shift for shift in there.shifts}
        self._offers = {subject: offer for offer in there.offered for subject in offer.subjects}
        self.changed.emit()

    # what others ask

    @property
    def now(self) -> datetime:
        return self._desk.clock.now()

    @property
    def mine(self) -> DeskShift | None:
        """My open shift."""
        return self.of(self._desk.actor.user_name)

    def of(self, user: str | None) -> DeskShift | None:
        return self._beside.get(user or "")

    def beside(self, user: str | None) -> str:
        """What stands beside a holder's name: ``on a break until 10:15``; nothing while at the desk."""
        return words.beside(self.of(user), self.now)

    def offer_of(self, subject: UUID) -> Offered | None:
        """The handover that a referral is in, while nobody has accepted it."""
        return self._offers.get(subject)

    def mark(self, holder: str | None, subject: UUID) -> Mark:
        """What a list says of a holder: on a break, or that it is handed over and not accepted yet."""
        offer = self.offer_of(subject)
        if offer is not None:
            lying = self.is_lying(offer)
            waits = f", waiting {wording.length(self.now - offer.signed_at)}" if lying else ""
            return Mark(
                f"→ {offer.to_name or 'next on shift'}", State("amber" if lying else "accent", "handshake"),
                words.capital(words.handed(offer)) + waits,
            )  # fmt: skip
        shift = self.of(holder)
        if shift is None or shift.on_break is None:
            return NO_MARK
        until = wording.clock_time(shift.on_break.planned_end)
        said = words.capital(words.beside(shift, self.now))
        return Mark(f"break until {until}", State("neutral", "coffee"), said)

    def is_lying(self, offer: Offered) -> bool:
        """Not accepted for so long that lists show it in amber."""
        return rules.is_lying(offer.signed_at, self.now)

    def for_me(self) -> list[Offered]:
        """Handovers that wait for this user: addressed to them, or to whoever is next where they are on shift."""
        me, mine = self._desk.actor.user_name, self.mine
        here = mine.locality if mine is not None else self._desk.actor.locality
        return [
            offer
            for offer in self.there.offered
            if offer.from_user != me
            and (offer.to_user == me or (offer.to_user is None and mine is not None and offer.locality in (None, here)))
        ]

    def unaccepted(self) -> list[Offered]:
        """Those that this user has to see to: signed by them, or in the desks that a team lead answers for."""
        actor = self._desk.actor
        leads = actor.role in ("team_lead", "manager")
        return [
            offer
            for offer in self.there.offered
            if offer.from_user == actor.user_name
            or (leads and (actor.locality is None or offer.locality in (None, actor.locality)))
        ]
