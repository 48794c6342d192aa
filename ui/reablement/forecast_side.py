"""Beside the grid: what is short and what ends, in words; or the rows that a number counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from coordination.clock import LONDON
from coordination.deployment.forecast_model import CellRows, Forecast, Shortage, VisitRow
from ui import wording
from ui.reablement import forecast_words as words
from ui.reablement.words import hours, short_day
from ui.widgets.basics import LinkLabel, column, label, row
from ui.widgets.panels import Section
from ui.widgets.tips import plain_tip

GoTo = Callable[[date, int | None, int], object]
MOST = 40


def summary_content(forecast: Forecast, today: date, go_to: GoTo) -> QWidget:
    """Every stretch that is short, the largest first; then what ends on which day."""
    short = Section("Short, the most first")
    none = words.unrostered(forecast.unrostered)
    if none:
        short.add(label(none, tone="amber", wrap=True))
    for found in forecast.shortages[:MOST]:
        short.add(_shortage(forecast, found, go_to))
    if len(forecast.shortages) > MOST:
        short.add(label(f"and {len(forecast.shortages) - MOST:,} more, in the grid", quiet=True))
    if not forecast.shortages and not none:
        short.add(label("Nothing: every hour has the workers it asks for.", quiet=True, wrap=True))
    parts: list[QWidget | None] = [short]
    if forecast.waiting:
        parts.append(_waiting(forecast))
    if forecast.endings:
        parts.append(_endings(forecast, today))
    made = QWidget()
    made.setLayout(column(*parts, None, gap=4))
    return made


def _shortage(forecast: Forecast, found: Shortage, go_to: GoTo) -> QWidget:
    """Where and when, which leads there; the hours, and how much."""
    hour = found.window.start.astimezone(LONDON).hour
    where = f"{words.place(forecast, found.neighbourhood)} {short_day(found.day)}"
    link = LinkLabel(where, partial(go_to, found.day, found.neighbourhood, hour))
    link.setAccessibleName(words.shortage(forecast, found))
    link.setToolTip(plain_tip(words.shortage(forecast, found)))
    when = words.stretch(found.window.start, found.window.end)
    said = label(f"{when}, {hours(found.minutes)} short", size="small")
    made = QWidget()
    made.setLayout(column(row(link, None), row(said, margins=(2.5, 0, 0, 0)), gap=0))
    return made


def _waiting(forecast: Forecast) -> QWidget:
    """What is asked for and not planned yet, by neighbourhood: the most first."""
    made = Section("Waiting in the queue")
    whole = forecast.all_waiting
    made.add(label(f"{words.waiting(whole)}.", wrap=True))
    for found in sorted(forecast.waiting, key=lambda w: (-w.referrals, w.neighbourhood or 99)):
        where = words.place(forecast, found.neighbourhood)
        said = f"{where}: {wording.count(found.referrals, 'referral')}, {hours(found.minutes)}"
        made.add(label(said, size="small", wrap=True, selectable=True))
    if whole.minutes:
        note = f"Not in the numbers: {hours(whole.minutes // whole.referrals)} a week each, as Settings say."
        made.add(label(note, quiet=True, size="small", wrap=True))
    return made


def _endings(forecast: Forecast, today: date) -> QWidget:
    made = Section("What ends, and what that sets free")
    late = words.overdue(forecast.endings, today)
    if late:
        made.add(label(late, tone="red", wrap=True))
    for day in sorted({e.day for e in forecast.endings if e.day > today}):
        made.add(label(words.endings(forecast.endings, day, today), wrap=True, selectable=True))
    made.add(label("Visits planned for after an end are not counted.", quiet=True, size="small", wrap=True))
    return made


def rows_content(rows: CellRows, go: Callable[[str, object], object]) -> QWidget:
    """Visits and workers; they add up to the number."""
    cell = rows.cell
    visits = Section(f"Asked for: {hours(cell.demand)}")
    for visit in rows.visits:
        visits.add(_visit(visit))
    if rows.hidden:
        said = f"{hours(rows.hidden)} for people whose record your team may not see"
        visits.add(label(said, quiet=True, wrap=True))
    if not cell.demand:
        visits.add(label("No visit is planned in these hours.", quiet=True, wrap=True))
    workers = Section(f"There: {hours(cell.capacity)}")
    for worker in rows.workers:
        said = f"{worker.name}: {hours(worker.minutes)} of {hours(worker.at_work)} at work"
        workers.add(label(said, wrap=True))
    if not rows.workers:
        workers.add(label("Nobody is at work here in these hours.", quiet=True, wrap=True))
    else:
        note = "The rest is travel, breaks and other neighbourhoods."
        workers.add(label(note, quiet=True, size="small", wrap=True))
    made = QWidget()
    made.setLayout(column(label(words.whole(cell) + ".", wrap=True), visits, workers, None, gap=4))
    return made


def _visit(visit: VisitRow) -> QWidget:
    who = visit.worker or "nobody yet"
    at = words.stretch(visit.window.start, visit.window.end)
    said = f"{at}  {visit.person}, {who}"
    made = QWidget()
    whole = wording.count(visit.minutes, "minute")
    lines = [
        label(said, wrap=True, selectable=True, tone="" if visit.worker else "amber"),
        label(f"{visit.need}: {whole} here", quiet=True, size="small", wrap=True),
    ]
    made.setLayout(column(*lines, gap=0))
    return made
