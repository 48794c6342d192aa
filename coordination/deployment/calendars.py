"""A worker's published day as a calendar file (RFC 5545). A calendar goes to telephones outside: see
docs/decisions/calendar-files.md for what is in it (when and where) and what is not (who, what for, how to get in)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from coordination.clock import LONDON
from coordination.deployment.sheets import SheetData, SheetLine, WorkerSheet

PRODUCT = "-//Co-ordination Centre//Deployment//EN"


def calendar_of(data: SheetData, sheet: WorkerSheet) -> bytes:
    """One event a visit; one that is off is there as cancelled, so that it goes from the worker's calendar.

    Raises ValueError for a day that was never published: a draft stays in the centre."""
    if data.edition is None:
        raise ValueError("never published")
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{_plain(data.team)}, {data.day.isoformat()}")
    made.add_component(_london())
    for line in sheet.lines:
        made.add_component(_event(data, sheet, line, data.edition.version))
    content: bytes = made.to_ical()
    return content


def _london() -> Timezone:
    """The rules of Europe/London since 1996: to summer time on the last Sunday of March at 01:00, back on the last one
    of October at 02:00, each by the clock before it. (The library's own list has the first an hour late.)"""
    made = Timezone()
    made.add("tzid", "Europe/London")
    for part, start, month, name, before, after in (
        (TimezoneDaylight(), datetime(1996, 3, 31, 1), 3, "BST", 0, 1),  # noqa: DTZ001 - by the local clock
        (TimezoneStandard(), datetime(1996, 10, 27, 2), 10, "GMT", 1, 0),  # noqa: DTZ001
    ):
        part.add("dtstart", start)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        made.add_component(part)
    return made


def _event(data: SheetData, sheet: WorkerSheet, line: SheetLine, version: int) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(line.visit_id, f'worker {sheet.worker_id}')}@co-ordination-centre")
    event.add("sequence", version + line.revision)
    event.add("dtstamp", data.printed_at)
    event.add("last-modified", data.printed_at)
    event.add("dtstart", _local(line.window.start))
    event.add("dtend", _local(line.window.end))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if line.is_off else "OPAQUE")
    event.add("status", "CANCELLED" if line.is_off else "CONFIRMED")
    event.add("summary", f"Visit {initials(line.name)}".strip())
    if not line.is_off:
        event.add("location", _plain(line.address))
        event.add("description", _plain(_said(data, line)))
    return event


def _said(data: SheetData, line: SheetLine) -> str:
    parts = [f"{data.team}."]
    if line.with_whom or line.second_missing:
        parts.append("Two workers.")
    if data.phone:
        parts.append(f"Ring the centre: {data.phone}.")
    return " ".join([*parts, "Everything else is on the sheet."])


def initials(listed: str) -> str:
    """``E.P.`` of ``PANKHURST, Emmeline (Mrs)``: given names before the surname; nothing of a name without letters."""
    name = re.sub(r"\([^)]*\)\s*$", "", listed)
    surname, _, given = name.partition(",")
    letters = [next((c for c in part if c.isalpha()), "") for part in (*given.split(), surname)]
    return "".join(f"{letter.upper()}." for letter in letters if letter)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def _plain(text: str) -> Any:
    """Without control characters, which no calendar can hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
