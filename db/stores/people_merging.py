"""Merging and parting records: the functions of the database, and what they wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from coordination.people import merging
from coordination.people.merging import Comparison, Rows
from coordination.people.record import Former, Merge
from coordination.values import NhsNumber, PersonId
from db.stores.people_rows import PERSON_COLUMNS, PERSON_FROM, kept_person, moment, person_of
from db.tables.governance import user_account
from db.tables.people import person, person_merge

_MERGE = text("select merge_people(:id, :kept, :merged, :why, cast(:taken as text[]), :seen_kept, :seen_merged)")
_PART = text("select part_people(:id, :why, :also)").bindparams(bindparam("also", type_=JSONB))
_SINCE = text("select rows_since_merge(:id)").columns(found=JSONB)


def compare(connection: Connection, kept: PersonId, merged: PersonId) -> Comparison | None:
    """One statement. None when one of them is not there."""
    preview = select(func.merge_preview(kept, merged, type_=JSONB)).scalar_subquery()
    query = select(*PERSON_COLUMNS, preview.label("preview")).select_from(PERSON_FROM)
    rows = {r.id: r for r in connection.execute(query.where(person.c.id.in_((kept, merged))))}
    if len(rows) != 2:
        return None
    mine, theirs, preview_of = person_of(rows[kept]), person_of(rows[merged]), rows[kept].preview
    return Comparison(
        mine,
        theirs,
        merging.differing(mine.fields, theirs.fields),
        merging.sensible(mine, theirs),
        tuple(preview_of["moves"].items()),
        tuple(preview_of["obstacles"]),
    )


def merge(
    connection: Connection, merge_id: UUID, kept: PersonId, merged: PersonId, reason: str, taken: Iterable[str],
    seen: tuple[int, int],
) -> None:  # fmt: skip
    values = {"id": merge_id, "kept": kept, "merged": merged, "why": reason, "taken": sorted(taken)}
    connection.execute(_MERGE, {**values, "seen_kept": seen[0], "seen_merged": seen[1]})


def part(connection: Connection, merge_id: UUID, reason: str, also: Rows) -> None:
    connection.execute(_PART, {"id": merge_id, "why": reason, "also": {place: [*keys] for place, keys in also.items()}})


def since(connection: Connection, merge_id: UUID) -> Rows:
    found: Mapping[str, list[list[Any]]] = connection.execute(_SINCE, {"id": merge_id}).scalar_one()
    return {place: tuple(tuple(key) for key in keys) for place, keys in found.items()}


def merges(connection: Connection, person_id: PersonId) -> list[Merge]:
    """Newest first: those that this record took in, and those that it went into."""
    return [merge_of(dict(r._mapping)) for r in connection.execute(merges_of(kept_person(person_id)))]


def merges_of(person_id: Any) -> Select[Any]:
    """See ``merges``; the kept record's id may be an expression."""
    t, merger, parter = person_merge, user_account.alias("merger"), user_account.alias("parter")
    ids = func.records_of(person_id, type_=ARRAY(PG_UUID(as_uuid=True)))
    return (
        select(*(c for c in t.c if c.name not in ("own", "after", "moving")), merger.c.display_name.label("merger"))
        .add_columns(parter.c.display_name.label("parter"))
        .outerjoin(merger, merger.c.user_name == t.c.by_user)
        .outerjoin(parter, parter.c.user_name == t.c.undone_by)
        .where(or_(t.c.kept_id == func.any(ids), t.c.merged_id == person_id))
        .order_by(t.c.at.desc(), t.c.id.desc())
    )


def merge_of(r: Mapping[str, Any]) -> Merge:
    """From a row of person_merge with the display names of who merged and who parted."""
    was = r["before"]["merged"]
    return Merge(
        UUID(str(r["id"])),
        PersonId(UUID(str(r["kept_id"]))),
        PersonId(UUID(str(r["merged_id"]))),
        Former(
            was["surname"],
            was["given"],
            was["title"],
            date.fromisoformat(was["birth_date"]) if was["birth_date"] else None,
            NhsNumber(was["nhs_number"]) if was["nhs_number"] else None,
            was["address"],
            was["postcode"] or "",
            was["phone"],
        ),
        moment(r["at"]),
        r["merger"] or r["by_user"],
        r["reason"],
        frozenset(r["taken"]),
        tuple(
            (place.partition(".")[0], len(keys))
            for place, keys in r["moved"].items()
            if place not in ("person.merged_into", "person_former.person_id")
        ),
        moment(r["undone_at"]) if r["undone_at"] else None,
        r["parter"] or r["undone_by"] or "",
        r["undone_reason"],
    )
