"""The views that somebody saves: name, filter, columns. They are kept in the database and follow to another desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake.queue import OwnView, QueueChoices
from coordination.intake.views import LONGEST_NAME, VIEWS, from_data
from coordination.values import new_id
from ui import plain_json
from ui.commands import Command
from ui.intake.filters import VIEW_WORDS, QueueFilters
from ui.page import OnDesk
from ui.sentences import sentence
from ui.style import fonts, theme
from ui.widgets.basics import button, label, row

_BEFORE = "queue/own-views"  # where an earlier version kept them, on one computer


class ViewsShown(OnDesk, Protocol):
    """What is asked of the page: its filters, and how its table looks."""

    @property
    def filters(self) -> QueueFilters: ...
    def look(self) -> dict[str, Any]: ...
    def take_choices(self, choices: QueueChoices) -> None: ...


class OwnViewsBar(QWidget):
    """Save what is shown as a view; and, while a view of one's own is on, its menu."""

    left = Signal()
    """the name was given, or not: back to the list"""

    def __init__(self, page: ViewsShown) -> None:
        super().__init__()
        self._page = page
        self._renaming: OwnView | None = None
        self.keep = button("Save as a view", self.ask_name, kind="quiet", icon="plus")
        self.this = button("This view", self.open_menu, kind="quiet", icon="bookmark-simple")
        self.name = QLineEdit()
        fonts.dress(self.name)
        self.name.setPlaceholderText("Name of the view, then Enter")
        self.name.setAccessibleName("Name of the view")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setFixedWidth(theme.px(220))
        self.name.returnPressed.connect(self.name_given)
        self.name.hide()
        self.wrong = label("", tone="red")
        self.wrong.hide()
        self.setLayout(row(self.keep, self.this, self.name, self.wrong, gap=2))
        self.show_buttons()

    def commands(self) -> list[Command]:
        """By key and palette, what the buttons do."""
        own = lambda: self._page.filters.own_view is not None  # noqa: E731
        return [
            Command("queue.view_save", "Save what is shown as a view", self.ask_name, "Ctrl+Shift+S", group="Queue",
                    icon="bookmark-simple", also="filter keep"),
            Command("queue.view_update", "Save this view as it is now", self.update_view, "", own, "Queue",
                    "bookmark-simple"),
            Command("queue.view_rename", "Rename this view", self.ask_new_name, "", own, "Queue", "pencil-simple"),
            Command("queue.view_earlier", "Put this view further to the left", lambda: self.move(-1), "", own, "Queue",
                    "arrow-left"),
            Command("queue.view_later", "Put this view further to the right", lambda: self.move(1), "", own, "Queue",
                    "arrow-right"),
            *self._share_commands(),
            Command("queue.view_forget", "Forget this view", self.forget, "", own, "Queue", "x"),
        ]  # fmt: skip

    def _share_commands(self) -> list[Command]:
        actor = self._page.desk.actor

        def can(share: str, has: bool) -> Callable[[], bool]:
            def now() -> bool:
                view = self._page.filters.own_view
                return has and view is not None and view.shared != share

            return now

        return [
            Command("queue.view_centre", "Share this view with the centre", lambda: self.share("centre"), "",
                    can("centre", actor.locality is not None), "Queue", "users-three", also="colleagues locality"),
            Command("queue.view_team", "Share this view with my team", lambda: self.share("team"), "",
                    can("team", actor.team_id is not None), "Queue", "users-three", also="colleagues"),
            Command("queue.view_private", "Keep this view to myself", lambda: self.share(""), "", can("", True),
                    "Queue", "bookmark-simple", also="share no longer"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- name

    def ask_name(self) -> None:
        """A name for what is shown now."""
        self._renaming = None
        self._ask("")

    def ask_new_name(self) -> None:
        """Another name for the view that is on."""
        self._renaming = self._page.filters.own_view
        if self._renaming is not None:
            self._ask(self._renaming.name)

    def name_given(self) -> None:
        """Save under the name; none at all is a change of mind."""
        name, filters = self.name.text().strip(), self._page.filters
        if not name:
            self.leave()
            return
        intake = self._page.desk.services.intake
        if name.casefold() in {known[0].casefold() for known in VIEW_WORDS.values()}:
            self._failed(BadValues((BadValue("view_name", "taken"),)))
        elif self._renaming is not None:
            view = replace(self._renaming, name=name)
            self._do(lambda: intake.change_view(view), lambda _view: self._say(f"The view is called “{name}” now."))
        else:
            at = len(filters.choices.own)
            view = OwnView(new_id(), name, filters.asked, self._page.look(), at)
            self._do(lambda: intake.save_view(view), lambda kept: self._saved(kept))

    def leave(self) -> None:
        """Back to the list, whatever was typed."""
        self.name.hide()
        self.wrong.hide()
        self._renaming = None
        self.show_buttons()
        self.left.emit()

    def _ask(self, name: str) -> None:
        self.name.setText(name)
        self.name.selectAll()
        self.wrong.hide()
        self.name.show()
        self.keep.hide()
        self.this.hide()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------- the view that is on

    def open_menu(self) -> None:
        self.menu().popup(self.this.mapToGlobal(QPoint(0, self.this.height())))

    def menu(self) -> QMenu:
        """What can be done with the view that is on."""
        made = QMenu(self)
        for command in self.commands()[1:]:
            if command.enabled_when():
                made.addAction(command.title, command)
        return made

    def update_view(self) -> None:
        """What is shown now takes the place of what the view showed; Undo brings that back."""
        view, filters, intake = self._page.filters.own_view, self._page.filters, self._page.desk.services.intake
        if view is None:
            return
        kept = replace(view, filter=filters.asked, look=self._page.look())

        def done(now: OwnView) -> None:
            back = replace(view, revision=now.revision)
            self._say(f"“{view.name}” shows this from now on.", lambda: self._do(lambda: intake.change_view(back)))

        self._do(lambda: intake.change_view(kept), done)

    def share(self, share: str) -> None:
        """With whom: the centre, the team, or nobody. Others see whose it is; Undo takes it back."""
        view, intake = self._page.filters.own_view, self._page.desk.services.intake
        if view is None:
            return
        said = {
            "centre": f"“{view.name}” is seen by everybody at your centre now. It stays yours to change.",
            "team": f"“{view.name}” is seen by your team now. It stays yours to change.",
            "": f"“{view.name}” is yours alone again.",
        }[share]

        def done(now: OwnView) -> None:
            back = replace(view, revision=now.revision)
            self._say(said, lambda: self._do(lambda: intake.change_view(back)))

        self._do(lambda: intake.change_view(replace(view, shared=share)), done)

    def forget(self) -> None:
        view, intake = self._page.filters.own_view, self._page.desk.services.intake
        if view is not None:
            back = lambda: self._do(lambda: intake.save_view(view))  # noqa: E731
            self._do(lambda: intake.forget_view(view), lambda _none: self._say(f"“{view.name}” is forgotten.", back))

    def move(self, by: int) -> None:
        """Further to the left or right among one's own."""
        own = [view.id for view in self._page.filters.choices.own]
        view, intake = self._page.filters.own_view, self._page.desk.services.intake
        if view is None:
            return
        at = own.index(view.id)
        to = min(max(at + by, 0), len(own) - 1)
        if to != at:
            own.insert(to, own.pop(at))
            self._do(lambda: intake.order_views(own))

    # ---------------------------------------------------------------- inside

    def show_buttons(self) -> None:
        """As it fits what is on."""
        asking, own = self.name.isVisibleTo(self), self._page.filters.own_view
        self.this.setVisible(own is not None and not asking)
        self.keep.setVisible(not asking and self._page.filters.found is None)

    def bring_over(self) -> None:
        """Views that an earlier version kept on this computer, once."""
        settings, intake = self._page.desk.settings, self._page.desk.services.intake
        before = views_of_before(settings.value(_BEFORE))
        if before:

            def save() -> None:
                for view in before:
                    try:
                        intake.save_view(view)
                    except BadValues:  # one of that name is there already
                        continue

            self._do(save, lambda _none: settings.remove(_BEFORE))

    def _saved(self, kept: OwnView) -> None:
        self._page.filters.show_view(str(kept.id))
        self._say(f"Saved as “{kept.name}”.")

    def _do(self, call: Callable[[], Any], done: Callable[[Any], object] | None = None) -> None:
        """Change something, then read the views again: the page shows them as they are kept."""
        intake = self._page.desk.services.intake

        def both() -> tuple[Any, QueueChoices]:
            return call(), intake.choices()

        def shown(found: tuple[Any, QueueChoices]) -> None:
            self._page.take_choices(found[1])
            if self.name.isVisibleTo(self):
                self.leave()
            if done is not None:
                done(found[0])
            self.show_buttons()

        self._page.run(both, shown, self._failed)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, BadValues) and self.name.isVisibleTo(self):
            self.wrong.setText(sentence(error))
            self.wrong.show()
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def _say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        self._page.desk.notices.say(words, undo=undo)


def views_of_before(kept: object) -> list[OwnView]:
    """What an earlier version kept; nothing when it cannot be read."""
    try:
        found = plain_json.read(kept) or {}
        return [
            OwnView(new_id(), str(name)[:LONGEST_NAME], from_data(facts), {}, place)
            for place, (name, facts) in enumerate(found.items())
            if str(name).strip() and name not in VIEWS
        ]
    except (TypeError, AttributeError):
        return []
