"""Relied on (A4): who has a signed assessment, what they make of it, and how often people are asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType, Protocol
from uuid import UUID

from coordination.assessment.trust import too_long
from coordination.errors import BadValue, BadValues
from coordination.values import AssessmentId, PersonId, TeamId, UserName

ReceiptId = NewType("ReceiptId", UUID)
PointId = NewType("PointId", UUID)

ReceiptState = Literal["waiting", "accepted", "asked", "challenged", "upheld"]
How = Literal["referral", "by_hand", "correction"]
PointKind = Literal["more", "challenge"]
Outcome = Literal["answered", "taken_back", "upheld", "withdrawn", "corrected"]
Side = Literal["receiving", "assessing"]

# The legal moves; the database holds the same list. Back from accepted is the undo of accepting, out of asked and
# challenged the answer, or its being taken back.
MOVES: Mapping[ReceiptState, tuple[ReceiptState, ...]] = {
    "waiting": ("accepted", "asked", "challenged"),
    "accepted": ("waiting", "asked", "challenged"),
    "asked": ("waiting", "accepted"),
    "challenged": ("waiting", "accepted", "upheld"),
    "upheld": ("challenged",),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One named thing more, or a challenge with its reason; and what the assessing side says to it, signed.

    ``question``: the id of a question of the form, '' when it is none of them. ``outcome`` None: it is open.
    """

    id: PointId
    kind: PointKind
    question: str
    words: str = field(repr=False)
    why: str = field(repr=False)
    due_on: date | None
    raised_at: datetime
    raised_by_name: str
    reply: str = field(repr=False)
    reply_at: datetime | None
    reply_by_name: str
    outcome: Outcome | None
    outcome_words: str = field(repr=False)
    settled_at: datetime | None
    settled_by: UserName | None
    settled_by_name: str
    revision: int

    @property
    def is_open(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed assessment at one team. ``superseded_by``: a correction that has been signed since.

    ``mine``: this login acts for the team. ``ours``: it stands on the assessing side.
    """

    id: ReceiptId
    assessment: AssessmentId
    person: PersonId
    team: TeamId
    team_name: str
    how: How
    note: str = field(repr=False)
    state: ReceiptState
    since: datetime
    by_name: str
    sent_at: datetime
    sent_by: UserName
    sent_by_name: str
    follows_state: ReceiptState | None
    superseded_by: AssessmentId | None
    contact_name: str
    points: tuple[Point, ...]
    mine: bool
    ours: bool
    revision: int

    @property
    def open_point(self) -> Point | None:
        return next((p for p in self.points if p.is_open), None)

    @property
    def answered(self) -> bool:
        """It waits again, because what was asked has been answered."""
        return self.state == "waiting" and bool(self.points) and self.points[-1].outcome == "answered"

    def may(self, wanted: Literal["accept", "ask", "challenge", "take_back", "reply", "uphold", "reopen"]) -> bool:
        """What this login can do with it now."""
        point = self.open_point
        if self.superseded_by is not None:
            return False
        match wanted:
            case "accept":
                return self.mine and self.state == "waiting"
            case "ask" | "challenge":
                return self.mine and self.state in ("waiting", "accepted")
            case "take_back":
                return self.mine and (point is not None or self.state == "accepted")
            case "reply":
                return self.ours and point is not None and not point.reply
            case "uphold":
                return self.ours and point is not None and point.kind == "challenge"
            case "reopen":
                return self.ours and self.state == "upheld"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One line of a worklist. ``point_words`` and what belongs to it are of the open point, if there is
    one, or of the challenge that was upheld."""

    id: ReceiptId
    assessment: AssessmentId
    person: PersonId
    title: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)
    form_title: str
    signed_by_name: str
    signed_at: datetime
    from_team: str
    team: TeamId
    team_name: str
    how: How
    state: ReceiptState
    since: datetime
    sent_at: datetime
    answered: bool
    correction: bool
    point: PointId | None
    point_kind: PointKind | None
    point_words: str = field(repr=False)
    point_due: date | None
    point_by_name: str
    point_replied: bool
    point_revision: int
    mine: bool
    ours: bool
    revision: int


