"""Publishing on a board: the strip, the warning before, the list of what changed since, two leads at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from coordination.values import new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit, at
from tests.ui.fakes import make_desk, wait_idle
from ui.commands import Commands
from ui.deployment.map_window import MapWindow
from ui.deployment.page import ReablementPage
from ui.sentences import sentence
from ui.sheets.preview import SheetPreview


@pytest.fixture
def evening(centre_db: CentreDb, qtbot, dressed, tmp_path):  # type: ignore[no-untyped-def]
    """Tomorrow's board: Amina has a visit, another is open."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    service, day = session.services.deployment, kit.today() + timedelta(days=1)
    amina, bola = kit.worker("Amina", hours=[]), kit.worker("Bola", hours=[])
    for worker in (amina, bola):
        kit.shift(worker, "work", at(7, day=day), at(15, day=day))
    placed, open_ = kit.draft(kit.person("Adams"), at(8, day=day)), kit.draft(kit.person("Davies"), at(9, day=day))
    service.plan_visits([placed, open_])
    service.allocate(placed.id, amina, at(8, day=day), seen=1)
    desk = make_desk(tmp_path, session.services)
    desk.actor = replace(session.actor, locality="north")
    page = ReablementPage(desk)
    qtbot.addWidget(page)
    page.resize(1400, 700)
    page.day = day
    page.show()
    page.come_forward()
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    wait_idle(qtbot, desk)
    yield SimpleNamespace(
        kit=kit, service=service, plans=session.services.published, desk=desk, page=page, day=day, amina=amina,
        bola=bola,
        placed=placed.id, open=open_.id, team=kit.team(), idle=lambda: wait_idle(qtbot, desk), db=centre_db,
        do=lambda name: commands.get(f"reablement.{name}")(), deeds=page._commands["publish"].run.__self__,
        said=lambda: [sentence(w) if isinstance(w, Exception) else str(w) for _kind, w in desk.notices.said],
    )  # fmt: skip
    desk.tasks.close()


def test_a_lead_publishes_and_sees_what_changed_since(evening, qtbot) -> None:  # type: ignore[no-untyped-def]
    m, strip = evening, evening.deeds.strip
    assert strip.isVisible() and strip.text() == "Not published yet: a draft"
    m.do("publish")
    m.idle()
    assert "1 visit is not placed" in m.said()[-1] and m.plans.published(m.team, m.day) is None
    m.do("publish")  # the same key again: all the same
    m.idle()
    assert "Version 1 is published: 1 visit given to workers, 1 not placed." in m.said()[-1]
    assert "by Tess Example, version 1; nothing changed since" in strip.text()

    # somebody changes the day; the board marks it, the list says it, Enter goes there
    visit = m.service.visit(m.placed)
    m.service.move(visit.id, 1, m.bola, at(8, 30, day=m.day), seen=visit.revision)
    m.page.refresh()
    m.idle()
    assert strip.text().endswith("1 change since") and set(m.page.board.changed) == {m.placed}
    assert "other worker" in m.page.board.changed[m.placed] or "new (Bola)" in m.page.board.changed[m.placed]
    m.page.board.grab()
    m.do("published")
    m.idle()
    panel = m.deeds.panel
    assert [line.title for line in panel.list.lines] == ["Amina", "Bola"]
    assert (
        panel.list.lines[0].below.startswith("Taken off; Bola goes")
        and "in place of Amina" in panel.list.lines[1].below
    )
    panel.list.choose(1)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert m.page.board.spot is not None and m.page.board.spot.visit == m.placed

    # the second version, and the two side by side
    m.deeds._send()
    m.idle()
    assert panel.compares == (2, 0) and not panel.list.lines
    panel.older.set_value(1)
    panel.newer.set_value(2)
    panel._ask()
    m.idle()
    assert len(panel.list.lines) == 2
    panel._print.click()
    m.idle()
    preview = next(w for w in m.page.findChildren(SheetPreview))
    qtbot.waitUntil(lambda: preview.ready and not m.desk.tasks.busy, timeout=30_000)
    assert preview.scope.value == "changes" and preview._calendar.isEnabled()
    preview.close()


def test_the_second_of_two_leads_is_told_and_sees_what_stands(evening) -> None:  # type: ignore[no-untyped-def]
    m = evening
    theo = m.db.sign_in("theo.lead").services
    theo.published.publish(m.team, m.day, seen=0, new_id=new_id())
    m.deeds._send()
    m.idle()
    assert "Nothing has changed since Theo Example published version 1" in m.said()[-1]
    assert "by Theo Example, version 1" in m.deeds.strip.text(), "and the strip says it by now"
    other = theo.deployment.visit(m.open)
    theo.deployment.allocate(other.id, m.bola, at(9, day=m.day), seen=other.revision)
    theo.published.publish(m.team, m.day, seen=1, new_id=new_id())
    visit = m.service.visit(m.placed)
    m.service.move(visit.id, 1, m.amina, at(8, 30, day=m.day), seen=visit.revision)
    m.deeds._send()  # this desk still knows version 1
    m.idle()
    assert "Theo Example published version 2" in m.said()[-1] and "Yours would be version 3" in m.said()[-1]
    m.deeds._send()
    m.idle()
    assert "Version 3 is published" in m.said()[-1]


def test_m_opens_the_map_of_what_is_chosen(evening, qtbot) -> None:  # type: ignore[no-untyped-def]
    from ui.deployment.layout import Spot

    m = evening
    m.page.board.choose(Spot(m.placed, 1))
    m.page.board.setFocus()
    qtbot.keyClick(m.page.board, Qt.Key.Key_M)
    m.idle()
    shown = next(w for w in m.page.findChildren(MapWindow))
    qtbot.waitUntil(lambda: len(shown.model.rows) == 2, timeout=30_000)
    assert shown.kind.value == "day" and shown.model.rows[0].point.title == "Amina"
    # another visit is given to her meanwhile: the map goes along
    m.service.allocate(m.open, m.amina, at(9, day=m.day), seen=1)
    m.page.refresh()
    qtbot.waitUntil(lambda: len(shown.model.rows) == 3, timeout=30_000)
    m.page.show_day(m.day + timedelta(days=1))
    m.idle()
    qtbot.waitUntil(lambda: not m.page.findChildren(MapWindow), timeout=30_000)
