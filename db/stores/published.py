"""Published days to records. What goes in goes through ``publish_day``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB

from coordination.deployment.published import Edition, Published, PublishedVisit
from coordination.names import listed
from coordination.values import TeamId, VisitId, WorkerId
from db.stores.deployment_rows import window_of
from db.tables.deployment import visit
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.published import published_day, published_visit


class PgPublishedStore:
    """Versions of a team's day."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, team: TeamId, day: date) -> Published | None:
        newest = select(func.max(published_day.c.version)).where(*_of(team, day)).scalar_subquery()
        return self._read(_whole().where(*_of(team, day), published_day.c.version == newest))

    def version(self, team: TeamId, day: date, version: int) -> Published | None:
        return self._read(_whole().where(*_of(team, day), published_day.c.version == version))

    def editions(self, team: TeamId, day: date) -> Sequence[Edition]:
        query = _heads().where(*_of(team, day)).order_by(published_day.c.version.desc())
        return [_edition(r) for r in self._connection.execute(query)]

    def publish(self, new_id: UUID, team: TeamId, day: date, seen: int, words: dict[VisitId, str]) -> int:
        call = text("select publish_day(:id, :team, :day, :seen, :words)").bindparams(
            id=new_id, team=team, day=day, seen=seen
        )
        said = {str(visit): digest for visit, digest in words.items()}
        made: int = self._connection.execute(call.bindparams(bindparam("words", said, JSONB))).scalar_one()
        return made

    def _read(self, query: Select[Any]) -> Published | None:
        rows = self._connection.execute(query).all()
        if not rows:
            return None
        visits = (
            PublishedVisit(
                VisitId(r.visit_id),
                WorkerId(r.worker_id),
                r.slot,
                window_of(r.period),
                r.words,
                listed(r.surname, r.given, r.title),
                r.state,
            )
            for r in rows
            if r.visit_id is not None
        )
        return Published(_edition(rows[0]), tuple(visits))


def _of(team: TeamId, day: date) -> tuple[Any, ...]:
    return published_day.c.team_id == team, published_day.c.day == day


def _heads() -> Select[Any]:
    return select(*published_day.c, user_account.c.display_name).join(
        user_account, user_account.c.user_name == published_day.c.published_by
    )


def _whole() -> Select[Any]:
    """A head with its rows in one go; a head alone when there are none."""
    row = published_visit.c
    return (
        select(
            *(*published_day.c, user_account.c.display_name),
            *(row.visit_id, row.worker_id, row.slot, row.period, row.words),
            *(visit.c.state, person.c.surname, person.c.given, person.c.title),
        )
        .join(user_account, user_account.c.user_name == published_day.c.published_by)
        .outerjoin(published_visit, row.published_id == published_day.c.id)
        .outerjoin(visit, visit.c.id == row.visit_id)
        .outerjoin(person, person.c.id == visit.c.person_id)
        .order_by(row.visit_id, row.slot)
    )


def _edition(r: Row[Any]) -> Edition:
    return Edition(
        r.id,
        TeamId(r.team_id),
        r.day,
        r.version,
        r.published_by,
        r.display_name,
        r.published_at.astimezone(UTC),
        r.unplaced,
    )
