"""Three years of stays in the fifteen apartments of the training city: past, present and booked, with what follows."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.table import said
from coordination.clock import local_date
from coordination.values import new_id
from db.engine import connect
from ui.root import OWNER, Centre, open_embedded

PEOPLE, SEED, DAYS = 2_000, 7, 1_096
USER, OTHER = "grace.placement", "marta.placement"


def open_calendar(folder: Path, stays: int) -> Centre:
    """The training city of a data folder with so many stays; made there if it is not yet."""
    centre = open_embedded(folder)
    with connect(centre.where(OWNER), centre.owner_password()) as connection:
        row = connection.execute("select count(*) from person").fetchone()
    if not row or row[0] == 0:
        said(f"Making a city of {PEOPLE:,} people")
        centre.load_training(PEOPLE, SEED)
    with connect(centre.where(OWNER), centre.owner_password(), autocommit=True) as connection:
        row = connection.execute("select count(*) from stay where kind = 'stay'").fetchone()
        if row is None or row[0] < stays:
            said(f"Adding {stays:,} stays")
            _fill(connection, stays, local_date(datetime.now(UTC)))
    return centre


def _fill(connection: Any, stays: int, today: date) -> None:
    """Each apartment in turns of a stay, its cleaning and inspection, and a free day or two."""
    chance = random.Random(SEED)
    rows: list[tuple[Any, ...]] = []
    with connection.transaction():
        connection.execute(
            "set local session_replication_role = replica"
        )  # a past is written as it was, by nobody's hand
        connection.execute("delete from move_on_task")
        connection.execute("delete from stay")
        connection.execute("delete from apartment_pause")
        flats = [r[0] for r in connection.execute("select id from apartment order by id")]
        people = [
            r[0] for r in connection.execute(
                "select id from person where sharing_level <> 'named_teams' and merged_into is null"
                " order by id limit %s",
                (stays,),
            )
        ]  # fmt: skip
        each = -(-stays // len(flats))
        turn = DAYS // each
        for number, flat in enumerate(flats):
            day = today - timedelta(days=DAYS // 2)
            for place in range(each):
                person = people[(number * each + place) % len(people)]
                rows += _turn(flat, person, day, chance.randint(max(2, turn - 4), max(3, turn - 2)), today)
                day += timedelta(days=turn)
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into stay (id, apartment_id, kind, person_id, period, state, follows, booked_by, went_to)"
                " values (%s, %s, %s, %s, daterange(%s, %s), %s, %s, 'grace.placement', %s)",
                rows,
            )
    connection.execute("vacuum analyze stay")


def _turn(flat: int, person: Any, start: date, days: int, today: date) -> list[tuple[Any, ...]]:
    stay, end = new_id(), start + timedelta(days=days)
    state = "ended" if end <= today else "in_stay" if start <= today else "booked"
    made: list[tuple[Any, ...]] = [
        (stay, flat, "stay", person, start, end, state, None, "own_home" if state == "ended" else None)
    ]
    for offset, kind in enumerate(("cleaning", "inspection")):
        first = end + timedelta(days=offset)
        made.append((new_id(), flat, kind, None, first, first + timedelta(days=1), "booked", stay, None))
    return made
