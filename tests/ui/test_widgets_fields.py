"""Forms, dates, chips and the small parts."""

from datetime import date, time
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from coordination.errors import BadValue, BadValues
from ui.commands import Command
from ui.style import theme
from ui.widgets import (
    Badge,
    Busy,
    Choice,
    DateEdit,
    EmptyState,
    Facts,
    FilterChips,
    Form,
    SegmentedChoice,
    SidePanel,
    TextArea,
    TimeEdit,
    ask_again,
    button,
    command_button,
    icon_button,
    label,
    splitter,
)

TODAY = date(2026, 11, 22)


@pytest.fixture
def form(qtbot, dressed):
    made = Form(columns=2)
    made.add("surname", "Surname", QLineEdit(), required=True, help="As on the letter")
    made.add("birth_date", "Date of birth", DateEdit(birth=True, today=lambda: TODAY))
    made.add("at", "At", TimeEdit())
    made.add("channel", "By", Choice([("telephone", "Telephone"), ("gp", "GP")], prompt="Choose"))
    made.add("need", "Need", TextArea(), span=2)
    made.add("size", "View", SegmentedChoice([("day", "Day"), ("week", "Week")]))
    made.add("tags", "Tags", FilterChips([("a", "A"), ("b", "B")]))
    made.add("alone", "", QCheckBox("Lives alone"))
    made.add("number", "How many", QSpinBox())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


FILLED = {
    "surname": "Pankhurst", "birth_date": date(1945, 7, 14), "at": time(9, 30), "channel": "gp", "need": "Washing",
    "size": "week", "tags": frozenset({"b"}), "alone": True, "number": 3,
}  # fmt: skip


def test_what_goes_in_comes_out(form):
    form.set_values(FILLED)
    assert form.values() == FILLED


def test_an_empty_form(form):
    assert form.values() == {
        "surname": "", "birth_date": None, "at": None, "channel": None, "need": "", "size": "day", "tags": frozenset(),
        "alone": False, "number": 0,
    }  # fmt: skip


def test_edits_are_told_and_filling_in_is_no_edit(form, qtbot):
    edited = []
    form.edited.connect(edited.append)
    form.set_values(FILLED)
    assert edited == []
    for name in ("surname", "birth_date", "at", "need"):
        qtbot.keyClicks(form.field(name).editor, "1")
    form.field("channel").editor.set_value("telephone")
    form.field("size").editor.set_value("day")
    form.field("tags").editor.set_value({"a"})
    form.field("alone").editor.click()
    form.field("number").editor.stepUp()
    assert set(edited) == set(FILLED)


def test_problems_stand_at_their_fields(form):
    elsewhere = BadValue("nhs_number", "check_digit_fails")
    error = BadValues((BadValue("channel", "required"), BadValue("surname", "required"), elsewhere))
    assert form.set_problems(error) == [elsewhere]
    assert form.field("surname").problem == "This is needed."
    assert form.field("surname").editor.hasFocus()
    assert form.field("surname").editor.accessibleDescription() == "This is needed."
    assert form.field("need").problem == ""


def test_editing_clears_the_problem_and_the_help_comes_back(form, qtbot):
    form.set_problems(BadValue("surname", "required"))
    qtbot.keyClicks(form.field("surname").editor, "P")
    assert form.field("surname").problem == ""
    assert form.field("surname")._note.text() == "As on the letter"


def test_a_date_that_is_none_is_named_by_its_field(form):
    form.field("birth_date").editor.setText("31/2/1945")
    with pytest.raises(BadValues) as refused:
        form.values()
    assert refused.value.problems == (BadValue("birth_date", "not_a_date"),)


def test_screen_readers_hear_label_and_need(form):
    editor = form.field("surname").editor
    assert editor.accessibleName() == "Surname, needed"
    assert editor.accessibleDescription() == "As on the letter"
    assert QAccessible.queryAccessibleInterface(editor).text(QAccessible.Text.Name) == "Surname, needed"


