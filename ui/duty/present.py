"""The shift in the window: the words of the top bar, the bar above the pages, the reminder in the foot, two keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from coordination.clock import local_date
from ui import wording
from ui.at_desk import AtDesk
from ui.commands import Command
from ui.duty import words
from ui.duty.acts import DutyActs
from ui.duty.bar import DutyBar, handed_words
from ui.duty.watch import DutyWatch
from ui.widgets.basics import LinkLabel

GROUP = "Shift"


class DutyPresence(QObject):
    """Joins the watch to a window (``top.put_quiet``, ``put_above``). Made once, after sign-in."""

    def __init__(self, desk: AtDesk, window: Any, *, read: bool = True) -> None:
        super().__init__(window)
        self._desk = desk
        self.watch = DutyWatch(desk, self, read=read)
        self.acts = DutyActs(desk, self.watch)
        acts = self.acts
        self.bar = DutyBar(acts.start, acts.left_at, acts.back, lambda offer: desk.go.to("duty", offer.id))
        self.label = LinkLabel("", lambda: desk.go.to("duty"))
        self.label.setAccessibleName("Shift")
        self.label.hide()
        window.put_above(self.bar)
        window.top.put_quiet(self.label)
        desk.commands.add(self._commands(), window.centralWidget())
        self._window = window
        window.page_changed.connect(lambda _page: self._show_bar())
        self.watch.changed.connect(self.show)

    def _commands(self) -> list[Command]:
        acts = self.acts
        return [
            Command("shift.start", "Start my shift, or see it", self._start_or_see, "F9", lambda: self.watch.known,
                    GROUP, "clock", also="begin duty handover"),
            Command("shift.break", "Take a break, or come back", acts.toggle_break, "Shift+F9",
                    lambda: acts.mine is not None, GROUP, "coffee", also="lunch pause desk"),
        ]  # fmt: skip

    def _start_or_see(self) -> None:
        if self.acts.mine is None and self.acts.may:
            self.acts.start()
        else:
            waiting = self.watch.for_me()
            self._desk.go.to("duty", waiting[0].id if waiting else None)

    def show(self) -> None:
        """Say how it stands now."""
        now, mine = self.watch.now, self.acts.mine
        self.label.setVisible(self.acts.may or bool(self.watch.unaccepted()))
        self.label.setText(words.top(mine, now) if self.acts.may else "Handovers")
        self.label.setToolTip("Your shift, its breaks, and the handover  (F9)")
        self._desk.foot.set_reminder(words.reminder(mine, now))
        self._show_bar()

    def _show_bar(self) -> None:
        if not self.watch.known:
            return
        acts, now, mine = self.acts, self.watch.now, self.acts.mine
        here = self._window.page is not None and self._window.page.id == "duty"
        waiting = [] if here else self.watch.for_me()
        if acts.forgotten is not None:
            self.bar.show_forgotten(acts.forgotten)
        elif mine is not None and mine.on_break is not None and not here:
            self.bar.show_break(mine, now >= mine.on_break.planned_end)
        elif mine is None and acts.may and not here:
            self.bar.show_start(wording.clock_time(acts.usual_end()), local_date(now))
        elif waiting:
            first = waiting[0]
            self.bar.show_handed(first, handed_words(first, first.to_user == self._desk.actor.user_name))
        else:
            self.bar.rest()
