"""Ward notices on the real database: what they make, in whatever order; withdrawals and receipts; races."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from coordination.errors import (
    AlreadyClaimed,
    AlreadyExists,
    BadValues,
    BrokenRule,
    Conflict,
    CoordinationError,
    NotFound,
)
from coordination.intake.model import Referral
from coordination.intake.queue import QueueFilter
from coordination.messages.attachments import attachment
from coordination.messages.hospital_service import new_receipt_id
from coordination.messages.model import Kind
from coordination.messages.prsb import Notice, Stay
from coordination.messages.prsb_write import written
from coordination.messages.reading import read_message
from coordination.messages.record import MessageFilter, Taken
from coordination.people.model import PersonDraft
from coordination.reference.hospital_headings import codes
from coordination.values import AssessmentId, PersonId, new_id
from tests.database import CentreDb, SignedIn
from tests.domain import hospital_kit as ward


@pytest.fixture
def desk(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices of this day, so that nothing of them lies in the future of the server."""
    monkeypatch.setattr(ward, "NOW", datetime.now(UTC).replace(microsecond=0))


def take(desk: SignedIn, notice: Notice, name: str = "") -> Taken:
    return desk.services.messages.take_in(name or f"{notice.head.message_id}.json", written(notice))


def referral_of(desk: SignedIn, taken: Taken) -> Referral:
    assert taken.record is not None and taken.record.referral_id is not None
    return desk.services.intake.open_referral(taken.record.referral_id).referral


def stay_of(**changes) -> Stay:
    return Stay(person_informed="Y", carer_informed="NKC", **changes)


def found(taken: Taken) -> set[str]:
    return {one.code for one in taken.findings}


def count(db: CentreDb, query: str) -> int:
    with db.owner.connect() as connection:
        return connection.execute(text(f"select count(*) from {query}")).scalar_one()


def test_an_assessment_notice_is_a_ward_contact_with_its_clock_and_its_words(desk: SignedIn) -> None:
    draft = PersonDraft(surname="Ashworth", given="Edith", birth_date="1941-03-09", nhs_number="9990100004")
    person = desk.services.people.register(draft, PersonId(new_id())).id
    taken = take(desk, ward.assessment())
    assert taken.outcome == "new" and taken.record.kind is Kind.HOSPITAL_ASSESSMENT
    detail = desk.services.intake.open_referral(taken.record.referral_id)
    assert detail.referral.person_id == person == taken.record.person_id
    contact = detail.contact
    assert contact.channel == "ward" and contact.caller_name == "Amina Yusuf"
    assert contact.details["site"] == "North Manchester General Hospital"
    assert (contact.details["ward"], contact.details["consultant"]) == ("Ward J3", "Dr O. Mensah")
    assert detail.referral.service == "social_work" and detail.referral.need.startswith("Fractured hip")
    clocks = {one.kind: one for one in detail.clocks.deadlines}
    t1 = clocks["assess_24h"]
    assert t1.due_at - t1.started_at == timedelta(hours=24) and "assess_4h" not in clocks  # T1
    [notice] = detail.ward.notices
    assert (notice.kind, notice.state, notice.consent, notice.carer_consulted) == ("assessment", "applied", "Y", "NKC")
    assert notice.expected_on.isoformat() == "2026-11-25" and detail.ward.is_owed(notice)
    again = take(desk, ward.assessment(), "the same.json")
    assert again.outcome == "again" and again.record.id == taken.record.id


def test_moft_in_the_notice_or_in_the_discharge_notice_starts_the_four_hours_once(desk: SignedIn) -> None:
    first = take(desk, ward.assessment())
    told = take(desk, ward.discharge())
    assert told.outcome == "linked" and "moft_told" in found(told)
    referral = referral_of(desk, first)
    assert referral.moft_at == ward.NOW - timedelta(minutes=40) and referral.due_kind == "assess_4h"
    clocks = {one.kind: one for one in desk.services.intake.clocks(referral.id).deadlines}
    four = clocks["assess_4h"]
    assert four.due_at - four.started_at == timedelta(hours=4)  # T2
    due = referral.due_at
    take(desk, ward.discharge("NMGH-2b", 1, stay=stay_of(moft_at=ward.NOW - timedelta(minutes=1))))
    assert referral_of(desk, first).due_at == due  # the earliest due time governs
    other = ward.assessment("NMGH-9", head=ward.head("NMGH-9", "NMGH-R-9"), stay=stay_of(moft_at=ward.NOW))
    assert referral_of(desk, take(desk, other)).due_kind == "assess_4h"
    ahead = ward.head("NMGH-10", "NMGH-R-10")
    wrong = take(desk, ward.assessment(head=ahead, stay=stay_of(moft_at=ward.NOW + timedelta(days=2))))
    assert "moft_in_future" in found(wrong) and referral_of(desk, wrong).moft_at is None


