"""What is done on the board of the apartments: each deed on the undo stack, each refusal with what is free instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from coordination.apartments.calendar_service import Calendar
from coordination.apartments.criteria import overridable
from coordination.apartments.model import TURNAROUND, ApartmentBoard, Pause, Stay, StayStep
from coordination.errors import BadValue, BadValues, Conflict, Obstacle, Refused
from coordination.values import ApartmentId, DateRange
from ui import wording
from ui.apartments import board_words as words
from ui.apartments.board_carry import Carry
from ui.apartments.editors import ReasonForm
from ui.apartments.messages import KIND_WORDS

if TYPE_CHECKING:
    from ui.apartments.page_view import PageView

Steps = Sequence[StayStep]
Call = Callable[[str, Mapping[str, str]], Steps]
"""Why past six weeks, and why where the scheme would not take them; empty unless asked for."""
Retry = Callable[[ApartmentId, DateRange], object]


class StayActs:
    """Of one page."""

    def __init__(self, page: PageView) -> None:
        self._page = page

    @property
    def calendar(self) -> Calendar:
        return self._page.desk.services.calendar

    # ------------------------------------------------------------------ doing

    def do(self, label: str, said: str, call: Call, *, form: Any = None, retry: Retry | None = None) -> None:
        """Do it once what was done before is done; say it, with its undo."""
        self._send(label, said, call, "", {}, form, retry)

    def _send(
        self, label: str, said: str, call: Call, why: str, allowed: Mapping[str, str], form: Any, retry: Retry | None
    ) -> None:
        page = self._page
        page.choices.leave()

        def done(steps: Steps) -> None:
            self._done(label, said, steps)

        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue | BadValues):
                if form is not None:
                    return not form.form.set_problems(error)
                return self._ask_why(error, lambda reason: self._send(label, said, call, reason, allowed, None, retry))
            if isinstance(error, Refused):
                self.refused(error, retry)
                unmet = overridable(error.obstacles)
                if unmet and form is None:
                    self._ask_override(unmet, lambda r: self._send(label, said, call, why, r, None, retry))
                return True
            if isinstance(error, Conflict):
                page.refresh()
            return False

        page.in_order.do(lambda: lambda: call(why, allowed), done, failed)

    def _done(self, label: str, said: str, steps: Steps) -> None:
        page = self._page
        if not steps:
            return
        entry = page.undo_stack.push_steps(label, steps, self.calendar.take_back)
        page.show_steps(steps)
        main = steps[0].after
        if main.state != "cancelled":
            page.board.choose_stay(main.id)
            page.show_stay(page.board.stay or main)
        else:
            page.show_waiting()
        page.board.setFocus()  # single keys work on at once
        lacking = _lacking(page.board.board, steps)
        page.desk.notices.say(" ".join(part for part in (said, lacking) if part), undo=lambda: self._undo(entry))

    def _undo(self, entry: Any) -> None:
        self._page.undo_stack.undo_entry(entry)

    def refused(self, error: Refused, retry: Retry | None) -> None:
        """What is in the way in a sentence, and what is free instead by a key."""
        page = self._page
        page.desk.notices.error(error)
        offers = [o for o in error.obstacles if "end" in dict(o.facts)]
        if retry is not None and offers:
            made = [(words.offer(o), lambda o=o: retry(o.fact("at"), _days(o))) for o in offers]
            page.choices.offer("Free instead", made)

    def _ask_why(self, error: BadValue | BadValues, then: Callable[[str], object]) -> bool:
        problems = error.problems if isinstance(error, BadValues) else (error,)
        if [p.field for p in problems] != ["past_six_weeks_reason"]:
            return False
        self._ask("Past six weeks", "Why does it last past six weeks (42 days)?", then)
        return True

    def _ask_override(self, unmet: Sequence[str], then: Callable[[Mapping[str, str]], object]) -> None:
        self._ask("Not what the scheme takes", "Why here all the same?", lambda r: then(dict.fromkeys(unmet, r)))

    def _ask(self, title: str, question: str, then: Callable[[str], object]) -> None:
        form = ReasonForm(question)

        def save() -> None:
            reason = form.reason()
            if reason:
                then(reason)

        self._page.form(title, form, "Save", save)

    # ------------------------------------------------------------------ moving

    def put(self, carry: Carry) -> None:
        """Where it was put down."""
        self.place(carry.stay, carry.apartment, carry.period)

    def place(self, stay: Stay, apartment: ApartmentId, period: DateRange, form: Any = None, why: str = "") -> None:
        """To another apartment, other days, or both."""
        board = self._page.board.board
        if board is None:
            return
        there, who = board.apartment(apartment).label, words.name(stay)
        same_start = period.start == stay.period.start or period.end == stay.period.end
        if apartment == stay.apartment_id and same_start:
            label, said = f"{who} to {wording.day(period.last)}", f"{who}: {words.span(period)}."

            def call(reason: str, allowed: Mapping[str, str]) -> Steps:
                return self.calendar.resize(stay.id, stay.revision, period, reason or why)
        else:
            label, said = f"move {who} to {there}", f"{who} moved to {there}, {words.span(period)}."

            def call(reason: str, allowed: Mapping[str, str]) -> Steps:
                return self.calendar.move(stay.id, stay.revision, apartment, period, reason or why, allowed)

        self.do(label, said, call, form=form, retry=lambda at, days: self.place(stay, at, days, None, why))

    def drop_refused(self, carry: Carry) -> None:
        """Put down where it may not go: why not, what is free, and whom it could change places with."""
        page, stay = self._page, carry.stay
        if carry.changed:
            page.desk.notices.warn(
                f"Somebody has just changed the stay of {words.name(stay)}. It stands as they left it."
            )
            page.refresh()
            return
        offers, partner = carry.offers, carry.partner
        page.desk.notices.error(Refused("move" if carry.part == "whole" else "extend", carry.in_the_way))
        made: list[tuple[str, Callable[[], object]]] = []
        if partner is not None:
            day = self.day_of_swap(stay, partner)
            when = "" if day is None else f" from {wording.day(day)}"
            made.append((f"Change places with {words.name(partner)}{when}", lambda: self.swap(stay, partner, day)))
        made += [(words.offer(o), lambda o=o: self.place(stay, o.fact("at"), _days(o))) for o in offers]  # type: ignore[misc]
        page.choices.offer("Instead", made)

    def day_of_swap(self, one: Stay, other: Stay) -> date | None:
        """Who has moved in changes places from today on; who has not, for the whole stay."""
        return self._page.today if "in_stay" in (one.state, other.state) else None

    def swap(self, one: Stay, other: Stay, day: date | None, form: Any = None) -> None:
        """Two stays exchange their apartments, whole or from a day on."""
        said = f"{one.who} and {other.who} change places" + (f" from {wording.day(day)}." if day else ".")
        self.do(
            f"{one.who} and {other.who} change places", said,
            lambda _why, allowed: self.calendar.swap((one.id, one.revision), (other.id, other.revision), day, allowed),
            form=form,
        )  # fmt: skip

    def split(self, stay: Stay, day: date, apartment: ApartmentId, form: Any = None) -> None:
        board = self._page.board.board
        there = board.apartment(apartment).label if board is not None else ""
        self.do(
            f"{stay.who} goes on in {there}", f"{stay.who} goes on in {there} from {wording.day(day)}.",
            lambda _why, allowed: self.calendar.split(stay.id, stay.revision, day, apartment, allowed), form=form,
        )  # fmt: skip

    # ------------------------------------------------------------------ not accepting

    def pause(self, key: Any, apartment: ApartmentId, start: date, end: date | None, reason: str, form: Any) -> None:
        page = self._page

        def done(pause: Pause) -> None:
            now = [pause]

            def lift() -> None:
                self.calendar.lift(now[0].id, now[0].revision)

            def again() -> None:
                now[0] = self.calendar.pause_again(now[0].id, now[0].revision + 1)

            self._paused(
                "not accepting", "It takes nobody in on these days.", lift, again, _begin_in(page.board.board, pause)
            )

        def failed(error: Exception) -> bool:
            if isinstance(error, BadValue | BadValues):
                return not form.form.set_problems(error)
            return False

        page.in_order.do(lambda: lambda: self.calendar.pause(key, apartment, start, end, reason), done, failed)

    def lift(self, pause: Pause) -> None:
        """The apartment accepts again."""
        now = [pause]

        def again() -> None:
            now[0] = self.calendar.pause_again(now[0].id, now[0].revision + 1)

        def lift() -> None:
            self.calendar.lift(now[0].id, now[0].revision)

        self._page.in_order.do(
            lambda: lift, lambda _done: self._paused("accepting again", "It accepts again.", again, lift, "")
        )

    def _paused(self, label: str, said: str, undo: Callable[[], None], redo: Callable[[], None], more: str) -> None:
        page = self._page
        entry = page.undo_stack.push(label, undo, redo)
        page.show_waiting()
        page.refresh()
        page.board.setFocus()
        page.desk.notices.say(f"{said} {more}".strip(), undo=lambda: self._undo(entry))


def _days(found: Obstacle) -> DateRange:
    return DateRange(found.fact("start"), found.fact("end"))


def _begin_in(board: ApartmentBoard | None, pause: Pause) -> str:
    """Who is booked to begin on days on which the apartment takes nobody in."""
    stays = board.of(pause.apartment_id) if board is not None else ()
    names = [words.name(s) for s in stays if s.kind == "stay" and s.state == "booked" and s.period.start in pause]
    return f"Booked to begin then: {wording.listing(names)}." if names else ""


def _lacking(board: ApartmentBoard | None, steps: Steps) -> str:
    """What should follow a stay and found no room before the next booking."""
    if board is None:
        return ""
    lacking: list[str] = []
    for stay in (step.after for step in steps):
        if stay.kind != "stay" or stay.state not in ("booked", "in_stay", "ended"):
            continue
        there = {f.kind for f in board.following(stay.id)}
        soon = stay.period.end + timedelta(days=len(TURNAROUND))
        following = [
            s for s in board.of(stay.apartment_id) if s.follows != stay.id and stay.period.end <= s.period.start
        ]
        if following and following[0].period.start < soon:
            lacking += [KIND_WORDS[kind].lower() for kind in TURNAROUND if kind not in there]
    if not lacking:
        return ""
    return f"No room is left for {wording.listing(list(dict.fromkeys(lacking)))} before the next booking."


def with_steps(board: ApartmentBoard, steps: Steps) -> ApartmentBoard:
    """The board as these steps left it, before it is read again."""
    after = {step.after.id: step.after for step in steps}
    here = {a.id for a in board.apartments}
    kept = [s for s in board.stays if s.id not in after]
    fresh = [s for s in after.values() if s.state != "cancelled" and s.apartment_id in here]
    return replace(board, stays=(*kept, *(s for s in fresh if s.period.overlaps(board.days))))
