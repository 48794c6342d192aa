"""How the tracker says things, and how they look."""

from __future__ import annotations

from datetime import date, timedelta

from coordination.apartments.rules import MARKS, SIX_WEEKS
from coordination.apartments.tracker_model import MoveOnTask, TrackerRow
from ui import wording
from ui.style.tokens import State

VIEWS = {
    "all": "Everybody",
    "due": "Due this week",
    "blocked": "Something in the way",
    "limit": "Past a limit",
    "held": "In hospital",
}
EMPTY = {
    "all": ("Nobody is in an apartment", "Whoever moves in appears here, with what is to be done in weeks 2, 4 and 5."),
    "due": ("Nothing is due this week", "Steps that are due within seven days, or overdue, appear here."),
    "blocked": ("Nothing is in anybody’s way", "Write on a step what it waits for (E), and it appears here."),
    "limit": ("Nobody is past six weeks or their last day", "Whoever stays longer appears here with the reason."),
    "held": (
        "No apartment is held",
        "When somebody goes back to hospital, record it (H): the apartment is kept for a time.",
    ),
}
HEAD_BUTTONS = {
    "longer": "Stays longer",
    "board": "On the calendar",
    "hold": "Back in hospital",
    "returned": "Back from hospital",
}
TASK_BUTTONS = {"done": "Done", "edit": "Change", "not_needed": "Not needed", "add": "Add"}


def day_words(row: TrackerRow, today: date) -> str:
    """``Day 36 of 42``; past six weeks ``Day 44, 2 over``, and ``Day 44: say why`` while nobody has said why (N3)."""
    day = row.day(today)
    if row.lacks_reason(today):
        return f"Day {day}: say why"
    return f"Day {day} of {SIX_WEEKS}" if day <= SIX_WEEKS else f"Day {day}, {day - SIX_WEEKS} over"


def day_tip(row: TrackerRow, today: date) -> str:
    """The marks of the stay, and why it is past six weeks."""
    marks = [f"Day {mark} is {wording.day(on)}" for mark, on in marks_of(row).items()]
    said = ["; ".join(marks) + "."]
    if row.began is not None and row.began != row.period.start:
        said.append(f"In this apartment since {wording.day(row.period.start)}.")
    if row.past_six_weeks_reason:
        said.append(f"Past six weeks because: {row.past_six_weeks_reason}")
    elif row.lacks_reason(today):
        said.append("Past six weeks without a reason: say why (W).")
    return " ".join(said)


def marks_of(row: TrackerRow) -> dict[int, date]:
    return {mark: row.first_day + timedelta(days=mark - 1) for mark in MARKS}


def day_look(row: TrackerRow, today: date) -> State | None:
    """Day 28 and 35 amber, day 42 and later red (N3)."""
    mark = row.mark(today)
    if mark is None:
        return None
    return State("red", "warning-octagon-fill") if mark >= SIX_WEEKS else State("amber", "timer")


def last_look(row: TrackerRow, today: date) -> State | None:
    if row.is_past_last_day(today):
        return State("red", "warning")
    return State("amber", "calendar-x") if row.next_booking == row.period.end else None


def last_tip(row: TrackerRow, today: date) -> str:
    """Why the last day matters."""
    said = []
    if row.is_past_last_day(today):
        said.append("Still in the apartment. Give the stay another last day, or record that they moved on.")
    if row.next_booking is not None:
        said.append(f"Somebody else is booked from {wording.day(row.next_booking)}.")
    return " ".join(said)


def next_words(row: TrackerRow) -> str:
    """``Day of the move agreed``; when, and what it waits for, by its look, and in words beside the list."""
    task = row.next_task
    return "Everything is done" if task is None else task.words


def next_look(row: TrackerRow, today: date) -> State | None:
    task = row.next_task
    if task is None:
        return State("ok", "check")
    if task.due_on < today:
        return State("red", "hand-palm" if task.blocked_by else "warning")
    if task.blocked_by:
        return State("amber", "hand-palm")
    return State("amber", "clock") if (task.due_on - today).days <= 7 else None


def held(row: TrackerRow, today: date) -> str:
    """``4 days left``, ``Until today``, ``Over by 2 days``."""
    left = row.hold_days_left(today)
    if left is None:
        return ""
    if left == 0:
        return "Until today"
    return f"{wording.count(left, 'day')} left" if left > 0 else f"Over by {wording.count(-left, 'day')}"


def held_look(row: TrackerRow, today: date) -> State | None:
    left = row.hold_days_left(today)
    if left is None:
        return None
    return State("red", "warning") if left < 0 else State("amber", "first-aid")


def task_when(task: MoveOnTask, today: date) -> str:
    """``Done``, ``Not needed``, or the day it is due."""
    return {"done": "Done", "not_needed": "Not needed"}.get(task.state, wording.day(task.due_on))


def task_look(task: MoveOnTask, today: date) -> State | None:
    if not task.is_open:
        return State("ok", "check") if task.state == "done" else State("neutral", "minus")
    if task.blocked_by:
        return State("amber", "hand-palm")
    days = (task.due_on - today).days
    if days < 0:
        return State("red", "warning")
    return State("amber", "clock") if days <= 7 else None


def task_tip(task: MoveOnTask) -> str:
    """All of it in a sentence or two."""
    said = [task.words + "."]
    if task.blocked_by:
        said.append(f"In the way: {task.blocked_by}.")
    if task.is_open:
        said.append(f"{task.owner_name or 'Nobody yet'}, by {wording.day(task.due_on)}.")
    if task.done_at is not None:
        said.append(f"{task.done_by_name}, {wording.day_time(task.done_at)}.")
    if task.note:
        said.append(task.note)
    return " ".join(said)
