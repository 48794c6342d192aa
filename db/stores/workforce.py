"""Rows of workers to records and back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, and_, case, delete, exists, func, not_, select, true, update
from sqlalchemy.dialects.postgresql import Range, array
from sqlalchemy.dialects.postgresql import insert as pg_insert

from coordination.clock import local_date
from coordination.deployment.model import Place
from coordination.errors import NotFound
from coordination.names import listed
from coordination.values import AllocationId, PersonId, TeamId, VisitId, Window, WorkerId
from coordination.workforce.model import (
    Given,
    HeldSkill,
    PersonSaid,
    Relation,
    WorkerDraft,
    WorkerHead,
    WorkerRow,
    WorkerSheet,
)
from db.stores.deployment_rows import window_of, worker_columns
from db.stores.workforce_rows import (
    head_of,
    near_names,
    people_json,
    people_of,
    rota_name,
    row_of,
    shifts_json,
    skills_json,
)
from db.stores.workforce_sheet import read_sheet
from db.tables.deployment import allocation, shift, skill, visit, visit_skill, worker, worker_skill
from db.tables.people import person
from db.tables.reference import postcode, team
from db.tables.workforce import worker_person


class PgWorkforceStore:
    """Workers, as their lead keeps them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------------ reading

    def rows(self, team_id: TeamId | None, today: Window, *, inactive: bool = False) -> list[WorkerRow]:
        day = local_date(today.start)
        columns = (skills_json(), shifts_json(today), near_names(), rota_name(day))
        query = (
            select(*worker_columns(), team.c.name.label("team_name"), *columns)
            .join(team, team.c.id == worker.c.team_id)
            .where(worker.c.team_id == team_id if team_id is not None else true())
            .where(true() if inactive else worker.c.active)
            .order_by(team.c.name, worker.c.name, worker.c.id)
        )
        return [row_of(r, day) for r in self._connection.execute(query)]

    def sheet(self, worker_id: WorkerId, reach: Window, *, reasons: bool) -> WorkerSheet:
        return read_sheet(self._connection, worker_id, reach, reasons=reasons)

    def head(self, worker_id: WorkerId) -> WorkerHead:
        row = self._connection.execute(select(*worker_columns()).where(worker.c.id == worker_id)).one_or_none()
        if row is None:
            raise NotFound("worker", str(worker_id))
        return head_of(row)

    # ------------------------------------------------------------------ a worker

    def add(self, draft: WorkerDraft) -> WorkerId:
        values = {
            "team_id": draft.team_id, "name": draft.name, "gender": draft.gender, "grade": draft.grade,
            "travel": draft.travel, "agency": draft.agency, "request": draft.request,
        }  # fmt: skip
        self._connection.execute(pg_insert(worker).values(values).on_conflict_do_nothing(index_elements=["request"]))
        made = select(worker.c.id).where(worker.c.request == draft.request)
        return WorkerId(self._connection.execute(made).scalar_one())

    def change(self, worker_id: WorkerId, changes: Mapping[str, object], *, seen: int) -> bool:
        values = dict(changes)
        if "place" in values:
            place = values.pop("place")
            assert place is None or isinstance(place, Place)
            values |= {"lat": place.lat if place else None, "lon": place.lon if place else None}
        for name in ("languages", "neighbourhoods"):
            if name in values:
                values[name] = list(values[name])  # type: ignore[call-overload]
        statement = update(worker).where(worker.c.id == worker_id, worker.c.revision == seen)
        return self._connection.execute(statement.values(**values, revision=seen + 1)).rowcount == 1

    # ------------------------------------------------------------------ skills

    def skill(self, worker_id: WorkerId, code: str) -> HeldSkill | None:
        s = worker_skill.c
        query = select(s.skill, skill.c.name, s.expires_on, s.revision).join_from(
            worker_skill, skill, skill.c.code == s.skill
        )
        row = self._connection.execute(query.where(s.worker_id == worker_id, s.skill == code)).one_or_none()
        return None if row is None else HeldSkill(row.skill, row.name, row.expires_on, row.revision)

    def put_skill(self, worker_id: WorkerId, code: str, expires_on: date | None, *, seen: int | None) -> bool:
        s = worker_skill.c
        if seen is None:
            added = pg_insert(worker_skill).values(worker_id=worker_id, skill=code, expires_on=expires_on)
            done = self._connection.execute(added.on_conflict_do_nothing().returning(worker_skill.c.revision))
            return done.scalar_one_or_none() is not None
        change = update(worker_skill).where(s.worker_id == worker_id, s.skill == code, s.revision == seen)
        return self._connection.execute(change.values(expires_on=expires_on, revision=seen + 1)).rowcount == 1

    def drop_skill(self, worker_id: WorkerId, code: str, *, seen: int) -> bool:
        s = worker_skill.c
        gone = delete(worker_skill).where(s.worker_id == worker_id, s.skill == code, s.revision == seen)
        return self._connection.execute(gone).rowcount == 1

    # ------------------------------------------------------------------ people

    def person(self, worker_id: WorkerId, person_id: PersonId, *, reasons: bool) -> PersonSaid | None:
        row = self._connection.execute(select(people_json(reasons)).where(worker.c.id == worker_id)).one_or_none()
        said = [p for p in people_of(row.people if row else None) if p.person_id == person_id]
        return next((p for p in said if p.relation == "not_to"), said[0] if said else None)

    def put_person(
        self, worker_id: WorkerId, person_id: PersonId, relation: Relation, reason: str, *, seen: int | None
    ) -> bool:
        p = worker_person.c
        about = {"worker_id": worker_id, "person_id": person_id, "relation": relation}
        if seen is None:
            added = pg_insert(worker_person).values(**about, reason=reason).on_conflict_do_nothing()
            return self._connection.execute(added.returning(p.revision)).scalar_one_or_none() is not None
        which = and_(*(p[name] == value for name, value in about.items()))
        change = update(worker_person).where(which, p.revision == seen)
        return self._connection.execute(change.values(reason=reason, revision=seen + 1)).rowcount == 1

    def drop_person(self, worker_id: WorkerId, person_id: PersonId, relation: Relation, *, seen: int) -> bool:
        p = worker_person.c
        gone = delete(worker_person).where(
            p.worker_id == worker_id, p.person_id == person_id, p.relation == relation, p.revision == seen
        )
        return self._connection.execute(gone).rowcount == 1

    def place_of(self, at: str) -> Place | None:
        query = select(postcode.c.lat, postcode.c.lon).where(postcode.c.postcode == at)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Place(row.lat, row.lon)

    # ------------------------------------------------------------------ what they have been given

    def given(self, workers: Collection[WorkerId], since: datetime) -> tuple[Given, ...]:
        if not workers:
            return ()
        a, v = allocation.c, visit.c
        mine = shift.c.worker_id == a.worker_id
        held = select(worker_skill.c.skill).where(
            worker_skill.c.worker_id == a.worker_id,
            worker_skill.c.skill == visit_skill.c.skill,
            (worker_skill.c.expires_on.is_(None)) | (worker_skill.c.expires_on >= v.day),
        )
        why = {
            # named column by column: not every column of these is everybody's to read
            "away": select(shift.c.id).where(mine, shift.c.kind != "work", shift.c.period.overlaps(a.period)).exists(),
            "off_shift": not_(
                select(shift.c.id).where(mine, shift.c.kind == "work", shift.c.period.contains(a.period)).exists()
            ),
            "lacks_skill": exists().where(visit_skill.c.visit_id == v.id, not_(held.exists())),
            "may_not_visit": select(worker_person.c.worker_id)
            .where(
                worker_person.c.worker_id == a.worker_id,
                worker_person.c.person_id == v.person_id,
                worker_person.c.relation == "not_to",
            )
            .exists(),
            "gone": not_(worker.c.active),
        }
        codes = func.array_remove(array([case((found, code)) for code, found in why.items()]), None)
        query = (
            select(
                a.id, a.visit_id, v.revision, a.worker_id, v.team_id, v.day, a.period, a.pinned, v.workers_needed,
                worker.c.name, person.c.surname, person.c.given, person.c.title, codes.label("why"),
            )
            .join_from(allocation, visit, v.id == a.visit_id)
            .join(person, person.c.id == v.person_id)
            .join(worker, worker.c.id == a.worker_id)
            .where(a.worker_id.in_(workers), v.state == "planned", v.day >= local_date(since))
            .where(a.period.op("&&")(Range(since, None)))
            .order_by(func.lower(a.period), a.worker_id, a.id)
        )  # fmt: skip
        return tuple(
            Given(
                AllocationId(r.id), VisitId(r.visit_id), r.revision, WorkerId(r.worker_id), r.name, TeamId(r.team_id),
                listed(r.surname, r.given, r.title), r.day, window_of(r.period), r.pinned, r.workers_needed == 2,
                tuple(r.why),
            )
            for r in self._connection.execute(query)
        )  # fmt: skip
