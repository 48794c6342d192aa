"""Registering, correcting and opening a person's record, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, text

from coordination.clock import SystemClock, local_date
from coordination.errors import BadValues, Conflict, NotAllowed, NotFound, Refused
from coordination.intake.model import Advice, ContactDraft
from coordination.people.model import AlertDraft, AroundDraft, Match, PersonDraft
from coordination.values import NhsNumber, PersonId, new_id
from tests.database import CentreDb

EMMELINE = PersonDraft(
    surname="Pankhurst",
    given="Emmeline",
    title="Mrs",
    birth_date="14/7/1945",
    gender="female",
    nhs_number="943 476 5919",
    address="62 Nelson Street",
    postcode="m13 9wp",
    phone="0161 496 0000",
)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that goes to the server meanwhile."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def new_person() -> PersonId:
    return PersonId(new_id())


@pytest.fixture
def city(centre_db: CentreDb) -> CentreDb:
    """One known postcode, and a practice in another neighbourhood."""
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into postcode values ('M13 9WP', 'E05000688', 53.46, -2.22)"))
        connection.execute(
            text(
                "insert into practice (code, name, neighbourhood_id) values ('P84001', 'The Example Practice', 1),"
                " ('P84002', 'A Practice Beyond', null)"
            )
        )
    return centre_db


def test_registers_and_reads_back_exactly(city: CentreDb) -> None:
    people = city.sign_in("cora.coordinator").services.people
    person_id = new_person()
    person = people.register(replace(EMMELINE, practice_code="p84001"), person_id)
    assert person.id == person_id
    assert person.fields.nhs_number == NhsNumber("9434765919")
    assert person.fields.birth_date == date(1945, 7, 14)
    assert person.home is not None
    assert person.home.ward == "Ardwick"
    assert (person.registered_by, person.revision, person.warnings) == ("cora.coordinator", 1, ())
    # P2: health follows the practice, social care the residence.
    assert person.responsibility.differ
    assert person.responsibility.health is not None
    assert person.responsibility.health.neighbourhood_id == 1
    assert person.responsibility.social_care is not None
    assert person.responsibility.social_care.neighbourhood_id == 5


@pytest.mark.parametrize(
    "name",
    [
        "O’Brien-D'Arcy",
        "Łukasiewicz",
        "Nguyễn",
        "محمد الحسن",
        "שרה",
        "李小龍",
        "Zoë 🌻",
        "Ng",
        "de la Cruz",
        "Nu\u0308\u00df",
    ],
)
def test_names_are_kept_exactly_and_found(centre_db: CentreDb, name: str) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person = people.register(PersonDraft(surname=name, given="Ém"), new_person())
    assert people.get(person.id).fields.surname == name
    assert [row.id for row in people.find(name)] == [person.id]


def test_the_same_create_twice_is_one_person(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person_id = new_person()
    assert people.register(EMMELINE, person_id) == people.register(EMMELINE, person_id)
    assert len(people.find("Pankhurst")) == 1


def test_every_bad_field_is_told_at_once(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    draft = PersonDraft(
        surname=" ",
        given="a\0b",
        birth_date="31/02/1950",
        nhs_number="943 476 5918",
        postcode="nonsense",
        gender="x",
        address="a" * 501,
    )
    with pytest.raises(BadValues) as told:
        people.register(draft, new_person())
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("surname", "missing"),
        ("given", "has_unstorable_character"),
        ("birth_date", "impossible_date"),
        ("nhs_number", "check_digit_fails"),
        ("postcode", "not_a_postcode"),
        ("gender", "not_in_list"),
        ("address", "too_long"),
    }


def test_future_birth_is_refused_and_unknown_practice_too(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    with pytest.raises(BadValues) as told:
        people.register(replace(EMMELINE, birth_date=local_date(SystemClock().now()) + timedelta(days=1)), new_person())
    assert told.value.problems[0].reason == "in_the_future"
    with pytest.raises(BadValues) as told:
        people.register(replace(EMMELINE, practice_code="Z99999"), new_person())
    assert told.value.problems[0].field == "practice_code"


def test_unknown_postcode_is_a_warning(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person = people.register(EMMELINE, new_person())
    assert person.home is None
    assert person.warnings == ("postcode_not_in_city_table",)


def test_taken_number_tells_who_has_it(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    first = people.register(EMMELINE, new_person())
    with pytest.raises(Refused) as told:
        people.register(replace(EMMELINE, surname="Other"), new_person())
    (in_the_way,) = told.value.obstacles
    assert in_the_way.code == "nhs_number_taken"
    assert in_the_way.fact("who").id == first.id


def test_stale_correction_is_a_conflict_with_the_present_record(centre_db: CentreDb) -> None:
    here, there = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("cole.coordinator")
    person = here.services.people.register(EMMELINE, new_person())
    there.services.people.update(person.id, person.revision, replace(EMMELINE, phone="0161 496 0001"))
    with pytest.raises(Conflict) as told:
        here.services.people.update(person.id, person.revision, replace(EMMELINE, phone="0161 496 0002"))
    assert told.value.current.fields.phone == "0161 496 0001"
    assert told.value.current.revision == 2


def test_record_is_a_constant_number_of_queries_and_a_noted_view(city: CentreDb) -> None:
    desk = city.sign_in("cora.coordinator")
    people, intake = desk.services.people, desk.services.intake
    person = people.register(EMMELINE, new_person())

    def count() -> int:
        with statements(desk.engine) as seen:
            people.open_record(person.id)
        return len(seen)

    empty = count()
    people.add_alert(person.id, AlertDraft("safeguarding", "See the notes of 3 May"), new_id())
    people.add_around(person.id, AroundDraft("Christabel", "daughter", "0161 496 0009", True), new_id())
    for _ in range(12):
        intake.take_contact(ContactDraft(person_id=person.id, need="A call"), new_id(), Advice("Told the number"))  # type: ignore[arg-type]
    assert count() == empty == 1  # the record, and its note on the trail with it
    record = people.open_record(person.id)
    assert len(record.contacts) == 12
    assert record.carer is not None
    assert record.carer.name == "Christabel"
    assert [a.kind for a in record.alerts] == ["safeguarding"]
    assert {item.what for item in people.timeline(person.id).items} == {"contact", "advice", "alert", "record"}
    with city.owner.begin() as connection:
        views = connection.execute(
            text("select count(*) from audit.entry where action = 'view' and person_id = :p"),
            {"p": person.id},
        ).scalar_one()
    assert views == 3


def test_ended_alert_is_no_longer_in_force(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person = people.register(EMMELINE, new_person())
    alert = people.add_alert(person.id, AlertDraft("infection", "MRSA"), new_id())
    people.end_alert(person.id, alert.id, alert.revision)
    assert people.open_record(person.id).alerts == ()
    with pytest.raises(Conflict):
        people.end_alert(person.id, alert.id, alert.revision)


def test_named_teams_person_is_not_there_for_another_team(centre_db: CentreDb) -> None:
    mine, other = centre_db.sign_in("tess.lead"), centre_db.sign_in("dina.lead")
    person = mine.services.people.register(EMMELINE, new_person())
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
        connection.execute(
            text(
                "insert into person_sharing (person_id, team_id) select :p, id from team where name like 'North reab%'"
            ),
            {"p": person.id},
        )
    assert [row.id for row in mine.services.people.find("pankhurst")] == [person.id]
    assert other.services.people.find("pankhurst") == []
    assert other.services.people.find("943 476 5919") == []
    with pytest.raises(NotFound):
        other.services.people.open_record(person.id)
    # The number is taken all the same, and nobody is named.
    with pytest.raises(Refused) as told:
        other.services.people.register(replace(EMMELINE, surname="Other"), new_person())
    assert told.value.obstacles[0].code == "nhs_number_taken_unseen"


def test_summary_hides_the_detail_and_says_so(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person = people.register(EMMELINE, new_person())
    people.add_around(person.id, AroundDraft("Christabel"), new_id())
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary'"))
    record = people.open_record(person.id)
    assert record.detail_hidden
    assert record.around == ()


def test_a_manager_does_not_register(centre_db: CentreDb) -> None:
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.people.register(EMMELINE, new_person())


def test_likely_duplicates_with_reasons(centre_db: CentreDb) -> None:
    people = centre_db.sign_in("cora.coordinator").services.people
    person = people.register(EMMELINE, new_person())
    people.register(PersonDraft(surname="Unrelated", given="Somebody", birth_date="1/1/1980"), new_person())

    def found(**facts: str) -> list[tuple[str, set[Match]]]:
        draft = PersonDraft(**facts)  # type: ignore[arg-type]
        return [(d.strength, set(d.reasons)) for d in people.likely_duplicates(draft) if d.row.id == person.id]

    name, born = {"surname": "pankhurst", "given": "EMMELINE"}, {"birth_date": "14 Jul 1945"}
    assert found(nhs_number="9434765919")[0][0] == "same"
    # Name and birth date alone never decide.
    assert found(**name, **born)[0][0] == "possible"
    assert found(**name, **born, postcode="M13 9WP")[0][0] == "likely"
    misspelt = found(surname="Pankhurts", given="Emeline", **born, phone="+44 161 496 0000")
    assert misspelt[0][0] == "likely"
    assert Match("surname", "misspelt") in misspelt[0][1]
    assert found(surname="Pankhurst") == []
    assert people.likely_duplicates(PersonDraft()) == []
