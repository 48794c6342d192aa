"""Noto Sans with Arabic behind it, from their PyPI packages (no font files stand in this tree).

The files are variable fonts, and Qt's font database offers only their regular cut: bold asked for in the ordinary way
is smeared. So weight is set on the axis of the font itself, here, and a style sheet never sets a font.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

from ui.style import tokens

_WEIGHT = QFont.Tag("wght")
_ROLE = "fontRole"
_state: dict[str, float | bool] = {"loaded": False, "scale": 1.0}


def folder_of(package: str) -> Path:
    """Where an installed package lies, found without importing it. ModuleNotFoundError when it is not there."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations)))


def font_files() -> list[Path]:
    """The typeface, upright first; also for the PDFs, which need the file itself."""
    packages = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
    found = [file for package in packages for file in sorted((folder_of(package) / "files").glob("*.ttf"))]
    return sorted(found, key=lambda file: "Italic" in file.name)


def load() -> None:
    """Register the typeface with Qt, once (about 10 ms)."""
    if _state["loaded"]:
        return
    for file in font_files():
        QFontDatabase.addApplicationFont(str(file))
    _state["loaded"] = True


def set_scale(scale: float) -> None:
    """Text size of the whole program: 1.0 is 100 %."""
    _state["scale"] = scale


def scale() -> float:
    return float(_state["scale"])


def font(size: tokens.Size = "body", *, strong: bool = False, italic: bool = False) -> QFont:
    """A font of the one typeface, for painting. Its digits are all one width. It is shared: don't change it."""
    return _font(size, strong, italic, scale())


def metrics(size: tokens.Size = "body", *, strong: bool = False) -> QFontMetricsF:
    """Measures of :func:`font`."""
    return _metrics(size, strong, scale())


@cache
def _metrics(size: tokens.Size, strong: bool, at_scale: float) -> QFontMetricsF:
    return QFontMetricsF(_font(size, strong, False, at_scale))


@cache
def _font(size: tokens.Size, strong: bool, italic: bool, at_scale: float) -> QFont:
    load()
    made = QFont([tokens.family(), *tokens.fallbacks()])
    made.setPixelSize(round(tokens.size(size) * at_scale))
    made.setItalic(italic)
    if strong:
        made.setVariableAxis(_WEIGHT, tokens.strong_weight())
    return made


def dress(widget: QWidget, size: tokens.Size = "body", *, strong: bool = False) -> None:
    """Give a widget its text size and weight; it follows when the text size is changed."""
    widget.setProperty(_ROLE, f"{size} strong" if strong else size)
    widget.setFont(font(size, strong=strong))


def redress(app: QApplication) -> None:
    """Renew every font that :func:`dress` gave, after the text size has changed."""
    for widget in app.allWidgets():
        role = widget.property(_ROLE)
        if role:
            size, _, strong = str(role).partition(" ")
            widget.setFont(font(size, strong=bool(strong)))  # type: ignore[arg-type]
