"""How the transfer page says things, and how they look."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from coordination.clock import local_date
from coordination.intake.reference import pause_reasons
from coordination.reference import standing
from coordination.transfer.caseload import Caseload, OneMore
from coordination.transfer.hours import last_moment
from coordination.transfer.model import Light, Transfer
from ui import wording
from ui.style.tokens import State
from ui.transfer.messages import LIGHT_ICONS, LIGHT_MISSING, LIGHT_WORDS, PATHWAY_WORDS
from ui.widgets.marks import Mark

VIEWS = {
    "all": "Ready",
    "go": "Everything green",
    "assess": "To assess",
    "delayed": "No reason yet",
    "told": "From wards",
}
LIGHTS_HELP = "Full: seen to. A ring: to do. Struck out: not needed. Left and Right choose one; G or a click opens it."
EMPTY = {
    "all": (
        "Nobody waits in hospital",
        "Whoever no longer needs a hospital bed is put on this list. N puts somebody on it.",
    ),
    "go": ("Nobody has everything green", "Whoever has everything seen to appears here."),
    "assess": ("Nobody waits for an assessment", "Whoever is to be assessed within 24 or 4 hours appears here."),
    "delayed": ("Every night has its reason", "Whoever waits without a recorded reason appears here."),
    "told": ("No ward is waiting for us", "Whoever a ward says is ready, and is not on the list, appears here."),
}


@cache
def reasons(list_: str) -> dict[str, str]:
    """Code to words, of one year's list."""
    return {r.code: r.words for r in standing.read().delay_reasons if r.list == list_}


@cache
def _short_reasons(list_: str) -> dict[str, str]:
    return {r.code: r.short or r.words for r in standing.read().delay_reasons if r.list == list_}


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
    """``2 h left``, ``25 min over``, ``1 h left, paused``; empty when none is due."""
    if not one.clocks:
        return ""
    clock = one.clocks[0]
    left = clock.left(now)
    over = -left
    if over > timedelta():  # in whole hours once there is one: the minutes say nothing more
        hours, minutes = over // timedelta(hours=1), over // timedelta(minutes=1)
        said = f"{hours} h over" if hours else f"{minutes} min over"
    else:
        said = wording.time_left(now + left, now)
    return f"{said}, paused" if clock.stands_still(now) else said


def assess_look(one: Transfer, now: datetime) -> State | None:
    if not one.clocks:
        return None
    clock = one.clocks[0]
    if clock.stands_still(now):
        return State("neutral", "pause")
    left = (last_moment(clock.due_at) - now).total_seconds()
    return State("red", "warning") if clock.due_at < now else State("amber", "clock") if left < 3600 else None


def clock_lines(one: Transfer, now: datetime) -> list[str]:
    """Each clock that runs, with who is to assess, why it stands still, and what is missing."""
    said: list[str] = []
    pauses: list[str] = []
    for clock in one.clocks:
        kind = "4 hours (T2)" if clock.kind == "assess_4h" else "24 hours (T1)"
        line = f"{kind}: due {wording.near_time(clock.due_at, now)}"
        latest = last_moment(clock.due_at)
        if latest != clock.due_at and clock.due_at > now:
            line += f", so by {wording.near_time(latest, now)} (08:00 to 22:00)"
        said.append(f"{line}. {clock.holder_name or 'Nobody'} has it.")
        if clock.stands_still(now) and clock.paused_until is not None:
            reason = pause_reasons().get(clock.paused_reason)
            why = reason.name.casefold() if reason is not None else clock.paused_reason
            pauses.append(f"until {wording.near_time(clock.paused_until, now)}: {why}.")
    if pauses:  # one pause stops every clock that can be paused
        stands = (
            "Both stand still"
            if len(pauses) > 1
            else "The clock stands still"
            if len(said) == 1
            else "One stands still"
        )
        said.append(f"{stands} {pauses[0]}")
    if one.clocks and one.clocks[0].missing:
        said.append(f"Missing: {one.clocks[0].missing}")
    return said


def clock_owner(one: Transfer) -> str:
    """Who is to assess, and what is missing for it."""
    if not one.clocks:
        return ""
    who = one.clocks[0].holder_name or "Nobody yet"
    return f"{who}; asked: {one.clocks[0].missing}" if one.clocks[0].missing else who


def clock_owner_short(one: Transfer) -> str:
    """The same in the width of a column: ``Hussain``."""
    if not one.clocks:
        return ""
    clock = one.clocks[0]
    who = clock.holder_name.split()[-1] if clock.holder_name else "Nobody"
    return f"{who}; asked: {clock.missing}" if clock.missing else who


def missing_look(one: Transfer) -> State | None:
    return State("amber", "question") if one.clocks and one.clocks[0].missing else None


def lights_words(one: Transfer) -> str:
    """``6 of 8: medicines, transport``."""
    left = [LIGHT_WORDS[light.kind].casefold() for light in one.open_lights]
    green = len(one.lights) - len(left)
    return "Everything is seen to" if not left else f"{green} of {len(one.lights)}: {', '.join(left)}"


def lights_in_full(one: Transfer) -> str:
    """A line for each light: what a screen reader says of the row of marks."""
    return "\n".join(light_mark(light).words for light in one.lights)


def lights_marks(one: Transfer) -> tuple[Mark, ...]:
    return tuple(light_mark(light) for light in one.lights)


