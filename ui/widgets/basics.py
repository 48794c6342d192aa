"""The smallest parts: labels, buttons, rules, rows and columns of widgets. Sizes and colours come from the tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.commands import Command
from ui.style import fonts, icons, theme, tokens
from ui.widgets.tips import plain_tip

Item = QWidget | QLayout | int | None
"""Of a row or column: a widget, a layout, a gap in grid steps, or None for what stretches."""


def label(
    text: str = "", *, size: tokens.Size = "body", strong: bool = False, quiet: bool = False, tone: str = "",
    wrap: bool = False, selectable: bool = False,
) -> QLabel:  # fmt: skip
    """Plain text (never read as markup). ``quiet`` is lighter, ``tone`` one of red, amber, ok, accent, yours."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    if quiet:
        made.setProperty("quiet", True)
    if tone:
        made.setProperty("tone", tone)
    fonts.dress(made, size, strong=strong)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Change the tone of a label that is shown already."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        restyle(widget)


def restyle(widget: QWidget) -> None:
    """Make the style sheet look again at a widget whose property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def button(
    text: str, on_click: Callable[[], object] | None = None, *, kind: str = "", icon: str = "", tip: str = "",
) -> QPushButton:  # fmt: skip
    """A button. ``kind``: ``main`` (one on a screen), ``quiet`` (looks like a link), ``danger``, or plain."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    fonts.dress(made, strong=kind == "main")
    if icon:
        role = {"main": "on-accent", "quiet": "accent", "danger": "tone:red"}.get(kind, "text-quiet")
        icons.dress(made, icon, role)
    if tip:
        made.setToolTip(plain_tip(tip))
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def command_button(command: Command, *, kind: str = "", words: str = "") -> QPushButton:
    """A button of a command, with its keys in the tip. ``words`` where the title is too long for a button.

    It does not follow ``enabled_when`` by itself: call :func:`ask_again` when the selection moves."""
    tip = f"{command.title}  ({command.keys})" if command.shortcut else command.title
    made = button(words or command.title, command.__call__, kind=kind, icon=command.icon, tip=tip)
    made.setProperty("command", command.id)
    made.setEnabled(command.enabled_when())
    made.enabled_when = command.enabled_when  # type: ignore[attr-defined]
    return made


def ask_again(*buttons: QPushButton) -> None:
    """Enable or disable buttons made by :func:`command_button` by what their commands say now."""
    for each in buttons:
        each.setEnabled(each.enabled_when())  # type: ignore[attr-defined]


def icon_button(
    name: str, words: str, on_click: Callable[[], object] | None = None, role: str = "text-quiet"
) -> QToolButton:
    """A button with an icon only; ``words`` are its tip and what a screen reader says."""
    made = QToolButton()
    made.setToolTip(plain_tip(words))
    made.setAccessibleName(words)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.dress(made, name, role)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def rule(*, upright: bool = False) -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setProperty("rule", "line")
    if upright:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def _fill(layout: QBoxLayout, items: Sequence[Item], gap: float, margins: Any) -> None:
    layout.setSpacing(theme.space(gap))
    sides = margins if isinstance(margins, tuple) else (margins,) * 4
    layout.setContentsMargins(*(theme.space(side) for side in sides))
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(theme.space(item))
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def row(*items: Item, gap: float = 2, margins: float | tuple[float, float, float, float] = 0) -> QHBoxLayout:
    """A row: widgets, layouts, whole numbers (gaps in grid steps) None (stretch). Gaps and margins in steps of 4 px."""
    layout = QHBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def column(*items: Item, gap: float = 2, margins: float | tuple[float, float, float, float] = 0) -> QVBoxLayout:
    """A column, as :func:`row`."""
    layout = QVBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def plane(layout: QLayout, kind: str = "surface", rule: str = "") -> QFrame:
    """A widget around a layout. ``kind`` ground, surface, sunken or ""; ``rule`` below, above, left, right or all."""
    made = QFrame()
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if kind:
        made.setProperty("plane", kind)
    if rule:
        made.setProperty("rule", rule)
    made.setLayout(layout)
    return made


def paint_caret(widget: QWidget, centre: QPointF, role: str = "text-quiet") -> None:
    """The small arrow that says "there is a list behind this"."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour(role if widget.isEnabled() else "text-off"), theme.px(1.6))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    half = theme.px(4)
    painter.drawPolyline(
        QPolygonF(
            [centre + QPointF(-half, -half / 2), centre + QPointF(0, half / 2), centre + QPointF(half, -half / 2)]
        )
    )
    painter.end()


class Choice(QComboBox):
    """One of a list: ``Choice([("north", "North"), …])``. ``value`` is the code, or None before anything is chosen."""

    chosen = Signal(object)

    def __init__(self, items: Sequence[tuple[Any, str]] = (), *, prompt: str = "") -> None:
        super().__init__()
        fonts.dress(self)
        if prompt:
            self.setPlaceholderText(prompt)
        self.set_items(items)
        if prompt:
            self.setCurrentIndex(-1)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.currentIndexChanged.connect(lambda _index: self.chosen.emit(self.value))

    def set_items(self, items: Sequence[tuple[Any, str]]) -> None:
        """Replace the list and keep what is chosen if it is still there."""
        before = self.value
        self.blockSignals(True)
        self.clear()
        for value, words in items:
            self.addItem(words, value)
        self.blockSignals(False)
        if before is not None:
            self.set_value(before)

    @property
    def value(self) -> Any:
        return self.currentData() if self.currentIndex() >= 0 else None

    def set_value(self, value: Any) -> None:
        """Choose by code; nothing is chosen when it is not in the list."""
        self.setCurrentIndex(next((i for i in range(self.count()) if self.itemData(i) == value), -1))

    def wheelEvent(self, event: Any) -> None:
        """Scrolling a form must not change what is chosen."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_caret(self, QPointF(self.width() - theme.px(15), self.height() / 2))


class TextArea(QPlainTextEdit):
    """Some lines of plain text. Tab goes to the next field, the height follows what is written."""

    def __init__(self, lines: int = 3, most: int = 12, placeholder: str = "") -> None:
        super().__init__()
        self._lines, self._most = lines, most
        fonts.dress(self)
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(theme.px(4))
        self.textChanged.connect(self._fit)
        self._fit()

    @property
    def value(self) -> str:
        return self.toPlainText()

    def set_value(self, text: str) -> None:
        if text != self.toPlainText():
            self.setPlainText(text)

    def _fit(self) -> None:
        lines = min(max(self._lines, int(self.document().size().height())), self._most)
        spacing = ceil(QFontMetricsF(self.font()).lineSpacing())  # as the layout rounds: a line less would scroll
        self.setFixedHeight(lines * spacing + theme.px(20))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()


def narrow(choice: Choice) -> Choice:
    """As wide as there is room, its list as wide as its words: national words are long."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(16)
    choice.view().setTextElideMode(Qt.TextElideMode.ElideNone)
    choice.view().setMinimumWidth(min(900, choice.view().sizeHintForColumn(0) + 24))
    return choice


class LinkLabel(QPushButton):
    """Words that open something (numbers open to their rows). Keyboard and screen reader see a button.

    Where there is no room for all of them the end goes, never the beginning."""

    def __init__(self, text: str, on_click: Callable[[], object]) -> None:
        super().__init__(text)
        self.setProperty("kind", "quiet")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        fonts.dress(self)
        self.clicked.connect(lambda _checked=False: on_click())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        usual = super().minimumSizeHint()
        return QSize(min(usual.width(), theme.px(120)), usual.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        words = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room)
        option.text = words
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
