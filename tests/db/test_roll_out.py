"""Making ahead: every team's shifts and visits, over both clock changes, again, at once, by a job and by a desk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from coordination.clock import SystemClock, at_local, local_date
from coordination.deployment.patterns import Pattern, Rule, Slot
from coordination.errors import BadValue, NotAllowed, Refused
from coordination.values import PatternId, new_id
from coordination.workforce.ahead import Ahead
from coordination.workforce.model import Assignment, Rota, Spell
from tests.database import CentreDb
from tests.db.deployment_kit import NURSING, Kit
from ui.cli.roll_out import make


def _clocks_change(month: int) -> date:
    """The next last Sunday of March or October that lies a week ahead: nothing is made for days that are over."""
    soonest = local_date(SystemClock().now()) + timedelta(days=7)
    ends = (date(year, month, 31) for year in (soonest.year, soonest.year + 1))
    return next(day for end in ends if (day := end - timedelta(days=end.isoweekday() % 7)) >= soonest)


CHANGES = {"spring": _clocks_change(3), "autumn": _clocks_change(10)}


@pytest.fixture
def kit(centre_db: CentreDb) -> Kit:
    return Kit(centre_db)


def every_day(kit: Kit, team: str, name: str, hours: tuple[int, int], start: date) -> None:
    """A worker who is at work every day, night or day."""
    lead = kit.database.sign_in("dina.lead" if team == NURSING else "tess.lead").services
    found = kit.team(team)
    spells = tuple(Spell(0, day, hours[0] * 60, hours[1] * 60) for day in range(7))
    made, _ = lead.rotas.save(Rota(uuid4(), found, f"Rota {name}", 1, date(2026, 1, 5), spells))
    lead.rotas.assign(Assignment(new_id(), kit.worker(name, hours=[], team=found), made.id, start))


def daily(kit: Kit, starts: date, hour: int) -> None:
    slot = Slot(1, time(hour), time(hour + 1, 30), 30, "Breakfast")
    pattern = Pattern(PatternId(uuid4()), kit.person(), kit.team(), Rule(starts), (slot,))
    kit.database.sign_in("tess.lead").services.visits.make_pattern(pattern)


def unmade(kit: Kit) -> None:
    """As it is when nobody has opened anything for long."""
    with kit.database.owner.begin() as connection:
        connection.exec_driver_sql("delete from shift")
        connection.exec_driver_sql("delete from visit")
        connection.exec_driver_sql("update visit_pattern set rolled_until = null")


def later(begin: Any, moment: datetime) -> Any:
    """Transactions that take place at another time."""

    @contextmanager
    def at_that_time() -> Iterator[Any]:
        with begin() as work:
            work.__dict__["now"] = moment
            yield work

    return at_that_time


def asked(kit: Kit, query: str) -> list[Any]:
    with kit.database.owner.connect() as connection:
        return list(connection.exec_driver_sql(query))


@pytest.mark.parametrize("change", list(CHANGES.values()), ids=list(CHANGES))
def test_the_wall_clock_holds_over_a_clock_change_for_shifts_and_visits(kit: Kit, change: date) -> None:
    start = change - timedelta(days=3)
    every_day(kit, NURSING, "Day", (7, 15), start)
    every_day(kit, NURSING, "Night", (22, 7), start)
    daily(kit, start, 8)
    unmade(kit)
    begin = later(kit.database.sign_in("tess.lead").begin, at_local(start, 0))
    found = Ahead(begin).make(until=change + timedelta(days=2))
    assert {(t.name, t.shifts.added) for t in found.teams} == {(NURSING, 12)}
    assert Ahead(begin).make(until=change + timedelta(days=2)).shifts == 0, "again it makes nothing"
    shifts = {(w, d): (a, b) for w, d, a, b in asked(kit, "select w.name, s.rota_day, lower(period), upper(period)"
              " from shift s join worker w on w.id = s.worker_id")}  # fmt: skip
    for n in range(6):
        day = start + timedelta(days=n)
        assert shifts["Day", day] == (at_local(day, 7), at_local(day, 15))
        assert shifts["Night", day] == (at_local(day, 22), at_local(day + timedelta(days=1), 7))
    night = shifts["Night", change - timedelta(days=1)]
    assert (night[1] - night[0]).total_seconds() / 3600 == (8 if change.month == 3 else 10)
    breakfasts = [at for (at,) in asked(kit, "select lower(arrive) from visit order by day")]
    assert breakfasts == [at_local(start + timedelta(days=n), 8) for n in range(6)] and found.visits == 6


def test_once_a_day_by_one_of_many_desks_and_by_a_job(kit: Kit, centre_db: CentreDb, capsys: Any) -> None:
    tess, theo = centre_db.sign_in("tess.lead"), centre_db.sign_in("theo.lead")
    today = kit.today()
    every_day(kit, NURSING, "Amina", (7, 15), today + timedelta(days=1))
    daily(kit, today + timedelta(days=1), 8)
    unmade(kit)
    together = Barrier(2, timeout=60)

    def once(desk: Any) -> bool:
        together.wait()
        return desk.services.ahead.make_once() is not None

    assert tess.services.ahead.is_due()
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, (tess, theo))) == [False, True]
    assert not theo.services.ahead.is_due() and theo.services.ahead.make_once() is None
    last = theo.services.ahead.last()
    assert last is not None and (last.day, last.shifts) == (today, 27)
    assert len(asked(kit, "select 1 from shift")) == 27

    # a job goes further, takes the lock, and says what it did
    assert make(tess.services, 84, None) == 0
    told = capsys.readouterr()
    assert f"{NURSING}, " in told.out and "56 shifts made, 27 there already." in told.out
    assert "41 visits made" in told.out and told.err.count("works to no rota") == 1
    assert make(tess.services, 84, None) == 0 and "0 shifts made, 83 there already" in capsys.readouterr().out
    last = theo.services.ahead.last()
    assert last is not None and (last.shifts, last.visits) == (83, 83)
    with theo.begin() as holding:
        assert holding.ahead.hold()
        with pytest.raises(Refused):
            tess.services.ahead.make()
        assert make(tess.services, None, None) == 1
        assert "Another desk" in capsys.readouterr().err
    for days, until in ((85, None), (0, None), (None, today - timedelta(days=1)), (None, today + timedelta(days=84))):
        with pytest.raises(BadValue):
            tess.services.ahead.make(days, until)
        assert make(tess.services, days, until) == 2
    with pytest.raises(NotAllowed):
        centre_db.sign_in("max.manager").services.ahead.make()
