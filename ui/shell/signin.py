"""Signing in, and coming back after a lock: user name and password, or one click for a training user.

    panel = SignInPanel(tasks, sign_in, trainees=[Trainee(...)], remembered=…, remember=…, forget=…)
    panel.signed_in.connect(self.open_desk)        # carries what ``sign_in(user, password)`` gave back

The keyring is reached only through the functions given; without them nothing is remembered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from coordination.errors import BadValue, BadValues, LoginDisabled, PasswordMustChange, SignInFailed
from ui import wording
from ui.sentences import sentence
from ui.shell.choosing import ChoosePanel
from ui.shell.refusals import Refusals
from ui.style import fonts, icons, theme
from ui.tasks import Tasks
from ui.widgets.basics import button, column, label, row
from ui.widgets.fields import Form

SignIn = Callable[[str, str], Any]
Choose = Callable[[str, str, str], Any]
"""user name, the password that was given, the one chosen instead"""


@dataclass(frozen=True, slots=True)
class Trainee:
    """A user of the training city. ``password`` is derived by a published rule: the people are invented."""

    user_name: str
    display_name: str
    role: str
    centre: str
    password: str


@dataclass(frozen=True, slots=True)
class Keyring:
    """Access to the operating system's keyring, given by the composition root."""

    read: Callable[[], tuple[str, str] | None]
    """the user name and password remembered, if any; may be slow"""
    keep: Callable[[str, str], object]
    forget: Callable[[], object]
    is_there: Callable[[], bool] = lambda: True
    """whether this computer has one; may be slow"""


class _Tile(QPushButton):
    """One training user: name, and role beneath."""

    def __init__(self, trainee: Trainee) -> None:
        super().__init__()
        self.trainee = trainee
        self.setProperty("part", "tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{trainee.display_name}, {wording.role(trainee.role)}, {trainee.centre}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(theme.px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = theme.px(22)
        box = QRectF(self.rect()).adjusted(theme.px(12), theme.px(7), -theme.px(10), -theme.px(7))
        icons.paint(
            painter, QRectF(box.left(), box.center().y() - side / 2, side, side), "user-circle", theme.colour("accent")
        )
        words = box.adjusted(theme.px(32), 0, 0, 0)
        upper = QRectF(words.left(), words.top(), words.width(), words.height() / 2)
        painter.setFont(fonts.font(strong=True))
        painter.setPen(theme.colour("text" if self.isEnabled() else "text-off"))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, self.trainee.display_name)
        painter.setFont(fonts.font("small"))
        painter.setPen(theme.colour("text-quiet"))
        painter.drawText(
            upper.translated(0, words.height() / 2), Qt.AlignmentFlag.AlignVCenter, wording.role(self.trainee.role)
        )
        painter.end()


