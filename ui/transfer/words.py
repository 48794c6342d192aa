"""How the transfer page says things, and how they look."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from coordination.clock import local_date
from coordination.reference import standing
from coordination.transfer.model import Caseload, Light, Transfer
from ui import wording
from ui.style.tokens import State
from ui.transfer.messages import LIGHT_WORDS, PATHWAY_WORDS

VIEWS = {
    "all": "Ready",
    "go": "Everything green",
    "assess": "To assess",
    "delayed": "No reason yet",
    "told": "From wards",
}
EMPTY = {
    "all": ("Nobody waits in hospital", "Whoever no longer needs a hospital bed is put on this list (N)."),
    "go": ("Nobody has everything green", "Whoever can go home at once appears here."),
    "assess": ("Nobody waits for an assessment", "Whoever is to be assessed within 24 or 4 hours appears here."),
    "delayed": ("Every night has its reason", "Whoever waits without a recorded reason appears here."),
    "told": ("No ward is waiting for us", "Whoever a ward says is ready, and is not on the list, appears here."),
}


@cache
def reasons(list_: str) -> dict[str, str]:
    """Code to words, of one year's list."""
    return {r.code: r.words for r in standing.read().delay_reasons if r.list == list_}


@cache
def destinations(list_: str) -> dict[str, str]:
    return {d.code: d.words for d in standing.read().destinations if d.list == list_}


def ready_words(one: Transfer, now: datetime) -> str:
    """``3 nights``, ``Since 09:10``."""
    nights = one.nights_waited(local_date(now))
    return wording.count(nights, "night") if nights else f"Since {wording.clock_time(one.ready_at)}"


def ready_look(one: Transfer, now: datetime) -> State | None:
    nights = one.nights_waited(local_date(now))
    if nights >= 2:
        return State("red", "bed")
    return State("amber", "bed") if nights else None


def assess_words(one: Transfer, now: datetime) -> str:
    """``2 h left``, ``25 min over``; empty when none is due."""
    return "" if one.assess_due is None else wording.time_left(one.assess_due, now)


def assess_look(one: Transfer, now: datetime) -> State | None:
    if one.assess_due is None:
        return None
    left = (one.assess_due - now).total_seconds()
    return State("red", "warning") if left < 0 else State("amber", "clock") if left < 3600 else None


def lights_words(one: Transfer) -> str:
    """``6 of 8: medicines, transport``."""
    left = [LIGHT_WORDS[light.kind].casefold() for light in one.open_lights]
    green = len(one.lights) - len(left)
    return "Everything is seen to" if not left else f"{green} of {len(one.lights)}: {', '.join(left)}"


def lights_look(one: Transfer) -> State | None:
    return State("ok", "check") if one.is_ready_to_go else None


def delay_words(one: Transfer, today: date) -> str:
    """The national words of why they wait."""
    return reasons(one.list).get(one.delay.reason, one.delay.reason) if one.delay is not None else "No reason yet"


def delay_look(one: Transfer, today: date) -> State | None:
    return State("amber", "question") if one.delay is None and one.nights_waited(today) else None


def light_words(light: Light) -> str:
    return {"done": "Seen to", "not_needed": "Not needed"}.get(light.state, "To do")


def light_look(light: Light) -> State:
    return {
        "done": State("ok", "check"), "not_needed": State("neutral", "minus"),
    }.get(light.state, State("amber", "circle"))  # fmt: skip


def light_note(light: Light) -> str:
    """Who said so and when; of what is looked up, what was found."""
    if light.kind == "first_visit" and light.at is not None and not light.by_name:
        return f"First visit {wording.day_time(light.at)}"
    said = [light.note] if light.note else []
    if light.by_name and light.at is not None:
        said.append(f"{light.by_name}, {wording.day_time(light.at)}")
    return ". ".join(said)


def pathway_words(one: Transfer) -> str:
    return PATHWAY_WORDS.get(one.pathway, "Not chosen yet")


def caseload_words(load: Caseload) -> str:
    """``37 of 100; 5 expected to leave by 06-Dec-2026; 3 told by wards``, and when there is room again."""
    said = [f"{load.now} of {load.most}"]
    leaving = sum(many for _, many in load.leaving)
    if leaving:
        said.append(f"{leaving} expected to leave by {wording.day(load.leaving[-1][0])}")
    if load.queued:
        said.append(f"{load.queued} told by wards")
    if load.now >= load.most:
        free = load.first_place
        said.append(f"room again {wording.day(free)}" if free else "no room in sight")
    return "; ".join(said)
