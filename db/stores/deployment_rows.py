"""Reading workers and visits: a constant number of queries for one of them or a whole board."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Double,
    Integer,
    Uuid,
    bindparam,
    column,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range

from coordination.clock import local_date
from coordination.deployment.model import (
    Alert,
    Allocation,
    Pair,
    PersonBrief,
    Place,
    Shift,
    Visit,
    Worker,
    WorkerSkill,
)
from coordination.values import AllocationId, PatternId, PersonId, ReferralId, TeamId, VisitId, Window, WorkerId
from db.tables.deployment import allocation, shift, visit, visit_skill, worker, worker_skill
from db.tables.people import person, person_alert
from db.tables.reference import postcode, ward
from db.tables.visits import visit_pair
from db.tables.workforce import absence_reason, worker_person, worker_start

_PERSON = tuple(
    person.c[name]
    for name in (
        *("surname", "given", "title", "known_as", "gender", "address", "postcode"),
        *("language", "interpreter", "communication", "access_notes"),
    )
)


def window_of(period: Range[datetime]) -> Window:
    """A stored range as a window. The schema keeps out empty and unbounded ones."""
    assert period.lower is not None and period.upper is not None
    return Window(period.lower.astimezone(UTC), period.upper.astimezone(UTC))


def ends_of(period: ColumnElement[Range[datetime]]) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """``begins`` and ``ends`` of a stored range: a moment is read in a tenth of the time that a range takes."""
    return func.lower(period).label("begins"), func.upper(period).label("ends")


def between(begins: datetime, ends: datetime) -> Window:
    """The window of :func:`ends_of`."""
    return Window(begins.astimezone(UTC), ends.astimezone(UTC))


def worker_columns() -> tuple[ColumnElement[Any], ...]:
    """A worker's row. Where they set out from comes from the view of those whose place this login may read."""
    s = worker_start.c
    place = (select(value).where(s.id == worker.c.id).scalar_subquery().label(value.name) for value in (s.lat, s.lon))
    return (*(c for c in worker.c if c.name not in ("lat", "lon")), *place)


def shift_columns() -> tuple[ColumnElement[Any], ...]:
    """A shift's row. Why somebody is away comes from the view of those whose reasons this login may read."""
    why = select(absence_reason.c.category).where(absence_reason.c.id == shift.c.id).scalar_subquery()
    return (*(c for c in shift.c if c.name != "category"), func.coalesce(why, "").label("category"))


def read_workers(connection: Connection, which: ColumnElement[bool], day: Window, reach: Window) -> tuple[Worker, ...]:
    """Workers in order of name, with work that touches ``day`` and absence that touches ``reach``."""
    people = (_people_of_worker("knows").label("knows"), _people_of_worker("not_to").label("not_to"))
    # A round that brings equipment begins and ends at the store of its goods (D6).
    begins = func.equipment_start(worker.c.id, local_date(day.start), type_=ARRAY(Double)).label("store_place")
    rows = connection.execute(
        select(*worker_columns(), *people, begins).where(which).order_by(worker.c.name, worker.c.id)
    ).all()
    ids = [r.id for r in rows]
    skills = defaultdict(list)
    query = select(worker_skill).where(worker_skill.c.worker_id.in_(ids)).order_by(worker_skill.c.skill)
    for r in connection.execute(query).all():
        skills[r.worker_id].append(WorkerSkill(r.skill, r.expires_on))
    shifts = defaultdict(list)
    touching = shift.c.period.overlaps(Range(reach.start, reach.end))
    query = select(shift.c.worker_id, shift.c.kind, *ends_of(shift.c.period))
    query = query.where(shift.c.worker_id.in_(ids), touching)
    for r in connection.execute(query.order_by(func.lower(shift.c.period), shift.c.id)).all():
        found = Shift(r.kind, between(r.begins, r.ends))
        if r.kind != "work" or found.window.overlaps(day):
            shifts[r.worker_id].append(found)
    return tuple(_worker(r, tuple(skills[r.id]), tuple(shifts[r.id])) for r in rows)


