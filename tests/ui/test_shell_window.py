"""The window: places, history, lock, second windows, files, keys."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from coordination.changes import RESYNC, Change
from coordination.errors import SignInFailed
from tests.ui.fakes import NOW, make_desk, wait_idle
from ui.commands import Command
from ui.page import Page, PageSpec
from ui.shell.palette import Hit, Provider
from ui.shell.signin import Trainee
from ui.shell.window import MainWindow
from ui.style import theme
from ui.widgets import column

TRAINEE = Trainee("nadia.coordinator", "Nadia Hussain", "care_coordinator", "North", "north-1")


class Sample(Page):
    """A page that counts."""

    icon = "tray"
    areas = frozenset({"intake"})

    def __init__(self, desk):
        super().__init__(desk)
        self.refreshed, self.front, self.opened, self.stay = 0, 0, [], False
        self.field = QLineEdit()
        self.done = []
        self.setLayout(column(self.field))

    def refresh(self):
        self.refreshed += 1

    def open(self, key):
        self.opened.append(key)
        super().open(key)

    def activated(self):
        self.front += 1

    def may_leave(self):
        return not self.stay

    def commands(self):
        return [Command(f"{self.id}.claim", "Claim", lambda: self.done.append("claim"), "C", group=self.title)]


def spec(name, title, **more):
    kind = type(title.replace(" ", ""), (Sample,), {"id": name, "title": title})
    return PageSpec(name, title, "tray", kind, **more)


def check_password(_user, password):
    if password != TRAINEE.password:
        raise SignInFailed


@pytest.fixture
def desk(qapp, tmp_path):
    made = make_desk(tmp_path)
    yield made
    made.tasks.close()


@pytest.fixture
def window(desk, qtbot, dressed):
    specs = [
        spec("contact", "New contact"), spec("queue", "Queue"), spec("people", "People"),
        spec("person", "Person", in_rail=False),
    ]  # fmt: skip
    made = MainWindow(desk, specs, unlock=check_password, trainee=TRAINEE)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.to("queue")
    yield made
    if made.page is not None:
        made.page.stay = False
    for each in list(made.seconds.windows):
        each.page.stay = False
        each.close()


def test_pages_are_built_when_first_looked_at(window):
    assert set(window.stack.built) == {"queue"}
    window.to("people")
    assert set(window.stack.built) == {"queue", "people"}
    assert window.stack.built["people"].refreshed == 1
    assert window.rail.buttons["people"].isChecked()


def test_a_page_comes_back_without_reading_again(window):
    window.to("people")
    window.to("queue")
    queue = window.stack.built["queue"]
    assert (queue.refreshed, queue.front) == (1, 2)


def test_a_key_is_opened_once(window):
    window.to("person", "p1")
    assert window.stack.built["person"].opened == ["p1"]
    assert window.stack.built["person"].refreshed == 1
    assert not any(button.isChecked() for button in window.rail.buttons.values())


def test_back_and_forward(window):
    window.to("person", "p1")
    window.to("person", "p2")
    window.back()
    assert window.page.key == "p1"
    window.back()
    assert window.page.id == "queue"
    assert not window.top.back.isEnabled()
    window.forward()
    assert window.page.opened == ["p1", "p2", "p1", "p1"]
    window.to("people")
    assert not window.top.forward.isEnabled()


def test_a_page_may_refuse_to_be_left(window):
    window.page.stay = True
    window.to("people")
    assert window.page.id == "queue"
    assert window.rail.buttons["queue"].isChecked()
    assert window.history.behind is None
    assert not window.close()


def test_a_contact_that_is_not_ended_is_not_lost_by_closing(window):
    window.desk.foot.set_drafts(1)
    assert not window.close() and window.isVisible()
    window.desk.foot.set_drafts(0)
    window.desk.foot.set_drafts(2)
    assert not window.close(), "told anew of what was typed since"
    assert window.close()


def test_what_is_not_sent_yet_is_said_once_when_the_window_is_closed(window):
    window.desk.foot.set_drafts(0, 2)
    assert not window.close() and window.isVisible()
    assert "2 contacts not in the database yet" in window.notices.notices[-1].words
    assert window.close()


def test_an_unknown_page_is_a_mistake_of_ours(window):
    with pytest.raises(KeyError):
        window.to("nowhere")


def test_places_by_number(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.page.id == "people"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.page.id == "queue"
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.page.id == "contact"


def test_a_page_hears_keys_only_in_front(window, qtbot):
    queue = window.page
    queue.setFocus()
    window.rail.buttons["queue"].setFocus()
    qtbot.keyClick(window.rail.buttons["queue"], Qt.Key.Key_C)
    assert queue.done == []
    queue.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_C)
    assert queue.done == ["claim"]
    queue.field.setFocus()
    qtbot.keyClick(queue.field, Qt.Key.Key_C)
    assert queue.done == ["claim"]


def test_the_title_names_no_person(window):
    assert window.windowTitle() == "Queue – Co-ordination Centre"


def test_changes_refresh_what_is_in_front_and_mark_the_rest(window, desk, qtbot):
    window.to("people")
    queue, people = window.stack.built["queue"], window.stack.built["people"]
    for change in (Change("intake", "1"), Change("intake", "2"), Change("apartments", "3")):
        desk.changes.deliver(change)
    qtbot.waitUntil(lambda: people.refreshed == 2, timeout=30_000)
    assert queue.refreshed == 1
    window.to("queue")
    assert queue.refreshed == 2
    desk.changes.deliver(Change("apartments", "4"))
    with qtbot.waitSignal(desk.changes.batch):
        pass
    assert queue.refreshed == 2
    desk.changes.deliver(RESYNC)
    qtbot.waitUntil(lambda: queue.refreshed == 3, timeout=30_000)


def test_changes_may_come_from_any_thread(desk, qtbot):
    got = []
    desk.changes.changed.connect(lambda change: got.append((change, threading.get_ident())))
    thread = threading.Thread(target=desk.changes.deliver, args=(Change("intake", "1"),))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(got), timeout=30_000)
    assert got == [(Change("intake", "1"), threading.get_ident())]


def test_resync_swallows_the_rest(desk, qtbot):
    got = []
    desk.changes.batch.connect(got.append)
    for change in (Change("intake", "1"), RESYNC, Change("people", "2")):
        desk.changes.deliver(change)
    qtbot.waitUntil(lambda: bool(got), timeout=30_000)
    assert got == [frozenset({RESYNC})]


def test_locality_reaches_the_desk_and_the_pages(window, desk, qtbot):
    queue = window.page
    qtbot.mouseClick(window.top.locality._group.buttons()[1], Qt.MouseButton.LeftButton)
    assert desk.locality.value == "North"
    assert queue.refreshed == 2
    desk.locality.set("")
    assert window.top.locality.value == ""


def test_lock_hides_everything_and_the_password_opens_it(window, desk, qtbot):
    second = window.open_second("people")
    window.page.field.setText("half a sentence")
    window.page.field.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.desk_lock.screen.isVisible()
    assert not window.page.isVisible()
    assert not second.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.page.id == "queue"
    panel = window.desk_lock.screen.panel_inside
    panel.password.setText("wrong")
    panel.submit()
    wait_idle(qtbot, desk)
    assert window.desk_lock.screen.isVisible()
    assert "do not fit" in panel._problem.text()
    panel.password.setText(TRAINEE.password)
    panel.submit()
    wait_idle(qtbot, desk)
    assert not window.desk_lock.screen.isVisible()
    assert window.page.isVisible()
    assert second.isVisible()
    assert window.page.field.text() == "half a sentence"
    assert panel.password.text() == ""


def test_one_click_unlocks_in_training(window, desk, qtbot):
    window.lock()
    qtbot.mouseClick(window.desk_lock.screen.panel_inside.tiles[0], Qt.MouseButton.LeftButton)
    wait_idle(qtbot, desk)
    assert window.page.isVisible()


def test_escape_does_not_unlock(window, qtbot):
    window.lock()
    qtbot.keyClick(window.desk_lock.screen, Qt.Key.Key_Escape)
    assert window.desk_lock.screen.isVisible()


def test_it_locks_by_itself(window, qtbot):
    assert not window.desk_lock.is_locked and window.desk_lock.idle.minutes == 10, "unless a setting says another time"
    window.desk_lock.idle.set_minutes(1 / 60_000)
    qtbot.waitUntil(lambda: window.desk_lock.screen.isVisible(), timeout=30_000)


def test_signs_of_life_put_the_lock_off(window, qtbot):
    window.desk_lock.idle.set_minutes(60)
    before = window.desk_lock.idle._timer.remainingTime()
    window.desk_lock.idle._timer.setInterval(10)
    window.desk_lock.idle._timer.setInterval(3_600_000)
    qtbot.mouseMove(window.windowHandle(), window.rect().center())
    assert window.desk_lock.idle._timer.remainingTime() >= before - 1000
    window.desk_lock.idle.set_minutes(0)
    assert not window.desk_lock.idle._timer.isActive()


def test_a_second_window_has_a_page_of_its_own(window, desk, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    [second] = window.seconds.windows
    assert second.page is not window.page
    assert second.page.refreshed == 1
    assert second.windowTitle() == "Queue – Co-ordination Centre"
    scope = second.scope
    assert desk.commands.of(scope)
    second.close()
    assert window.seconds.windows == []
    assert desk.commands.of(scope) == []


def entering(window, data):
    """Something dragged over the window."""
    return QDragEnterEvent(
        window.rect().center(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip


def test_files_dropped_are_handed_on(window, qtbot, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.eml")), QUrl("https://example.org/x")])
    enter = entering(window, data)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.files_dropped) as dropped:
        window.dropEvent(drop)
    assert dropped.args == [[Path(tmp_path / "a.eml")]]


def test_text_dragged_in_is_not_taken(window):
    data = QMimeData()
    data.setText("words")
    enter = entering(window, data)
    enter.ignore()
    window.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_geometry_is_remembered(window, desk, qtbot):
    window.resize(780, 700)
    window.close()
    again = MainWindow(make_desk_like(desk), [spec("queue", "Queue")])
    qtbot.addWidget(again)
    assert again.height() == 700  # the width of the offscreen screen is less than the window wants


def make_desk_like(desk):
    """A second desk on the same settings: a new start of the program."""
    made = make_desk(Path(desk.settings.fileName()).parent)
    made.tasks.close()
    return made


def test_look_is_remembered_and_switches(window, desk, qtbot):
    window.set_look("dark")
    assert theme.mode() == "dark"
    assert desk.settings.value("look/wish") == "dark"
    window.set_look(scale=2.0)
    assert theme.px(10) == 20
    assert float(desk.settings.value("look/scale")) == 2.0
    window.set_look("light", 1.0)


def test_twice_the_text_still_fits_a_small_screen(window, qtbot):
    window.set_look(scale=2.0)
    window.resize(1280, 720)
    assert window.width() == 1280
    assert window.height() == 720
    assert window.rail.narrow
    window.set_look(scale=1.0)


def test_the_sheet_of_keys_names_every_command_that_has_one(window, desk, qtbot):
    window.show_keys()
    shown = {part.text() for part in window.key_sheet.sheet.findChildren(QWidget) if hasattr(part, "text")}
    for command in desk.commands.here("queue"):
        assert not command.shortcut or command.title in shown
    qtbot.keyClick(window.key_sheet, Qt.Key.Key_Escape)
    assert not window.key_sheet.isVisible()


def test_every_command_has_words_and_an_icon_that_is_there(window, desk):
    from ui.style import icons

    for command in desk.commands.here("queue"):
        assert command.title
        assert not command.icon or icons.exists(command.icon), command.id


def test_the_foot_says_what_is_to_be_known(window, desk):
    from datetime import timedelta

    foot = window.foot
    desk.foot.set_connection(True, NOW - timedelta(minutes=5))
    assert foot._line_state.words == "Connected"
    desk.foot.set_connection(False, NOW - timedelta(minutes=3))
    assert foot._line_state.words == "No connection"
    assert "3 min" in foot._age.text()
    desk.foot.set_drafts(2, 1)
    assert foot._drafts.words == "2 drafts not sent · 1 contact waiting to be sent"
    desk.foot.set_due("queue", 3)
    assert foot._due.text() == "3 due in the next 15 minutes"
    assert window.rail.buttons["queue"].due == 3
    assert foot._training.words == "TRAINING – invented people"
    window.to("people")
    foot._due.click()
    assert window.page.id == "queue"
    desk.foot.set_due("queue", 0)
    assert foot._due.isHidden()


def test_long_work_shows_and_stops(window, desk, qtbot):
    begun = threading.Event()

    def work(progress):
        progress.say(1, 4, "1 of 4")
        begun.set()
        while True:
            progress.stop_if_asked()
            threading.Event().wait(0.001)

    desk.tasks.run(window, work, progress="Printing sheets")
    qtbot.waitUntil(
        lambda: any("1 of 4" in shown._words.text() for shown in window.foot._works.values()), timeout=30_000
    )
    [shown] = window.foot._works.values()
    shown.progress.stop()
    wait_idle(qtbot, desk)
    assert not window.foot._works


def test_find_people_actions_and_places(window, desk, qtbot):
    went, asked = [], []

    def search(words):
        asked.append((words, threading.get_ident()))
        return [Hit("PANKHURST, Emmeline (Mrs)", lambda: went.append("p1"), "14-Jul-1945")]

    window.finder.add_provider(Provider("People", search))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.top.find_box.hasFocus()
    assert "Queue" in window.finder.shown()
    qtbot.keyClicks(window.top.find_box, "pankhurst")
    assert window.finder.shown() == []
    qtbot.waitUntil(lambda: bool(window.finder.shown()), timeout=30_000)
    assert [words for words, _thread in asked] == ["pankhurst"]
    assert asked[0][1] != threading.get_ident()
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Return)
    assert went == ["p1"]
    assert not window.finder.isVisible()
    assert window.top.find_box.text() == ""


def test_find_goes_to_a_place(window, qtbot):
    window.finder.open()
    qtbot.keyClicks(window.top.find_box, "peop")
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Return)
    assert window.page.id == "people"


def test_enter_does_nothing_else_while_people_are_looked_for(window, desk, qtbot):
    gate = threading.Event()
    window.finder.add_provider(Provider("People", lambda _words: gate.wait(30) and []))
    window.finder.open()
    qtbot.keyClicks(window.top.find_box, "new")
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Return)
    assert window.page.id == "queue"
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Down)
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Return)
    assert window.page.id == "contact"
    gate.set()
    wait_idle(qtbot, desk)


def test_find_says_when_people_cannot_be_searched(window, desk, qtbot):
    def fail(_words):
        raise ConnectionError

    window.finder.add_provider(Provider("People", fail))
    window.finder.open()
    qtbot.keyClicks(window.top.find_box, "zz")
    window.finder._ask_providers()
    wait_idle(qtbot, desk)
    texts = [window.finder._model.index(n, 0).data() for n in range(window.finder._model.rowCount())]
    assert "People cannot be searched just now" in texts
    assert window.notices.notices == []


def test_escape_closes_find_and_gives_the_focus_back(window, qtbot):
    window.page.field.setFocus()
    window.finder.open()
    qtbot.keyClick(window.top.find_box, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.page.field
    assert not window.finder.isVisible()


def test_closing_twice_and_signing_out(window, qtbot):
    with qtbot.waitSignal(window.signed_out):
        window.sign_out()


def test_a_rail_holds_what_a_day_holds_and_ctrl_k_the_rest(desk, qtbot, dressed):
    specs = [
        spec("figures", "Figures", rail_for=frozenset({"manager"})), spec("queue", "Queue"),
        spec("papers", "Paper sheets", rail_for=frozenset({desk.actor.role})),
    ]  # fmt: skip
    made = MainWindow(desk, specs, unlock=check_password, trainee=TRAINEE)
    qtbot.addWidget(made)
    assert list(made.rail.buttons) == ["queue", "papers"]
    keys = {c.id: c.shortcut for c in desk.commands.of("") if c.group == "Places"}
    assert keys == {"go.queue": "Alt+1", "go.papers": "Alt+2", "go.figures": "Alt+3"}
    made.to("figures")
    assert made.page is not None and made.page.id == "figures"
    assert not any(button.isChecked() for button in made.rail.buttons.values())


def test_a_role_that_takes_no_contacts_has_no_button_for_one(desk, qtbot, dressed):
    made = MainWindow(desk, [spec("people", "People")], unlock=check_password, trainee=TRAINEE)
    qtbot.addWidget(made)
    made.show()
    assert made.top.locality.isVisible() and not made.top.new_contact.isVisible()


def test_a_role_that_takes_contacts_has_the_button(window):
    assert window.top.new_contact.isVisible()
