"""The audit trail by person and by user, and what is noted on it that no trigger sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    Connection,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from coordination.clock import LONDON
from coordination.governance.looked import LOOKS, Colleague, Emergency, Entries, ListArea, Whose
from coordination.governance.trail_notes import DoorList, Refusal, RefusalKind
from coordination.people.search import Query
from db.tables.deployment import visit
from db.tables.glass import emergency_access
from db.tables.governance import audit_entry, user_account
from db.tables.reference import team

_BETWEEN = "\x1f"  # in no fact
_DAY = cast(func.timezone("Europe/London", audit_entry.c.at), Date)


class PgLookedStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def about(
        self, people: Sequence[UUID], since: date, until: date, *, actor: str | None, before: date | None, limit: int
    ) -> list[Entries]:
        last = until if before is None else min(until, before - timedelta(days=1))
        return self._of(_grouped(since, last, limit).where(audit_entry.c.person_id.in_(people)), actor)

    def lists_with(
        self, people: Sequence[UUID], since: date, until: date, *, actor: str | None, before: date | None, limit: int
    ) -> list[Entries]:
        last = until if before is None else min(until, before - timedelta(days=1))
        lists = func.audit.lists_with(cast(list(people), ARRAY(Uuid)), since, last).table_valued("id")
        return self._of(_grouped(since, last, limit).where(audit_entry.c.id.in_(select(lists.c.id))), actor)

    def _of(self, query: Select[Any], actor: str | None) -> list[Entries]:
        if actor is not None:
            query = query.where(audit_entry.c.actor == actor)
        return [_entries(r) for r in self._connection.execute(query)]

    def of_user(self, user: str, since: date, until: date, limit: int) -> list[Entries]:
        person = audit_entry.c.person_id
        query = _grouped(since, until, limit).add_columns(person).group_by(person)
        query = query.where(audit_entry.c.actor == user, person.is_not(None))
        return [_entries(r, r.person_id) for r in self._connection.execute(query)]

    def people_a_day(self, role: str, since: date, until: date) -> list[tuple[str, date, int]]:
        e = audit_entry.c
        query = select(e.actor, _DAY.label("day"), func.count(e.person_id.distinct()).label("people"))
        query = query.where(e.role == role, e.action.in_(LOOKS), e.person_id.is_not(None), *_within(since, until))
        return [(r.actor, r.day, r.people) for r in self._connection.execute(query.group_by(e.actor, _DAY))]

    def colleagues(self) -> Mapping[str, Colleague]:
        a = user_account.c
        query = select(a.user_name, a.display_name, a.role, a.locality, a.active, team.c.name.label("team"))
        rows = self._connection.execute(query.select_from(user_account.outerjoin(team, team.c.id == a.team_id)))
        return {
            r.user_name: Colleague(r.user_name, r.display_name, r.role, r.team or "", r.locality, r.active)
            for r in rows
        }

    def teams(self) -> Mapping[int, str]:
        return {r.id: r.name for r in self._connection.execute(select(team.c.id, team.c.name))}

    def emergency_reasons(self, person: UUID, since: date, until: date) -> Sequence[Emergency]:
        a = emergency_access.c
        day = cast(func.timezone("Europe/London", a.began_at), Date)
        query = select(a.by_user, day.label("day"), a.kind, a.words).where(
            a.person_id == person, a.began_at >= _midnight(since), a.began_at < _midnight(until + timedelta(days=1))
        )
        return [
            Emergency(r.by_user, r.day, r.kind, r.words) for r in self._connection.execute(query.order_by(a.began_at))
        ]

    def whose(self, people: Collection[UUID]) -> Mapping[UUID, Whose]:
        found = func.audit.whose(cast(list(people), ARRAY(Uuid))).table_valued(
            "id", "surname", "given", "title", "birth_date", "nhs_number", "address", "postcode", "sharing_level",
            "same",
        )  # fmt: skip
        return {
            r.id: Whose(
                r.id, r.surname, r.given, r.title, r.birth_date, r.nhs_number, r.address, r.postcode or "",
                r.sharing_level, tuple(r.same or ()),
            )
            for r in self._connection.execute(select(found))
        }  # fmt: skip

    def find_unseen(self, query: Query) -> list[UUID]:
        if query.phones or query.postcodes:
            return []
        born = next((span.first for span in query.births if span.is_day), None)
        nhs = str(query.nhs_number) if query.nhs_number is not None else None
        found = func.audit.find_unseen(
            cast(nhs, Text), cast(list(query.names), ARRAY(Text)), cast(born, Date)
        ).table_valued(column("id", Uuid))
        return [r.id for r in self._connection.execute(select(found))]

    def refusals(self, since: date, until: date, limit: int, of: DoorList = "refused") -> list[Refusal]:
        e = audit_entry.c
        where = {
            "refused": e.action == "refused",
            "in_and_out": e.action.in_(("connect", "sign_in", "sign_out")),
            "hidden": and_(e.area == "emergency_lookup", e.action == "insert"),
        }[of]
        query = select(audit_entry).where(where, *_within(since, until)).order_by(e.at.desc(), e.id.desc())
        return [
            Refusal(r.at, r.actor, r.role, _door_kind(r, of), r.area, r.record, r.person_id, tuple(r.columns or ()))
            for r in self._connection.execute(query.limit(limit))
        ]

    def people_of_visits(self, visits: Collection[UUID]) -> list[UUID]:
        query = select(visit.c.person_id).distinct().where(visit.c.id.in_(list(visits)))
        return list(self._connection.execute(query).scalars())

    def note_people(
        self, what: Literal["view", "print", "export"], area: str, record: str, form: str, people: Collection[UUID]
    ) -> None:
        ids = cast(list(people), ARRAY(Uuid))
        self._connection.execute(select(func.audit.note_people(what, area, record, form, ids)))

    def note_list(self, area: ListArea, team: int, day: date, worker: int | None) -> None:
        self._connection.execute(select(func.audit.note_list(area, team, day, worker)))

    def note_sitting(self, what: Literal["sign_in", "sign_out"], sitting: UUID, facts: Sequence[str]) -> None:
        self._connection.execute(select(func.audit.note_sitting(what, sitting, cast(list(facts), ARRAY(Text)))))

    def note_refusal(self, kind: RefusalKind, area: str, record: str, about: UUID | None) -> None:
        self._connection.execute(select(func.audit.note_refusal(kind, area, record, cast(about, Uuid))))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def _within(since: date, until: date) -> tuple[Any, Any]:
    return audit_entry.c.at >= _midnight(since), audit_entry.c.at < _midnight(until + timedelta(days=1))


def _grouped(since: date, until: date, limit: int) -> Select[Any]:
    """By day, user, action and kind of record; the newest day first."""
    e = audit_entry.c
    # Columns of a change are no facts.
    facts = case((e.action.in_(("insert", "update", "delete")), None), else_=func.array_to_string(e.columns, _BETWEEN))
    query = select(
        _DAY.label("day"), e.actor, func.max(e.role).label("role"), e.action, e.area, func.count().label("times"),
        func.min(e.at).label("first_at"), func.max(e.at).label("last_at"),
        func.string_agg(facts.distinct(), _BETWEEN).label("facts"),
    ).where(*_within(since, until))  # fmt: skip
    return query.group_by(_DAY, e.actor, e.action, e.area).order_by(_DAY.desc(), e.actor, e.action, e.area).limit(limit)


def _entries(row: Any, person: UUID | None = None) -> Entries:
    facts = tuple(sorted(set(row.facts.split(_BETWEEN)))) if row.facts else ()
    return Entries(
        row.day, row.actor, row.role, row.action, row.area, row.times, row.first_at, row.last_at, facts, person
    )


def _door_kind(row: Any, of: DoorList) -> str:
    if of == "refused":
        return next((fact[4:] for fact in row.columns or () if fact.startswith("how:")), "")
    return "looked_for" if of == "hidden" else str(row.action)
