"""The boards of the training city look like a real day and obey D2, at any hour and when the clocks change."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from coordination.clock import local_date
from coordination.training.boards import PAST
from coordination.training.teams import TEAMS
from tests.domain.test_training_city import NOON, TEAM_IDS, city

MOMENTS = (
    NOON,
    datetime(2026, 10, 24, 6, 2, tzinfo=UTC),  # before anybody is at work; the clocks go back tomorrow
    datetime(2027, 3, 27, 23, 50, tzinfo=UTC),  # everything is over; the clocks go forward tomorrow
)


def ends(text: str) -> tuple[datetime, datetime]:
    start, end = text.strip("[)").split(",")
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


def rows_of(now: datetime, table: str) -> list[dict[str, Any]]:
    return (city() if now == NOON else city(1_000, 7, now))[table]


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_nobody_is_in_two_places_at_once(now: datetime) -> None:
    by_worker = defaultdict(list)
    for allocation in rows_of(now, "allocation"):
        by_worker[allocation["worker_id"]].append(ends(allocation["period"]))
    for periods in by_worker.values():
        periods.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(periods))


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_everybody_sent_is_at_work_has_the_skill_and_is_whom_the_person_asked_for(now: datetime) -> None:
    visits = {v["id"]: v for v in rows_of(now, "visit")}
    workers = {w["id"]: w for w in rows_of(now, "worker")}
    skills: dict[tuple[int, str], date | None] = {
        (s["worker_id"], s["skill"]): s["expires_on"] for s in rows_of(now, "worker_skill")
    }
    wanted = defaultdict(list)
    for skill in rows_of(now, "visit_skill"):
        wanted[skill["visit_id"]].append(skill["skill"])
    work, away = defaultdict(list), defaultdict(list)
    for shift in rows_of(now, "shift"):
        (work if shift["kind"] == "work" else away)[shift["worker_id"]].append(ends(shift["period"]))
    slots = Counter()
    for allocation in rows_of(now, "allocation"):
        visit, worker = visits[allocation["visit_id"]], allocation["worker_id"]
        start, end = ends(allocation["period"])
        opens, closes = ends(visit["arrive"])
        assert opens <= start <= closes
        assert end - start == timedelta(minutes=visit["minutes"])
        assert local_date(start) == visit["day"]
        assert any(w[0] <= start and end <= w[1] for w in work[worker])
        assert not any(a[0] < end and start < a[1] for a in away[worker])
        assert visit["gender_asked"] in (None, workers[worker]["gender"])
        for skill in wanted[visit["id"]]:
            until = skills[worker, skill]
            assert until is None or until >= visit["day"]
        assert allocation["slot"] <= visit["workers_needed"]
        slots[visit["id"]] += 1
    assert all(count == visits[v]["workers_needed"] for v, count in slots.items())


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_what_is_over_has_ended_and_what_is_to_come_has_not(now: datetime) -> None:
    begins = {a["visit_id"]: ends(a["period"]) for a in rows_of(now, "allocation")}
    shown_from = local_date(now) - timedelta(days=PAST)
    for visit in rows_of(now, "visit"):
        if visit["day"] < shown_from:  # weeks of reablement that no board shows: only that they were is kept
            assert visit["state"] == "done"
            continue
        placed = begins.get(visit["id"])
        if placed is None:
            assert visit["state"] == "planned"
        else:
            assert (visit["state"] == "planned") == (placed[1] > now)
        assert (visit["state_reason"] != "") == (visit["state"] not in ("planned", "done"))


def test_boards_look_like_a_day() -> None:
    """In a city of 20,000 there are enough people to fill them."""
    tables = city()
    today = local_date(NOON)
    allocated = {a["visit_id"] for a in tables["allocation"]}
    for team in TEAMS:
        if not team.workers or team.service == "equipment":
            continue  # what is delivered is asked for by orders
        of_team = [v for v in tables["visit"] if v["team_id"] == TEAM_IDS[team.name]]
        now, tomorrow = ([v for v in of_team if v["day"] == today + timedelta(days=n)] for n in (0, 1))
        unplaced = sum(v["id"] not in allocated for v in now)
        assert 5 <= unplaced <= 17, team.name
        assert 0.2 < sum(v["id"] in allocated for v in tomorrow) / len(tomorrow) < 0.4, team.name
        mine = {v["id"] for v in now}
        load = Counter(a["worker_id"] for a in tables["allocation"] if a["visit_id"] in mine)
        least, most = (3, 8) if team.locality is None else (8, 15)
        assert least <= sum(load.values()) / len(load) <= most, team.name


def test_outcomes_of_the_past_week() -> None:
    states = Counter(v["state"] for v in rows_of(NOON, "visit") if v["day"] < local_date(NOON))
    assert set(states) == {"done", "no_access", "declined", "cancelled"}
    assert states["done"] > 10 * states["no_access"]


def test_some_are_ill_on_leave_or_have_a_skill_that_has_run_out() -> None:
    kinds = {s["kind"] for s in rows_of(NOON, "shift")}
    assert kinds == {"work", "leave", "sickness"}
    today = local_date(NOON)
    assert any(s["expires_on"] and s["expires_on"] < today for s in rows_of(NOON, "worker_skill"))


@pytest.mark.parametrize("people", [50, 120])
def test_a_very_small_city_holds_together_on_a_leap_day(people: int) -> None:
    tables = city(people, 7, datetime(2028, 2, 29, 9, 0, tzinfo=UTC))
    assert len(tables["person"]) == people
    assert tables["visit"] and tables["referral"]
    assert any(p["surname"] == "Pankhurst" for p in tables["person"])
