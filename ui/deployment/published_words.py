"""A published plan and what has changed since, in words. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coordination.clock import local_date
from coordination.deployment.model import Board
from coordination.deployment.published import Change, Changes, Edition
from coordination.values import VisitId, WorkerId
from ui import wording
from ui.deployment.messages import STATES
from ui.deployment.published_messages import KINDS, NEVER, NO_CHANGE, PUBLISHED, SINCE


def headline(edition: Edition | None, changes: Changes | None = None) -> str:
    """``Published 07:12 by M. Shaw, version 2; 3 changes since``."""
    if edition is None:
        return NEVER
    same_day = local_date(edition.at) == edition.day
    at = wording.clock_time(edition.at) if same_day else wording.day_time(edition.at)
    said = PUBLISHED.format(at=at, by=edition.by_name, version=edition.version)
    if changes is None:
        return said
    return f"{said}; {SINCE.format(count=wording.count(len(changes), 'change')) if changes.all else NO_CHANGE}"


@dataclass(frozen=True)
class ChangeRow:
    """One change in the list: whose, when, which visit, and what is different."""

    key: tuple[VisitId, WorkerId, str]
    change: Change
    worker: str
    time: str
    person: str
    what: str


def rows(board: Board, changes: Changes) -> list[ChangeRow]:
    """In order of worker's name and time."""
    names = {w.id: w.name for w in board.workers}
    made = [_row(board, names, change) for change in changes.all]
    return sorted(made, key=lambda r: (r.worker, r.change.moment))


def _row(board: Board, names: dict[WorkerId, str], change: Change) -> ChangeRow:
    visit = board.visit_by_id.get(change.visit_id)
    worker = names.get(change.worker_id, "Not on this board any more")
    person = visit.person.listed if visit is not None else change.person
    key = (change.visit_id, change.worker_id, change.kind)
    return ChangeRow(key, change, worker, wording.clock_time(change.moment), person, what(change, names))


def what(change: Change, names: dict[WorkerId, str]) -> str:
    """``Moved from 09:00 to 09:30``, ``New, in place of Amina``."""
    others = wording.listing([names[w] for w in change.others if w in names])
    if change.kind == "moved" and change.was is not None and change.now is not None:
        return f"Moved from {wording.clock_time(change.was.start)} to {wording.clock_time(change.now.start)}"
    if change.kind == "new":
        return f"New, in place of {others}" if others else "New"
    if change.kind == "taken_off":
        return f"Taken off; {others} goes" if others else "Taken off; nobody goes"
    if change.kind == "other_worker":
        return f"With {others} now" if others else "On their own now"
    if change.kind == "cancelled":
        return STATES[change.state].capitalize()
    return "Other words: read it again"


def of_visit(changes: Sequence[Change], names: dict[WorkerId, str]) -> str:
    """For a tip and a screen reader: what of one visit is not as published."""
    said = dict.fromkeys(f"{KINDS[c.kind].lower()} ({names.get(c.worker_id, '')})" for c in changes)
    return "Since published: " + wording.listing(list(said)) + "." if said else ""
