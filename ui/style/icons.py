"""Icons: the Phosphor family out of the QtAwesome package, coloured from the tokens.

QtAwesome itself is not imported: it costs 0.25 s and loads a dozen fonts. Its Phosphor font and the table of names are
read directly instead (5 ms). Any name of the family will do: ``house``, ``house-fill``, ``house-bold``.
"""

from __future__ import annotations

import json
from functools import cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from ui.style import theme
from ui.style.fonts import folder_of


@cache
def _family() -> tuple[str, dict[str, str]]:
    folder = folder_of("qtawesome") / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-*.ttf"))))
    names = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return QFontDatabase.applicationFontFamilies(number)[0], {name: chr(int(code, 16)) for name, code in names.items()}


def exists(name: str) -> bool:
    return name in _family()[1]


def paint(painter: QPainter, box: QRectF, name: str, colour: QColor) -> None:
    """Draw an icon into a box of a custom-painted widget; a dashed circle for a name that the family has not."""
    face, glyph = _glyph(name, max(1, round(min(box.width(), box.height()))))
    room = glyph.size()
    painter.save()
    painter.setFont(face)
    painter.setPen(colour)
    left, top = box.left() + (box.width() - room.width()) / 2, box.top() + (box.height() - room.height()) / 2
    painter.drawStaticText(QPointF(round(left), round(top)), glyph)
    painter.restore()


@cache
def _glyph(name: str, side: int) -> tuple[QFont, QStaticText]:
    """Laid out once: the same few stand in every row of a list. A mistyped name must not stop a page from being
    painted."""
    family, glyphs = _family()
    face = QFont(family)
    face.setPixelSize(side)
    made = QStaticText(glyphs.get(name, glyphs["circle-dashed"]))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=face)
    return face, made


class _Engine(QIconEngine):
    """Draws the glyph at whatever size and resolution is asked for, in the colours of the theme of that moment."""

    def __init__(self, name: str, role: str, chosen: str) -> None:
        super().__init__()
        self._name, self._role, self._chosen = name, role, chosen

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = self._chosen if state == QIcon.State.On else self._role
        ink = theme.colour(role)
        if mode == QIcon.Mode.Disabled:
            ink = theme.colour("text-off")
            ink.setAlphaF(0.6)
        # wider than high: room between the glyph and the words of a button
        side = min(rect.width(), rect.height())
        paint(painter, QRectF(rect.left(), rect.top(), side, side), self._name, ink)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        if size.isEmpty():  # asked for before the first layout
            return picture
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role, self._chosen)


@cache
def _engine_icon(name: str, role: str, chosen: str, mode: str) -> QIcon:
    del mode  # only part of the key: an icon keeps pixmaps of the colours it was first drawn in
    return QIcon(_Engine(name, role, chosen))


def icon(name: str, role: str = "text-quiet", chosen: str = "") -> QIcon:
    """An icon in the colour of a role (``accent``, ``tone:red`` …); ``chosen`` is its colour when switched on.

    Made for the theme of the moment: widgets that keep one ask again on ``theme.hub().changed``
    (those of ui/widgets do). KeyError for a name that the family has not.
    """
    if not exists(name):
        raise KeyError(name)
    return _engine_icon(name, role, chosen or role, theme.mode())


def pixmap(name: str, role: str = "text-quiet", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """A picture of an icon, ``size`` logical pixels square at 100 %, for a label."""
    side = theme.px(size)
    return icon(name, role).pixmap(QSize(side, side), ratio)


def dress(button: QAbstractButton, name: str, role: str = "text-quiet", chosen: str = "", size: int = 18) -> None:
    """Give a button an icon that follows the theme."""
    button.setProperty("iconRole", f"{name} {role} {chosen or role} {size}")
    _put(button)
    _follow_theme()


def _put(button: QAbstractButton) -> None:
    name, role, chosen, size = str(button.property("iconRole")).split(" ")
    button.setIcon(icon(name, role, chosen))
    side = theme.px(int(size))
    gap = theme.px(5) if isinstance(button, QPushButton) and button.text() else 0
    button.setIconSize(QSize(side + gap, side))


@cache
def _follow_theme() -> None:
    theme.hub().changed.connect(_redress)


def _redress() -> None:
    app = QApplication.instance()
    for widget in app.allWidgets() if isinstance(app, QApplication) else []:
        if isinstance(widget, QAbstractButton) and widget.property("iconRole"):
            _put(widget)
