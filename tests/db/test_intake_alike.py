"""Referrals that look the same, on a real database: one query, and nothing of whom this desk may not see."""

from __future__ import annotations

from sqlalchemy import text

from coordination.intake.alike import BeingWritten
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.people.model import PersonDraft
from coordination.values import ContactId, PersonId, ReferralId, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_people import statements

NEED = "Fell in the bathroom on Sunday, cannot wash or dress"


def refer(desk: SignedIn, person: PersonId | None, phone: str = "0161 496 0009") -> ReferralId:
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "routine", "Weak")
    contact = ContactDraft(person_id=person, need=NEED, caller_name="Sylvia", caller_phone=phone)
    return desk.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0].id


def test_by_person_by_telephone_and_by_words_in_one_query(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    intake, people = desk.services.intake, desk.services.people
    known = people.register(PersonDraft("Pankhurst", "Emmeline"), PersonId(new_id())).id
    other = people.register(PersonDraft("Else"), PersonId(new_id())).id
    mine, theirs, nobodys = refer(desk, known), refer(desk, other), refer(desk, None)
    service = frozenset({"reablement"})
    with statements(desk.engine) as seen:
        found = intake.alike(BeingWritten(known, service, NEED))
    assert len(seen) == 1
    assert [each.found.referral.id for each in found] == [mine]
    found = intake.alike(BeingWritten(known, service, NEED, "", "0161 496 0009"))
    assert {each.found.referral.id for each in found} == {mine, nobodys}
    found = intake.alike(BeingWritten(None, frozenset(), NEED))
    assert {each.found.referral.id for each in found} == {nobodys}
    found = intake.alike(BeingWritten(None, service, NEED, "", "+44 161 496 0009"))
    assert {each.found.referral.id for each in found} == {mine, theirs, nobodys}
    assert intake.alike(BeingWritten()) == []


def test_closed_lately_and_merged_people_count(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    intake, people = desk.services.intake, desk.services.people
    kept = people.register(PersonDraft("Pankhurst", "Emmeline"), PersonId(new_id()))
    merged = people.register(PersonDraft("Pankhurst", "Emily"), PersonId(new_id()))
    referral = refer(desk, merged.id)
    intake.close(referral, intake.referral(referral).revision, "Done")
    people.merge(new_id(), kept, merged, "The same", ())
    for person in (kept.id, merged.id):
        (found,) = intake.alike(BeingWritten(person, frozenset({"reablement"}), NEED))
        assert (found.found.referral.id, found.found.ended_at is None) == (referral, False)


def test_nothing_of_whom_this_desk_may_not_see(centre_db: CentreDb) -> None:
    desk = centre_db.sign_in("cora.coordinator")
    hidden = desk.services.people.register(PersonDraft("Pankhurst"), PersonId(new_id())).id
    refer(desk, hidden)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams'"))
    written = BeingWritten(None, frozenset({"reablement"}), NEED, "Sylvia", "0161 496 0009")
    assert desk.services.intake.alike(written) == []
