"""Deeds of a page that asks what it must in a small form at its side, and says what was done with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.errors import BadValue, BadValues
from ui.widgets.basics import column
from ui.widgets.fields import Form


class SideActs:
    """``asking`` while a form stands at the side. The page has ``table``, ``panel`` (an AskingPanel) and
    ``show_side()`` (what stood there before)."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._save: Callable[[], object] | None = None

    @property
    def asking(self) -> bool:
        return self._save is not None

    def save(self) -> None:
        """Ctrl+Enter."""
        if self._save is not None:
            self._save()

    def ask_with(self, title: str, widget: QWidget, confirm: str, save: Callable[[], object]) -> None:
        """Something other than a form stands at the side until it is left."""
        self._save = save
        self._page.panel.ask(title, widget, confirm, save, self.leave)

    def leave(self) -> None:
        """Back to what stood there; the list has the keys again."""
        self._save = None
        self._page.show_side()
        self._page.table.setFocus()

    def do(
        self, call: Callable[[], Any], said: str, undo: Callable[[Any], Callable[[], object]] | None,
        form: Form | None = None,
    ) -> None:  # fmt: skip
        """Change something, say so, read again. ``undo`` makes the undo from what came back."""
        page = self._page

        def done(now: Any) -> None:
            if form is not None:
                self.leave()
            back = None
            if undo is not None:
                undoing = undo(now)

                def back() -> None:
                    page.run(undoing, lambda _done: page.refresh())

            page.desk.notices.say(said, undo=back)
            page.refresh()

        def failed(error: Exception) -> bool:
            if form is not None and isinstance(error, BadValue | BadValues):
                return not form.set_problems(error)
            page.refresh()  # somebody else changed it: as it is now
            return False

        page.run(call, done, failed)

    def ask(
        self, title: str, form: Form, confirm: str, call: Callable[[], Any], said: str,
        undo: Callable[[Any], Callable[[], object]] | None,
    ) -> None:  # fmt: skip
        """Ask in a form, then do it. What can't be read is said at its field."""
        holder = QWidget()
        holder.setLayout(column(form, None))

        def save() -> None:
            form.clear_problems()
            try:
                form.values()  # a day that is none is said at its field
            except (BadValue, BadValues) as error:
                form.set_problems(error)
                return
            self.do(call, said, undo, form)

        self._save = save
        self._page.panel.ask(title, holder, confirm, save, self.leave)
        next(iter(form.fields.values())).editor.setFocus()
