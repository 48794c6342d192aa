"""Use cases of a published plan: publish a team's day, read it again, say what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.deployment.model import Board
from coordination.deployment.published import Changes, Edition, Published, changes_since, compare, words_of
from coordination.errors import AlreadyExists, BrokenRule, NotFound, Obstacle, Refused, obstacle
from coordination.values import TeamId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


@dataclass(frozen=True)
class Standing:
    """The board, the newest version (None: a draft that was never published) and what differs."""

    board: Board
    published: Published | None
    changes: Changes


class PublishedPlans:
    """Numbered, immutable versions of a team's day."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def publish(self, team: TeamId, day: date, *, seen: int, new_id: UUID) -> Published:
        """Publish the day as it stands, as version ``seen`` + 1. Sending it again with the same ``new_id`` is safe.

        Unplaced visits and warnings do not stop it. Raises Refused('publish', …): ``published_meanwhile`` (by, at,
        version, next) when somebody published another plan since ``seen``; ``published_nothing_changed`` (by, at,
        version); ``nothing_placed``; ``day_over``. NotFound for a team, NotAllowed for anybody but a team lead.
        """
        try:
            with self._begin() as work:
                board = _board(work, team, day)
                before = work.published.latest(team, day)
                if before is not None and before.edition.id == new_id:
                    return before
                if before is not None and not changes_since(board, before).all:
                    raise Refused("publish", (_told("published_nothing_changed", before.edition),))
                if before is None and not any(v.allocations for v in board.visits):
                    raise Refused("publish", (obstacle("nothing_placed", team=board.team.name),))
                version = work.published.publish(new_id, team, day, seen, {v.id: words_of(v) for v in board.visits})
                made = work.published.version(team, day, version)
                assert made is not None
                return made
        except AlreadyExists as error:
            raise Refused("publish", (self._who_was_first(team, day),)) from error
        except BrokenRule as error:
            if error.constraint != "published_day_is_not_over":
                raise
            raise Refused("publish", (obstacle("day_over", day=day),)) from error

    def published(self, team: TeamId, day: date) -> Published | None:
        """The newest version, or None when the day was never published."""
        with self._begin() as work:
            return work.published.latest(team, day)

    def versions(self, team: TeamId, day: date) -> Sequence[Edition]:
        """Every version of the day, the newest first."""
        with self._begin() as work:
            return work.published.editions(team, day)

    def compare(self, team: TeamId, day: date, older: int, newer: int) -> Changes:
        """What one version has that an older one had not. Raises NotFound for a version that there is not."""
        with self._begin() as work:
            return compare(_version(work, team, day, older), _version(work, team, day, newer))

    def since(self, team: TeamId, day: date, version: int | None = None) -> Standing:
        """The board against its newest version, or the one named. Raises NotFound."""
        with self._begin() as work:
            board = _board(work, team, day)
            found = _version(work, team, day, version) if version else work.published.latest(team, day)
            return Standing(board, found, changes_since(board, found) if found else Changes())

    def _who_was_first(self, team: TeamId, day: date) -> Obstacle:
        with self._begin() as work:
            found = work.published.latest(team, day)
            if found is None:
                raise NotFound("published", f"{team}/{day}")
            if not changes_since(_board(work, team, day), found).all:
                return _told("published_nothing_changed", found.edition)
            return _told("published_meanwhile", found.edition, next=found.version + 1)


def _told(code: str, edition: Edition, **more: object) -> Obstacle:
    return obstacle(code, by=edition.by_name, at=edition.at, version=edition.version, **more)


def _version(work: Work, team: TeamId, day: date, version: int) -> Published:
    found = work.published.version(team, day, version)
    if found is None:
        raise NotFound("published", f"{team}/{day}/{version}")
    return found


def _board(work: Work, team: TeamId, day: date) -> Board:
    found = work.deployment.board(team, day)
    if found is None:
        raise NotFound("team", str(team))
    return found
