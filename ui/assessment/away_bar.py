"""The bar of an assessment that was signed on this computer: that it waits, or what kept it from being taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from coordination.assessment.model import Form
from coordination.errors import Obstacle
from coordination.local.assessments import Signature
from ui import wording
from ui.sentences import obstacle_words, sentence
from ui.style import theme
from ui.widgets.badge import Badge
from ui.widgets.basics import LinkLabel, button, label, row

UNFORESEEN = "Something that the program did not expect. It is kept; sign again to send it again."


class AwayBar(QFrame):
    """Above the signing bar of a draft whose signature came back, and instead of it while one waits."""

    back_asked = Signal()
    jump_asked = Signal(str)
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "above")
        self.setMinimumHeight(theme.px(56))
        self.badge = Badge("Signed here", "amber", "pen-nib")
        self.words = label("", wrap=True)
        self.words.setAccessibleName("What became of the signature")
        self.link = LinkLabel("", lambda: self.jump_asked.emit(self._first))
        self.take_back = button("Take the signature back", self.back_asked.emit)
        self.dismiss = button("Understood", self.dismissed.emit)
        self._first = ""
        line = row(
            self.badge, self.words, self.link, self.take_back, self.dismiss, gap=3, margins=(6, 2, 6, 2)
        )  # fmt: skip
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def show_signature(self, signature: Signature | None, form: Form, *, sending: bool, away: bool) -> None:
        """As it stands; None hides the bar."""
        self.setVisible(signature is not None)
        if signature is None:
            return
        waits = signature.is_waiting
        self.badge.set("Signed here" if waits else "Not taken", "amber" if waits else "red", "pen-nib")
        self.take_back.setVisible(waits)
        self.take_back.setEnabled(not sending)
        self.dismiss.setVisible(not waits)
        self._first = signature.questions[0] if signature.questions else ""
        first = form.question(self._first) if self._first else None
        self.link.setVisible(first is not None)
        if first is not None:
            self.link.setText(_short(first.text))
        self.words.setText(self._waiting(signature, sending, away) if waits else self._why(signature))

    def _waiting(self, signature: Signature, sending: bool, away: bool) -> str:
        made = f"Signed on this computer at {wording.day_time(signature.signed.at)}."
        if sending:
            return f"{made} It is being sent."
        if away:
            return f"{made} It counts when the database has it: that is looked after when the connection is back."
        return f"{made} It is sent in a moment."

    def _why(self, signature: Signature) -> str:
        made = f"Your signature of {wording.day_time(signature.signed.at)} was not taken; nothing you wrote is lost."
        return " ".join([made, *reasons(signature)])


def reasons(signature: Signature) -> Sequence[str]:
    """Why a signature came back, in sentences."""
    said = [_obstacle(one) for one in signature.why]
    if signature.refused is not None:
        said.append(sentence(signature.refused))
    if signature.questions:
        count = wording.count(len(signature.questions), "answer")
        said.append(f"{count} to look at: answered by somebody else meanwhile, changed, or still needed.")
    return said or [UNFORESEEN]


def _obstacle(one: Obstacle) -> str:
    return obstacle_words(one)


def _short(words: str, most: int = 48) -> str:
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
