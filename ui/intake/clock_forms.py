"""The forms about clocks: a pause, a request for information and its answer, medically optimised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from coordination.clock import LONDON, at_local, local_date
from coordination.errors import BadValue, BadValues
from coordination.intake.clocks import InformationRequest, Until
from coordination.intake.reference import PauseReason, pause_reasons
from ui import wording
from ui.intake import words
from ui.intake.move_forms import MoveForm
from ui.widgets.basics import Choice, TextArea, label
from ui.widgets.dates import DateEdit, TimeEdit

Do = Callable[[dict[str, str]], object]
Leave = Callable[[], object]
_HOURS = (1, 2, 4, 8, 24, 48, 72, 168, 336)


def ends(reason: PauseReason, now: datetime) -> list[tuple[str, str]]:
    """When a pause may end: the usual length first, then others, and nine o'clock tomorrow. ``as_until`` reads them."""
    usual, longest = timedelta(minutes=reason.minutes), timedelta(minutes=reason.longest_minutes)
    spans = [usual, *(span for span in (timedelta(hours=h) for h in _HOURS) if span <= longest and span != usual)]
    found = [
        (str(span.total_seconds()), f"{wording.length(span)}, until {words.when(now + span, now)}") for span in spans
    ]
    morning = at_local(local_date(now) + timedelta(days=1), 9)
    if morning - now <= longest:
        found.insert(1, (morning.isoformat(), f"Until {words.when(morning, now)}"))
    return found


def as_until(chosen: str) -> Until:
    """A length, which the server counts from its own time, or a moment."""
    if not chosen:
        return None
    return datetime.fromisoformat(chosen) if "T" in chosen else timedelta(seconds=float(chosen))


class PauseForm(MoveForm):
    """A named reason, until when, and words."""

    def __init__(self, number: int, now: datetime, do: Do, leave: Leave) -> None:
        super().__init__(f"Pause the clocks of no. {number}", "Pause", do, leave)
        self._now = now
        reasons = [reason for reason in pause_reasons().values() if not reason.for_request]
        self.reason = Choice([(reason.code, reason.name) for reason in reasons], prompt="Choose a reason")
        self.until = Choice()
        self.form.add("reason", "Because", self.reason, required=True)
        self.form.add("until", "For", self.until)
        self.form.add("words", "In words", TextArea(2))
        self.form.add_widget(label("After that the clocks run on by themselves.", quiet=True, wrap=True))
        self.reason.chosen.connect(self._reason_chosen)
        self._reason_chosen(reasons[0].code)

    def _reason_chosen(self, code: object) -> None:
        reason = pause_reasons().get(str(code))
        if reason is not None:
            self.until.set_items(ends(reason, self._now))
            self.until.setCurrentIndex(0)


class AskForm(MoveForm):
    """Of whom, what, and until when the clocks wait for it."""

    def __init__(self, number: int, now: datetime, do: Do, leave: Leave) -> None:
        super().__init__(f"Ask for more information, no. {number}", "Ask", do, leave)
        self._now = now
        self.whom = Choice(list(words.ASK_OF.items()))
        self.whom.set_value("sender")
        self.named = QLineEdit()
        self.reply = Choice()
        self.form.add("ask_of", "Whom", self.whom, required=True)
        self._name = self.form.add("named", "Who", self.named)
        self.form.add("question", "What do you need to know?", TextArea(2), required=True)
        self.form.add("reply_by", "Wait", self.reply)
        self.form.add_widget(label("The clocks that may stand still until then.", quiet=True, wrap=True))
        self.whom.chosen.connect(self._whom_chosen)
        self._whom_chosen("sender")

    def _whom_chosen(self, whom: object) -> None:
        self._name.setVisible(whom == "named")
        reason = pause_reasons().get(f"information_{whom}")
        if reason is not None:
            self.reply.set_items(ends(reason, self._now))
            self.reply.setCurrentIndex(0)


class AnswerForm(MoveForm):
    """What was asked, and the answer."""

    def __init__(
        self, number: int, request: InformationRequest, now: datetime, do: Do, stop: Leave, leave: Leave
    ) -> None:
        super().__init__(f"Answer to no. {number}", "Answered", do, leave)
        whom = {"sender": "the sender", "person": "the person"}.get(request.ask_of, request.named)
        asked = words.when(request.asked_at, now)
        said = f"{request.asked_by_name} asked {whom} {asked}: “{request.question}”"
        self.form.add_widget(label(said, wrap=True, selectable=True))
        self.form.add("answer", "What was answered", TextArea(2), required=True)
        self.add_action("Not needed any more", stop)


class MoftForm(MoveForm):
    """T2. Since when; the four hours run from the notice."""

    def __init__(self, number: int, now: datetime, do: Do, leave: Leave) -> None:
        super().__init__(f"Medically optimised, no. {number}", "Take it down", do, leave)
        local = now.astimezone(LONDON)
        self.form.add("moft_at", "Since", DateEdit(local.date()), required=True)
        self.form.add("moft_time", "at", TimeEdit(local.time().replace(second=0, microsecond=0)), required=True)
        said = "Four hours for the assessment run from now, when we are told."
        self.form.add_widget(label(said, quiet=True, wrap=True))

    def moment(self) -> datetime:
        """Raises BadValues when either is missing."""
        day, at = self.form.value("moft_at"), self.form.value("moft_time")
        if day is None or at is None:
            raise BadValues((BadValue("moft_at" if day is None else "moft_time", "missing"),))
        return datetime.combine(day, at, LONDON).astimezone(UTC)
