"""The page Forms: every version there is, a look at one before it goes live, publishing and withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from coordination.assessment.faults import Fault, FormFaults
from coordination.assessment.form_library import Looked, ShelvedForm
from coordination.assessment.model import Form
from coordination.errors import Conflict
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.forms import words
from ui.forms.deeds import FormDeeds, Undo
from ui.forms.detail import FormPanel
from ui.forms.faults_view import FaultsView
from ui.forms.preview import FormPreview
from ui.page import Page
from ui.widgets.basics import ask_again, column, command_button
from ui.widgets.busy import Busy
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import StableTableModel

LIST, PREVIEW, FAULTS = range(3)
GROUP = "Forms"
LONGEST_FILE = 2_000_000


class FormsPage(Page):
    """Three faces: the list, a preview, the faults of a file. What is read in is kept only when somebody says so."""

    id, title, icon = "forms", "Forms", "clipboard-text"
    areas = frozenset({"forms"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.looked: Looked | None = None
        self.path: Path | None = None
        self.shown: ShelvedForm | None = None  # whose preview it is; None while it is a file's
        self._wanted: Any = None
        self.setAcceptDrops(True)
        self.model = StableTableModel[ShelvedForm](words.columns(desk.clock.now), key=lambda f: f.key)
        empty = EmptyState("No forms", "The forms that come with the program stand here.", icon=self.icon)
        self.table = Table(self.model, settings=desk.settings, name="forms", title="Forms", empty=empty)
        self.panel = FormPanel()
        self.panel.hide()
        self.preview = FormPreview(desk.clock.now)
        self.faults = FaultsView(desk.settings)
        self.deeds = FormDeeds(self, self._changed, self._not_changed)
        self._commands = self._make_commands()
        self._by_id = {command.id: command for command in self._commands}
        self._lay_out()
        self.table.current_changed.connect(self._chosen)
        self.table.opened.connect(lambda _form: self.look())
        self.panel.withdraw_asked.connect(self._withdraw)
        self._say_head()

    def _lay_out(self) -> None:
        self._buttons = [
            command_button(self._by_id[key], kind=kind)
            for key, kind in (
                ("forms.back", ""), ("forms.read_again", ""), ("forms.keep", "main"), ("forms.publish", "main"),
                ("forms.read_in", ""),
            )
        ]  # fmt: skip
        self._menu = self.table.menu_button()
        self.head = PageHead("Forms", "", *self._buttons, self._menu)
        split = splitter(self.table, self.panel, sizes=(820, 350), settings=self.desk.settings, name="forms")
        self.faces = QStackedWidget()
        for face in (split, self.preview, self.faults):
            self.faces.addWidget(face)
        whole = column(self.head, self.faces, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        Busy(self.faces, self.desk.tasks, owner=self)

    # ---------------------------------------------------------------- commands

    @property
    def _may(self) -> bool:
        return self.desk.actor.role == "administrator"

    def _make_commands(self) -> list[Command]:
        def made(key: str, title: str, run: Any, when: Any, icon: str = "", shortcut: str = "") -> Command:
            return Command(
                f"forms.{key}", title, run, shortcut=shortcut, enabled_when=when, group=GROUP, icon=icon
            )  # fmt: skip

        def chosen(*states: str) -> bool:
            return self._face == LIST and self.table.current is not None and self.table.current.state in states

        return [
            made("read_in", "Read in a file…", self.choose_file, lambda: self._face == LIST, "file-arrow-up", "I"),
            made("look", "Preview", self.look, lambda: chosen("draft", "live", "withdrawn"), "eye", "P"),
            made(
                "publish",
                "Publish",
                self.publish,
                lambda: self._may and (chosen("draft") or self._is_draft),
                "broadcast",
            ),
            made("withdraw", "Withdraw…", self.panel.ask_reason, lambda: self._may and chosen("live"), "prohibit"),
            made("restore", "Put live again", self.restore, lambda: self._may and chosen("withdrawn"), "broadcast"),
            made("discard", "Throw away", self.discard, lambda: self._may and chosen("draft"), "trash"),
            made("back", "Back to the list", self.back, lambda: self._face != LIST, "arrow-left", "Esc"),
            made("read_again", "Read it again", self.read_again, lambda: self._from_file, "arrow-clockwise", "R"),
            made("keep", "Keep as a draft", self.keep, lambda: self._may and self._can_keep, "floppy-disk"),
        ]

    def commands(self) -> list[Command]:
        return [*self._commands, *self.table.commands("forms_table")[:1]]

    @property
    def _face(self) -> int:
        return self.faces.currentIndex() if hasattr(self, "faces") else LIST

    @property
    def _from_file(self) -> bool:
        return self._face != LIST and self.shown is None and self.path is not None

    @property
    def _can_keep(self) -> bool:
        sound = self.looked is not None and self.looked.form is not None and not self.looked.faults
        return self._from_file and self._face == PREVIEW and sound

    @property
    def _is_draft(self) -> bool:
        return self._face == PREVIEW and self.shown is not None and self.shown.state == "draft"

    # ---------------------------------------------------------------- the list

    def refresh(self) -> None:
        self.run(self.desk.services.forms.shelf, self._show, latest="shelf")

    def _show(self, shelf: list[ShelvedForm]) -> None:
        self.model.set_rows(shelf)
        if self._wanted is not None and self.table.select_key(self._wanted):
            self._wanted = None
        if self.shown is not None:
            self.shown = next((f for f in shelf if f.key == self.shown.key), self.shown)
        self._chosen(self.table.current)
        self._say_head()

    def _chosen(self, form: ShelvedForm | None) -> None:
        if form is None:
            self.panel.hide()
            return
        keys = ("look", "publish", "withdraw", "restore", "discard")
        self.panel.show_form(form, self.desk.clock.now(), [self._by_id[f"forms.{key}"] for key in keys])

    def _turn_to(self, face: int) -> None:
        self.faces.setCurrentIndex(face)
        self._say_head()
        if face == LIST:
            self.table.setFocus()
        elif face == PREVIEW:
            self.preview.take_focus()

    def _say_head(self) -> None:
        for made, key in zip(self._buttons, ("back", "read_again", "keep", "publish", "read_in"), strict=True):
            made.setVisible(self._by_id[f"forms.{key}"].enabled_when() and (key != "publish" or self._is_draft))
        ask_again(*self._buttons)
        self._menu.setVisible(self._face == LIST)
        if self._face == LIST:
            drafts = sum(f.state == "draft" for f in self.model.rows)
            live = sum(f.newest for f in self.model.rows)
            said = f"{live} live" + (f", {wording.count(drafts, 'draft')}" if drafts else "")
            self.head.set_title("Forms")
            self.head.say(said)

    def back(self) -> None:
        self.looked = self.shown = None
        self._turn_to(LIST)

    # ---------------------------------------------------------------- looking

    def look(self) -> None:
        """The chosen version as the assessor sees it."""
        chosen = self.table.current
        if chosen is not None:
            forms = self.desk.services.forms
            self.run(
                lambda: forms.form(chosen.key),
                lambda form: self._preview(form, chosen),
                self._not_changed,
                latest="look",
            )

    def _preview(self, form: Form, of: ShelvedForm | None) -> None:
        self.shown = of
        self.preview.show_form(form)
        self.head.set_title(form.title)
        where = "a draft" if of is None or of.state == "draft" else words.state_words(of).lower()
        self.head.say(f"Version {form.version}, " + ("not kept yet" if of is None else where))
        self._turn_to(PREVIEW)

    def choose_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, "Read in a form", "", "Forms (*.toml);;All files (*)")
        if name:
            self.read_file(Path(name))

    def read_again(self) -> None:
        if self.path is not None:
            self.read_file(self.path)

    def read_file(self, path: Path) -> None:
        """Look at a file; nothing is kept. Faults are listed, a sound form is shown."""
        self.path, forms = path, self.desk.services.forms
        self.run(lambda: forms.look(text_of(path), path.name), self._looked_at, self._unreadable, latest="look")

    def _looked_at(self, looked: Looked) -> None:
        self.looked, self.shown = looked, None
        if looked.faults or looked.form is None:
            self._show_faults(looked.file, looked.faults)
        else:
            self._preview(looked.form, None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.toLocalFile().endswith(".toml") for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        names = [url.toLocalFile() for url in event.mimeData().urls() if url.toLocalFile().endswith(".toml")]
        if names:
            self.read_file(Path(names[0]))

    # ---------------------------------------------------------------- changing

    def keep(self) -> None:
        if self.looked is not None:
            self.deeds.keep(self.looked, self._kept)

    def _kept(self, draft: ShelvedForm) -> None:
        self.shown, self._wanted = draft, draft.key
        self.head.say(f"Version {draft.key.version}, a draft")
        self.desk.notices.say(f"{draft.title}, version {draft.key.version}, is kept as a draft.")
        self._say_head()
        self.refresh()

    def publish(self) -> None:
        self._with(self._this, self.deeds.publish)

    def restore(self) -> None:
        self._with(self.table.current, self.deeds.restore)

    def discard(self) -> None:
        self._with(self.table.current, self.deeds.discard)

    def _withdraw(self, reason: str) -> None:
        self._with(self.table.current, lambda form: self.deeds.withdraw(form, reason))

    def _with(self, form: ShelvedForm | None, deed: Callable[[ShelvedForm], None]) -> None:
        if form is not None:
            deed(form)

    def _changed(self, form: ShelvedForm, said: str, undo: Undo) -> None:
        self._wanted = form.key
        if self._face == PREVIEW:
            self.back()
        self.desk.notices.say(f"{form.title}, version {form.key.version}, {said}", undo=undo)
        self.refresh()

    def _not_changed(self, error: Exception) -> bool:
        """A form that was sound when it was read in may have faults beside what is live now."""
        if isinstance(error, FormFaults):
            self._show_faults(self._called, error.faults)
            return True
        if isinstance(error, Conflict):
            self.refresh()
        return False  # the sentence is still to be said

    @property
    def _called(self) -> str:
        return self._this.title if self._this is not None else ""

    def _show_faults(self, file: str, faults: Sequence[Fault]) -> None:
        self.faults.show_faults(file, faults)
        self.head.set_title(file)
        self.head.say("cannot be used as it is")
        self._turn_to(FAULTS)

    def _unreadable(self, error: Exception) -> bool:
        if not isinstance(error, OSError):
            return False
        self.desk.notices.warn("The file can’t be read. Is it still where it was?")
        return True

    @property
    def _this(self) -> ShelvedForm | None:
        """What is shown, or else chosen."""
        return self.shown if self._face == PREVIEW else self.table.current

    def activated(self) -> None:
        target: QWidget = self.table if self._face == LIST else self.faces
        target.setFocus()


def text_of(path: Path) -> str:
    """The words of a file; what is no text, or far too long to be a form, reads as a file with a fault."""
    with path.open("rb") as file:
        return file.read(LONGEST_FILE).decode("utf-8", errors="replace")
