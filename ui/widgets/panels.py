"""Page heads, section heads, facts, the side panel, splitters."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from ui import wording
from ui.style import fonts, theme
from ui.widgets.basics import column, icon_button, label, plane, row, rule
from ui.widgets.giving_way import GivingWay


class PageHead(QFrame):
    """The top of a page: its name, what is to be said of it, and what can be done, on one line."""

    def __init__(self, title: str, said: str = "", *actions: QWidget) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "below")
        self._title = label(title, size="title", strong=True)
        self._said = GivingWay(said)  # the first to give way where there is no room for all
        self.setLayout(row(self._title, self._said, None, *actions, gap=3, margins=(6, 3, 6, 3)))
        self.setFixedHeight(theme.px(56))

    def say(self, said: str) -> None:
        """The quiet words after the title: "24 waiting, 3 overdue"."""
        self._said.setText(said)

    def set_title(self, title: str) -> None:
        self._title.setText(title)


class Section(QWidget):
    """A heading with a hairline and, at its right, what can be done; then its content."""

    def __init__(self, title: str, *actions: QWidget, content: QWidget | None = None) -> None:
        super().__init__()
        self._title = label(title, strong=True)
        head = row(self._title, None, *actions)
        self._column = column(head, rule(), gap=1.5)
        self.setLayout(self._column)
        if content is not None:
            self.add(content)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        self._column.addWidget(widget, stretch)

    def set_title(self, title: str) -> None:
        self._title.setText(title)


class Facts(QWidget):
    """Labels (quiet, no colon) beside values; a value that is missing reads "Not known"."""

    def __init__(self, facts: Sequence[tuple[str, object | None]] = (), *, columns: int = 1) -> None:
        super().__init__()
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(3))
        self._grid.setVerticalSpacing(theme.space(1.5))
        for number in range(columns):
            self._grid.setColumnStretch(number * 2 + 1, 1)
        self._labels: list[QLabel] = []
        self.set(facts)

    def set(self, facts: Sequence[tuple[str, object | None]]) -> None:
        self._grid.setRowStretch(self._grid.rowCount() - 1, 0)
        for old in self._labels:
            self._grid.removeWidget(old)
            old.deleteLater()
        self._labels.clear()
        for number, (name, value) in enumerate(facts):
            line, across = divmod(number, self._columns)
            caption = label(name, quiet=True)
            shown = label(wording.known(value), wrap=True, selectable=True)
            caption.setBuddy(shown)
            shown.setAccessibleName(f"{name} {wording.known(value)}")
            for place, part in enumerate((caption, shown)):
                self._grid.addWidget(part, line, across * 2 + place, Qt.AlignmentFlag.AlignTop)
                self._labels.append(part)
        self._grid.setRowStretch(self._grid.rowCount(), 1)


class SidePanel(QFrame):
    """A panel at the right of a page about the thing chosen in it. Esc or the cross closes it."""

    closed = Signal()

    def __init__(self, title: str = "", *, width: int = 380) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "left")
        self.setMinimumWidth(theme.px(280))
        self._wide = width
        self._title = label(title, strong=True)
        self._close = icon_button("x", "Close  (Esc)", self.close_panel)
        head = plane(row(self._title, None, self._close, margins=(4, 1.5, 2, 1.5)), "", "below")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._foot = QHBoxLayout()
        self._foot_plane = plane(self._foot, "", "above")
        self._foot.setContentsMargins(theme.space(4), theme.space(2), theme.space(4), theme.space(2))
        self._foot_plane.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (head, self.area, self._foot_plane):
            whole.addWidget(part, 1 if part is self.area else 0)

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def set_content(self, content: QWidget) -> None:
        """What stands in the panel; it scrolls. The one before is deleted."""
        content.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3))
        self.area.setWidget(content)

    def set_actions(self, *buttons: QWidget | None) -> None:
        """Buttons that stay at the foot of the panel; None stretches."""
        while self._foot.count():
            item = self._foot.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for each in buttons:
            self._foot.addStretch(1) if each is None else self._foot.addWidget(each)
        self._foot_plane.setVisible(bool(buttons))

    def close_panel(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def sizeHint(self):  # type: ignore[no-untyped-def]
        hint = super().sizeHint()
        hint.setWidth(theme.px(self._wide))
        return hint


def splitter(
    *parts: QWidget, upright: bool = False, sizes: Sequence[int] = (),
    settings: QSettings | None = None, name: str = "",
) -> QSplitter:  # fmt: skip
    """Parts side by side (``upright``: above each other) with a hairline to drag; remembers where it stands."""
    made = QSplitter(Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal)
    made.setHandleWidth(1)
    made.setChildrenCollapsible(False)
    for part in parts:
        made.addWidget(part)
    made.setStretchFactor(0, 1)
    if sizes:
        made.setSizes([theme.px(size) for size in sizes])
    if settings is not None and name:
        state = settings.value(f"splitter/{name}")
        if isinstance(state, QByteArray):
            made.restoreState(state)
        made.splitterMoved.connect(lambda *_at: settings.setValue(f"splitter/{name}", made.saveState()))
    return made


def scrolling(content: QWidget) -> QScrollArea:
    """Content that scrolls up and down but never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    fonts.dress(area)
    return area
