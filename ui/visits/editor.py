"""The form of a visit or a pattern with what saving it would do, said before it is done; saving; what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.deployment.model import Team
from coordination.deployment.patterns import Change, Slot
from coordination.errors import BadValue, BadValues, Conflict, CoordinationError, Obstacle
from coordination.values import TeamId
from ui import sentences
from ui.page import OnDesk
from ui.style import theme
from ui.visits import words
from ui.visits.form import About, VisitForm, by_field
from ui.widgets.basics import button, column, label, plane, row
from ui.widgets.chips import SegmentedChoice
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Field
from ui.widgets.panels import scrolling

SCOPES = {"this": "This one", "following": "All following", "unmodified": "Unmodified"}
_SCOPE_HELP = {
    "this": "Only this visit. It counts as changed by hand from then on.",
    "following": "This visit and every later one at its time of day, those changed by hand too.",
    "unmodified": "This visit and every later one at its time of day, except those changed by hand.",
}
_PATTERN_HELP = {
    "following": "Every visit from that day on, those changed by hand too.",
    "unmodified": "Every visit from that day on, except those changed by hand.",
}
FEW = 120  # pixels of the fields that are seen at least
PAUSE_MS = 350  # after the last key, before it is asked what saving would do


class VisitEditor(QWidget):
    """``saved`` gives the Change; ``left``: nothing more is wanted."""

    saved = Signal(object)
    left = Signal()

    def __init__(self, page: OnDesk, about: About, teams: Sequence[Team], skills: Mapping[str, str]) -> None:
        super().__init__()
        self._page, self.about = page, about
        today = local_date(page.desk.clock.now())
        self.form = VisitForm(about, teams, skills, today)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.rehearse)
        self.scope: SegmentedChoice | None = None
        self.first: DateEdit | None = None
        self._said = label(about.said, quiet=True, wrap=True, size="small")
        self._said.setVisible(bool(about.said))
        self._scope_help = label("", quiet=True, wrap=True, size="small")
        self.told = label("", wrap=True)
        self.advice = label("", tone="amber", wrap=True)
        self.save_button = button(self._verb(), self.save, kind="main")
        self.save_button.setToolTip("Ctrl+Enter")
        buttons = row(self.save_button, button("Leave it", self.left.emit, kind="quiet"), None)
        content = QWidget()
        content.setLayout(column(self._said, self.form, None, gap=3, margins=(4, 3, 4, 3)))
        self._foot = plane(column(*self._scopes(), self.told, self.advice, buttons, margins=(4, 2, 4, 2)), "", "above")
        for part in (self.told, self.advice):
            part.hide()
        area = scrolling(content)
        area.setMinimumHeight(theme.px(FEW))
        whole = column(area, self._foot, gap=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Esc"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.form.edited.connect(lambda _name: self._pause.start())
        self._saving = False

    def begin(self) -> None:
        """Go to the first field."""
        self.form.field("need" if self.about.fresh else "times").editor.setFocus()

    def heightForWidth(self, width: int) -> int:
        """The foot and a few lines: the fields scroll by themselves, and what saving does stays in sight."""
        return self._foot.heightForWidth(width) + theme.px(FEW)

    def _verb(self) -> str:
        if not self.about.fresh:
            return "Save"
        return "Plan the visit" if self.about.kind == "visit" else "Plan these visits"

    def _scopes(self) -> list[QWidget]:
        """The three scopes: only where there is something to choose."""
        about = self.about
        if about.fresh or (about.visit is not None and about.visit.pattern_id is None):
            return []
        names = ("this", "following", "unmodified") if about.visit else ("unmodified", "following")
        self.scope = SegmentedChoice([(n, SCOPES[n]) for n in names], names[0], "Which visits")
        self.scope.changed.connect(self._scope_changed)
        parts: list[QWidget] = [Field("scope", "Which visits", self.scope)]
        if about.pattern is not None:
            self.first = DateEdit(today=lambda: local_date(self._page.desk.clock.now()))
            self.first.set_value(max(local_date(self._page.desk.clock.now()), about.pattern.rule.starts))
            field = Field("first", "From this day on", self.first)
            field.edited.connect(self._pause.start)
            parts.append(field)
        self._scope_help.setText(self._help_of(names[0]))
        return [*parts, self._scope_help]

    def _help_of(self, scope: str) -> str:
        return _SCOPE_HELP[scope] if self.about.visit is not None else _PATTERN_HELP[scope]

    def _scope_changed(self, scope: str) -> None:
        self._scope_help.setText(self._help_of(scope))
        self._pause.start()

    # ------------------------------------------------------------------ what it would do

    def rehearse(self) -> None:
        """Ask what saving would do, and what speaks against it, and say it."""
        try:
            change, (team, slots) = self._change(rehearse=True), self._slots()
        except BadValues:
            self._say("")
            return
        visits = self._page.desk.services.visits
        wanted = change is not None and not self.about.fresh

        def ask() -> tuple[Change | None, tuple[Obstacle, ...]]:
            advice = visits.advice(team, slots, self.form.about.day) if team is not None else ()
            try:
                return (change() if wanted and change is not None else None), advice
            except (BadValue, BadValues):
                return None, advice

        def show(found: tuple[Change | None, tuple[Obstacle, ...]]) -> None:
            foretold, advice = found
            self._say(words.foretold(foretold) if isinstance(foretold, Change) else "")
            self.advice.setText(words.advice(advice))
            self.advice.setVisible(bool(advice))

        self._page.run(ask, show, lambda error: isinstance(error, CoordinationError), latest="rehearse")

    def _say(self, said: str) -> None:
        self.told.setText(said)
        self.told.setVisible(bool(said))

    def _slots(self) -> tuple[TeamId | None, list[Slot]]:
        """What the visit asks of a team."""
        values = self.form.read()
        team = values.get("team") or (self.about.visit or self.about.pattern or self.about)
        team_id = team if isinstance(team, int) else getattr(team, "team_id", None)
        asked = [
            Slot(
                1, at.opens, at.closes, at.minutes or values["minutes"], values["need"],
                values["workers_needed"], values["skills"], gender_asked=values["gender_asked"],
            )
            for at in values["times"]
        ]  # fmt: skip
        return (None if team_id is None else TeamId(team_id)), asked

    # ------------------------------------------------------------------ saving

    def save(self) -> None:
        """Save; a problem is said at its field."""
        if self._saving:
            return
        self.form.clear_problems()
        try:
            change = self._change(rehearse=False)
        except BadValues as bad:
            self.form.set_problems(by_field(bad))
            return
        if change is None:
            self.left.emit()
            return
        self._saving = True
        self._page.run(change, self._done, self._failed)

    def _change(self, *, rehearse: bool) -> Callable[[], Any] | None:
        """The call to the service; None where nothing is different. Raises BadValues by the form's names."""
        visits, about, form = self._page.desk.services.visits, self.about, self.form
        scope: Any = self.scope.value if self.scope is not None else "this"
        if about.visit is not None:
            visit, values = about.visit, form.changes()
            if not values:
                return None
            return lambda: visits.change_visit(visit.id, scope, values, seen=visit.revision, rehearse=rehearse)
        if about.kind == "visit":
            draft = form.draft()
            return lambda: visits.plan(draft)
        pattern = form.pattern()
        if about.fresh or about.pattern is None:
            return lambda: visits.make_pattern(pattern)
        try:
            first = (self.first.value if self.first is not None else None) or pattern.rule.starts
        except BadValue as bad:
            raise BadValues((bad,)) from None
        if pattern == about.pattern:
            return None
        seen = about.pattern.revision
        return lambda: visits.change_pattern(pattern, first, scope, seen=seen, rehearse=rehearse)

    def _done(self, found: Change) -> None:
        self._saving = False
        self.saved.emit(found)

    def _failed(self, error: Exception) -> bool:
        self._saving = False
        if isinstance(error, BadValue | BadValues):
            rest = self.form.set_problems(by_field(error))
            self._say(" ".join(sentences.sentence(problem) for problem in rest))
            return True
        if isinstance(error, Conflict):
            self._page.desk.notices.error(error)
            self._page.refresh()
            self.left.emit()
            return True
        return False
