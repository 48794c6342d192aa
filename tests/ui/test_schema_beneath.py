"""The schema changes under an open desk: it says so, writes nothing, keeps what is typed, and goes on when they fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from db import migrations
from db.setup import owner_engine
from tests.ui.test_desk_away import _contacts, centre, leave, page_of, sign_in, wrong_number
from ui import root, schema_watch
from ui.open_desk import OpenDesk

__all__ = ["centre", "sign_in"]


def brought_to(centre: root.Centre, revision: str) -> None:
    """As a migration leaves it: the number, and word of it to whoever listens."""
    engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :new"), {"new": revision})
        connection.execute(text("select pg_notify('centre', :wire)"), {"wire": f"schema:{revision}"})
    engine.dispose()


def test_a_newer_schema_under_an_open_desk(sign_in: Callable[[], OpenDesk], centre: root.Centre, qtbot: Any) -> None:
    desk = sign_in()
    desk.window.new_contact()
    page, foot, notices = page_of(desk), desk.desk.foot, desk.window.notices
    qtbot.waitUntil(lambda: page._has_lists, timeout=30_000)

    def said() -> list[str]:
        return [notice.words for notice in notices.notices]

    brought_to(centre, "9999")
    try:
        qtbot.waitUntil(lambda: schema_watch.AHEAD in said(), timeout=30_000)
        assert foot.connection is not None and not foot.connection.up
        assert desk.window.foot._line_state.words == "Another version"
        wrong_number(page, "Under another schema")
        assert [item.title for item in desk.desk.outbox.waiting] == ["Under another schema"]
        assert all(item.is_waiting for item in desk.desk.outbox.items), "it is not refused, it waits"
        assert "Under another schema" not in _contacts(centre)
    finally:
        brought_to(centre, migrations.head())
    qtbot.waitUntil(lambda: not desk.desk.outbox.items, timeout=60_000)
    assert schema_watch.AHEAD not in said()
    assert _contacts(centre).count("Under another schema") == 1
    qtbot.waitUntil(lambda: not desk.desk.tasks.busy, timeout=30_000)
    leave(desk)