def test_every_reason_closes_a_waiting_referral_and_answers(desk: SignedIn) -> None:
    for number, reason in enumerate(codes("withdrawal_reason"), 1):
        type_ = "3" if number % 2 else "1"
        about = ward.head(f"A-{number}", f"R-{number}", nhs_number="")
        first = take(desk, ward.assessment(head=about))
        gone = take(desk, ward.withdrawal(type_=type_, reason=reason, head=replace(about, message_id=f"W-{number}")))
        assert gone.outcome == "linked" and "referral_withdrawn" in found(gone)
        assert ("withdrawal_because_died" in found(gone)) == (reason == "08")
        detail = desk.services.intake.open_referral(first.record.referral_id)
        assert detail.referral.state == "closed" and codes("withdrawal_reason")[reason] in detail.referral.state_reason
        noticed, withdrawn = detail.ward.notices
        assert noticed.withdrawn_by == withdrawn.id and withdrawn.withdrawal_reason == reason
        [receipt] = detail.ward.receipts
        assert (receipt.notice_id, receipt.response, receipt.state) == (withdrawn.id, "1", "due")
        assert not detail.ward.is_owed(noticed)
        name, content = desk.services.hospital.receipt(receipt.id)
        answer = read_message(name, content, today=ward.TODAY).notices[0]
        assert (answer.answers, answer.response) == (f"W-{number}", "1")
        assert answer.notice_type == ("5" if type_ == "3" else "3")
        assert answer.head.referral_id == f"R-{number}" and answer.head.person.surname == "Ashworth"


def test_a_discharge_notice_withdrawn_stops_the_four_hours_and_leaves_the_referral(desk: SignedIn) -> None:
    first = take(desk, ward.assessment())
    take(desk, ward.discharge())
    gone = take(desk, ward.withdrawal(type_="2"))
    referral = referral_of(desk, first)
    assert "discharge_taken_back" in found(gone) and referral.moft_at is None and referral.is_open
    story = desk.services.hospital.story(referral.id)
    assert [one.withdrawn_by is not None for one in story.notices] == [False, True, False]
    assert "withdrawal_nothing_left" not in found(gone)


def test_a_referral_that_is_worked_on_waits_for_its_holder(centre_db: CentreDb, desk: SignedIn) -> None:
    """It is told on the referral, closed only when the holder agrees, and goes on when they do not."""
    other = centre_db.sign_in("cole.coordinator")
    first = take(desk, ward.assessment())
    accepted = other.services.intake.accept(first.record.referral_id, 1).referral
    gone = take(desk, ward.withdrawal())
    assert "withdrawal_to_settle" in found(gone)
    detail = other.services.intake.open_referral(accepted.id)
    assert detail.referral.state == "accepted" and detail.referral.revision > accepted.revision
    assert detail.events[-1].kind == "ward_withdraws" and detail.ward.asked is not None
    asked = detail.ward.asked
    with pytest.raises(AlreadyClaimed):
        desk.services.hospital.agree(asked.id, asked.revision)
    with pytest.raises(BadValues):
        other.services.hospital.keep_on(asked.id, asked.revision, "  ")
    kept = other.services.hospital.keep_on(asked.id, asked.revision, "She is home; carers begin tonight")
    assert kept.asked is None and kept.receipts[-1].response == "2"
    with pytest.raises(Conflict):
        other.services.hospital.agree(asked.id, asked.revision)
    take(desk, ward.withdrawal("NMGH-4", reason="12", minutes_ago=1))
    asked = other.services.hospital.story(accepted.id).asked
    closed = other.services.hospital.agree(asked.id, asked.revision)
    assert closed.state == "closed" and "(12)" in closed.state_reason
    responses = [(r.response, r.state) for r in other.services.hospital.story(accepted.id).receipts]
    assert responses == [("2", "due"), ("1", "due")]  # the acceptance had not gone out, and is not owed any more


