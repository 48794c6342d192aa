"""A password that somebody is given: shown once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtWidgets import QLabel, QWidget

from ui.style import fonts
from ui.widgets.basics import button, column, label, plane, row


@dataclass(frozen=True)
class Given:
    name: str
    user_name: str
    password: str = field(repr=False)


class GivenPassword(QWidget):
    """To be read out or handed over. It is nowhere else: not in the database, not in a file."""

    def __init__(self, given: Given, copy: Callable[[str], object]) -> None:
        super().__init__()
        self.shown: QLabel = label(given.password, size="title", strong=True, selectable=True)
        fonts.dress(self.shown, "title", strong=True)
        self.shown.setAccessibleName("One-time password")
        box = plane(column(label(f"User name: {given.user_name}"), self.shown, gap=2, margins=4), "sunken")
        about = (
            "It is shown this once. When it is first used, a password of their own must be chosen; it opens nothing "
            "before that."
        )
        copied = button("Copy", lambda: copy(given.password), tip="The clipboard is emptied when the desk locks")
        told = label(f"Tell {given.name} this password, and nobody else.", wrap=True)
        self.setLayout(column(told, box, label(about, quiet=True, wrap=True), row(copied, None), None, gap=3))
