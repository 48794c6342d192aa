"""A desk on a shared server that dies and comes back: the whole window, nothing stood in for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from shiboken6 import isValid

from coordination.clock import SystemClock
from coordination.errors import SignInFailed
from coordination.local.model import Entry, Put
from coordination.training.users import TRAINING_USERS, training_password
from tests.db.embedded_kit import kill_server
from tests.made_once import Copies
from tests.ui.test_intake_contact import shown_words
from ui import remembered, root
from ui.open_desk import OpenDesk

USER = TRAINING_USERS[0].user_name
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory, small_city: Copies) -> Iterator[root.Centre]:
    made = root.open_embedded(small_city(tmp_path_factory.mktemp("server") / "data"))
    yield made
    made.close()


@pytest.fixture
def sign_in(
    centre: root.Centre, qapp: Any, qtbot: Any, dressed: object, tmp_path: Path
) -> Iterator[Callable[[], OpenDesk]]:
    where = centre.where(USER)
    shared = root.Centre({word: where[word] for word in ("host", "port", "dbname")})
    desks: list[OpenDesk] = []

    def open_it() -> OpenDesk:
        session = shared.sign_in(USER, training_password(USER))
        settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        made = OpenDesk(
            session, settings, SystemClock(), local=lambda: session.local_store(tmp_path, lambda: None, None)
        )
        desks.append(made)
        made.window.resize(1366, 768)
        made.window.show()
        drafts, foot = made.desk.drafts, made.desk.foot
        qtbot.waitUntil(lambda: drafts.where == "disk" and foot.connection is not None, timeout=30_000)
        qtbot.waitUntil(lambda: not made.desk.tasks.busy, timeout=30_000)
        return made

    yield open_it
    for each in desks:
        if isValid(each.window):
            each.close()


def page_of(desk: OpenDesk) -> Any:
    return desk.window.page_of("contact")


def leave(desk: OpenDesk) -> None:
    desk.window.close()
    assert desk.window.close()
    desk.close()


def wrong_number(page: Any, need: str) -> None:
    page.fields.need.setPlainText(need)
    page.ending.kind.set_value("no_action")
    page.ending.no_action.field("reason_list").set_value("Wrong number")
    page.end()


def test_what_is_not_ended_is_there_at_the_next_sign_in(sign_in: Callable[[], OpenDesk], tmp_path: Path) -> None:
    desk = sign_in()
    desk.window.new_contact()
    page_of(desk).fields.need.setPlainText("Half a sentence")
    desk.window.new_contact()
    page_of(desk).fields.need.setPlainText("Another half")
    assert desk.window.foot._drafts.words == "2 drafts not sent"
    assert not desk.window.close(), "it is said that contacts are open"
    assert "2 drafts not ended or saved" in desk.window.notices.notices[-1].words
    leave(desk)
    again = sign_in()
    assert again.window.page is not None and again.window.page.id == "contact"
    assert [t.text() for t in page_of(again).strip.tabs.values()] == ["Half a sentence", "Another half"]
    assert page_of(again).fields.need.toPlainText() == "Another half"
    assert "2 contacts were not ended; here they are." in [n.words for n in again.window.notices.notices]
    for each in list(page_of(again).contacts.all):
        page_of(again).contacts.close(each.key)
    again.window.to("unsent")
    again.window.foot._drafts.click()
    leave(again)
    assert [path.name for path in (tmp_path / "drafts").rglob("*") if path.is_file()] == []


def test_the_server_dies_and_comes_back(
    sign_in: Callable[[], OpenDesk], centre: root.Centre, qtbot: Any, tmp_path: Path
) -> None:
    desk = sign_in()
    desk.window.new_contact()
    page, foot = page_of(desk), desk.desk.foot
    qtbot.waitUntil(lambda: page._has_lists, timeout=30_000)
    assert centre.folder is not None and centre.server is not None
    kill_server(centre.folder)
    wrong_number(page, "While it is dead")  # the client may not know yet that it is
    qtbot.waitUntil(lambda: not page.sending.busy and page.is_empty, timeout=30_000)
    qtbot.waitUntil(lambda: foot.connection is not None and not foot.connection.up, timeout=30_000)
    assert "nobody can be looked up" in shown_words(page.who)
    wrong_number(page, "Knowing that it is")
    assert page.is_empty, "known to be away, nobody waits for it"
    assert [item.title for item in desk.desk.outbox.waiting] == ["While it is dead", "Knowing that it is"]
    assert "2 contacts waiting to be sent" in desk.window.foot._drafts.words
    assert desk._unlock(USER, training_password(USER)), "the lock opens without the database"
    with pytest.raises(SignInFailed):
        desk._unlock(USER, "another")
    centre.server.revive()
    qtbot.waitUntil(lambda: not desk.desk.outbox.items, timeout=30_000)
    stored = [c for c in _contacts(centre) if c in ("While it is dead", "Knowing that it is")]
    assert stored == ["While it is dead", "Knowing that it is"]
    qtbot.waitUntil(lambda: not desk.desk.tasks.busy, timeout=30_000)
    leave(desk)


def _contacts(centre: root.Centre) -> list[str]:
    from sqlalchemy import text

    from db.setup import owner_engine

    engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
    with engine.begin() as connection:
        found = list(connection.execute(text("select need from contact order by recorded_at")).scalars())
    engine.dispose()
    return found


def test_a_user_who_is_no_more_leaves_nothing(centre: root.Centre, tmp_path: Path) -> None:
    session = centre.sign_in(USER, training_password(USER))
    store = session.local_store(tmp_path, lambda: None, None)
    store.write([Put(Entry("note", "a", {}, SystemClock().now()))])
    store.close()
    session.close()
    assert list((tmp_path / "drafts").rglob("*.log"))
    assert root.wipe_local(tmp_path, centre, USER)
    assert not list((tmp_path / "drafts").rglob("*"))


def test_the_key_lies_in_the_keyring_only_beside_a_remembered_password(keyring_of_this_test: None) -> None:
    read, keep = remembered.draft_key("here", "nadia")
    assert read() is None and keep is None
    remembered.remember("here", "nadia", "word")
    read, keep = remembered.draft_key("here", "nadia")
    assert keep is not None and keep(b"k" * 32) and read() == b"k" * 32
    remembered.forget("here", "nadia")
    read, keep = remembered.draft_key("here", "nadia")
    assert read() is None and keep is None


@pytest.fixture
def keyring_of_this_test() -> Iterator[None]:
    import keyring
    from keyring.backend import KeyringBackend

    class InMemory(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            self.kept.pop((service, username), None)

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    yield
    keyring.set_keyring(before)
