"""The planner's engine on random small days: hard rules kept, nothing fixed moved, never worse, the same for a seed."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from coordination.deployment.planner.engine import faults, solve
from coordination.deployment.planner.engine.answer import cost_of, solution_of, stands
from coordination.deployment.planner.engine.chain import Chain
from coordination.deployment.planner.engine.layout import CREW, HEAD_F, HEAD_I, KEY, TOTAL
from coordination.deployment.planner.engine.pack import Packed
from coordination.deployment.planner.engine.run import Round
from coordination.deployment.planner.problem import (
    Able,
    Budget,
    Crew,
    Job,
    Link,
    Placed,
    Problem,
    Service,
    Solution,
    Span,
    Weights,
)
from tests.domain.planner_days import days, wrongs

LITTLE = Budget(iterations=90, chains=1)
random_days = settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate)
)

WAYS = [[[0.0, 10.0, 20.0], [10.0, 0.0, 10.0], [20.0, 10.0, 0.0]]]
DAY = Span(480, 960)


def visit(place: int, start: float, end: float, able: tuple[int, ...] = (0, 1), **more: object) -> Job:
    return replace(Job(place, (Span(start, end),), (Service(30, tuple(Able(c) for c in able)),), 500.0), **more)  # type: ignore[arg-type]


def two(place: int, start: float, end: float, **more: object) -> Job:
    service = Service(30, (Able(0), Able(1)))
    return replace(Job(place, (Span(start, end),), (service, service), 900.0), **more)  # type: ignore[arg-type]


def day(*jobs: Job, crews: tuple[Crew, ...] = (Crew((DAY,)), Crew((DAY,))), **more: object) -> Problem:
    return replace(Problem(crews, jobs, WAYS), **more)  # type: ignore[arg-type]


@random_days
@given(days(), st.integers(0, 9))
def test_any_plan_keeps_every_hard_rule_and_its_cost_is_what_it_says(problem: Problem, seed: int) -> None:
    found = solve(problem, None, seed=seed, budget=LITTLE)
    assert wrongs(problem, found.plan, found.breaks) == []
    assert found.cost.total == pytest.approx(cost_of(problem, found.plan, found.breaks).total)
    refused = {fault.job for fault in faults(problem)}
    assert all(found.plan[job] is None for job in refused)


@random_days
@given(days())
def test_the_sums_kept_from_move_to_move_are_those_of_the_plan(problem: Problem) -> None:
    free = replace(problem, jobs=tuple(replace(job, fixed=None) for job in problem.jobs))
    packed = Packed(free, frozenset(fault.job for fault in faults(free)))
    assume(packed.nodes.count > 1)
    chain = Chain(packed, None, 3)
    chain.cool(Round(1.0, 2.0, 0.1), LITTLE)
    assert chain.error is None
    chain.adopt(*chain.kept())
    assert chain.model.f[TOTAL] == pytest.approx(chain.best)
    refused = sum(free.jobs[fault.job].unplaced for fault in faults(free))
    assert solution_of(chain).cost.total == pytest.approx(chain.best + refused)


@random_days
@given(days(), st.integers(0, 9))
def test_a_plan_that_is_given_is_never_made_worse(problem: Problem, seed: int) -> None:
    first = solve(problem, None, seed=seed, budget=LITTLE)
    again = solve(problem, first.plan, seed=seed + 1, budget=Budget(iterations=40, chains=1))
    assert wrongs(problem, again.plan, again.breaks) == []
    if stands(problem, first.plan):
        bare = cost_of(problem, first.plan, tuple((None,) * len(crew.breaks) for crew in problem.crews))
        assert again.cost.total <= bare.total + 1e-6


@random_days
@given(days(), days())
def test_a_plan_for_another_day_is_a_beginning_like_any_other(problem: Problem, other: Problem) -> None:
    strange = solve(other, None, seed=1, budget=Budget(iterations=16, chains=1)).plan
    crews = len(problem.crews)
    fits = [
        p if p is not None and len(p) == len(j.services) and all(x.crew < crews for x in p) else None
        for p, j in zip((*strange, *(None,) * len(problem.jobs)), problem.jobs, strict=False)
    ]
    found = solve(problem, tuple(fits), seed=2, budget=LITTLE)
    assert wrongs(problem, found.plan, found.breaks) == []


@random_days
@given(days())
def test_the_same_seed_gives_the_same_plan_with_two_chains_too(problem: Problem) -> None:
    for budget in (LITTLE, Budget(iterations=60, chains=2)):
        one, same = (solve(problem, None, seed=5, budget=budget) for _ in range(2))
        assert one == same


def test_two_workers_meet_and_a_gap_is_kept() -> None:
    problem = day(two(1, 600, 610), two(2, 700, 705, least_gap=40.0, most_gap=50.0))
    found = solve(problem, None, seed=1, budget=LITTLE)
    together, apart = found.plan
    assert together and apart
    assert together[0].start == together[1].start == 600
    assert together[0].crew != together[1].crew
    assert 40 <= apart[1].start - apart[0].start <= 50


def test_morning_and_evening_of_one_person_keep_their_gap() -> None:
    problem = day(visit(1, 480, 600), visit(1, 600, 960), links=(Link(0, 1, 240, 360),))
    found = solve(problem, None, seed=1, budget=LITTLE)
    morning, evening = found.plan
    assert morning and evening and 240 <= evening[0].start - morning[0].start <= 360


def test_what_cannot_be_is_refused_before_anything_is_tried_and_the_rest_is_planned() -> None:
    problem = day(
        visit(1, 540, 600),
        visit(1, 540, 600, able=()),
        replace(visit(1, 540, 600), services=(Service(600, (Able(0),)),)),
        visit(1, 100, 200, latest=200.0),
        two(1, 540, 600, least_gap=120.0, most_gap=60.0),
        two(1, 540, 600, least_gap=120.0, most_gap=180.0, latest=600.0),
        replace(two(1, 540, 600), services=(Service(30, (Able(0),)), Service(30, (Able(0),)))),
        visit(1, 480, 500, latest=500.0),
        visit(1, 900, 930),
        links=(Link(7, 8, 10, 60),),
    )
    assert [(fault.job, fault.kind) for fault in faults(problem)] == [
        (1, "nobody_able"),
        (2, "longer_than_any_span"),
        (3, "window_missed"),
        (4, "gap_too_long"),
        (5, "gap_too_long"),
        (6, "one_crew_for_two"),
        (8, "gap_too_long"),
    ]
    found = solve(problem, None, seed=1, budget=LITTLE)
    assert set(found.unplaced) == {1, 2, 3, 4, 5, 6, 8}


def test_a_worker_falls_ill_and_only_their_visits_move() -> None:
    well = (Crew((DAY,)), Crew((DAY,)))
    jobs = tuple(visit(1, 500 + 60 * k, 620 + 60 * k) for k in range(6))
    before = solve(day(*jobs, crews=well), None, seed=1, budget=Budget(iterations=600, chains=1)).plan
    held = tuple(replace(job, held=placing) for job, placing in zip(jobs, before, strict=True))
    weights = Weights(change_crew=30.0, change_time=0.5, change_free=5.0)
    ill = day(*held, crews=(Crew(()), well[1]), weights=weights)
    after = solve(ill, before, seed=1, budget=Budget(iterations=600, chains=1))
    assert after.unplaced == ()
    assert all(placing and placing[0].crew == 1 for placing in after.plan)
    kept = [n for n, placing in enumerate(before) if placing and placing[0].crew == 1]
    assert all(after.plan[n] == before[n] for n in kept)


def test_fixed_visits_stay_even_where_they_clash_and_the_rest_goes_around_them() -> None:
    clash = [visit(1, 480, 960, fixed=(Placed(0, 600.0),)), visit(2, 480, 960, fixed=(Placed(0, 610.0),))]
    found = solve(day(*clash, visit(0, 480, 960, able=(0,))), None, seed=1, budget=LITTLE)
    assert found.plan[0] == (Placed(0, 600.0),) and found.plan[1] == (Placed(0, 610.0),)
    assert found.plan[2] is not None
    assert wrongs(day(*clash, visit(0, 480, 960, able=(0,))), found.plan, found.breaks) == []


def test_it_stops_when_asked_and_tells_of_each_better_plan() -> None:
    jobs = tuple(visit(n % 3, 480 + 20 * n, 560 + 20 * n) for n in range(12))
    told: list[Solution] = []
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(len(told) > 0)
        return asked[-1] and len(asked) > 3

    found = solve(day(*jobs), None, seed=1, budget=Budget(seconds=600), on_better=told.append, stop=stop)
    assert asked[-1] and told
    costs = [solution.cost.total for solution in told]
    assert costs == sorted(costs, reverse=True)
    assert found.cost.total <= costs[-1]
    assert wrongs(day(*jobs), found.plan, found.breaks) == []


def test_a_day_without_anybody_or_anything() -> None:
    assert solve(day(), None, seed=1, budget=LITTLE).plan == ()
    assert solve(day(visit(1, 540, 600, able=()), crews=()), None, seed=1, budget=LITTLE).unplaced == (0,)
    assert solve(day(visit(1, 540, 600, able=(0,)), crews=(Crew(()),)), None, seed=1, budget=LITTLE).unplaced == (0,)
    alone = day(visit(1, 540, 600, able=(0,)), crews=(Crew((DAY,), most_contact=10.0),))
    assert solve(alone, None, seed=1, budget=LITTLE).unplaced == (0,)
    early = day(visit(1, 540, 600, able=(0,), latest=inf), crews=(Crew((Span(0, 100),)),))
    assert [fault.kind for fault in faults(early)] == ["window_missed"]


def test_no_two_visits_stand_at_one_key_or_their_order_would_not_be_said() -> None:
    """Visits that begin at the same minute and change places between crews: kept plans are read by their keys."""
    jobs = [visit(0, 480 + 30 * (k // 4), 960, able=(0, 1, 2, 3)) for k in range(24)]
    crews = tuple(Crew((DAY,)) for _ in range(4))
    chain = Chain(Packed(day(*jobs, crews=crews), frozenset()), None, 1)
    for _ in range(6):
        chain.run(150, 400.0, 100.0)
        rows, whole = chain.rows()
        placed = whole[4:, CREW - HEAD_I] >= 0
        keys = rows[4:, KEY - HEAD_F][placed].tolist()
        assert len(keys) > 12 and len(set(keys)) == len(keys)
