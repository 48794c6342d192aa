"""Outcomes and actions as they are read: one row each, moved through with the arrow keys."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from coordination.careplan.model import Source
from coordination.careplan.rows import Agreement, Item, PlanAction
from ui.careplan import item_words
from ui.careplan.item_words import KIND_LOOKS, KINDS, kind_of
from ui.careplan.messages import STATE_LOOKS, STATES
from ui.style import icons, theme
from ui.widgets.basics import button, column, icon_button, label, row
from ui.widgets.tips import plain_tip


class Mark(QWidget):
    """An icon at the left of a row; clicked, it moves an action on."""

    clicked = Signal()

    def __init__(self, icon: str, role: str, tip: str = "") -> None:
        super().__init__()
        self._icon, self._role = icon, role
        self.setToolTip(plain_tip(tip))
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


class ItemRow(PlanRow):
    """One row of a plan as it is read: a mark, its words, quiet facts, and where it came from."""

    def __init__(self, item: Item, source: Source | None, *, writable: bool, visits: bool = False) -> None:
        super().__init__(item.id, writable=writable)
        kind = kind_of(item)
        words, facts = item_words.words_of(item), item_words.facts_of(item)
        finished = isinstance(item, PlanAction) and item.state in ("done", "dropped")
        shown = label(words, strong=kind in ("outcome", "need"), wrap=True, quiet=finished)
        lines: list[QWidget] = [shown]
        came = item_words.source_words(item, source)
        if facts:
            lines.append(label(facts, quiet=True, size="small", wrap=True))
        if source is not None:
            lines.append(label(came, quiet=True, size="small", wrap=True))
        self.setToolTip(plain_tip(came))
        icon, role = STATE_LOOKS[item.state] if isinstance(item, PlanAction) else KIND_LOOKS[kind]
        if isinstance(item, Agreement) and not item.agreed:
            icon, role = "x-circle", "tone:amber"
        moves = isinstance(item, PlanAction) and writable
        mark = Mark(icon, role, f"{STATES[item.state]}  (Space moves it on)" if isinstance(item, PlanAction) else "")
        if moves:
            mark.clicked.connect(lambda: self.state_asked.emit(self.key))
        parts: list[QWidget] = []
        if visits and writable:
            parts.append(button("Plan visits…", lambda: self.visits_asked.emit(self.key), kind="quiet"))
        indent = 8 if kind == "action" else 2
        line = row(mark, column(*lines, gap=0), *parts, *self.tools(), gap=2, margins=(indent, 1, 1, 1))
        line.setStretch(1, 1)
        line.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
        self.setLayout(line)
        self.setAccessibleName(". ".join(part for part in (f"{KINDS[kind]}: {words}", facts, came) if part))