@dataclass(frozen=True, slots=True)
class ReceiptFilter:
    """``receiving``: of the teams for which this login acts. ``assessing``: what this login signed, challenges to it as
    the contact of an agreement, and what colleagues who are no longer here signed under one of its agreements.
    ``waiting``: what is not settled, what waits for this side first; otherwise what is, the newest first."""

    side: Side = "receiving"
    waiting: bool = True
    team: TeamId | None = None
    limit: int = 300


@dataclass(frozen=True, slots=True)
class TeamName:
    id: TeamId
    name: str


@dataclass(frozen=True, slots=True)
class AskMore:
    """One named thing more: a question of the form or something in words, why, and by when."""

    question: str
    words: str
    why: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ReaskRow:
    """What one team sent to another, and how often people were asked again. ``from_team`` None: signed in no team.

    A pair counts once, whatever of it happened; ``decided`` leaves out what still waits and was not asked again.
    """

    from_team: TeamId | None
    from_name: str
    to_team: TeamId
    to_name: str
    sent: int
    waiting: int
    accepted: int
    asked: int
    upheld: int
    repeated: int
    reasked: int
    decided: int

    @property
    def rate(self) -> float | None:
        """None while nothing is decided."""
        return self.reasked / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class ReaskCase:
    """One assessment at one team, behind a figure. ``repeat``: the other assessment in which it was asked again."""

    assessment: AssessmentId
    person: PersonId
    title: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)
    form_title: str
    signed_by_name: str
    signed_at: datetime
    state: ReceiptState | None
    asked: bool
    upheld: bool
    repeat: AssessmentId | None
    repeat_form: str
    repeat_at: datetime | None
    reasked: bool


def check_ask(ask: AskMore, today: date) -> None:
    """One thing, why, and by when. Raises BadValues (words, why, due_on)."""
    given = {"words": ask.words.strip(), "why": ask.why.strip(), "due_on": ask.due_on}
    problems = [BadValue(name, "required") for name, value in given.items() if not value]
    problems += too_long(ask, words=4000, why=2000)
    if ask.due_on is not None and ask.due_on < today:
        problems.append(BadValue("due_on", "in_the_past"))
    if problems:
        raise BadValues(tuple(problems))


def check_words(name: str, words: str, most: int) -> str:
    """Raises BadValue."""
    kept = words.strip()
    if not kept:
        raise BadValue(name, "required")
    if len(kept) > most:
        raise BadValue(name, "too_long")
    return kept


class ReceiptStore(Protocol):
    """Receipts and what is said in them."""

    def of_assessment(self, assessment: AssessmentId) -> list[Receipt]:
        """All of them, with their points: one query. Those of earlier versions stand with their own."""
        ...

    def get(self, receipt: ReceiptId) -> Receipt:
        """Raises NotFound('receipt', …)."""
        ...

    def rows(self, asked: ReceiptFilter) -> list[ReceiptRow]: ...
    def waiting(self) -> tuple[int, int]:
        """How many wait for the teams of this login, and how many for it as the assessing side. One query."""
        ...

    def teams(self, assessment: AssessmentId) -> list[TeamName]:
        """The teams to which it could be sent still."""
        ...

    def send(self, receipt: ReceiptId, assessment: AssessmentId, team: TeamId, note: str) -> bool:
        """False when the id is there already."""
        ...

    def unsend(self, receipt: ReceiptId) -> bool: ...
    def set_state(self, receipt: ReceiptId, seen: int, state: ReceiptState) -> bool: ...
    def raise_point(self, point: PointId, receipt: ReceiptId, seen: int, kind: PointKind, ask: AskMore) -> bool:
        """False when the id is there already."""
        ...

    def settle(
        self, point: PointId, seen: int, *, reply: str | None = None, outcome: Outcome | None = None, words: str = ""
    ) -> bool: ...
    def reopen(self, point: PointId, seen: int) -> bool: ...
    def reask_days(self) -> int: ...
    def reask(self, since: datetime) -> list[ReaskRow]: ...
    def reask_cases(self, from_team: TeamId | None, to_team: TeamId, since: datetime) -> list[ReaskCase]: ...
