"""Other engines on a day of single visits with hard windows: same matrices, skills, shifts, all placed before travel.

Each is given the same seconds (of processor, where ``cpu`` is asked; VROOM, which has two threads and no such
measure, of the wall) and says where it puts each visit, or None where it is not installed. Their routes begin
and end at home; as for the planner, the ways from and to home need not fit into the shift.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from time import process_time
from typing import Any

from coordination.deployment.planner.problem import Placed, Placing, Plan, Problem

MISSED = 100_000
PATIENCE = 20  # times as long may a search take on the wall that is counted in processor time


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _able(problem: Problem, job: int) -> list[int]:
    return [able.crew for able in problem.jobs[job].services[0].able]


def _timed(problem: Problem, routes: dict[int, list[int]]) -> Plan:
    """Each visit as early as its route allows; what a route can't hold in time is left out, and counts as such."""
    plan: list[Placing | None] = [None] * len(problem.jobs)
    for w, route in routes.items():
        crew = problem.crews[w]
        free, here = crew.spans[0].start, None
        for number in route:
            job = problem.jobs[number]
            way = 0 if here is None else problem.travel[crew.mode][here][job.place]
            start = max(free + way, job.windows[0].start)
            if start > job.windows[0].end or start + job.services[0].minutes > crew.spans[0].end:
                continue
            plan[number] = (Placed(w, start),)
            free, here = start + job.services[0].minutes, job.place
    return tuple(plan)


def ortools(problem: Problem, seconds: float, cpu: bool) -> Plan | None:
    """Guided local search from parallel cheapest insertion."""
    routing = _module("ortools.constraint_solver.pywrapcp")
    enums = _module("ortools.constraint_solver.routing_enums_pb2")
    if routing is None or enums is None:
        return None
    jobs, crews = len(problem.jobs), len(problem.crews)
    places = [job.place for job in problem.jobs] + [crew.start_place or 0 for crew in problem.crews]
    ends = list(range(jobs, jobs + crews))
    manager = routing.RoutingIndexManager(jobs + crews, crews, ends, ends)
    model = routing.RoutingModel(manager)
    minutes = [int(job.services[0].minutes) for job in problem.jobs] + [0] * crews
    ways = {mode: [[int(problem.travel[mode][a][b]) for b in places] for a in places] for mode in (0, 1)}
    takes = {
        mode: [[minutes[a] + (0 if a >= jobs or b >= jobs else table[a][b]) for b in range(len(places))]
               for a in range(len(places))]
        for mode, table in ways.items()
    }  # fmt: skip
    legs = {mode: model.RegisterTransitMatrix(table) for mode, table in ways.items()}
    times = {mode: model.RegisterTransitMatrix(table) for mode, table in takes.items()}
    for w, crew in enumerate(problem.crews):
        model.SetArcCostEvaluatorOfVehicle(legs[crew.mode], w)
    model.AddDimensionWithVehicleTransits([times[c.mode] for c in problem.crews], 24 * 60, 24 * 60, False, "time")
    clock = model.GetDimensionOrDie("time")
    for number, job in enumerate(problem.jobs):
        index = manager.NodeToIndex(number)
        clock.CumulVar(index).SetRange(int(job.windows[0].start), int(job.windows[0].end))
        model.VehicleVar(index).SetValues([-1, *_able(problem, number)])
        model.AddDisjunction([index], MISSED)
    for w, crew in enumerate(problem.crews):
        for end in (model.Start(w), model.End(w)):
            clock.CumulVar(end).SetRange(int(crew.spans[0].start), int(crew.spans[0].end))
    asked = routing.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(1000 * seconds * (PATIENCE if cpu else 1)))
    if cpu:
        ends = process_time() + seconds
        model.AddSearchMonitor(model.solver().CustomLimit(lambda: process_time() > ends))
    found = model.SolveWithParameters(asked)
    routes: dict[int, list[int]] = {}
    if found is not None:
        for w in range(crews):
            index, routes[w] = found.Value(model.NextVar(model.Start(w))), []
            while not model.IsEnd(index):
                routes[w].append(manager.IndexToNode(index))
                index = found.Value(model.NextVar(index))
    return _timed(problem, routes)


