"""A forecast in words: what is short, where and when; and what a number stands for."""

from __future__ import annotations

from datetime import date, datetime

from coordination.deployment.forecast_model import Cell, Ending, Forecast, Neighbourhood, Shortage, Waiting
from ui import wording
from ui.reablement.words import hours, short_day

OUTSIDE = "Outside the city"
WHOLE = "All together"


def place(forecast: Forecast, neighbourhood: Neighbourhood) -> str:
    """As far as it tells it from the others: ``Miles Platting`` of four names."""
    name = forecast.name_of(neighbourhood)
    short = brief(name)
    others = [brief(p.name) for p in forecast.places if p.id != neighbourhood]
    return (name if short in others else short) or OUTSIDE


def brief(name: str) -> str:
    """The first of several names."""
    short = name.split(",")[0].split(" and ")[0]
    return f"{short})" if short.count("(") > short.count(")") else short


def full_place(forecast: Forecast, neighbourhood: Neighbourhood) -> str:
    return forecast.name_of(neighbourhood) or OUTSIDE


def shortage(forecast: Forecast, found: Shortage) -> str:
    """``Hulme Tue 24-Nov 08:00–10:00: 3 h 20 short``."""
    where = f"{place(forecast, found.neighbourhood)} {short_day(found.day)}"
    return f"{where} {stretch(found.window.start, found.window.end)}: {hours(found.minutes)} short"


def stretch(start: datetime, end: datetime) -> str:
    return f"{wording.clock_time(start)}–{wording.clock_time(end)}"


def figure(minutes: int, most: int = 6000) -> str:
    """``1:20``; from ``most`` minutes on in whole hours, ``206 h``: a narrow column has room for five characters."""
    if minutes >= most:
        return f"{round(minutes / 60)} h"
    return f"{minutes // 60}:{minutes % 60:02d}"


def of_cell(cell: Cell, number: str, most: int = 6000) -> str:
    """What stands in a cell. Of the balance: what is short with a minus, otherwise what is spare."""
    if number == "demand":
        return figure(cell.demand, most) if cell.demand else ""
    if number == "capacity":
        return figure(cell.capacity, most) if cell.capacity else ""
    if cell.short:
        return f"−{figure(cell.short, most)}"
    return figure(cell.spare, most) if cell.demand or cell.capacity else ""


def whole(cell: Cell) -> str:
    """``12 h asked for in 9 visits, 2 h of it with nobody; 10 h there; 2 h short``."""
    said = [f"{hours(cell.demand)} asked for in {wording.count(cell.visits, 'visit')}"]
    if cell.unplaced:
        said[0] += f", {hours(cell.unplaced)} of it with nobody yet"
    said.append(f"{hours(cell.capacity)} there")
    if cell.short:
        said.append(f"{hours(cell.short)} short")
    elif cell.spare:
        said.append(f"{hours(cell.spare)} spare")
    if cell.ending:
        said.append(f"{hours(cell.ending)} taken off, as reablement ends before")
    return "; ".join(said)


def waiting(found: Waiting) -> str:
    """``3 referrals wait in the queue, 21 h a week when they are planned``."""
    if not found.referrals:
        return "No referral waits"
    said = f"{wording.count(found.referrals, 'referral')} {'waits' if found.referrals == 1 else 'wait'} in the queue"
    return f"{said}, {hours(found.minutes)} a week when planned" if found.minutes else said


def unrostered(days: tuple[date, ...]) -> str:
    """Days for which work is planned and nobody is: ``No shift is on the rota for Mon 30-Nov to Sat 05-Dec``."""
    if not days:
        return ""
    first, last = short_day(days[0]), short_day(days[-1])
    when = first if first == last else f"{first} to {last}" if _in_a_row(days) else ", ".join(map(short_day, days))
    return f"No shift is on the rota for {when}: everything planned there is short, and not listed below."


def _in_a_row(days: tuple[date, ...]) -> bool:
    return (days[-1] - days[0]).days == len(days) - 1


def endings(found: tuple[Ending, ...], day: date, today: date) -> str:
    """``Wed 25-Nov: 3 end, 18 h 30 a week come free``."""
    of_day = [e for e in found if e.day == day]
    many, minutes = sum(e.episodes for e in of_day), sum(e.minutes for e in of_day)
    return f"{short_day(day)}: {many} {'ends' if many == 1 else 'end'}, {hours(minutes)} a week {_comes(minutes)} free"


def _comes(minutes: int) -> str:
    return "comes" if minutes <= 60 else "come"


def overdue(found: tuple[Ending, ...], today: date) -> str:
    """What should have ended already and still counts."""
    late = [e for e in found if e.day <= today]
    if not late:
        return ""
    many, minutes = sum(e.episodes for e in late), sum(e.minutes for e in late)
    verb = "is" if many == 1 else "are"
    who = wording.count(many, "person", "people")
    return f"{who} {verb} past the planned end and still counted: {hours(minutes)} a week."
