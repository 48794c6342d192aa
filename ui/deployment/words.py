"""Obstacles, visits and hours in words, as the boards say them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Any

from coordination.deployment.balance import HourLoad
from coordination.deployment.model import Board, Step, Visit, Worker
from coordination.deployment.suggest import capacity, free_time, load
from coordination.errors import Conflict, Obstacle, Refused
from coordination.values import Window
from ui import sentences, wording
from ui.deployment.messages import KINDS, LABELS, SAID, SEVERAL, SHORT, STATES


def span(window: Window) -> str:
    """``09:00–09:45``."""
    return f"{wording.clock_time(window.start)}–{wording.clock_time(window.end)}"


def full(found: Obstacle) -> str:
    """A sentence; times without their date, since a board is one day."""
    return sentences.obstacle_words(replace(found, facts=tuple(_plain(found).items())))


def short(found: Obstacle) -> str:
    """A few words without the worker's name, for a lane or a list."""
    template = SHORT.get(found.code)
    if template is None:
        return full(found)
    facts = _plain(found)
    if found.code in ("late", "early"):
        facts["minutes"] = wording.length(timedelta(minutes=facts["minutes"]))
    return template.format_map(facts)


def refusal(error: Refused) -> str:
    """What was refused and everything in the way of it."""
    plain = (replace(o, facts=tuple(_plain(o).items())) for o in error.obstacles)
    return sentences.sentence(Refused(error.action, tuple(plain)))


def _plain(found: Obstacle) -> dict[str, Any]:
    if found.code in ("gap_short", "gap_long"):
        return _of_gap(found)
    return {name: _fact(found.code, name, value) for name, value in found.facts}


def _of_gap(found: Obstacle) -> dict[str, Any]:
    facts = dict(found.facts)
    no_sooner = facts["before"] == (found.code == "gap_short")
    return {
        **{name: _fact(found.code, name, value) for name, value in found.facts},
        "minutes": wording.length(timedelta(minutes=facts["minutes"])),
        "before": "after" if facts["before"] else "before",
        "limit": f"{'from' if no_sooner else 'until'} {wording.clock_time(facts['limit'])}",
    }


