"""Messages taken in on the real database: once, whole, beside what they speak of, about whom they say."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from coordination.clock import at_local, local_date
from coordination.errors import Conflict, NotAllowed
from coordination.intake.queue import QueueFilter
from coordination.messages.model import Kind
from coordination.messages.record import MessageFilter
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb, SignedIn
from tests.domain.messages_support import PATIENT, as_json, codes, referral
from tests.shared_data import shared, shared_files

EXAMPLES = shared_files("bars/examples/*.xml")


@pytest.fixture
def desk(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


def example(start: str) -> tuple[str, bytes]:
    path = next(p for p in shared("bars/examples").iterdir() if p.name.startswith(start))
    return path.name, path.read_bytes()


def bundle(**changes) -> bytes:
    return json.dumps({**referral(), **changes}).encode()


def register(desk: SignedIn, **fields) -> PersonId:
    draft = PersonDraft(**{"surname": "Pankhurst", "given": "Emmeline", "birth_date": "1945-07-14", **fields})
    return desk.services.people.register(draft, PersonId(new_id())).id


def count(db: CentreDb, table: str) -> int:
    with db.owner.connect() as connection:
        return connection.execute(text(f"select count(*) from {table}")).scalar_one()


def test_a_referral_is_in_the_queue_with_its_original(desk: SignedIn) -> None:
    name, data = example("REFREQ01")
    taken = desk.services.messages.take_in(name, data)
    assert taken.outcome == "new" and taken.record.referral_number
    [row] = desk.services.intake.queue(QueueFilter()).rows
    assert row.id == taken.record.referral_id and row.urgency == "two_hours" and row.safeguarding
    assert row.source == "Sender Organization" and row.service == "urgent_community_response"
    assert row.due_at - row.received_at == timedelta(hours=2)
    assert row.need.startswith("ED post tonsillectomy bleeding")
    detail = desk.services.intake.open_referral(row.id)
    assert detail.contact.channel == "gp_out_of_hours" and detail.contact.caller_name == "Marcy BLAKE"
    assert detail.contact.ending == "referral" and detail.original.name == name
    opened = desk.services.messages.open(taken.record.id)
    assert opened.content == data and opened.message.person.surname == "Jones"
    assert "nhs_number_check_digit_fails" in {f.code for f in opened.record.findings}
    assert "sent_long_ago" in {f.code for f in opened.record.findings}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem[:30])
def test_every_example_twice(path, desk: SignedIn, centre_db: CentreDb) -> None:
    first = desk.services.messages.take_in(path.name, path.read_bytes())
    referrals = count(centre_db, "referral")
    again = desk.services.messages.take_in("copy of " + path.name, path.read_bytes())
    assert again.outcome == ("again" if first.outcome == "new" else "refused") and again.record.id == first.record.id
    assert count(centre_db, "referral") == referrals and count(centre_db, "original") == 1
    assert count(centre_db, "message") == 1


def test_all_examples_one_after_the_other(desk: SignedIn, centre_db: CentreDb) -> None:
    shared("bars/examples")
    outcomes = {
        p.name[:8].strip(" -"): desk.services.messages.take_in(p.name, p.read_bytes()).outcome for p in EXAMPLES
    }
    assert {k for k, v in outcomes.items() if v == "refused"} == {"CONS01", "FLA01", "FLA02", "FLA06", "FLA07"}
    assert outcomes["REFREQ8B"] == "linked"  # the update of 8A
    assert outcomes["REFRESP0"] == "new"  # the second one: it answers what we never had
    assert outcomes["VALREQ01"] == "new"
    assert len(desk.services.messages.recent()) == len(EXAMPLES)


def test_the_same_message_in_other_bytes(desk: SignedIn, centre_db: CentreDb) -> None:
    name, data = example("REFREQ03")
    first = desk.services.messages.take_in(name, data)
    other = desk.services.messages.take_in("same.json", json.dumps(as_json(data.decode())).encode())
    assert other.outcome == "again" and other.record.id == first.record.id
    assert count(centre_db, "referral") == 1


def test_the_same_id_with_other_words_is_not_lost(desk: SignedIn, centre_db: CentreDb) -> None:
    first = desk.services.messages.take_in("a.json", bundle())
    changed = referral(request={"reasonCode": [{"text": "Cannot get out of bed"}]})
    taken = desk.services.messages.take_in("b.json", json.dumps(changed).encode())
    assert taken.outcome == "linked" and taken.record.referral_id == first.record.referral_id
    assert "same_id_other_content" in codes(taken.message)
    assert count(centre_db, "referral") == 1 and count(centre_db, "contact") == 2
    third = desk.services.messages.take_in("c.json", json.dumps(changed, indent=1).encode())
    assert third.outcome == "again" and third.record.id == taken.record.id


def test_two_desks_in_the_same_second(centre_db: CentreDb) -> None:
    desks = [centre_db.sign_in(user) for user in ("cora.coordinator", "cole.coordinator")]
    name, data = example("REFREQ01")
    other = json.dumps(as_json(data.decode())).encode()
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(desks[n % 2].services.messages.take_in, name, data if n % 4 < 2 else other) for n in range(8)
        ]
        taken = [one.result() for one in asked]
    assert sorted(t.outcome for t in taken) == ["again"] * 7 + ["new"]
    assert len({t.record.id for t in taken}) == 1
    assert count(centre_db, "referral") == 1 and count(centre_db, "contact") == 1


def test_update_cancel_and_response_find_what_they_speak_of(desk: SignedIn) -> None:
    messages = desk.services.messages
    first = messages.take_in(*example("REFREQ8A"))
    update = messages.take_in(*example("REFREQ8B"))
    assert update.outcome == "linked" and update.record.referral_id == first.record.referral_id
    asked = messages.take_in(*example("VALREQ01"))
    cancel = messages.take_in(*example("SERVREQ01"))
    assert cancel.outcome == "linked" and cancel.record.referral_id == asked.record.referral_id
    assert desk.services.intake.referral(asked.record.referral_id).is_open  # people close referrals
    referral_ = messages.take_in(*example("REFREQ01"))
    answer = messages.take_in(*example("REFRESP01"))
    assert answer.outcome == "linked" and answer.record.referral_id == referral_.record.referral_id


def test_a_cancel_that_overtakes_its_request(desk: SignedIn) -> None:
    desk.services.messages.take_in(*example("SERVREQ01"))
    asked = desk.services.messages.take_in(*example("VALREQ01"))
    assert asked.outcome == "new" and asked.record.referral_id
    assert "cancelled_before_it_came" in codes(asked.message)


def test_news_of_what_we_never_had(desk: SignedIn) -> None:
    cancel = desk.services.messages.take_in(*example("SERVREQ01"))
    assert cancel.outcome == "new" and cancel.record.referral_id is None and not cancel.record.contact_ended
    assert {"earlier_not_found", "contact_left_open"} <= codes(cancel.message)
    update = desk.services.messages.take_in(*example("REFREQ8B"))
    assert update.outcome == "new" and update.record.referral_id  # somebody needs help, whatever came before
    assert "earlier_not_found" in codes(update.message)


def test_news_of_a_closed_referral(desk: SignedIn) -> None:
    asked = desk.services.messages.take_in(*example("VALREQ01"))
    before = desk.services.intake.referral(asked.record.referral_id)
    desk.services.intake.close(before.id, before.revision, "Seen")
    cancel = desk.services.messages.take_in(*example("SERVREQ01"))
    assert cancel.outcome == "new" and "earlier_closed" in codes(cancel.message)


# ---------------------------------------------------------------- whom it is about


def test_nhs_number_finds_the_person(desk: SignedIn) -> None:
    person = register(desk, nhs_number="9434765919")
    taken = desk.services.messages.take_in("a.json", bundle())
    assert taken.record.person_id == person
    assert desk.services.intake.referral(taken.record.referral_id).person_id == person


def test_name_and_birth_date_alone_find_nobody(desk: SignedIn) -> None:
    person = register(desk)
    taken = desk.services.messages.take_in("a.json", bundle())
    assert taken.record.person_id is None and "person_not_registered" in codes(taken.message)
    opened = desk.services.messages.open(taken.record.id)
    assert [c.row.id for c in opened.candidates] == [person]


def test_nhs_number_of_somebody_else_entirely(desk: SignedIn) -> None:
    register(desk, surname="Okafor", given="Ngozi", birth_date="1988-02-03", nhs_number="9434765919")
    taken = desk.services.messages.take_in("a.json", bundle())
    assert taken.record.person_id is None and "nhs_number_of_another" in codes(taken.message)


def test_married_name_and_mistyped_birth_date_are_told(desk: SignedIn) -> None:
    person = register(desk, surname="Goulden", nhs_number="9434765919")
    taken = desk.services.messages.take_in("a.json", bundle())
    assert taken.record.person_id == person and "surname_differs" in codes(taken.message)


def test_somebody_says_whose_it_is(desk: SignedIn) -> None:
    taken = desk.services.messages.take_in("a.json", bundle())
    assert taken.record in desk.services.messages.recent(MessageFilter(whose="unknown"))
    person = register(desk)
    said = desk.services.messages.say_whose(taken.record.id, taken.record.revision, person)
    assert said.person_id == person and said.person_name == ("Pankhurst", "Emmeline")
    assert desk.services.intake.referral(taken.record.referral_id).person_id == person
    assert desk.services.intake.contact(taken.record.contact_id).person_id == person
    assert desk.services.messages.recent(MessageFilter(whose="unknown")) == []
    other = register(desk, surname="Kenney", given="Annie")
    with pytest.raises(Conflict):
        desk.services.messages.say_whose(taken.record.id, taken.record.revision, other)


def test_registering_the_person_of_a_message(desk: SignedIn) -> None:
    taken = desk.services.messages.take_in("a.json", bundle())
    opened = desk.services.messages.open(taken.record.id)
    draft = desk.services.messages.person_draft(opened)
    assert (draft.surname, draft.nhs_number, draft.postcode) == ("Pankhurst", "9434765919", "M13 9WP")
    draft = PersonDraft(surname=draft.surname, given=draft.given, nhs_number=draft.nhs_number)
    said = desk.services.messages.register_whose(taken.record.id, taken.record.revision, draft, PersonId(new_id()))
    assert desk.services.people.get(said.person_id).fields.surname == "Pankhurst"


# ---------------------------------------------------------------- mails, forms, refusals


def test_an_email(desk: SignedIn) -> None:
    mail = b"From: Sylvia <s@example.org>\nSubject: My mother\nMessage-ID: <1@x>\n\nNHS 943 476 5919. She fell.\n"
    person = register(desk, nhs_number="9434765919")
    taken = desk.services.messages.take_in("a.eml", mail)
    assert taken.record.kind is Kind.EMAIL and taken.record.person_id is None  # a number in a mail is no identity
    row = desk.services.intake.referral(taken.record.referral_id)
    assert row.urgency == "same_day" and row.urgency_reason.startswith("Not triaged yet")
    contact = desk.services.intake.contact(taken.record.contact_id)
    assert contact.channel == "email" and contact.details["sender"] == "s@example.org"
    opened = desk.services.messages.open(taken.record.id)
    assert [c.row.id for c in opened.candidates] == [person]


def test_a_form_is_due_as_it_says(desk: SignedIn) -> None:
    form = {
        "form": "coordination-centre-contact",
        "submitted_at": "2026-11-22T09:00:00Z",
        "need": "Ill",
        "how_soon": "today",
    }
    form["service_wanted"] = "District nursing"
    taken = desk.services.messages.take_in("f.json", json.dumps(form).encode())
    row = desk.services.intake.referral(taken.record.referral_id)
    assert (row.service, row.urgency) == ("district_nursing", "same_day")
    tonight = at_local(local_date(row.received_at), 22)
    assert row.due_at == max(tonight, row.received_at + timedelta(hours=2))


def test_a_refused_message_is_kept_and_an_unrelated_file_is_not(desk: SignedIn, centre_db: CentreDb) -> None:
    broken = desk.services.messages.take_in("broken.xml", b"<Bundle><entry>")
    assert broken.outcome == "refused" and broken.record.outcome == "refused"
    assert desk.services.messages.open(broken.record.id).content == b"<Bundle><entry>"
    photo = desk.services.messages.take_in("holiday.xml", b"\xff\xd8\xff jpeg")
    assert photo.outcome == "refused" and photo.record is None
    assert count(centre_db, "original") == 1 and count(centre_db, "contact") == 0


def test_unknown_postcode_is_a_warning_where_there_is_a_table(desk: SignedIn, centre_db: CentreDb) -> None:
    def with_postcode(name: str, postcode: str) -> bytes:
        patient = {**PATIENT, "address": [{"postalCode": postcode}]}
        return json.dumps({**referral(patient), "id": name}).encode()

    assert "postcode_unknown" not in codes(desk.services.messages.take_in("a", with_postcode("a", "M99 9ZZ")).message)
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into postcode (postcode, lat, lon) values ('M13 9WP', 53.4, -2.2)"))
    assert "postcode_unknown" in codes(desk.services.messages.take_in("b", with_postcode("b", "M99 9ZZ")).message)
    assert "postcode_unknown" not in codes(desk.services.messages.take_in("c", with_postcode("c", "M13 9WP")).message)


def test_odd_characters_reach_the_database(desk: SignedIn) -> None:
    patient = {"name": [{"family": "O’Brien \U0001f33b محمد", "given": ["Zoë\x00\u202e"]}]}
    odd = referral(patient, {"reasonCode": [{"text": "falls\ud83d " * 20_000}]})
    odd["entry"][3]["resource"]["name"] = "Surgery \x00 of " + "x" * 400
    taken = desk.services.messages.take_in("odd\udcff\x00.json", json.dumps(odd).encode())
    assert taken.outcome == "new"
    assert desk.services.messages.open(taken.record.id).message.person.surname == "O’Brien \U0001f33b محمد"


def test_who_may_not_take_contacts_takes_no_messages(centre_db: CentreDb) -> None:
    manager = centre_db.sign_in("max.manager")
    with pytest.raises(NotAllowed):
        manager.services.messages.take_in("a.json", bundle())
    assert count(centre_db, "original") == 0


def test_already_taken_about_somebody_whom_this_desk_may_not_see(centre_db: CentreDb) -> None:
    one, other = centre_db.sign_in("cora.coordinator"), centre_db.sign_in("cole.coordinator")
    person = register(one, nhs_number="9434765919")
    one.services.messages.take_in("a.json", bundle())
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams' where id = :id"), {"id": person})
    again = other.services.messages.take_in("a.json", bundle())
    assert again.outcome == "again" and again.record is None
    resent = other.services.messages.take_in("b.json", json.dumps(referral(), indent=2).encode())
    assert resent.outcome == "again" and resent.record is None
    assert count(centre_db, "referral") == 1


def test_looking_at_an_original_is_on_the_audit_trail(desk: SignedIn, centre_db: CentreDb) -> None:
    taken = desk.services.messages.take_in("a.json", bundle())
    desk.services.messages.open(taken.record.id)
    with centre_db.owner.connect() as connection:
        seen = connection.execute(
            text("select actor from audit.entry where action = 'view' and area = 'message' and record = :id"),
            {"id": str(taken.record.id)},
        ).scalars()
        assert list(seen) == ["cora.coordinator"]
