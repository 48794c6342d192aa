"""One source of the inbox: looked at, added, changed, switched off and on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from coordination.errors import BadValue, BadValues
from coordination.messages.inbox import PassResult, Source, SourceRow
from coordination.values import new_id
from ui.messages.inbox_form import SourceForm
from ui.messages.inbox_panels import SourcePanel
from ui.messages.inbox_side import InboxShown, say_outcome
from ui.page import Page
from ui.widgets import button


class OneSource:
    """``look``, ``change`` and ``switch`` are about the one that is chosen."""

    def __init__(self, page: Page, view: InboxShown) -> None:
        self._page, self._desk, self._view = page, page.desk, view
        self._inbox = page.desk.services.inbox

    def show(self, row: SourceRow) -> None:
        """How it stands, and what can be done to it."""
        shown = SourcePanel(
            row, self._desk.clock.now(), may_read=self._view.reads, reads_here=self._view.watch.reads_here
        )
        shown.password_given.connect(lambda password: self._keep_password(row.source, password))
        shown.reads_here.connect(self._view.watch.set_reads_here)
        actions: list[QWidget | None] = []
        if self._view.reads and row.source.active:
            actions.append(button("Look now", self.look, kind="main"))
        if self._view.keeps:
            actions += [
                button("Change…", self.change),
                button("Switch off" if row.source.active else "Switch on", self.switch),
            ]
        self._view.panel.put(row.source.name, shown, *actions)

    def look(self) -> None:
        row = self._view.source
        if row is not None:
            self._view.watch.look(row.source, self._said)

    def _keep_password(self, source: Source, password: str) -> None:
        def kept(in_keyring: bool) -> None:
            if not in_keyring:
                self._desk.notices.warn("This computer has no keyring, so the password is kept while the desk is open.")
            self._view.watch.look(source, self._said)

        self._page.run(lambda: self._view.watch.keep(source, password), kept)

    def add(self) -> None:
        source_id = new_id()
        self._edit("Add a source", SourceForm(), lambda draft: self._inbox.add(draft, source_id), "Added.")

    def change(self) -> None:
        row = self._view.source
        if row is None:
            return
        source = row.source
        self._edit(
            f"Change {source.name}", SourceForm(source),
            lambda draft: self._inbox.change(source.id, source.revision, draft), "Changed.", before=source,
        )  # fmt: skip

    def _edit(
        self, title: str, form: SourceForm, save: Callable[[Any], Source], said: str, before: Source | None = None
    ) -> None:
        self._view.panel.form = form

        def run() -> None:
            try:
                draft = form.draft()
            except (BadValue, BadValues) as error:
                form.set_problems(error)
                return
            keep.setEnabled(False)  # pressed twice it is saved once
            self._page.run(lambda: save(draft), saved, failed)

        def saved(source: Source) -> None:
            self._view.panel.form = None
            undo = (lambda: self._take_back(source, before)) if before else (lambda: self._switch(source))
            self._desk.notices.say(said, undo=undo)
            self._view.refresh()

        def failed(error: Exception) -> bool:
            if isValid(keep):
                keep.setEnabled(True)
            return isinstance(error, BadValue | BadValues) and not form.set_problems(error)

        keep = button("Save", run, kind="main")
        self._view.panel.put(title, form, keep, button("Cancel", self._leave))
        form.start()

    def _take_back(self, now: Source, before: Source) -> None:
        self._page.run(
            lambda: self._inbox.change(now.id, now.revision, before.draft), lambda _source: self._view.refresh()
        )

    def _leave(self) -> None:
        self._view.panel.leave()
        self._view.refresh()

    def switch(self) -> None:
        row = self._view.source
        if row is not None:
            self._switch(row.source)

    def _switch(self, source: Source) -> None:
        def done(changed: Source) -> None:
            said = f"{changed.name} is switched {'on' if changed.active else 'off'}."
            self._desk.notices.say(said, undo=lambda: self._switch(changed))
            self._view.refresh()

        self._page.run(lambda: self._inbox.switch(source.id, source.revision, not source.active), done)

    def _said(self, result: PassResult) -> None:
        say_outcome(self._desk, result)