def pyvrp(problem: Problem, seconds: float, cpu: bool) -> Plan | None:
    """Hybrid genetic search. Workers who may do the same visits by the same means share a profile, in which the ways to
    other visits are too long to be worth anything."""
    module, stops, numpy = _module("pyvrp"), _module("pyvrp.stop"), _module("numpy")
    if module is None or stops is None:
        return None
    jobs, crews = len(problem.jobs), len(problem.crews)
    places = [job.place for job in problem.jobs] + [crew.start_place or 0 for crew in problem.crews]
    mine: list[frozenset[int]] = [frozenset() for _ in problem.crews]
    able = [_able(problem, number) for number in range(jobs)]
    for w in range(crews):
        mine[w] = frozenset(number for number in range(jobs) if w in able[number])
    profiles = list(dict.fromkeys((crew.mode, mine[w]) for w, crew in enumerate(problem.crews)))
    distances, durations = [], []
    for mode, may in profiles:
        way = numpy.array([[int(problem.travel[mode][a][b]) for b in places] for a in places], numpy.int64)
        others = [number for number in range(jobs) if number not in may]
        way[others, :] = way[:, others] = 2 * MISSED
        numpy.fill_diagonal(way, 0)
        time = way.copy()
        time[jobs:, :jobs] = numpy.where(way[jobs:, :jobs] < MISSED, 0, way[jobs:, :jobs])
        time[:jobs, jobs:] = numpy.where(way[:jobs, jobs:] < MISSED, 0, way[:jobs, jobs:])
        distances.append(way)
        durations.append(time)
    clients = [
        module.Client(
            number, service_duration=int(job.services[0].minutes), tw_early=int(job.windows[0].start),
            tw_late=int(job.windows[0].end), prize=MISSED, required=False,
        )
        for number, job in enumerate(problem.jobs)
    ]  # fmt: skip
    vehicles = [
        module.VehicleType(
            1, start_depot=w, end_depot=w, tw_early=int(crew.spans[0].start), tw_late=int(crew.spans[0].end),
            profile=profiles.index((crew.mode, mine[w])),
        )
        for w, crew in enumerate(problem.crews)
    ]  # fmt: skip
    data = module.ProblemData(
        [module.Location(0, 0) for _ in places], clients, [module.Depot(jobs + w) for w in range(crews)], vehicles,
        distances, durations,
    )  # fmt: skip
    ends = process_time() + seconds
    stop = (lambda _best: process_time() > ends) if cpu else stops.MaxRuntime(seconds)
    found = module.solve(data, stop)
    routes = {route.vehicle_type(): [step.idx for step in route if step.is_client()] for route in found.best.routes()}
    return _timed(problem, routes)


def vroom(problem: Problem, seconds: float, cpu: bool) -> Plan | None:
    """VROOM's own effort, as deep as it goes; it keeps to the seconds by itself."""
    module = _module("vroom")
    if module is None:
        return None
    numpy: Any = _module("numpy")
    engine = module.Input()
    jobs = len(problem.jobs)
    places = [job.place for job in problem.jobs] + [crew.start_place or 0 for crew in problem.crews]
    for mode, name in enumerate(("car", "foot")):
        table = numpy.array([[int(problem.travel[mode][a][b]) * 60 for b in places] for a in places], numpy.uint32)
        engine.set_durations_matrix(profile=name, matrix_input=table)
    for w, crew in enumerate(problem.crews):
        shift = module.TimeWindow(int(crew.spans[0].start) * 60, int(crew.spans[0].end) * 60)
        skills = {number + 1 for number in range(jobs) if w in set(_able(problem, number))}
        engine.add_vehicle(
            module.Vehicle(
                w, start=jobs + w, end=jobs + w, profile=("car", "foot")[crew.mode], time_window=shift, skills=skills
            )
        )
    for number, job in enumerate(problem.jobs):
        window = module.TimeWindow(int(job.windows[0].start) * 60, int(job.windows[0].end) * 60)
        engine.add_job(
            module.Job(
                number, location=number, default_service=int(job.services[0].minutes) * 60, skills={number + 1},
                time_windows=[window],
            )
        )  # fmt: skip
    found = engine.solve(exploration_level=5, nb_threads=2, timeout=timedelta(seconds=seconds))
    routes: dict[int, list[int]] = {}
    for row in found.routes[found.routes["type"] == "job"].itertuples():
        routes.setdefault(int(row.vehicle_id), []).append(int(row.id))
    return _timed(problem, routes)


PEERS: dict[str, Callable[[Problem, float, bool], Plan | None]] = {"OR-Tools": ortools, "VROOM": vroom, "PyVRP": pyvrp}
