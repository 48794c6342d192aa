"""With whom a person shares, as it was agreed with them (R2), and what a team would see of their record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.errors import BadValue, BadValues
from coordination.people.model import SHARING_LEVELS, SharingLevel
from coordination.values import PersonId, TeamId, UserName

How = Literal["in_person", "phone", "representative", "best_interests", "taken_back"]
HOWS: tuple[How, ...] = ("in_person", "phone", "representative", "best_interests")
"""the ways to agree; ``taken_back`` is what an undo writes down"""
Authority = Literal["", "lasting_power", "deputy", "parent"]
AUTHORITIES: tuple[Authority, ...] = ("lasting_power", "deputy", "parent")
Seen = Literal["seen", "part", "kept_back", "unknown"]

MAY_CHANGE = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead", "ig_lead"})
LEAST_REASON, MOST_REASON, MOST_NAME = 10, 2000, 200


@dataclass(frozen=True, slots=True)
class TeamName:
    """A team that can be named."""

    id: TeamId
    name: str
    locality: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement, kept for good. ``was_…`` is what it changed; ``gained``: it opened the record further to whoever
    wrote it down."""

    id: UUID
    level: SharingLevel
    teams: tuple[TeamId, ...]
    was_level: SharingLevel
    was_teams: tuple[TeamId, ...]
    agreed_on: date
    how: How
    authority: Authority
    representative: str
    reason: str
    takes_back: UUID | None
    gained: bool
    recorded_at: datetime
    recorded_by: UserName
    recorded_by_name: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """How it stands, how that came about (newest first), and the teams there are, in order of name."""

    person_id: PersonId
    level: SharingLevel
    teams: tuple[TeamId, ...]
    history: tuple[Agreement, ...]
    all_teams: tuple[TeamName, ...]

    @property
    def latest(self) -> UUID | None:
        """The agreement that a change follows."""
        return self.history[0].id if self.history else None

    @property
    def stands_otherwise(self) -> bool:
        """The last agreement is not what is in force: two records were merged, or parted."""
        last = self.history[0] if self.history else None
        return last is not None and (last.level, set(last.teams)) != (self.level, set(self.teams))


@dataclass(frozen=True, slots=True)
class SharingDraft:
    """What was agreed, as typed. ``teams``: those named; with a summary, those that see everything all the same."""

    level: str
    teams: tuple[TeamId, ...] = ()
    agreed_on: date | None = None
    how: str = ""
    authority: str = ""
    representative: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One table of the record, as somebody of a team and role would have it: now, and at each level. ``there``: how
    many rows there are; None where this desk does not see them all."""

    table: str
    there: int | None
    as_it_is: Seen
    everything: Seen
    summary: Seen
    named_teams: Seen

    def at(self, level: str) -> Seen:
        """``level``: a sharing level, or "" for as it is."""
        return {"everything": self.everything, "summary": self.summary, "named_teams": self.named_teams}.get(
            level, self.as_it_is
        )


def check(draft: SharingDraft, today: date) -> SharingDraft:
    """What may be written down. Raises BadValues by field."""
    teams = () if draft.level == "everything" else tuple(dict.fromkeys(draft.teams))
    by_representative = draft.how == "representative"
    made = SharingDraft(
        draft.level, teams, draft.agreed_on or today, draft.how, draft.authority if by_representative else "",
        draft.representative.strip() if by_representative else "", draft.reason.strip(),
    )  # fmt: skip
    problems = []
    if made.level not in SHARING_LEVELS:
        problems.append(BadValue("level", "missing"))
    if made.level == "named_teams" and not teams:
        problems.append(BadValue("teams", "sharing_names_no_team"))
    if made.agreed_on is not None and made.agreed_on > today:
        problems.append(BadValue("agreed_on", "sharing_still_to_come"))
    if made.how not in HOWS:
        problems.append(BadValue("how", "missing"))
    if by_representative:
        if made.authority not in AUTHORITIES:
            problems.append(BadValue("authority", "missing"))
        if not made.representative:
            problems.append(BadValue("representative", "missing"))
        elif len(made.representative) > MOST_NAME:
            problems.append(BadValue("representative", "too_long"))
    if made.how == "best_interests" and len(made.reason) < LEAST_REASON:
        problems.append(BadValue("reason", "missing" if not made.reason else "sharing_reason_too_short"))
    if len(made.reason) > MOST_REASON:
        problems.append(BadValue("reason", "too_long"))
    if problems:
        raise BadValues(tuple(problems))
    return made
