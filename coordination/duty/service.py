"""Use cases of the shift at the desk: start, break, end, put right. Its handovers are in ``handing.py``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.duty import handing, rules
from coordination.duty.model import (
    Answered,
    Break,
    Correction,
    DeskShift,
    Handover,
    HandoverDraft,
    HandoverSheet,
    NewCorrection,
    OnDuty,
    Outstanding,
    Wanted,
)
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    NotAllowed,
    NotFound,
    Refused,
    obstacle,
)
from coordination.values import UserName, new_id

if TYPE_CHECKING:
    from coordination.work import Begin, Work

_BACK = timedelta(days=8)


class Duty:
    """Shifts at the desk and handovers. Times are the server's; moves take the revision that the screen *saw*."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ---------------------------------------------------------------- who is there

    def on_duty(self) -> OnDuty:
        """Everybody at a desk now, breaks too, and the handovers that nobody has accepted."""
        with self._begin() as work:
            return work.duty.on_duty()

    def recent(self, user: UserName | None = None, *, everybody: bool = False) -> list[DeskShift]:
        """Shifts of the last days, latest first: one's own, a colleague's, or everybody's."""
        with self._begin() as work:
            who = None if everybody else user or work.actor.user_name
            return work.duty.shifts(who, work.now - _BACK)

    def corrections(self, shift_id: UUID) -> list[Correction]:
        """What was put right of a shift, in order."""
        with self._begin() as work:
            return work.duty.corrections(shift_id)

    # ---------------------------------------------------------------- shift and break

    def start(self, shift_id: UUID, locality: str | None, planned_end: datetime) -> DeskShift:
        """Begin a shift, now. Sent twice it begins once. Raises BadValues (planned_end); Refused('start_shift', …)
        with ``shift_open`` (since, until) while another of mine is open."""
        with _explained("start_shift"), self._begin() as work:
            before = work.duty.open_shift(work.actor.user_name)
            if before is not None and before.id != shift_id:
                raise _still_open(before)
            rules.check_planned_end(work.now, planned_end)
            work.duty.start(shift_id, locality, planned_end)
            return _need(work, shift_id)

    def plan_until(self, shift_id: UUID, seen: int, planned_end: datetime) -> DeskShift:
        """Another planned end of my open shift. Raises BadValues (planned_end), Conflict, NotFound."""
        with self._begin() as work:
            shift = _mine(work, shift_id)
            rules.check_planned_end(shift.started_at, planned_end)
            return _changed(work, shift, seen, {"planned_end": planned_end})

    def end(self, shift_id: UUID, seen: int) -> DeskShift:
        """End my shift, now; a break that runs ends with it. Raises Refused('end_shift', …) with ``still_held``
        (count) while I hold referrals of which no handover says what becomes of them; Conflict; NotFound."""
        try:
            with self._begin() as work:
                shift = _mine(work, shift_id)
                if shift.ended_at is not None:
                    return shift
                return _changed(work, shift, seen, {"ended_at": work.now})
        except BrokenRule as error:
            if error.constraint != "desk_shift_end_needs_handover":
                raise
            raise Refused("end_shift", (obstacle("still_held", count=self._held()),)) from error

    def _held(self) -> int:
        with self._begin() as work:
            mine = work.duty.outstanding(work.actor.user_name, None, rules.MOST_ITEMS)
            return sum(item.kind == "concern" or item.state in rules.QUEUE_STATES for item in mine)

    def take_break(self, break_id: UUID, shift_id: UUID, until: datetime, cover: UserName | None = None) -> DeskShift:
        """Begin a break, now, until a time that colleagues read; ``cover`` looks after what I hold meanwhile.

        Raises BadValues (until, cover); Refused('take_break', …) with ``on_break`` or ``no_shift``.
        """
        with _explained("take_break"), self._begin() as work:
            shift = _mine(work, shift_id)
            running = shift.on_break
            if running is not None:
                if running.id == break_id:
                    return shift
                raise Refused("take_break", (obstacle("on_break", since=running.started_at),))
            if not shift.is_open:
                raise Refused("take_break", (obstacle("no_shift"),))
            _check_break(work, until, cover)
            work.duty.start_break(break_id, shift_id, until, cover)
            return _need(work, shift_id)

    def end_break(self, shift_id: UUID, break_id: UUID, seen: int) -> DeskShift:
        """Back at the desk. A break that has ended already stays as it is. Raises Conflict, NotFound."""
        with self._begin() as work:
            shift = _mine(work, shift_id)
            pause = _break(shift, break_id)
            if pause.ended_at is None and not work.duty.change_break(break_id, seen, {"ended_at": work.now}):
                raise Conflict("duty", str(break_id), seen, _need(work, shift_id))
            return _need(work, shift_id)

    # ---------------------------------------------------------------- putting right

    def correct(self, correction: NewCorrection) -> DeskShift:
        """Other times for a shift or a break, with the reason, which is kept. One's own, or those of a desk that one
        answers for (team lead, manager): so somebody else's open shift is ended too, and marked as such.

        Raises BadValues (started_at, ended_at, reason), NotAllowed('desk_shift_is_anothers'), Refused('correct_shift',
        …) with ``overlaps_another``, ``break_outside`` or ``shift_open_elsewhere``; NotFound.
        """
        with _explained("correct_shift"), self._begin() as work:
            shift = _need(work, correction.shift_id)
            around = () if correction.break_id else shift.breaks
            reason = rules.check_times(correction.started_at, correction.ended_at, correction.reason, work.now, around)
            work.duty.correct(replace(correction, reason=reason))
            return _need(work, shift.id)

    def left_at(self, shift: DeskShift, when: datetime, reason: str) -> DeskShift:
        """A shift that was never ended, ended afterwards: "you did not end yesterday's shift: when did you leave?"."""
        return self.correct(NewCorrection(new_id(), shift.id, shift.started_at, when, reason))

    # ---------------------------------------------------------------- handover

    def outstanding(self, user: UserName | None = None, *, locality: str | None = None) -> list[Outstanding]:
        """Everything not done: mine, a colleague's, or (``locality``: a code, or "" for the city) of everybody there.

        In the order of the screen. At most ``rules.MOST_ITEMS``.
        """
        with self._begin() as work:
            who = None if locality is not None else user or work.actor.user_name
            found = work.duty.outstanding(who, locality or None, rules.MOST_ITEMS)
            return rules.in_order(found, work.now)

    def sign(self, draft: HandoverDraft) -> HandoverSheet:
        """Sign a handover: the login and the server's time are the signature, and it stays as it is from then on.

        What goes back to the queue goes now; what goes to the next stays with its holder until it is accepted.
        Sent twice it is signed once. Raises BadValues; Conflict (with the present referral) where something changed
        since the screen was read; Refused('sign_handover', …) with ``offered_already`` or ``not_held``;
        NotAllowed('handover_is_anothers').
        """
        with _explained("sign_handover"), self._begin() as work:
            return handing.sign(work, draft)

    def handover(self, handover_id: UUID) -> HandoverSheet:
        """Raises NotFound."""
        with self._begin() as work:
            return handing.sheet(work, handover_id)

    def handovers(self) -> list[Handover]:
        """Open ones, and those of the last days that I signed, got or took; latest first."""
        with self._begin() as work:
            return work.duty.handovers(work.actor.user_name, work.now - _BACK)

    def accept(self, handover_id: UUID, wanted: tuple[Wanted, ...]) -> Answered:
        """Take items: from now on they are mine, all in one transaction. None: the note is read, and nothing is left.

        Whoever it was for may be another: it is taken then. What changed since the screen was read is left and named.
        Raises Refused('accept_handover', …) with ``handover_over`` (state, by) or ``own_handover``; NotFound.
        """
        with self._begin() as work:
            return handing.accept(work, handover_id, wanted)

    def return_item(self, handover_id: UUID, item_id: UUID, reason: str) -> HandoverSheet:
        """Not taken: it stays with whom it is from, who reads why. Raises BadValues (reason), Refused as accept."""
        with self._begin() as work:
            return handing.return_item(work, handover_id, item_id, reason)

    def withdraw(self, handover_id: UUID) -> HandoverSheet:
        """Take back what nobody has accepted yet; what went to the queue stays there. By the signer, whose work it is,
        or whoever answers for the desk. Raises Refused('withdraw_handover', …) with ``handover_over``; NotAllowed."""
        with self._begin() as work:
            return handing.withdraw(work, handover_id)

    def hand_back(self, handover_id: UUID, items: tuple[UUID, ...], reason: str) -> HandoverSheet:
        """Give accepted items back to whom they came from, as far as they are still mine and open.

        Raises BadValues (reason), Refused('hand_back', …) with ``not_held``.
        """
        with self._begin() as work:
            return handing.hand_back(work, handover_id, items, reason)


