"""The moves about clocks: pause and run on, ask for more information and write down the answer, medically optimised."""

from __future__ import annotations

from coordination.errors import BadValues
from coordination.intake.clocks import Clocks, PauseId, RequestId
from coordination.values import new_id
from ui.intake.clock_forms import AnswerForm, AskForm, MoftForm, PauseForm, as_until
from ui.intake.moving import Moving, Values


class MovesOfClocks(Moving):
    """A key that begins something ends it too, when it is pressed again."""

    def pause(self) -> None:
        """Stand still for a named reason; run on, when it does."""
        row = self.row
        if row is None:
            return
        now, pause_id = self._page.desk.clock.now(), PauseId(new_id())

        def do(values: Values) -> None:
            said = (values["reason"], values["words"], as_until(values["until"]))
            self._with_form(lambda: self._intake.pause(row.id, self.seen(row), pause_id, *said), "Paused")

        def found(clocks: Clocks) -> None:
            if clocks.pause is not None:
                self._simple(lambda r: self._intake.resume(r.id, r.revision), "Its clocks run on,", row)
            else:
                self._open(PauseForm(row.number, now, do, self.leave), row)

        self._page.run(lambda: self._intake.clocks(row.id), found, latest="form")

    def ask(self) -> None:
        """Ask for more information; write down the answer, when something was asked."""
        row = self.row
        if row is None:
            return
        now, request_id = self._page.desk.clock.now(), RequestId(new_id())

        def do(values: Values) -> None:
            said = (values["ask_of"], values["named"], values["question"], as_until(values["reply_by"]))
            self._with_form(lambda: self._intake.ask(row.id, self.seen(row), request_id, *said), "Asked about")

        def write(values: Values) -> None:
            self._with_form(lambda: self._intake.answer(row.id, self.seen(row), values["answer"]), "Answer written to")

        def stop() -> None:
            self._with_form(lambda: self._intake.stop_asking(row.id, self.seen(row)), "Nothing more is asked about")

        def found(clocks: Clocks) -> None:
            if clocks.request is not None:
                self._open(AnswerForm(row.number, clocks.request, now, write, stop, self.leave), row)
            else:
                self._open(AskForm(row.number, now, do, self.leave), row)

        self._page.run(lambda: self._intake.clocks(row.id), found, latest="form")

    def moft(self) -> None:
        """T2. The notice comes in; pressed again it is taken back by another: no longer medically optimised."""
        row = self.row
        if row is None:
            return
        if row.moft_at is not None:
            self._simple(lambda r: self._intake.moft(r.id, r.revision, None), "No longer medically optimised:")
            return

        def do(_values: Values) -> None:
            try:
                at = form.moment()
            except BadValues as error:
                self._failed(error, row, form)
                return
            self._with_form(lambda: self._intake.moft(row.id, self.seen(row), at), "Medically optimised:")

        form = MoftForm(row.number, self._page.desk.clock.now(), do, self.leave)
        self._open(form, row)
