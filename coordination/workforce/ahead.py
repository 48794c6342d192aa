"""What is made ahead: shifts from rotas and visits from patterns, of every team, by a job or by one desk a day (D1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from coordination.clock import local_date
from coordination.deployment.patterns import AHEAD as VISITS_AHEAD
from coordination.deployment.patterns_service import Visits
from coordination.errors import BadValue, Refused, obstacle
from coordination.values import DateRange, TeamId
from coordination.workforce.ahead_store import LastMade
from coordination.workforce.model import RollOut
from coordination.workforce.rota_service import AHEAD as SHIFTS_AHEAD
from coordination.workforce.rota_service import Rotas

if TYPE_CHECKING:
    from coordination.work import Begin, Work

MOST_DAYS = 84

Told = Callable[[int, int], object]
"""teams that are done, and all of them; visits that were made so far, and 0. What it raises ends the making."""


@dataclass(frozen=True, slots=True)
class OfTeam:
    """What was made of one team's rotas."""

    team_id: TeamId
    name: str
    shifts: RollOut


@dataclass(frozen=True, slots=True)
class MadeAhead:
    """``teams`` in order of name; ``visits`` that are new, of all teams."""

    teams: tuple[OfTeam, ...]
    visits: int

    @property
    def shifts(self) -> int:
        return sum(t.shifts.added for t in self.teams)


class Ahead:
    """Making ahead. Again and at once is harmless: nothing is made twice, what was entered by hand stays."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def last(self) -> LastMade | None:
        with self._begin() as work:
            return work.ahead.last()

    def is_due(self) -> bool:
        """Whether nobody has done it today."""
        with self._begin() as work:
            return _is_due(work)

    def make(self, days: int | None = None, until: date | None = None, told: Told = lambda *_: None) -> MadeAhead:
        """Shifts and visits of every team, from today for so many ``days`` or ``until`` a day, that day too; without
        either, shifts for four weeks and visits for six. A transaction a team, so that what is done stays done.

        Raises BadValue (``days`` or ``until``: ``out_of_range``), Refused('make_ahead', ``made_elsewhere``) while
        another desk is about it, NotAllowed for whoever is no team lead.
        """
        with self._begin() as work:
            last = _last(local_date(work.now), days, until)
            if not work.ahead.hold():
                raise Refused("make_ahead", (obstacle("made_elsewhere"),))
            return self._make(work, last, told)

    def make_once(self, told: Told = lambda *_: None) -> MadeAhead | None:
        """For desks that are open: None when it was done today already, or another desk is about it."""
        with self._begin() as work:
            if not work.ahead.hold() or not _is_due(work):  # asked once it is held: somebody may have just done it
                return None
            return self._make(work, None, told)

    def _make(self, work: Work, last: date | None, told: Told) -> MadeAhead:
        """``work`` holds the lock and writes nothing else; everything is made in transactions of its own."""
        today = local_date(work.now)
        rotas, visits = Rotas(self._begin), Visits(self._begin)
        whole = DateRange.of(today, SHIFTS_AHEAD) if last is None else DateRange(today, last + timedelta(days=1))
        teams = work.ahead.teams()
        done = []
        for number, (team, name) in enumerate(teams):
            told(number, len(teams))
            done.append(OfTeam(team, name, rotas.roll_out(team, whole)))
            work.ahead.beat()
        made, more = 0, True
        while more:
            fresh, more = visits.roll_some(today + VISITS_AHEAD if last is None else last)
            made += fresh
            work.ahead.beat()
            told(made, 0)
        found = MadeAhead(tuple(done), made)
        work.ahead.note(today, found.shifts, made)
        return found


def _is_due(work: Work) -> bool:
    found = work.ahead.last()
    return found is None or found.day < local_date(work.now)


def _last(today: date, days: int | None, until: date | None) -> date | None:
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise BadValue("days", "out_of_range")
    if until is not None and not today <= until < today + timedelta(days=MOST_DAYS):
        raise BadValue("until", "out_of_range")
    return today + timedelta(days=days - 1) if days is not None else until
