"""Two weeks of demand against capacity, of one service in the whole city, at 10,000 and at 100,000 visits.

    python -m bench.forecast [--visits N] [--data DIR] [--json FILE]

``asked for`` is what the page waits for: its statements, and what is worked out of them. The baseline of the large
city is the same of a tenth of it, in the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from bench.board_city import bench_day, open_team
from bench.table import Row, Table, machine, publish, said
from coordination.training.users import training_password
from db.engine import connect, open_engine
from db.stores.forecast import PgForecastStore
from ui.root import OWNER, Centre

DAYS, WORKERS, RUNS = 14, 100, 20
MANAGER = "helen.manager"

# The measured day again and again, people and workers as they are; each visit keeps its hour.
_COPY = """
  with more as (select generate_series(%(first)s::int, %(last)s::int) as n)
  insert into visit (id, person_id, team_id, day, arrive, minutes, workers_needed, need)
  select uuidv7(), v.person_id, v.team_id, v.day + n %% %(days)s,
         tstzrange(lower(v.arrive) + n %% %(days)s * interval '1 day',
                   upper(v.arrive) + n %% %(days)s * interval '1 day'),
         v.minutes, v.workers_needed, v.need
  from more, visit v where v.team_id = %(team)s and v.day = %(day)s and v.need like 'Washing%%'
    and v.id in (select id from visit where team_id = %(team)s and day = %(day)s order by id limit %(a_day)s)"""
_SHIFTS = """
  insert into shift (worker_id, kind, period)
  select s.worker_id, s.kind,
         tstzrange(lower(s.period) + n * interval '1 day', upper(s.period) + n * interval '1 day')
  from generate_series(1, %(days)s::int - 1) n, shift s join worker w on w.id = s.worker_id
  where w.team_id = %(team)s"""


def main() -> int:
    """Measure both sizes, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.forecast", description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=100_000, metavar="N", help="in the two weeks")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the cities there, or find them there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there too")
    options = parser.parse_args()
    if options.data is not None:
        publish(measure(options.data, options.visits), options.json)
    else:
        with tempfile.TemporaryDirectory(prefix="bench forecast ") as folder:
            publish(measure(Path(folder), options.visits), options.json)
    return 0


def measure(folder: Path, visits: int) -> Table:
    """Both cities, one after the other."""
    where = machine()
    rows: list[Row] = []
    for place, many in (("a tenth", visits // 10), ("all", visits)):
        alone, looked = _times(folder / place, many)
        name = f"{many:,} visits"
        rows.append(Row(f"{name}: its statements alone", alone))
        rows.append(Row(f"{name}: asked for", looked, rows[1].name if place == "all" else rows[-1].name))
    return Table("forecast", tuple(rows), where, (f"{WORKERS} workers at work on each of {DAYS} days",))


def _times(folder: Path, visits: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    centre, first = _city(folder, visits)
    try:
        session = centre.sign_in(MANAGER, training_password(MANAGER))
        engine = open_engine(lambda: centre.where(MANAGER), training_password(MANAGER))
        alone, looked = [], []
        for _ in range(RUNS + 1):
            with engine.begin() as connection:
                began = perf_counter()
                PgForecastStore(connection).read("reablement", "", first, DAYS)
                alone.append(perf_counter() - began)
            began = perf_counter()
            found = session.services.forecast.look("reablement", "", first, DAYS)
            looked.append(perf_counter() - began)
        said(f"{sum(found.whole_day(day).demand for day in found.dates) / 60:,.0f} hours are asked for")
        engine.dispose()
        session.close()
    finally:
        centre.close()
    return tuple(alone[1:]), tuple(looked[1:])  # the first makes the plans


def _city(folder: Path, visits: int) -> tuple[Centre, date]:
    folder.mkdir(parents=True, exist_ok=True)
    day = bench_day(datetime.now(UTC))
    a_day = min(1_000, visits // DAYS)
    centre, team = open_team(folder, day, WORKERS, a_day)
    with connect(centre.where(OWNER), centre.owner_password(), autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        row = connection.execute("select min(day), count(*) from visit where team_id = %s", (team,)).fetchone()
        assert row is not None
        if row[1] <= a_day:
            said(f"Adding visits up to {visits:,}")
            given = {"team": team, "day": day, "days": DAYS, "a_day": a_day, "first": 1, "last": visits // a_day - 1}
            connection.execute(_SHIFTS, given)
            connection.execute(_COPY, given)
            connection.execute("vacuum analyze")
    return centre, row[0]


if __name__ == "__main__":
    sys.exit(main())
