"""The first window: who signs in, and at its side what this is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from ui.shell.refusals import Refusals
from ui.shell.signin import Choose, Keyring, SignIn, SignInPanel, Trainee
from ui.style import theme
from ui.tasks import Tasks
from ui.widgets.basics import column, label, plane, row
from ui.widgets.panels import scrolling


class _Side(QFrame):
    """The dark side of the sign-in window: what this is."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = label("Co-ordination Centre", size="title", strong=True)
        title.setProperty("on", "rail")
        said = label("One way in for community health and social care in Manchester", wrap=True)
        said.setProperty("on", "rail-quiet")
        places = label("North   Central   South", size="small")
        places.setProperty("on", "rail-quiet")
        self.setLayout(column(12, title, said, None, places, gap=2, margins=8))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Twelve neighbourhoods, three localities, one city (P1)."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, wide, middle = theme.px(34), self.width() - theme.px(68), self.height() * 0.5
        one = QPointF(left + wide / 2, middle - theme.px(64))
        three = [QPointF(left + wide * (n + 0.5) / 3, middle) for n in range(3)]
        twelve = [QPointF(left + wide * (n + 0.5) / 12, middle + theme.px(64)) for n in range(12)]
        painter.setPen(QPen(theme.colour("rail-chosen"), theme.px(1.5)))
        for number, centre in enumerate(three):
            painter.drawLine(one, centre)
            for each in twelve[number * 4 : number * 4 + 4]:
                painter.drawLine(centre, each)
        painter.setPen(Qt.PenStyle.NoPen)
        for points, size, role in ((twelve, 4, "rail-quiet"), (three, 7, "rail-quiet"), ([one], 10, "rail-text")):
            painter.setBrush(theme.colour(role))
            for point in points:
                painter.drawEllipse(point, theme.px(size), theme.px(size))
        painter.end()


class SignInWindow(QWidget):
    """The first window. ``signed_in`` carries what ``sign_in(user, password)`` gave back."""

    signed_in = Signal(object)

    def __init__(
        self, tasks: Tasks, sign_in: SignIn, *, trainees: Sequence[Trainee] = (), keyring: Keyring | None = None,
        choose: Choose | None = None, refusals: Refusals | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setWindowTitle("Co-ordination Centre – sign in")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.panel = SignInPanel(
            tasks, sign_in, trainees=trainees, keyring=keyring, choose=choose, refusals=refusals
        )  # fmt: skip
        self.panel.signed_in.connect(self.signed_in)
        inner = plane(
            column(label("Sign in", size="title", strong=True), self.panel, gap=4, margins=(10, 10, 10, 6)), ""
        )
        inner.setMaximumWidth(theme.px(620))
        side = _Side()
        side.setFixedWidth(theme.px(300))
        self.setLayout(row(side, scrolling(inner), gap=0))
        self.resize(theme.px(920), theme.px(680))

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.panel.first_focus()
