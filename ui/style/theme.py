"""The theme in force: colours as QColor, the style sheet, light, dark or as the system has it.

theme.apply(app, "system")          once, at start; again to switch
theme.colour("line")                QColor of a role; "tone:red", "soft:red", "fill:red", "on-fill:red" of a tone
theme.px(12)                        pixels at the text size in force
theme.hub().changed                 signal: repaint, re-ask for icons
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from ui.style import fonts, tokens
from ui.style.resized import resize_all

Wish = Literal["light", "dark", "system"]
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)


class Hub(QObject):
    """Says when the look has changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wish: Wish = "light"
        self.mode: tokens.Mode = "light"
        self.follows = False


@cache
def hub() -> Hub:
    return Hub()


def mode() -> tokens.Mode:
    return hub().mode


def palette() -> tokens.Palette:
    return tokens.palette(mode())


@cache
def _colour(role: str, in_mode: tokens.Mode) -> QColor:
    now = tokens.palette(in_mode)
    part, _, tone = role.partition(":")
    if not tone:
        return QColor(now.colour(role))
    look = now.tone(tone)
    return QColor({"tone": look.ink, "soft": look.soft, "fill": look.fill, "on-fill": look.on_fill}[part])


def colour(role: str) -> QColor:
    """The colour of a role in the mode in force. KeyError for a role that is not there."""
    return QColor(_colour(role, mode()))


def px(pixels: float) -> int:
    """Pixels of the design (at 100 %) as pixels at the text size in force."""
    return round(pixels * fonts.scale())


def space(steps: float = 1) -> int:
    """Steps of the grid of 4, at the text size in force."""
    return px(tokens.space(steps))


def _system_mode(app: QApplication) -> tokens.Mode:
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def apply(app: QApplication, wish: Wish = "system", scale: float = 1.0) -> None:
    """Dress the whole program; may be called again at any time to switch."""
    now = hub()
    now.wish = wish
    now.mode = _system_mode(app) if wish == "system" else wish
    if not now.follows:
        app.setStyle(QStyleFactory.create("Fusion"))
        QDir.addSearchPath("look", str(files("resources") / "style"))
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow_system())
        now.follows = True
    fonts.load()
    before = fonts.scale()
    fonts.set_scale(scale)
    if scale != before:
        resize_all(app, before, scale)
    app.setFont(fonts.font())
    app.setPalette(_qt_palette())
    sheet = style_sheet()
    if app.styleSheet() != sheet:  # setting it polishes every widget there is, changed or not
        app.setStyleSheet(sheet)
    fonts.redress(app)
    now.changed.emit()


def _follow_system() -> None:
    app = QApplication.instance()
    if hub().wish == "system" and isinstance(app, QApplication):
        apply(app, "system", fonts.scale())


def _qt_palette() -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for part, name in {
        role.Window: "ground", role.WindowText: "text", role.Base: "surface", role.AlternateBase: "sunken",
        role.Text: "text", role.Button: "surface", role.ButtonText: "text", role.BrightText: "on-accent",
        role.Highlight: "selection", role.HighlightedText: "on-selection", role.Link: "accent",
        role.LinkVisited: "accent", role.ToolTipBase: "notice", role.ToolTipText: "on-notice",
        role.PlaceholderText: "text-quiet", role.Accent: "accent", role.Mid: "line", role.Dark: "edge",
        role.Midlight: "line", role.Light: "surface", role.Shadow: "line",
    }.items():  # fmt: skip
        made.setColor(part, colour(name))
    for part in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, part, colour("text-off"))
    return made


@cache
def _template() -> str:
    sheet = (files("resources") / "style" / "centre.qss").read_text("utf-8")
    return re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)


def style_sheet() -> str:
    """The style sheet of the mode in force: ``@role`` becomes a colour, ``@8px`` a length at the text size."""
    sheet = _template().replace("@@mode", mode())
    sheet = re.sub(r"@(\d+(?:\.\d+)?)px", lambda found: f"{px(float(found[1]))}px", sheet)
    return re.sub(r"@([a-z][a-z:-]*)", lambda found: colour(found[1]).name(), sheet)