def _worker(r: Any, skills: tuple[WorkerSkill, ...], shifts: tuple[Shift, ...]) -> Worker:
    return Worker(
        id=WorkerId(r.id),
        team_id=TeamId(r.team_id),
        name=r.name,
        gender=r.gender,
        grade=r.grade,
        travel=r.travel,
        place=Place(*r.store_place) if r.store_place else None if r.lat is None else Place(r.lat, r.lon),
        skills=skills,
        shifts=shifts,
        active=r.active,
        base="base" if r.store_place else r.base,
        languages=tuple(r.languages),
        neighbourhoods=tuple(r.neighbourhoods),
        knows=frozenset(PersonId(p) for p in r.knows),
        not_to=frozenset(PersonId(p) for p in r.not_to),
        most_minutes=r.most_minutes,
        contracted_minutes=r.contracted_minutes,
        agency=r.agency,
        enhanced=r.enhanced,
    )


def _people_of_worker(relation: str) -> ColumnElement[list[UUID]]:
    """Whom a worker knows or is not to visit: beside the row, so that a board is no statement more."""
    of_worker = select(worker_person.c.person_id).where(
        worker_person.c.worker_id == worker.c.id, worker_person.c.relation == relation
    )
    return func.array(of_worker.scalar_subquery())


def read_visits(connection: Connection, which: ColumnElement[bool]) -> tuple[Visit, ...]:
    """Visits in order of arrival, each with its person, skills, allocations and the workers known there."""
    columns = [
        *(c for c in visit.c if c.name not in ("access_notes", "arrive")),
        *ends_of(visit.c.arrive),
        visit.c.access_notes.label("visit_access"),
        *_PERSON,
        func.coalesce(postcode.c.lat, ward.c.lat).label("lat"),
        func.coalesce(postcode.c.lon, ward.c.lon).label("lon"),
        ward.c.neighbourhood_id,
        _skills_of_visit().label("skills"),
    ]
    query = (
        select(*columns)
        .join(person, person.c.id == visit.c.person_id)
        .outerjoin(postcode, postcode.c.postcode == person.c.postcode)
        .outerjoin(ward, ward.c.code == person.c.ward_code)
        .where(which)
        .order_by(func.lower(visit.c.arrive), visit.c.priority, person.c.surname, visit.c.id)
    )
    rows = _named(connection.execute(query))
    alerts = _alerts(connection, which)
    allocations = _allocations(connection, which)
    ids = [r.id for r in rows]
    known, pairs = (_known(connection, ids), _pairs(connection, ids)) if ids else ({}, {})
    return tuple(
        _visit(r, alerts.get(r.id, ()), allocations.get(r.id, ()), known.get(r.id, ()), pairs.get(r.id, ()))
        for r in rows
    )


def _skills_of_visit() -> ColumnElement[list[str]]:
    of_visit = select(visit_skill.c.skill).where(visit_skill.c.visit_id == visit.c.id).order_by(visit_skill.c.skill)
    return func.array(of_visit.scalar_subquery())


def _alerts(connection: Connection, which: ColumnElement[bool]) -> dict[UUID, tuple[Alert, ...]]:
    """Alerts in force on the day of each visit."""
    query = (
        select(visit.c.id, person_alert.c.kind, person_alert.c.words)
        .join(person_alert, person_alert.c.person_id == visit.c.person_id)
        .where(which, person_alert.c.since <= visit.c.day)
        .where(person_alert.c.until.is_(None) | (person_alert.c.until >= visit.c.day))
        .order_by(person_alert.c.kind, person_alert.c.id)
    )
    return _grouped((r.id, Alert(r.kind, r.words)) for r in _named(connection.execute(query)))


def _allocations(connection: Connection, which: ColumnElement[bool]) -> dict[UUID, tuple[Allocation, ...]]:
    a = allocation.c
    query = (
        select(a.id, a.visit_id, a.worker_id, a.slot, a.pinned, *ends_of(a.period))
        .join(visit, visit.c.id == a.visit_id)
        .where(which)
        .order_by(a.visit_id, a.slot)
    )
    return _grouped(
        (r.visit_id, Allocation(AllocationId(r.id), WorkerId(r.worker_id), r.slot, between(r.begins, r.ends), r.pinned))
        for r in _named(connection.execute(query))
    )