def test_closed_by_hand_the_withdrawal_is_answered_too(desk: SignedIn) -> None:
    first = take(desk, ward.assessment())
    accepted = desk.services.intake.accept(first.record.referral_id, 1).referral
    take(desk, ward.withdrawal())
    assert desk.services.hospital.asked_of_me()[0].number == accepted.number
    now = referral_of(desk, first)
    desk.services.intake.close(now.id, now.revision, "The ward rang: back to the acute ward")
    story = desk.services.hospital.story(now.id)
    assert story.asked is None and story.receipts[-1].response == "1" and desk.services.hospital.asked_of_me() == []
    assert referral_of(desk, first).state == "closed"


def test_closed_by_hand_and_that_undone_the_withdrawal_waits_for_its_holder_again(
    desk: SignedIn, centre_db: CentreDb
) -> None:
    first = take(desk, ward.assessment())
    accepted = desk.services.intake.accept(first.record.referral_id, 1).referral
    take(desk, ward.withdrawal())
    now = referral_of(desk, first)
    closed = desk.services.intake.close(now.id, now.revision, "Closed the wrong one")
    assert count(centre_db, "hospital_notice where withdrawn_by is not null") == 1
    back = desk.services.intake.undo(closed.undo)
    assert (back.state, back.holder) == ("accepted", desk.actor.user_name)
    story = desk.services.hospital.story(now.id)
    assert story.asked is not None and story.asked.settled_at is None and story.asked.settled_by_name == ""
    assert [one.withdrawn_by for one in story.notices] == [None, None]
    assert [one.number for one in desk.services.hospital.asked_of_me()] == [accepted.number]
    # the ward hears that it is accepted, as before, and nothing of a withdrawal that nobody has decided on
    assert [(r.notice_id, r.response) for r in story.receipts if r.state == "due"] == [(story.notices[0].id, "1")]
    kept = desk.services.hospital.keep_on(story.asked.id, story.asked.revision, "She is home; carers begin tonight")
    assert kept.asked is None
    assert [(r.notice_id, r.response) for r in kept.receipts] == [
        (story.notices[0].id, "1"), (story.notices[1].id, "2"),
    ]  # fmt: skip


def test_what_had_gone_out_before_the_undo_is_followed_by_the_next_answer(
    desk: SignedIn, centre_db: CentreDb, tmp_path: Path
) -> None:
    source, sent = add_folder(centre_db, tmp_path / "in"), dict[str, bytes]()
    first = take(desk, ward.assessment())
    desk.services.intake.claim(first.record.referral_id, 1)
    take(desk, ward.withdrawal(type_="3"))
    now = referral_of(desk, first)
    closed = desk.services.intake.close(now.id, now.revision, "Closed the wrong one")
    assert desk.services.hospital.send_due(source, sent.__setitem__).sent == 1
    assert desk.services.intake.undo(closed.undo).state == "claimed"
    asked = desk.services.hospital.story(now.id).asked
    assert asked is not None
    desk.services.hospital.keep_on(asked.id, asked.revision, "She is home")
    assert desk.services.hospital.send_due(source, sent.__setitem__).sent == 1
    answers = [(r.response, r.state) for r in desk.services.hospital.story(now.id).receipts]
    assert answers == [("1", "sent"), ("2", "sent")]


