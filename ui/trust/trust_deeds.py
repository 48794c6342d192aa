"""What managers do with agreements, assessors and competencies (A3): each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Protocol

from coordination.assessment.trust import (
    Agreement,
    AgreementDraft,
    AgreementId,
    Assessor,
    HeldDraft,
    HeldId,
    RecognitionDraft,
    RecognitionId,
    TrustScope,
)
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict
from coordination.values import new_id
from ui.commands import Command
from ui.intake.move_forms import MoveForm
from ui.page import OnDesk
from ui.trust import trust_forms as forms

_GROUP = "Trusted assessors"


class TrustShown(OnDesk, Protocol):
    """What the deeds ask of the page."""

    scope: TrustScope | None

    @property
    def agreement(self) -> Agreement | None: ...
    @property
    def assessor(self) -> Assessor | None: ...
    def to_agreements(self) -> None: ...
    def show_question(self, form: MoveForm) -> None: ...
    def close_question(self, form: MoveForm) -> None: ...


class TrustDeeds:
    """Only a manager's commands are ever enabled; the database says so too."""

    def __init__(self, page: TrustShown) -> None:
        self._page, self._desk = page, page.desk
        self.form: MoveForm | None = None

    def commands(self) -> list[Command]:
        agreement, assessor = self._on(lambda: self._page.agreement), self._on(lambda: self._page.assessor)
        return [
            Command("trust.agree", "A new agreement", self.agree, "N", self._on(lambda: self._page.scope), _GROUP,
                    "file-plus", also="trusted assessor agreement"),
            Command("trust.change", "Change or renew the agreement", self.change, "E", agreement, _GROUP,
                    "pencil-simple", also="review"),
            Command("trust.end_agreement", "End the agreement", self.end_agreement, "", agreement, _GROUP, "prohibit"),
            Command("trust.recognise", "Recognise an assessor", self.recognise, "A", agreement, _GROUP, "user-plus",
                    also="trusted assessor scope"),
            Command("trust.renew", "Renew the recognition", self.renew, "R", assessor, _GROUP,
                    "arrow-clockwise"),
            Command("trust.competency", "Record a competency", self.add_competency, "C", assessor, _GROUP,
                    "circle-wavy-check", also="training certificate renew"),
            Command("trust.end_recognition", "End the recognition", self.end_recognition, "X", assessor, _GROUP,
                    "prohibit"),
        ]  # fmt: skip

    def _on(self, thing: Callable[[], object]) -> Callable[[], bool]:
        return lambda: self._desk.actor.role == "manager" and thing() is not None

    @property
    def _today(self) -> Any:
        return local_date(self._desk.clock.now())

    # agreements

    def agree(self) -> None:
        scope, service, key = self._page.scope, self._desk.services.trust, AgreementId(new_id())
        if scope is None:
            return
        self._page.to_agreements()

        def do(values: dict[str, Any]) -> None:
            draft = forms.agreement_draft(values)
            self._do(lambda: service.agree(key, draft), "Agreed.",
                     lambda made: lambda: service.drop_agreement(made.id, made.revision))  # fmt: skip

        self._ask(forms.agreement_form(scope, None, self._today, do, self.close_asking))

    def change(self) -> None:
        scope, before, service = self._page.scope, self._page.agreement, self._desk.services.trust
        if scope is None or before is None:
            return
        was = AgreementDraft(**{f.name: getattr(before, f.name) for f in fields(AgreementDraft)})

        def do(values: dict[str, Any]) -> None:
            draft = forms.agreement_draft(values)
            self._do(lambda: service.change_agreement(before.id, before.revision, draft), "Changed.",
                     lambda made: lambda: service.change_agreement(made.id, made.revision, was))  # fmt: skip

        self._ask(forms.agreement_form(scope, before, self._today, do, self.close_asking))

    def end_agreement(self) -> None:
        before, service = self._page.agreement, self._desk.services.trust
        if before is None:
            return

        def do(values: dict[str, Any]) -> None:
            last, reason = values["last"] or None, values["reason"]
            self._do(lambda: service.end_agreement(before.id, before.revision, last, reason), "Ended.",
                     lambda made: lambda: service.resume_agreement(made.id, made.revision))  # fmt: skip

        self._ask(forms.end_form(f"End “{before.name}”", self._today, do, self.close_asking))

    # assessors

    def recognise(self) -> None:
        scope, of, service = self._page.scope, self._page.agreement, self._desk.services.trust
        if scope is None or of is None:
            return
        key = RecognitionId(new_id())

        def do(values: dict[str, Any]) -> None:
            chosen = tuple(values["forms"] or ())
            draft = RecognitionDraft(of.id, values["user"], values["organisation"], chosen, values["first"] or None,
                                     values["last"] or None)  # fmt: skip
            self._do(lambda: service.recognise(key, draft), "Recognised.",
                     lambda made: lambda: service.drop_recognition(made.id, made.revision))  # fmt: skip

        self._ask(forms.recognition_form(scope, of, self._today, do, self.close_asking))

    def renew(self) -> None:
        before, service = self._page.assessor, self._desk.services.trust
        if before is None:
            return

        def do(values: dict[str, Any]) -> None:
            last = values["last"] or None
            self._do(lambda: service.set_recognition(before, before.first, last), "Renewed.",
                     lambda made: lambda: self._back_to(before, made))  # fmt: skip

        self._ask(forms.renewal_form(before, self._today, do, self.close_asking))

    def end_recognition(self) -> None:
        before, service = self._page.assessor, self._desk.services.trust
        if before is None:
            return

        def do(values: dict[str, Any]) -> None:
            last, reason = values["last"] or None, values["reason"]
            self._do(lambda: service.end_recognition(before, last, reason), "Ended.",
                     lambda made: lambda: self._back_to(before, made))  # fmt: skip

        title = f"End the recognition of {before.name}"
        self._ask(forms.end_form(title, self._today, do, self.close_asking))

    def _back_to(self, before: Assessor, made: Assessor) -> Assessor:
        service = self._desk.services.trust
        return service.set_recognition(made, before.first, before.last, before.end_reason or "-")

    def add_competency(self) -> None:
        scope, of, service = self._page.scope, self._page.assessor, self._desk.services.trust
        if scope is None or of is None:
            return
        key = HeldId(new_id())

        def do(values: dict[str, Any]) -> None:
            draft = HeldDraft(of.user, values["competency"], values["gained_on"] or None, values["last"] or None,
                              values["evidence"])  # fmt: skip
            self._do(lambda: service.add_competency(key, draft), "Recorded.",
                     lambda made: lambda: service.drop_competency(made.id, made.revision))  # fmt: skip

        self._ask(forms.competency_form(scope, of, self._today, do, self.close_asking))

    def change_held(self, key: HeldId) -> None:
        """Another end of one competency."""
        of, service = self._page.assessor, self._desk.services.trust
        before = next((h for h in of.held if h.id == key), None) if of is not None else None
        if before is None or self._desk.actor.role != "manager":
            return
        held = before

        def do(values: dict[str, Any]) -> None:
            last = values["last"] or None
            self._do(lambda: service.set_competency_end(held, last), "Changed.",
                     lambda made: lambda: service.set_competency_end(made, held.last))  # fmt: skip

        self._ask(forms.held_end_form(held, self._today, do, self.close_asking))

    # how it is done

    def _do(self, call: Callable[[], Any], said: str, back: Callable[[Any], Callable[[], object]] | None) -> None:
        def done(after: Any) -> None:
            self.close_asking()
            undo = (lambda: self._do(back(after), "Taken back.", None)) if back is not None else None
            self._desk.notices.say(said, undo=undo)
            self._page.refresh()

        self._page.run(call, done, self._failed)

    def _failed(self, error: Exception) -> bool:
        if self.form is not None:
            self.form.ready()
        if isinstance(error, BadValue | BadValues) and self.form is not None:
            return not self.form.set_problems(error)
        if isinstance(error, Conflict):
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