# What the database found in the way although the service had looked: another desk was first.
_RULES = {
    "start_shift": {"desk_shift_one_open": "shift_open_elsewhere", "desk_shift_never_two": "shift_open_elsewhere"},
    "take_break": {
        "desk_break_one_open": "on_break_elsewhere",
        "desk_break_never_two": "on_break_elsewhere",
        "desk_break_within_shift": "no_shift",
    },
    "correct_shift": {
        "desk_shift_never_two": "overlaps_another",
        "desk_break_never_two": "overlaps_another",
        "desk_break_within_shift": "break_outside",
        "desk_shift_one_open": "shift_open_elsewhere",
    },
    "sign_handover": {"handover_item_offered_once": "offered_already", "handover_item_is_theirs": "not_held"},
}


@contextmanager
def _explained(action: str) -> Iterator[None]:
    """A constraint that this action may meet, as what is in the way. Outside of the transaction, which is over then."""
    try:
        yield
    except (BrokenRule, AlreadyExists) as error:
        code = _RULES[action].get(error.constraint)
        if code is None:
            raise
        raise Refused(action, (obstacle(code),)) from error


def _need(work: Work, shift_id: UUID) -> DeskShift:
    shift = work.duty.shift(shift_id)
    if shift is None:
        raise NotFound("duty", str(shift_id))
    return shift


