"""A person's visits, the form beside them and beside a board: by keyboard, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from coordination.clock import FixedClock, at_local
from coordination.deployment.patterns import Change, Pattern, Rule, Slot
from coordination.errors import BadValue, BadValues
from coordination.values import PatternId, new_id
from tests.database import CentreDb
from tests.db.deployment_kit import Kit
from tests.ui.fakes import make_desk, wait_idle
from ui.commands import Commands
from ui.deployment.layout import Spot
from ui.deployment.page import ReablementPage
from ui.people.finder import PersonFinder
from ui.visits import VisitsOf, words
from ui.visits.form import by_field
from ui.visits.page import VisitsPage


@pytest.fixture
def there(centre_db: CentreDb, qtbot, dressed, tmp_path):
    """Somebody with washing every morning from tomorrow, and their page."""
    kit = Kit(centre_db)
    session = centre_db.sign_in("tess.lead")
    visits = session.services.visits
    tomorrow = kit.today() + timedelta(days=1)
    slot = Slot(1, time(8), time(10), 30, "Washing")
    who = kit.person(access_notes="Side door")
    made = visits.make_pattern(Pattern(PatternId(new_id()), who, kit.team(), Rule(tomorrow), (slot,)))
    desk = make_desk(tmp_path, session.services)
    desk.actor, desk.clock = session.actor, FixedClock(datetime.now(UTC))
    page = VisitsPage(desk)
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    page.come_forward(who)
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    wait_idle(qtbot, desk)
    yield SimpleNamespace(
        kit=kit, visits=visits, services=session.services, desk=desk, page=page, who=who, tomorrow=tomorrow,
        made=sorted(made.made, key=lambda v: v.day), pattern=made.then[0], commands=commands,
        idle=lambda: wait_idle(qtbot, desk),
    )  # fmt: skip
    desk.tasks.close()


def said(t) -> str:
    return str(t.desk.notices.said[-1][1])


def fill(t, **values) -> None:
    t.page.editor.form.set_values(values)


def test_a_visit_is_changed_with_those_that_follow_and_it_is_said_before(there, qtbot) -> None:
    t = there
    t.page.table.setFocus()
    t.page.table.selectRow(2)
    qtbot.keyClick(t.page.table, Qt.Key.Key_E)
    t.idle()
    editor = t.page.editor
    assert editor is not None and editor.scope is not None and "Side door" in editor.about.said
    assert editor.form.value("times") == "08:00–10:00"
    editor.scope.set_value("following")
    fill(t, times="9-11")
    editor.rehearse()
    t.idle()
    day = words.day_of(t.made[2].day)
    qtbot.waitUntil(lambda: editor.told.text() == f"Changes 40 visits from {day}.", timeout=30_000)
    field = editor.form.field("times").editor
    t.page.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    t.idle()
    assert t.page.editor is None and said(t) == f"Changed 40 visits from {day}."
    rows = t.visits.rows_of(t.who)
    assert [r.arrive.start == at_local(r.day, 9) for r in rows] == [False, False, *[True] * 40]
    assert t.page.can_take_back
    qtbot.keyClick(t.page.table, Qt.Key.Key_U)
    t.idle()
    assert said(t) == "It is as it was." and t.visits.rows_of(t.who)[5].arrive.start == at_local(t.made[5].day, 8)


def test_a_pattern_is_typed_with_its_times_days_and_gap(there, qtbot) -> None:
    t = there
    qtbot.keyClick(t.page.table, Qt.Key.Key_P)
    t.idle()
    editor = t.page.editor
    fill(t, need="Catheter care", times="8-10, 11-12, 23:00", minutes="x", gap="4")
    editor.save()
    wrong = {name for name, field in editor.form.fields.items() if field.problem}
    assert wrong == {"minutes", "gap"}
    fill(t, minutes="30", gap="4 h", team=t.kit.team())
    editor.save()
    t.idle()
    assert "07:00" in editor.form.field("times").problem
    fill(t, times="8-10, 11-12")
    editor.save()
    t.idle()
    assert "windows do not allow" in editor.form.field("gap").problem
    fill(t, times="8-10, 13-16 (45 min)", unit="week", weekdays=frozenset({t.tomorrow.weekday()}))
    editor.rehearse()
    t.idle()
    qtbot.waitUntil(lambda: "nobody on its rota" in editor.advice.text(), timeout=30_000)
    editor.save()
    t.idle()
    assert t.page.editor is None and said(t).startswith(f"Planned 12 visits from {words.day_of(t.tomorrow)}")
    assert [words.rule(r.pattern.rule) for r in t.page.patterns.all_rows][-1].endswith("of every week")
    first = next(v for v in t.page.visits.all_rows if v.minutes == 45)
    assert first.need == "Catheter care"
    t.page.undo()
    t.idle()
    assert len(t.visits.rows_of(t.who)) == 42


def test_recurring_visits_are_ended_and_brought_back(there) -> None:
    t = there
    t.page.recurring.setFocus()
    t.page.recurring.selectRow(0)
    t.page.end()
    t.idle()
    assert said(t).startswith("Cancelled 42 visits from") and t.page.visits.all_rows == []
    t.page.take_back()
    t.idle()
    assert len(t.page.visits.all_rows) == 42


def test_an_action_of_the_plan_is_in_the_form_already(there, centre_db: CentreDb) -> None:
    t = there
    plans = centre_db.sign_in("asa.assessor").services.careplan
    plan = plans.start(t.who).plan.id
    action = plans.add_action(plan, "Practise the stairs", team=t.kit.team())
    t.page.open(VisitsOf(t.who, action=action.id))
    t.idle()
    editor = t.page.editor
    assert editor.form.value("need") == "Practise the stairs" and editor.about.fresh
    editor.save()
    t.idle()
    assert {r.need for r in t.visits.rows_of(t.who)} == {"Washing", "Practise the stairs"}
    plans.update_item("action", action.id, action.revision, {"state": "dropped"})
    t.page.refresh()
    t.idle()
    assert t.page.strip.isVisibleTo(t.page)
    t.page.strip.follow_all()
    t.idle()
    assert {r.need for r in t.visits.rows_of(t.who)} == {"Washing"} and not t.page.strip.isVisibleTo(t.page)


def test_a_visit_is_changed_and_an_urgent_one_planned_beside_the_board(there, qtbot) -> None:
    t = there
    t.page.hide()
    page = ReablementPage(t.desk)
    qtbot.addWidget(page)
    page.resize(1500, 800)
    page.day, page.team = t.tomorrow, t.kit.team()
    page.show()
    page.come_forward()
    t.idle()
    commands = Commands()
    commands.add(page.commands(), page, page.id)
    page.board.choose(Spot(t.made[0].id, 1))
    page.board.setFocus()
    qtbot.keyClick(page.board, Qt.Key.Key_E)
    t.idle()
    editor = page.panel.area.widget()
    editor.form.set_values({"minutes": "45"})
    editor.save()
    t.idle()
    (visit,) = t.services.deployment.board(t.kit.team(), t.tomorrow).visits
    assert (visit.minutes, visit.modified) == (45, True)
    page.undo_stack.undo()
    t.idle()
    (visit,) = t.services.deployment.board(t.kit.team(), t.tomorrow).visits
    assert (visit.minutes, visit.modified) == (30, False)
    page.board.setFocus()
    page.activateWindow()
    page.board.setFocus()
    qtbot.waitUntil(page.board.hasFocus)
    qtbot.keyClick(page.board, Qt.Key.Key_V)
    (finder,) = page.panel.findChildren(PersonFinder)
    finder.field.setText("pankhurst")
    t.idle()
    qtbot.waitUntil(lambda: bool(finder.list.people.rows), timeout=30_000)
    finder.list.choose(0)
    t.idle()
    editor = page.panel.area.widget()
    editor.form.set_values({"need": "A fall", "times": "16:00"})
    editor.save()
    t.idle()
    found = t.services.deployment.board(t.kit.team(), t.tomorrow).visits
    assert [v.need for v in found] == ["Washing", "A fall"] and found[1].fixed == at_local(t.tomorrow, 16)


def test_whoever_may_only_read_is_offered_nothing_to_write(there, qtbot) -> None:
    t = there
    t.desk.actor = replace(t.desk.actor, role="manager")
    may = {c.id for c in t.page.commands() if c.enabled_when()}
    assert not may & {"visits.visit", "visits.pattern", "visits.edit", "visits.end", "visits.follow"}


def test_what_the_service_finds_is_said_at_the_field_that_asks_for_it() -> None:
    found = by_field(BadValues((BadValue("fixed", "outside_hours"), BadValue("need", "too_long"))))
    assert found.problems == (BadValue("times", "outside_hours"), BadValue("need", "over_500"))


def test_changes_in_words() -> None:
    assert words.happened(Change("changed")) == "No visit has changed."
    assert words.nth(2) == "2nd" and words.nth(12) == "12th" and words.nth(21) == "21st"
    rule = Rule(date(2026, 11, 23), None, "week", 2, (0, 3))
    assert words.rule(rule) == "Mon and Thu of every 2nd week"
    assert words.rule(replace(rule, every=1, weekdays=(0, 1, 2, 3, 4))) == "Monday to Friday"
    assert words.rule(Rule(date(2026, 11, 23))) == "Every day"
