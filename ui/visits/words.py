"""Rules, patterns and changes of visits in words. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from coordination.clock import LONDON
from coordination.deployment.model import Visit
from coordination.deployment.patterns import Change, Freed, Pattern, Rule
from coordination.deployment.patterns_store import FromPlan, VisitRow
from coordination.errors import Obstacle
from ui import sentences, wording
from ui.visits.times import gap_words, of_slots, one_words, times_words

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STATES = {
    "planned": "Planned",
    "done": "Done",
    "no_access": "No access",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "moved": "Moved",
    "missed": "Missed",
}
_NAMED = 3  # workers who are named one by one


def rule(found: Rule) -> str:
    """``Every day``, ``Every 2nd day``, ``Mon and Thu of every 2nd week``."""
    if found.unit == "day":
        return "Every day" if found.every == 1 else f"Every {nth(found.every)} day"
    if found.every == 1 and len(found.weekdays) == 7:
        return "Every day"
    if found.every == 1 and found.weekdays == (0, 1, 2, 3, 4):
        return "Monday to Friday"
    days = wording.listing([WEEKDAYS[n] for n in sorted(found.weekdays)])
    return f"{days} of every week" if found.every == 1 else f"{days} of every {nth(found.every)} week"


def nth(number: int) -> str:
    """``2nd``, ``11th``."""
    end = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{end}"


def times(pattern: Pattern) -> str:
    return times_words(of_slots(pattern.slots)[0])


def span(pattern: Pattern) -> str:
    """From when to when."""
    ends = pattern.rule.ends
    starts = wording.day(pattern.rule.starts)
    return f"{starts} to {wording.day(ends)}" if ends else f"From {starts} on"


def needs(pattern: Pattern) -> str:
    return "; ".join(dict.fromkeys(s.need for s in pattern.slots))


def gap(pattern: Pattern) -> str:
    return f"{gap_words(pattern.gap)} between" if pattern.gap else ""


def when(visit: VisitRow) -> str:
    """``08:00–10:00``, or ``08:00 fixed``."""
    start, end = (moment.astimezone(LONDON).time() for moment in (visit.arrive.start, visit.arrive.end))
    return f"{one_words(start, None)} fixed" if visit.fixed else one_words(start, end)


def goes(visit: VisitRow) -> str:
    """Who goes and when, or that nobody does."""
    if not visit.workers:
        return "Nobody yet"
    missing = visit.workers_needed - len(visit.workers)
    names = wording.listing(list(visit.workers)) + (" and one missing" if missing > 0 else "")
    return f"{wording.clock_time(visit.start)} {names}" if visit.start else names


def foretold(change: Change) -> str:
    """What saving would do: "Changes 12 visits from Tue 24-Nov-2026; 3 that were changed by hand stay"."""
    return _said(change, _MAY)


def happened(change: Change) -> str:
    """What was done, for the notice."""
    return _said(change, _DID)


_MAY = {"changed": "Changes", "dropped": "cancels", "made": "plans", "none": "No visit that has not been would change."}
_DID = {"changed": "Changed", "dropped": "cancelled", "made": "planned", "none": "No visit has changed."}


def _said(change: Change, verbs: dict[str, str]) -> str:
    changed = tuple(v for v in change.changed if v.state == "planned")
    parts = [
        f"{verbs[verb]} {wording.count(len(found), 'visit')}{_from(found)}"
        for verb, found in (("changed", changed), ("dropped", change.dropped), ("made", change.made))
        if found
    ]
    said = wording.listing(parts) if parts else verbs["none"].rstrip(".")
    said = said[0].upper() + said[1:]
    if change.stays:
        stay = "stays" if len(change.stays) == 1 else "stay"
        was = "was" if len(change.stays) == 1 else "were"
        said += f"; {len(change.stays)} that {was} changed by hand {stay}"
    return said + "." + freed(change.freed)


def freed(gone: Sequence[Freed]) -> str:
    """Who is not going any more, pinned ones first; a number when they are many."""
    if not gone:
        return ""
    first = sorted(gone, key=lambda f: (not f.pinned, f.start))
    named = [
        f"{f.worker} on {wording.weekday(f.visit.day)} at {wording.clock_time(f.start)}{', pinned' if f.pinned else ''}"
        for f in first[:_NAMED]
    ]
    more = len(first) - _NAMED
    named += [f"{more} more"] if more > 0 else []
    verb = "is" if len(first) == 1 else "are"
    return f" Not going any more {verb} {wording.listing(named)}."


def _from(found: Iterable[Visit]) -> str:
    days = sorted(v.day for v in found)
    return f" on {wording.weekday(days[0])}" if days[0] == days[-1] else f" from {wording.weekday(days[0])}"


def advice(found: Sequence[Obstacle]) -> str:
    """One sentence after the other."""
    return " ".join(sentences.obstacle_words(one) for one in found)


def proposal(found: FromPlan) -> str:
    """Why the visits should follow the plan: what the plan says, and how many visits it is about."""
    ahead = wording.count(found.ahead, "visit")
    placed = f", {found.placed} with a worker" if found.placed else ""
    why = {
        "reworded": f"The plan says now: {found.words}",
        "ended": "The action is done or dropped.",
        "taken_off": "The action was taken off the plan.",
        "plan_ended": "The plan has ended.",
    }[found.why]
    if not found.ahead:
        return f"{why.rstrip('.')}. No visit is to come just now."
    does = "would get these words" if found.why == "reworded" else "would be cancelled"
    return f"{why.rstrip('.')}. {ahead} to come{placed} {does}."


def day_of(found: date) -> str:
    return wording.weekday(found)


def length(minutes: int) -> str:
    return wording.length(timedelta(minutes=minutes))
