"""What is done with one's own shift, wherever it is asked for: bar, top bar, page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject

from coordination.clock import LONDON
from coordination.duty import rules
from coordination.duty.model import DeskShift, NewCorrection
from coordination.duty.reference import norms
from coordination.errors import Refused
from coordination.values import UserName, new_id
from ui import wording
from ui.at_desk import AtDesk
from ui.duty.watch import DutyWatch

AT_A_DESK = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})


class DutyActs(QObject):
    """Start, break, back, end; each says what it did and how to take it back."""

    def __init__(self, desk: AtDesk, watch: DutyWatch) -> None:
        super().__init__()
        self._desk, self._watch = desk, watch

    @property
    def may(self) -> bool:
        """Whether this role has shifts at a desk."""
        return self._desk.actor.role in AT_A_DESK

    @property
    def mine(self) -> DeskShift | None:
        return self._watch.mine

    @property
    def forgotten(self) -> DeskShift | None:
        """My shift, when it was left open."""
        return self.mine if self.mine is not None and rules.is_forgotten(self.mine, self._watch.now) else None

    def usual_end(self) -> datetime:
        """When a shift that begins now would end."""
        return rules.usual_end(self._watch.now)

    # ---------------------------------------------------------------- shift

    def start(self, until: datetime | None = None) -> None:
        """Begin a shift at the own centre."""
        actor, end, key = self._desk.actor, until or self.usual_end(), new_id()
        place = actor.locality.lower() if actor.locality else None
        duty = self._desk.services.duty
        self._do(
            lambda: duty.start(key, place, end),
            lambda s: self._say(f"Shift started at {wording.clock_time(s.started_at)}.", lambda: self._end(s, "")),
        )

    def end(self, held: Callable[[Refused], object]) -> None:
        """End my shift; ``held`` is told when something that I hold has no word yet."""
        mine = self.mine
        if mine is not None:
            self._end(mine, "Shift ended at {0}.", held)

    def _end(self, shift: DeskShift, said: str, held: Callable[[Refused], object] | None = None) -> None:
        duty = self._desk.services.duty

        def failed(error: Exception) -> bool:
            if held is not None and isinstance(error, Refused):
                held(error)
                return True
            return False

        def done(over: DeskShift) -> None:
            at = wording.clock_time(over.ended_at)
            words = said.format(at) if said else "The shift is taken back: it ends where it began."
            self._say(words, (lambda: self._reopen(over)) if said else None)

        self._do(lambda: duty.end(shift.id, shift.revision), done, failed)

    def _reopen(self, shift: DeskShift) -> None:
        again = NewCorrection(new_id(), shift.id, shift.started_at, None, "Ended by mistake")
        self._do(lambda: self._desk.services.duty.correct(again), lambda _s: self._say("Your shift goes on."))

    def left_at(self, when: time) -> None:
        """The shift that was never ended was over at that time."""
        shift = self.forgotten
        if shift is None:
            return
        moment = rules.moment_before(self._watch.now, when, shift.started_at)
        duty = self._desk.services.duty
        self._do(
            lambda: duty.left_at(shift, moment, "Not ended at the time"),
            lambda s: self._say(f"That shift is over: it ended at {wording.day_time(s.ended_at)}."),
        )

    # ---------------------------------------------------------------- break

    def take_break(self, until: datetime | None = None, cover: UserName | None = None) -> None:
        """Begin a break, of the usual length unless said otherwise."""
        mine, key = self.mine, new_id()
        if mine is None:
            return
        back = until or (self._watch.now + norms().break_length)
        duty = self._desk.services.duty
        self._do(
            lambda: duty.take_break(key, mine.id, back, cover),
            lambda s: self._say(f"On a break until {wording.clock_time(back)}.", lambda: self._back(s, key)),
        )

    def back(self) -> None:
        """Back at the desk."""
        mine = self.mine
        if mine is not None and mine.on_break is not None:
            self._back(mine, mine.on_break.id)

    def _back(self, shift: DeskShift, key: UUID) -> None:
        pause = next((b for b in shift.breaks if b.id == key), None)
        if pause is None:
            return
        duty = self._desk.services.duty
        self._do(
            lambda: duty.end_break(shift.id, key, pause.revision),
            lambda _s: self._say("Back at the desk."),
        )

    def toggle_break(self) -> None:
        """One key for going and coming back."""
        if self.mine is not None and self.mine.on_break is not None:
            self.back()
        else:
            self.take_break()

    # ---------------------------------------------------------------- inside

    def _do(
        self,
        call: Callable[[], DeskShift],
        ok: Callable[[Any], object],
        failed: Callable[[Exception], bool] | None = None,
    ) -> None:
        def done(shift: DeskShift) -> None:
            self._watch.refresh()
            ok(shift)

        def went_wrong(error: Exception) -> bool:
            self._watch.refresh()
            return failed(error) if failed is not None else False

        self._desk.tasks.run(self, call, done, went_wrong)

    def _say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        self._desk.notices.say(words, undo=undo)


def at(moment: datetime) -> time:
    """The time of day on the centre's clock."""
    return moment.astimezone(LONDON).time().replace(second=0, microsecond=0, tzinfo=None)