def test_only_what_that_closing_answered_is_asked_again(desk: SignedIn, centre_db: CentreDb) -> None:
    """What the ward withdrew from a referral that waited is no closing by hand; opened again with a reason, it stays
    withdrawn. Nobody takes an answer back by themselves."""
    first = take(desk, ward.assessment())
    take(desk, ward.withdrawal(minutes_ago=20))
    now = referral_of(desk, first)
    reopened = desk.services.intake.reopen(now.id, now.revision, "The ward rang: she is waiting after all").referral
    assert desk.services.hospital.story(now.id).asked is None
    closed = desk.services.intake.close(reopened.id, reopened.revision, "Home with her daughter")
    assert desk.services.intake.undo(closed.undo).state == "waiting"
    story = desk.services.hospital.story(now.id)
    assert story.asked is None and story.notices[0].withdrawn_by == story.notices[1].id
    other = take(desk, ward.assessment("B-1", head=ward.head("B-1", "R-2", nhs_number="")))
    desk.services.intake.claim(other.record.referral_id, 1)
    take(desk, ward.withdrawal("B-2", head=ward.head("B-2", "R-2", nhs_number="")))
    now = referral_of(desk, other)
    closed = desk.services.intake.close(now.id, now.revision, "Home with her daughter")
    for change, rule in (
        ("update hospital_notice set state = 'asked' where kind = 'withdrawal'", "settled already"),
        ("update hospital_notice set withdrawn_by = null", "denied"),
    ):
        with pytest.raises(Exception, match=rule), desk.engine.begin() as connection:
            connection.execute(text("select set_config('centre.undo', 'on', true)"))
            connection.execute(text(change))
    # opened again with a reason it is another day: the ward asks again, or nobody does
    desk.services.intake.reopen(now.id, closed.referral.revision, "The ward rang: she is waiting after all")
    assert desk.services.hospital.story(now.id).asked is None


def test_a_notice_after_a_withdrawal_opens_it_again(desk: SignedIn) -> None:
    first = take(desk, ward.assessment())
    take(desk, ward.withdrawal(minutes_ago=20))
    back = take(desk, ward.assessment("NMGH-5", minutes_ago=2))
    assert back.outcome == "linked" and back.record.referral_id == first.record.referral_id
    assert "referral_reopened" in found(back) and referral_of(desk, back).state == "waiting"
    late = take(desk, ward.withdrawal("NMGH-6", minutes_ago=15))
    assert "withdrawal_overtaken" in found(late) and referral_of(desk, back).state == "waiting"
    # One that ended otherwise stays ended: asked for again, it is a new one.
    desk.services.intake.close(back.record.referral_id, referral_of(desk, back).revision, "Home with her daughter")
    new = take(desk, ward.assessment("NMGH-7", minutes_ago=0))
    assert new.outcome == "new" and new.record.referral_id != first.record.referral_id
    assert "earlier_closed" in found(new)


def test_a_withdrawal_before_its_notice_is_kept_and_applied(desk: SignedIn, centre_db: CentreDb) -> None:
    gone = take(desk, ward.withdrawal())
    assert gone.outcome == "new" and "notice_kept_for_later" in found(gone) and gone.record.referral_id is None
    assert gone.record.is_undecided and gone.record in desk.services.messages.recent(MessageFilter(undecided=True))
    first = take(desk, ward.assessment())
    assert "notice_was_waiting" in found(first) and "referral_withdrawn" in found(first)
    referral = referral_of(desk, first)
    assert referral.state == "closed" and "(07)" in referral.state_reason
    settled = desk.services.messages.locate(gone.record.id)
    assert settled.referral_id == referral.id and settled.contact_ended
    assert count(centre_db, "referral") == 1
    # A discharge notice before it, too; and a withdrawal that is older than the notice changes nothing.
    far = {"head": ward.head("A", "R-2")}
    take(desk, ward.discharge("B", head=ward.head("B", "R-2")))
    take(desk, ward.withdrawal("C", minutes_ago=60, head=ward.head("C", "R-2")))
    second = take(desk, ward.assessment(**far))
    assert referral_of(desk, second).state == "waiting" and referral_of(desk, second).moft_at is not None
    states = sorted(one.state for one in desk.services.hospital.story(second.record.referral_id).notices)
    assert states == ["applied", "applied", "overtaken"]


def test_a_withdrawal_of_nothing_known_can_be_given_its_referral(desk: SignedIn) -> None:
    first = take(desk, ward.assessment())
    gone = take(desk, ward.withdrawal(head=ward.head("NMGH-3", "another id")))
    with pytest.raises(NotFound):
        desk.services.hospital.belongs_to(gone.record.id, 999_999)
    record = desk.services.hospital.belongs_to(gone.record.id, first.record.referral_number)
    assert record.referral_id == first.record.referral_id and record.contact_ended
    assert referral_of(desk, first).state == "closed"
    with pytest.raises((Conflict, NotFound)):
        desk.services.hospital.belongs_to(gone.record.id, first.record.referral_number)


