"""What the assessment suggests for the plan, at the right: one key takes each over, nothing is retyped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from coordination.careplan.model import Suggestion
from coordination.careplan.rows import Outcome
from ui import wording
from ui.careplan.messages import PLACES
from ui.careplan.row_editors import heading
from ui.careplan.rows import Mark, PlanRow
from ui.style import theme
from ui.widgets.basics import Choice, button, column, icon_button, label, plane, row
from ui.widgets.tips import plain_tip

_KINDS = {
    "text": ("note-pencil", "text-quiet"),
    "need": ("flag", "text-quiet"),
    "outcome": ("target", "accent"),
    "action": ("circle", "text-quiet"),
    "contingency": ("warning", "text-quiet"),
    "equipment": ("wheelchair", "text-quiet"),
}
_MOST_LINES = 4


class SuggestionRow(PlanRow):
    """One thing that was said. Enter or a click on the plus takes it over."""

    accepted = Signal(object)

    def __init__(self, suggestion: Suggestion, now: datetime) -> None:
        super().__init__(suggestion.key, writable=False)
        said = wording.near_time(suggestion.said_at, now) if suggestion.said_at else ""
        source = ", ".join(part for part in (suggestion.said_by_name, said) if part)
        words = label(_cut(suggestion.words), wrap=True)
        words.setToolTip(plain_tip(suggestion.words))
        take = icon_button("plus", "Put it on the plan  (Enter)", lambda: self.accepted.emit(self.key), "accent")
        take.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        said_by = label(source, quiet=True, size="small", wrap=True)
        mark = Mark(*_KINDS[suggestion.kind])
        line = row(mark, column(words, said_by, gap=0), take, gap=2, margins=(2, 1, 1, 1))
        line.setStretch(1, 1)
        for part in (mark, take):
            line.setAlignment(part, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
        self.setAccessibleName(f"Suggested {suggestion.kind}: {suggestion.words}. {source}. Enter puts it on the plan.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.accepted.emit(self.key)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.accepted.emit(self.key)


class SuggestionPanel(QFrame):
    """All suggestions, grouped by where they go."""

    accepted = Signal(object)
    all_accepted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setProperty("rule", "left")
        self.setFixedWidth(theme.px(352))
        self.rows: dict[UUID, SuggestionRow] = {}
        self.covered = False  # something else stands in its place
        self._title = label("From the assessment", strong=True)
        every = button("Take all", self.all_accepted.emit, kind="quiet", tip="Put all of it on the plan")
        self._under = Choice([(None, "The plan as a whole")])
        self._under.setAccessibleName("Actions go under")
        under = row(label("Actions go under", quiet=True, size="small"), self._under, gap=2)
        under.setStretch(1, 1)
        head = plane(column(row(self._title, None, every), under, gap=1, margins=(4, 2, 3, 2)), "", "below")
        self._column = QVBoxLayout()
        self._column.setContentsMargins(theme.space(3), theme.space(1), theme.space(2), theme.space(4))
        self._column.setSpacing(theme.space(0.5))
        self._column.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._column)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self._area, 1)

    @property
    def outcome(self) -> UUID | None:
        """Where an accepted action goes."""
        chosen: UUID | None = self._under.value
        return chosen

    def show_suggestions(self, offered: Sequence[Suggestion], outcomes: Sequence[Outcome], now: datetime) -> None:
        """Show what is left. The cursor goes to what stands where the taken one stood."""
        keys = list(self.rows)
        focus = next((n for n, made in enumerate(self.rows.values()) if made.hasFocus()), None)
        self._under.set_items(
            [(None, "The plan as a whole"), *((o.id, o.words.splitlines()[0][:60]) for o in outcomes)]
        )
        if self._under.value is None:
            self._under.set_value(None)
        if set(keys) != {s.key for s in offered}:
            self._build(offered, now)
            if focus is not None and self.rows:
                left = [key for key in keys[focus:] if key in self.rows] or list(self.rows)[-1:]
                self.rows[left[0]].setFocus(Qt.FocusReason.OtherFocusReason)
        self._title.setText(f"From the assessment  {len(offered)}")
        self._title.setAccessibleName(f"From the assessment, {wording.count(len(offered), 'suggestion')}")
        self.setVisible(bool(offered) and not self.covered)

    def _build(self, offered: Sequence[Suggestion], now: datetime) -> None:
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows.clear()
        group = ""
        for suggestion in sorted(offered, key=lambda s: _ORDER[s.kind]):
            title = _group(suggestion)
            if title != group:
                group = title
                self._add(heading(title))
            made = SuggestionRow(suggestion, now)
            made.accepted.connect(self.accepted)
            made.step_asked.connect(self._step)
            self.rows[suggestion.key] = made
            self._add(made)

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)
        widget.show()  # at once: only what is shown can take the cursor

    def _step(self, key: UUID, step: int) -> None:
        keys = list(self.rows)
        place = keys.index(key) + step
        if 0 <= place < len(keys):
            self.rows[keys[place]].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self.rows[keys[place]])

    def take_focus(self) -> None:
        first = next(iter(self.rows.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def focused(self) -> UUID | None:
        """The suggestion that has the cursor."""
        return next((key for key, made in self.rows.items() if made.hasFocus()), None)


_ORDER = {"text": 0, "need": 1, "outcome": 2, "action": 3, "contingency": 4, "equipment": 5}
GROUPS = {
    "need": "Needs",
    "outcome": "Outcomes",
    "action": "Actions",
    "contingency": "If things go wrong",
    "equipment": "Equipment",
}


def _group(suggestion: Suggestion) -> str:
    if suggestion.place is not None:
        return PLACES[suggestion.place]
    return GROUPS[suggestion.kind]


def _cut(words: str) -> str:
    lines = words.splitlines()
    return "\n".join(lines[:_MOST_LINES]) + ("\n…" if len(lines) > _MOST_LINES else "")
