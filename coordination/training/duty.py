"""Who is at the desks of the training city, and a handover that waits to be accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from coordination.clock import at_local, local_date
from coordination.training.batches import Batch, Pile, later
from coordination.training.chance import Chance
from coordination.training.queue import TrainingReferral
from coordination.training.users import TRAINING_USERS

LEAVER = "declan.coordinator"  # has just left; whoever is next in North finds the handover
ON_BREAK = "siobhan.coordinator"
FORGOT = "bethan.coordinator"  # never ended the last shift
AT_WORK = ("grace.placement", "moira.reablement", "yusuf.coordinator", ON_BREAK, "kwame.placement", "wei.coordinator")
NOTE = (
    "Quiet since two. The ward sister on F7 rings again before tea about the transfer; the number is on the contact.\n"
    "The lift at Harpurhey is out of order until tomorrow: no step-free viewing there."
)
LINES = (
    "Daughter rings back, she has the keys.",
    "Waiting for the GP's letter; practice promised it today.",
    "Do not leave a message on the telephone.",
)
MOST = 9


class Duty:
    """Made from what the colleagues hold: the handover is about their own referrals."""

    def __init__(self, chance: Chance, now: datetime) -> None:
        self._chance, self._now = chance, now
        self._shifts = Pile(
            "desk_shift", "id user_name locality started_at planned_end ended_at ended_how ended_by"
        )  # fmt: skip
        self._breaks = Pile("desk_break", "id shift_id user_name started_at planned_end ended_at cover")
        self._handovers = Pile("handover", "id shift_id from_user signed_by signed_at to_user locality note")
        self._items = Pile("handover_item", "id handover_id position kind subject_id person_id choice line seen state")
        self._places = {user.user_name: user.locality for user in TRAINING_USERS}

    def batches(self, referrals: Sequence[TrainingReferral]) -> Iterator[Batch]:
        """Shifts, breaks, the handover and its lines."""
        for user in AT_WORK:
            shift = self._shift(user, self._chance.between(60, 300))
            if user == ON_BREAK:
                began = later(self._now, -12)
                row = (self._chance.id(), shift, user, began, later(began, 30), None, "yusuf.coordinator")
                self._breaks.add(*row)
        yesterday = at_local(local_date(self._now) - timedelta(days=1), 8)
        end = yesterday + timedelta(hours=10)
        self._shifts.add(self._chance.id(), FORGOT, self._places[FORGOT], yesterday, end, None, None, None)
        self._handover([r for r in referrals if r.holder == LEAVER and r.state in ("claimed", "accepted")])
        for pile in (self._shifts, self._breaks, self._handovers, self._items):
            yield pile.take()

    def _shift(self, user: str, minutes_ago: int, ended: datetime | None = None) -> str:
        began = later(self._now, -minutes_ago)
        key = self._chance.id()
        how = ("signed_off", user) if ended else (None, None)
        self._shifts.add(key, user, self._places[user], began, began + timedelta(hours=10), ended, *how)
        return key

    def _handover(self, held: Sequence[TrainingReferral]) -> None:
        signed = later(self._now, -18)
        shift = self._shift(LEAVER, 540, ended=later(signed, 2))
        key = self._chance.id()
        self._handovers.add(key, shift, LEAVER, LEAVER, signed, None, self._places[LEAVER], NOTE)
        soon = sorted(held, key=lambda r: (r.due, r.id))
        for position, referral in enumerate(soon):
            goes = position < MOST and referral.due < self._now + timedelta(hours=14)
            line = LINES[position] if goes and position < len(LINES) else ""
            choice, state = ("next", "offered") if goes else ("stays", "stays")
            self._items.add(
                self._chance.id(), key, position, "referral", referral.id, referral.resident.id, choice, line, 1, state
            )
