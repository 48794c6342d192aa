"""Lists about visits: a person's, what a team can do, and where visits and care plans differ."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import UUID

from sqlalchemy import Connection, and_, case, func, or_, select, true
from sqlalchemy.dialects.postgresql import Range, aggregate_order_by

from coordination.clock import at_local
from coordination.deployment.model import PersonBrief
from coordination.deployment.patterns_rules import Reach
from coordination.deployment.patterns_store import ActionAsked, FromPlan, PatternRow, VisitRow
from coordination.values import PatternId, PersonId, TeamId, VisitId
from db.stores.deployment_rows import window_of
from db.stores.visits_rows import read_patterns
from db.tables.careplan import care_plan, plan_action
from db.tables.deployment import allocation, shift, skill, visit, worker, worker_skill
from db.tables.people import person as person_table
from db.tables.reference import team as team_table
from db.tables.visits import visit_pattern
from db.today import TODAY

_LATELY = timedelta(weeks=4)


def rows_of(connection: Connection, person_id: PersonId, first: date, last: date) -> list[VisitRow]:
    """A person's visits from ``first`` to ``last``, both in, without those that a pattern dropped. One statement."""
    v, a = visit.c, allocation.c
    going = (
        select(
            func.array_agg(aggregate_order_by(worker.c.name, a.slot)).label("names"),
            func.min(func.lower(a.period)).label("start"),
        )
        .join(worker, worker.c.id == a.worker_id)
        .where(a.visit_id == v.id)
        .lateral("going")
    )
    query = (
        select(
            v.id, v.day, v.arrive, v.fixed_at, v.minutes, v.need, v.team_id, v.workers_needed, v.state, v.state_reason,
            v.pattern_id, v.modified, v.revision, team_table.c.name.label("team"), going.c.names, going.c.start,
        )
        .join(team_table, team_table.c.id == v.team_id)
        .join(going, true())
        .where(v.person_id == person_id, v.day.between(first, last), ~v.dropped)
        .order_by(func.lower(v.arrive), v.id)
    )  # fmt: skip
    return [
        VisitRow(
            VisitId(r.id),
            r.day,
            window_of(r.arrive),
            r.fixed_at and r.fixed_at.astimezone(UTC),
            r.start and r.start.astimezone(UTC),
            r.minutes,
            r.need,
            r.team,
            TeamId(r.team_id),
            r.workers_needed,
            tuple(r.names or ()),
            r.state,
            r.state_reason,
            None if r.pattern_id is None else PatternId(r.pattern_id),
            r.modified,
            r.revision,
        )
        for r in connection.execute(query)
    ]


def patterns_of(connection: Connection, person_id: PersonId) -> list[PatternRow]:
    p = visit_pattern.c
    lately = TODAY - _LATELY.days
    found = read_patterns(connection, and_(p.person_id == person_id, p.ends.is_(None) | (p.ends >= lately)))
    counts = _ahead(connection, [f.id for f in found])
    teams = select(team_table.c.id, team_table.c.name).where(team_table.c.id.in_({f.team_id for f in found}))
    names = {r.id: r.name for r in connection.execute(teams)}
    rows = [PatternRow(f, names[f.team_id], *counts.get(f.id, (0, 0))) for f in found]
    return sorted(rows, key=lambda row: (row.pattern.slots[0].opens, row.pattern.id))


def _ahead(connection: Connection, keys: list[PatternId]) -> dict[UUID, tuple[int, int]]:
    """Of each pattern, how many visits have not been, and how many of these have a worker."""
    if not keys:
        return {}
    v = visit.c
    given = select(allocation.c.id).where(allocation.c.visit_id == v.id).exists()
    query = (
        select(v.pattern_id, func.count().label("ahead"), func.count().filter(given).label("placed"))
        .where(v.pattern_id.in_(keys), v.state == "planned", func.upper(v.arrive) > func.now())
        .group_by(v.pattern_id)
    )
    return {r.pattern_id: (r.ahead, r.placed) for r in connection.execute(query)}


