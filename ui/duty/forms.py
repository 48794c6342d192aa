"""The small forms of the page: a break, another end, times put right, a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from coordination.clock import local_date
from coordination.duty.model import Correction, DeskShift
from coordination.duty.reference import norms
from ui import wording
from ui.duty import words
from ui.duty.acts import at
from ui.intake.move_forms import MoveForm
from ui.widgets.basics import Choice, TextArea, column, label
from ui.widgets.dates import TimeEdit
from ui.widgets.panels import Section


def break_form(
    now: datetime,
    colleagues: Sequence[tuple[str, str]],
    do: Callable[[dict[str, Any]], object],
    leave: Callable[[], object],
) -> MoveForm:
    """Until when, and who looks after what I hold."""
    made = MoveForm("Take a break", "Begin", do, leave)
    made.form.add("until", "Until", TimeEdit(at(now + norms().break_length + timedelta(seconds=59))), required=True)
    cover = Choice([("", "Nobody"), *colleagues])
    cover.set_value("")
    made.form.add(
        "cover", "Who looks after what you hold", cover, help="Colleagues on shift. They see it beside your name."
    )
    return made


def end_form(
    shift: DeskShift, now: datetime, do: Callable[[dict[str, Any]], object], leave: Callable[[], object]
) -> MoveForm:
    """End the shift of a colleague who is gone."""
    made = MoveForm(f"End the shift of {shift.user_name}", "End it", do, leave)
    made.form.add("ended_at", "They left at", TimeEdit(at(min(shift.planned_end, now))), required=True)
    made.form.add("reason", "Because", TextArea(2), required=True, help="It is kept, and shown as ended by you.")
    return made


def until_form(shift: DeskShift, do: Callable[[dict[str, Any]], object], leave: Callable[[], object]) -> MoveForm:
    """Another planned end."""
    made = MoveForm("Until when do you stay?", "Set", do, leave)
    made.form.add("planned_end", "Until", TimeEdit(at(shift.planned_end)), required=True)
    return made


def correct_form(
    shift: DeskShift, trail: Sequence[Correction], do: Callable[[dict[str, Any]], object], leave: Callable[[], object]
) -> QWidget:
    """Other times, with the reason, and what was put right before."""
    form = MoveForm(f"Put right: {times(shift)}", "Put right", do, leave)
    form.form.add("started_at", "Began at", TimeEdit(at(shift.started_at)), required=True)
    if shift.ended_at is not None:
        form.form.add("ended_at", "Ended at", TimeEdit(at(shift.ended_at)), required=True)
    form.form.add("reason", "Because", TextArea(2), required=True, help="It is kept with the times as they were.")
    whole = QWidget()
    whole.move_form = form  # type: ignore[attr-defined]
    whole.setLayout(column(form, *([history(trail)] if trail else []), None, gap=4))
    return whole


def history(trail: Sequence[Correction]) -> QWidget:
    """What was put right: when, by whom, from what to what, why."""
    section = Section("Put right before")
    for each in trail:
        said = (
            f"{wording.day_time(each.at)}, {each.by_name}: {words.CORRECTIONS[each.kind]},"
            f" {_span(each.was)} to {_span(each.became)}. {each.reason}"
        )
        section.add(label(said, quiet=True, size="small", wrap=True))
    return section


def times(shift: DeskShift) -> str:
    """``Sat 21-Nov-2026 08:00–18:05, ended afterwards``."""
    end = wording.clock_time(shift.ended_at) if shift.ended_at else "open"
    how = words.ENDED.get(shift.ended_how or "", "").format(by=shift.ended_by_name)
    begun = f"{wording.weekday(local_date(shift.started_at))} {wording.clock_time(shift.started_at)}"
    return f"{begun}–{end}" + (f", {how}" if how else "")


def _span(of: tuple[datetime, datetime | None]) -> str:
    return f"{wording.clock_time(of[0])}–{wording.clock_time(of[1]) if of[1] else 'open'}"
