"""A page in a window of its own, for a second screen or the wall. Its notices stand in the main window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from ui.desk import Desk
from ui.page import Page
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
