"""The preview of the sheets: which day, only what changed, calendars; one outline with every other paper window."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from icalendar import Calendar
from PySide6.QtWidgets import QWidget
from sqlalchemy import text

from coordination.values import new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit, at
from tests.ui.fakes import make_desk, wait_idle
from tests.ui.test_sheets_pdf import pages
from ui.sheets.preview import SheetPreview, open_preview
from ui.sheets.window import PaperWindow


@pytest.fixture
def opened(centre_db: CentreDb, qtbot, dressed, tmp_path):  # type: ignore[no-untyped-def]
    """Amina has a visit today and one tomorrow; tomorrow is published, and Bola got hers since."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    service, today = session.services.deployment, kit.today()
    tomorrow = today + timedelta(days=1)
    amina, bola = kit.worker("Amina", hours=[]), kit.worker("Bola", hours=[])
    visits = {}
    for day, name in ((today, "Adams"), (tomorrow, "Davies")):
        for worker in (amina, bola):
            kit.shift(worker, "work", at(7, day=day), at(15, day=day))
        draft = kit.draft(kit.person(name), at(9, day=day))
        (visits[day],) = service.plan_visits([draft])
        service.allocate(draft.id, amina, at(9, day=day), seen=1)
    session.services.published.publish(session.actor.team_id, tomorrow, seen=0, new_id=new_id())
    visit = service.visit(visits[tomorrow])
    service.move(visit.id, 1, bola, at(9, 30, day=tomorrow), seen=visit.revision)
    desk = make_desk(tmp_path, session.services)
    desk.actor = replace(session.actor, locality="north")
    desk.clock.at = at(6, day=today)  # type: ignore[attr-defined]
    host = QWidget()
    qtbot.addWidget(host)
    shown = open_preview(host, desk, kit.team(), today, amina)

    def ready() -> None:
        qtbot.waitUntil(lambda: shown.ready and not desk.tasks.busy, timeout=30_000)

    ready()
    yield SimpleNamespace(
        shown=shown, desk=desk, today=today, tomorrow=tomorrow, ready=ready, db=centre_db, amina=amina, bola=bola,
        idle=lambda: wait_idle(qtbot, desk), read=lambda: pages(shown.view.document.content),
    )  # fmt: skip
    shown.close()
    desk.tasks.close()


def test_today_is_a_draft_and_tomorrow_says_what_changed(opened, tmp_path) -> None:  # type: ignore[no-untyped-def]
    shown = opened.shown
    assert isinstance(shown, SheetPreview) and isinstance(shown, PaperWindow), "one outline"
    assert "DRAFT" in opened.read()[0] and "ADAMS" in opened.read()[0] and not shown._calendar.isEnabled()
    shown.days.set_value(opened.tomorrow)
    opened.ready()
    (page,) = opened.read()
    assert "by Tess Example, version 1" in page and "1 visit changed since" in page
    assert "Taken off" in page and "Do not go: Bola goes" in page and "DAVIES" in page
    shown.kind.set_value("all")
    opened.ready()
    whole = opened.read()
    assert len(whole) == 3 and "In place of Amina" in " ".join(whole)
    shown.scope.set_value("changes")
    opened.ready()
    assert all("Changes for" in p for p in opened.read()) and shown.file().endswith("all sheets, changes")
    assert shown._calendar.isEnabled()

    # every worker's calendar: Amina's visit is cancelled in hers, Bola has it
    shown.save_calendars_to(tmp_path / "calendars")
    opened.idle()
    files = sorted((tmp_path / "calendars").iterdir())
    assert [re.sub(".*, ", "", f.name) for f in files] == ["Amina.ics", "Bola.ics"]
    states = [str(Calendar.from_ical(f.read_bytes()).walk("VEVENT")[0]["status"]) for f in files]
    assert states == ["CANCELLED", "CONFIRMED"]
    shown.kind.set_value("worker")
    opened.ready()
    shown.save_calendar_to(tmp_path / "mine")
    shown.save_to(tmp_path / "mine")
    opened.idle()
    assert (tmp_path / "mine.ics").read_bytes() == files[0].read_bytes() and (tmp_path / "mine.pdf").exists()
    with opened.db.owner.begin() as c:
        query = "select record from audit.entry where action = 'export' group by transaction, record"
        noted = c.execute(text(query)).scalars().all()
    mine = f"worker {opened.amina} changes"
    assert sorted(" ".join(r.split(" ")[3:]) for r in noted) == ["all changes", mine, mine]


def test_what_cannot_be_written_is_said(opened, tmp_path) -> None:  # type: ignore[no-untyped-def]
    opened.shown.days.set_value(opened.tomorrow)
    opened.ready()
    (tmp_path / "file").write_text("")
    opened.shown.save_calendars_to(tmp_path / "file")
    opened.shown.save_each_to(tmp_path / "file")
    opened.shown.save_to(tmp_path / "nowhere" / "x")
    opened.idle()
    said = [str(w) for _, w in opened.desk.notices.said]
    assert sum("could not be written" in w for w in said) == 3
