"""The inbox on the page of messages, on a real database and a real folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from coordination.messages.inbox import Source
from tests.database import CentreDb
from tests.inbox_kit import count, folder_reader, mail, watched
from tests.ui.fakes import actor, make_desk, wait_idle
from ui.intake.drafts import ContactTyped
from ui.messages.inbox_watch import SETTING, InboxWatch
from ui.messages.page import ImportsPage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "post"
    made.mkdir()
    return made


@pytest.fixture
def open_page(dressed, qtbot, centre_db: CentreDb, tmp_path: Path):
    """The page of somebody, with the inbox shown."""
    desks = []

    def make(user: str) -> ImportsPage:
        signed_in = centre_db.sign_in(user)
        desk = make_desk(tmp_path, signed_in.services)
        desk.actor = actor(user, signed_in.actor.role)
        desk.settings.setValue(SETTING, False)  # these tests look when they say so
        desks.append(desk)
        page = ImportsPage(desk)
        qtbot.addWidget(page)
        page.resize(1366, 768)
        page.show()
        page.shown.set_value("inbox")
        page.come_forward()
        wait_idle(qtbot, desk)
        return page

    yield make
    for desk in desks:
        InboxWatch.of(desk).close()
        desk.tasks.close()


def read(db: CentreDb, folder: Path) -> Source:
    source = watched(db, folder)
    folder_reader(db.sign_in("cole.coordinator"), source).once()
    return source


def press(page: ImportsPage, words: str, panel: QWidget | None = None) -> None:
    QApplication.processEvents()  # buttons that were put there just now are shown
    buttons = (panel or page.inbox.panel).findChildren(QPushButton)
    found = [button for button in buttons if button.text() == words and button.isVisibleTo(page)]
    assert found, words
    found[-1].click()


def words_of(page: ImportsPage) -> str:
    return "\n".join(found.text() for found in page.inbox.panel.findChildren(QLabel) if found.isVisibleTo(page))


def choose(page: ImportsPage, qtbot, row: int = 0) -> None:
    page.inbox.item_table.selectRow(row)
    wait_idle(qtbot, page.desk)


def test_nothing_there_yet_says_who_sets_it_up(open_page) -> None:
    page = open_page("cora.coordinator")
    said = "\n".join(label.text() for label in page.inbox.findChildren(QLabel))
    assert "Managers and administrators say where to look." in said and "Nothing waits here" in said


def test_look_now_reads_and_says_what_came(open_page, qtbot, centre_db, folder) -> None:
    watched(centre_db, folder)
    (folder / "a.eml").write_bytes(mail(1))
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    page = open_page("cora.coordinator")
    page.inbox.source_table.selectRow(0)
    page.inbox.one_source.look()
    qtbot.waitUntil(lambda: bool(page.desk.notices.said), timeout=30_000)
    assert page.desk.notices.said[-1] == ("warn", "1 taken in and 1 refused.")
    wait_idle(qtbot, page.desk)
    assert page.inbox.items.rowCount() == 1 and count(centre_db, "referral") == 1


def test_set_aside_wants_a_reason_and_can_be_undone(open_page, qtbot, centre_db, folder) -> None:
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    read(centre_db, folder)
    page = open_page("cora.coordinator")
    choose(page, qtbot)
    assert "This is a picture" in words_of(page) and "it lies in the folder as it was" in words_of(page)
    page.inbox.one_item.set_aside()
    press(page, "Set aside")
    wait_idle(qtbot, page.desk)
    assert "This is needed." in words_of(page)
    page.inbox.panel.form.form.set_values({"set_aside_reason": "A ward party"})
    page.refresh()  # something changed at another desk: what is being typed stays
    wait_idle(qtbot, page.desk)
    press(page, "Set aside")
    wait_idle(qtbot, page.desk)
    assert page.inbox.items.rowCount() == 0
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    assert page.inbox.items.rowCount() == 1


def test_taken_by_hand_with_the_original_beside(open_page, qtbot, centre_db, folder) -> None:
    (folder / "news.eml").write_bytes(mail(1, "She fell.", List_Id="<group.example.org>"))
    read(centre_db, folder)
    page = open_page("cora.coordinator")
    choose(page, qtbot)
    assert "This went to a list" in words_of(page)
    key = page.inbox.item.message_id
    page.inbox.one_item.by_hand()
    wait_idle(qtbot, page.desk)
    (beside, message), (form, typed) = page.desk.go.went
    assert (beside, message, form) == ("imports", key, "contact") and isinstance(typed, ContactTyped)
    assert typed.fields["channel"] == "email" and "She fell." in typed.fields["need"]
    assert typed.fields["caller_name"] == "Sylvia" and page.inbox.items.rowCount() == 0


def test_try_again(open_page, qtbot, centre_db, folder) -> None:
    (folder / "a.xml").write_bytes(b"<Bundle><entry>")
    read(centre_db, folder)
    page = open_page("cora.coordinator")
    choose(page, qtbot)
    page.inbox.one_item.try_again()
    qtbot.waitUntil(lambda: any(kind == "warn" for kind, _said in page.desk.notices.said), timeout=30_000)
    wait_idle(qtbot, page.desk)
    assert page.inbox.items.rowCount() == 1


def test_a_manager_adds_changes_and_switches_with_undo(open_page, qtbot, folder) -> None:
    page = open_page("max.manager")
    page.inbox.one_source.add()
    page.inbox.panel.form.form.set_values({"name": "Post", "folder": "here"})
    press(page, "Save")
    wait_idle(qtbot, page.desk)
    assert "Give the whole path" in words_of(page)
    page.inbox.panel.form.form.set_values({"folder": str(folder)})
    press(page, "Save")
    wait_idle(qtbot, page.desk)
    assert page.inbox.sources.rowCount() == 1
    page.inbox.source_table.selectRow(0)
    page.inbox.one_source.change()
    page.inbox.panel.form.form.set_values({"name": "Letters"})
    press(page, "Save")
    wait_idle(qtbot, page.desk)
    assert [r.source.name for r in page.desk.services.inbox.sources()] == ["Letters"]
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    page.inbox.one_source.switch()
    wait_idle(qtbot, page.desk)
    [row] = page.desk.services.inbox.sources()
    assert row.source.name == "Post" and not row.source.active
    page.desk.notices.undo()
    wait_idle(qtbot, page.desk)
    assert page.desk.services.inbox.sources()[0].source.active


def test_the_form_of_a_mailbox_asks_why_in_clear(open_page, qtbot) -> None:
    page = open_page("max.manager")
    page.inbox.one_source.add()
    form = page.inbox.panel.form
    form.kind.set_value("imap")
    form.form.set_values({"name": "Mail", "host": "mail.example.org", "user_name": "x", "security": "plain"})
    form._edited("security")
    assert form.form.field("plain_reason").isVisibleTo(form) and form.form.value("port") == "143"
    assert not form.form.field("folder").isVisibleTo(form)
    press(page, "Save")
    wait_idle(qtbot, page.desk)
    assert "Without TLS anybody on the way can read the password." in words_of(page)
    assert not [e for e in form.findChildren(QLineEdit) if e.echoMode() is QLineEdit.EchoMode.Password]


def test_a_desk_that_reads_by_itself_reads_what_is_due_and_counts(open_page, qtbot, centre_db, folder) -> None:
    watched(centre_db, folder)
    for number in range(7):  # more than a few: again, with progress
        (folder / f"{number}.eml").write_bytes(mail(number))
    (folder / "photo.png").write_bytes(b"\x89PNG....")
    page = open_page("cora.coordinator")
    page.desk.settings.setValue(SETTING, True)
    watch = InboxWatch.of(page.desk)
    watch.start()
    qtbot.waitUntil(lambda: count(centre_db, "referral") == 7 and not page.desk.tasks.busy, timeout=30_000)
    watch.count()
    wait_idle(qtbot, page.desk)
    assert page.desk.foot.counts["imports"] == (1, "to see to")


def test_a_reply_is_decided_on(open_page, qtbot, centre_db, folder) -> None:
    (folder / "a.eml").write_bytes(mail(1))
    (folder / "b.eml").write_bytes(mail(2, "It is worse.", In_Reply_To="<1@example.org>"))
    read(centre_db, folder)
    page = open_page("cora.coordinator")
    page.shown.set_value("undecided")
    wait_idle(qtbot, page.desk)
    page.table.selectRow(0)
    wait_idle(qtbot, page.desk)
    number = page.table.current.record.suggested[1]
    press(page, "No action…", page.panel)
    page.refresh()  # something changed at another desk: what is being typed stays
    wait_idle(qtbot, page.desk)
    press(page, "End the contact", page.panel)
    wait_idle(qtbot, page.desk)
    press(page, "Back", page.panel)
    press(page, f"Link to referral {number}", page.panel)
    wait_idle(qtbot, page.desk)
    assert page.desk.notices.said[-1] == ("say", f"Linked to referral {number}.")
    assert page.model.rowCount() == 0