def _known(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[WorkerId, ...]]:
    """For each visit, who has been with its person in the weeks before, most often first. The database's own function:
    row security would be asked of each of some ten thousand earlier visits, and here it is asked of these."""
    of_visits = bindparam("of_visits", list(ids), ARRAY(Uuid()))
    found = func.known_faces(of_visits).table_valued(column("visit_id", Uuid()), column("workers", ARRAY(Integer())))
    rows = connection.execute(select(found)).all()
    return {visit_id: tuple(map(WorkerId, workers)) for visit_id, workers in rows}


def _pairs(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[Pair, ...]]:
    """The visits that each visit must keep a gap to, the earlier ones first. Two index look-ups a pair."""
    p, other = visit_pair.c, visit.alias("other")
    these = bindparam("these", list(ids), ARRAY(Uuid()))
    halves = [
        select(mine.label("id"), theirs.label("other"), p.gap_least, p.gap_most, literal(first).label("first"))
        .select_from(visit_pair)
        .join(other, other.c.id == theirs)
        .where(mine == func.any(these), ~other.c.dropped)
        for mine, theirs, first in ((p.second_id, p.first_id, True), (p.first_id, p.second_id, False))
    ]
    both = union_all(*halves).subquery("both")
    query = select(both).order_by(both.c.id, both.c.first.desc(), both.c.other)
    rows = _named(connection.execute(query))
    return _grouped((r.id, Pair(VisitId(r.other), r.gap_least, r.gap_most, r.first)) for r in rows)


def _named(found: CursorResult[Any]) -> list[Any]:
    """All rows, as tuples with names: what is read of one costs a twentieth of what it costs of a Row."""
    of = namedtuple("of", found.keys())  # type: ignore[misc]
    return [of._make(row) for row in found.all()]


_T = TypeVar("_T")


def _grouped(pairs: Iterable[tuple[UUID, _T]]) -> dict[UUID, tuple[_T, ...]]:
    groups: dict[UUID, list[_T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _visit(
    r: Any,
    alerts: tuple[Alert, ...],
    allocations: tuple[Allocation, ...],
    known: tuple[WorkerId, ...],
    pairs: tuple[Pair, ...],
) -> Visit:
    about = PersonBrief(
        id=PersonId(r.person_id),
        surname=r.surname,
        given=r.given,
        title=r.title,
        known_as=r.known_as,
        gender=r.gender,
        address=r.address,
        postcode=r.postcode or "",
        language=r.language,
        interpreter=r.interpreter,
        communication=r.communication,
        access_notes=r.access_notes,
        alerts=alerts,
        place=None if r.lat is None else Place(r.lat, r.lon),
        neighbourhood=r.neighbourhood_id,
    )
    return Visit(
        id=VisitId(r.id),
        person=about,
        team_id=TeamId(r.team_id),
        day=r.day,
        arrive=between(r.begins, r.ends),
        minutes=r.minutes,
        need=r.need,
        workers_needed=r.workers_needed,
        skills=tuple(r.skills),
        time_critical=r.time_critical,
        gender_asked=r.gender_asked,
        priority=r.priority,
        state=r.state,
        state_reason=r.state_reason,
        plan_action_id=r.plan_action_id,
        referral_id=None if r.referral_id is None else ReferralId(r.referral_id),
        revision=r.revision,
        allocations=allocations,
        known_to=known,
        fixed=None if r.fixed_at is None else r.fixed_at.astimezone(UTC),
        access_notes=r.visit_access,
        pairs=pairs,
        pattern_id=None if r.pattern_id is None else PatternId(r.pattern_id),
        pattern_slot=r.pattern_slot,
        pattern_day=r.pattern_day,
        modified=r.modified,
        dropped=r.dropped,
    )