def test_without_an_id_of_the_referral_the_person_tells(desk: SignedIn) -> None:
    first = take(desk, ward.assessment(head=ward.head("X1", "")))
    gone = take(desk, ward.withdrawal("X2", head=ward.head("X2", "")))
    assert gone.record.referral_id == first.record.referral_id and referral_of(desk, first).state == "closed"
    plain = json.loads(written(ward.withdrawal("X3", head=ward.head("X3", "R-3"))))
    del plain["Withdrawal notice"][0]["Withdrawal type"]
    take(desk, ward.assessment(head=ward.head("X4", "R-3")))
    unclear = desk.services.messages.take_in("unclear.json", json.dumps(plain).encode())
    assert "withdrawal_unclear" in found(unclear) and referral_of(desk, unclear).is_open
    asked = desk.services.hospital.story(unclear.record.referral_id).asked
    with pytest.raises(BadValues):
        desk.services.hospital.agree(asked.id, asked.revision)


def mailed(notice: Notice, name: str = "notice.json") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "ward.j3@example.org", "Notice", f"<{new_id()}@example.org>"
    mail["Date"] = format_datetime(ward.NOW)
    mail.set_content("Please find attached.")
    mail.add_attachment(written(notice), maintype="application", subtype="json", filename=name)
    return bytes(mail)


def test_a_notice_in_a_mail_is_a_notice_and_is_believed_less(desk: SignedIn, centre_db: CentreDb) -> None:
    draft = PersonDraft(surname="Ashworth", given="Edith", birth_date="1941-03-09", nhs_number="9990100004")
    desk.services.people.register(draft, PersonId(new_id()))
    early = desk.services.messages.take_in("w.eml", mailed(ward.withdrawal("W0", reason="12", minutes_ago=1)))
    assert early.record.kind is Kind.HOSPITAL_WITHDRAWAL and early.record.is_undecided
    first = desk.services.messages.take_in("a.eml", mailed(ward.assessment()))
    assert first.record.kind is Kind.HOSPITAL_ASSESSMENT and first.record.person_id is None
    assert {"notice_in_mail", "person_not_believed"} <= found(first) and "attachment_may_be_message" not in found(first)
    assert "Please find attached" in first.message.notes[0].words
    file = first.message.attachments[0]
    assert attachment(first.message.kind, first.message.media_type, mailed_bytes(desk, first), file.index)
    referral = referral_of(desk, first)
    asked = desk.services.hospital.story(referral.id).asked
    assert referral.state == "waiting" and asked is not None  # nobody closes a referral by writing a mail
    assert desk.services.hospital.agree(asked.id, asked.revision).state == "closed"
    again = take(desk, ward.assessment())  # the same message, now from the folder
    assert again.outcome == "again" and count(centre_db, "referral") == 1


def mailed_bytes(desk: SignedIn, taken: Taken) -> bytes:
    return desk.services.messages.open(taken.record.id).content


def test_a_message_with_several_notices_does_them_all(desk: SignedIn) -> None:
    plain = json.loads(written(ward.assessment()))
    plain |= {"Discharge notice": json.loads(written(ward.discharge()))["Discharge notice"]}
    taken = desk.services.messages.take_in("both.json", json.dumps(plain).encode())
    assert [one.kind for one in desk.services.hospital.of_message(taken.record.id)] == ["assessment", "discharge"]
    assert referral_of(desk, taken).moft_at is not None


def test_what_the_ward_wrote_of_needs_is_carried_into_an_assessment(centre_db: CentreDb, desk: SignedIn) -> None:
    draft = PersonDraft(surname="Ashworth", given="Edith", birth_date="1941-03-09", nhs_number="9990100004")
    person = desk.services.people.register(draft, PersonId(new_id())).id
    take(desk, ward.assessment(minutes_ago=90))
    newer = ward.assessment("NMGH-2", minutes_ago=5, care_needs="One person and a frame are enough now")
    taken = take(desk, newer)
    with desk.begin() as work:
        facts = {fact.place: fact for fact in work.assessment.facts(person, taken.record.referral_id)}
    fact = facts["message.care_needs_summary"]
    assert fact.value == "One person and a frame are enough now" and fact.from_id == taken.record.id
    assert fact.said_by == "Amina Yusuf (Discharge co-ordinator, Ward J3)" and fact.said_at == newer.issued_at
    assessor = centre_db.sign_in("asa.assessor").services.assessment
    sheet = assessor.start(person, "hospital-referral", taken.record.referral_id, key=AssessmentId(new_id()))
    told = sheet.answers["hr_needs_more"]
    assert (told.value, told.source, told.from_kind) == (fact.value, "carried_in", "message")
    assert sheet.answers["what_matters"].value.startswith("My cat")


