"""B4 on a real database: demand by neighbourhood and hour, capacity, what ends when, and the rows behind a number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coordination.clock import at_local
from coordination.deployment.forecast_model import HOUR, Cell, Forecast
from coordination.errors import BadValue
from coordination.values import Window, WorkerId
from tests.database import CentreDb
from tests.db.reablement_kit import Ward
from tests.db.test_people import statements


@pytest.fixture
def ward(centre_db: CentreDb) -> Ward:
    return Ward(centre_db)


def homes(ward: Ward) -> tuple[tuple[str, int], tuple[str, int]]:
    """A ward in each of two neighbourhoods of the north."""
    found = ward.sql(
        "select distinct on (n.id) w.code, n.id from ward w join neighbourhood n on n.id = w.neighbourhood_id"
        " where n.locality = 'north' order by n.id, w.code limit 2"
    )
    return tuple(found[0]), tuple(found[1])  # type: ignore[return-value]


def shift(ward: Ward, worker: WorkerId, day: int, start: int, end: int, kind: str = "work") -> None:
    ward.kit.shift(worker, kind, at_local(ward.day(day), start), at_local(ward.day(day), end))


def opened(ward: Ward, look: Forecast, place: int | None, day: int, hour: int) -> Cell:
    """The cell, after every number of it was held against the rows that it opens to."""
    start = at_local(ward.day(day), hour)
    cell = look.cell(place, start)
    rows = ward.tess.services.forecast.rows("reablement", "north", place, Window(start, start + HOUR))
    assert rows.cell == cell
    assert sum(v.minutes for v in rows.visits) + rows.hidden == cell.demand
    assert sum(v.minutes for v in rows.visits if v.worker) <= cell.placed
    assert sum(w.minutes for w in rows.workers) == cell.capacity
    return cell


def test_demand_and_capacity_by_neighbourhood_and_hour(ward: Ward) -> None:
    (home, here), (other, there) = homes(ward)
    ann, ben = ward.kit.person("Ash", ward_code=home), ward.kit.person("Birch", ward_code=other)
    sid = ward.kit.person("Secret", ward_code=home, sharing_level="named_teams")
    service = ward.tess.services.deployment
    mary = ward.kit.worker("Mary", hours=())
    sick = ward.kit.worker("Sick", hours=())
    for worker in (mary, sick):
        shift(ward, worker, 1, 8, 12)
    shift(ward, sick, 1, 0, 24, "sickness")
    at = at_local(ward.day(1), 8, 30)
    drafts = [
        ward.kit.draft(ann, at, 45),
        ward.kit.draft(ann, at + HOUR, 30, workers_needed=2),
        ward.kit.draft(ben, at, 30),
        ward.kit.draft(ben, at + timedelta(days=3), 30),
    ]
    service.plan_visits(drafts)
    step = service.allocate(drafts[0].id, mary, at, seen=1)
    service.end(drafts[2].id, "cancelled", "Away", seen=1)
    ward.sql(
        "insert into visit (id, person_id, team_id, day, arrive, minutes, need) select uuidv7(), :p, team_id, day,"
        " arrive, 20, need from visit where id = :v", p=sid, v=step.after.id,
    )  # fmt: skip
    with statements(ward.tess.engine) as asked:
        look = ward.tess.services.forecast.look("reablement", "north")
    assert len([s for s in asked if "set_config" not in s]) == 3, "three queries when it is opened"

    eight = opened(ward, look, here, 1, 8)
    assert (eight.placed, eight.unplaced, eight.visits) == (30, 20, 2), (
        "30 of the 45, and whoever is not seen counts too"
    )
    nine = opened(ward, look, here, 1, 9)
    assert (nine.placed, nine.unplaced, nine.visits) == (15, 60, 1), "a double-up asks for two"
    assert (eight.capacity, nine.capacity) == (49, 49), (
        "Mary alone, by car, less travel; 196 of 240 minutes in four hours"
    )
    assert (eight.short, nine.short) == (1, 26)
    assert opened(ward, look, there, 1, 9) == Cell()
    assert opened(ward, look, there, 4, 8).short == 30
    run = next(s for s in look.shortages if s.neighbourhood == here)
    assert (run.day, run.window.start, run.window.end, run.minutes) == (
        ward.day(1), at_local(ward.day(1), 8), at_local(ward.day(1), 10), 27,
    )  # fmt: skip
    assert look.whole_day(ward.day(1)).demand == 30 + 20 + 15 + 60
    assert look.of_day(here, ward.day(1)).short == 27, "what is spare at 10:00 helps nobody at 09:00"
    assert ward.tess.services.forecast.look("reablement", "central").teams == ()
    ward.sql(
        "update worker set neighbourhoods = array[:n]::smallint[], most_minutes = 60 where id = :w", n=there, w=mary
    )
    elsewhere = ward.tess.services.forecast.look("reablement", "north")
    assert opened(ward, elsewhere, here, 1, 8).capacity == 0
    assert sum(opened(ward, elsewhere, there, 1, hour).capacity for hour in range(8, 12)) == 60
    with pytest.raises(BadValue):
        ward.tess.services.forecast.look("reablement", days=400)
    nobody = ward.db.sign_in("ada.admin").services.forecast.look("reablement", "north")
    assert not nobody.whole_day(ward.day(1)).demand


def test_what_ends_is_taken_off_and_named_with_what_it_sets_free(ward: Ward) -> None:
    (home, here), _ = homes(ward)
    ann, late = ward.kit.person("Ash", ward_code=home), ward.kit.person("Late", ward_code=home)
    episode = ward.begin(ann, -38)
    ward.begin(late, -45)
    for person in (ann, late):
        ward.visits(person, ward.day(-6), 20, 30)
    look = ward.tess.services.forecast.look("reablement", "north")
    before, after = look.of_day(here, episode.planned_end - timedelta(days=1)), look.of_day(here, episode.planned_end)
    assert (before.demand, before.ending) == (60, 0)
    assert (after.demand, after.ending) == (30, 30), "what should have ended already goes on until somebody ends it"
    assert [(e.day, e.episodes, e.minutes) for e in look.endings] == [
        (ward.day(-3), 1, 210), (episode.planned_end, 1, 210),
    ]  # fmt: skip
    at = (episode.planned_end - ward.today).days
    assert opened(ward, look, here, at, 8).demand == 30


@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25"])
def test_a_day_of_23_or_25_hours(ward: Ward, day: str) -> None:
    (home, here), _ = homes(ward)
    person = ward.kit.person("Ash", ward_code=home)
    ward.sql(
        "insert into visit (id, person_id, team_id, day, arrive, minutes, need) select uuidv7(), :p, :t, :d,"
        " tstzrange((cast(:d as date) + t) at time zone 'Europe/London',"
        " (cast(:d as date) + t) at time zone 'Europe/London' + interval '1 hour'), 90, 'x'"
        " from (values (time '00:30'), (time '09:30'), (time '23:30')) x(t)", p=person, t=ward.team, d=day,
    )  # fmt: skip
    found = ward.sql("select cast(:d as date)", d=day)[0][0]
    look = ward.tess.services.forecast.look("reablement", "north", found, 2)
    assert look.of_day(here, found).demand == 90 + 90 + 30
    assert look.of_day(here, found + timedelta(days=1)).demand == 60, "over midnight it belongs to the next day"
    for hour in look.hours_of(found):
        rows = ward.tess.services.forecast.rows("reablement", "north", here, Window(hour, hour + HOUR))
        assert rows.cell == look.cell(here, hour) and not rows.hidden
