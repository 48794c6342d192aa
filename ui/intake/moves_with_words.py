"""The moves that need words: hand over, take over, decline, close, reopen, triage, transfer, whose, a caseload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coordination.clock import local_date
from coordination.errors import BadValue
from coordination.intake.detail import ReferralDetail
from coordination.intake.model import ServiceKind, Suggestion
from coordination.intake.moved import Moved
from coordination.intake.queue import ReferralRow
from coordination.values import UserName
from ui.apartments.decline_fields import SERVICE as APARTMENT
from ui.apartments.decline_fields import ask_why_and_what_next, way_back
from ui.intake.caseload_form import CaseloadForm
from ui.intake.move_forms import MoveForm, TriageForm, colleague_form, reason_form, transfer_form
from ui.intake.moving import Moving, Values
from ui.intake.suggesting import suggested_for
from ui.intake.whose_form import WhoseForm

TAKER = "Whoever took the contact"


class MovesWithWords(Moving):
    """Each opens a small form in the panel, about the referral that is chosen."""

    def hand_over(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._hand_over_form(row, people), row))

    def _hand_over_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            to: Any = values["to_user"]
            if not to:
                self._failed(BadValue("to_user", "missing"), row, self.form)
                return
            self._with_form(lambda: self._intake.hand_over(row.id, self.seen(row), to, values["reason"]), "Handed over")

        return colleague_form(
            f"Hand over no. {row.number}",
            "Hand over",
            ("to_user", "To"),
            people,
            "What they should know",
            do,
            self.leave,
        )

    def take_over(self) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            self._with_form(lambda: self._intake.take_over(row.id, self.seen(row), values["reason"]), "Taken over")

        title = f"Take over no. {row.number} from {row.holder_name}"
        form = reason_form(title, "Take over", f"Why? {row.holder_name} will read it.", do, self.leave)
        duty = self._page.desk.duty
        away = duty.watch.beside(row.holder) if duty is not None else ""
        if away:  # a reason that nobody need be ashamed of, to be changed or left
            form.form.fields["reason"].set_value(f"{row.holder_name} is {away}")
        self._open(form, row)

    def decline(self) -> None:
        row = self.row
        if row is not None:
            self._with_colleagues(lambda people: self._open(self._decline_form(row, people), row))

    def _decline_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        def do(values: Values) -> None:
            owner: Any = values["next_owner"] or None
            self._with_form(lambda: self._intake.decline(row.id, self.seen(row), values["reason"], owner), "Declined")

        if row.service == APARTMENT and row.person_id is not None:  # of nobody yet there is no list to come back from
            return self._apartment_decline_form(row, people)
        return colleague_form(
            f"Decline no. {row.number}", "Decline", ("next_owner", "Who settles it next"), people,
            "Why is it declined?", do, self.leave, otherwise=TAKER,
        )  # fmt: skip

    def _apartment_decline_form(self, row: ReferralRow, people: list[tuple[str, str]]) -> MoveForm:
        """The same that is asked where apartments are placed, so that it counts and comes back (N4)."""
        placements = self._page.desk.services.placements

        def do(values: Values) -> None:
            self._with_form(lambda: placements.decline(row.id, self.seen(row), way_back(values)), "Declined")

        made = MoveForm(f"Decline no. {row.number}", "Decline", do, self.leave)
        ask_why_and_what_next(made.form, local_date(self._page.desk.clock.now()), [("", TAKER), *people])
        return made

    def close(self) -> None:
        self._with_reason("Close", "Close it", "What came of it?", "Closed", self._intake.close)

    def reopen(self) -> None:
        self._with_reason("Reopen", "Reopen", "Why does it wait again?", "Reopened", self._intake.reopen)

    def _with_reason(self, title: str, verb: str, question: str, said: str, move: Callable[..., Moved]) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            self._with_form(lambda: move(row.id, self.seen(row), values["reason"]), said)

        self._open(reason_form(f"{title} no. {row.number}", verb, question, do, self.leave), row)

    def triage(self) -> None:
        row = self.row
        if row is None:
            return

        def read() -> tuple[ReferralDetail, list[ServiceKind], tuple[tuple[Suggestion, ...], str]]:
            detail = self._intake.open_referral(row.id)
            return detail, self._intake.services(), suggested_for(detail)

        self._page.run(read, lambda found: self._open(self._triage_form(row, *found), row), latest="form")

    def take_suggested(self) -> None:
        """What the rules suggest, into the form of triage."""
        if isinstance(self.form, TriageForm):
            self.form.take()

    def _can_take_suggested(self) -> bool:
        return isinstance(self.form, TriageForm) and self.form.suggestions.next_to_take() is not None

    def _triage_form(
        self, row: ReferralRow, detail: ReferralDetail, services: list[ServiceKind],
        said: tuple[tuple[Suggestion, ...], str],
    ) -> MoveForm:  # fmt: skip
        referral, clocks = detail.referral, detail.clocks
        began = next((each.started_at for each in clocks.deadlines if each.kind == "response"), referral.received_at)

        def do(values: Values) -> None:
            self._with_form(
                lambda: self._intake.triage(
                    row.id, self.seen(row), values["service"], values["urgency"], values["urgency_reason"]
                ),
                "Triaged",
            )

        return TriageForm(referral, services, began, self._page.desk.clock.now(), do, self.leave, said)

    def transfer(self) -> None:
        row = self.row
        if row is None:
            return

        def do(values: Values) -> None:
            to = (values["service"], values["locality"] or None, values["reason"])
            self._with_form(lambda: self._intake.transfer(row.id, self.seen(row), *to), "Transferred")

        self._page.run(
            lambda: (self._intake.referral(row.id), self._intake.services()),
            lambda found: self._open(transfer_form(found[0], found[1], do, self.leave), row),
            latest="form",
        )

    def whose(self) -> None:
        """It was taken while nobody knew whom it is about."""
        row = self.row
        if row is None:
            return

        def found(detail: ReferralDetail) -> None:
            def do(values: Values) -> None:
                person = form.person
                if person is not None:
                    said = (person.id, values["reason"])
                    self._with_form(lambda: self._intake.say_whose(row.id, self.seen(row), *said), "Now known whose is")

            form = WhoseForm(self._page.desk, detail.referral, detail.contact, do, self.leave)
            self._open(form, row)

        self._page.run(lambda: self._intake.open_referral(row.id), found, latest="form")

    # ---------------------------------------------------------------- a whole caseload

    def caseload(self) -> None:
        self._with_colleagues(self._open_caseload)

    def _open_caseload(self, people: list[tuple[str, str]]) -> None:
        def read(user: str) -> None:
            self._page.run(lambda: self._intake.caseload(UserName(user)), show, latest="caseload")

        def show(rows: Any) -> None:
            form.show_caseload(rows, self._page.desk.clock.now())

        def do(values: Values) -> None:
            to, items = form.colleagues, form.chosen
            if to is None or not items:
                self._failed(BadValue("to" if to is None else "items", "missing"), None, form)
                return
            gone = lambda result: self._told(result, "Handed over", result.undo, form)  # noqa: E731
            self._run(lambda: self._intake.hand_over_many(items, to, values["reason"]), gone, None, form)

        # It reads as soon as it is there, and what it reads comes later than this.
        form = CaseloadForm(self._me, people, read, do, self.leave)
        self._open(form, None)