def _mine(work: Work, shift_id: UUID) -> DeskShift:
    shift = _need(work, shift_id)
    if shift.user != work.actor.user_name:
        raise NotAllowed("desk_shift_is_anothers")
    return shift


def _break(shift: DeskShift, break_id: UUID) -> Break:
    found = next((b for b in shift.breaks if b.id == break_id), None)
    if found is None:
        raise NotFound("duty", str(break_id))
    return found


def _changed(work: Work, shift: DeskShift, seen: int, changes: dict[str, object]) -> DeskShift:
    if not work.duty.change_shift(shift.id, seen, changes):
        raise Conflict("duty", str(shift.id), seen, _need(work, shift.id))
    return _need(work, shift.id)


def _still_open(shift: DeskShift) -> Refused:
    return Refused("start_shift", (obstacle("shift_open", since=shift.started_at, until=shift.planned_end),))


def _check_break(work: Work, until: datetime, cover: UserName | None) -> None:
    problems = []
    if until <= work.now:
        problems.append(BadValue("until", "in_the_past"))
    elif until - work.now > timedelta(hours=4):
        problems.append(BadValue("until", "break_too_long"))
    if cover == work.actor.user_name:
        problems.append(BadValue("cover", "covers_self"))
    elif cover is not None and all(a.user_name != cover for a in work.governance.accounts()):
        problems.append(BadValue("cover", "unknown_colleague"))
    if problems:
        raise BadValues(tuple(problems))