# ---------------------------------------------------------------- receipts


def folder_source(db: CentreDb) -> UUID:
    with db.owner.connect() as connection:
        return connection.execute(text("select id from inbox_source where kind = 'folder' limit 1")).scalar_one()


def add_folder(db: CentreDb, path: Path) -> UUID:
    from coordination.messages.inbox import SourceDraft

    source_id = new_id()
    draft = SourceDraft(kind="folder", name="Wards", folder=str(path), every=timedelta(minutes=1))
    db.sign_in("max.manager").services.inbox.add(draft, source_id)
    return source_id


def test_accepting_and_declining_answer_the_ward_once(desk: SignedIn, centre_db: CentreDb, tmp_path: Path) -> None:
    source = add_folder(centre_db, tmp_path / "in")
    sent: dict[str, bytes] = {}
    first = take(desk, ward.assessment())
    accepted = desk.services.intake.accept(first.record.referral_id, 1)
    desk.services.intake.undo(accepted.undo)
    assert desk.services.hospital.send_due(source, sent.__setitem__).sent == 0  # taken back before it went out
    accepted = desk.services.intake.accept(first.record.referral_id, referral_of(desk, first).revision)
    take(desk, ward.discharge())  # to one that is accepted: answered at once

    def broken(_name: str, _data: bytes) -> None:
        raise OSError

    with pytest.raises(OSError):
        desk.services.hospital.send_due(source, broken)
    assert desk.services.hospital.send_due(source, sent.__setitem__).sent == 2
    assert desk.services.hospital.send_due(source, sent.__setitem__).sent == 0
    answers = sorted(
        (read_message(n, d, today=ward.TODAY).notices[0] for n, d in sent.items()), key=lambda a: a.notice_type
    )
    assert [(a.notice_type, a.response, a.answers) for a in answers] == [("1", "1", "NMGH-1"), ("2", "1", "NMGH-2")]
    assert "Edith" not in "".join(sent)
    story = desk.services.hospital.story(accepted.referral.id)
    assert all(r.state == "sent" and r.how == "folder" and r.settled_by_name == "Cora Example" for r in story.receipts)
    declined = desk.services.intake.decline(
        accepted.referral.id, referral_of(desk, first).revision, "Lives in Salford:\nask them", None
    ).referral
    story = desk.services.hospital.story(declined.id)
    assert [(r.response, r.details) for r in story.receipts if r.state == "due"] == [
        ("2", "Lives in Salford:\nask them")
    ] * 2
    name, content = desk.services.hospital.receipt(story.receipts[-1].id)
    assert read_message(name, content, today=ward.TODAY).notices[0].details == ("Lives in Salford:\nask them",)
    assert desk.services.hospital.saved(story.receipts[-1].id, name, content)
    assert not desk.services.hospital.saved(story.receipts[-1].id, name, content)


def test_an_answer_by_hand_and_what_the_database_refuses(desk: SignedIn, centre_db: CentreDb) -> None:
    first = take(desk, ward.assessment())
    [notice] = desk.services.hospital.story(first.record.referral_id).notices
    made = new_receipt_id()
    desk.services.hospital.answer(notice.id, "1", "", made)
    story = desk.services.hospital.answer(notice.id, "1", "", made)
    assert len(story.receipts) == 1 and not story.is_owed(notice)
    with pytest.raises(BadValues):
        desk.services.hospital.answer(notice.id, "2", "", new_receipt_id())
    with pytest.raises(AlreadyExists, match="receipt_once"):
        desk.services.hospital.answer(notice.id, "1", "", new_receipt_id())
    take(desk, ward.withdrawal())
    with pytest.raises(BrokenRule, match="receipt_notice_withdrawn"):
        desk.services.hospital.answer(notice.id, "2", "Too late", new_receipt_id())
    for change, rule in (
        ("update hospital_notice set withdrawal_reason = '14' where kind = 'withdrawal'", "denied"),
        ("update hospital_notice set state = 'asked' where kind = 'withdrawal'", "settled already"),
        ("update hospital_notice set referral_id = null, state = 'pending'", "stays as it was sent"),
        ("update hospital_receipt set state = 'due' where state = 'taken_back'", "gone out"),
        ("delete from hospital_receipt", "denied"),
    ):
        with pytest.raises(Exception, match=rule), desk.engine.begin() as connection:
            connection.execute(text(change))
    with pytest.raises(Exception, match="foreign key"), centre_db.owner.begin() as connection:
        connection.execute(text("alter table hospital_notice disable trigger guard"))
        connection.execute(text("update hospital_notice set withdrawal_reason = '14' where kind = 'withdrawal'"))


