"""What a computer remembers of its windows, in the data folder: look, locality, place. Never personal data.

A file that says nonsense does not keep anybody out.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from PySide6.QtCore import QByteArray, QSettings

from ui.at_desk import ALL, LOCALITIES
from ui.style import theme


def settings_in(folder: Path) -> QSettings:
    """Those of a data folder."""
    keep_settings_in(folder)
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def keep_settings_in(folder: Path) -> None:
    """Qt's own file dialogue remembers places too; outside the data folder, unless it is told where to. What it
    remembered goes at the next start: the name of a folder or a file may be somebody's."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder))
    (folder / "QtProject.conf").unlink(missing_ok=True)


def look(settings: QSettings) -> tuple[theme.Wish, float]:
    """Light or dark, and the size of the words."""
    wish = settings.value("look/wish")
    try:
        scale = float(str(settings.value("look/scale", 1.0)))
    except ValueError:
        scale = 1.0
    return wish if wish in get_args(theme.Wish) else "system", scale if 0.5 <= scale <= 3 else 1.0


def keep_look(settings: QSettings, wish: theme.Wish, scale: float) -> None:
    settings.setValue("look/wish", wish)
    settings.setValue("look/scale", scale)


def locality(settings: QSettings, own: str | None) -> str:
    """The one that this desk looked at last, or that of who signs in (``north``)."""
    kept = settings.value("window/locality")
    if isinstance(kept, str) and kept in (ALL, *LOCALITIES):
        return kept
    return next((name for name in LOCALITIES if name.lower() == own), ALL)


def geometry(settings: QSettings) -> QByteArray | None:
    """Where the window stood, as Qt puts it."""
    kept = settings.value("window/geometry")
    return kept if isinstance(kept, QByteArray) else None


def keep_window(settings: QSettings, geometry: QByteArray, locality: str) -> None:
    """Where the window stands, and the locality that it looks at; on the disk at once."""
    settings.setValue("window/geometry", geometry)
    settings.setValue("window/locality", locality)
    settings.sync()
