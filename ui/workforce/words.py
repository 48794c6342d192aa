"""Workers, hours and absence in words. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from coordination.clock import local_date
from coordination.deployment.model import Place
from coordination.errors import BadValue
from coordination.values import Window
from coordination.workforce import rules
from coordination.workforce.model import (
    EXPIRES_SOON,
    Absence,
    Assignment,
    Changed,
    Given,
    HeldSkill,
    RollOut,
    Rota,
    RotaException,
    Spell,
    WorkerHead,
    WorkerRow,
)
from ui import sentences, wording
from ui.style.tokens import State
from ui.workforce.messages import CATEGORIES, EXCEPTIONS, KINDS, STATES, TRAVEL, WHY

LOOKS = {
    "work": State("ok", "check-circle"),
    "leave": State("neutral", "calendar-x"),
    "sickness": State("amber", "thermometer"),
    "off": State("neutral", "circle"),
}


def span(window: Window) -> str:
    return f"{wording.clock_time(window.start)}–{wording.clock_time(window.end)}"


def minutes_words(minutes: int | None) -> str:
    """``37 h 30 min``."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def as_hours(minutes: int | None) -> str:
    """``37:30``, as it may be typed."""
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def parse_length(text: str, field: str) -> int | None:
    """Minutes of ``37.5``, ``37:30``, ``37h30``, ``37``. Raises BadValue(field, 'not_a_length')."""
    text = text.strip().lower().replace(",", ".").removesuffix("hours").removesuffix("h").strip()
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,3})(?:[:h])([0-5]\d)", text):
        return int(found[1]) * 60 + int(found[2])
    if re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text):
        return round(float(text) * 60)
    raise BadValue(field, "not_a_length")


_SPELL = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.]?([0-5]\d))?")


def parse_hours(text: str, field: str) -> list[tuple[int, int]]:
    """Wall-clock minutes from and to of ``7-15``, ``07:30–15:00``, ``0700-1500``, ``22-7``, ``7-11, 16-20``; nothing
    for an empty cell, ``off`` or ``-``. Raises BadValue(field, 'not_hours' or 'no_hours')."""
    text = text.strip().lower()
    if text in ("", "off", "-", "–", "x"):
        return []
    found = []
    for part in re.split(r"[,;/]|\band\b", text):
        if not part.strip():
            continue
        read = _SPELL.fullmatch(part.strip())
        if read is None:
            raise BadValue(field, "not_hours")
        starts, ends = int(read[1]) * 60 + int(read[2] or 0), int(read[3]) * 60 + int(read[4] or 0)
        if starts >= 1440 or ends > 1440:
            raise BadValue(field, "not_hours")
        ends = ends or 1440
        if starts == ends:
            raise BadValue(field, "no_hours")
        found.append((starts, ends))
    return found


def hours_words(spells: Iterable[Spell | tuple[int, int]]) -> str:
    """``07:00–15:00``; two of one day after each other."""
    pairs = [(s.starts, s.ends) if isinstance(s, Spell) else s for s in spells]
    return ", ".join(f"{_clock(a)}–{_clock(b)}" for a, b in sorted(pairs))


def cell_words(spells: Iterable[Spell | tuple[int, int]]) -> str:
    """``07–15``, ``07:30–15``: as short as a cell of a rota is."""
    return hours_words(spells).replace(":00", "")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


# ---------------------------------------------------------------- a worker


def hours_of(row: WorkerRow) -> str:
    return ", ".join(span(w) for w in row.hours)


def state_words(row: WorkerRow) -> str:
    return STATES[row.state]


def skill_look(skill: HeldSkill, today: date) -> State | None:
    state = rules.skill_state(skill, today, EXPIRES_SOON)
    return {"expired": State("red", "prohibit"), "soon": State("amber", "timer")}.get(state)


def skill_until(skill: HeldSkill, today: date) -> str:
    if skill.expires_on is None:
        return "Does not run out"
    state = rules.skill_state(skill, today, EXPIRES_SOON)
    if state == "expired":
        return f"Ran out {wording.day(skill.expires_on)}"
    left = (skill.expires_on - today).days
    near = " (today)" if left == 0 else f" ({wording.count(left, 'day')})" if state == "soon" else ""
    return f"Until {wording.day(skill.expires_on)}{near}"


def expiring(row: WorkerRow, today: date) -> list[HeldSkill]:
    """Those that ran out or will within the month, the soonest first."""
    found = [s for s in row.skills if rules.skill_state(s, today, EXPIRES_SOON) != "held"]
    return sorted(found, key=lambda s: s.expires_on or date.max)


def expiring_words(row: WorkerRow, today: date) -> str:
    found = expiring(row, today)
    if not found:
        return ""
    gone = sum(rules.skill_state(s, today, EXPIRES_SOON) == "expired" for s in found)
    first = found[0].name
    if len(found) == 1:
        return f"{first} {'ran out' if gone else 'ends'} {wording.day(found[0].expires_on)}"
    parts = [f"{gone} ran out"] if gone else []
    parts += [f"{len(found) - gone} end soon"] if len(found) > gone else []
    return ", ".join(parts)


