"""Locked out by the server: it is said in words where one signs in, at an open desk and its lock; nothing is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from shiboken6 import isValid

from coordination.clock import SystemClock
from coordination.errors import DatabaseAway, LockedOut, SignInFailed
from db.embedded.process import living
from tests.database import CentreDb, password_of
from ui import root
from ui.open_desk import OpenDesk
from ui.shell.refusals import Refusals
from ui.shell.signin import SignInPanel
from ui.shell.standing import LOCKED_OUT
from ui.tasks import Tasks

CORA = "cora.coordinator"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a server is told to read its rules by a signal")


@pytest.fixture
def centre(centre_db: CentreDb) -> root.Centre:
    return root.Centre({word: value for word, value in centre_db.where(CORA).items() if word != "user"})


@pytest.fixture
def shut(centre_db: CentreDb, centre: root.Centre) -> Iterator[Callable[[bool], None]]:
    """The server of the tests lets her in no more, or again; returns when it does."""
    cluster = centre_db.server.folder / "postgres"
    hba = cluster / "pg_hba.conf"
    good, is_shut = hba.read_text("ascii"), False

    def tell(wanted: bool) -> None:
        nonlocal is_shut
        rules = f'local all "{CORA}" reject\nhost all "{CORA}" 127.0.0.1/32 reject\n' if wanted else ""
        hba.write_text(rules + good, "ascii")
        found = living(cluster)
        assert found is not None
        found[1].send_signal(signal.SIGHUP)
        while is_shut != wanted:
            try:
                centre.sign_in(CORA, password_of(CORA)).close()
                is_shut = False
            except LockedOut:
                is_shut = True

    yield tell
    tell(False)


@pytest.fixture
def open_desk(centre: root.Centre, qtbot: Any, dressed: Any, tmp_path: Path) -> Iterator[OpenDesk]:
    session = centre.sign_in(CORA, password_of(CORA))
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    made = OpenDesk(session, settings, SystemClock(), local=lambda: session.local_store(tmp_path, lambda: None, None))
    made.window.show()
    qtbot.waitUntil(lambda: made.desk.drafts.where == "disk" and _is_up(made), timeout=30_000)
    yield made
    if isValid(made.window):
        made.window.hide()  # else it stays the active one, and shortcuts of the next test go to it
        made.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _is_up(desk: OpenDesk) -> bool:
    line = desk.desk.foot.connection
    return line is not None and line.up


def test_the_window_says_what_happened_and_counts_no_wrong_password(
    centre: root.Centre, shut: Callable[[bool], None], qtbot: Any, dressed: Any
) -> None:
    shut(True)
    tasks, refusals = Tasks(), Refusals()
    panel = SignInPanel(tasks, centre.sign_in, refusals=refusals)
    qtbot.addWidget(panel)
    panel.user.setText(CORA)
    panel.password.setText(password_of(CORA))
    panel.submit()
    qtbot.waitUntil(lambda: not tasks.busy, timeout=30_000)
    said = panel._problem.text()
    assert said.startswith("Too many wrong passwords were tried for this user name") and "do not fit" not in said
    assert refusals.count(CORA) == 0 and panel.password.text() == password_of(CORA) and panel._go.isEnabled()
    shut(False)
    with qtbot.waitSignal(panel.signed_in, timeout=30_000) as signed_in:
        panel.submit()
    signed_in.args[0].close()
    tasks.close()


def test_an_open_desk_keeps_what_is_typed_says_why_and_goes_on_by_itself(
    open_desk: OpenDesk, centre_db: CentreDb, shut: Callable[[bool], None], qtbot: Any
) -> None:
    desk, told = open_desk.desk, []
    open_desk.standing.over.connect(lambda why, _words: told.append(why))
    desk.drafts.keep("handover", "today", {"note": "half"}, title="Note")
    shut(True)
    assert open_desk.session.services.governance.accounts(), "whoever is in stays in"
    with centre_db.owner.begin() as owner:
        owner.exec_driver_sql(
            f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{CORA}' and"
            " datname = current_database()"
        )
    qtbot.waitUntil(lambda: desk.foot.away_words == "Locked out for now", timeout=30_000)
    assert [notice.words for notice in desk.notices.notices].count(LOCKED_OUT) == 1
    open_desk.window.lock()
    assert open_desk._unlock(CORA, password_of(CORA)), "the lock opens by what is kept here"
    with pytest.raises(SignInFailed):
        open_desk._unlock(CORA, "another")
    with pytest.raises(DatabaseAway):
        open_desk.session.services.governance.accounts()
    shut(False)
    qtbot.waitUntil(lambda: _is_up(open_desk) and desk.foot.away_words == "", timeout=30_000)
    assert LOCKED_OUT not in [notice.words for notice in desk.notices.notices]
    assert told == [] and desk.drafts.take("handover", "today") == {"note": "half"}
