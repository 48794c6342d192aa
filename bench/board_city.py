"""A team of the size that is measured: 100 workers, 1,000 visits on one day, some for two workers, the rest placed."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.table import said
from coordination.clock import at_local
from coordination.values import TeamId, new_id
from db.engine import connect
from ui.root import OWNER, Centre, open_embedded

PEOPLE, SEED = 2_000, 7
LEAD = "moira.reablement"
TEAM = "North reablement bench team of {day}"
_DOUBLE, _OPEN = 0.09, 0.03
_SKILLS = ("personal_care", "medication", "moving_handling")


def open_team(folder: Path, day: date, workers: int, visits: int) -> tuple[Centre, TeamId]:
    """The training city of a data folder with a team of that day in it; made there if it is not yet."""
    centre = open_embedded(folder)
    with connect(centre.where(OWNER), centre.owner_password()) as connection:
        row = connection.execute("select count(*) from person").fetchone()
    if not row or row[0] == 0:
        said(f"Making a city of {PEOPLE:,} people")
        centre.load_training(PEOPLE, SEED)
    with connect(centre.where(OWNER), centre.owner_password(), autocommit=True) as connection:
        found = connection.execute("select id from team where name = %s", (TEAM.format(day=day),)).fetchone()
        if found is not None:
            return centre, TeamId(found[0])
        said(f"Adding {workers} workers and {visits:,} visits")
        return centre, _fill(connection, day, workers, visits)


def _fill(connection: Any, day: date, workers: int, visits: int) -> TeamId:
    chance = random.Random(SEED)
    with connection.transaction():
        row = connection.execute(
            "insert into team (name, service, locality, phone) values (%s, 'reablement', 'north', '0161 496 0101')"
            " returning id",
            (TEAM.format(day=day),),
        ).fetchone()
        team = TeamId(row[0])
        known = {r[0] for r in connection.execute("select code from skill")}
        skills = [code for code in _SKILLS if code in known]
        staff = [_worker(connection, team, number, day, skills, chance) for number in range(workers)]
        people = [r[0] for r in connection.execute("select id from person order by id limit %s", (visits,))]
        _visits(connection, team, day, staff, people, visits, chance)
    connection.execute("vacuum analyze")
    return team


def _worker(connection: Any, team: int, number: int, day: date, skills: list[str], chance: random.Random) -> Any:
    """An id, and when the shift begins: every other one early."""
    row = connection.execute(
        "insert into worker (team_id, name, gender, grade, lat, lon) values (%s, %s, %s, 'Reablement officer', %s, %s)"
        " returning id",
        (team, f"Worker {number + 1:03}", chance.choice(["female", "male"]), 53.43 + chance.random() * 0.12,
         -2.30 + chance.random() * 0.14),
    ).fetchone()  # fmt: skip
    begins = at_local(day, 7 if number % 2 == 0 else 14)
    connection.execute(
        "insert into shift (worker_id, kind, period) values (%s, 'work', tstzrange(%s, %s))",
        (row[0], begins, begins + timedelta(hours=8)),
    )
    for code in skills:
        if chance.random() < 0.8:
            connection.execute("insert into worker_skill values (%s, %s, null)", (row[0], code))
    return row[0], begins


def _visits(
    connection: Any, team: int, day: date, staff: list[Any], people: list[Any], count: int, chance: random.Random
) -> None:
    free = dict(staff)
    ends = {worker: begins + timedelta(hours=8) for worker, begins in staff}
    made, held = [], []
    for number in range(count):
        length = timedelta(minutes=chance.choice([20, 25, 30, 45]))
        first, second = staff[number % len(staff)][0], staff[(number + 2) % len(staff)][0]
        both = [first, second] if chance.random() < _DOUBLE else [first]
        start = max(free[w] for w in both) + timedelta(minutes=chance.choice([5, 10, 15]))
        placed = chance.random() >= _OPEN and all(start + length <= ends[w] for w in both)
        arrive = start if placed else at_local(day, 8 + number % 12, 15 * (number % 4))
        visit = new_id()
        made.append(
            (visit, people[number % len(people)], team, day, arrive - timedelta(minutes=30),
             arrive + timedelta(minutes=30), int(length.total_seconds() // 60), len(both))
        )  # fmt: skip
        if placed:
            for slot, worker in enumerate(both, 1):
                held.append((new_id(), visit, worker, slot, start, start + length))
                free[worker] = start + length
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into visit (id, person_id, team_id, day, arrive, minutes, workers_needed, need)"
            " values (%s, %s, %s, %s, tstzrange(%s, %s), %s, %s, 'Washing, dressing and breakfast')",
            made,
        )
        cursor.executemany(
            "insert into allocation (id, visit_id, worker_id, slot, period) values (%s, %s, %s, %s, tstzrange(%s, %s))",
            held,
        )


def bench_day(now: datetime) -> date:
    """The day after: nothing is over or missed yet."""
    return (now + timedelta(days=1)).date()
