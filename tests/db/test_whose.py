"""Whose a referral is, said later than it was taken: the contact, its other referrals and their places follow."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from coordination.errors import BadValues, Conflict, NotAllowed, NotFound
from coordination.intake.model import ContactDraft, EndedContact, Refer, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.safeguarding.model import ConcernFacts
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_intake import cole, cora
from tests.db.test_messages_service import bundle

__all__ = ["cole", "cora"]
HOW = "Her daughter rang back with the date of birth"


def take(desk: SignedIn, *services: str, **of: Any) -> EndedContact:
    """A contact about nobody, with a referral to each service."""
    drafts = tuple(ReferralDraft(ReferralId(new_id()), s, "24_hours", "Alone since the fall", **of) for s in services)
    contact = ContactDraft(need="Fell", details={"said_to_be": "Mrs Okafor"})
    return desk.services.intake.take_contact(contact, ContactId(new_id()), Refer(drafts))


def person(desk: SignedIn, surname: str = "Okafor") -> PersonId:
    return desk.services.people.register(PersonDraft(surname=surname, given="Grace"), PersonId(new_id())).id


def test_contact_and_sisters_follow_and_all_goes_back(cora: SignedIn, centre_db: CentreDb) -> None:
    intake, taken, who = cora.services.intake, take(cora, "reablement", "district_nursing"), person(cora)
    first, sister = taken.referrals
    moved = intake.say_whose(first.id, first.revision, who, HOW)
    assert moved.referral.person_id == who
    assert intake.referral(sister.id).person_id == who
    assert intake.contact(taken.contact.id).person_id == who
    record = cora.services.people.open_record(who)
    assert {r.id for r in record.referrals} == {first.id, sister.id}
    assert [c.id for c in record.contacts] == [taken.contact.id]
    for each in (first, sister):
        last = intake.open_referral(each.id).events[-1]
        assert (last.by, last.reason) == (cora.actor.user_name, HOW)
    back = intake.unsay_whose(moved.undo, "The wrong Mrs Okafor")
    assert (back.person_id, back.locality, back.neighbourhood_id) == (None, first.locality, first.neighbourhood_id)
    assert intake.referral(sister.id).person_id is None and intake.contact(taken.contact.id).person_id is None
    assert intake.open_referral(first.id).events[-1].reason == "The wrong Mrs Okafor"
    again = intake.say_whose(first.id, back.revision, who, HOW)
    assert intake.undo(again.undo).person_id is None
    with centre_db.owner.connect() as connection:
        trail = text("select count(*) from audit.entry where record = :r and person_id = :p and action <> 'view'")
        assert connection.execute(trail, {"r": str(first.id), "p": who}).scalar_one() >= 2


def test_it_goes_to_who_is_responsible(cora: SignedIn, centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into practice (code, name, neighbourhood_id) values ('P84001', 'Example', 9)"))
    draft = PersonDraft(surname="Davies", practice_code="P84001")
    who = cora.services.people.register(draft, PersonId(new_id())).id
    r = take(cora, "district_nursing").referrals[0]
    assert (r.locality, r.neighbourhood_id) == ("north", None)
    moved = cora.services.intake.say_whose(r.id, r.revision, who, HOW)
    assert (moved.referral.locality, moved.referral.neighbourhood_id) == ("south", 9)
    back = cora.services.intake.undo(moved.undo)
    assert (back.person_id, back.locality, back.neighbourhood_id) == (None, "north", None)


def test_a_message_stands_on_the_record_too(cora: SignedIn) -> None:
    messages, intake = cora.services.messages, cora.services.intake
    kept = messages.take_in("a.json", bundle()).record
    assert kept is not None and kept.referral_id is not None
    moved = intake.say_whose(kept.referral_id, intake.referral(kept.referral_id).revision, person(cora), HOW)
    assert messages.locate(kept.id).person_id == moved.referral.person_id
    intake.unsay_whose(moved.undo)
    assert messages.locate(kept.id).person_id is None


def test_said_again_it_is_the_same_and_of_another_it_is_a_conflict(cora: SignedIn, cole: SignedIn) -> None:
    intake, r, who, other = cora.services.intake, take(cora, "reablement").referrals[0], person(cora), person(cora, "X")
    now = intake.say_whose(r.id, r.revision, who, HOW).referral
    same = cole.services.intake.say_whose(r.id, r.revision, who, HOW)
    assert same.referral == now and cole.services.intake.unsay_whose(same.undo) == now
    for seen in (r.revision, now.revision):
        with pytest.raises(Conflict) as told:
            cole.services.intake.say_whose(r.id, seen, other, HOW)
        assert told.value.current == now


def test_touched_since_it_is_not_taken_back(cora: SignedIn, cole: SignedIn) -> None:
    taken, who = take(cora, "reablement", "district_nursing"), person(cora)
    first, sister = taken.referrals
    undo = cora.services.intake.say_whose(first.id, first.revision, who, HOW).undo
    cole.services.intake.claim(sister.id, cole.services.intake.referral(sister.id).revision)
    with pytest.raises(Conflict):
        cora.services.intake.unsay_whose(undo)
    assert cora.services.intake.referral(first.id).person_id == who


def test_it_wants_a_reason_and_somebody_who_is_there(cora: SignedIn, centre_db: CentreDb) -> None:
    r = take(cora, "reablement").referrals[0]
    with pytest.raises(BadValues) as told:
        cora.services.intake.say_whose(r.id, r.revision, person(cora), " ")
    assert [p.field for p in told.value.problems] == ["reason"]
    with pytest.raises(NotFound):
        cora.services.intake.say_whose(r.id, r.revision, PersonId(new_id()), HOW)
    reader = centre_db.sign_in("max.manager")
    with pytest.raises(NotAllowed):
        reader.services.intake.say_whose(r.id, r.revision, person(cora, "Y"), HOW)
    assert cora.services.intake.referral(r.id).person_id is None


def test_its_concern_is_about_the_same_person(cora: SignedIn) -> None:
    facts = ConcernFacts("Bruises on both arms")
    r = take(cora, "social_work", safeguarding=True, hold=True, concern=facts).referrals[0]
    who = person(cora)
    moved = cora.services.intake.say_whose(r.id, r.revision, who, HOW)
    assert [c.person_id for c in cora.services.safeguarding.concerns()] == [who]
    assert (moved.referral.holder, moved.referral.state) == (cora.actor.user_name, "claimed")
    cora.services.intake.undo(moved.undo)
    assert [c.person_id for c in cora.services.safeguarding.concerns()] == [None]


def test_a_placement_coordinator_says_it_of_the_contacts_they_took(cora: SignedIn, centre_db: CentreDb) -> None:
    pia, who = centre_db.sign_in("pia.placement"), person(cora)
    theirs, mine = take(cora, "reablement").referrals[0], take(pia, "reablement").referrals[0]
    assert pia.services.intake.say_whose(mine.id, mine.revision, who, HOW).referral.person_id == who
    with pytest.raises(NotAllowed):
        pia.services.intake.say_whose(theirs.id, theirs.revision, who, HOW)
    assert cora.services.intake.referral(theirs.id).person_id is None