def _fact(code: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return wording.clock_time(value)
    if name == "hours":
        return wording.listing([span(Window(start, end)) for start, end in value])
    if name == "kind":
        return KINDS.get(value, value)
    if name == "state":
        return STATES.get(value, value)
    if code in ("load", "contact_limit") and name in ("minutes", "capacity", "most", "given"):
        return wording.length(timedelta(minutes=value))
    return wording.listing(list(value)) if isinstance(value, tuple) and value else value


def hours_of(worker: Worker) -> str:
    """``07:00–15:00``, less leave and sickness; ``Sick``, ``On leave`` or ``Not at work`` when nothing is left."""
    left = free_time(worker.at_work, (a.window for a in worker.away))
    if left:
        return ", ".join(span(w) for w in left)
    if worker.away:
        return KINDS[worker.away[0].kind].capitalize()
    return "Not at work"


def given(board: Board, worker: Worker) -> str:
    """``5 h 10 min of 8 h``: how full the day is."""
    there = capacity(worker)
    if not there:
        return ""
    return f"{_hours(load(board, worker))} of {_hours(there)} h"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def state_of(visit: Visit) -> str:
    """The look and the word of a visit: a code of tokens.toml."""
    if visit.is_over:
        return visit.state
    if not visit.allocations:
        return "unplaced"
    return "pinned" if visit.is_pinned else "allocated"


def said(step: Step, board: Board) -> str:
    """What was done, for the notice."""
    return SAID[step.what].format_map(_facts(step, board))


def label(step: Step, board: Board) -> str:
    """What was done, as it follows "Undo: "."""
    return LABELS[step.what].format_map(_facts(step, board))


def cannot_turn(label_: str, error: Exception, *, forward: bool) -> str:
    """Why something cannot be undone or done again any more."""
    start = f"{'Not done again' if forward else 'Not undone'}: {label_}. "
    if isinstance(error, Refused):
        return start + " ".join(full(found) for found in error.obstacles)
    if isinstance(error, Conflict):
        return start + "Somebody has changed it since; the board shows it as it stands now."
    return start + sentences.sentence(error)


def turned_in_part(label_: str, turned: int, error: Exception, *, forward: bool) -> str:
    """Some visits went back, some did not."""
    return f"{wording.count(turned, 'visit')} {'done again' if forward else 'undone'}, the others not. " + cannot_turn(
        label_, error, forward=forward
    )


def said_of_several(label_: str, names: Mapping[str, str]) -> str:
    """What was done to several visits, for the notice."""
    return SEVERAL[label_].format_map(names)


def visits(count: int) -> str:
    """``5 visits``."""
    return wording.count(count, "visit")


def lost(now: Visit, board: Board) -> str:
    """Somebody was quicker with this visit: how it stands now."""
    names = [board.worker_by_id[a.worker_id].name for a in now.allocations if a.worker_id in board.worker_by_id]
    if now.is_over:
        stands = f"it is {STATES[now.state]}"
    elif now.starts is not None:
        stands = f"it is with {wording.listing(names) or 'another team'} at {wording.clock_time(now.starts)}"
    else:
        stands = "nobody has it"
    return f"Somebody was quicker with {now.person.listed}: {stands} now. Nothing of theirs was changed."


def _facts(step: Step, board: Board) -> dict[str, str]:
    after = step.after
    held = after.allocations[-1] if after.allocations else None
    names = [board.worker_by_id[a.worker_id].name for a in after.allocations if a.worker_id in board.worker_by_id]
    return {
        "person": after.person.listed,
        "worker": wording.listing(names) if names else "",
        "start": wording.clock_time(held.window.start) if held else "",
        "state": STATES.get(after.state, after.state),
    }


def about(board: Board, visit: Visit) -> str:
    """Everything that a block cannot show, for its tip and for a screen reader: one fact a line."""
    who = [board.worker_by_id[a.worker_id].name for a in visit.allocations if a.worker_id in board.worker_by_id]
    held = visit.allocations[0].window if visit.allocations else None
    lines = [
        visit.person.listed,
        f"{span(held)}, {wording.listing(who)}" if held else f"Not placed, {visit.minutes} min",
        f"Should begin {arrival(visit)}" + (", time-critical" if visit.time_critical else ""),
        visit.need,
        _needs(board, visit),
        "" if visit.state == "planned" else f"{STATES[visit.state].capitalize()}. {visit.state_reason}".strip(),
    ]
    return "\n".join(line for line in lines if line)


def arrival(visit: Visit) -> str:
    """``09:00–10:00``, or ``09:00, fixed``."""
    return f"{wording.clock_time(visit.fixed)}, fixed" if visit.fixed else span(visit.arrive)


def way_in(visit: Visit) -> str:
    """How to get in: what is noted for this visit, then what the record says."""
    return ". ".join(n.strip(" .") for n in (visit.access_notes, visit.person.access_notes) if n.strip())


def gaps(board: Board, visit: Visit) -> list[str]:
    """``at least 4 h after the visit at 08:00``: one for each visit that it must keep a gap to."""
    said = []
    for pair in visit.pairs:
        other = board.visit_by_id.get(pair.other)
        where = "after" if pair.other_first else "before"
        at = f" at {wording.clock_time(other.starts or other.arrive.start)}" if other else ""
        most = f" and at most {wording.length(timedelta(minutes=pair.most))}" if pair.most is not None else ""
        said.append(f"at least {wording.length(timedelta(minutes=pair.least))}{most} {where} the visit{at}")
    return said


def demand(hour: HourLoad) -> str:
    """What stands behind a bar above the board."""
    spans = (wording.length(timedelta(minutes=m)) for m in (hour.placed, hour.unplaced, hour.capacity))
    given_, open_, there = spans
    span_ = f"{wording.clock_time(hour.start)}–{wording.clock_time(hour.start + timedelta(hours=1))}"
    short_ = "\nMore is asked than there are people for." if hour.is_short else ""
    return f"{span_}\nGiven {given_}, open {open_}\nCapacity {there}{short_}"


def tip(says: str) -> str:
    """Words for a tool tip, which Qt would otherwise read as markup if they look like it."""
    return "<qt>" + escape(says).replace("\n", "<br>") + "</qt>" if says else ""


def _needs(board: Board, visit: Visit) -> str:
    needs = [board.skills.get(code, code) for code in visit.skills]
    if visit.workers_needed == 2:
        needs.append("two workers")
    if visit.gender_asked:
        needs.append(f"{visit.gender_asked} worker")
    return "Needs " + wording.listing(needs) if needs else ""


def head(board: Board, visits: Iterable[Visit]) -> str:
    """``12 workers, 118 visits, 6 not placed``."""
    at_work = sum(1 for w in board.workers if capacity(w))
    open_ = len(board.unplaced)
    standing = sum(1 for v in visits if v.state not in ("cancelled", "moved"))
    parts = [wording.count(at_work, "worker"), wording.count(standing, "visit")]
    return ", ".join([*parts, f"{open_} not placed" if open_ else "all placed"])
