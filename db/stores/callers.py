"""Whose a number is, and professionals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    FromClause,
    Select,
    Text,
    Uuid,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from coordination.people.callers.model import (
    AroundId,
    FoundByNumber,
    Professional,
    ProfessionalDraft,
    ProfessionalId,
)
from coordination.values import PersonId, phone_key
from db.stores.found import few, holding, one_of, open_
from db.stores.people_rows import ROW_COLUMNS, ROW_FROM, row_of
from db.tables.callers import contact_caller, professional
from db.tables.governance import user_account  # noqa: F401  (its table is named by foreign keys)
from db.tables.intake import contact
from db.tables.people import person, person_around, person_former
from db.tables.reference import practice, team
from db.today import TODAY

_EARLIER = 40  # contacts from a number that are looked at
_NEED_SHOWN = 120
_COLUMNS = (
    ("kind", Text), ("key", Text), ("name", Text), ("relation", Text), ("organisation", Text), ("phone", Text),
    ("is_carer", Boolean), ("caller_person_id", Uuid), ("caller_around_id", Uuid), ("caller_professional_id", Uuid),
    ("about_id", Uuid), ("at", DateTime(timezone=True)), ("need", Text), ("former", Boolean),
)  # fmt: skip
_GIVEN_AND_SURNAME = func.trim(person.c.given + " " + person.c.surname)


class PgCallerStore:
    """Numbers and professionals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---------------------------------------------------------------- whose a number is

    def by_number(self, keys: Sequence[str], each: int) -> list[FoundByNumber]:
        parts = [
            _people(keys, each), _former(keys, each), _around(keys, each), _professionals(keys, each),
            _practices(keys, each), _teams(keys, each), _earlier_by_words(keys), _earlier_by_link(keys),
        ]  # fmt: skip
        found = union_all(*parts).subquery("found")
        query = select(found, *(column.label(f"shown_{column.name}") for column in ROW_COLUMNS)).select_from(
            found.outerjoin(ROW_FROM, person.c.id == found.c.about_id)
        )
        return [_found(r) for r in self._connection.execute(query)]

    def can_be_named(self, person_id: UUID | None, around_id: UUID | None, professional_id: UUID | None) -> bool:
        asked = (
            (person.c.id, person_id),
            (person_around.c.id, around_id),
            (professional.c.id, professional_id),
        )
        wanted = [exists().where(column == key) for column, key in asked if key is not None]
        return all(self._connection.execute(select(*wanted)).one()) if wanted else True

    # ---------------------------------------------------------------- professionals

    def professional(self, professional_id: ProfessionalId) -> Professional | None:
        query = select(professional).where(professional.c.id == professional_id)
        row = self._connection.execute(query).one_or_none()
        return _professional(row) if row else None

    def same_professional(self, draft: ProfessionalDraft) -> ProfessionalId | None:
        t = professional
        same = select(t.c.id).where(
            t.c.active,
            func.fold(t.c.name) == func.fold(draft.name),
            func.fold(t.c.organisation) == func.fold(draft.organisation),
            func.coalesce(t.c.phone_key, "") == phone_key(draft.phone),
        )
        found = self._connection.execute(same.order_by(t.c.id).limit(1)).scalar_one_or_none()
        return ProfessionalId(found) if found else None

    def add_professional(self, draft: ProfessionalDraft) -> None:
        values = {
            "id": draft.id,
            "name": draft.name,
            "role": draft.role,
            "organisation": draft.organisation,
            "practice_code": draft.practice_code or None,
            "phone": draft.phone,
            "email": draft.email,
        }
        self._connection.execute(insert(professional).values(values).on_conflict_do_nothing(index_elements=["id"]))

    def set_active(self, professional_id: ProfessionalId, seen: int, active: bool) -> bool:
        t = professional
        query = update(t).where(t.c.id == professional_id, t.c.revision == seen)
        return self._connection.execute(query.values(active=active, revision=seen + 1)).rowcount == 1

    def professionals(self, text: str, limit: int) -> list[Professional]:
        t = professional
        part = func.fold(text)
        # strpos, and not LIKE: what is typed holds no wildcards.
        holds = or_(func.strpos(func.fold(t.c.name), part) > 0, func.strpos(func.fold(t.c.organisation), part) > 0)
        query = select(t).where(t.c.active, part != "", holds).order_by(t.c.name, t.c.id).limit(limit)
        return [_professional(r) for r in self._connection.execute(query)]


def _professional(r: Any) -> Professional:
    return Professional(
        ProfessionalId(r.id), r.name, r.role, r.organisation, r.practice_code, r.phone, r.email, r.active, r.revision
    )


def _found(r: Any) -> FoundByNumber:
    values = r._mapping
    shown = {column.name: values[f"shown_{column.name}"] for column in ROW_COLUMNS}
    return FoundByNumber(
        r.kind,
        r.key,
        r.name,
        r.relation,
        r.organisation,
        r.phone,
        bool(r.is_carer),
        PersonId(r.caller_person_id) if r.caller_person_id else None,
        AroundId(r.caller_around_id) if r.caller_around_id else None,
        ProfessionalId(r.caller_professional_id) if r.caller_professional_id else None,
        row_of(_Row(shown)) if shown["id"] is not None else None,
        r.at,
        r.need or "",
        bool(r.former),
    )


