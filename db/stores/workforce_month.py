"""A team's month: who works how long on which day, who is away, and what is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import Range

from coordination.clock import at_local, local_date
from coordination.deployment.model import Shift, Team
from coordination.deployment.suggest import free_time
from coordination.errors import NotFound
from coordination.values import TeamId, Window, WorkerId
from coordination.workforce.model import AbsenceKind, Month, MonthRow
from db.stores.deployment_rows import window_of
from db.tables.deployment import shift, visit, worker
from db.tables.reference import team


def read_month(connection: Connection, team_id: TeamId, days: Sequence[date]) -> Month:
    """Four queries. Raises NotFound('team', …)."""
    about = connection.execute(select(team).where(team.c.id == team_id)).one_or_none()
    if about is None:
        raise NotFound("team", str(team_id))
    workers = connection.execute(
        select(worker.c.id, worker.c.name, worker.c.contracted_minutes)
        .where(worker.c.team_id == team_id, worker.c.active)
        .order_by(worker.c.name, worker.c.id)
    ).all()
    reach = Range(at_local(days[0], 0), at_local(days[-1] + timedelta(days=1), 24))
    shifts: dict[int, list[Shift]] = defaultdict(list)
    for s in connection.execute(
        select(shift.c.worker_id, shift.c.kind, shift.c.period)
        .where(shift.c.worker_id.in_([w.id for w in workers]), shift.c.period.overlaps(reach))
        .order_by(func.lower(shift.c.period), shift.c.id)
    ):
        shifts[s.worker_id].append(Shift(s.kind, window_of(s.period)))
    v = visit.c
    asked = connection.execute(
        select(v.day, func.sum(v.minutes * v.workers_needed).label("minutes"))
        .where(v.team_id == team_id, v.day >= days[0], v.day <= days[-1], v.state.not_in(("cancelled", "moved")))
        .group_by(v.day)
    )
    rows = tuple(
        MonthRow(WorkerId(w.id), w.name, w.contracted_minutes, *_of_worker(shifts[w.id], days)) for w in workers
    )
    of_team = Team(team_id, about.name, about.service, about.locality, about.phone or "")
    return Month(of_team, days[0], len(days), rows, {r.day: int(r.minutes) for r in asked})


def _of_worker(shifts: Sequence[Shift], days: Sequence[date]) -> tuple[dict[date, int], dict[date, AbsenceKind]]:
    """Minutes at work on the day on which they begin, less absence; and what keeps them away on whole days."""
    gone = [s for s in shifts if s.kind != "work"]
    minutes: dict[date, int] = {}
    for s in shifts:
        if s.kind == "work" and (day := local_date(s.window.start)) in days:
            left = sum(w.minutes for w in free_time([s.window], (a.window for a in gone)))
            minutes[day] = minutes.get(day, 0) + left
    away: dict[date, AbsenceKind] = {}
    for day in days:
        whole = Window(at_local(day, 0), at_local(day, 24))
        kinds = {s.kind for s in gone if s.window.overlaps(whole)}
        if kinds:
            away[day] = "sickness" if "sickness" in kinds else "leave"
    return minutes, away