def test_who_may_not_see_the_person_sees_no_notice(centre_db: CentreDb, desk: SignedIn) -> None:
    lead = centre_db.sign_in("tess.lead")
    draft = PersonDraft(surname="Ashworth", given="Edith", birth_date="1941-03-09", nhs_number="9990100004")
    person = desk.services.people.register(draft, PersonId(new_id()))
    taken = take(desk, ward.assessment())
    assert lead.services.hospital.story(taken.record.referral_id).notices
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams' where id = :id"), {"id": person.id})
    assert lead.services.hospital.story(taken.record.referral_id).notices == ()
    admin = centre_db.sign_in("ada.admin")
    assert admin.services.hospital.story(taken.record.referral_id).notices == ()


# ---------------------------------------------------------------- races, with real commits


def test_two_desks_take_the_same_notice_and_its_withdrawal(centre_db: CentreDb) -> None:
    """Whatever comes first, there is one referral, it is closed, and nothing waits."""
    desks = [centre_db.sign_in(user) for user in ("cora.coordinator", "cole.coordinator")]
    mail = [ward.assessment(), ward.withdrawal(), ward.discharge()] * 3
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: take(desks[one[0] % 2], one[1]), enumerate(mail)))
    assert count(centre_db, "referral") == 1 and count(centre_db, "message") == 3
    assert count(centre_db, "referral where state = 'closed'") == 1
    assert count(centre_db, "hospital_notice where state = 'pending'") == 0
    assert count(centre_db, "hospital_notice where withdrawn_by is not null") == 1
    assert count(centre_db, "contact where ending is null") == 0


def test_withdrawal_against_acceptance(centre_db: CentreDb) -> None:
    """Either it is closed and nobody holds it, or whoever accepted it is asked. Never both, never neither."""
    desk, other = (centre_db.sign_in(user) for user in ("cora.coordinator", "cole.coordinator"))

    def accept(referral_id) -> bool:
        try:
            other.services.intake.accept(referral_id, 1)
        except CoordinationError:
            return False
        return True

    for number in range(6):
        about = ward.head(f"N-{number}", f"R-{number}", nhs_number="")
        first = take(desk, ward.assessment(head=about))
        gone = ward.withdrawal(head=replace(about, message_id=f"W-{number}"))
        with ThreadPoolExecutor(2) as pool:
            accepting = pool.submit(accept, first.record.referral_id)
            pool.submit(take, desk, gone).result()
        referral = referral_of(desk, first)
        asked = desk.services.hospital.story(referral.id).asked
        assert (referral.state, asked is not None) in (("closed", False), ("accepted", True), ("claimed", True))
        assert accepting.result() == (referral.state == "accepted")


def test_receipts_of_several_desks_go_out_once(centre_db: CentreDb, tmp_path: Path) -> None:
    source = add_folder(centre_db, tmp_path / "in")
    desks = [centre_db.sign_in(user) for user in ("cora.coordinator", "cole.coordinator")]
    for number in range(6):
        taken = take(desks[0], ward.assessment(head=ward.head(f"N-{number}", f"R-{number}", nhs_number="")))
        desks[0].services.intake.accept(taken.record.referral_id, 1)
    wrote: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        rounds = list(
            pool.map(
                lambda n: desks[n % 2].services.hospital.send_due(source, lambda name, _d: wrote.append(name)), range(4)
            )
        )
    assert sum(one.sent for one in rounds) == 6 and len(set(wrote)) == len(wrote) == 6
    assert count(centre_db, "hospital_receipt where state = 'sent'") == 6
    with pytest.raises(AlreadyExists):
        desks[0].services.hospital.answer(
            desks[0].services.hospital.story(taken.record.referral_id).notices[0].id, "1", "", new_receipt_id()
        )
    assert desks[0].services.intake.queue(QueueFilter()).rows