def test_tab_goes_through_the_fields_in_order(form, qtbot):
    order = [form.field(name).editor for name in ("surname", "birth_date", "at", "channel", "need")]
    order[0].setFocus()
    for before, after in pairwise(order):
        qtbot.keyClick(before, Qt.Key.Key_Tab)
        assert after.hasFocus(), after.accessibleName()


def test_date_is_read_as_typed_and_shown_in_full(qtbot, dressed):
    edit = DateEdit(birth=True, today=lambda: TODAY)
    qtbot.addWidget(edit)
    edit.show()
    edit.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus, timeout=30_000)
    got = []
    edit.changed.connect(got.append)
    qtbot.keyClicks(edit, "14071945")
    assert got[-1] == date(1945, 7, 14)
    edit.clearFocus()
    assert edit.text() == "14-Jul-1945"
    assert edit.value == date(1945, 7, 14)


def test_date_steps_by_keys(qtbot, dressed):
    edit = DateEdit(today=lambda: TODAY)
    qtbot.addWidget(edit)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.value == TODAY
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.value == date(2026, 11, 23)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert edit.value == date(2026, 11, 21)


def test_what_is_no_date_stays_as_typed(qtbot, dressed):
    edit = DateEdit(today=lambda: TODAY)
    qtbot.addWidget(edit)
    got = []
    edit.changed.connect(got.append)
    qtbot.keyClicks(edit, "soon")
    assert not edit.good
    assert edit.text() == "soon"
    assert got == []


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_calendar_opens_by_key_and_gives_its_day(qtbot, dressed):
    edit = DateEdit(TODAY, today=lambda: TODAY)
    qtbot.addWidget(edit)
    edit.show()
    qtbot.keyClick(edit, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = edit.findChild(QWidget, "qt_calendar_calendarview")
    assert calendar is not None
    qtbot.keyClick(calendar, Qt.Key.Key_Right)
    qtbot.keyClick(calendar, Qt.Key.Key_Return)
    assert edit.value == date(2026, 11, 23)


def test_time_steps_by_quarters(qtbot, dressed):
    edit = TimeEdit(time(9, 30))
    qtbot.addWidget(edit)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.value == time(9, 45)


def test_chips(qtbot, dressed):
    chips = FilterChips([("a", "Overdue", "warning-octagon", "red"), ("b", "Mine"), ("c", "North")])
    qtbot.addWidget(chips)
    got = []
    chips.changed.connect(got.append)
    chips.set_value({"a", "c"})
    chips.set_value({"a", "c"})
    assert got == [frozenset({"a", "c"})]
    chips.set_counts({"a": 1204})
    assert chips._chips["a"].accessibleName() == "Overdue, 1204"
    chips.show()
    qtbot.mouseClick(chips._chips["b"], Qt.MouseButton.LeftButton)
    assert chips.value == {"a", "b", "c"}


def test_chips_flow_onto_a_second_line(qtbot, dressed):
    holder = QWidget()
    chips = FilterChips([(n, f"Neighbourhood {n}") for n in range(8)])
    chips.setParent(holder)
    qtbot.addWidget(holder)
    holder.show()
    chips.resize(1200, 28)
    one = chips.height()
    chips.resize(300, 28)
    assert chips.height() > 2 * one


def test_segments_by_arrow_keys(qtbot, dressed):
    choice = SegmentedChoice([("day", "Day"), ("week", "Week"), ("month", "Month")], name="View")
    qtbot.addWidget(choice)
    choice.show()
    got = []
    choice.changed.connect(got.append)
    qtbot.keyClick(choice._group.checkedButton(), Qt.Key.Key_Right)
    qtbot.keyClick(choice._group.checkedButton(), Qt.Key.Key_Left)
    qtbot.keyClick(choice._group.checkedButton(), Qt.Key.Key_Left)
    assert got == ["week", "day", "month"]
    with pytest.raises(ValueError, match="year"):
        choice.set_value("year")


def test_choice_keeps_its_value_over_a_new_list(qtbot, dressed):
    choice = Choice([("a", "A"), ("b", "B")], prompt="Choose")
    qtbot.addWidget(choice)
    assert choice.value is None
    choice.set_value("b")
    choice.set_items([("c", "C"), ("b", "B")])
    assert choice.value == "b"
    choice.set_items([("c", "C")])
    assert choice.value is None


def test_text_is_never_markup(dressed, qtbot):
    shown = label("<b>O'Neill</b> & Söhne")
    qtbot.addWidget(shown)
    assert shown.textFormat() == Qt.TextFormat.PlainText


def test_facts_read_not_known(qtbot, dressed):
    facts = Facts([("Lead worker", None), ("Need", "Washing")])
    qtbot.addWidget(facts)
    assert [part.text() for part in facts.findChildren(QLabel)] == ["Lead worker", "Not known", "Need", "Washing"]


def test_command_buttons_ask_again(qtbot, dressed):
    can, done = [False], []
    made = command_button(Command("c", "Claim", lambda: done.append(1), "C", lambda: can[0], icon="user"))
    qtbot.addWidget(made)
    assert not made.isEnabled()
    assert "(C)" in made.toolTip()
    can[0] = True
    ask_again(made)
    made.click()
    assert done == [1]


def test_icon_buttons_have_a_name(qtbot, dressed):
    made = icon_button("x", "Close")
    qtbot.addWidget(made)
    assert made.accessibleName() == made.toolTip() == "Close"


def test_side_panel_closes_by_key(qtbot, dressed):
    panel = SidePanel("Referral")
    qtbot.addWidget(panel)
    panel.set_content(Facts([("Need", "Washing")]))
    panel.set_actions(None, button("Claim"))
    panel.set_actions(button("Release"))
    panel.show()
    with qtbot.waitSignal(panel.closed):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.isHidden()


def test_splitter_remembers(qtbot, dressed, settings):
    first = splitter(QWidget(), QWidget(), sizes=(300, 100), settings=settings, name="queue")
    qtbot.addWidget(first)
    first.resize(400, 100)
    first.show()
    first.setSizes([100, 299])
    first.splitterMoved.emit(100, 1)
    second = splitter(QWidget(), QWidget(), sizes=(300, 100), settings=settings, name="queue")
    qtbot.addWidget(second)
    second.resize(400, 100)
    second.show()
    assert abs(second.sizes()[0] - first.sizes()[0]) < 4


def test_empty_state_starts_something(qtbot, dressed):
    done = []
    state = EmptyState("Nothing", "Press it", action=("Begin", lambda: done.append(1)))
    qtbot.addWidget(state)
    state.findChild(QPushButton).click()
    assert done == [1]


def test_busy_follows_the_calls_of_its_owner(qtbot, dressed, desk):
    over, go = QWidget(), []
    qtbot.addWidget(over)
    over.show()
    busy = Busy(over, desk.tasks)
    busy._wait.setInterval(1)
    desk.tasks.run(over, lambda: [None for _ in iter(lambda: bool(go), True)])
    qtbot.waitUntil(busy.isVisible, timeout=30_000)
    go.append(1)
    qtbot.waitUntil(busy.isHidden, timeout=30_000)


def test_quick_work_shows_nothing(qtbot, dressed, desk):
    over = QWidget()
    qtbot.addWidget(over)
    over.show()
    busy = Busy(over, desk.tasks)
    desk.tasks.run(over, lambda: 1)
    qtbot.waitUntil(lambda: not desk.tasks.busy, timeout=30_000)
    assert not busy._wait.isActive()
    assert busy.isHidden()


def test_badges_grow_with_their_words(qtbot, dressed):
    short, long = Badge("Due", "amber", "clock"), Badge("Overdue by a long time", "red", "warning")
    qtbot.addWidget(short)
    qtbot.addWidget(long)
    assert short.sizeHint().width() < long.sizeHint().width()
    assert Badge.of_state("overdue", "25 min").accessibleName() == "25 min"


def test_widgets_that_are_gone_do_not_hear_of_the_theme(qapp, qtbot):
    for make in (lambda: Badge("x"), lambda: DateEdit(), lambda: EmptyState("x"), lambda: icon_button("x", "x")):
        made = make()
        made.deleteLater()
    qapp.processEvents()
    qapp.sendPostedEvents(None, 0)
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
