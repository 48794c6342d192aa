"""A session is ended from elsewhere, and a password changed: on a real server, with the whole desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from shiboken6 import isValid

from coordination.clock import SystemClock
from coordination.errors import LoginDisabled, SignInFailed
from coordination.values import UserName
from db.engine import verifier
from tests.database import CentreDb, password_of
from ui import root
from ui.open_desk import OpenDesk
from ui.shell.refusals import Refusals

CORA = UserName("cora.coordinator")
NEW = "violet trumpet gravel"


@pytest.fixture
def centre(centre_db: CentreDb) -> root.Centre:
    return root.Centre({word: value for word, value in centre_db.where(CORA).items() if word != "user"})


@pytest.fixture
def open_desk(centre: root.Centre, qtbot: Any, dressed: Any, tmp_path: Path) -> Iterator[Callable[[str], OpenDesk]]:
    desks: list[OpenDesk] = []

    def made(password: str) -> OpenDesk:
        session = centre.sign_in(CORA, password)
        settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        desk = OpenDesk(
            session, settings, SystemClock(), local=lambda: session.local_store(tmp_path, lambda: None, None)
        )
        desks.append(desk)
        desk.window.show()
        qtbot.waitUntil(
            lambda: desk.desk.drafts.where == "disk" and desk.desk.foot.connection is not None, timeout=30_000
        )
        qtbot.waitUntil(lambda: not desk.desk.tasks.busy, timeout=30_000)
        return desk

    yield made
    for each in desks:
        if isValid(each.window):
            each.close()


def test_signed_out_and_switched_off_are_told_and_nothing_stays(
    open_desk: Any, centre: root.Centre, centre_db: CentreDb, qtbot: Any, tmp_path: Path
) -> None:
    users = centre_db.sign_in("ada.admin").services.users
    told: list[tuple[str, str]] = []
    desk = open_desk(password_of(CORA))
    desk.standing.over.connect(lambda why, words: told.append((why, words)))
    desk.desk.drafts.keep("handover", "today", {"note": "half"}, title="Note")
    desk.desk.drafts.flush()
    desk.window.lock()
    users.sign_out_everywhere(CORA)
    qtbot.waitUntil(lambda: told != [], timeout=30_000)
    why, words = told.pop()
    assert why == "signed_out" and "Ada Example" in words and "kept on this computer" in words
    desk.window.leave_now()
    desk.close()
    again = open_desk(password_of(CORA))
    qtbot.waitUntil(lambda: again.desk.drafts.take("handover", "today") == {"note": "half"}, timeout=30_000)
    again.standing.over.connect(lambda why, words: told.append((why, words)))
    line = next(each for each in users.all() if each.user_name == CORA)
    users.set_active(CORA, False, seen=line.revision)
    qtbot.waitUntil(lambda: told != [], timeout=30_000)
    assert told.pop()[0] == "disabled"
    again.desk.drafts.forget_all()
    again.window.leave_now()
    again.close()
    with pytest.raises(LoginDisabled):
        centre.sign_in(CORA, password_of(CORA))
    assert root.wipe_local(tmp_path, centre, CORA)
    assert [path for path in (tmp_path / "drafts").rglob("*") if path.is_file()] == []


def test_a_password_is_changed_here_and_the_drafts_open_with_it(
    open_desk: Any, centre: root.Centre, centre_db: CentreDb, qtbot: Any
) -> None:
    desk = open_desk(password_of(CORA))
    other = centre.sign_in(CORA, password_of(CORA))
    window, drafts = desk.window, desk.desk.drafts
    drafts.keep("handover", "today", {"note": "half"}, title="Note")
    window.change_password()
    form = window.password_sheet.sheet.form

    def tried(present: str, new: str, again: str) -> str:
        for name, text in (("present", present), ("new", new), ("again", again)):
            form.fields[name].editor.setText(text)
        window.password_sheet.sheet.save()
        qtbot.waitUntil(lambda: not desk.desk.tasks.busy, timeout=30_000)
        return " ".join(field.problem for field in form.fields.values() if field.problem)

    try:
        assert "own name" in tried(password_of(CORA), "coordinator cora 1", "coordinator cora 1")
        assert "not the same" in tried(password_of(CORA), NEW, f"{NEW} ")
        assert "present password" in tried("wrong", NEW, NEW)
        assert tried(password_of(CORA), NEW, NEW) == "" and not window.password_sheet.isVisible()
        assert "is changed" in window.notices.notices[-1].words and form.text("new") == ""
        with pytest.raises(SignInFailed):  # the other desk is out
            other.standing()
        assert desk.session.check_password(NEW) and not desk.session.check_password(password_of(CORA))
        assert not desk.session.standing().is_over(desk.session.began), "this one goes on"
        assert desk.desk.services.governance.accounts()
        assert drafts.opens_with(NEW) and not drafts.opens_with(password_of(CORA))
        window.leave_now()
        desk.close()
        again = open_desk(NEW)
        qtbot.waitUntil(lambda: again.desk.drafts.take("handover", "today") == {"note": "half"}, timeout=30_000)
    finally:
        other.close()
        with centre_db.owner.begin() as c:  # the login belongs to the whole server of the tests
            driver: Any = c.connection.driver_connection
            before = verifier(driver, CORA, password_of(CORA))
            c.exec_driver_sql(f"alter role \"{CORA}\" password '{before}'")


def test_tries_are_slower_and_slower_and_a_start_makes_nobody_quick(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 22, 9, 0, tzinfo=UTC)]
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    refusals = Refusals(settings, "place", lambda: now[0])
    waits = []
    for _ in range(11):
        refusals.note("zoe.secret")
        waits.append(refusals.left("zoe.secret").total_seconds())
        now[0] += refusals.left("zoe.secret")
    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]
    refusals.note("zoe.secret")
    again = Refusals(QSettings(settings.fileName(), QSettings.Format.IniFormat), "place", lambda: now[0])
    assert (again.count("zoe.secret"), again.left("zoe.secret").total_seconds()) == (12, 300)
    now[0] -= timedelta(days=400)  # a clock set back makes nobody wait for ever
    assert again.left("zoe.secret").total_seconds() == 300
    assert b"zoe" not in Path(settings.fileName()).read_bytes()
    again.clear("zoe.secret")
    assert again.count("zoe.secret") == 0 == Refusals(settings, "place").count("zoe.secret")
