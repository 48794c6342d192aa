"""Who made a contact and what advice was given in it: kept beside the contact, read with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from coordination.intake.model import GivenAdvice
from coordination.intake.store import ContactRow
from coordination.names import listed
from coordination.people.callers.model import AroundId, ProfessionalId
from coordination.values import ContactId, PersonId
from db.tables.callers import contact_advice, contact_caller, professional
from db.tables.governance import user_account
from db.tables.intake import contact
from db.tables.people import person, person_around

_LINKS = ("caller_person_id", "caller_around_id", "caller_professional_id")
_WORDS = ("name", "relation", "phone")
_around_of = person.alias("caller_around_of")
_giver = user_account.alias("giver")

_given = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_object(
                    "code", contact_advice.c.code, "title", contact_advice.c.title, "words", contact_advice.c.words,
                    "given_at", contact_advice.c.given_at,
                    "by_name", func.coalesce(_giver.c.display_name, contact_advice.c.given_by),
                ),
                contact_advice.c.given_at,
                contact_advice.c.title,
            )
        )
    )
    .select_from(contact_advice.outerjoin(_giver, _giver.c.user_name == contact_advice.c.given_by))
    .where(contact_advice.c.contact_id == contact.c.id)
    .scalar_subquery()
)  # fmt: skip

CALLER_COLUMNS = (
    *(contact_caller.c[name] for name in _LINKS),
    *(contact_caller.c[name].label(f"linked_{name}") for name in _WORDS),
    _around_of.c.surname.label("around_of_surname"),
    _around_of.c.given.label("around_of_given"),
    professional.c.organisation.label("caller_organisation"),
    _given.label("advice"),
)


# As words_of, in SQL: of people the words stand with the caller, and nowhere else.
CALLER_NAME = func.coalesce(func.nullif(contact_caller.c.name, ""), contact.c.caller_name)
CALLER_RELATION = func.coalesce(func.nullif(contact_caller.c.relation, ""), contact.c.caller_relation)


def with_caller(source: Any) -> Any:
    """A from clause that holds ``contact``, with its caller as far as this desk may know of them."""
    return (
        source.outerjoin(contact_caller, contact_caller.c.contact_id == contact.c.id)
        .outerjoin(person_around, person_around.c.id == contact_caller.c.caller_around_id)
        .outerjoin(_around_of, _around_of.c.id == person_around.c.person_id)
        .outerjoin(professional, professional.c.id == contact_caller.c.caller_professional_id)
    )


def words_of(r: Any) -> tuple[str, str, str]:
    """Name, relation and phone, from wherever they stand."""
    if r.caller_person_id or r.caller_around_id:
        return r.linked_name, r.linked_relation, r.linked_phone
    return r.caller_name, r.caller_relation, r.caller_phone


def caller_of(r: Any) -> dict[str, Any]:
    """The further fields of a Contact, from CALLER_COLUMNS."""
    return {
        "caller_person_id": PersonId(r.caller_person_id) if r.caller_person_id else None,
        "caller_around_id": AroundId(r.caller_around_id) if r.caller_around_id else None,
        "caller_professional_id": ProfessionalId(r.caller_professional_id) if r.caller_professional_id else None,
        "caller_of": listed(r.around_of_surname or "", r.around_of_given or ""),
        "caller_organisation": r.caller_organisation or "",
        "advice": tuple(
            GivenAdvice(
                one["code"], one["title"], one["words"], datetime.fromisoformat(one["given_at"]), one["by_name"]
            )
            for one in r.advice or ()
        ),
    }


def split(row: ContactRow) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The columns of the contact, and those of its caller; of people the words go with the caller (R2)."""
    values = asdict(row)
    links = {name: values.pop(name) for name in _LINKS}
    if not any(links.values()):
        return values, None
    caller = {"contact_id": row.id, **links}
    if row.caller_professional_id is None:
        for name in _WORDS:
            caller[name] = values[f"caller_{name}"]
            values[f"caller_{name}"] = ""
    return values, caller


def set_caller(connection: Connection, contact_id: ContactId, caller: Mapping[str, Any] | None) -> None:
    """This caller and no other."""
    connection.execute(delete(contact_caller).where(contact_caller.c.contact_id == contact_id))
    add_caller(connection, caller)


def add_caller(connection: Connection, caller: Mapping[str, Any] | None) -> None:
    if caller is not None:
        query = insert(contact_caller).values(dict(caller))
        connection.execute(query.on_conflict_do_nothing(index_elements=["contact_id"]))


def give_advice(connection: Connection, contact_id: ContactId, advice: Sequence[GivenAdvice]) -> None:
    if not advice:
        return
    rows = [{"contact_id": contact_id, "code": a.code, "title": a.title, "words": a.words} for a in advice]
    connection.execute(insert(contact_advice).values(rows).on_conflict_do_nothing())
