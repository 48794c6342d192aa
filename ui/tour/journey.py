"""The seven steps of the main job, one after the other, each driven through the windows and read back.

run(centre, folder, settings, say)  ->  True when every step's result was read back from the database
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from ui.sentences import sentence
from ui.style import theme
from ui.tour import (
    step_1_contact,
    step_2_queue,
    step_3_assessment,
    step_4_plan,
    step_5_boards,
    step_6_apartment,
    step_7_sheets,
)
from ui.tour.desks import witness
from ui.tour.hands import Unmet
from ui.tour.pictures import Album
from ui.tour.story import Story, newcomer, today_of
from ui.tour.tour import Tour

WITNESS = "helen.manager"


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    run: Callable[[Tour], None]


STEPS = (
    Step(1, "A call is recorded once", step_1_contact.run),
    Step(2, "One queue; one desk claims it", step_2_queue.run),
    Step(3, "A strengths-based assessment is signed", step_3_assessment.run),
    Step(4, "A care plan comes from it", step_4_plan.run),
    Step(5, "Visits are given to workers", step_5_boards.run),
    Step(6, "An apartment is found and booked", step_6_apartment.run),
    Step(7, "Deployment sheets are printed", step_7_sheets.run),
)


class Slips:
    """Failures that nobody caught, in a slot or a paint event: the window goes on, the step does not count."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._before = sys.excepthook

    def __enter__(self) -> Slips:
        sys.excepthook = self._note
        return self

    def __exit__(self, *_error: object) -> None:
        sys.excepthook = self._before

    def _note(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.seen.append(f"the window failed with {kind.__name__} at {_place(error)}")
        self._before(kind, error, trace)

    def take(self) -> str:
        """What was seen since it was last asked."""
        seen, self.seen = self.seen, []
        return "; ".join(dict.fromkeys(seen))


def run(centre: Any, folder: Path, settings: Path, say: Callable[[str], object]) -> bool:
    """Go through all steps, whatever becomes of one of them. ``say`` gets a line a step, and lines beneath it."""
    from ui.desktop import make_app

    app = make_app()
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, "light")
    session = witness(centre, WITNESS)
    tour = Tour(
        centre, folder, settings, Album(folder), Story(newcomer(session.services, today_of(session.services))),
        session.services,
    )  # fmt: skip
    began = monotonic()
    try:
        with Slips() as slips:
            good = [_take(tour, step, say, slips) for step in STEPS]
        done = f"{sum(good)} of {len(STEPS)} steps read back from the database"
        say(f"   {done:<42}{monotonic() - began:6.1f} s  {folder}")
    finally:
        for desk in tour.desks.values():
            desk.close()
        for other in (session, *tour.sessions.values()):
            other.close()
    return all(good)


def _take(tour: Tour, step: Step, say: Callable[[str], object], slips: Slips) -> bool:
    """One step: its line, and what went wrong beneath it."""
    tour.notes.clear()
    before, began, problem = len(tour.album.taken), monotonic(), ""
    try:
        step.run(tour)
    except Unmet as unmet:
        problem = str(unmet)
    except Exception as error:  # a step must not take the others with it
        problem = f"{sentence(error)} ({type(error).__name__}, {_place(error)})"
    problem = problem or slips.take()
    if problem:
        _keep_moment(tour, step.number)
    pictures = "  ".join(tour.album.taken[before:])
    outcome = f"{monotonic() - began:6.1f} s" if not problem else "  NOT DONE"
    say(f"{step.number}  {step.title:<42}{outcome}  {pictures}".rstrip())
    for note in tour.notes:
        say(f"   {note}")
    if problem:
        say(f"   {problem}")
        for desk in tour.desks.values():
            for words in desk.failures():
                say(f"   on the screen of {desk.user}: {words}")
    for desk in tour.desks.values():
        desk.clear_notices()
    return not problem


def _keep_moment(tour: Tour, number: int) -> None:
    for user, desk in tour.desks.items():
        with suppress(Exception):
            tour.album.take(f"failed-{number}-{user}", desk.window)


def _place(error: BaseException) -> str:
    trace = traceback.extract_tb(error.__traceback__)
    return f"{Path(trace[-1].filename).name}:{trace[-1].lineno}" if trace else "an unknown place"
