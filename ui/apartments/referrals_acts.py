"""What is done with referrals for an apartment, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.apartments.referrals_model import Declined, Request, RequestDraft, Waiting
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from coordination.intake.moved import Moved
from coordination.values import UserName
from ui.apartments.decline_fields import LOOK_AGAIN, ask_why_and_what_next, day_of, needed, reasons, way_back
from ui.apartments.request_form import RequestForm
from ui.side_acts import SideActs
from ui.widgets.basics import Choice, TextArea, narrow
from ui.widgets.fields import Form


class ReferralActs(SideActs):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.placements

    @property
    def _row(self) -> Any:
        chosen = self._page.table.current
        assert chosen is not None
        return chosen

    @property
    def _today(self) -> date:
        return local_date(self._page.desk.clock.now())

    def record(self) -> None:
        """What it is for and what is needed."""
        waiting: Waiting = self._row
        form = RequestForm(waiting, self._page.schemes)
        before = waiting.request
        back: Callable[[Request], Callable[[], object]] | None = None
        if before is not None:
            was = RequestDraft(*(getattr(before, f.name) for f in fields(RequestDraft)))

            def back(now: Request) -> Callable[[], object]:
                return lambda: self._service.record(was, now.revision)

        seen = 0 if before is None else before.revision
        self.ask(
            f"{waiting.who}: what is needed", form, "Save", lambda: self._service.record(form.draft(), seen),
            "What is needed is recorded.", back,
        )  # fmt: skip

    def decline(self) -> None:
        """With a reason, whose it is next, what they do, and when somebody looks again."""
        waiting: Waiting = self._row
        form = Form()
        ask_why_and_what_next(form, self._today)

        def call() -> Moved:
            return self._service.decline(  # type: ignore[no-any-return]
                waiting.referral_id, waiting.revision, way_back(form.values())
            )

        self._with_colleagues(
            form,
            lambda: self.ask(
                f"{waiting.who}: decline", form, "Decline", call, "Declined. It stands among the declined ones.",
                self._taken_back,
            ),
        )  # fmt: skip

    def reopen(self) -> None:
        """It waits again."""
        declined: Declined = self._row
        form = Form()
        form.add("reason", "What has changed?", TextArea(2), required=True)

        def call() -> Moved:
            if not form.value("reason"):
                raise BadValues((BadValue("reason", "required"),))
            reason = str(form.value("reason"))
            return self._service.reopen(declined.referral_id, declined.referral_revision, reason)  # type: ignore[no-any-return]

        self.ask(f"{declined.who}: open it again", form, "Open again", call, "It waits again.", self._taken_back)

    def look_again(self) -> None:
        """Another step, another day."""
        declined: Declined = self._row
        form = Form()
        code = narrow(reasons())
        code.set_value(declined.code or None)
        form.add("code", "Why can it not be offered?", code, required=True)
        form.add("next_step", "What is done next?", QLineEdit(declined.next_step), required=True)
        form.add("look_again_on", "Look at it again on", day_of(self._today + LOOK_AGAIN), required=True)

        def call() -> Declined:
            v = form.values()
            return self._service.look_again(  # type: ignore[no-any-return]
                declined.referral_id, declined.id, declined.revision, v["next_step"], needed(v["look_again_on"]),
                v["code"] or "",
            )  # fmt: skip

        def back(now: Declined) -> Callable[[], object]:
            on = max(declined.look_again_on, self._today)
            return lambda: self._service.look_again(
                now.referral_id, now.id, now.revision, declined.next_step, on, declined.code
            )

        known = declined.next_step and declined.code
        self.ask(f"{declined.who}: look again", form, "Save", call, "Saved.", back if known else None)

    def _taken_back(self, moved: Moved) -> Callable[[], object]:
        return lambda: self._page.desk.services.intake.undo(moved.undo)

    def _with_colleagues(self, form: Form, then: Callable[[], object]) -> None:
        def show(found: list[tuple[UserName, str]]) -> None:
            choice = form.field("next_owner").editor
            assert isinstance(choice, Choice)
            choice.set_items([(str(user), name) for user, name in found])
            choice.setCurrentIndex(-1)
            then()

        self._page.run(self._service.colleagues, show, latest="colleagues")

    def to_board(self) -> None:
        """Matches and free days, on the calendar."""
        self._page.desk.go.to("apartments", self._row.referral_id)

    def to_person(self) -> None:
        self._page.desk.go.to("person", self._row.person_id)
