"""Columns of a person and the records that they become."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, func, select

from coordination.people.model import Home, Person, PersonFields, PersonRow, Place, Practice
from coordination.values import NhsNumber, PersonId, Postcode, UserName
from db.tables.people import person
from db.tables.reference import neighbourhood, practice, ward

_home = neighbourhood.alias("home_neighbourhood")
_gp = neighbourhood.alias("practice_neighbourhood")

ROW_COLUMNS = (
    person.c.id,
    person.c.title,
    person.c.surname,
    person.c.given,
    person.c.known_as,
    person.c.birth_date,
    person.c.deceased_on,
    person.c.gender,
    person.c.nhs_number,
    person.c.address,
    person.c.postcode,
    person.c.phone,
    person.c.other_phone,
    _home.c.name.label("neighbourhood"),
    _home.c.locality,
)
ROW_FROM = person.outerjoin(ward, ward.c.code == person.c.ward_code).outerjoin(
    _home, _home.c.id == ward.c.neighbourhood_id
)

PERSON_COLUMNS = (
    *(column for column in person.c if not column.name.endswith("_key") and column.name != "merged_into"),
    ward.c.name.label("ward_name"),
    _home.c.id.label("home_id"),
    _home.c.name.label("home_name"),
    _home.c.locality.label("home_locality"),
    practice.c.name.label("practice_name"),
    practice.c.phone.label("practice_phone"),
    practice.c.active.label("practice_active"),
    _gp.c.id.label("gp_id"),
    _gp.c.name.label("gp_name"),
    _gp.c.locality.label("gp_locality"),
)
PERSON_FROM = ROW_FROM.outerjoin(practice, practice.c.code == person.c.practice_code).outerjoin(
    _gp, _gp.c.id == practice.c.neighbourhood_id
)


def kept_person(person_id: PersonId) -> ColumnElement[UUID]:
    """The record to read for an id: of one that was merged, the one that it was merged into."""
    return select(func.kept_person(person_id, type_=Uuid)).scalar_subquery()


def moment(said: datetime | str) -> datetime:
    """A time, as the driver or as JSON gives it."""
    return said if isinstance(said, datetime) else datetime.fromisoformat(said)


def row_of(r: Any) -> PersonRow:
    """A line of a list, from something that has ROW_COLUMNS as attributes."""
    return row_from([getattr(r, column.name) for column in ROW_COLUMNS])


def row_from(values: Sequence[Any]) -> PersonRow:
    """A line of a list, from the values of ROW_COLUMNS."""
    key, *names, born, deceased, gender, number, address, postcode, phone, other, neighbourhood, locality = values
    title, surname, given, known_as = names
    return PersonRow(
        PersonId(key),
        title,
        surname,
        given,
        known_as,
        born,
        deceased,
        gender,
        NhsNumber.kept(number) if number else None,
        address,
        Postcode.kept(postcode) if postcode else None,
        phone,
        other,
        neighbourhood,
        locality,
    )


def person_of(r: Any) -> Person:
    """Identity, from PERSON_COLUMNS."""
    home = Home(r.ward_code, r.ward_name, Place(r.home_id, r.home_name, r.home_locality)) if r.ward_code else None
    place = Place(r.gp_id, r.gp_name, r.gp_locality) if r.gp_id is not None else None
    gp = Practice(r.practice_code, r.practice_name, place, r.practice_phone or "", r.practice_active)
    return Person(
        PersonId(r.id),
        PersonFields(
            surname=r.surname,
            given=r.given,
            title=r.title,
            known_as=r.known_as,
            birth_date=r.birth_date,
            gender=r.gender,
            nhs_number=NhsNumber(r.nhs_number) if r.nhs_number else None,
            nhs_status=r.nhs_status,
            address=r.address,
            postcode=Postcode(r.postcode) if r.postcode else None,
            phone=r.phone,
            other_phone=r.other_phone,
            email=r.email,
            language=r.language,
            interpreter=r.interpreter,
            communication=r.communication,
            access_notes=r.access_notes,
            practice_code=r.practice_code,
            deceased_on=r.deceased_on,
        ),
        home,
        gp if r.practice_code else None,
        r.risk_score,
        r.risk_tier,
        r.sharing_level,
        r.registered_at,
        UserName(r.registered_by),
        r.revision,
    )


def columns_of(fields: PersonFields) -> dict[str, Any]:
    """A checked draft as columns."""
    return {
        "surname": fields.surname,
        "given": fields.given,
        "title": fields.title,
        "known_as": fields.known_as,
        "birth_date": fields.birth_date,
        "gender": fields.gender,
        "nhs_number": fields.nhs_number.digits if fields.nhs_number else None,
        "nhs_status": fields.nhs_status,
        "address": fields.address,
        "postcode": fields.postcode.text if fields.postcode else None,
        "phone": fields.phone,
        "other_phone": fields.other_phone,
        "email": fields.email,
        "language": fields.language,
        "interpreter": fields.interpreter,
        "communication": fields.communication,
        "access_notes": fields.access_notes,
        "practice_code": fields.practice_code,
        "deceased_on": fields.deceased_on,
    }
