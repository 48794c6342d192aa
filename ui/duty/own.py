"""What the page does with shifts: one's own, and for a team lead those of colleagues who are gone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from coordination.clock import at_local, local_date
from coordination.duty import rules
from coordination.duty.model import Correction, DeskShift, NewCorrection
from coordination.errors import BadValue, BadValues, Refused
from coordination.values import UserName, new_id
from ui import sentences, wording
from ui.commands import Command
from ui.duty import forms
from ui.duty.forms import times
from ui.duty.shown import ShiftShown

GROUP = "Shift"


class OwnShift:
    """Buttons and forms of the head of the page."""

    def __init__(self, page: ShiftShown) -> None:
        self.page = page

    def commands(self) -> list[Command]:
        """All of them."""
        acts, page = self.page.acts, self.page

        def at_desk() -> bool:
            return acts.mine is not None and acts.mine.on_break is None

        def on_break() -> bool:
            return acts.mine is not None and acts.mine.on_break is not None

        return [
            Command("duty.start", "Start my shift now", acts.start, "", lambda: acts.may and acts.mine is None, GROUP,
                    "clock"),
            Command("duty.break", "Break…", self.ask_break, "B", at_desk, GROUP, "coffee", also="pause lunch"),
            Command("duty.back", "Back at the desk", acts.back, "", on_break, GROUP, "arrow-u-up-left"),
            Command("duty.end", "End shift", self.end, "E", lambda: acts.mine is not None, GROUP, "sign-out"),
            Command("duty.until", "Stay until…", self.ask_until, "", lambda: acts.mine is not None, GROUP, "clock"),
            Command("duty.correct", "Put the times of my shifts right…", self.ask_correct, "", lambda: acts.may, GROUP,
                    "pencil-simple", also="late forgot wrong time"),
            Command("duty.mine", "Show what I hold", lambda: page.open("mine"), "M", group=GROUP, icon="user"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- break, end

    def ask_break(self) -> None:
        """Until when, and who looks after what I hold."""
        page = self.page
        me = page.desk.actor.user_name
        there = [(s.user, s.user_name) for s in page.watch.there.shifts if s.user != me and s.on_break is None]
        now = page.desk.clock.now()

        def do(values: dict[str, Any]) -> None:
            until = rules.planned_end(now, values["until"]) if values["until"] else now
            page.acts.take_break(until, UserName(values["cover"]) if values["cover"] else None)
            page.asked_enough()

        page.ask(forms.break_form(now, there, do, page.asked_enough))

    def ask_until(self) -> None:
        """Another planned end of my shift."""
        page, mine = self.page, self.page.acts.mine
        if mine is None:
            return
        duty = page.desk.services.duty

        def do(values: dict[str, Any]) -> None:
            end = (
                rules.planned_end(mine.started_at, values["planned_end"]) if values["planned_end"] else mine.planned_end
            )
            page.run(lambda: duty.plan_until(mine.id, mine.revision, end), self._done, self._wrong(form))

        form = forms.until_form(mine, do, page.asked_enough)
        page.ask(form)

    def end(self) -> None:
        """End my shift; what I hold leads to the handover."""
        page = self.page

        def held(error: Refused) -> None:
            page.show_what(page.shown if page.shown.kind == "mine" else type(page.shown)("mine"))
            page.desk.notices.warn(sentences.sentence(error))

        page.acts.end(held)

    # ---------------------------------------------------------------- times put right

    def ask_correct(self) -> None:
        """My last shift: other times, with the reason."""
        page = self.page
        duty = page.desk.services.duty

        def read() -> tuple[DeskShift | None, list[Correction]]:
            found = duty.recent()
            return (found[0], duty.corrections(found[0].id)) if found else (None, [])

        page.run(read, lambda found: self._ask_correct(*found), latest="correct")

    def _ask_correct(self, shift: DeskShift | None, trail: list[Correction]) -> None:
        page = self.page
        if shift is None:
            page.desk.notices.say("You had no shift in the last days.")
            return
        known = shift

        def do(values: dict[str, Any]) -> None:
            began = _near(values["started_at"], known.started_at) or known.started_at
            ended = _near(values.get("ended_at"), known.ended_at) if known.ended_at else None
            wanted = NewCorrection(new_id(), known.id, began, ended, values["reason"] or "")
            form = whole.move_form  # type: ignore[attr-defined]
            page.run(lambda: page.desk.services.duty.correct(wanted), self._done, self._wrong(form))

        whole = forms.correct_form(known, trail, do, page.asked_enough)
        page.ask(whole)

    def may_end(self, shift: DeskShift) -> bool:
        """A colleague's shift, by whoever answers for that desk."""
        actor = self.page.desk.actor
        if shift.user == actor.user_name or actor.role not in ("team_lead", "manager"):
            return False
        home = actor.locality.lower() if actor.locality else None
        return actor.role == "manager" or home is None or shift.locality in (None, home)

    def end_for(self, shift: DeskShift) -> None:
        """End the shift of a colleague who is gone, with the reason."""
        page, now = self.page, self.page.desk.clock.now()

        def do(values: dict[str, Any]) -> None:
            when = rules.moment_before(now, values["ended_at"] or time(), shift.started_at)
            duty = page.desk.services.duty
            page.run(
                lambda: duty.left_at(shift, when, values["reason"] or ""),
                lambda s: self._done(s, f"The shift of {s.user_name} is over: {times(s)}."),
                self._wrong(form),
            )

        form = forms.end_form(shift, now, do, page.asked_enough)
        page.ask(form)

    # ---------------------------------------------------------------- inside

    def _done(self, shift: DeskShift, said: str = "") -> None:
        page = self.page
        page.asked_enough()
        page.watch.refresh()
        until = wording.clock_time(shift.planned_end)
        page.desk.notices.say(said or (f"Planned until {until}." if shift.is_open else f"Put right: {times(shift)}."))

    def _wrong(self, form: Any) -> Any:
        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue | BadValues):
                return not form.set_problems(error)
            return False

        return failed


def _near(wanted: time | None, before: datetime | None) -> datetime | None:
    """That time of day, on the day that is nearest to what it was: a shift past midnight stays one."""
    if wanted is None or before is None:
        return before
    day = local_date(before)
    options = [at_local(day + timedelta(days=by), wanted.hour, wanted.minute) for by in (-1, 0, 1)]
    return min(options, key=lambda moment: abs(moment - before))
