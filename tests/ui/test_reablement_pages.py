"""Reablement by keyboard on a real database: the worklist, an episode up to the hand-over, the forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from coordination.clock import FixedClock, at_local
from coordination.reablement.model import Episode
from tests.database import CentreDb
from tests.db.reablement_kit import Ward
from tests.ui.fakes import make_desk, wait_idle
from ui import sentences
from ui.commands import Command
from ui.page import Page
from ui.reablement.episode_page import EpisodePage
from ui.reablement.forecast_page import ForecastPage
from ui.reablement.line import EpisodeLine
from ui.reablement.opening import OfPerson
from ui.reablement.page import EpisodesPage


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


class Open:
    """Tess at her desk; pages are made when they are asked for."""

    def __init__(self, db: CentreDb, qtbot: Any, folder: Any) -> None:
        self.ward, self.qtbot = Ward(db), qtbot
        self.desk = make_desk(folder, self.ward.tess.services)
        self.desk.actor = self.ward.tess.actor
        self.desk.clock = FixedClock(datetime.now(UTC))

    def page(self, kind: type[Page], key: object = None) -> Any:
        made = kind(self.desk)
        self.qtbot.addWidget(made)
        made.resize(1170, 680)
        self.desk.commands.add(made.commands(), made, made.id)
        made.show()
        made.come_forward(key)
        self.idle()
        return made

    def idle(self) -> None:
        wait_idle(self.qtbot, self.desk)

    def do(self, command: str) -> None:
        found: Command = self.desk.commands.get(command)
        assert found.enabled_when(), command
        found()
        self.idle()

    def fill(self, page: EpisodePage, **values: Any) -> None:
        """Type into the form that is open, and send it as Ctrl+Enter does."""
        form = page.deeds.form
        assert form is not None
        form.form.set_values(values)
        press = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        QApplication.sendEvent(form, press)
        self.idle()

    @property
    def said(self) -> str:
        """What the notices said, errors in words."""
        told = [what for _kind, what in self.desk.notices.said]  # type: ignore[attr-defined]
        return " ".join(sentences.sentence(what) if isinstance(what, Exception) else what for what in told)

    def now(self, episode: Episode) -> Episode:
        return self.ward.tess.services.reablement.open_episode(episode.id).episode


@pytest.fixture
def opened(centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object) -> Iterator[Open]:
    made = Open(centre_db, qtbot, tmp_path)
    yield made
    made.desk.tasks.close()


def test_the_worklist_says_what_is_due_and_what_blocks_the_end(opened: Open) -> None:
    page = opened.page(EpisodesPage)
    assert "Nobody has reablement here" in words(page)
    ward = opened.ward
    late = ward.begin(ward.kit.person("Late"), -45)
    fresh = ward.begin(ward.kit.person("Fresh"), -2)
    page.refresh()
    opened.idle()
    rows = [[page.model.index(r, c).data() for c in range(7)] for r in range(2)]
    assert [row[1] for row in rows] == ["LATE, Emmeline", "FRESH, Emmeline"], "past the end on top"
    assert rows[0][0] == "Day 46 of 42" and rows[0][2].startswith("Review ") and rows[0][2].endswith("days late")
    assert "no end scores" in rows[0][6]
    assert (rows[1][0], rows[1][4]) == ("Day 3 of 42", "Not yet")
    page.chips.set_value(frozenset({"over"}))
    assert [page.model.row_at(n).id for n in range(page.model.rowCount())] == [late.id]
    page.chips.set_value(frozenset())
    page.table.select_key(fresh.id)
    page.table.setFocus()
    opened.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.desk.go.went[-1] == ("episode", fresh.id)  # type: ignore[attr-defined]


def test_from_the_first_day_to_the_hand_over_by_keyboard(opened: Open) -> None:
    ward = opened.ward
    person = ward.kit.person("Ash", "Ann")
    ward.provider("Irwell Care")
    page = opened.page(EpisodePage, OfPerson(person, "ASH, Ann"))
    assert page.deeds.form is not None, "nobody has begun: the form that begins one"
    start = ward.day(-40)
    opened.fill(page, started_on=start, planned_end=start + timedelta(days=50))
    assert "Standard reablement is six weeks" in words(page), "the field says why not; what is typed is kept"
    opened.fill(page, planned_end=start + timedelta(days=42))
    assert page.deeds.form is None and page.detail.episode.started_on == start
    episode = page.detail.episode
    assert page.view.findChild(EpisodeLine).accessibleName().startswith("Day 41 of 42. review due")

    opened.do("episode.review")
    opened.fill(page, decision="continue", words="Washes alone")
    assert "Washes alone" in words(page) and "The review is written down" in opened.said

    opened.do("episode.aim")
    opened.fill(page, aim="long_term_care")
    assert "no package written" in words(page)
    opened.do("episode.package")
    opened.fill(page, minutes_a_week="ten", calls_a_day="3", tasks="Wash and dress")
    assert "That is not a number." in words(page)
    opened.fill(page, minutes_a_week="10.5")
    assert page.detail.package.minutes_a_week == 630 and "Offered to nobody yet." in words(page)

    opened.do("episode.offer")
    provider = page.deeds.form.form.field("provider_id").editor.itemData(0)
    opened.fill(page, provider_id=provider)
    assert [o.state for o in page.detail.package.offers] == ["offered"]
    opened.do("episode.answer")
    opened.fill(page, answer="accepted", starts_on=ward.today)
    assert page.detail.package.is_complete

    opened.do("episode.end")
    opened.fill(page, outcome="long_term_care", ended_on=ward.today)
    assert "The end has not been scored" in opened.said and page.deeds.form is not None, "said, and the form stays"
    for form in ("reablement-start", "reablement-end"):
        ward.signed(person, form)
    page.deeds.close_asking()
    page.refresh()
    opened.idle()
    opened.do("episode.end")
    opened.fill(page, outcome="long_term_care", ended_on=ward.today)
    assert opened.now(episode).outcome == "long_term_care"
    assert not opened.desk.commands.get("episode.end").enabled_when(), "what has ended is kept"


def test_somebody_was_first_and_what_is_typed_is_kept(opened: Open) -> None:
    ward = opened.ward
    episode = ward.begin(began=-10)
    page = opened.page(EpisodePage, episode.id)
    opened.do("episode.move_end")
    ward.tess.services.reablement.set_aim(episode.id, episode.revision, "less_care")
    opened.fill(page, planned_end=ward.day(5))
    assert page.deeds.form is not None and page.deeds.form.form.value("planned_end") == ward.day(5)
    assert page.detail.episode.aim == "less_care", "shown as it is now"
    page.deeds.close_asking()
    opened.do("episode.move_end")
    opened.fill(page, planned_end=ward.day(5))
    assert opened.now(episode).planned_end == ward.day(5)


def test_who_may_only_look_is_offered_nothing_to_change(opened: Open) -> None:
    episode = opened.ward.begin()
    helen = opened.ward.db.sign_in("max.manager")
    opened.desk.services, opened.desk.actor = helen.services, helen.actor
    page = opened.page(EpisodePage, episode.id)
    assert page.detail is not None
    assert not any(c.enabled_when() for c in page.commands() if c.id not in ("episode.record", "episode.assess"))


def test_the_forecast_names_what_is_short_and_each_number_opens_to_its_rows(opened: Open) -> None:
    ward = opened.ward
    home, place = ward.sql(
        "select w.code, n.id from ward w join neighbourhood n on n.id = w.neighbourhood_id where n.locality = 'north'"
        " order by n.id, w.code limit 1"
    )[0]
    ann = ward.kit.person("Ash", "Ann", ward_code=home)
    at = at_local(ward.day(1), 9)
    ward.tess.services.deployment.plan_visits([ward.kit.draft(ann, at, 45, workers_needed=2)])
    mary = ward.kit.worker("Mary", hours=())
    ward.kit.shift(mary, "work", at_local(ward.day(1), 9), at_local(ward.day(1), 10))
    page = opened.page(ForecastPage)
    # 90 minutes asked for, 49 there: Mary's hour less travel.
    assert page.forecast.shortages[0].minutes == 41 and "09:00–10:00, 41 min short" in words(page)
    grid = page.grid
    grid.setFocus()
    row, column = page.forecast.neighbourhoods.index(place), 2
    grid.choose(row, 1)
    opened.qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.currentIndex().column() == column and grid.currentIndex().data() == "−0:41"
    opened.do("forecast.hours")
    assert page.day == ward.day(1)
    nine = next(n for n in range(1, 16) if grid.grid.headerData(n, Qt.Orientation.Horizontal) == "09")
    grid.choose(row, nine)
    opened.qtbot.keyClick(grid, Qt.Key.Key_Return)
    opened.idle()
    shown = words(page.panel)
    assert "ASH, Ann" in shown and "nobody yet" in shown and "Mary: 49 min of 1 h at work" in shown
    assert "Asked for: 1 h 30" in shown and "There: 49 min" in shown
    opened.do("forecast.number")
    assert grid.currentIndex().data() == "1:30"
    opened.do("forecast.later")
    assert page.day == ward.day(2)
    assert not any("41 min short" in line for line in page.grid.about()), "the print names what it shows"
    opened.do("forecast.days")
    assert any("41 min short" in line for line in page.grid.about())
