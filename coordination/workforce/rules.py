"""What may be said of a worker, an absence, an exception: checks of what was typed. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from coordination.clock import at_local, local_date
from coordination.deployment.model import Place
from coordination.errors import BadValue, BadValues
from coordination.values import Window
from coordination.workforce.model import (
    CATEGORIES,
    HEAD_FIELDS,
    AbsenceDraft,
    HeadChanges,
    HeldSkill,
    Relation,
    RotaException,
    WorkerDraft,
)
from coordination.workforce.rota import wall

LONGEST_ABSENCE = 400  # days
_LENGTHS = {"name": 120, "grade": 80, "base_name": 80, "agency": 80}
_RANGES = {"contracted_minutes": (0, 4200), "most_minutes": (15, 900)}


def check_draft(draft: WorkerDraft) -> WorkerDraft:
    """Raises BadValues by field."""
    check_head({"name": draft.name, "grade": draft.grade, "agency": draft.agency})
    return replace(draft, name=draft.name.strip(), grade=draft.grade.strip(), agency=draft.agency.strip())


def check_head(changes: HeadChanges) -> dict[str, object]:
    """The changes, trimmed. Raises BadValues by field of :class:`WorkerHead`."""
    problems: list[BadValue] = []
    clean: dict[str, object] = {}
    for name, value in changes.items():
        if name not in HEAD_FIELDS:
            problems.append(BadValue(name, "not_known"))
            continue
        clean[name] = value.strip() if isinstance(value, str) else value
        problems += _wrong(name, clean[name])
    if problems:
        raise BadValues(tuple(problems))
    if "languages" in clean:
        clean["languages"] = _words(changes["languages"])
    if "neighbourhoods" in clean:
        clean["neighbourhoods"] = tuple(sorted(set(changes["neighbourhoods"])))
    return clean


def _wrong(name: str, value: object) -> list[BadValue]:
    if name == "name" and not value:
        return [BadValue(name, "nameless")]
    if isinstance(value, str) and len(value) > _LENGTHS.get(name, 200):
        return [BadValue(name, "too_long")]
    if name in _RANGES and value is not None:
        least, most = _RANGES[name]
        if not isinstance(value, int) or not least <= value <= most:
            return [BadValue(name, "out_of_range")]
    if name == "languages" and isinstance(value, tuple) and len(_words(value)) > 12:
        return [BadValue(name, "too_many")]
    if name == "neighbourhoods" and isinstance(value, tuple) and any(n not in range(1, 13) for n in value):
        return [BadValue(name, "not_known")]
    if isinstance(value, Place) and not (-90 <= value.lat <= 90 and -180 <= value.lon <= 180):
        return [BadValue(name, "not_known")]
    return []


def _words(values: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, with a capital, each once, in order."""
    found: dict[str, str] = {}
    for value in values:
        word = " ".join(value.split())
        if word:
            found.setdefault(word.casefold(), word[0].upper() + word[1:])
    return tuple(sorted(found.values(), key=str.casefold))


def check_person(relation: Relation, reason: str) -> str:
    """Raises BadValue('reason', …): whoever is not to go somewhere is owed the reason in writing."""
    reason = reason.strip()
    if relation == "not_to" and not reason:
        raise BadValue("reason", "missing")
    if len(reason) > 300:
        raise BadValue("reason", "over_300")
    return reason


def check_exception(exception: RotaException) -> RotaException:
    """Raises BadValues: ``starts``, ``ends``, ``note``."""
    problems = []
    if exception.kind == "off":
        exception = replace(exception, starts=None, ends=None)
    elif exception.starts is None:
        problems.append(BadValue("starts", "missing"))
    elif exception.ends is None:
        problems.append(BadValue("ends", "missing"))
    elif exception.starts == exception.ends or not (0 <= exception.starts < 1440 and 0 < exception.ends <= 1440):
        problems.append(BadValue("ends", "no_hours"))
    if len(exception.note.strip()) > 200:
        problems.append(BadValue("note", "too_long"))
    if problems:
        raise BadValues(tuple(problems))
    return replace(exception, note=exception.note.strip())


# ---------------------------------------------------------------- absence


def check_absence(draft: AbsenceDraft) -> None:
    """Raises BadValues: ``last`` before ``first`` or too far, half days that leave nothing; ``category``."""
    problems = []
    if draft.last < draft.first:
        problems.append(BadValue("last", "before_first"))
    elif (draft.last - draft.first).days > LONGEST_ABSENCE:
        problems.append(BadValue("last", "too_far"))
    elif draft.first == draft.last and draft.from_midday and draft.to_midday:
        problems.append(BadValue("last", "nothing_left"))
    if draft.category and draft.category not in CATEGORIES[draft.kind]:
        problems.append(BadValue("category", "not_known"))
    if problems:
        raise BadValues(tuple(problems))


def absence_window(draft: AbsenceDraft, work: Iterable[Window]) -> Window:
    """From midnight to midnight, or to and from the middle of the worker's hours of that day. ``work`` are their shifts
    around those days. A night belongs to the day on which it begins: the one before is worked to its end, the last is
    away to its end."""
    shifts = tuple(work)
    start, end = at_local(draft.first, 0), at_local(draft.last, 24)
    start = max([start, *(w.end for w in shifts if local_date(w.start) < draft.first)])
    end = max([end, *(w.end for w in shifts if local_date(w.start) == draft.last)])
    start = midday(draft.first, shifts) if draft.from_midday else start
    end = midday(draft.last, shifts) if draft.to_midday else end
    if end <= start:
        raise BadValues((BadValue("last", "nothing_left"),))
    return Window(start, end)


def midday(day: date, work: Iterable[Window]) -> datetime:
    """Where a half day ends and the other begins: the middle of that day's hours, on whole five minutes; without hours,
    13:00 on the wall."""
    hours = [w for w in work if local_date(w.start) == day]
    if not hours:
        return wall(day, 13 * 60)
    first, last = min(w.start for w in hours), max(w.end for w in hours)
    middle = first + (last - first) / 2
    return middle.replace(minute=middle.minute - middle.minute % 5, second=0, microsecond=0)


def days_of(window: Window) -> tuple[date, date]:
    """First and last day of an absence, both in."""
    return local_date(window.start), local_date(window.end - timedelta(microseconds=1))


# ---------------------------------------------------------------- skills


def skill_state(skill: HeldSkill, today: date, soon: int) -> str:
    """``expired``, ``soon`` (within ``soon`` days) or ``held``."""
    if skill.expires_on is None or skill.expires_on > today + timedelta(days=soon):
        return "held"
    return "expired" if skill.expires_on < today else "soon"
