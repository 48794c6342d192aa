"""The bar at the foot of an assessment: what is still missing, the signature, and what can follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedLayout, QWidget

from coordination.errors import Obstacle
from ui import wording
from ui.assessment.draft import Draft
from ui.assessment.rail import needed_words
from ui.sentences import obstacle_words
from ui.style import fonts, theme
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, label, row
from ui.widgets.tips import plain_tip


class SigningBar(QFrame):
    """Three faces: a draft with what is missing; "sign for good?"; signed, with the correction."""

    jump_asked = Signal(str)
    sign_asked = Signal()
    correct_asked = Signal(str)
    plan_asked = Signal()
    newer_asked = Signal()

    def __init__(self, signer: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "above")
        self.setFixedHeight(theme.px(56))
        self._signer = signer
        self._missing: list[str] = []
        self._faces = QStackedLayout(self)
        self._faces.setContentsMargins(0, 0, 0, 0)
        for face in (self._draft_face(), self._sure_face(), self._signed_face(), self._correct_face()):
            self._faces.addWidget(face)

    # faces

    def _draft_face(self) -> QWidget:
        self.needed = label("", strong=True)
        self.link = LinkLabel("", self.jump)
        self.obstacle = label("", quiet=True, wrap=True)
        self.sign = button("Sign…", self.ask, kind="main", icon="pen-nib", tip="Sign this assessment  (Ctrl+Shift+S)")
        return _face(self.needed, self.link, self.obstacle, None, self.sign, stretch=2)

    def _sure_face(self) -> QWidget:
        words = "Signed, it can't be changed; everyone relies on it. A correction is a new version."
        self.sure = button(f"Sign as {self._signer}", self.sign_asked.emit, kind="main", icon="pen-nib")
        self._not_yet = button("Not yet", self.back)
        return _face(Badge("Sign for good", "accent", "pen-nib"), label(words), None, self._not_yet, self.sure)

    def _signed_face(self) -> QWidget:
        self.signature = label("", strong=True)
        self.newer = LinkLabel("There is a newer version", self.newer_asked.emit)
        self.correct = button("Correct…", self.ask_reason, icon="pencil-simple")
        self.plan = button("Care plan", self.plan_asked.emit, kind="main", icon="target")
        badge = Badge.of_state("signed", "Signed")
        return _face(badge, self.signature, self.newer, None, self.correct, self.plan)

    def _correct_face(self) -> QWidget:
        self.reason = QLineEdit()
        fonts.dress(self.reason)
        self.reason.setPlaceholderText("What was wrong, and who noticed?")
        self.reason.setAccessibleName("Reason for the correction")
        self.reason.returnPressed.connect(self._begin_correction)
        begin = button("Begin the correction", self._begin_correction, kind="main")
        return _face(label("Why correct it", strong=True), self.reason, button("Leave it", self.back), begin, stretch=1)

    # showing

    def show_draft(self, draft: Draft, obstacles: Sequence[Obstacle]) -> None:
        """Say what is missing. ``obstacles``: why this login may not sign at all."""
        missing: Mapping[str, str] = draft.missing()
        self._missing = list(missing)
        self.needed.setText(needed_words(len(missing)))
        first = draft.sheet.form.question(self._missing[0]) if missing else None
        self.link.setVisible(first is not None)
        if first is not None:
            self.link.setText(_short(first.text))
            self.link.setToolTip(plain_tip(f"{first.text}  (F8)"))
        words = "" if first is not None else " ".join(map(obstacle_words, obstacles))
        self.obstacle.setText(words)
        self.obstacle.setVisible(bool(words))
        self.sign.setEnabled(not missing and not obstacles)
        self.sure.setEnabled(not missing and not obstacles)
        if self._faces.currentIndex() != 1 or missing:
            self._faces.setCurrentIndex(0)

    def show_signed(self, draft: Draft) -> None:
        """Who signed it and when, and what can follow."""
        head = draft.sheet.assessment
        self.signature.setText(signature_words(head.signed_by_name, head.signed_at))
        self.newer.setVisible(head.corrected_by is not None)
        self.correct.setVisible(head.corrected_by is None)
        if self._faces.currentIndex() != 3:
            self._faces.setCurrentIndex(2)

    # moves

    def jump(self) -> None:
        """To the first question that stops the signature."""
        if self._missing:
            self.jump_asked.emit(self._missing[0])

    def ask(self) -> None:
        """Signing can't be undone, so it takes two steps."""
        if self.sign.isEnabled():
            self._faces.setCurrentIndex(1)
            self.sure.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_reason(self) -> None:
        self._faces.setCurrentIndex(3)
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> None:
        self._faces.setCurrentIndex(0 if self._faces.currentIndex() == 1 else 2)

    def begin(self) -> None:
        """Another assessment is shown."""
        self.reason.clear()
        self._faces.setCurrentIndex(0)

    def _begin_correction(self) -> None:
        self.correct_asked.emit(self.reason.text())


def signature_words(name: str, at: datetime | None) -> str:
    """``Signed by Asa Example, 22-Nov-2026 14:10``."""
    return f"Signed by {name}, {wording.day_time(at)}"


def _short(words: str, most: int = 60) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"


def _face(*parts: QWidget | None, stretch: int = -1) -> QWidget:
    made = QWidget()
    layout = row(*parts, gap=3, margins=(6, 0, 6, 0))
    if stretch >= 0:
        layout.setStretch(stretch, 1)
    made.setLayout(layout)
    return made
