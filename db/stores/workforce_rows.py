"""Parts of queries about workers, and their answers as records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, select
from sqlalchemy.dialects.postgresql import Range, aggregate_order_by

from coordination.clock import local_date
from coordination.deployment.model import Place, Shift
from coordination.deployment.suggest import free_time
from coordination.names import listed
from coordination.values import PersonId, TeamId, Window, WorkerId
from coordination.workforce.model import (
    HeldSkill,
    PersonSaid,
    Rota,
    Spell,
    WorkerHead,
    WorkerRow,
)
from db.tables.deployment import shift, skill, worker, worker_skill
from db.tables.governance import user_account
from db.tables.people import person
from db.tables.reference import neighbourhood
from db.tables.workforce import rota, rota_spell, worker_person, worker_person_reason, worker_rota
from db.today import TODAY


def json_rows(order: Sequence[ColumnElement[Any]], *values: ColumnElement[Any]) -> ColumnElement[Any]:
    """Rows of a subquery as a list of lists."""
    return func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*values), *order))


def skills_json() -> ColumnElement[Any]:
    """Of the worker of the row: code, name, last day, revision."""
    s = worker_skill.c
    found = json_rows([skill.c.name], s.skill, skill.c.name, s.expires_on, s.revision)
    of_worker = select(found).join_from(worker_skill, skill, skill.c.code == s.skill).where(s.worker_id == worker.c.id)
    return of_worker.scalar_subquery().label("skills")


def shifts_json(reach: Window) -> ColumnElement[Any]:
    """Of the worker of the row: kind, start, end of what touches ``reach``."""
    lower, upper = func.lower(shift.c.period), func.upper(shift.c.period)
    query = select(json_rows([lower], shift.c.kind, lower, upper)).where(
        shift.c.worker_id == worker.c.id, shift.c.period.overlaps(Range(reach.start, reach.end))
    )
    return query.scalar_subquery().label("shifts")


def near_names() -> ColumnElement[Any]:
    names = select(func.array_agg(aggregate_order_by(neighbourhood.c.name, neighbourhood.c.id)))
    return names.where(neighbourhood.c.id == worker.c.neighbourhoods.any_()).scalar_subquery().label("near")


def rota_name(day: date) -> ColumnElement[Any]:
    named = select(rota.c.name).join(worker_rota, worker_rota.c.rota_id == rota.c.id)
    today = worker_rota.c.days.contains(day)
    return named.where(worker_rota.c.worker_id == worker.c.id, today).limit(1).scalar_subquery().label("rota")


def people_json(reasons: bool) -> ColumnElement[Any]:
    """Of the worker of the row. Why somebody is not to go there is asked for only where this login may read it."""
    p = worker_person.c
    w = worker_person_reason.c
    its = and_(w.worker_id == p.worker_id, w.person_id == p.person_id, w.relation == p.relation)
    why = select(w.reason).where(its).scalar_subquery() if reasons else func.coalesce(None)
    by = func.coalesce(user_account.c.display_name, p.recorded_by)
    values = (p.person_id, p.relation, why, by, p.recorded_at, p.revision)
    names = (person.c.surname, person.c.given, person.c.title)
    found = json_rows([p.relation.desc(), person.c.surname, person.c.given, p.person_id], *values, *names)
    query = (
        select(found)
        .join_from(worker_person, person, person.c.id == p.person_id)
        .outerjoin(user_account, user_account.c.user_name == p.recorded_by)
        .where(p.worker_id == worker.c.id)
    )
    return query.scalar_subquery().label("people")


def rota_columns() -> tuple[ColumnElement[Any], ...]:
    """A rota with its spells and how many work to it from now on."""
    s = rota_spell.c
    spells = select(json_rows([s.week, s.weekday, s.starts], s.week, s.weekday, s.starts, s.ends))
    works = select(func.count(func.distinct(worker_rota.c.worker_id))).where(
        worker_rota.c.rota_id == rota.c.id,
        func.coalesce(func.upper(worker_rota.c.days) > TODAY, True),
    )
    return (
        *(rota.c[n] for n in ("id", "team_id", "name", "weeks", "first_monday", "active", "revision")),
        spells.where(s.rota_id == rota.c.id).scalar_subquery().label("spells"),
        works.scalar_subquery().label("workers"),
    )


# ---------------------------------------------------------------- answers


def rota_of(r: Row[Any]) -> Rota:
    spells = tuple(Spell(*map(int, s)) for s in r.spells or ())
    return Rota(r.id, TeamId(r.team_id), r.name, r.weeks, r.first_monday, spells, r.active, r.revision, r.workers)


def day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def skills_of(rows: Iterable[Sequence[Any]] | None) -> tuple[HeldSkill, ...]:
    return tuple(HeldSkill(code, name, day_of(until), revision) for code, name, until, revision in rows or ())


def people_of(rows: Iterable[Sequence[Any]] | None) -> tuple[PersonSaid, ...]:
    return tuple(
        PersonSaid(PersonId(UUID(who)), listed(*name), relation, why, by, moment_of(at), revision)
        for who, relation, why, by, at, revision, *name in rows or ()
    )


def head_of(r: Row[Any]) -> WorkerHead:
    return WorkerHead(
        id=WorkerId(r.id),
        team_id=TeamId(r.team_id),
        name=r.name,
        gender=r.gender,
        grade=r.grade,
        travel=r.travel,
        base=r.base,
        base_name=r.base_name,
        place=None if r.lat is None else Place(r.lat, r.lon),
        contracted_minutes=r.contracted_minutes,
        most_minutes=r.most_minutes,
        agency=r.agency,
        enhanced=r.enhanced,
        languages=tuple(r.languages),
        neighbourhoods=tuple(r.neighbourhoods),
        active=r.active,
        revision=r.revision,
    )


def row_of(r: Any, day: date) -> WorkerRow:
    shifts = [Shift(kind, Window(moment_of(start), moment_of(end))) for kind, start, end in r.shifts or ()]
    work = [s.window for s in shifts if s.kind == "work" and local_date(s.window.start) == day]
    away = tuple(s for s in shifts if s.kind != "work")
    hours = tuple(free_time(work, (s.window for s in away)))
    kinds = {s.kind for s in away}
    state = "work" if hours else "sickness" if "sickness" in kinds else "leave" if "leave" in kinds else "off"
    return WorkerRow(
        id=WorkerId(r.id),
        team_id=TeamId(r.team_id),
        team=r.team_name,
        name=r.name,
        gender=r.gender,
        grade=r.grade,
        travel=r.travel,
        state=cast(Any, state),
        hours=hours,
        away=away,
        skills=skills_of(r.skills),
        languages=tuple(r.languages),
        neighbourhoods=tuple(r.near or ()),
        agency=r.agency,
        enhanced=r.enhanced,
        has_place=r.lat is not None,
        rota=r.rota or "",
        active=r.active,
        revision=r.revision,
    )


def between(column: Any, first: date, last: date) -> ColumnElement[bool]:
    return and_(column >= first, column <= last)
