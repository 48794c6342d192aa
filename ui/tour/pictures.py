"""Pictures of what is on the screen, one PNG each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from ui.style import theme
from ui.tour import hands
from ui.tour.hands import Unmet

QUICK = 70  # compressed lightly: a picture a second matters more than some bytes


class Album:
    """Writes pictures into a folder. ``taken`` holds their names in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: list[str] = []

    def take(self, name: str, window: QWidget) -> str:
        """A picture of a window as it is now. Returns the file's name."""
        hands.settle()
        file = f"{name}.png"
        if not window.grab().save(str(self.folder / file), "PNG", QUICK):
            raise Unmet(f"expected to write {file}")
        if file not in self.taken:
            self.taken.append(file)
        return file

    def take_dark(self, name: str, window: QWidget) -> str:
        """The same in dark; afterwards it is light again."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        scale = theme.fonts.scale()
        theme.apply(app, "dark", scale)
        try:
            return self.take(name, window)
        finally:
            theme.apply(app, "light", scale)
            hands.settle()
