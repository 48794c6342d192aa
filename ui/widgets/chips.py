"""Filter chips (any number may be on) and a segmented choice (always one)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QLayout, QLayoutItem, QSizePolicy, QWidget

from ui.style import fonts, icons, theme, tokens


class FlowLayout(QLayout):
    """Left to right, and on to the next line when the width is used up."""

    def __init__(self, gap: float = 1.5) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        gap = theme.space(self._gap)
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + gap * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _place(self, rect: QRect, *, move: bool) -> int:
        gap = theme.space(self._gap)
        top = rect.top()
        for line in self._lines(rect.width(), gap):
            height = max(size.height() for _item, size in line)
            left = rect.left()
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + gap
            top += height + gap
        return max(0, top - gap - rect.top())

    def _lines(self, width: int, gap: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if not lines or used + size.width() > width:
                lines.append([])
                used = 0
            lines[-1].append((item, QSize(min(size.width(), max(width, 1)), size.height())))
            used += size.width() + gap
        return lines


class FlowBox(QWidget):
    """A widget that lets its parts flow, and is as high as they need at the width it has."""

    def __init__(self, *parts: QWidget, gap: float = 1.5) -> None:
        super().__init__()
        self._flow = FlowLayout(gap)
        self.setLayout(self._flow)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in parts:
            self._flow.addWidget(part)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.fit()
        return done

    def fit(self) -> None:
        """Be as high as the parts need now. Happens by itself, except when parts were put in another order."""
        height = max(1, self._flow.heightForWidth(self.width()))
        if height != self.minimumHeight():
            self.setFixedHeight(height)


class _Chip(QAbstractButton):
    def __init__(self, words: str, mark: str = "", tone: str = "accent") -> None:
        super().__init__()
        self.setText(words)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.mark, self.tone = mark, tone
        self.number: int | None = None

    def _parts(self) -> tuple[str, str]:
        return self.text(), "" if self.number is None else f"{self.number:,}"

    def sizeHint(self) -> QSize:
        words, number = self._parts()
        metrics = QFontMetricsF(fonts.font(strong=True))
        width = metrics.horizontalAdvance(words) + theme.px(24)
        width += metrics.horizontalAdvance(number) + theme.px(8) if number else 0
        width += theme.px(20) if self.mark else 0
        return QSize(round(width), theme.px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = f"soft:{self.tone}" if on else "hover" if self.underMouse() else "surface"
        painter.setBrush(theme.colour(ground))
        painter.setPen(QPen(theme.colour(f"tone:{self.tone}" if on else "line"), 1))
        radius = box.height() / 2
        painter.drawRoundedRect(box, radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        ink = theme.colour(f"tone:{self.tone}" if on else "text" if self.isEnabled() else "text-off")
        left = box.left() + theme.px(12)
        if self.mark:
            side = theme.px(15)
            icons.paint(painter, QRectF(left - theme.px(2), box.center().y() - side / 2, side, side), self.mark, ink)
            left += theme.px(18)
        words, number = self._parts()
        face = fonts.font(strong=on)
        painter.setFont(face)
        painter.setPen(ink)
        painter.drawText(box.adjusted(left - box.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
        if number:
            painter.setPen(ink if on else theme.colour("text-quiet"))
            edge = box.adjusted(0, 0, -theme.px(12), 0)
            painter.drawText(edge, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        painter.end()


class _ArrowKeys(QObject):
    """Left and right move among the buttons of a row, so that Tab passes the row in one step."""

    def __init__(self, buttons: list[QAbstractButton], parent: QObject, *, press: bool) -> None:
        super().__init__(parent)
        self._buttons, self._press = buttons, press
        for each in buttons:
            each.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if step is not None and isinstance(watched, QAbstractButton):
                there = [each for each in self._buttons if each is watched or not each.isHidden()]
                other = there[(there.index(watched) + step) % len(there)]
                other.setFocus(Qt.FocusReason.TabFocusReason)
                if self._press:
                    other.click()
                return True
        return False


class FilterChips(FlowBox):
    """``FilterChips([("overdue", "Overdue"), ("yours", "Mine")])``; ``value`` is the frozenset of those that are on.

    A third part of an item names its mark (icon); a fourth its tone."""

    changed = Signal(frozenset)

    def __init__(self, items: Sequence[tuple[Hashable, ...]], name: str = "Filters") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._chips: dict[Hashable, _Chip] = {}
        for value, words, *look in items:
            chip = _Chip(str(words), *map(str, look))
            chip.toggled.connect(lambda _on: self.changed.emit(self.value))
            self._chips[value] = chip
            self._flow.addWidget(chip)
        _ArrowKeys(list(self._chips.values()), self, press=False)
        self.setFixedHeight(theme.px(28))

    @property
    def value(self) -> frozenset[Hashable]:
        return frozenset(value for value, chip in self._chips.items() if chip.isChecked())

    def set_value(self, values: frozenset[Hashable] | set[Hashable]) -> None:
        """Switch on exactly these; ``changed`` is emitted once."""
        if self.value == frozenset(values):
            return
        for value, chip in self._chips.items():
            chip.blockSignals(True)
            chip.setChecked(value in values)
            chip.blockSignals(False)
        self.changed.emit(self.value)

    def show_only(self, values: frozenset[Hashable]) -> None:
        """Chips of which there is nothing are not offered."""
        for value, chip in self._chips.items():
            chip.setVisible(value in values)

    def set_counts(self, counts: Mapping[Hashable, int]) -> None:
        """Numbers on the chips; a chip without one shows none."""
        for value, chip in self._chips.items():
            number = counts.get(value)
            if chip.number != number:
                chip.number = number
                chip.setAccessibleName(chip.text() if number is None else f"{chip.text()}, {number}")
                chip.updateGeometry()
                chip.update()


class _Segment(QAbstractButton):
    def __init__(self, words: str) -> None:
        super().__init__()
        self.setText(words)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.first = self.last = False

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(fonts.font(strong=True)).horizontalAdvance(self.text())
        return QSize(round(width) + theme.px(24), theme.px(tokens.measure("control")))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, radius = self.isChecked(), theme.px(tokens.measure("radius"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        # neighbours share an edge: each reaches beyond its own side, where nothing is drawn
        shape = box.adjusted(0 if self.first else -radius, 0, 0.5 if self.last else radius, 0)
        painter.setClipRect(self.rect())
        painter.setBrush(theme.colour("soft:accent" if on else "hover" if self.underMouse() else "surface"))
        painter.setPen(QPen(theme.colour("edge"), 1))
        painter.drawRoundedRect(shape.adjusted(0, 0, -0.5 if self.last else 0, 0), radius, radius)
        if not self.last:
            painter.drawLine(box.topRight(), box.bottomRight())
        if on:
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), theme.px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        painter.setFont(fonts.font(strong=on))
        painter.setPen(theme.colour("tone:accent" if on else "text" if self.isEnabled() else "text-off"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class SegmentedChoice(QWidget):
    """``SegmentedChoice([("day", "Day"), ("week", "Week")])``: always exactly one; ``value`` is its code."""

    changed = Signal(object)

    def __init__(self, items: Sequence[tuple[Hashable, str]], value: Hashable = None, name: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._values = [value for value, _words in items]
        self._group = QButtonGroup(self)
        for number, (_value, words) in enumerate(items):
            part = _Segment(words)
            part.first, part.last = number == 0, number == len(items) - 1
            part.setAccessibleName(f"{name} {words}".strip())
            self._group.addButton(part, number)
            layout.addWidget(part)
        _ArrowKeys(self._group.buttons(), self, press=True)
        self.set_value(self._values[0] if value is None else value)
        self._group.idToggled.connect(lambda number, on: self.changed.emit(self._values[number]) if on else None)

    @property
    def value(self) -> Hashable:
        return self._values[self._group.checkedId()]

    def set_words(self, value: Hashable, words: str) -> None:
        """Other words for one of them: with a count, say."""
        part = self._group.button(self._values.index(value))
        if part.text() != words:
            part.setText(words)
            part.setAccessibleName(f"{self.accessibleName()} {words}".strip())
            part.updateGeometry()

    def set_value(self, value: Hashable) -> None:
        """ValueError for a code that is not there."""
        self._group.button(self._values.index(value)).setChecked(True)