def expiring_look(row: WorkerRow, today: date) -> State | None:
    found = expiring(row, today)
    return None if not found else skill_look(found[0], today)


def matches(row: WorkerRow, typed: str) -> bool:
    """Every word that is typed is somewhere in what the list shows of a worker."""
    about = " ".join(
        (row.name, row.team, row.grade, row.agency, row.rota, STATES[row.state], TRAVEL[row.travel],
         "enhanced" if row.enhanced else "", "agency" if row.agency else "", *row.languages, *row.neighbourhoods,
         *(s.name for s in row.skills))
    ).casefold()  # fmt: skip
    return all(word in about for word in typed.casefold().split())


def place_words(place: Place | None) -> str:
    return "" if place is None else f"{place.lat:.4f}, {place.lon:.4f}"


def base_words(head: WorkerHead) -> str:
    if head.place is None:
        return "Not known: ways to the first visit and home are not counted"
    return "At home" if head.base == "home" else head.base_name or "At a base"


def value_words(field: str, value: Any, near: dict[int, str]) -> str:
    """A field of the head, to be shown beside another value of it."""
    if field in ("contracted_minutes", "most_minutes"):
        return minutes_words(value)
    if field == "neighbourhoods":
        return ", ".join(near.get(n, str(n)) for n in value)
    if field == "languages":
        return ", ".join(value)
    if field == "travel":
        return TRAVEL[value]
    if field == "base":
        return {"home": "Home", "base": "A base"}[value]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return place_words(value) if isinstance(value, Place) else str(value or "")


# ---------------------------------------------------------------- absence, exceptions, rotas


def absence_days(absence: Absence) -> str:
    """``23-Nov-2026``, ``23-Nov-2026 from 11:00``, ``23-Nov-2026 to 27-Nov-2026 11:00``."""
    first, last = rules.days_of(absence.window)
    starts, ends = wording.clock_time(absence.window.start), wording.clock_time(absence.window.end)
    begins = wording.day(first) + ("" if starts == "00:00" else f" {starts}")
    if first == last:
        return begins + ("" if ends == "00:00" else f" until {ends}")
    return f"{begins} to {wording.day(last)}" + ("" if ends == "00:00" else f" {ends}")


def absence_words(absence: Absence) -> str:
    kind = KINDS[absence.kind]
    return f"{kind}: {CATEGORIES[absence.category].lower()}" if absence.category else kind


def exception_words(exception: RotaException) -> str:
    hours = ""
    if exception.starts is not None and exception.ends is not None:
        hours = f" {hours_words([(exception.starts, exception.ends)])}"
    return EXCEPTIONS[exception.kind] + hours + (f": {exception.note}" if exception.note else "")


def assignment_words(assignment: Assignment, rotas: Sequence[Rota]) -> str:
    name = next((r.name for r in rotas if r.id == assignment.rota_id), "A rota of another team")
    last = f" to {wording.day(assignment.end - timedelta(days=1))}" if assignment.end else ""
    further = f", {wording.count(assignment.week_offset, 'week')} further on" if assignment.week_offset else ""
    return f"{name}, from {wording.day(assignment.start)}{last}{further}"


def given_words(given: Given) -> str:
    why = ", ".join(WHY[code] for code in given.why)
    notes = [n for n, on in (("pinned", given.pinned), ("two workers", given.two_workers)) if on]
    tail = f" ({', '.join(notes)})" if notes else ""
    return f"{wording.weekday(given.day)} {span(given.window)}  {given.person}{tail}: {why}"


def changed_words(done: Changed, name: str) -> str:
    """What was entered, and what it leaves open."""
    if done.after is None:
        said = f"{name} is not away any more."
    else:
        said = f"{name}: {KINDS[done.after.kind].lower()}, {absence_days(done.after)}."
    if done.freed:
        said += f" {wording.count(len(done.freed), 'visit')} taken back."
    elif done.stranded:
        said += f" {wording.count(len(done.stranded), 'visit')} still given to them."
    if done.unseen:
        more = wording.count(done.unseen, "visit")
        said += f" {more} more, to people who do not share their record with you: tell the team that goes there."
    return said


def rolled_words(done: RollOut | None, said: str) -> str:
    if done is None or not (done.added or done.removed):
        return said
    parts = [f"{wording.count(done.added, 'shift')} made"] if done.added else []
    parts += [f"{done.removed} taken away"] if done.removed else []
    said = f"{said} {', '.join(parts).capitalize()}."
    if done.stranded:
        said += f" {wording.count(len(done.stranded), 'visit')} outside the new hours."
    return said


def told_lines(done: RollOut) -> list[str]:
    """What a roll-out could not do, one sentence each."""
    return [sentences.obstacle_words(found) for found in done.told]


def today_of(clock: Any) -> date:
    return local_date(clock.now())