class SignInPanel(QWidget):
    """The form and the tiles. While it works the button says so; what fails is said in place."""

    signed_in = Signal(object)

    def __init__(
        self, tasks: Tasks, sign_in: SignIn, *, trainees: Sequence[Trainee] = (), keyring: Keyring | None = None,
        user_name: str = "", said: str = "", words: str = "Sign in", choose: Choose | None = None,
        refusals: Refusals | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._tasks, self._sign_in, self._keyring = tasks, sign_in, keyring
        self._choose, self.refusals = choose, refusals or Refusals()
        self.choosing: ChoosePanel | None = None
        self._remembered = False
        self.user = QLineEdit(user_name)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.form = Form()
        self.form.add("user_name", "User name", self.user)
        self.form.add("password", "Password", self.password)
        self.remember = QCheckBox("Remember on this computer")
        self.remember.setToolTip("Kept in the operating system's keyring, nowhere else")
        self.remember.hide()
        room = self.remember.sizePolicy()
        room.setRetainSizeWhenHidden(keyring is not None)  # what stands below does not move when it comes
        self.remember.setSizePolicy(room)
        fonts.dress(self.remember)
        self._words = words
        self._go = button(words, self.submit, kind="main")
        self._problem = label(tone="red", wrap=True)
        self._problem.hide()
        parts: list[Any] = [label(said, quiet=True, wrap=True)] if said else []
        self._groups = "Training city: invented people, one click" if len(trainees) > 1 else "In training, one click"
        parts += [self.form, self.remember, self._problem, row(self._go, None)]
        self.tiles = [_Tile(trainee) for trainee in trainees]
        if self.tiles:
            parts += [4, *self._tile_groups()]
        self._told = label(tone="amber", wrap=True)
        self._told.hide()
        self._asked = QWidget()
        self._asked.setLayout(column(self._told, *parts, gap=3))
        self.setLayout(column(self._asked, None, gap=3))
        self._again = QTimer(self, interval=500)
        self._again.timeout.connect(self._count_down)
        for field in (self.user, self.password):
            field.returnPressed.connect(self.submit)
        self._waiting_for = ""
        self._looked = keyring is None or bool(user_name)

    def showEvent(self, event: Any) -> None:
        """Only where it is seen, because a keyring takes its time."""
        super().showEvent(event)
        if not self._looked and self._keyring is not None:
            self._looked = True
            self._tasks.run(self, self._keyring.is_there, self._show_keyring, lambda _error: True)

    def _show_keyring(self, there: bool) -> None:
        self.remember.setVisible(there)
        if there and self._keyring is not None:
            self._tasks.run(self, self._keyring.read, self._fill, lambda _error: True)

    def first_focus(self) -> None:
        (self.password if self.user.text() else self.user).setFocus()

    def submit(self) -> None:
        """Sign in with what was typed."""
        missing = [name for name in ("user_name", "password") if not self.form.value(name)]
        if missing:
            self.form.set_problems(BadValues(tuple(BadValue(name, "required") for name in missing)))
            return
        self._try(self.user.text().strip(), self.password.text(), keep=self.remember.isChecked())

    def _try(self, user: str, password: str, *, keep: bool = False) -> None:
        if self.refusals.left(user):
            self._wait(user)
            return
        self._set_working(True)
        self._problem.hide()

        def call() -> Any:
            result = self._sign_in(user, password)
            if self._keyring is not None and keep:
                self._keyring.keep(user, password)
            elif self._keyring is not None and self._remembered:
                self._keyring.forget()
            return result

        def done(result: Any) -> None:
            self.refusals.clear(user)
            self._done(result)

        def failed(error: Exception) -> None:
            if isinstance(error, PasswordMustChange) and self._choose is not None:
                self.refusals.clear(user)
                self._ask_new(user, password, keep)
            elif isinstance(error, SignInFailed) and not isinstance(error, LoginDisabled | PasswordMustChange):
                self.refusals.note(user)
                self._failed(error)
                if self.refusals.left(user):
                    self._wait(user)
            else:
                self._failed(error)

        self._tasks.run(self, call, done, failed, latest="sign-in")

    def _wait(self, user: str) -> None:
        """Not yet: how long is counted down in place."""
        self._waiting_for = user
        self._go.setEnabled(False)
        self._again.start()
        self._count_down()

    def _count_down(self) -> None:
        left = self.refusals.left(self._waiting_for).total_seconds()
        if left <= 0:
            self._again.stop()
            self._go.setEnabled(True)
            self._problem.hide()
            return
        words = wording.count(math.ceil(left), "second")
        self._problem.setText(f"That password was refused several times. Try again in {words}.")
        self._problem.show()

    def tell(self, words: str) -> None:
        """Why somebody is here again; empty says nothing."""
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def _ask_new(self, user: str, given: str, keep: bool) -> None:
        """The password was good, and for nothing but choosing another."""
        self._set_working(False)
        choose = self._choose
        assert choose is not None

        def chosen(new: str) -> None:
            self._end_choosing()
            self._try(user, new, keep=keep)

        self.choosing = ChoosePanel(self._tasks, user, lambda new: choose(user, given, new), chosen, self._end_choosing)
        self._asked.hide()
        self.layout().insertWidget(0, self.choosing)  # type: ignore[union-attr]
        self.choosing.begin()

    def _end_choosing(self) -> None:
        if self.choosing is not None:
            old, self.choosing = self.choosing, None
            old.hide()
            old.deleteLater()
        self._asked.show()
        self.password.clear()
        self.first_focus()

    def _done(self, result: Any) -> None:
        self._set_working(False)
        self.password.clear()
        self.tell("")
        self.signed_in.emit(result)

    def _failed(self, error: Exception) -> None:
        self._set_working(False)
        self._problem.setText(sentence(error))
        self._problem.show()
        if isinstance(error, SignInFailed):
            self.password.selectAll()
            self.password.setFocus()

    def _fill(self, found: tuple[str, str] | None) -> None:
        self._remembered = found is not None
        if found is not None and not self.user.text() and not self.password.text():
            self.user.setText(found[0])
            self.password.setText(found[1])
            self.remember.setChecked(True)
            self._go.setFocus()

    def _set_working(self, working: bool) -> None:
        self._go.setText("Signing in…" if working else self._words)
        for part in (self.form, self._go, *self.tiles):
            part.setEnabled(not working)

    def _tile_groups(self) -> list[QWidget]:
        """The tiles by centre."""
        made: list[QWidget] = [label(self._groups, strong=True)]
        for centre in dict.fromkeys(tile.trainee.centre for tile in self.tiles):
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(theme.space(2))
            group = [tile for tile in self.tiles if tile.trainee.centre == centre]
            for number, tile in enumerate(group):
                tile.clicked.connect(lambda _on=False, who=tile.trainee: self._try(who.user_name, who.password))
                grid.addWidget(tile, number // 2, number % 2)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1)
            inner = QWidget()
            inner.setLayout(column(label(centre, quiet=True, size="small"), grid, gap=1))
            made.append(inner)
        return made
