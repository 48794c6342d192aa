"""Few moves after a repair: who was pushed away without need goes home, and what pushed most of them is left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordination.deployment.planner import cache
from coordination.deployment.planner.chains import placed_by_chains
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.engine.answer import cost_of, stands
from coordination.deployment.planner.homing import moved, within
from coordination.deployment.planner.problem import (
    Able,
    Budget,
    Crew,
    Job,
    Placed,
    Placing,
    Problem,
    Service,
    Span,
    Weights,
)

WAYS = [[[0.0, 10.0], [10.0, 0.0]]]
BOTH = (Able(0), Able(1))


def job(start: float, held: Placing | None = None, able: tuple[Able, ...] = BOTH, price: float = 100.0) -> Job:
    return Job(0, (Span(start, start + 60),), (Service(30, able),), price, latest=start + 60, held=held)


def two_crews(*jobs: Job) -> Problem:
    return Problem((Crew((Span(480, 960),)), Crew((Span(480, 960),))), jobs, WAYS, (), Weights(change_crew=30.0))


def test_who_has_room_at_home_goes_home_and_nothing_else_changes() -> None:
    problem = two_crews(job(480, (Placed(0, 480),)), job(540, (Placed(0, 540),)), job(600))
    away = ((Placed(1, 500),), (Placed(0, 540),), (Placed(1, 600),))
    assert moved(problem, away) == [0]
    assert within(problem, away, 5) == ((Placed(0, 480),), *away[1:])


def test_what_pushed_most_away_is_left_out_first_and_they_go_home() -> None:
    """One new visit pushed two, another pushed one: two may move, then one, then none."""
    problem = two_crews(
        job(480, (Placed(0, 480),)), job(480, (Placed(0, 510),)), job(600, (Placed(0, 600),)),
        replace(job(480), services=(Service(60, BOTH),)), job(600),
    )  # fmt: skip
    pushed = ((Placed(1, 480),), (Placed(1, 510),), (Placed(1, 600),), (Placed(0, 480),), (Placed(0, 600),))
    assert within(problem, pushed, 3) == pushed
    one = within(problem, pushed, 2)
    assert one[3] is None and one[:2] == ((Placed(0, 480),), (Placed(0, 510),)) and one[4] == pushed[4]
    assert moved(problem, within(problem, pushed, 0)) == []


@st.composite
def repaired(draw: st.DrawFn) -> tuple[Problem, int]:
    """A full day of which one crew is gone, and how many may move."""
    many = draw(st.integers(4, 12))
    crews = tuple(Crew((Span(480, 780),)) for _ in range(3))
    able = tuple(Able(c) for c in range(3))
    jobs = tuple(
        Job(draw(st.integers(0, 1)), (Span(s, s + 90),), (Service(30, able),) * draw(st.sampled_from([1, 1, 2])), 200.0,
            latest=s + 90)
        for s in draw(st.lists(st.integers(480, 700), min_size=many, max_size=many))
    )  # fmt: skip
    whole = Problem(crews, jobs, WAYS)
    plan = solve(whole, None, seed=1, budget=Budget(iterations=60, chains=1)).plan
    held = tuple(
        replace(j, held=p) if p is not None and all(x.crew != 0 for x in p) else j
        for j, p in zip(jobs, plan, strict=True)
    )
    return replace(whole, crews=(Crew(()), *crews[1:]), jobs=held, weights=Weights(change_crew=5.0)), draw(
        st.integers(0, 4)
    )


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(repaired())
def test_no_more_move_than_may_and_every_hard_rule_is_kept(case: tuple[Problem, int]) -> None:
    problem, most = case
    start = tuple(j.held for j in problem.jobs)
    found = solve(problem, start, seed=2, budget=Budget(iterations=80, chains=1)).plan
    few = within(problem, found, most)
    assert stands(problem, few)
    stuck = [n for n in moved(problem, few) if few[n] is not None]
    newcomers = [n for n, j in enumerate(problem.jobs) if j.held is None and few[n] is not None]
    assert len(moved(problem, few)) <= most or not newcomers or stuck == []
    assert len(moved(problem, few)) <= len(moved(problem, found))


def only(*crews: int) -> tuple[Able, ...]:
    return tuple(map(Able, crews))


def test_a_visit_that_others_can_make_gives_way_to_one_that_only_its_worker_can() -> None:
    """Worker 0 alone may do the new visit, and has no time for it: the one in the way goes to worker 1."""
    at_eight = (Placed(0, 480),)
    problem = two_crews(replace(job(480, at_eight), latest=480, windows=(Span(480, 480),)), job(480, able=only(0)))
    problem = replace(problem, crews=(Crew((Span(480, 515),)), problem.crews[1]))
    start = (at_eight, None)
    assert placed_by_chains(problem, start, [1], 0) == start
    assert placed_by_chains(problem, start, [1], 1) == ((Placed(1, 480),), (Placed(0, 480),))


def test_a_third_moves_on_where_the_second_has_no_room_of_its_own() -> None:
    """The new visit takes the second's place at worker 0, the second takes the third's at 1, the third goes to 2."""
    crews = tuple(Crew((Span(480, 515),)) for _ in range(3))
    jobs = (
        job(480, (Placed(0, 480),), only(0, 1)),
        job(480, (Placed(1, 480),), only(1, 2)),
        job(480, able=only(0), price=300.0),
    )
    problem = Problem(crews, jobs, WAYS, (), Weights(change_crew=30.0))
    start = ((Placed(0, 480),), (Placed(1, 480),), None)
    assert placed_by_chains(problem, start, [2], 1) == start
    assert placed_by_chains(problem, start, [2], 2) == ((Placed(1, 480),), (Placed(2, 480),), (Placed(0, 480),))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate))
@given(repaired())
def test_chains_lose_nobody_move_no_more_than_may_and_keep_every_hard_rule(case: tuple[Problem, int]) -> None:
    problem, most = case
    start = tuple(j.held for j in problem.jobs)
    found = placed_by_chains(problem, start, [n for n, p in enumerate(start) if p is None], most)
    assert stands(problem, found)
    assert len(moved(problem, found)) <= most
    assert all(p is not None for p, stood in zip(found, start, strict=True) if stood is not None)
    late = [n for n, (j, p) in enumerate(zip(problem.jobs, found, strict=True))
            if p is not None and p != start[n] and p[0].start > j.windows[-1].end]  # fmt: skip
    assert late == []


def test_a_held_visit_that_begins_at_another_time_costs_once_however_far() -> None:
    weights = Weights(travel=0.0, change_crew=7.0, change_start=5.0, change_free=2.0)
    problem = replace(two_crews(job(480, (Placed(0, 480),))), weights=weights)
    costs = [cost_of(problem, ((Placed(c, s),),), ((), ())).total for c, s in ((0, 480), (0, 482), (0, 500), (1, 500))]
    assert costs == [0.0, 0.0, 5.0, 7.0]


def test_compiled_code_of_another_edition_is_not_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.delenv("CENTRE_PLANNER", raising=False)
    monkeypatch.setattr(cache, "ENGINE", tmp_path)
    (tmp_path / "decode.py").write_text("one")
    first = cache.folder()
    cache.note_ready()
    ready = cache.is_ready()
    (tmp_path / "decode.py").write_text("two")
    assert cache.folder() != first and ready and not cache.is_ready()
    monkeypatch.setenv("CENTRE_PLANNER", "plain")
    assert cache.is_ready()