def reach(connection: Connection, team_id: TeamId, day: date) -> Reach | None:
    name = connection.execute(select(team_table.c.name).where(team_table.c.id == team_id)).scalar_one_or_none()
    if name is None:
        return None
    w = worker.c
    own = and_(w.team_id == team_id, w.active)
    weeks = Range(at_local(day - timedelta(days=14), 0), at_local(day + timedelta(days=14), 0))
    length = func.max(func.upper(shift.c.period) - func.lower(shift.c.period))
    longest = select(length).join(worker, w.id == shift.c.worker_id)
    longest = longest.where(own, shift.c.kind == "work", shift.c.period.overlaps(weeks))
    span: timedelta | None = connection.execute(longest).scalar_one_or_none()
    s = worker_skill.c
    valid = s.expires_on.is_(None) | (s.expires_on >= day)
    having = select(s.skill, func.count().label("n")).join(worker, w.id == s.worker_id).where(own, valid)
    genders = select(w.gender, func.count().label("n")).where(own).group_by(w.gender)
    return Reach(
        name,
        None if span is None else int(span.total_seconds() // 60),
        {r.skill: r.n for r in connection.execute(having.group_by(s.skill))},
        {r.gender: r.n for r in connection.execute(genders)},
        {r.code: r.name for r in connection.execute(select(skill.c.code, skill.c.name))},
    )


def action(connection: Connection, key: UUID) -> ActionAsked | None:
    p = person_table.c
    query = (
        select(plan_action.c.id, care_plan.c.person_id, plan_action.c.team_id, plan_action.c.what, p.access_notes)
        .add_columns(p.communication, p.language, p.interpreter)
        .join(care_plan, care_plan.c.id == plan_action.c.plan_id)
        .join(person_table, p.id == care_plan.c.person_id)
        .where(plan_action.c.id == key)
    )
    r = connection.execute(query).one_or_none()
    if r is None:
        return None
    language = r.language + (", with an interpreter" if r.interpreter else "")
    communication = "; ".join(part for part in (language, r.communication) if part)
    known = _known(connection, r.person_id)
    return ActionAsked(r.id, PersonId(r.person_id), r.team_id, r.what, r.access_notes, communication, known)


def _known(connection: Connection, person_id: UUID) -> tuple[str, ...]:
    """Names of the workers who have been there lately, most often first."""
    v = visit.c
    query = (
        select(worker.c.name)
        .join(allocation, allocation.c.worker_id == worker.c.id)
        .join(visit, v.id == allocation.c.visit_id)
        .where(v.person_id == person_id, v.state != "cancelled")
        .where(v.day.between(TODAY - _LATELY.days, TODAY))
        .group_by(worker.c.id, worker.c.name)
        .order_by(func.count().desc(), worker.c.name)
        .limit(5)
    )
    return tuple(connection.execute(query).scalars())


def from_plans(connection: Connection, *, person: PersonId | None = None, team: TeamId | None = None) -> list[FromPlan]:
    """Patterns that differ from the care plan: at most five statements, one where nothing differs."""
    p, a, about, of = visit_pattern.c, plan_action.c, person_table.c, team_table.c
    why = case(
        (p.plan_action_id.is_(None), "taken_off"),
        (care_plan.c.state == "ended", "plan_ended"),
        (a.state.in_(("done", "dropped")), "ended"),
        else_="reworded",
    )
    # an action that this login may not see (R2) is no action that was taken off: of those nothing is said
    over = or_(p.plan_action_id.is_(None), care_plan.c.state == "ended", a.state.in_(("done", "dropped")))
    query = (
        select(p.id, p.person_id, why.label("why"), a.what, about.surname, about.given, about.title)
        .add_columns(of.name.label("team"))
        .join(person_table, about.id == p.person_id)
        .join(team_table, of.id == p.team_id)
        .outerjoin(plan_action, a.id == p.plan_action_id)
        .outerjoin(care_plan, care_plan.c.id == a.plan_id)
        .where(
            p.action_words != "",
            or_(over, a.what != p.action_words),
            or_(p.ends.is_(None), (p.ends >= TODAY) & (p.ends >= p.starts)),
        )
        .order_by(about.surname, p.id)
    )
    if person is not None:
        query = query.where(p.person_id == person)
    if team is not None:
        query = query.where(p.team_id == team)
    rows = connection.execute(query).all()
    keys = [PatternId(r.id) for r in rows]
    found = {f.id: f for f in read_patterns(connection, p.id.in_(keys))} if keys else {}
    counts = _ahead(connection, keys)
    return [
        FromPlan(
            found[PatternId(r.id)],
            PersonBrief(PersonId(r.person_id), r.surname, r.given, r.title).listed,
            r.team,
            r.why,
            r.what if r.why == "reworded" else "",
            *counts.get(r.id, (0, 0)),
        )
        for r in rows
    ]
