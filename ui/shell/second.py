"""A page in a window of its own, for a second screen or the wall. Its notices stand in the main window."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.style import theme
from ui.widgets.basics import column


class SecondWindow(QMainWindow):
    """Holds one page. Its commands work in it under a scope of their own."""

    gone = Signal(object)

    def __init__(self, desk: Desk, page: Page, number: int) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page, self._desk = page, desk
        self.scope = f"{page.id}#{number}"
        body = QWidget()
        body.setLayout(column(page, gap=0))
        self.setCentralWidget(body)
        self.setWindowTitle(f"{page.title} – Co-ordination Centre")
        self.resize(theme.px(1100), theme.px(760))
        desk.commands.add(page.commands(), page, self.scope)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.page.may_leave():
            event.ignore()
            return
        self._let_go()
        super().closeEvent(event)

    def leave(self) -> None:
        """The session is over, whatever the page would say."""
        self._let_go()
        self.hide()
        self.deleteLater()

    def _let_go(self) -> None:
        self.page.put_away()
        self._desk.tasks.drop(self.page)
        self._desk.commands.remove(self.scope)
        self.gone.emit(self)


class SecondWindows(QObject):
    """Those of one desk."""

    opened = Signal(QWidget)
    """it is shown; its page does not know yet what about"""

    def __init__(self, desk: Desk, specs: Mapping[str, PageSpec], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._specs = desk, specs
        self._numbers = 0
        self.windows: list[SecondWindow] = []

    def open(self, page: str, key: object = None) -> SecondWindow:
        """Show a page in a window of its own. KeyError for one that is not there."""
        self._numbers += 1
        window = SecondWindow(self._desk, self._specs[page].build(self._desk), self._numbers)
        window.gone.connect(self.windows.remove)
        self.windows.append(window)
        window.show()
        self.opened.emit(window)
        window.page.come_forward(key)
        return window

    def close_all(self) -> None:
        for window in list(self.windows):
            window.close()
