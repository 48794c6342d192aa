"""One worker with everything that their lead looks after, in three queries."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import Range

from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.errors import NotFound
from coordination.values import TeamId, Window, WorkerId
from coordination.workforce.model import (
    Absence,
    Assignment,
    RotaException,
    WorkerSheet,
    WorkShift,
)
from db.stores.deployment_rows import shift_columns, window_of, worker_columns
from db.stores.workforce_rows import (
    day_of,
    head_of,
    json_rows,
    people_json,
    people_of,
    rota_columns,
    rota_of,
    skills_json,
    skills_of,
)
from db.tables.deployment import shift, skill, worker
from db.tables.governance import user_account
from db.tables.reference import neighbourhood, team
from db.tables.workforce import rota, rota_exception, worker_rota


def read_sheet(connection: Connection, worker_id: WorkerId, reach: Window, *, reasons: bool) -> WorkerSheet:
    """Raises NotFound('worker', …)."""
    row = connection.execute(_about(worker_id, reach, reasons=reasons)).one_or_none()
    if row is None:
        raise NotFound("worker", str(worker_id))
    shifts = connection.execute(_shifts(worker_id, reach)).all()
    rotas = connection.execute(select(*rota_columns()).where(rota.c.team_id == row.team_id).order_by(rota.c.name))
    return WorkerSheet(
        head=head_of(row),
        team=Team(TeamId(row.team_id), row.team_name, row.service, row.locality, row.phone or ""),
        skills=skills_of(row.skills),
        people=people_of(row.people),
        assignments=tuple(_assignment(worker_id, a) for a in row.assignments or ()),
        exceptions=tuple(_exception(worker_id, e) for e in row.exceptions or ()),
        absences=tuple(absence_of(s) for s in shifts if s.kind != "work"),
        shifts=tuple(work_of(s) for s in shifts if s.kind == "work"),
        rotas=tuple(rota_of(r) for r in rotas),
        skills_known=dict(row.all_skills or ()),
        neighbourhoods_known={int(n): name for n, name in row.all_near or ()},
        read_at=row.read_at.astimezone(UTC),
    )


def _about(worker_id: WorkerId, reach: Window, *, reasons: bool) -> Any:
    r, e, n = worker_rota.c, rota_exception.c, neighbourhood.c
    days = (r.id, r.rota_id, func.lower(r.days), func.upper(r.days), r.week_offset, r.revision)
    assignments = select(json_rows([func.lower(r.days)], *days)).where(r.worker_id == worker_id)
    facts = (e.id, e.day, e.kind, e.starts, e.ends, e.note, e.revision)
    exceptions = select(json_rows([e.day, e.kind, e.starts], *facts)).where(
        e.worker_id == worker_id, e.day >= local_date(reach.start)
    )
    skills = select(json_rows([skill.c.name], skill.c.code, skill.c.name))
    near = select(json_rows([n.id], n.id, n.name))
    return (
        select(
            *worker_columns(), team.c.name.label("team_name"), team.c.service, team.c.locality, team.c.phone,
            skills_json(), people_json(reasons), assignments.scalar_subquery().label("assignments"),
            exceptions.scalar_subquery().label("exceptions"), skills.scalar_subquery().label("all_skills"),
            near.scalar_subquery().label("all_near"), func.now().label("read_at"),
        )
        .join(team, team.c.id == worker.c.team_id)
        .where(worker.c.id == worker_id)
    )  # fmt: skip


def _shifts(worker_id: WorkerId, reach: Window) -> Any:
    """Work that touches ``reach``; absence that does, and all that is still to come."""
    touches = shift.c.period.overlaps(Range(reach.start, reach.end))
    to_come = (shift.c.kind != "work") & (func.upper(shift.c.period) > reach.start)
    by = func.coalesce(user_account.c.display_name, shift.c.recorded_by).label("by_name")
    return (
        select(*shift_columns(), by)
        .outerjoin(user_account, user_account.c.user_name == shift.c.recorded_by)
        .where(shift.c.worker_id == worker_id, touches | to_come)
        .order_by(func.lower(shift.c.period), shift.c.id)
    )


def work_of(r: Row[Any]) -> WorkShift:
    return WorkShift(r.id, WorkerId(r.worker_id), window_of(r.period), r.rota_day, r.revision)


def absence_of(r: Row[Any]) -> Absence:
    at, by = r.recorded_at.astimezone(UTC), r.by_name
    return Absence(r.id, WorkerId(r.worker_id), r.kind, r.category, window_of(r.period), by, at, r.revision)


def _assignment(worker_id: WorkerId, a: list[Any]) -> Assignment:
    key, to, start, end, offset, revision = a
    first = day_of(start)
    assert first is not None
    return Assignment(UUID(key), worker_id, UUID(to), first, day_of(end), offset, revision)


def _exception(worker_id: WorkerId, e: list[Any]) -> RotaException:
    key, day, kind, starts, ends, note, revision = e
    on = day_of(day)
    assert on is not None
    return RotaException(UUID(key), worker_id, on, kind, starts, ends, note, revision)
