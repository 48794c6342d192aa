"""Deployment sheets as PDF: A4 across, black and white, 11 points and up, no visit split over two pages (D4).

``worker_sheets(data)``: one sheet a worker, each on pages of its own; ``team_sheet(data)``: the whole day on one list;
``whole_team(data)``: both, in one go. All give the bytes of a PDF and write no file. ReportLab is imported with this
module (0.2 to 0.6 s), so import it when something is to be printed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from reportlab.platypus import Flowable

from coordination.clock import local_date
from coordination.deployment.sheets import SheetData, WorkerSheet
from ui import wording
from ui.sheets.document import Section, build, group, table
from ui.sheets.messages import (
    AS_PUBLISHED,
    AWAY,
    DRAFT,
    EDITION,
    NO_CHANGES_OF_A_DRAFT,
    NO_PHONE,
    NOBODY_WORKS,
    NOTHING_CHANGED,
    SINCE,
)
from ui.sheets.parts import (
    WIDTH,
    Hand,
    Heading,
)
from ui.sheets.rows import TEAM_COLUMNS, WORKER_COLUMNS, count, elsewhere_row, span, team_row, worker_row


def worker_sheets(data: SheetData) -> bytes:
    """Every worker of ``data``, each beginning on a new page, pages numbered by worker."""

    def sections(hand: Hand) -> list[Section]:
        return [_worker_section(hand, data, sheet) for sheet in data.workers] or [_nobody(hand, data)]

    return build(data, sections)


def team_sheet(data: SheetData) -> bytes:
    """The team's day on one list: what nobody has, then worker by worker."""
    return build(data, lambda hand: [_team_section(hand, data)])


def whole_team(data: SheetData) -> bytes:
    """The team's list, then every worker's sheet."""

    def sections(hand: Hand) -> list[Section]:
        return [_team_section(hand, data), *(_worker_section(hand, data, sheet) for sheet in data.workers)]

    return build(data, sections)


def _worker_section(hand: Hand, data: SheetData, sheet: WorkerSheet) -> Section:
    hours = wording.listing([span(w.start, w.end) for w in sheet.hours]) if sheet.hours else "not at work"
    away = (AWAY[kind].lower() for kind in sheet.away)
    going = "" if data.only_changes else count([line for line in sheet.lines if not line.is_off])
    under = ", ".join(part for part in (sheet.grade, f"shift {hours}", *away, going) if part)
    rows: list[tuple[datetime, list[Any], bool]] = [
        (line.window.start, worker_row(hand, line), bool(line.changes)) for line in sheet.lines
    ]
    rows += [(stay.window.start, elsewhere_row(hand, stay), False) for stay in sheet.elsewhere]
    rows.sort(key=lambda row: row[0])
    marked = [n for n, (_, _, changed) in enumerate(rows) if changed]
    title = f"Changes for {sheet.name}" if data.only_changes else sheet.name
    story = table(hand, WORKER_COLUMNS, [row for _, row, _ in rows], "No visits.", marked)
    return Section(_heading(data, title, under), story)


def _team_section(hand: Hand, data: SheetData) -> Section:
    lines = [line for sheet in data.workers for line in sheet.lines]
    visits = wording.count(len({line.visit_id for line in (*lines, *data.unplaced)}), "visit")
    gone = sum(1 for sheet in data.workers if sheet.away or not sheet.hours)
    at_work = wording.count(len(data.workers) - gone, "worker") + (f" and {gone} away" if gone else "")
    under = visits if data.only_changes else f"{at_work}, {visits}, {len(data.unplaced)} not placed"
    story: list[Flowable] = []
    if data.unplaced:
        rows = [team_row(hand, line, placed=False) for line in data.unplaced]
        story.append(group(hand, TEAM_COLUMNS, f"Not placed: {len(data.unplaced)}", rows))
    for sheet in data.workers:
        hours = wording.listing([span(w.start, w.end) for w in sheet.hours]) or "not at work"
        away = "".join(f", {AWAY[kind].lower()}" for kind in sheet.away)
        rows = [team_row(hand, line, placed=True) for line in sheet.lines]
        marked = [n for n, line in enumerate(sheet.lines) if line.changes]
        going = "" if data.only_changes else f", {count([line for line in sheet.lines if not line.is_off])}"
        story.append(group(hand, TEAM_COLUMNS, f"{sheet.name}: {hours}{away}{going}", rows, marked))
    title = f"Changes for {data.team}" if data.only_changes else data.team
    heading = replace(_heading(data, title, under), day=wording.weekday(data.day), columns=TEAM_COLUMNS)
    nothing = _without_changes(data) if data.only_changes else "No visits."
    return Section(heading, story or [hand.words(nothing, WIDTH, size=12)])


def _heading(data: SheetData, title: str, under: str) -> Heading:
    printed = f"Printed {wording.day_time(data.printed_at)} by {data.printed_by}"
    day = f"{wording.weekday(data.day)}, {data.team}"
    return Heading(title, under, day, data.phone or NO_PHONE, printed, edition=_edition(data))


def _edition(data: SheetData) -> str:
    """``Published 07:12 by M. Shaw, version 2; 3 visits changed since, marked with a bar``."""
    found = data.edition
    if found is None:
        return DRAFT
    same_day = local_date(found.at) == data.day
    at = wording.clock_time(found.at) if same_day else wording.day_time(found.at)
    since = SINCE.format(visits=wording.count(found.changes, "visit")) if found.changes else AS_PUBLISHED
    return f"{EDITION.format(at=at, by=found.by, version=found.version)}; {since}"


def _without_changes(data: SheetData) -> str:
    return NOTHING_CHANGED if data.edition is not None else NO_CHANGES_OF_A_DRAFT


def _nobody(hand: Hand, data: SheetData) -> Section:
    """A sheet that says so, rather than no sheet."""
    nothing = _without_changes(data) if data.only_changes else NOBODY_WORKS
    return Section(_heading(data, data.team, ""), table(hand, WORKER_COLUMNS, (), nothing))
