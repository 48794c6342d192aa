"""Caller first on a real database: whose a number is, both kept, professionals, advice, who may not be seen (R2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from coordination.errors import BadValues, Conflict, NotAllowed
from coordination.intake.model import Advice, Contact, ContactDraft, GivenAdvice, NoAction, Refer, ReferralDraft
from coordination.people.callers.model import AroundId, ProfessionalDraft, ProfessionalId
from coordination.people.model import AroundDraft, Person, PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from db import migrations
from tests.database import CentreDb, SignedIn
from tests.db.test_people import statements

NUMBER = "0161 496 0903"


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def tess(centre_db: CentreDb) -> SignedIn:
    """A lead of the team with which a hidden person shares."""
    return centre_db.sign_in("tess.lead")


def register(desk: SignedIn, surname: str, given: str = "Ann", phone: str = "", **of: Any) -> Person:
    draft = PersonDraft(surname=surname, given=given, phone=phone, **of)
    return desk.services.people.register(draft, PersonId(new_id()))


def around(desk: SignedIn, person: Person, name: str, phone: str, *, carer: bool = True) -> AroundId:
    draft = AroundDraft(name, "daughter", phone, carer)
    return AroundId(desk.services.people.add_around(person.id, draft, new_id()).id)


def hide(db: CentreDb, person: Person, level: str = "named_teams") -> None:
    with db.owner.begin() as connection:
        connection.execute(
            text("update person set sharing_level = :level where id = :id"), {"level": level, "id": person.id}
        )
        connection.execute(
            text(
                "insert into person_sharing (person_id, team_id) select :id, id from team where name like 'North reab%'"
            ),
            {"id": person.id},
        )


def take(desk: SignedIn, need: str = "Stairs", ending: Any = None, **of: Any) -> Contact:
    draft = ContactDraft(need=need, **of)
    return desk.services.intake.take_contact(draft, ContactId(new_id()), ending or NoAction("Wrong number")).contact


def doctor(**of: Any) -> ProfessionalDraft:
    given = {"name": "Dr Amira Malik", "role": "GP", "organisation": "Ancoats practice", "phone": "0161 496 0700", **of}
    return ProfessionalDraft(ProfessionalId(new_id()), **given)


# ---------------------------------------------------------------- whose a number is


def test_one_number_finds_person_carer_professional_practice_and_earlier_callers(
    cora: SignedIn, centre_db: CentreDb
) -> None:
    emmeline = register(cora, "Pankhurst", "Emmeline", NUMBER)
    sylvia = register(cora, "Pankhurst", "Sylvia", other_phone="+44 161 496 0903")
    adela = register(cora, "Goulden", "Adela")
    around(cora, adela, "Christabel Pankhurst", "(0161) 496-0903")
    cora.services.callers.add_professional(doctor(phone="0161 4960903"))
    take(cora, caller_name="Mr Bright", caller_phone="01614960903", person_id=adela.id, need="Asked for a rail")
    with centre_db.owner.begin() as connection:
        connection.execute(
            text("insert into practice (code, name, phone) values ('P84004', 'Ancoats practice', '0161 496 0903')")
        )
    with statements(cora.engine) as asked:
        found = cora.services.callers.find("0044 (0)161 496 0903")
    assert len([one for one in asked if "union all" in one.lower()]) == 1  # one list, one query
    assert [(one.kind, one.name) for one in found] == [
        ("person", "Emmeline Pankhurst"),
        ("person", "Sylvia Pankhurst"),
        ("around", "Christabel Pankhurst"),
        ("professional", "Dr Amira Malik"),
        ("practice", ""),
        ("earlier", "Mr Bright"),
    ]
    assert found[0].person_id == emmeline.id and [p.id for p in found[1].about] == [sylvia.id]
    assert [p.surname for p in found[2].about] == ["Goulden"] and found[2].is_carer
    assert (found[5].last_need, found[5].about[0].id) == ("Asked for a rail", adela.id)
    assert cora.services.callers.find("496 0903") == found  # as Manchester dials itself
    assert cora.services.callers.find("0161 496 0904") == []
    assert cora.services.callers.find("0161") == []


def test_a_hidden_person_is_not_there_nor_who_is_around_them(
    cora: SignedIn, tess: SignedIn, centre_db: CentreDb
) -> None:
    hidden = register(cora, "Pankhurst", "Emmeline", NUMBER)
    around(cora, hidden, "Christabel", NUMBER)
    take(cora, caller_name="Christabel", caller_phone=NUMBER, person_id=hidden.id)
    hide(centre_db, hidden)
    assert cora.services.callers.find(NUMBER) == []
    assert [one.kind for one in tess.services.callers.find(NUMBER)] == ["person", "around"]
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'summary'"))
    # Who they are is part of a summary, the people around them are not; the contact in words is.
    assert [one.kind for one in cora.services.callers.find(NUMBER)] == ["person", "earlier"]


def test_somebody_who_has_died_does_not_call(cora: SignedIn) -> None:
    register(cora, "Pankhurst", "Emmeline", NUMBER, deceased_on="1/2/2020")
    assert cora.services.callers.find(NUMBER) == []


def test_an_administrator_finds_nobody(cora: SignedIn, centre_db: CentreDb) -> None:
    register(cora, "Pankhurst", "Emmeline", NUMBER)
    assert centre_db.sign_in("ada.admin").services.callers.find(NUMBER) == []


# ---------------------------------------------------------------- both are kept


def test_a_contact_about_one_person_from_another_keeps_both(cora: SignedIn) -> None:
    emmeline, sylvia = register(cora, "Pankhurst", "Emmeline"), register(cora, "Pankhurst", "Sylvia", NUMBER)
    words = {"caller_name": "Sylvia Pankhurst", "caller_relation": "Daughter", "caller_phone": NUMBER}
    contact = take(cora, person_id=emmeline.id, caller_person_id=sylvia.id, **words)
    assert (contact.person_id, contact.caller_person_id) == (emmeline.id, sylvia.id)
    assert (contact.caller_name, contact.caller_relation, contact.caller_phone) == tuple(words.values())
    record = cora.services.people.open_record(emmeline.id)
    assert [(c.caller_name, c.caller_relation) for c in record.contacts] == [("Sylvia Pankhurst", "Daughter")]
    (found,) = cora.services.callers.find(NUMBER)
    assert [p.id for p in found.about] == [sylvia.id, emmeline.id]  # themselves, then whom they called about


def test_the_person_themselves_may_call(cora: SignedIn) -> None:
    emmeline = register(cora, "Pankhurst", "Emmeline", NUMBER)
    contact = take(cora, person_id=emmeline.id, caller_person_id=emmeline.id, caller_name="Emmeline Pankhurst")
    assert contact.caller_person_id == contact.person_id


def test_somebody_around_a_person_is_named_with_whom(cora: SignedIn) -> None:
    emmeline = register(cora, "Pankhurst", "Emmeline")
    daughter = around(cora, emmeline, "Christabel", NUMBER)
    contact = take(cora, person_id=emmeline.id, caller_around_id=daughter, caller_name="Christabel")
    assert (contact.caller_around_id, contact.caller_of) == (daughter, "PANKHURST, Emmeline")


def test_a_caller_who_may_not_be_seen_is_not_shown_but_the_contact_is(
    cora: SignedIn, tess: SignedIn, centre_db: CentreDb
) -> None:
    adela, hidden = register(cora, "Goulden", "Adela"), register(cora, "Pankhurst", "Emmeline", NUMBER)
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "No hurry")
    words = {"caller_name": "Emmeline Pankhurst", "caller_relation": "Niece", "caller_phone": NUMBER}
    contact = take(cora, ending=Refer((draft,)), person_id=adela.id, caller_person_id=hidden.id, **words)
    hide(centre_db, hidden)
    seen = cora.services.intake.open_referral(draft.id).contact
    assert (seen.id, seen.need) == (contact.id, "Stairs")
    assert (seen.caller_person_id, seen.caller_name, seen.caller_relation, seen.caller_phone) == (None, "", "", "")
    assert tess.services.intake.open_referral(draft.id).contact.caller_name == "Emmeline Pankhurst"
    assert [c.caller_name for c in cora.services.people.open_record(adela.id).contacts] == [""]
    with centre_db.psql("cora.coordinator") as connection:  # nor by other ways
        row = connection.execute("select * from contact where id = %s", (contact.id,)).fetchone()
        assert "Pankhurst" not in str(row) and "4960903" not in str(row).replace(" ", "")
        assert connection.execute("select count(*) from contact_caller").fetchone() == (0,)


def test_nobody_links_a_caller_whom_they_may_not_see(cora: SignedIn, centre_db: CentreDb) -> None:
    adela, hidden = register(cora, "Goulden"), register(cora, "Pankhurst")
    daughter = around(cora, hidden, "Christabel", NUMBER)
    hide(centre_db, hidden)
    for link in ({"caller_person_id": hidden.id}, {"caller_around_id": daughter}, {"caller_professional_id": new_id()}):
        with pytest.raises(BadValues) as told:
            take(cora, person_id=adela.id, **link)
        assert [(p.field, p.reason) for p in told.value.problems] == [("caller_name", "caller_gone")]
    contact = take(cora, person_id=adela.id)
    for column, key in (("caller_person_id", hidden.id), ("caller_around_id", daughter)):
        with centre_db.psql("cora.coordinator") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"insert into contact_caller (contact_id, {column}) values (%s, %s)", (contact.id, key))


def test_one_caller_and_no_more(cora: SignedIn, centre_db: CentreDb) -> None:
    adela, sylvia = register(cora, "Goulden"), register(cora, "Pankhurst")
    daughter = around(cora, adela, "Bea", NUMBER)
    with pytest.raises(BadValues) as told:
        take(cora, caller_person_id=sylvia.id, caller_around_id=daughter)
    assert [(p.field, p.reason) for p in told.value.problems] == [("caller_name", "one_caller")]
    contact = take(cora)
    with centre_db.owner.begin() as connection, pytest.raises(Exception, match="contact_has_one_caller"):
        connection.execute(
            text("insert into contact_caller (contact_id, caller_person_id, caller_around_id) values (:c, :p, :a)"),
            {"c": contact.id, "p": sylvia.id, "a": daughter},
        )


def test_sent_twice_it_is_one_contact_with_one_caller(cora: SignedIn, centre_db: CentreDb) -> None:
    contact_id, sylvia = ContactId(new_id()), register(cora, "Pankhurst")
    draft = ContactDraft(need="x", caller_person_id=sylvia.id, advice=(GivenAdvice("a", "A", "Words"),))
    for _ in range(2):
        cora.services.intake.take_contact(draft, contact_id, Advice("Said"))
    with centre_db.owner.begin() as connection:
        for table in ("contact_caller", "contact_advice"):
            assert connection.execute(text(f"select count(*) from {table}")).scalar_one() == 1


# ---------------------------------------------------------------- professionals


def test_a_professional_who_calls_is_kept_in_the_same_breath_and_found_next_time(cora: SignedIn) -> None:
    new = doctor()
    contact = take(cora, caller_name="Dr Amira Malik", caller_phone="0161 496 0700", new_professional=new)
    assert (contact.caller_professional_id, contact.caller_organisation) == (new.id, "Ancoats practice")
    assert contact.caller_name == "Dr Amira Malik"
    (found,) = cora.services.callers.find("+44 161 496 0700")
    assert (found.kind, found.name, found.relation, found.organisation, found.last_need) == (
        "professional", "Dr Amira Malik", "GP", "Ancoats practice", "Stairs",
    )  # fmt: skip
    again = take(cora, caller_professional_id=new.id)
    assert again.caller_organisation == "Ancoats practice"
    assert [p.name for p in cora.services.callers.professionals("malik")] == ["Dr Amira Malik"]
    assert cora.services.callers.professionals("%") == []


def test_the_same_professional_kept_at_two_desks_is_one(cora: SignedIn, centre_db: CentreDb) -> None:
    first = take(cora, new_professional=doctor())
    other = centre_db.sign_in("cole.coordinator")
    second = take(other, new_professional=doctor(name="DR AMIRA MALIK", phone="(0161) 496 0700"))
    assert first.caller_professional_id == second.caller_professional_id


def test_taken_out_they_are_not_found_and_the_contact_still_names_them(cora: SignedIn) -> None:
    new = doctor()
    contact = take(cora, caller_name="Dr Amira Malik", caller_phone="0161 496 0700", new_professional=new)
    kept = cora.services.callers.professional(new.id)
    out = cora.services.callers.take_out(new.id, kept.revision)
    assert cora.services.callers.find("0161 496 0700") == []
    assert cora.services.intake.contact(contact.id).caller_organisation == "Ancoats practice"
    with pytest.raises(Conflict):
        cora.services.callers.put_back(new.id, kept.revision)
    cora.services.callers.put_back(new.id, out.revision)
    assert [one.kind for one in cora.services.callers.find("0161 496 0700")] == ["professional"]


def test_what_is_wrong_with_a_professional_is_said_and_nothing_is_kept(cora: SignedIn, centre_db: CentreDb) -> None:
    with pytest.raises(BadValues) as told:
        take(cora, new_professional=doctor(name=" ", practice_code="P99999"))
    assert [p.field for p in told.value.problems] == ["professional.name"]
    with pytest.raises(BadValues) as told:
        take(cora, new_professional=doctor(practice_code="P99999"))
    assert [p.field for p in told.value.problems] == ["professional.practice_code"]
    with centre_db.owner.begin() as connection:
        assert connection.execute(text("select count(*) from contact")).scalar_one() == 0


def test_the_register_is_audited_and_not_everybody_s_to_write(cora: SignedIn, centre_db: CentreDb) -> None:
    new = doctor()
    cora.services.callers.add_professional(new)
    with centre_db.owner.begin() as connection:
        entries = connection.execute(
            text("select actor, action from audit.entry where area = 'professional' and record = :id"),
            {"id": str(new.id)},
        ).all()
    assert [tuple(e) for e in entries] == [("cora.coordinator", "insert")]
    manager = centre_db.sign_in("max.manager")
    assert manager.services.callers.professional(new.id).name == "Dr Amira Malik"
    with pytest.raises(NotAllowed):
        manager.services.callers.add_professional(doctor(name="Somebody"))


# ---------------------------------------------------------------- advice


TOPICS = (
    GivenAdvice("paying_for_care", "Paying for care", "It is free to ask."),
    GivenAdvice("warm_home", "Warmth", ""),
)


@pytest.mark.parametrize("ending", [Advice("Said so"), NoAction("Wrong number")])
def test_what_was_given_is_recorded_whatever_the_end(cora: SignedIn, ending: Any) -> None:
    contact = take(cora, ending=ending, advice=TOPICS)
    assert {(a.code, a.title, a.words) for a in contact.advice} == {(a.code, a.title, a.words) for a in TOPICS}
    assert all(a.given_at is not None and a.by_name == "Cora Example" for a in contact.advice)
    assert cora.services.intake.contact(contact.id) == contact


def test_advice_goes_with_its_contact_and_cannot_be_written_by_another(cora: SignedIn, centre_db: CentreDb) -> None:
    hidden = register(cora, "Pankhurst")
    contact = take(cora, person_id=hidden.id, advice=TOPICS)
    with centre_db.psql("asa.assessor") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            "insert into contact_advice (contact_id, code, title) values (%s, 'x', 'Never said')", (contact.id,)
        )
    with centre_db.psql("cora.coordinator") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from contact_advice")
    hide(centre_db, hidden)
    with centre_db.psql("cora.coordinator") as connection:
        assert connection.execute("select count(*) from contact_advice").fetchone() == (0,)
    with centre_db.owner.begin() as connection:
        count = text("select count(*) from audit.entry where area = 'contact_advice' and action = 'insert'")
        assert connection.execute(count).scalar_one() == 2


# ---------------------------------------------------------------- down and up, with data


def test_going_down_gives_the_words_back_to_the_contact(cora: SignedIn, centre_db: CentreDb) -> None:
    sylvia = register(cora, "Pankhurst", "Sylvia", NUMBER)
    linked = take(cora, caller_person_id=sylvia.id, caller_name="Sylvia", caller_phone=NUMBER, advice=TOPICS)
    new = take(cora, caller_name="Dr Amira Malik", new_professional=doctor())
    with centre_db.owner.connect() as connection:  # not committed
        migrations.downgrade(connection, "0012")
        rows = connection.execute(text("select id, caller_name, caller_phone from contact")).all()
    assert {(r.id, r.caller_name, r.caller_phone) for r in rows} == {
        (linked.id, "Sylvia", NUMBER),
        (new.id, "Dr Amira Malik", ""),
    }


def test_the_timeline_of_who_called_has_it_told_apart(cora: SignedIn, centre_db: CentreDb) -> None:
    emmeline, sylvia = register(cora, "Pankhurst", "Emmeline"), register(cora, "Pankhurst", "Sylvia", NUMBER)
    take(cora, person_id=emmeline.id, caller_person_id=sylvia.id, advice=TOPICS[:1])
    take(cora, person_id=sylvia.id, caller_person_id=sylvia.id, need="For herself")
    assert sorted(whats(cora, sylvia.id)) == ["contact", "made"]
    assert sorted(whats(cora, emmeline.id)) == ["advice", "contact"]
    hide(centre_db, emmeline)
    assert whats(cora, sylvia.id) == ["contact"]


def whats(desk: SignedIn, person_id: UUID) -> list[str]:
    page = desk.services.people.timeline(PersonId(person_id))
    return [item.what for item in page.items if item.what in ("contact", "made", "advice")]
