"""A watched folder on a real file system: each file once, whole, never touched; and what becomes of the rest."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from coordination.errors import AlreadyExists, BadValues, BrokenRule, Conflict, NotAllowed
from coordination.messages.inbox import DEFAULT_FOLDER, PassResult, SourceDraft
from coordination.messages.inbox_folder import FolderPlace
from coordination.messages.inbox_reader import Reader
from coordination.messages.model import Kind
from coordination.messages.reading import MAX_FILE
from coordination.messages.record import MessageFilter
from coordination.people.model import PersonDraft
from coordination.values import PersonId, new_id
from tests.database import CentreDb, SignedIn
from tests.domain.messages_support import referral
from tests.inbox_kit import count, folder_reader, mail, row, watched


@pytest.fixture
def desk(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "post box"
    made.mkdir()
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_every_file_once_and_nothing_moved(desk, centre_db, folder) -> None:
    (folder / "a.json").write_text(json.dumps(referral()))
    (folder / "b.eml").write_bytes(mail(1))
    (folder / "sub").mkdir()
    (folder / "sub" / "c.eml").write_bytes(mail(2))
    for skipped in (".hidden.eml", "d.eml.part", "~$e.eml", "Thumbs.db", "f.TMP"):
        (folder / skipped).write_bytes(mail(3))
    before = {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir()}
    source = watched(centre_db, folder)
    assert folder_reader(desk, source).once().new == 2
    assert folder_reader(desk, source).once() == PassResult()
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir()} == before
    assert count(centre_db, "referral") == 2 and row(desk, source).state.read == 2


def test_a_self_assessment_comes_in_by_the_same_door(desk, centre_db, folder) -> None:
    example = Path(__file__).parents[2] / "resources/schemas/online-form.example.json"
    (folder / "carer.json").write_bytes(example.read_bytes())
    assert folder_reader(desk, watched(centre_db, folder)).once().new == 1
    [record] = desk.services.messages.recent()
    assert record.kind is Kind.ONLINE_FORM and record.referral_id
    told = {note.title: note.words for note in desk.services.messages.open(record.id).message.notes}
    assert told["What matters most to you?"] == "To stay in my own home."


def test_a_file_that_is_being_written_is_waited_for(desk, centre_db, folder) -> None:
    now = [100.0]
    place = FolderPlace(folder, quiet=timedelta(seconds=2), clock=lambda: now[0])
    whole, half = mail(1), mail(1)[:40]

    class Wrote(Event):
        """Waiting is when the other program writes on."""

        def wait(self, timeout: float | None = None) -> bool:
            now[0] += timeout or 0
            if now[0] < 103:
                (folder / "a.eml").write_bytes(whole)
            return False

    (folder / "a.eml").write_bytes(half)
    source = watched(centre_db, folder)
    reading = Reader(desk.services.inbox.reading, source.id, lambda _source: place, stop=Wrote())
    assert reading.once() == PassResult(new=1)
    assert count(centre_db, "original") == 1
    [record] = desk.services.messages.recent()
    assert desk.services.messages.open(record.id).content == whole


def test_a_file_that_stood_half_written_for_long_is_read_again_when_it_grows(desk, centre_db, folder) -> None:
    (folder / "a.xml").write_bytes(b"<Bundle xmlns='http://hl7.org/fhir'><entry>")
    source = watched(centre_db, folder)
    assert folder_reader(desk, source).once().refused == 1
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "xml_broken" and item.message_id is not None and item.name == "a.xml"
    (folder / "a.xml").write_text(json.dumps(referral()))
    assert folder_reader(desk, source).once().new == 1
    assert desk.services.inbox.to_settle() == []
    assert [i.settled_how for i in desk.services.inbox.settled()] == ["newer_version"]


def test_what_is_no_message_and_what_is_too_large(desk, centre_db, folder) -> None:
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    with (folder / "huge.json").open("wb") as file:
        os.truncate(file.fileno(), 200 * 1024 * 1024)
    os.mkfifo(folder / "pipe")
    (folder / "good.eml").write_bytes(mail(1))
    source = watched(centre_db, folder)
    result = folder_reader(desk, source).once()
    assert (result.new, result.refused) == (1, 3)
    assert {i.name: i.problem for i in desk.services.inbox.to_settle()} == {
        "photo.png": "format_unsupported",
        "huge.json": "file_too_large",
        "pipe": "file_unreadable",
    }
    assert folder_reader(desk, source).once() == PassResult()
    assert MAX_FILE < 200 * 1024 * 1024 and desk.services.inbox.count_open() == 3


def test_links_out_of_the_folder_are_not_followed(desk, centre_db, folder, tmp_path) -> None:
    (tmp_path / "secret.eml").write_bytes(mail(1))
    (folder / "real.eml").write_bytes(mail(2))
    (folder / "inside.eml").symlink_to(folder / "real.eml")
    (folder / "outside.eml").symlink_to(tmp_path / "secret.eml")
    (folder / "nowhere.eml").symlink_to(tmp_path / "nothing")
    (folder / "round.eml").symlink_to(folder / "round.eml")
    result = folder_reader(desk, watched(centre_db, folder)).once()
    assert (result.new, result.again) == (1, 1)
    assert {i.problem for i in desk.services.inbox.to_settle()} == {"file_link_outside"}
    assert count(centre_db, "original") == 1


def test_names_of_any_kind(desk, centre_db, folder) -> None:
    odd = [
        "ü|%7C|1.eml",
        "a\nb.eml",
        "\u202egnp.eml",
        "x" * 250 + ".eml",
        "😀.eml",
        os.fsdecode(b"\xff\xfe.eml"),
        "-rf",
    ]
    for number, name in enumerate(odd):
        (folder / name).write_bytes(mail(number))
    source = watched(centre_db, folder)
    assert folder_reader(desk, source).once().new == len(odd)
    assert folder_reader(desk, source).once() == PassResult()
    assert names(folder) == set(odd)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_tried_again(desk, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    (folder / "a.eml").chmod(0)
    assert folder_reader(desk, watched(centre_db, folder)).once().waiting == 1
    (folder / "a.eml").chmod(stat.S_IRUSR)


def test_a_share_that_goes_away_and_comes_back(desk, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    source = watched(centre_db, folder)
    away = folder.rename(folder.with_name("away"))
    result = folder_reader(desk, source).once()
    assert result.problem == "folder_away" and row(desk, source).state.failures == 1
    away.rename(folder)
    assert folder_reader(desk, source).once().new == 1
    state = row(desk, source).state
    assert state.problem == "" and state.failures == 0


def test_a_file_removed_between_finding_and_reading_is_noted(desk, centre_db, folder) -> None:
    for number in range(2):
        (folder / f"{number}.eml").write_bytes(mail(number))
    reading = folder_reader(desk, watched(centre_db, folder))
    reading.tell = lambda done, _of: (folder / "1.eml").unlink(missing_ok=True) if done == 0 else None
    result = reading.once()
    assert (result.new, result.refused) == (1, 1)
    assert [i.problem for i in desk.services.inbox.to_settle()] == ["file_gone"]


def test_asked_to_stop_it_stops_between_two_files(desk, centre_db, folder) -> None:
    for number in range(5):
        (folder / f"{number}.eml").write_bytes(mail(number))
    source = watched(centre_db, folder)
    reading = folder_reader(desk, source, stop=Event())
    reading.tell = lambda done, _of: reading.stop.set() if done == 1 else None
    assert reading.once().new == 2
    assert row(desk, source).is_due and row(desk, source).state.good_at is None  # it has not seen the end
    assert folder_reader(desk, source).once().new == 3


def test_a_reader_that_always_dies_at_one_file_leaves_it_for_somebody(desk, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    source = watched(centre_db, folder)
    reading = desk.services.inbox.reading
    place = FolderPlace(folder)
    for _death in range(4):
        held = reading.hold(source.id, new_id())
        [found] = place.found(0)
        assert reading.begin(held, found) is not None
        reading.let_go(held)
    assert folder_reader(desk, source).once().refused == 1
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "inbox_stops_reader"
    desk.services.inbox.try_again(item.id, item.revision)
    assert folder_reader(desk, source).once().new == 1 and desk.services.inbox.to_settle() == []


# ---------------------------------------------------------------- what somebody does about it


def refused(desk, centre_db, folder):
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    folder_reader(desk, watched(centre_db, folder)).once()
    return desk.services.inbox.to_settle()[0]


def test_set_aside_with_a_reason_and_back(desk, centre_db, folder) -> None:
    item, inbox = refused(desk, centre_db, folder), desk.services.inbox
    with pytest.raises(BadValues):
        inbox.settle(item.id, item.revision, "set_aside", "  ")
    aside = inbox.settle(item.id, item.revision, "set_aside", "A photograph of the ward party")
    assert aside.settled_by_name == "Cora Example" and inbox.count_open() == 0
    with pytest.raises(Conflict):
        inbox.settle(item.id, item.revision, "by_hand")
    back = inbox.reopen(aside.id, aside.revision)
    assert back.state == "refused" and back.problem == "format_unsupported" and inbox.count_open() == 1


def test_tried_again_and_still_refused(desk, centre_db, folder) -> None:
    item = refused(desk, centre_db, folder)
    source = row(desk, desk.services.inbox.sources()[0].source)
    desk.services.inbox.try_again(item.id, item.revision)
    assert row(desk, source.source).is_due
    assert folder_reader(desk, source.source).once().refused == 1
    assert [i.id for i in desk.services.inbox.to_settle()] == [item.id]


def test_the_database_lets_nothing_be_taken_back(desk, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    folder_reader(desk, watched(centre_db, folder)).once()
    with centre_db.psql("cora.coordinator") as psql:
        with pytest.raises(Exception, match="already"):
            psql.execute("update inbox_item set state = 'reading'")
        another_key = "update inbox_item set key = 'other'"
        for deed in (
            another_key,
            "delete from inbox_item",
            "delete from inbox_source",
            "update inbox_source set folder = '/etc'",
        ):
            with pytest.raises(Exception, match="permission denied"):
                psql.execute(deed)


# ---------------------------------------------------------------- sources


def test_who_may_say_where_to_look(centre_db, folder) -> None:
    draft = SourceDraft(name="Post", folder=str(folder))
    for user in ("cora.coordinator", "tess.lead", "ida.governance"):
        with pytest.raises(NotAllowed):
            centre_db.sign_in(user).services.inbox.add(draft, new_id())
    source = centre_db.sign_in("ada.admin").services.inbox.add(draft, new_id())
    with pytest.raises(NotAllowed):
        centre_db.sign_in("cora.coordinator").services.inbox.switch(source.id, source.revision, False)
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.inbox.reading.hold(source.id, new_id())


def test_switched_off_nobody_looks_and_undo_is_switching_on(desk, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    source = watched(centre_db, folder)
    keeper = centre_db.sign_in("max.manager").services.inbox
    off = keeper.switch(source.id, source.revision, False)
    assert folder_reader(desk, source).once().held and not row(desk, source).is_due
    with pytest.raises(Conflict):
        keeper.switch(source.id, source.revision, False)
    keeper.switch(source.id, off.revision, True)
    assert folder_reader(desk, source).once().new == 1


def test_one_place_is_one_source(centre_db, folder) -> None:
    source, keeper = watched(centre_db, folder), centre_db.sign_in("max.manager").services.inbox
    with pytest.raises(AlreadyExists, match="inbox_source_place"):
        keeper.add(SourceDraft(name="Other", folder=str(folder)), new_id())
    with pytest.raises(AlreadyExists, match="inbox_source_named"):
        keeper.add(SourceDraft(name="WATCHED", folder=str(folder / "x")), new_id())
    assert keeper.add(source.draft, source.id) == source  # sent twice
    changed = keeper.change(source.id, source.revision, SourceDraft(name="Post", folder=DEFAULT_FOLDER))
    assert (changed.name, changed.folder, changed.revision) == ("Post", DEFAULT_FOLDER, 2)


def test_a_password_in_clear_needs_a_reason_in_the_database_too(centre_db) -> None:
    with centre_db.psql("max.manager") as psql, pytest.raises(Exception, match="inbox_plain_has_reason"):
        psql.execute(
            "insert into inbox_source (id, kind, name, folder, host, port, user_name, security) values"
            " (uuidv7(), 'imap', 'x', 'INBOX', 'mail.example.org', 143, 'x', 'plain')"
        )


def test_a_manager_asks_to_look_and_reads_nothing(centre_db, folder) -> None:
    source = watched(centre_db, folder)
    manager = centre_db.sign_in("max.manager")
    manager.services.inbox.ask_to_look(source.id)
    assert row(manager, source).is_due


# ---------------------------------------------------------------- mails


def put(desk, centre_db, folder, **mails: bytes):
    for name, data in mails.items():
        (folder / f"{name}.eml").write_bytes(data)
    source = next((r.source for r in desk.services.inbox.sources()), None) or watched(centre_db, folder)
    return folder_reader(desk, source).once()


def test_an_answer_of_a_machine_is_kept_and_needs_nobody(desk, centre_db, folder) -> None:
    result = put(desk, centre_db, folder, away=mail(1, "On leave.", Auto_Submitted="auto-replied"))
    assert result.refused == 1 and count(centre_db, "contact") == 0 and desk.services.inbox.count_open() == 0
    [record] = desk.services.messages.recent(MessageFilter(outcome="refused"))
    assert record.kind is Kind.EMAIL_AUTOMATIC and desk.services.messages.open(record.id).content


def test_a_mail_that_did_not_arrive_waits_for_somebody(desk, centre_db, folder) -> None:
    put(desk, centre_db, folder, bounce=mail(1, From="MAILER-DAEMON@mx.example.org", Return_Path="<>"))
    [item] = desk.services.inbox.to_settle()
    assert item.message_kind is Kind.EMAIL_FAILURE and item.problem == "mail_not_delivered" and item.message_id


def test_the_same_mail_from_two_mailboxes_is_one_contact(desk, centre_db, folder, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.eml").write_bytes(b"Received: by b.example.org\r\n" + mail(1))
    put(desk, centre_db, folder, one=b"Received: by a.example.org\r\n" + mail(1))
    assert folder_reader(desk, watched(centre_db, other, "Other")).once().again == 1
    assert count(centre_db, "referral") == 1


def test_a_reply_suggests_the_open_referral_and_waits(desk, centre_db, folder) -> None:
    put(desk, centre_db, folder, a=mail(1))
    reply = mail(2, "It is worse.", In_Reply_To="<ours@centre>", References="<1@example.org> <ours@centre>")
    assert put(desk, centre_db, folder, b=reply).new == 1
    messages, inbox = desk.services.messages, desk.services.inbox
    [record] = messages.recent(MessageFilter(undecided=True))
    first = messages.recent()[-1]
    number = first.referral_number
    person = desk.services.people.register(PersonDraft(surname="Pankhurst"), PersonId(new_id())).id
    messages.say_whose(first.id, first.revision, person)
    assert record.suggested is not None and record.suggested[1] == number and record.referral_id is None
    assert inbox.count_open() == 1
    linked = messages.decide(record.id, record.revision, "link", "Read to the team")
    assert linked.referral_number == number and linked.contact_ended and inbox.count_open() == 0
    assert linked.person_id == person and desk.services.intake.contact(linked.contact_id).person_id == person
    with pytest.raises(Conflict):
        messages.decide(record.id, record.revision, "refer")


def test_a_reply_can_become_a_referral_of_its_own_or_nothing(desk, centre_db, folder) -> None:
    replies = {n: mail(i, f"News {n}", In_Reply_To="<1@example.org>") for i, n in enumerate(("b", "c"), 2)}
    put(desk, centre_db, folder, a=mail(1))
    put(desk, centre_db, folder, **replies)
    messages = desk.services.messages
    one, other = messages.recent(MessageFilter(undecided=True))
    assert messages.decide(one.id, one.revision, "refer").referral_number
    with pytest.raises(BadValues):
        messages.decide(other.id, other.revision, "no_action", " ")
    ended = messages.decide(other.id, other.revision, "no_action", "Only thanks")
    assert ended.contact_ended and ended.referral_id is None and count(centre_db, "referral") == 2


def test_a_broken_rule_does_not_stop_the_line(desk, centre_db, folder) -> None:
    with centre_db.owner.begin() as connection:  # the database refuses one of them, for whatever reason
        connection.execute(text("alter table contact add constraint no_stairs check (need not like '%stairs. 2%')"))
    result = put(desk, centre_db, folder, a=mail(1), b=mail(2), c=mail(3))
    assert (result.new, result.refused) == (2, 1)
    [item] = desk.services.inbox.to_settle()
    assert item.problem == "inbox_not_stored" and item.facts == {"error": BrokenRule.__name__}
