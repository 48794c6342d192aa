"""The window: rail, top bar, pages, notices, foot. It is the desk's Navigator and holds its notices.

window = MainWindow(desk, [PageSpec(...), …], unlock=check_password, trainee=None)
window.finder.add_provider(Provider("People", search))
window.files_dropped.connect(...); window.signed_out.connect(...)
window.show(); window.to("queue")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from ui import window_ini
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.shell.desk_lock import DeskLock
from ui.shell.drop_hint import DropHint
from ui.shell.foot import FootBar
from ui.shell.history import History, Spot
from ui.shell.notices import NoticeBar
from ui.shell.page_stack import PageStack
from ui.shell.palette import Palette
from ui.shell.parting import Parting
from ui.shell.password import Change, PasswordOverlay
from ui.shell.rail import Rail
from ui.shell.refusals import Refusals
from ui.shell.second import SecondWindow, SecondWindows
from ui.shell.shortcuts import ShortcutOverlay
from ui.shell.signin import Trainee
from ui.shell.topbar import TopBar
from ui.shell.window_commands import top_commands, window_commands
from ui.style import fonts, theme
from ui.widgets.basics import column, row

IDLE_MINUTES = 10
CROWDED, NARROW = 1240, 1080
NOT_OF_THIS_ROLE = "Your role does not read this part of the record. Whoever gives the care does."


class MainWindow(QMainWindow):
    """One window. Pages are built when they are first looked at."""

    files_dropped = Signal(list)
    """files (list[Path]) dropped on the window or chosen by "Bring in files" """
    signed_out = Signal()
    page_changed = Signal(str)

    def __init__(
        self, desk: Desk, pages: Sequence[PageSpec], *, unlock: Callable[[str, str], Any] | None = None,
        trainee: Trainee | None = None, idle_minutes: float = IDLE_MINUTES, change_password: Change | None = None,
        refusals: Refusals | None = None, of_others: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """``of_others``: ids of pages that other roles have; asked for here, they are refused in words."""
        super().__init__()
        self.desk = desk
        self._of_others = of_others
        self.specs = {spec.id: spec for spec in pages}
        self.seconds = SecondWindows(desk, self.specs, self)
        self.history = History()
        self._page: Page | None = None
        self.parting = Parting(desk, frozenset(self.specs), self)
        self.password_sheet: PasswordOverlay | None = None
        self._body = QWidget(self)
        self.desk_lock = DeskLock(
            self, self._body, desk, unlock, trainee=trainee, refusals=refusals, minutes=idle_minutes,
            keep=self._may_be_seen_locked, busy=self._on_a_call,
        )  # fmt: skip
        self.desk_lock.about_to_lock.connect(self._close_overlays)
        self.desk_lock.unlocked.connect(self._show_title)
        self.desk_lock.left.connect(self._somebody_else)
        self.seconds.opened.connect(self.desk_lock.watch)
        self.setAcceptDrops(True)
        self.setWindowTitle("Co-ordination Centre")
        in_rail = [spec for spec in pages if spec.stands_in_rail_of(desk.actor.role)]
        elsewhere = [spec for spec in pages if spec.in_rail and spec not in in_rail]
        self.rail = Rail(in_rail, lambda number: f"Alt+{number + 1}" if number < 9 else "")
        self.rail.chosen.connect(self.to)
        self.notices = NoticeBar()
        desk.notices, desk.go = self.notices, self
        commands = window_commands(self, [*in_rail, *elsewhere])
        self.top = TopBar(desk, top_commands(commands))
        self.stack = PageStack(desk, self.specs)
        self.stack.title_changed.connect(self._show_title)
        self.foot = FootBar(desk, self._go_due, self.show_unsent)
        self._fill_body()
        desk.commands.add(commands, self._body)
        self.finder = Palette(self._body, self.top.find_box, desk.tasks, self.commands_here, self.places)
        self.key_sheet = ShortcutOverlay(self._body)
        if change_password is not None:
            self.password_sheet = PasswordOverlay(self._body, desk, change_password)
        self._drop_hint = DropHint(self._body)
        desk.foot.changed.connect(self._show_due)
        self._show_history()
        self._restore()

    def _fill_body(self) -> None:
        page = column(self.stack, self.notices, gap=0)
        page.setStretch(0, 1)
        self._page_column = page
        middle = row(self.rail, page, gap=0)
        middle.setStretch(1, 1)
        layout = column(self.top, middle, self.foot, gap=0)
        layout.setStretch(1, 1)
        self._body.setLayout(layout)
        self.setCentralWidget(self._body)

    def put_above(self, bar: QWidget) -> None:
        """A quiet bar above the pages."""
        self._page_column.insertWidget(0, bar)

    # going places

    def to(self, page: str, key: object = None, *, new_window: bool = False) -> None:
        """Show a page; one of another role's is refused in words. KeyError for a page that is not there."""
        if page in self._of_others:
            self.notices.say(NOT_OF_THIS_ROLE)
        elif new_window:
            self.open_second(page, key)
        elif self._show(Spot(page, key)):
            self.history.visit(Spot(page, key))
            self._show_history()

    def back(self) -> None:
        self._step(self.history.behind, -1)

    def forward(self) -> None:
        self._step(self.history.ahead, 1)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._page

    def page_of(self, page: str) -> Page:
        """A page by id, built if it is not yet. KeyError for one that is not there."""
        return self.stack.page_of(page)

    def open_second(self, page: str, key: object = None) -> SecondWindow:
        """Show a page in a window of its own."""
        return self.seconds.open(page, key)

    def _step(self, spot: Spot | None, by: int) -> None:
        if spot is not None and self._show(spot):
            self.history.step(by)
            self._show_history()

    def _show(self, spot: Spot) -> bool:
        wanted = self.page_of(spot.page)
        if self._page is not None and self._page is not wanted and not self._page.may_leave():
            self.rail.show_page(self._page.id)
            return False
        self._page = wanted
        self.stack.setCurrentWidget(wanted)
        self.rail.show_page(spot.page)
        self._show_title()
        wanted.come_forward(spot.key)
        self.page_changed.emit(spot.page)
        return True

    def _show_title(self) -> None:
        if self._page is not None:
            self.setWindowTitle(f"{self._page.title} – Co-ordination Centre")

    def _show_history(self) -> None:
        self.top.set_history(self.history.behind is not None, self.history.ahead is not None)

    def _show_due(self) -> None:
        self.rail.set_due(self.desk.foot.due_of(), self.desk.foot.counts)

    def _go_due(self, source: str) -> None:
        if source in self.specs:
            self.to(source)

    def show_unsent(self) -> None:
        """What is kept on this computer and not in the database yet."""
        if "unsent" in self.specs:
            self.to("unsent")

    def new_contact(self) -> None:
        """A new contact, beside the one that is being written."""
        self.to("contact")
        if self._page is not None and self._page.id == "contact":
            self._page.begin_another()

    # commands

    def commands_here(self) -> list[Command]:
        """What can be done now: of the page in front, and of the window."""
        here = self._page.id if self._page is not None else ""
        return [command for command in self.desk.commands.here(here) if not command.id.startswith("go.")]

    def places(self) -> list[Command]:
        """The pages of the rail, as commands."""
        return [command for command in self.desk.commands.of("") if command.id.startswith("go.")]

    def show_keys(self) -> None:
        """The sheet of keys."""
        here = self._page.id if self._page is not None else ""
        self.key_sheet.show_commands(self.desk.commands.here(here))

    def refresh_page(self) -> None:
        if self._page is not None:
            self._page.refresh()

    def choose_files(self) -> None:
        """Ask for files and hand them on as if they had been dropped."""
        names, _kind = QFileDialog.getOpenFileNames(self, "Bring in files")
        if names:
            self.files_dropped.emit([Path(name) for name in names])

    def set_look(self, wish: theme.Wish | None = None, scale: float | None = None) -> None:
        """Switch light and dark, or the text size, and remember it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        wish = wish or theme.hub().wish
        scale = scale or fonts.scale()
        window_ini.keep_look(self.desk.settings, wish, scale)
        size = self.size()
        self._fit(scale)  # before anything grows: what is folded away does not make the window wider
        theme.apply(app, wish, scale)
        self.resize(size)
        self._fit()

    # lock and leave

    def lock(self) -> None:
        """Hide everything until the password is given again. Without a way to unlock it does nothing."""
        self.desk_lock.lock()

    def _close_overlays(self) -> None:
        self.finder.close_palette()
        self.key_sheet.close_overlay()
        if self.password_sheet is not None:
            self.password_sheet.close_overlay()

    def change_password(self) -> None:
        """Ask for another password."""
        if self.password_sheet is not None:
            self.password_sheet.open()

    def _may_be_seen_locked(self, window: QWidget) -> bool:
        return isinstance(window, MainWindow) or (isinstance(window, SecondWindow) and window.page.stays_when_locked)

    def _on_a_call(self) -> bool:
        """A contact has been begun and stands in front: whoever listens may not touch a key for long."""
        return self._page is not None and self._page.id == "contact" and bool(self.desk.drafts.of("contact"))

    def _somebody_else(self) -> None:
        self.leave_now()
        self.signed_out.emit()

    def leave_now(self) -> None:
        """Whatever is open: the session is over. What was typed is a draft."""
        self.desk_lock.end()
        self._save()
        for window in [w for w in QApplication.topLevelWidgets() if w is not self and w.isVisible()]:
            if isinstance(window, SecondWindow):
                window.leave()
            elif window.parentWidget() is not None:
                window.hide()
        self.hide()

    def sign_out(self) -> None:
        if self.close():
            self.signed_out.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._page is not None and not self._page.may_leave():
            event.ignore()
            return
        if not self.parting.may_go():
            event.ignore()
            return
        self.seconds.close_all()
        self._save()
        self.desk_lock.let_go()
        super().closeEvent(event)

    # the window itself

    def _restore(self) -> None:
        geometry = window_ini.geometry(self.desk.settings)
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(theme.px(1440), theme.px(900))

    def _save(self) -> None:
        window_ini.keep_window(self.desk.settings, self.saveGeometry(), self.desk.locality.value)

    def _fit(self, scale: float | None = None) -> None:
        """Fold away what there is no room for, at the text size in force or at one to come."""
        wide = self.width() / (scale or fonts.scale())
        self.top.set_crowded(wide < CROWDED)
        narrow = wide < NARROW
        if narrow != self.rail.narrow:
            self.rail.set_narrow(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.desk_lock.watch(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop_hint.entered(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.close_overlay()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        files = self._drop_hint.dropped(event)
        if files:
            self.files_dropped.emit(files)
