"""B4: what is shared out adds up, whatever the shifts, neighbourhoods and demand are; runs of hours that are short."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.clock import at_local, local_date
from coordination.deployment.forecast import forecast
from coordination.deployment.forecast_model import HOUR, Demand, ForecastTeam, Place, Read, Rostered
from coordination.deployment.forecast_shares import gross_minutes, net_minutes, shares, split
from coordination.deployment.suggest import free_time
from coordination.values import TeamId, Window, WorkerId

# On a busy machine making a week of shifts takes its time.
CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A plain day, and both clock changes.
FIRSTS = st.sampled_from([date(2026, 11, 22), date(2026, 10, 24), date(2027, 3, 27)])
TEAMS = (ForecastTeam(TeamId(1), "North", "north"), ForecastTeam(TeamId(2), "City", None))
PLACES = tuple(Place(n, f"Place {n}", "north" if n < 4 else "south") for n in range(1, 7))
MINUTES = st.integers(0, 2 * 24 * 60)


def windows(first: date) -> st.SearchStrategy[Window]:
    start = at_local(first, 0)
    return st.tuples(MINUTES, st.integers(1, 900)).map(lambda t: Window.of(start + timedelta(minutes=t[0]), t[1]))


@st.composite
def reads(draw: st.DrawFn) -> tuple[Read, date]:
    first = draw(FIRSTS)
    start = at_local(first, 0)
    workers = tuple(
        Rostered(
            WorkerId(n), f"Worker {n}", draw(st.sampled_from(TEAMS)).id, draw(st.sampled_from(("car", "foot", "boat"))),
            tuple(sorted(draw(st.sets(st.integers(1, 6), max_size=3)))), draw(st.none() | st.integers(0, 600)),
            tuple(draw(st.lists(windows(first), max_size=1))), tuple(draw(st.lists(windows(first), max_size=2))),
        )
        for n in range(draw(st.integers(0, 3)))
    )  # fmt: skip
    demand = tuple(
        Demand(draw(st.sampled_from(TEAMS)).id, place, start + n * HOUR, draw(st.integers(0, 200)),
               draw(st.integers(0, 90)), 0, 1)
        for place, n in draw(st.sets(st.tuples(st.none() | st.integers(1, 6), st.integers(0, 45)), max_size=8))
    )  # fmt: skip
    travel = {"car": draw(st.integers(0, 100)), "foot": 30}
    return Read(TEAMS, PLACES, demand, workers, (), travel, (), datetime(2026, 11, 22, tzinfo=UTC)), first


@CALM
@given(st.integers(0, 10_000), st.lists(st.integers(0, 500), max_size=9))
def test_a_split_adds_up_and_is_fair_to_a_minute(whole: int, weights: list[int]) -> None:
    parts = split(whole, weights)
    total = sum(weights)
    assert len(parts) == len(weights) and sum(parts) == (whole if total else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert total == 0 or abs(part - whole * weight / total) < 1


@CALM
@given(reads())
def test_no_minute_is_lost_or_made_and_cells_are_the_sum_of_their_rows(given_: tuple[Read, date]) -> None:
    read, first = given_
    reach = Window(at_local(first, 0), at_local(first + timedelta(days=2), 0))
    parts = shares(read, read.demand, reach)
    of_worker: dict[int, int] = defaultdict(int)
    for (_, hour), rows in parts.items():
        assert reach.start <= hour < reach.end
        for worker, minutes in rows:
            assert minutes > 0
            of_worker[worker.worker_id] += minutes
    there: dict[datetime, int] = defaultdict(int)
    for worker in read.rostered:
        for hour, minutes in net_minutes(worker, read.travel.get(worker.travel, 0), reach).items():
            there[hour] += minutes
    given_out: dict[datetime, int] = defaultdict(int)
    for (_, hour), rows in parts.items():
        given_out[hour] += sum(m for _, m in rows)
    assert given_out == there, "of all together none is lost or made"
    for worker in read.rostered:
        net = net_minutes(worker, read.travel.get(worker.travel, 0), reach)
        places = len(worker.neighbourhoods) or 7
        assert abs(of_worker[worker.worker_id] - sum(net.values())) <= places * len(net), "to the minute by rounding"
        gross = gross_minutes(worker, reach)
        assert all(minutes <= gross[hour] for hour, minutes in net.items())
        free = [w for w in free_time(worker.at_work, worker.away) if w.overlaps(reach)]
        inside = sum((min(w.end, reach.end) - max(w.start, reach.start)).total_seconds() / 60 for w in free)
        assert sum(gross.values()) == inside
        days: dict[date, int] = defaultdict(int)
        for hour, minutes in net.items():
            days[local_date(hour)] += minutes
        assert worker.most_minutes is None or all(m <= worker.most_minutes for m in days.values())
        if worker.neighbourhoods:
            at = {place for (place, _), rows in parts.items() if any(w is worker for w, _ in rows)}
            assert at <= set(worker.neighbourhoods)
    look = forecast(read, first, 2)
    for key, cell in look.cells.items():
        asked = [d for d in read.demand if (d.neighbourhood, d.hour) == key]
        assert (cell.placed, cell.unplaced) == (sum(d.placed for d in asked), sum(d.unplaced for d in asked))
        assert cell.capacity == sum(m for _, m in parts.get(key, []))
        assert cell.short == max(0, cell.demand - cell.capacity)
    assert sum((look.whole_day(d).demand for d in look.dates), 0) == sum(d.minutes for d in read.demand)
    for day in look.dates:
        hours = sum((look.whole_hour(h).capacity for h in look.hours_of(day)), 0)
        assert hours == look.whole_day(day).capacity == sum(look.of_day(n, day).capacity for n in look.neighbourhoods)


@CALM
@given(reads())
def test_runs_of_short_hours_hold_every_short_minute_once(given_: tuple[Read, date]) -> None:
    read, first = given_
    look = forecast(read, first, 2)
    runs = [run for place in look.neighbourhoods for run in look._runs(place)]
    assert sum(run.minutes for run in runs) == sum(cell.short for cell in look.cells.values())
    for run in runs:
        assert local_date(run.window.start) == local_date(run.window.end - HOUR) == run.day
        assert look.cell(run.neighbourhood, run.window.start).short
        assert (
            not look.cell(run.neighbourhood, run.window.start - HOUR).short
            or local_date(run.window.start - HOUR) != run.day
        )
    assert all(s.minutes >= 15 and s.day not in look.unrostered for s in look.shortages)
    assert look.short == sum(run.minutes for run in runs if run.day not in look.unrostered)
    assert [s.minutes for s in look.shortages] == sorted((s.minutes for s in look.shortages), reverse=True)


def test_a_workers_hour_goes_where_it_is_asked_for() -> None:
    first = date(2026, 11, 23)
    at = at_local(first, 8)
    worker = Rostered(WorkerId(1), "Mary", TeamId(1), "car", (), None, (Window.of(at, 120),), ())
    demand = (Demand(TeamId(1), 1, at, 0, 90, 0, 2), Demand(TeamId(1), 2, at, 30, 0, 0, 1))
    read = Read(TEAMS, PLACES, demand, (worker,), (), {"car": 20}, (), at)
    look = forecast(read, first, 1, "north")
    assert [(look.cell(n, at).capacity, look.cell(n, at).short) for n in (1, 2, 3)] == [(36, 54), (12, 18), (0, 0)]
    later = [look.cell(n, at + HOUR).capacity for n in (1, 2, 3)]
    assert later == [36, 12, 0], "in an hour without demand as on the day"
    assert look.neighbourhoods == (1, 2, 3), "of the locality, and where there is something to do"
    nobody = forecast(Read(TEAMS, PLACES, demand, (), (), {}, (), at), first, 1)
    assert nobody.unrostered == (first,) and not nobody.shortages
