"""What can be done with a receipt (A4), by key and button: the same on a worklist and on the assessment itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from coordination.assessment.receipts import AskMore, PointId, Receipt
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict, IllegalMove, NotFound
from coordination.values import new_id
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk
from ui.trust import receipt_forms as forms

Act = Literal["accept", "ask", "challenge", "take_back", "reply", "uphold", "reopen"]
# In the order in which they are offered: words, icon, key.
ACTS: Mapping[Act, tuple[str, str, str]] = {
    "accept": ("Accept", "check", "A"),
    "ask": ("Ask for one thing more", "question", "Q"),
    "challenge": ("Challenge", "flag", "X"),
    "reply": ("Answer", "chat-circle-text", "R"),
    "uphold": ("Uphold", "check-circle", "U"),
    "reopen": ("Not upheld after all", "arrow-counter-clockwise", ""),
    "take_back": ("Take back", "arrow-u-up-left", "B"),
}


class ReceiptsShown(OnDesk, Protocol):
    """What the deeds ask of whoever shows receipts."""

    def receipt_for(self, act: Act) -> Receipt | None:
        """The one that it would be done to, or None when it can't be done now."""
        ...

    def questions(self) -> Mapping[str, str]:
        """The questions of its form by id, as far as they are at hand."""
        ...

    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...
    def receipt_changed(self, receipt: Receipt) -> None: ...


class ReceiptDeeds:
    """Screens hand back the revision that was *seen*; who comes second is shown what was decided."""

    def __init__(self, page: ReceiptsShown, scope: str) -> None:
        self._page, self._desk, self._scope = page, page.desk, scope
        self.form: MoveForm | None = None

    def commands(self) -> list[Command]:
        acts: dict[Act, Callable[[], object]] = {
            "accept": self.accept,
            "ask": self.ask,
            "challenge": self.challenge,
            "reply": self.reply,
            "uphold": self.uphold,
            "reopen": self.reopen,
            "take_back": self.take_back,
        }
        return [
            Command(
                f"{self._scope}.{act}", words, acts[act], key, self._can(act), "Relied on", icon,
                also="rely receipt trusted assessment",
            )
            for act, (words, icon, key) in ACTS.items()
        ]  # fmt: skip

    def _can(self, act: Act) -> Callable[[], bool]:
        return lambda: self._page.receipt_for(act) is not None

    # the receiving side

    def accept(self) -> None:
        receipt, service = self._page.receipt_for("accept"), self._desk.services.reliance
        if receipt is not None:
            self._do(lambda: service.accept(receipt.id, receipt.revision), "Accepted.", back=True)

    def ask(self) -> None:
        receipt, service = self._page.receipt_for("ask"), self._desk.services.reliance
        if receipt is None:
            return
        point = PointId(new_id())

        def do(values: dict[str, Any]) -> None:
            wanted = AskMore(values.get("question") or "", values["words"], values["why"], values["due_on"] or None)
            self._do(lambda: service.ask(point, receipt.id, receipt.revision, wanted), "Asked.", back=True)

        today = local_date(self._desk.clock.now())
        questions = list(self._page.questions().items())
        self._ask(forms.ask_form(receipt, questions, today, do, self.close_asking))

    def challenge(self) -> None:
        receipt, service = self._page.receipt_for("challenge"), self._desk.services.reliance
        if receipt is None:
            return
        point = PointId(new_id())

        def do(values: dict[str, Any]) -> None:
            reason = values["reason"]
            self._do(lambda: service.challenge(point, receipt.id, receipt.revision, reason), "Challenged.", back=True)

        self._ask(forms.challenge_form(receipt, do, self.close_asking))

    def take_back(self) -> None:
        """What the team decided last."""
        receipt = self._page.receipt_for("take_back")
        if receipt is not None:
            self._take_back(receipt)

    def _take_back(self, receipt: Receipt) -> None:
        service = self._desk.services.reliance
        self._do(lambda: service.take_back(receipt.id, receipt.revision), "Taken back.")

    # the assessing side

    def reply(self) -> None:
        receipt, service = self._page.receipt_for("reply"), self._desk.services.reliance
        point = receipt.open_point if receipt is not None else None
        if receipt is None or point is None:
            return

        def do(values: dict[str, Any]) -> None:
            said = "Answered and signed." if point.kind == "more" else "Replied."
            self._do(lambda: service.answer(receipt.id, receipt.revision, values["reply"]), said)

        self._ask(forms.answer_form(point, self._desk.actor.display_name, do, self.close_asking))

    def uphold(self) -> None:
        receipt, service = self._page.receipt_for("uphold"), self._desk.services.reliance
        if receipt is None:
            return

        def do(values: dict[str, Any]) -> None:
            self._do(
                lambda: service.uphold(receipt.id, receipt.revision, values["words"]),
                "Upheld. Correct the assessment now.",
                undo=lambda after: service.reopen(after.id, after.revision),
            )

        self._ask(forms.uphold_form(do, self.close_asking))

    def reopen(self) -> None:
        receipt, service = self._page.receipt_for("reopen"), self._desk.services.reliance
        if receipt is not None:
            self._do(lambda: service.reopen(receipt.id, receipt.revision), "The challenge is open again.")

    # how it is done

    def _do(
        self, call: Callable[[], Receipt], said: str, *, back: bool = False,
        undo: Callable[[Receipt], Receipt] | None = None,
    ) -> None:  # fmt: skip
        def done(after: Receipt) -> None:
            self.close_asking()
            way_back: Callable[[], object] | None = None
            if back:
                way_back = lambda: self._take_back(after)  # noqa: E731
            elif undo is not None:
                way_back = lambda: self._do(lambda: undo(after), "Taken back.")  # noqa: E731
            self._desk.notices.say(said, undo=way_back)
            self._page.receipt_changed(after)

        self._page.run(call, done, self._failed)

    def _failed(self, error: Exception) -> bool:
        """At the fields where it belongs; what somebody else decided is shown, and what is typed stays."""
        if self.form is not None:
            self.form.ready()
        if isinstance(error, BadValue | BadValues) and self.form is not None:
            return not self.form.set_problems(error)
        if isinstance(error, Conflict) and isinstance(error.current, Receipt):
            self._page.receipt_changed(error.current)
        elif isinstance(error, IllegalMove | NotFound):
            self._page.refresh()
        return False

    def _ask(self, form: MoveForm) -> None:
        self.close_asking()
        self.form = form
        self._page.show_question(form)

    def close_asking(self) -> None:
        """The question is done with."""
        if self.form is not None:
            form, self.form = self.form, None
            self._page.close_question(form)
