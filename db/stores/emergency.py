"""Emergency access: rows <-> records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, column, func, insert, select, table, text

from coordination.governance.emergency import Answer, Deed, ListState, Look, ReviewDraft, Reviewing
from coordination.people.emergency import Access, Kind
from coordination.values import PersonId, UserName
from db.stores.people_rows import moment
from db.tables.glass import emergency_review

_MY_EMERGENCY = table(
    "my_emergency", *map(column, ("id", "person_id", "shut", "kind", "began_at", "ends_at"))
)  # fmt: skip
_MINE = text("select id, person_id, shut, kind, began_at, ends_at from my_emergency order by ends_at, id")
_ANSWER = text("select answer, person_id, initials from emergency_answer(:id)")
_LIST = text("select * from emergency_list(:state, :most)")
_DEEDS = text("select action, area, many, records, first_at from emergency_deeds(:id)")


class PgEmergencyStore:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def look(self, look_id: UUID, look: Look) -> None:
        number = look.nhs_number.digits if look.nhs_number else ""
        asked = func.emergency_look(look_id, number, look.surname, look.given, look.birth_date)
        self._connection.execute(select(asked))

    def answer(self, look_id: UUID) -> Answer | None:
        row: Any = self._connection.execute(_ANSWER, {"id": look_id}).one_or_none()
        if row is None:
            return None
        person = None if row.person_id is None else PersonId(row.person_id)
        return Answer(look_id, row.answer, person, row.initials or "")

    def open(self, access_id: UUID, person: PersonId | None, look_id: UUID | None, kind: Kind, words: str) -> None:
        self._connection.execute(select(func.break_glass(access_id, person, look_id, kind, words)))

    def end(self, access_id: UUID) -> None:
        self._connection.execute(select(func.end_emergency(access_id)))

    def mine(self) -> list[Access]:
        return [access_of(row) for row in self._connection.execute(_MINE)]

    def minutes(self) -> int:
        found: int = self._connection.execute(select(func.emergency_setting("emergency.minutes"))).scalar_one()
        return found

    def accesses(self, state: ListState, limit: int) -> list[Reviewing]:
        return [_reviewing(row) for row in self._connection.execute(_LIST, {"state": state, "most": limit})]

    def deeds(self, access_id: UUID) -> list[Deed]:
        rows = self._connection.execute(_DEEDS, {"id": access_id})
        return [Deed(r.action, r.area, r.many, tuple(r.records), r.first_at) for r in rows]

    def review(self, review_id: UUID, access_id: UUID, number: int, draft: ReviewDraft) -> None:
        self._put(review_id, access_id, number, draft.outcome, draft)

    def withdraw(self, review_id: UUID, access_id: UUID, number: int) -> None:
        self._put(review_id, access_id, number, "withdrawn", ReviewDraft())

    def _put(self, review_id: UUID, access_id: UUID, number: int, outcome: str, draft: ReviewDraft) -> None:
        values = {
            "id": review_id, "access_id": access_id, "number": number, "outcome": outcome, "note": draft.note,
            "told": draft.told, "told_why": draft.told_why, "broke_by": "",
        }  # fmt: skip
        self._connection.execute(insert(emergency_review).values(values))


def access_of(row: Any) -> Access:
    return Access(row.id, PersonId(row.person_id), row.shut, row.kind, row.began_at, row.ends_at)


def of_person(person: Any) -> Select[Any]:
    """What this login has in force for one person, to stand inside a statement that reads the record."""
    m = _MY_EMERGENCY.c
    return select(m.id, m.person_id, m.shut, m.kind, m.began_at, m.ends_at).where(m.person_id == person)


def read(row: Any) -> Access:
    """The same, from JSON."""
    person, began, ends = PersonId(UUID(row["person_id"])), moment(row["began_at"]), moment(row["ends_at"])
    return Access(UUID(row["id"]), person, row["shut"], row["kind"], began, ends)


def _reviewing(r: Any) -> Reviewing:
    return Reviewing(
        r.id, r.person_id and PersonId(r.person_id), r.initials, UserName(r.by_user), r.by_name, r.by_role,
        r.team, r.shut, r.kind, r.words, r.began_at, r.ends_at, r.ended_at, r.in_force, r.due_at, r.reviews, r.outcome,
        r.note, r.told, r.told_why, r.reviewed_at, r.reviewed_by_name, r.views, r.changes,
    )  # fmt: skip
