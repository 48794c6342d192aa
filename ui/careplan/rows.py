"""Outcomes and actions as they are read: one row each, moved through with the arrow keys."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from coordination.careplan.model import Outcome, PlanAction
from ui import wording
from ui.careplan.messages import STATE_LOOKS, STATES
from ui.style import icons, theme
from ui.widgets.basics import button, column, icon_button, label, row


class Mark(QWidget):
    """An icon at the left of a row; clicked, it moves an action on."""

    clicked = Signal()

    def __init__(self, icon: str, role: str, tip: str = "") -> None:
        super().__init__()
        self._icon, self._role = icon, role
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.hub().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(20), theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = theme.px(18)
        icons.paint(painter, QRectF(0, theme.px(1), side, side), self._icon, theme.colour(self._role))
        painter.end()


class PlanRow(QFrame):
    """A row that can hold the cursor. Enter edits, Delete takes it off."""

    edit_asked = Signal(object)
    remove_asked = Signal(object)
    step_asked = Signal(object, int)
    """id, +1 or -1"""
    state_asked = Signal(object)
    visits_asked = Signal(object)
    focused = Signal(object)

    def __init__(self, key: UUID, *, writable: bool) -> None:
        super().__init__()
        self.key, self._writable = key, writable
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMinimumHeight(theme.px(40))

    def tools(self) -> list[QWidget]:
        """Edit and remove; the keys do the same."""
        if not self._writable:
            return []
        edit = icon_button("pencil-simple", "Edit  (Enter)", lambda: self.edit_asked.emit(self.key))
        remove = icon_button("x", "Take off the plan  (Delete)", lambda: self.remove_asked.emit(self.key))
        for each in (edit, remove):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return [edit, remove]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, steps = event.key(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in steps:
            self.step_asked.emit(self.key, steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self._writable:
            self.edit_asked.emit(self.key)
        elif key == Qt.Key.Key_Delete and self._writable:
            self.remove_asked.emit(self.key)
        elif key == Qt.Key.Key_Space and self._writable:
            self.state_asked.emit(self.key)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self._writable:
            self.edit_asked.emit(self.key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(self.key)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, radius = QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(4)
        if self.underMouse() and not self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.drawRoundedRect(box, radius, radius)
        painter.end()
        super().paintEvent(event)


class OutcomeRow(PlanRow):
    """What the person wants."""

    def __init__(self, outcome: Outcome, *, writable: bool) -> None:
        super().__init__(outcome.id, writable=writable)
        words = label(outcome.words, strong=True, wrap=True)
        line = row(Mark("target", "accent"), words, *self.tools(), gap=2, margins=(2, 1.5, 1, 1.5))
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setAccessibleName(f"Outcome: {outcome.words}")


class ActionRow(PlanRow):
    """Who does what by when, and how far it is."""

    def __init__(self, action: PlanAction, *, writable: bool, visits: bool) -> None:
        super().__init__(action.id, writable=writable)
        icon, role = STATE_LOOKS[action.state]
        mark = Mark(icon, role, f"{STATES[action.state]}  (Space moves it on)")
        mark.clicked.connect(lambda: self.state_asked.emit(self.key))
        words = label(action.what, wrap=True, quiet=action.state in ("done", "dropped"))
        facts = label(facts_of(action), quiet=True, size="small", wrap=True)
        parts: list[QWidget] = []
        if visits and writable:
            parts.append(button("Plan visits…", lambda: self.visits_asked.emit(self.key), kind="quiet"))
        line = row(mark, column(words, facts, gap=0), *parts, *self.tools(), gap=2, margins=(8, 1, 1, 1))
        line.setStretch(1, 1)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
        self.setAccessibleName(f"Action: {action.what}. {facts_of(action)}")


def facts_of(action: PlanAction) -> str:
    """``North reablement team, Sylvia · by 03-Jan-2027 · Under way``."""
    return fact_words(action.team_name, action.who, action.due_on, action.state)


def fact_words(team: str, who: str, due_on: date | None, state: str) -> str:
    """The same from its parts."""
    people = ", ".join(part for part in (team, who) if part) or "Nobody named yet"
    due = f"by {wording.day(due_on)}" if due_on else ""
    return "  ·  ".join(part for part in (people, due, STATES[state]) if part)
