"""What the codes of reablement are called, and how an episode is said in a line."""

from __future__ import annotations

from datetime import date

from coordination.errors import Obstacle
from coordination.reablement import rules
from coordination.reablement.model import EpisodeEvent, EpisodeRow, Offer, Package
from ui import wording
from ui.style.tokens import State

KINDS = {"standard": "Standard", "complex": "Complex"}
AIMS = {
    "independent": "To manage alone",
    "less_care": "To manage with less care",
    "long_term_care": "Long-term care at home",
}
OUTCOMES = {
    "independent": "Manages alone",
    "less_care": "Manages with less care",
    "long_term_care": "Handed over to long-term care at home",
    "hospital": "In hospital",
    "moved": "Moved away",
    "declined": "Declined to go on",
    "died": "Has died",
}
DECISIONS = {"continue": "Go on as it is", "reduce": "Go on with fewer hours", "end": "End it"}
BARRIERS = {
    "two_workers": "Two workers",
    "behaviour": "Behaviour",
    "times": "Times of day",
    "place": "Where they live",
    "equipment": "Equipment",
    "medication": "Medication",
    "language": "Language",
    "other": "Something else",
}
OFFERS = {
    "offered": "Waiting for an answer",
    "accepted": "Accepted",
    "changed": "Only if changed",
    "declined": "Declined",
    "withdrawn": "Handed back",
}
OFFER_LOOKS = {
    "offered": State("amber", "hourglass"),
    "accepted": State("ok", "check"),
    "changed": State("plum", "pencil-simple"),
    "declined": State("neutral", "x"),
    "withdrawn": State("plum", "arrow-u-up-left"),
}
_EVENTS = {
    "opened": "Began",
    "end_moved": "Planned end moved to {day}",
    "complex": "Complex from here on",
    "standard": "Standard again",
    "handed_over": "Given to {words}",
    "ended": "Ended",
    "reopened": "Has not ended after all",
}


def day(started_on: date, planned_end: date, today: date) -> str:
    """``Day 38 of 42``; ``Begins 24-Nov-2026``; past it ``Day 44 of 42``."""
    number = rules.day_of(started_on, today)
    if number < 1:
        return f"Begins {short_day(started_on)}"
    return f"Day {number} of {rules.length(started_on, planned_end)}"


def row_day(row: EpisodeRow, today: date) -> str:
    if row.ended_on is not None:
        return f"Ended {short_day(row.ended_on)}"
    return day(row.started_on, row.planned_end, today)


def day_look(standing: str) -> State | None:
    """Shape and colour of how an episode stands; the words are beside it."""
    return {
        "over": State("red", "warning-octagon-fill"),
        "ending": State("amber", "timer"),
        "running": State("neutral", "clock"),
        "waiting": State("neutral", "hourglass"),
        "ended": State("neutral", "check"),
    }.get(standing)


def standing(row: EpisodeRow, today: date) -> str:
    return rules.standing(row.started_on, row.planned_end, today, row.ended_on)


def short_day(value: date) -> str:
    """``Tue 24-Nov``."""
    return f"{wording.DAYS[value.weekday()]} {value.day:02d}-{wording.MONTHS[value.month - 1]}"


def apart(value: date, today: date) -> str:
    """``today``, ``in 3 days``, ``2 days late``."""
    days = (value - today).days
    if days == 0:
        return "today"
    return f"in {wording.count(days, 'day')}" if days > 0 else f"{wording.count(-days, 'day')} late"


def next_due(row: EpisodeRow, today: date) -> str:
    """What is due first: ``Review in 3 days``, ``End 2 days late``."""
    if row.ended_on is not None:
        return OUTCOMES[row.outcome] if row.outcome else ""
    due = rules.due_on(row)
    what = "Review" if row.next_review_on == due and due < row.planned_end else "End"
    return f"{what} {apart(due, today)}"


def next_look(row: EpisodeRow, today: date) -> State | None:
    if row.ended_on is not None:
        return None
    days = (rules.due_on(row) - today).days
    if days < 0:
        return State("red", "warning")
    return State("amber", "timer") if days <= 2 else None


def hours(minutes: int) -> str:
    """``14 h``, ``5 h 30``, ``45 min``."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest} min"
    return f"{whole} h {rest:02d}" if rest else f"{whole} h"


def row_hours(row: EpisodeRow) -> str:
    """Hours a week at the start and now."""
    return f"{hours(row.minutes_start)} → {hours(row.minutes_now)}"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{round(value, 1):g}".replace("-", "−")


def signed(value: float | None) -> str:
    """``+4``, ``−2``, ``0``; empty when there is nothing to compare."""
    if value is None:
        return ""
    value = round(value, 1)
    return f"+{value:g}" if value > 0 else f"−{-value:g}" if value < 0 else "0"


def row_score(row: EpisodeRow) -> str:
    """``12 → 16, +4``."""
    if row.score_start is None and row.score_end is None:
        return "Not yet"
    change = None if row.score_start is None or row.score_end is None else row.score_end - row.score_start
    said = f"{number(row.score_start)} → {number(row.score_end)}"
    return f"{said}, {signed(change)}" if change is not None else said


_BLOCKS = {
    "review_overdue": "review was due {due}",
    "package_missing": "no package written",
    "package_not_offered": "package offered to nobody",
    "package_waits": "waits for {offers} to answer",
    "package_declined": "declined by {offers}",
    "package_without_start": "{provider} has given no start",
    "package_starts_later": "care starts only {starts}",
    "barriers_open": "{number} in providers’ way",
    "no_start_scores": "no start scores",
    "no_end_scores": "no end scores",
}


def blocks(found: tuple[Obstacle, ...]) -> str:
    """What keeps it from ending, in one line: ``Declined by 2 providers; no end scores``."""
    said = "; ".join(_block(each) for each in found)
    return said[:1].upper() + said[1:]


def row_blocks(row: EpisodeRow, today: date) -> str:
    """The same for a line; of one that is past its end and has nothing in the way, that it can end."""
    found = rules.blocks(row, today)
    if not found and standing(row, today) == "over":
        return "Nothing: end it"
    return blocks(found)


def _block(found: Obstacle) -> str:
    facts = dict(found.facts)
    for name in ("due", "starts"):
        if name in facts:
            facts[name] = short_day(facts[name])
    if "offers" in facts:
        facts["offers"] = wording.count(facts["offers"], "provider")
    if "number" in facts:
        facts["number"] = wording.count(facts["number"], "thing")
    return _BLOCKS[found.code].format(**facts)


def package(wanted: Package) -> str:
    """``14 h a week, 3 calls a day, two workers, from Tue 24-Nov``."""
    said = [f"{hours(wanted.minutes_a_week)} a week", f"{wording.count(wanted.calls_a_day, 'call')} a day"]
    if wanted.workers_a_call == 2:
        said.append("two workers")
    said.append(f"from {short_day(wanted.starts_on)}" if wanted.starts_on else "no start date yet")
    return ", ".join(said)


def offered(offer: Offer) -> str:
    """``Asked 20-Nov-2026 by Moira Lomax; answered 21-Nov-2026``."""
    said = f"Asked {wording.day_time(offer.offered_at)} by {offer.offered_by_name}"
    if offer.answered_at is not None:
        said += f"; answer of {wording.day_time(offer.answered_at)}, taken by {offer.answered_by_name}"
    return said


def event(found: EpisodeEvent) -> str:
    given = wording.day(found.planned_end) if found.planned_end else ""
    return _EVENTS[found.what].format(day=given, words=found.words)
