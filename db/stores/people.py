"""Rows of the people area to records and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from coordination.people.merging import Comparison, Rows
from coordination.people.model import (
    Alert,
    AlertDraft,
    Around,
    AroundDraft,
    Home,
    Person,
    PersonFields,
    PersonRow,
    Place,
    Practice,
)
from coordination.people.record import (
    Merge,
    PersonRecord,
    RecordAround,
    RecordCare,
    RecordEntries,
    RecordPlaces,
    TimelineCursor,
    TimelinePage,
)
from coordination.people.search import Query
from coordination.values import NhsNumber, PersonId, Postcode
from db.stores import people_find, people_merging, people_record, people_timeline
from db.stores.found import holding, one_of
from db.stores.people_rows import (
    PERSON_COLUMNS,
    PERSON_FROM,
    ROW_COLUMNS,
    ROW_FROM,
    columns_of,
    kept_person,
    person_of,
    row_of,
)
from db.tables.people import person, person_alert, person_around, person_former
from db.tables.reference import neighbourhood, practice, ward
from db.tables.reference import postcode as postcode_table


class PgPeopleStore:
    """People: finding, registering, the record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, query: Query, limit: int) -> list[PersonRow]:
        return people_find.find(self._connection, query, limit)

    def candidates(self, fields: PersonFields, limit: int) -> list[tuple[PersonRow, PersonRow]]:
        return people_find.candidates(self._connection, fields, limit)

    def get(self, person_id: PersonId) -> Person | None:
        query = select(*PERSON_COLUMNS).select_from(PERSON_FROM).where(person.c.id == kept_person(person_id))
        row = self._connection.execute(query).one_or_none()
        return person_of(row) if row else None

    def with_nhs_number(self, number: NhsNumber) -> PersonRow | None:
        query = select(*ROW_COLUMNS).select_from(ROW_FROM)
        # Also the number that a record had before it was merged; one that somebody has now comes first.
        f = person_former
        was = select(f.c.person_id).where(f.c.id == holding(f, (f.c.nhs_number,), (number.digits,)))
        now = select(person.c.id).where(person.c.id == holding(person, (person.c.nhs_number,), (number.digits,)))
        query = query.where(person.c.id == one_of(union_all(now, was)))
        query = query.order_by((person.c.nhs_number == number.digits).desc().nulls_last()).limit(1)
        row = self._connection.execute(query).first()
        return row_of(row) if row else None

    def record(self, person_id: PersonId, *, viewed: bool = False) -> PersonRecord | None:
        return people_record.read(self._connection, person_id, viewed=viewed)

    def timeline(
        self, person_id: PersonId, kinds: Collection[str], after: TimelineCursor | None, limit: int
    ) -> TimelinePage:
        return people_timeline.page(self._connection, person_id, kinds, after, limit)

    def entries(self, person_id: PersonId) -> RecordEntries:
        return people_record.entries(self._connection, person_id)

    def care(self, person_id: PersonId) -> RecordCare:
        return people_record.care(self._connection, person_id)

    def places(self, person_id: PersonId) -> RecordPlaces:
        return people_record.places(self._connection, person_id)

    def people_around(self, person_id: PersonId) -> RecordAround:
        return people_record.people_around(self._connection, person_id)

    def insert(self, person_id: PersonId, fields: PersonFields, ward_code: str | None) -> bool:
        # Any unique fact that is taken leaves the row out, so that the service can still ask by whom.
        query = insert(person).values(id=person_id, ward_code=ward_code, **columns_of(fields))
        return self._connection.execute(query.on_conflict_do_nothing().returning(person.c.id)).first() is not None

    def update(self, person_id: PersonId, seen: int, fields: PersonFields, ward_code: str | None) -> bool:
        query = (
            update(person)
            .where(person.c.id == person_id, person.c.revision == seen)
            .values(ward_code=ward_code, revision=seen + 1, **columns_of(fields))
        )
        return self._connection.execute(query).rowcount == 1

    def home(self, postcode: Postcode) -> Home | None:
        query = (
            select(
                ward.c.code,
                ward.c.name,
                neighbourhood.c.id,
                neighbourhood.c.name.label("near"),
                neighbourhood.c.locality,
            )
            .select_from(postcode_table)
            .join(ward, ward.c.code == postcode_table.c.ward_code)
            .join(neighbourhood, neighbourhood.c.id == ward.c.neighbourhood_id)
            .where(postcode_table.c.postcode == postcode.text)
        )
        r = self._connection.execute(query).one_or_none()
        return Home(r.code, r.name, Place(r.id, r.near, r.locality)) if r else None

    def practice(self, code: str) -> Practice | None:
        return next(iter(self._practices(practice.c.code == code)), None)

    def practices(self) -> list[Practice]:
        return self._practices(practice.c.active)

    def _practices(self, condition: object) -> list[Practice]:
        query = (
            select(practice, neighbourhood.c.name.label("near"), neighbourhood.c.locality)
            .outerjoin(neighbourhood, neighbourhood.c.id == practice.c.neighbourhood_id)
            .where(condition)  # type: ignore[arg-type]
            .order_by(practice.c.name, practice.c.code)
        )
        return [
            Practice(
                r.code,
                r.name,
                Place(r.neighbourhood_id, r.near, r.locality) if r.neighbourhood_id is not None else None,
                r.phone or "",
                r.active,
            )
            for r in self._connection.execute(query)
        ]

    def add_alert(self, person_id: PersonId, alert_id: UUID, draft: AlertDraft, today: date) -> None:
        values = {
            "id": alert_id,
            "person_id": person_id,
            "kind": draft.kind,
            "words": draft.words,
            "since": draft.since or today,
            "until": draft.until,
        }
        self._connection.execute(insert(person_alert).values(values).on_conflict_do_nothing(index_elements=["id"]))

    def end_alert(self, alert_id: UUID, seen: int, until: date) -> bool:
        query = (
            update(person_alert)
            .where(person_alert.c.id == alert_id, person_alert.c.revision == seen)
            .values(until=until, revision=seen + 1)
        )
        return self._connection.execute(query).rowcount == 1

    def alerts(self, person_id: PersonId) -> Sequence[Alert]:
        return people_record.alerts(self._connection, person_id)

    def add_around(self, person_id: PersonId, around_id: UUID, draft: AroundDraft) -> None:
        values = {
            "id": around_id,
            "person_id": person_id,
            "name": draft.name,
            "relation": draft.relation,
            "phone": draft.phone,
            "is_carer": draft.is_carer,
        }
        self._connection.execute(insert(person_around).values(values).on_conflict_do_nothing(index_elements=["id"]))

    def end_around(self, around_id: UUID, seen: int, until: date | None) -> bool:
        t = person_around
        query = update(t).where(t.c.id == around_id, t.c.revision == seen).values(until=until, revision=seen + 1)
        return self._connection.execute(query).rowcount == 1

    def around(self, person_id: PersonId) -> Sequence[Around]:
        return people_record.around(self._connection, person_id)

    def compare(self, kept: PersonId, merged: PersonId) -> Comparison | None:
        return people_merging.compare(self._connection, kept, merged)

    def merge(
        self, merge_id: UUID, kept: PersonId, merged: PersonId, reason: str, taken: Iterable[str], seen: tuple[int, int]
    ) -> None:
        people_merging.merge(self._connection, merge_id, kept, merged, reason, taken, seen)

    def part(self, merge_id: UUID, reason: str, also: Rows) -> None:
        people_merging.part(self._connection, merge_id, reason, also)

    def rows_since_merge(self, merge_id: UUID) -> Rows:
        return people_merging.since(self._connection, merge_id)

    def merges(self, person_id: PersonId) -> list[Merge]:
        return people_merging.merges(self._connection, person_id)
