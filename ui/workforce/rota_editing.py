"""A rota while it is changed: typed, kept with its undo, held against a colleague's, and its shifts made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt

from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.values import DateRange, TeamId, new_id
from coordination.workforce.model import RollOut, Rota
from ui import wording
from ui.page import Page
from ui.widgets.basics import ask_again, label
from ui.workforce import words
from ui.workforce.messages import WEEKDAYS

AHEAD = 28  # days for which shifts are made on request


class RotaEditing(Page):
    """The page's part that writes; what it looks like stands in rota_page.py."""

    shown: Rota | None
    _touched: bool
    table: Any
    team: Any
    form: Any
    grid: Any
    save_button: Any
    question: Any
    _both: Any
    _mine: Any
    _told: Any

    def _show(self, rota: Rota | None) -> None:
        """A rota in form and grid, as it is kept: the page has both."""
        raise NotImplementedError

    @property
    def today(self) -> date:
        return local_date(self.desk.clock.now())

    def may_leave(self) -> bool:
        if self._touched:
            self.desk.notices.warn("The rota is not kept yet: Ctrl+Enter keeps it, Esc leaves it as it was.")
        return not self._touched

    def _monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    # ------------------------------------------------------------------ writing

    def _edited(self) -> None:
        self._touched = True
        ask_again(self.save_button)

    def begin_new(self) -> None:
        """An empty week; what is typed is a rota of the team that is chosen."""
        if self.team.value is None or not self.may_leave():
            return
        self._show(Rota(new_id(), TeamId(self.team.value), "", 1, self._monday()))
        self._touched = True
        self.form.field("name").editor.setFocus(Qt.FocusReason.OtherFocusReason)
        ask_again(self.save_button)

    def leave(self) -> None:
        """As it was."""
        before = self.shown if self.shown is not None and self.shown.revision else self.table.current
        self._show(before)
        self.table.setFocus()

    def _typed(self) -> Rota:
        """What stands in the form. Raises BadValues."""
        assert self.shown is not None
        values = self.form.values()
        if not values["first_monday"]:
            raise BadValues((BadValue("first_monday", "required"),))
        return replace(
            self.shown, name=values["name"], weeks=int(values["weeks"]), first_monday=values["first_monday"],
            active=bool(values["active"]), spells=self.grid.spells(),
        )  # fmt: skip

    def save(self, over: int | None = None) -> None:
        """Ctrl+Enter. Shifts to come of whoever works to it follow at once. ``over``: a revision seen since."""
        before = self.shown
        if before is None:
            return
        try:
            wanted = self._typed()
        except BadValues as error:
            self._problems(error)
            return
        wanted = replace(wanted, revision=before.revision if over is None else over)
        service = self.desk.services.rotas

        def done(found: tuple[Rota, RollOut | None]) -> None:
            now, rolled = found
            self._kept(before, now, rolled)

        self.run(lambda: service.save(wanted), done, self._failed)

    def _kept(self, before: Rota, now: Rota, rolled: RollOut | None) -> None:
        service = self.desk.services.rotas

        def undo() -> None:
            def back() -> object:
                if before.revision == 0:
                    service.remove(now.id, seen=now.revision)
                    return None
                return service.save(replace(before, revision=now.revision))

            self.run(back, lambda _done: self._after("Taken back."))

        self._touched = False
        self.shown = now
        self._tell(rolled)
        self.desk.notices.say(words.rolled_words(rolled, f"{now.name} is kept."), undo=undo)
        self._after("")

    def _after(self, said: str) -> None:
        self._touched = False
        if said:
            self.shown = None
            self.desk.notices.say(said)
        self.refresh()

    def remove(self) -> None:
        rota, service = self.shown, self.desk.services.rotas
        if rota is None or not rota.revision:
            return

        def undo() -> None:
            self.run(lambda: service.save(replace(rota, revision=0)), lambda _done: self._after("It is back."))

        def done(_none: object) -> None:
            self._after("")
            self.desk.notices.say(f"{rota.name} is removed.", undo=undo)

        self.shown = None
        self.run(lambda: service.remove(rota.id, seen=rota.revision), done, self._failed)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, BadValue | BadValues):
            return not self._problems(error)
        if isinstance(error, Conflict) and isinstance(error.current, Rota) and self._touched:
            self._show_both(error.current)
            return True
        return False

    def _problems(self, error: BadValue | BadValues) -> list[BadValue]:
        problems = error.problems if isinstance(error, BadValues) else (error,)
        left = self.grid.set_problems(problems)
        return self.form.set_problems(BadValues(tuple(left))) if left else []

    # ------------------------------------------------------------------ two leads at once

    def _show_both(self, current: Rota) -> None:
        """Theirs in words beside mine in the grid; either is a key away."""
        self._current = current
        lines = [f"Week {w + 1}: {_week_words(current, w)}" for w in range(current.weeks)]
        self.question.setText(f"A colleague kept this rota meanwhile, as “{current.name}”. {' '.join(lines)}")
        self.question.show()
        self._both.show()
        self._mine.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_mine(self) -> None:
        self._both.hide()
        self.save(self._current.revision)

    def _take_theirs(self) -> None:
        self._show(self._current)
        self.refresh()

    # ------------------------------------------------------------------ shifts

    def roll_out(self) -> None:
        """Shifts of the team for four weeks from today; what could not be made is said line by line."""
        team = self.team.value
        if team is None:
            return
        days, service = DateRange.of(self.today, AHEAD), self.desk.services.rotas

        def done(found: RollOut) -> None:
            self._tell(found)
            said = f"{wording.count(found.kept, 'shift')} stay as they are."
            self.desk.notices.say(words.rolled_words(found, said))

        self.run(lambda: service.roll_out(TeamId(team), days), done, progress=None)

    def _tell(self, done: RollOut | None) -> None:
        while self._told.count():
            item = self._told.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        lines = words.told_lines(done) if done is not None else []
        lines += [f"{g.worker}: {words.given_words(g)}" for g in done.stranded] if done is not None else []
        for line in lines[:40]:
            self._told.addWidget(label(line, tone="amber", wrap=True))
        if len(lines) > 40:
            self._told.addWidget(label(f"and {len(lines) - 40} more", quiet=True))


def _week_words(rota: Rota, week: int) -> str:
    days = [(d, [s for s in rota.spells if s.week == week and s.weekday == d]) for d in range(7)]
    return ", ".join(f"{WEEKDAYS[d]} {words.hours_words(spells)}" for d, spells in days if spells) + "."
