"""A concern out of a contact that makes no referral (E3), and views that are shared: on a real database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from coordination.errors import BadValues, NotFound
from coordination.intake.model import Advice, ContactDraft, EndedContact, GivenAdvice, NoAction
from coordination.intake.queue import OwnView, QueueFilter
from coordination.people.model import PersonDraft
from coordination.safeguarding.model import ConcernFacts, ConcernId
from coordination.values import ContactId, PersonId, new_id
from db import migrations
from tests.database import CentreDb, SignedIn
from tests.db.test_safeguarding import refused


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cole.coordinator")


def advise(desk: SignedIn, contact_id: ContactId | None = None, **of: Any) -> EndedContact:
    draft = ContactDraft(**{"need": "Her son takes her pension", "concern": ConcernFacts(danger="no"), **of})
    return desk.services.intake.take_contact(draft, contact_id or ContactId(new_id()), Advice("How to ask the bank"))


def person(desk: SignedIn, surname: str) -> PersonId:
    return desk.services.people.register(PersonDraft(surname=surname), PersonId(new_id())).id


def test_a_contact_that_ends_as_advice_opens_the_path_of_its_concern(
    centre_db: CentreDb, cora: SignedIn, cole: SignedIn
) -> None:
    about, concern_id = person(cora, "Davies"), ConcernId(new_id())
    contact_id = ContactId(new_id())
    ended = advise(cora, contact_id, person_id=about, concern_id=concern_id, caller_name="Ann", caller_phone="0161 1")
    assert (ended.concern_id, ended.referrals, ended.contact.ending) == (concern_id, (), "advice")
    assert advise(cora, contact_id, person_id=about, concern_id=ConcernId(new_id())) == ended, "sent again, one concern"
    detail = cole.services.safeguarding.open_concern(concern_id)
    concern = detail.concern
    assert (concern.seen_or_said, concern.danger, concern.stage) == ("Her son takes her pension", "no", "raised")
    assert (concern.owner, concern.person_id, concern.contact_id) == ("cora.coordinator", about, contact_id)
    assert concern.number == ended.concern_number and concern.locality == ended.contact.locality
    assert detail.contact is not None and detail.contact.ending_reason == "How to ask the bank"
    assert (detail.contact.caller_name, detail.contact.channel) == ("Ann", "telephone")
    assert [row.id for row in cole.services.safeguarding.concerns()] == [concern_id]
    timeline = cora.services.people.timeline(about)
    assert [item.what for item in timeline.items].count("safeguarding") == 1
    other = person(cora, "Evans")
    with centre_db.psql("cora.coordinator") as c:
        insert = (
            "insert into safeguarding_concern (id, contact_id, person_id, seen_or_said, owner) "
            "values (%(id)s, %(contact)s, %(person)s, 'x', 'cora.coordinator')"
        )
        facts = {"contact": contact_id, "person": other}
        assert refused(c, insert, id=new_id(), **facts) == "safeguarding_one_a_contact"
        assert refused(c, "update safeguarding_concern set contact_id = null") == "InsufficientPrivilege"
        assert refused(c, "delete from safeguarding_concern") != ""


def test_it_follows_whom_the_contact_is_about_and_is_kept_with_its_words(centre_db: CentreDb, cora: SignedIn) -> None:
    """Raised by psql it is about the person of the contact, whatever was said; a link or no action carries one too."""
    one, two = person(cora, "Davies"), person(cora, "Evans")
    intake, contact_id = cora.services.intake, ContactId(new_id())
    draft = ContactDraft(
        need="Cut off; shouting behind her", concern=ConcernFacts(danger="yes"), details={"said_to_be": "Mrs Okafor"}
    )
    ended = intake.take_contact(draft, contact_id, NoAction("Call was cut off"))
    assert ended.concern_id is not None
    detail = cora.services.safeguarding.open_concern(ended.concern_id)
    assert detail.concern.person_id is None and detail.contact is not None
    assert detail.contact.said_to_be == "Mrs Okafor"
    with centre_db.owner.begin() as owner:
        owner.execute(text("update contact set person_id = :p where id = :c"), {"p": one, "c": contact_id})
    assert cora.services.safeguarding.open_concern(ended.concern_id).concern.person_id == one
    later = ContactId(new_id())
    plain = intake.take_contact(ContactDraft(need="Bus?", person_id=one), later, Advice("The 53"))
    assert plain.concern_id is None
    with centre_db.psql("cora.coordinator") as c:
        c.execute(
            "insert into safeguarding_concern (id, contact_id, person_id, seen_or_said, owner) "
            "values (%s, %s, %s, 'x', 'cora.coordinator')", (new_id(), later, two),
        )  # fmt: skip
        found = c.execute("select person_id from safeguarding_concern where contact_id = %s", (later,)).fetchone()
        assert found is not None and found[0] == one


def test_sent_again_with_a_concern_it_is_raised_although_the_contact_is_there(cora: SignedIn) -> None:
    """The answer was lost, the words were looked at again, and only then it was seen to be a concern."""
    contact_id = ContactId(new_id())
    first = advise(cora, contact_id, concern=None)
    assert first.concern_id is None
    assert advise(cora, contact_id).concern_id is not None


def test_a_concern_says_what_was_seen_or_said(cora: SignedIn) -> None:
    with pytest.raises(BadValues) as told:
        cora.services.intake.take_contact(
            ContactDraft(concern=ConcernFacts()), ContactId(new_id()), NoAction("Wrong number")
        )
    assert [(p.field, p.reason) for p in told.value.problems] == [("need", "missing")]


def test_the_timeline_tells_the_words_of_an_ending_with_advice_once(cora: SignedIn) -> None:
    about = person(cora, "Davies")
    topics = (GivenAdvice("heat", "Warm homes", "Ring the line"), GivenAdvice("bus", "Buses", "The 53"))
    draft = ContactDraft(need="Cold", person_id=about, advice=topics)
    words = "Warm homes: Ring the line\nWill ring again on Monday"
    cora.services.intake.take_contact(draft, ContactId(new_id()), Advice(words))
    told = [item.words for item in cora.services.people.timeline(about).items if item.what == "advice"]
    assert sorted(told) == ["Buses: The 53", words], "one's own words, and the topic that the ending does not name"
    cora.services.intake.take_contact(replace(draft, need="Cold again"), ContactId(new_id()), NoAction("Cut off"))
    told = [item.words for item in cora.services.people.timeline(about).items if item.what == "advice"]
    assert len(told) == 4, "whatever its end, what was given is told"


# ---------------------------------------------------------------- shared views


def view(name: str, **of: Any) -> OwnView:
    return OwnView(new_id(), name, QueueFilter(urgencies=frozenset({"routine"})), {}, 0, **of)


def test_a_view_is_shared_with_ones_centre_and_changed_by_nobody_else(
    centre_db: CentreDb, cora: SignedIn, cole: SignedIn
) -> None:
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set locality = 'south' where user_name = 'cole.coordinator'"))
        owner.execute(text("update user_account set locality = 'north' where user_name = 'cora.coordinator'"))
    cora, cole = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("cole.coordinator")
    kept = cora.services.intake.save_view(view("Ours", shared="centre"))
    assert cole.services.intake.choices().shared == ()
    assert cora.services.intake.choices().own == (kept,) and cora.services.intake.choices().shared == ()
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set locality = 'north' where user_name = 'cole.coordinator'"))
    (seen,) = cole.services.intake.choices().shared
    assert (seen.name, seen.owner, seen.owner_name) == ("Ours", "cora.coordinator", "Cora Example")
    assert cole.services.intake.choices().own == ()
    with pytest.raises(NotFound):
        cole.services.intake.change_view(replace(seen, name="Mine"))
    cole.services.intake.forget_view(seen)
    with centre_db.psql("cole.coordinator") as c:
        assert c.execute("update saved_view set name = 'x'").rowcount == 0
        assert c.execute("delete from saved_view").rowcount == 0
    assert cora.services.intake.choices().own == (kept,)
    with centre_db.psql("cora.coordinator") as c:
        c.execute("update saved_view set locality = 'south'")
        assert c.execute("select locality from saved_view").fetchone() == ("north",), "one's own centre and no other"
    mine = cora.services.intake.change_view(replace(kept, shared=""))
    assert mine.shared == "" and cole.services.intake.choices().shared == ()


def test_without_a_team_nothing_is_shared_with_one(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as owner:
        owner.execute(text("update user_account set team_id = null where user_name = 'cora.coordinator'"))
    cora = centre_db.sign_in("cora.coordinator")
    with pytest.raises(BadValues) as told:
        cora.services.intake.save_view(view("Ours", shared="team"))
    assert [(p.field, p.reason) for p in told.value.problems] == [("shared", "no_team")]


def test_the_step_goes_down_and_up_with_data_in_place(centre_db: CentreDb, cora: SignedIn) -> None:
    ended = advise(cora)
    cora.services.intake.save_view(view("Ours", shared="centre" if cora.actor.locality else ""))
    with centre_db.owner.begin() as owner:
        migrations.downgrade(owner, "0023")
        migrations.upgrade(owner)
        kept = owner.execute(text("select id, contact_id, seen_or_said from safeguarding_concern")).all()
        assert [tuple(row) for row in kept] == [(ended.concern_id, None, "Her son takes her pension")]
        assert owner.execute(text("select name, shared from saved_view")).all() == [("Ours", "")]


# ---------------------------------------------------------------- who calls, by a number they had


def test_a_number_from_before_a_merge_finds_them_and_says_so(cora: SignedIn) -> None:
    people, callers = cora.services.people, cora.services.callers
    draft = PersonDraft(surname="Pankhurst", given="Emmeline", phone="0161 496 0000")
    kept = people.register(draft, PersonId(new_id()))
    other = people.register(replace(draft, given="Emily", phone="0161 496 0077"), PersonId(new_id()))
    people.merge(new_id(), kept, other, "The same woman", frozenset())
    (found,) = callers.find("0161 496 0077")
    assert (found.kind, found.person_id, found.former, found.phone) == ("person", kept.id, True, "0161 496 0077")
    (own,) = callers.find("0161 496 0000")
    assert own.person_id == kept.id and not own.former
    people.update(kept.id, people.get(kept.id).revision, replace(draft, phone="0161 496 0077"))
    (both,) = callers.find("0161 496 0077")
    assert not both.former, "a number that they have tells more than that they had it"