class _Row:
    """Columns under their own names again."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _part(source: FromClause, kind: str, key: Any, **values: Any) -> Select[Any]:
    """One line of the union: what is not given is null."""
    given: dict[str, Any] = {"kind": literal(kind), "key": key, **values}
    return select(
        *(cast(given.get(name, null()), type_).label(name) for name, type_ in _COLUMNS)
    ).select_from(source)  # fmt: skip


def _limited(query: Select[Any], most: int, order: ColumnElement[Any]) -> Select[Any]:
    inner = query.order_by(order).limit(most).subquery()
    return select(inner)


def _people(keys: Sequence[str], each: int) -> Select[Any]:
    t = person
    query = _part(
        t, "person", t.c.id, name=_GIVEN_AND_SURNAME, relation=literal(""), organisation=literal(""),
        phone=func.coalesce(func.nullif(t.c.phone, ""), t.c.other_phone), caller_person_id=t.c.id, about_id=t.c.id,
    )  # fmt: skip
    ids = holding(t, (t.c.phone_key, t.c.other_phone_key), keys)
    living = t.c.deceased_on.is_(None), t.c.merged_into.is_(None)
    return _limited(query.where(t.c.id == ids, *living), each, t.c.surname_key)


def _former(keys: Sequence[str], each: int) -> Select[Any]:
    """The numbers of records that were merged into one that is kept."""
    t, f = person, person_former
    number = case((f.c.phone_key.in_(keys), f.c.phone), else_=f.c.other_phone)
    query = _part(
        f.join(t, t.c.id == f.c.person_id), "person", t.c.id, name=_GIVEN_AND_SURNAME, relation=literal(""),
        organisation=literal(""), phone=number, caller_person_id=t.c.id, about_id=t.c.id, former=literal(True),
    )  # fmt: skip
    ids = holding(f, (f.c.phone_key, f.c.other_phone_key), keys)
    living = t.c.deceased_on.is_(None), t.c.merged_into.is_(None)
    return _limited(query.where(f.c.id == ids, *living), each, t.c.surname_key)


def _around(keys: Sequence[str], each: int) -> Select[Any]:
    t = person_around
    query = _part(
        t, "around", t.c.id, name=t.c.name, relation=t.c.relation, organisation=literal(""), phone=t.c.phone,
        is_carer=t.c.is_carer, caller_around_id=t.c.id, about_id=t.c.person_id,
    )  # fmt: skip
    still = or_(t.c.until.is_(None), t.c.until >= TODAY)
    ids = holding(t, (t.c.phone_key,), keys)
    return _limited(query.where(t.c.id == ids, still), each, t.c.name)


def _professionals(keys: Sequence[str], each: int) -> Select[Any]:
    t = professional
    query = _part(
        t, "professional", t.c.id, name=t.c.name, relation=t.c.role, organisation=t.c.organisation, phone=t.c.phone,
        caller_professional_id=t.c.id,
    )  # fmt: skip
    return _limited(query.where(t.c.phone_key.in_(keys), t.c.active), each, t.c.name)


def _practices(keys: Sequence[str], each: int) -> Select[Any]:
    t = practice
    query = _part(
        t, "practice", t.c.code, name=literal(""), relation=literal("GP"), organisation=t.c.name, phone=t.c.phone
    )
    return _limited(query.where(func.phone_key(t.c.phone).in_(keys), t.c.active), each, t.c.name)


def _teams(keys: Sequence[str], each: int) -> Select[Any]:
    t = team
    query = _part(t, "team", t.c.id, name=literal(""), relation=literal(""), organisation=t.c.name, phone=t.c.phone)
    return _limited(query.where(func.phone_key(t.c.phone).in_(keys)), each, t.c.name)


def _earlier_by_words(keys: Sequence[str]) -> Select[Any]:
    """Contacts on which the number stands. Of a professional the words are on the contact, the link beside it."""
    t, k, p = contact, contact_caller, professional
    source = t.outerjoin(k, k.c.contact_id == t.c.id).outerjoin(p, p.c.id == k.c.caller_professional_id)
    query = _part(
        source, "earlier", t.c.id, name=func.coalesce(p.c.name, t.c.caller_name),
        relation=func.coalesce(p.c.role, t.c.caller_relation), organisation=func.coalesce(p.c.organisation, ""),
        phone=t.c.caller_phone, caller_professional_id=p.c.id, about_id=t.c.person_id,
        at=t.c.received_at, need=func.left(t.c.need, _NEED_SHOWN),
    )  # fmt: skip
    query = query.where(or_(p.c.id.is_(None), p.c.active))
    # The first by the index in its order: as many as a switchboard makes.
    both = (
        query.where(open_(t), t.c.caller_phone_key.in_(keys)),
        query.where(t.c.id == one_of(few(t, (t.c.caller_phone_key,), keys))),
    )
    rows = union_all(*(_limited(each, _EARLIER, t.c.received_at.desc()) for each in both)).subquery()
    return _limited(select(rows), _EARLIER, rows.c.at.desc())


def _earlier_by_link(keys: Sequence[str]) -> Select[Any]:
    """Contacts that a registered person made, or somebody around one: from whatever number it was then."""
    t, k = contact, contact_caller
    source = k.join(t, t.c.id == k.c.contact_id).outerjoin(person_around, person_around.c.id == k.c.caller_around_id)
    query = _part(
        source, "earlier", t.c.id, name=k.c.name, relation=k.c.relation, organisation=literal(""), phone=k.c.phone,
        is_carer=person_around.c.is_carer, caller_person_id=k.c.caller_person_id,
        caller_around_id=k.c.caller_around_id, about_id=t.c.person_id, at=t.c.received_at,
        need=func.left(t.c.need, _NEED_SHOWN),
    )  # fmt: skip
    return _limited(query.where(k.c.contact_id == holding(k, (k.c.phone_key,), keys)), _EARLIER, t.c.received_at.desc())