def light_mark(light: Light) -> Mark:
    """``Medicines. To do: nobody has said what goes home with them``."""
    return Mark(LIGHT_ICONS[light.kind], light.state, f"{LIGHT_WORDS[light.kind]}. {light_says(light)}")


def delay_short(one: Transfer) -> str:
    """The same in the few words of a column."""
    if one.delay is None:
        return "No reason yet"
    return _short_reasons(one.list).get(one.delay.reason, one.delay.reason)


def delay_words(one: Transfer, today: date) -> str:
    """The national words of why they wait."""
    return reasons(one.list).get(one.delay.reason, one.delay.reason) if one.delay is not None else "No reason yet"


def delay_look(one: Transfer, today: date) -> State | None:
    return State("amber", "question") if one.delay is None and one.nights_waited(today) else None


def light_words(light: Light) -> str:
    return {"done": "Seen to", "not_needed": "Not needed"}.get(light.state, "To do")


def light_says(light: Light) -> str:
    """How it stands: who said so and when, or what is missing."""
    note = light_note(light)
    if light.state == "to_do":
        return f"To do: {note or LIGHT_MISSING[light.kind]}"
    return f"{light_words(light)}. {note}".removesuffix(". ")


def light_note(light: Light) -> str:
    """Who said so and when; of what is looked up, what was found."""
    if light.kind == "first_visit" and light.at is not None and not light.by_name:
        when = wording.day_time(light.at)
        return f"First visit {when}" if light.state == "done" else f"Planned {when}; nobody goes yet"
    if light.kind == "apartment" and light.at is not None and not light.by_name:
        return f"{light.note}, from {wording.day(local_date(light.at))}"
    said = [light.note] if light.note else []
    if light.by_name and light.at is not None:
        said.append(f"{light.by_name}, {wording.day_time(light.at)}")
    return ". ".join(said)


def pathway_words(one: Transfer) -> str:
    return PATHWAY_WORDS.get(one.pathway, "Not chosen yet")


def caseload_words(load: Caseload) -> str:
    """``37 of 100 in recovery: 25 reablement, 12 intermediate care; 12 behind it (9 in hospital, 3 told by wards)``."""
    said = [f"{load.now} of {load.most} in recovery: {apart(load)}"]
    if load.queued:
        told = f", {load.told_all} told by wards" if load.told_all else ""
        said.append(f"{load.queued} behind it ({len(load.behind)} in hospital{told})")
    if load.now + load.queued >= load.most:
        free = load.first_place
        said.append(f"next free place {wording.day(free)}" if free else "no free place in 14 days")
    return "; ".join(said)


def caseload_short(load: Caseload) -> str:
    """``37 of 100 in recovery: 25 reablement, 12 intermediate care; 12 behind it; next free place 25-Nov-2026``."""
    said = [f"{load.now} of {load.most} in recovery: {apart(load)}"]
    said += [f"{load.queued} behind it"] if load.queued else []
    if load.now + load.queued >= load.most:
        free = load.first_place
        said.append(f"next free place {wording.day(free)}" if free else "no free place in 14 days")
    return "; ".join(said)


def apart(load: Caseload) -> str:
    """Reablement and intermediate care are counted apart."""
    return f"{load.of('reablement')} reablement, {load.of('intermediate_care')} intermediate care"


def hours_words(minutes: int) -> str:
    """``3.5 h``."""
    return f"{minutes / 60:.1f} h"


def cost_words(cost: OneMore) -> list[str]:
    """What it costs to take somebody today, a line each; the first is the answer."""
    said = []
    if not cost.over:
        said.append(f"There is room: no day of the next {len(cost.days)} passes {cost.most}.")
    else:
        first, last, top = cost.over[0], cost.over[-1], max(d.load for d in cost.over)
        span = wording.day(first.day) if first == last else f"{wording.day(first.day)} to {wording.day(last.day)}"
        many = wording.count(len(cost.over), "day passes", "days pass")
        said.append(f"{many} {cost.most}: {span}, {top} at most.")
    for before, after in cost.delayed:
        who = before.waiting.who or "Somebody not shared with you"
        said.append(f"{who}: {_start(before.on)} becomes {_start(after.on)}.")
    if cost.delayed:
        said.append(f"{wording.count(cost.days_lost, 'day')} later in all.")
    else:
        said.append("Nobody else begins later.")
    return [*said, *_hours_lines(cost)]


def _hours_lines(cost: OneMore) -> list[str]:
    """Hours of reablement where they live: on the days that pass the most, or on all that have a rota."""
    if cost.waiting.recovery != "reablement":
        return []
    known = [d for d in cost.over or cost.days if d.short is not None]
    if not known:
        return ["No day ahead has a rota where they live, so hours of reablement cannot be told."]
    short, added = sum(d.short or 0 for d in known), sum(d.added or 0 for d in known)
    days = wording.count(len(known), "such day" if cost.over else "day")
    said = [f"Somebody in reablement takes about {cost.minutes_a_day} min a day."]
    if not short:
        return [*said, f"Where they live reablement is short of nothing on {days}."]
    more = f", {hours_words(added)} of it by this" if added else ""
    return [*said, f"Where they live reablement is short of {hours_words(short)} on {days}{more}."]


def _start(on: date | None) -> str:
    return wording.day(on) if on is not None else "after these two weeks"
