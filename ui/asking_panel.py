"""The panel at the side of a list: what is known of the chosen row and, in its place, a form that asks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from ui.widgets.basics import button
from ui.widgets.panels import SidePanel


class AskingPanel(SidePanel):
    """Esc and the cross leave the form; the panel itself stays. ``buttons``: those under what is known."""

    def __init__(self, title: str = "", *, width: int = 380) -> None:
        super().__init__(title, width=width)
        self.buttons: list[QPushButton] = []
        self._known: QWidget | None = None
        self._leave: Callable[[], object] | None = None
        self.closed.connect(self._stay)

    def stand(self, known: QWidget, *buttons: QPushButton | None) -> None:
        """What is known, and what can be done with it; None stretches. A form that stood there is gone."""
        self._known, self._leave = known, None
        self.buttons = [each for each in buttons if each is not None]
        if self.area.widget() is not known:
            self.set_content(known)
        self.set_actions(*buttons)

    def ask(
        self, title: str, form: QWidget, confirm: str, save: Callable[[], object], leave: Callable[[], object]
    ) -> None:
        """A form in the place of what is known, which is kept. Without ``confirm`` the form says when it is done."""
        if self.area.widget() is self._known:
            self.area.takeWidget()
        self._leave, self.buttons = leave, []
        self.set_title(title)
        self.set_content(form)
        back = button("Back", leave, kind="quiet", tip="Esc")
        done = [button(confirm, save, kind="main", tip="Ctrl+Enter")] if confirm else []
        self.set_actions(None, back, *done)
        self.show()

    def _stay(self) -> None:
        if self._leave is not None:
            self._leave()
        self.show()
