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

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QWidget

from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.shell.covering import Cover, Place
from ui.shell.foot import FootBar
from ui.shell.history import History, Spot
from ui.shell.idle import WARN_SECONDS, IdleWatch
from ui.shell.lock import LockScreen
from ui.shell.notices import NoticeBar
from ui.shell.overlay import Overlay
from ui.shell.palette import Palette
from ui.shell.password import Change, PasswordOverlay
from ui.shell.rail import Rail
from ui.shell.refusals import Refusals
from ui.shell.second import SecondWindow
from ui.shell.shortcuts import ShortcutSheet
from ui.shell.signin import Trainee
from ui.shell.topbar import TopBar
from ui.shell.window_commands import top_commands, window_commands
from ui.style import fonts, theme
from ui.widgets.basics import column, label, plane, row

IDLE_MINUTES = 10
SOON = f"Nobody has touched this desk for a while: it locks in {WARN_SECONDS} seconds. Any key keeps it open."
CROWDED, NARROW = 1240, 1080


def _drop_words() -> QWidget:
    said = label("Referrals (BaRS), e-mails and online forms become contacts in the queue.", quiet=True, wrap=True)
    return plane(column(label("Let go to bring these in", size="title", strong=True), said, gap=2, margins=6), "")


class _Stack(QStackedWidget):
    """Pages. One that needs more height than there is scrolls within itself; it never makes the window grow."""

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(480), theme.px(270))


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
        self.pages: dict[str, Page] = {}
        self.windows: list[SecondWindow] = []
        self.history = History()
        self._page: Page | None = None
        self._numbers = 0
        self._told_of_drafts = False
        self.lock_screen: LockScreen | None = None
        self.password_sheet: PasswordOverlay | None = None
        self._place: Place | None = None
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
        self.stack = _Stack()
        self.foot = FootBar(desk, self._go_due, self.show_unsent)
        self._body = self._build_body()
        desk.commands.add(commands, self._body)
        self.finder = Palette(self._body, self.top.find_box, desk.tasks, self.commands_here, self.places)
        self.sheet = ShortcutSheet(lambda: self._sheet_overlay.close_overlay())
        self._sheet_overlay: Overlay = Overlay(self._body, self.sheet, width=860)
        if unlock is not None:
            self.lock_screen = LockScreen(self, desk, unlock, trainee, self._somebody_else, refusals)
            self.lock_screen.opened_again.connect(self._unlocked)
        if change_password is not None:
            self.password_sheet = PasswordOverlay(self._body, desk, change_password)
        self._drop_hint = Overlay(self._body, _drop_words(), width=420)
        self._cover = Cover(self._may_be_seen_locked, self)
        self.idle = IdleWatch(idle_minutes if unlock is not None else 0, self, self._on_a_call)
        self.idle.idle.connect(self.lock)
        self.idle.soon.connect(lambda: self.notices.say(SOON))
        self.idle.stirred.connect(lambda: self.notices.withdraw(SOON))
        desk.foot.changed.connect(self._foot_changed)
        self._show_history()
        self._restore()

    def _build_body(self) -> QWidget:
        body = QWidget(self)
        page = column(self.stack, self.notices, gap=0)
        page.setStretch(0, 1)
        self._page_column = page
        middle = row(self.rail, page, gap=0)
        middle.setStretch(1, 1)
        layout = column(self.top, middle, self.foot, gap=0)
        layout.setStretch(1, 1)
        body.setLayout(layout)
        self.setCentralWidget(body)
        return body

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
        if page not in self.pages:
            made = self.specs[page].build(self.desk)
            self.desk.commands.add(made.commands(), made, page)
            made.title_changed.connect(self._show_title)
            self.stack.addWidget(made)
            self.pages[page] = made
        return self.pages[page]

    def open_second(self, page: str, key: object = None) -> SecondWindow:
        """Show a page in a window of its own."""
        self._numbers += 1
        window = SecondWindow(self.desk, self.specs[page].build(self.desk), self._numbers)
        window.gone.connect(self.windows.remove)
        self.windows.append(window)
        window.show()
        handle = window.windowHandle()
        if handle is not None:
            self.idle.watch(handle)
        window.page.come_forward(key)
        return window

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

    def _foot_changed(self) -> None:
        if not (self.desk.foot.drafts or self.desk.foot.outbox):
            self._told_of_drafts = False
        self._show_due()

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
        self.sheet.show_commands(self.desk.commands.here(here))
        self._sheet_overlay.open()

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
        settings = self.desk.settings
        wish = wish or theme.hub().wish
        scale = scale or fonts.scale()
        settings.setValue("look/wish", wish)
        settings.setValue("look/scale", scale)
        size = self.size()
        self._fit(scale)  # before anything grows: what is folded away does not make the window wider
        theme.apply(app, wish, scale)
        self.resize(size)
        self._fit()

    # lock and leave

    def lock(self) -> None:
        """Hide everything until the password is given again. Without a way to unlock it does nothing."""
        if self.is_locked or self.lock_screen is None:
            return
        self.notices.withdraw(SOON)
        self.desk.drafts.flush()
        self.finder.close_palette()
        self._sheet_overlay.close_overlay()
        if self.password_sheet is not None:
            self.password_sheet.close_overlay()
        self._place = Place()
        self._body.hide()
        self.setWindowTitle("Locked – Co-ordination Centre")
        self.lock_screen.open()
        self._cover.close()

    @property
    def is_locked(self) -> bool:
        return self.lock_screen is not None and self.lock_screen.isVisible()

    def change_password(self) -> None:
        """Ask for another password."""
        if self.password_sheet is not None:
            self.password_sheet.open()

    def _may_be_seen_locked(self, window: QWidget) -> bool:
        return isinstance(window, MainWindow) or (isinstance(window, SecondWindow) and window.page.stays_when_locked)

    def _on_a_call(self) -> bool:
        """A contact has been begun and stands in front: whoever listens may not touch a key for long."""
        return self._page is not None and self._page.id == "contact" and bool(self.desk.drafts.of("contact"))

    def _unlocked(self) -> None:
        self._body.show()
        self._show_title()
        self._cover.open()
        if self._place is not None:
            self._place.go_back()
        self.idle.touch()

    def _somebody_else(self) -> None:
        """At the lock. What was typed is kept for whoever typed it; where it can't be kept, that is said first."""
        foot, screen = self.desk.foot, self.lock_screen
        if (foot.drafts or foot.outbox) and self.desk.drafts.where != "disk" and screen is not None and not screen.told:
            screen.tell("Something typed here cannot be kept on this computer and would be lost. Unlock to save it, or "
                        "press the button once more.")  # fmt: skip
            return
        self.leave_now()
        self.signed_out.emit()

    def leave_now(self) -> None:
        """Whatever is open: the session is over. What was typed is a draft."""
        self.idle.set_minutes(0)
        self._cover.let_go()
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
        if (self.desk.foot.drafts or self.desk.foot.outbox) and not self._told_of_drafts:
            event.ignore()
            self._tell_of_drafts()
            return
        for window in list(self.windows):
            window.close()
        self._save()
        self._cover.let_go()
        super().closeEvent(event)

    def _tell_of_drafts(self) -> None:
        """What is open and what waits is said once; closing once more leaves it to the next sign-in, or, where it
        cannot be kept on the disk, lets it go."""
        self._told_of_drafts = True
        foot = self.desk.foot
        if foot.outbox:
            self.show_unsent()
        elif "contact" in self.specs:
            self.to("contact")
        parts = [wording.count(foot.drafts, "draft") + " not ended or saved"] if foot.drafts else []
        parts += [wording.count(foot.outbox, "contact") + " not in the database yet"] if foot.outbox else []
        kept = "Kept on this computer for your next sign-in here: close the window once more to leave."
        lost = "Nothing can be kept on this computer: close the window once more to lose it."
        self.notices.warn(f"{wording.listing(parts)}. {kept if self.desk.drafts.where != 'memory' else lost}")

    # the window itself

    def _restore(self) -> None:
        settings = self.desk.settings
        geometry = settings.value("window/geometry")
        if isinstance(geometry, QByteArray) and self.restoreGeometry(geometry):
            return
        self.resize(theme.px(1440), theme.px(900))

    def _save(self) -> None:
        settings = self.desk.settings
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/locality", self.desk.locality.value)
        settings.sync()

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
        handle = self.windowHandle()
        if handle is not None:
            self.idle.watch(handle)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._drop_hint.open()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.close_overlay()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.close_overlay()
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)
