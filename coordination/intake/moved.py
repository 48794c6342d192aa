"""What a move did to referrals, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from coordination.intake.model import Referral, ReferralEvent
from coordination.values import ReferralId

Move = Literal[
    "claim", "release", "hand_over", "take_over", "accept", "decline", "close", "reopen", "triage", "transfer",
    "respond", "assessed", "moft", "pause", "resume", "ask", "answer", "stop_asking", "say_whose",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undo:
    """How to take a move back: a compensating call, guarded by the revision that the move left behind.

    ``thing``: the pause or the request that it was about, or the contact that learnt whose it is. ``also``: what the
    same move did to other referrals.
    """

    move: Move
    before: Referral
    revision: int
    thing: UUID | None = None
    also: tuple[Undo, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A referral after a move, and the way back."""

    referral: Referral
    undo: Undo


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """One of many that was not moved: somebody changed it first. As it stands now, None when it is not there."""

    id: ReferralId
    current: Referral | None
    last: ReferralEvent | None = None


@dataclass(frozen=True, slots=True)
class BulkMoved:
    """What a bulk hand-over did, row by row, and the way back of all that went."""

    moved: tuple[Moved, ...]
    left: tuple[LeftBehind, ...]

    @property
    def undo(self) -> tuple[Undo, ...]:
        return tuple(each.undo for each in self.moved)
