"""The sections of the form at the left: where one is, what is done, what is still needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from coordination.assessment.model import Section
from coordination.assessment.rules import Progress
from ui import wording
from ui.style import fonts, icons, theme
from ui.widgets.basics import label
from ui.widgets.tips import plain_tip

WIDTH = 272
_KINDS = {
    "conversation": "The conversation",
    "needs": "Needs",
    "scores": "Scores",
    "closing": "What comes of it",
}


class RailItem(QAbstractButton):
    """One section. Its mark says how far it is, with words for a screen reader."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self.progress = Progress(0, 0, 0)
        self.setText(section.title)
        self.setToolTip(plain_tip(section.title))
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_progress(self, progress: Progress, signed: bool) -> None:
        self.progress = progress
        said = "" if signed else f", {self._needed()}"
        self.setAccessibleName(f"{self.section.title}, {progress.answered} of {progress.asked} answered{said}")
        self.update()

    def _needed(self) -> str:
        return f"{self.progress.missing} needed" if self.progress.missing else "nothing needed"

    def mark(self) -> tuple[str, str]:
        """Icon and colour role."""
        if self.progress.missing == 0 and self.progress.answered:
            return "check-circle-fill", "tone:ok"
        if self.progress.answered:
            return "circle-half", "tone:accent"
        return "circle", "text-quiet"

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDTH), theme.px(36))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked():
            painter.fillRect(box, theme.colour("soft:accent"))
            painter.fillRect(QRectF(0, 0, theme.px(3), box.height()), theme.colour("accent"))
        elif self.underMouse():
            painter.fillRect(box, theme.colour("hover"))
        if self.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        side = theme.px(16)
        icon, role = self.mark()
        left = theme.px(16)
        icons.paint(painter, QRectF(left, box.center().y() - side / 2, side, side), icon, theme.colour(role))
        count = str(self.progress.missing) if self.progress.missing else ""
        small = fonts.font("small")
        room = QFontMetricsF(small).horizontalAdvance(count) + theme.px(24)
        face = fonts.font(strong=self.isChecked())
        painter.setFont(face)
        painter.setPen(theme.colour("text"))
        words = box.adjusted(left + side + theme.px(10), 0, -room, 0)
        shown = QFontMetricsF(face).elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(small)
        painter.setPen(theme.colour("text-quiet"))
        edge = box.adjusted(0, 0, -theme.px(16), 0)
        painter.drawText(edge, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.end()


class SectionRail(QFrame):
    """``chosen`` gives the id of a section. Up and Down move."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setProperty("rule", "right")
        self.setFixedWidth(theme.px(WIDTH))
        self.setAccessibleName("Sections")
        self.items: dict[str, RailItem] = {}
        self._titles: list[QWidget] = []
        inside = QWidget()
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside.setProperty("plane", "ground")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.addWidget(self._scroll)

    def set_sections(self, sections: Sequence[Section]) -> None:
        """The sections of a form, under the words for their kinds."""
        for old in [*self._titles, *self.items.values()]:
            self._column.removeWidget(old)
            old.deleteLater()
        self.items, self._titles, kind = {}, [], ""
        for section in sections:
            if section.kind != kind:
                kind = section.kind
                title = label(_KINDS[kind], quiet=True, size="small", strong=True)
                title.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(4))
                self._titles.append(title)
                self._column.insertWidget(self._column.count() - 1, title)
            item = RailItem(section)
            item.clicked.connect(lambda _on=False, key=section.id: self.chosen.emit(key))
            self.items[section.id] = item
            self._column.insertWidget(self._column.count() - 1, item)

    def set_current(self, section: str) -> None:
        for key, item in self.items.items():
            item.setChecked(key == section)
        if section in self.items:
            self._scroll.ensureWidgetVisible(self.items[section], 0, theme.px(36))

    def set_progress(self, progress: Mapping[str, Progress], signed: bool) -> None:
        """A section without progress is not asked, and not shown."""
        for key, item in self.items.items():
            item.setVisible(key in progress)
            if key in progress and (progress[key] != item.progress or signed or not item.accessibleName()):
                item.set_progress(progress[key], signed)

    def shown(self) -> list[str]:
        """The sections that are asked, in order."""
        return [key for key, item in self.items.items() if not item.isHidden()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        keys = self.shown()
        current = next((k for k in keys if self.items[k].isChecked()), None)
        if step is None or current is None:
            super().keyPressEvent(event)
            return
        other = keys[(keys.index(current) + step) % len(keys)]
        self.chosen.emit(other)
        self.items[other].setFocus(Qt.FocusReason.TabFocusReason)


def needed_words(missing: int) -> str:
    """``Nothing is missing``, ``1 answer is still needed``."""
    if not missing:
        return "Nothing is missing"
    return f"{wording.count(missing, 'answer')} still needed"
