"""Drafts and the outbox of a desk: written as one types, found again, sent when the database answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from coordination.errors import BadValue, BadValues, Conflict, DatabaseAway
from coordination.intake.model import Advice, Contact, ContactDraft, EndedContact
from coordination.local.model import CannotKeep
from coordination.local.outbox import Held, OutboxItem, Sent, Waits
from coordination.values import ContactId, UserName, new_id
from db.local import EncryptedStore, place_of
from db.local.wraps import Cost
from tests.ui.fakes import NOW, make_desk, wait_idle
from ui.desk import Desk
from ui.intake.drafts import CONTACT, OpenDraft, begin
from ui.local.page import UnsentPage
from ui.local.telling import Telling

CHEAP = Cost(n=2**4)


def store_in(folder: Path, password: str = "word") -> Callable[[], EncryptedStore]:
    return lambda: EncryptedStore(place_of(folder, "centre", "nadia"), password, None, CHEAP)


class Server:
    """The services of a database that answers as it is told."""

    def __init__(self) -> None:
        self.intake = self
        self.answers: list[Exception] = []
        self.taken: list[ContactId] = []

    def take_contact(self, draft: ContactDraft, contact_id: ContactId, ending: Any) -> EndedContact:
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append(contact_id)
        words = draft.need
        return EndedContact(
            Contact(contact_id, "telephone", NOW, NOW, UserName("nadia"), "Nadia", None, None, "", "", "", words, {},
                    "advice", "", None, NOW, 2)
        )  # fmt: skip


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def desk_in(qapp: Any, qtbot: Any, tmp_path: Path, server: Server) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def open_it(*, store: bool = True, password: str = "word") -> Desk:
        desk = make_desk(tmp_path, server)
        made.append(desk)
        if store:
            with qtbot.waitSignal(desk.drafts.opened, timeout=30_000):
                desk.drafts.open(store_in(tmp_path, password))
        return desk

    yield open_it
    for desk in made:
        desk.tasks.close()
        desk.drafts.close()


def crash(desk: Desk) -> None:
    """The end of its process: nothing more is written, and the lock is free."""
    desk.drafts._timer.stop()
    desk.drafts._pending.clear()
    writer = desk.drafts._writer
    store: Any = writer._store

    def drop() -> None:
        store._log.close()
        store._lock.release()
        store._closed = True

    assert writer._thread is not None
    writer._thread.submit(drop).result()


def item(need: str = "Stairs", minutes: int = 0) -> OutboxItem:
    typed = begin(NOW)
    at = NOW + timedelta(minutes=minutes)
    return OutboxItem(typed.id, ContactDraft(need=need), Advice("Rest"), at, need, {})


def take(desk: Desk, qtbot: Any, one: OutboxItem) -> list[Any]:
    came: list[Any] = []
    desk.outbox.take(one, (CONTACT, str(one.id)), came.append)
    wait_idle(qtbot, desk)
    return came


# --- drafts


def test_what_is_typed_is_on_the_disk_soon_and_found_after_a_crash(desk_in: Any, qtbot: Any) -> None:
    desk = desk_in()
    for word in ("Em", "Emmeline", "Emmeline P"):
        desk.drafts.keep("note", "shift", {"words": word}, title="Handover note")
    assert desk.foot.drafts == 1
    qtbot.waitUntil(lambda: not desk.drafts._pending, timeout=30_000)
    desk.drafts._writer.write([]).result()
    crash(desk)
    again = desk_in()
    assert again.drafts.take("note", "shift") == {"words": "Emmeline P"}
    assert [entry.data["title"] for entry in again.drafts.kept] == ["Handover note"]
    assert again.drafts.take("note", "shift") is not None, "it stays kept until it is dropped"
    again.drafts.drop("note", "shift")
    assert again.drafts.take("note", "shift") is None and again.foot.drafts == 0
    crash(again)
    assert desk_in().drafts.kept == []


def test_it_is_written_at_once_when_the_focus_moves(desk_in: Any, qtbot: Any) -> None:
    desk = desk_in()
    window = QWidget()
    one, other = QLineEdit(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(one)
    layout.addWidget(other)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    one.setFocus()
    qtbot.waitUntil(one.hasFocus, timeout=30_000)
    desk.drafts.keep("note", "a", {"words": "x"})
    assert desk.drafts._pending
    other.setFocus()
    assert not desk.drafts._pending


def test_what_is_typed_before_the_store_is_open_is_kept_too(
    qapp: Any, qtbot: Any, tmp_path: Path, server: Server
) -> None:
    desk = make_desk(tmp_path, server)
    desk.drafts.keep("note", "early", {"words": "quick"})
    desk.drafts.flush()
    with qtbot.waitSignal(desk.drafts.opened, timeout=30_000):
        desk.drafts.open(store_in(tmp_path))
        desk.drafts.keep("note", "meanwhile", {"words": "quicker"})
        desk.drafts.flush()
    desk.tasks.close()
    desk.drafts.close()
    with qtbot.waitSignal((again := make_desk(tmp_path, server)).drafts.opened, timeout=30_000):
        again.drafts.open(store_in(tmp_path))
    assert {entry.key for entry in again.drafts.of("note")} == {"early", "meanwhile"}
    again.tasks.close()
    again.drafts.close()


def test_where_the_disk_cannot_be_used_it_is_said_and_kept_in_memory(qapp: Any, qtbot: Any, tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    (tmp_path / "drafts").write_text("in the way")
    with qtbot.waitSignal(desk.drafts.opened, timeout=30_000):
        desk.drafts.open(store_in(tmp_path))
    assert desk.drafts.where == "memory" and desk.foot.in_memory == "not_writable"
    desk.drafts.keep("note", "a", {"words": "x"})
    desk.drafts.flush()
    assert desk.drafts.take("note", "a") == {"words": "x"}
    desk.tasks.close()
    desk.drafts.close()


def test_what_could_not_be_written_is_written_with_the_next(
    desk_in: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in()

    def full(_log: Any, _content: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("db.local.log.Log._write", full)
        desk.drafts.keep("note", "a", {"words": "x"})
        desk.drafts.flush()
        qtbot.waitUntil(lambda: desk.foot.in_memory == "disk_full", timeout=30_000)
        with pytest.raises(CannotKeep):
            desk.drafts.write_now([])
    desk.drafts.keep("note", "b", {"words": "y"})
    desk.drafts.flush()
    qtbot.waitUntil(lambda: desk.foot.in_memory is None, timeout=30_000)
    crash(desk)
    assert {entry.key for entry in desk_in().drafts.kept} == {"a", "b"}


def test_a_former_password_brings_back_what_was_typed_under_it(desk_in: Any, qtbot: Any) -> None:
    desk = desk_in(password="former")
    desk.drafts.keep("note", "a", {"words": "x"})
    desk.drafts.close()
    now = desk_in(password="new")
    assert now.drafts.kept == [] and now.drafts.under_other_key == 1
    page = UnsentPage(now)
    qtbot.addWidget(page)
    page.show()
    page.come_forward()
    assert page._former.isVisible()
    page._former.setText("former")
    with qtbot.waitSignal(now.drafts.opened, timeout=30_000):
        page._open_former()
    assert now.drafts.take("note", "a") == {"words": "x"}
    assert not page._former.isVisible()


def test_a_second_desk_sees_its_own_until_the_first_has_gone(desk_in: Any, qtbot: Any) -> None:
    first, second = desk_in(), desk_in()
    first.drafts.keep(CONTACT, "a", {"fields": {}})
    first.drafts.flush()
    first.drafts._writer.write([]).result()
    second.drafts.look_for_others()
    second.drafts._writer.write([]).result()
    assert second.drafts.kept == []
    Telling(second, lambda: True, second.drafts)._first = False
    crash(first)
    with qtbot.waitSignal(second.drafts.opened, timeout=30_000):
        second.drafts.look_for_others()
    assert [entry.key for entry in second.drafts.kept] == ["a"]
    assert second.notices.said[-1] == ("warn", "1 contact was not ended. It is kept as it was.")


# --- the outbox


def test_a_contact_is_sent_and_gone(desk_in: Any, qtbot: Any, server: Server) -> None:
    desk, one = desk_in(), item()
    desk.drafts.keep(CONTACT, str(one.id), {"need": "Stairs"})
    (outcome,) = take(desk, qtbot, one)
    assert isinstance(outcome, Sent) and server.taken == [one.id]
    assert desk.outbox.items == [] and desk.foot.drafts == 0 and desk.foot.outbox == 0
    crash(desk)
    assert desk_in().outbox.items == []


def test_away_it_waits_and_goes_once_in_order_when_the_line_is_back(desk_in: Any, qtbot: Any, server: Server) -> None:
    desk = desk_in()
    telling = Telling(desk, lambda: True, desk.drafts)
    desk.foot.set_connection(False, NOW)
    ones = [item(f"no. {n}", n) for n in range(4)]
    for one in reversed(ones):
        (outcome,) = take(desk, qtbot, one)
        assert isinstance(outcome, Waits)
    assert server.taken == [] and desk.foot.outbox == 4
    desk.foot.set_connection(True, NOW)
    qtbot.waitUntil(lambda: not desk.outbox.items, timeout=30_000)
    assert server.taken == [one.id for one in ones]
    assert desk.notices.said[-1] == ("say", "4 contacts that waited are in the database now.")
    assert telling is not None


def test_what_waited_when_the_client_died_goes_at_the_next_sign_in(desk_in: Any, qtbot: Any, server: Server) -> None:
    desk, one = desk_in(), item()
    desk.foot.set_connection(False, NOW)
    take(desk, qtbot, one)
    desk.drafts._writer.write([]).result()
    crash(desk)
    again = desk_in()
    qtbot.waitUntil(lambda: server.taken == [one.id], timeout=30_000)
    qtbot.waitUntil(lambda: not again.outbox.items, timeout=30_000)


def test_a_lost_answer_is_asked_for_again_by_itself(
    desk_in: Any, qtbot: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.local.outgoing.FIRST_PAUSE_MS", 1)
    desk, one = desk_in(), item()
    desk.outbox._pause = 1
    server.answers = [DatabaseAway(), DatabaseAway()]
    (outcome,) = take(desk, qtbot, one)
    assert isinstance(outcome, Waits)
    qtbot.waitUntil(lambda: server.taken == [one.id] and not desk.outbox.items, timeout=30_000)


def test_refused_it_is_held_and_the_next_goes(desk_in: Any, qtbot: Any, server: Server) -> None:
    desk = desk_in()
    Telling(desk, lambda: True, desk.drafts)
    desk.foot.set_connection(False, NOW)
    one, other = item("one"), item("other", 1)
    for each in (one, other):
        take(desk, qtbot, each)
    server.answers = [BadValues((BadValue("service", "not_in_list"),))]
    desk.foot.set_connection(True, NOW)
    qtbot.waitUntil(lambda: server.taken == [other.id], timeout=30_000)
    wait_idle(qtbot, desk)
    assert [held.refused for held in desk.outbox.items] == [BadValues((BadValue("service", "not_in_list"),))]
    assert desk.foot.refused == 1
    assert any("not taken by the database" in str(said) for _kind, said in desk.notices.said)
    crash(desk)
    again = desk_in()
    assert [not held.is_waiting for held in again.outbox.items] == [True], "held over a crash, and not sent by itself"
    again.outbox.send(one.id)
    qtbot.waitUntil(lambda: one.id in server.taken, timeout=30_000)


def test_a_refusal_before_the_screen_comes_back_as_a_draft(desk_in: Any, qtbot: Any, server: Server) -> None:
    desk, one = desk_in(), item()
    server.answers = [BadValues((BadValue("need", "too_long"),))]
    (outcome,) = take(desk, qtbot, one)
    assert isinstance(outcome, Held)
    assert desk.outbox.recall(one.id, desk.drafts.entry(CONTACT, str(one.id), {"need": "x"}))
    assert desk.outbox.items == [] and desk.foot.drafts == 1
    crash(desk)
    again = desk_in()
    assert again.outbox.items == [] and [entry.key for entry in again.drafts.kept] == [str(one.id)]


# --- the list


@pytest.fixture
def listed(desk_in: Any, qtbot: Any, dressed: object, server: Server) -> UnsentPage:
    desk = desk_in()
    desk.foot.set_connection(False, NOW)
    typed = begin(NOW)
    typed = replace(typed, fields={"need": "Stairs", "channel": "telephone"})
    one = replace(item("Stairs"), id=typed.id, typed=wired(typed))
    take(desk, qtbot, one)
    desk.drafts.keep(CONTACT, str(new_id()), wired(begin(NOW)), "Not ended")
    page = UnsentPage(desk)
    qtbot.addWidget(page)
    page.resize(1100, 500)
    page.show()
    page.come_forward()
    return page


def wired(typed: Any) -> dict[str, Any]:
    from coordination.local import wire

    return wire.encode_what_can_be(typed.data())


def test_the_list_says_what_waits_and_what_is_open(listed: UnsentPage) -> None:
    rows = [listed.model.row_at(n) for n in range(listed.model.rowCount())]
    assert [(row.state, row.title) for row in rows] == [("Waits to be sent", "Stairs"), ("Not ended", "Not ended")]
    assert "No connection" in listed._why.text()


def test_a_contact_that_waits_can_be_mended_and_one_refused_for_another_end_gets_ids_of_its_own(
    listed: UnsentPage, qtbot: Any
) -> None:
    desk = listed.desk
    (one,) = desk.outbox.items
    listed.table.select_key(f"outbox {one.id}")
    listed.open_current()
    assert desk.go.went[-1] == ("contact", OpenDraft(str(one.id)))  # type: ignore[attr-defined]
    assert desk.outbox.items == [] and desk.drafts.take(CONTACT, str(one.id)) is not None
    desk.outbox.put_back(replace(one, refused=Conflict("intake", str(one.id), 1, None)))
    listed.refresh()
    listed.table.select_key(f"outbox {one.id}")
    assert "another end" in listed._why.text()
    listed.open_current()
    page, key = desk.go.went[-1]  # type: ignore[attr-defined]
    assert page == "contact" and key.key != str(one.id)


def test_removed_it_can_be_brought_back(listed: UnsentPage) -> None:
    desk = listed.desk
    (one,) = desk.outbox.items
    listed.table.select_key(f"outbox {one.id}")
    listed.remove_current()
    assert desk.outbox.items == []
    desk.notices.undo()  # type: ignore[attr-defined]
    assert desk.outbox.items == [one]
