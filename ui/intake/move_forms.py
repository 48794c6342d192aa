"""The small forms of the moves that need words: hand over, take over, decline, close, reopen, triage, transfer.

Those about clocks stand in clock_forms.py, a whole caseload in caseload_form.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from coordination.errors import BadValue, BadValues
from coordination.intake import rules
from coordination.intake.model import Referral, ServiceKind, Suggestion
from coordination.intake.moved import Moved
from coordination.intake.queue import ReferralRow
from ui.intake import words
from ui.intake.suggesting import Route, routes
from ui.intake.suggestion_list import SuggestionList
from ui.widgets.basics import Choice, TextArea, button, column, label, row, set_tone
from ui.widgets.fields import Form


class MoveForm(QWidget):
    """A question or two, a button that does it, and Esc to leave it.

    ``do(values)`` gets the values by field name; what it finds wrong comes back by ``set_problems``. While it is on its
    way it is not sent again. ``seen``: the revision that it was opened for, or of what ``say_changed`` has told since.
    """

    about_row = True
    """about the row that is chosen, so that what is asked for is shown under it"""

    def __init__(
        self, title: str, verb: str, do: Callable[[dict[str, str]], object], leave: Callable[[], object]
    ) -> None:
        super().__init__()
        self.form = Form()
        self.seen: int | None = None
        self.about: ReferralRow | None = None  # as it was seen when it was opened
        self.stands: Referral | None = None  # as it was shown beside that
        self._beside: QWidget | None = None
        self._do, self._leave, self._verb = do, leave, verb
        self._sending = False
        self.confirm = button(verb, self.go, kind="main", tip=f"{verb}  (Ctrl+Enter)")
        self._actions = row(self.confirm, button("Leave it", leave, kind="quiet", tip="Leave it  (Esc)"), None)
        self.note = label("", tone="amber", wrap=True, selectable=True)
        self.note.hide()
        self._told = column(self.note, gap=3)
        self.setLayout(column(label(title, strong=True), self._told, self.form, self._actions, gap=3))

    def add_action(self, words: str, do: Callable[[], object]) -> None:
        """Another way to end it, beside the main one."""
        self._actions.insertWidget(1, button(words, do))

    def go(self) -> None:
        """Do it with what is typed. A field that is needed and empty says so."""
        if self._sending:
            return
        self.form.clear_problems()
        try:
            values = {name: value or "" for name, value in self.form.values().items()}
        except BadValues as error:
            self.set_problems(error)
            return
        self._sending = True
        self._do(values)

    def ready(self) -> None:
        """It was not done: it may be sent again."""
        self._sending = False

    def say_changed(self, words: str, seen: int | None) -> None:
        """Somebody was faster. What is typed stays; sent again it is about the referral as it is now."""
        self.ready()
        if seen is not None:
            self.seen = seen
        kept = "What you typed is kept: look again" if self.form.fields else "Look again"
        self.note.setText(f"{words} {kept}, then “{self._verb}” (Ctrl+Enter), or leave it (Esc).")
        self.note.show()

    def own_move(self, moved: Moved) -> None:
        """One's own move, begun before it was opened, has come through: that is nothing to be told of."""
        referral, before = moved.referral, moved.undo.before.revision
        if self.about is not None and self.about.id == referral.id and before == (self.seen or self.about.revision):
            self.seen, self.stands = referral.revision, referral

    def show_beside(self, both: QWidget | None) -> None:
        """What was seen and what stands now, above what is typed."""
        if self._beside is not None:
            self._beside.hide()
            self._beside.deleteLater()
        self._beside = both
        if both is not None:
            self._told.addWidget(both)

    def set_problems(self, error: BadValue | BadValues) -> list[BadValue]:
        self.ready()
        return self.form.set_problems(error)

    def start(self) -> None:
        """Put the cursor into the first field."""
        next(iter(self.form.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.go()
        else:
            super().keyPressEvent(event)


def reason_form(
    title: str, verb: str, question: str, do: Callable[[dict[str, str]], object], leave: Callable[[], object],
) -> MoveForm:  # fmt: skip
    """One reason."""
    made = MoveForm(title, verb, do, leave)
    made.form.add("reason", question, TextArea(2), required=True)
    return made


def colleague_form(
    title: str, verb: str, field: tuple[str, str], colleagues: Sequence[tuple[str, str]], question: str,
    do: Callable[[dict[str, str]], object], leave: Callable[[], object], chosen: str = "", otherwise: str = "",
) -> MoveForm:  # fmt: skip
    """A colleague and a reason. ``field`` is name and caption of the colleague's; ``otherwise``: who it is
    when nobody is chosen, so that nobody has to be."""
    made = MoveForm(title, verb, do, leave)
    choice = Choice([("", otherwise), *colleagues] if otherwise else colleagues, prompt="Choose a colleague")
    choice.setEditable(False)
    if chosen or otherwise:
        choice.set_value(chosen)
    made.form.add(field[0], field[1], choice, required=not otherwise)
    made.form.add("reason", question, TextArea(2), required=True)
    return made


class TriageForm(MoveForm):
    """E3. Service, urgency and why, with the due time said in words, and above them what the rules suggest.

    ``said``: all that they say, and in words what is wrong with them.
    """

    def __init__(
        self, referral: Referral, services: Sequence[ServiceKind], began: datetime, now: datetime,
        do: Callable[[dict[str, str]], object], leave: Callable[[], object],
        said: tuple[Sequence[Suggestion], str] = ((), ""),
    ) -> None:  # fmt: skip
        super().__init__(f"Triage no. {referral.number}", "Set", do, leave)
        names = {kind.code: kind.name for kind in services}
        self.suggestions = SuggestionList(names, self.take, always=True)
        self._routes, self._taken_reason = routes(said[0]), ""
        self.form.add_widget(self.suggestions)
        harm = [each.reason for each in said[0] if each.safeguarding and not referral.safeguarding]
        warned = f"May be a safeguarding concern – {'; '.join(harm)}" if harm else said[1]
        if warned:
            self.form.add_widget(label(warned, tone="amber", wrap=True))
        self._began, self._now = began, now  # its response counts from then: reopened, it is promised anew
        self.service = Choice(list(names.items()))
        self.service.set_value(referral.service)
        self.urgency = Choice(list(words.URGENCIES.items()))
        self.urgency.set_value(referral.urgency)
        self.form.add("service", "For", self.service, required=True)
        self.form.add("urgency", "Urgency", self.urgency, required=True)
        self._due = label("", quiet=True, wrap=True)
        self.form.add_widget(self._due)
        self.form.add("urgency_reason", "Because", TextArea(2), required=True)
        self.urgency.chosen.connect(lambda _code: self._say_due())
        for choice in (self.service, self.urgency):
            choice.chosen.connect(lambda _code: self._offer())
        self._say_due()
        self._offer()

    def start(self) -> None:
        """Into the first field; what is suggested is taken from there by its key."""
        self.service.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self) -> None:
        self.suggestions.show_routes(self._routes, str(self.service.value or ""), str(self.urgency.value or ""))

    def take(self, route: Route | None = None) -> None:
        """Fill in what is suggested; setting it is another key. A reason in somebody's own words stays."""
        route = route or self.suggestions.next_to_take()
        if route is None:
            return
        self.service.set_value(route.first.service)
        self.urgency.set_value(route.first.urgency)
        reason = self.form.field("urgency_reason")
        if reason.value in ("", self._taken_reason):
            reason.set_value(route.reason)
        self._taken_reason = route.reason
        self.form.clear_problems()
        self._say_due()
        self._offer()

    def _say_due(self) -> None:
        due = rules.due_at(str(self.urgency.value), self._began)
        self._due.setText(f"Response due {words.due(due, self._now)}")
        set_tone(self._due, "red" if due < self._now else "")


def transfer_form(
    referral: Referral, services: Sequence[ServiceKind], do: Callable[[dict[str, str]], object],
    leave: Callable[[], object],
) -> MoveForm:  # fmt: skip
    """Into another queue: a service, a centre, and why."""
    made = MoveForm(f"Transfer no. {referral.number}", "Transfer", do, leave)
    service = Choice([(kind.code, kind.name) for kind in services])
    service.set_value(referral.service)
    made.form.add("service", "To", service, required=True)
    made.form.add("locality", "Centre", Choice([("", "Where that service is for them"), *words.LOCALITIES.items()]))
    made.form.add("reason", "Why, and what they should know", TextArea(2), required=True)
    return made
