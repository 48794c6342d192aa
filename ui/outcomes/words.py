"""Sheets, outcomes and cases in words. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coordination.clock import local_date
from coordination.deployment.outcomes import rules
from coordination.deployment.outcomes.model import (
    Case,
    CaseEvent,
    CaseStep,
    DeclinedOften,
    Former,
    HospitalWord,
    Pending,
    SeenVisit,
)
from coordination.values import Window
from ui import wording
from ui.outcomes.lines import Line
from ui.outcomes.messages import OUTCOMES, WHO
from ui.style.tokens import State, state

NOBODY = "Nobody was sent"


def span(window: Window) -> str:
    """``09:00–09:45``."""
    return f"{wording.clock_time(window.start)}–{wording.clock_time(window.end)}"


def whose(pending: Pending) -> str:
    return pending.worker_name or NOBODY


# ---------------------------------------------------------------- a line of a sheet


def outcome(line: Line) -> str:
    """What is said of it here, else what the database has."""
    if line.outcome is not None:
        return OUTCOMES[line.outcome]
    if not line.due and not line.row.visit.is_over:
        return "To come"
    return OUTCOMES[line.row.visit.state]


def look(line: Line) -> State | None:
    """Nothing while nothing is said."""
    if line.outcome is not None:
        return state(line.outcome)
    return state(line.row.visit.state) if line.row.visit.is_over else None


def times(line: Line) -> str:
    """``as planned``, ``09:05–09:40``, or the digits as they are typed."""
    if line.typed and len(line.typed) not in (4, 8):
        return _digits(line.typed)
    if line.began is not None:
        end = f"–{wording.clock_time(line.ended)}" if line.ended is not None else ""
        return wording.clock_time(line.began) + end
    if line.is_said:
        return "as planned" if line.outcome == "done" else ""
    had = line.happened
    if had is not None and had.began is not None:
        return span(Window(had.began, had.ended)) if had.ended is not None else wording.clock_time(had.began)
    return "as planned" if line.row.visit.state == "done" else ""


def _digits(typed: str) -> str:
    """``09:3_`` while it is typed."""
    shown = [typed[n] if n < len(typed) else "_" for n in range(8 if len(typed) > 4 else 4)]
    first = f"{shown[0]}{shown[1]}:{shown[2]}{shown[3]}"
    return first if len(shown) == 4 else f"{first}–{shown[4]}{shown[5]}:{shown[6]}{shown[7]}"


def why(line: Line) -> str:
    """The error, else the reason with its words."""
    if line.error:
        return line.error
    if line.is_said:
        return ": ".join(part for part in (line.reason.name if line.reason else "", line.words) if part)
    return line.row.visit.state_reason


# ---------------------------------------------------------------- cases


def step_look(step: CaseStep, now: datetime) -> State:
    """As the queue shows time: amber when it is near, red when it is over, with a mark for it."""
    code = rules.state_of(step, now)
    return state({"waiting": "in_time"}.get(code, code))


def time_left(step: CaseStep, now: datetime) -> str:
    if step.done_at is not None:
        return f"Done {wording.near_time(step.done_at, now)}"
    return wording.time_left(step.due, now)


def case_next(case: Case) -> str:
    """What has to be done next, and by whom."""
    step = rules.next_step(case)
    if step is not None:
        return step.name
    return "Say how it ended" if case.is_open else ""


def case_left(case: Case, now: datetime) -> str:
    step = rules.next_step(case)
    if step is not None:
        return wording.time_left(step.due, now)
    return "all steps done" if case.is_open else ""


def case_look(case: Case, now: datetime) -> State | None:
    step = rules.next_step(case)
    if step is not None:
        return step_look(step, now)
    return state("overdue") if case.is_open else None


def who_does(step: CaseStep, now: datetime) -> str:
    """``Co-ordinator; Nadia has been on it since 10:05``."""
    if step.done_at is not None:
        return f"{step.done_by}, {wording.near_time(step.done_at, now)}"
    role = WHO[step.who]
    if step.owner is None or step.owner_since is None:
        return role
    return f"{role}; {step.owner_name} since {wording.near_time(step.owner_since, now)}"


def event(found: CaseEvent, steps: dict[str, str], endings: dict[str, str], now: datetime) -> str:
    """One line of the path."""
    step = steps.get(found.step or "", found.step or "")
    what = {
        "opened": "opened the case",
        "owner": f"has it: {found.words}" if found.words else "left it to whoever is next",
        "ended": f"ended it: {endings.get(found.words, found.words)}",
        "reopened": "opened it again",
        "taken": f"took “{step}”",
        "left": f"left “{step}”",
        "done": f"did “{step}”: {found.words}",
        "undone": f"took back “{step}”, which had said: {found.words}",
    }[found.what]
    return f"{wording.near_time(found.at, now)}  {found.by} {what}"


def cases_line(cases: Sequence[Case], now: datetime) -> str:
    """``2 not found: BELL, Ring the keyholder or next of kin, overdue 5 min``."""
    first = cases[0]
    return (
        f"{len(cases)} not found: {first.person.surname.upper()}, {case_next(first).lower()}, {case_left(first, now)}"
    )


def former(found: Former, now: datetime) -> str:
    """``Done, entered by Tess at 09:10; Theo took it back at 09:20``."""
    said = f": {found.words}" if found.words else ""
    entered = f"entered by {found.entered_by} {wording.near_time(found.entered_at, now)}"
    after = f"changed by {found.replaced_by} {wording.near_time(found.replaced_at, now)}"
    return f"{OUTCOMES[found.outcome]}{said}, {entered}; {after}"


def declined_days(found: DeclinedOften) -> str:
    """``Fri 20-Nov and Sat 21-Nov``."""
    return wording.listing([wording.weekday(day)[:10] for day in dict.fromkeys(found.days)])


def seen(found: SeenVisit, now: datetime) -> str:
    """``Yesterday 09:05, done, Amina Khan``."""
    return (
        f"{wording.near_time(found.at, now)}, {OUTCOMES[found.state].lower()}, {wording.listing(list(found.workers))}"
    )


def hospital(found: HospitalWord) -> str:
    """``Manchester Royal Infirmary, ward 12, told on 20-Nov-2026; leaves 24-Nov-2026``."""
    where = ", ".join(part for part in (found.site, found.ward) if part) or "A hospital"
    leaves = f"; leaves {wording.day(found.discharge)}" if found.discharge else ""
    return f"{where}, told on {wording.day(local_date(found.told_at))}{leaves}"
