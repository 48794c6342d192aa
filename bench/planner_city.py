"""A day of a city: 100 workers and 1,000 visits around Manchester, invented, the same each time.

Planned in full; without double-ups beside the peers that are installed, in the same run, on the same matrices and with
the same aim (place all, then travel least); and repaired when one worker falls ill.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import perf_counter, process_time, thread_time

from bench import planner_peers
from bench.planner_town import board_of, problem_of, town
from coordination.clock import at_local
from coordination.deployment.model import Board, Worker
from coordination.deployment.planner import plan as planning
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.happened import ill
from coordination.deployment.planner.problem import Budget, Plan, Problem
from coordination.deployment.planner.weights import Weights

ILL = 6  # workers who fall ill, one after the other, those with most visits first


def broken(problem: Problem, plan: Plan) -> list[str]:
    """Every hard rule that a plan breaks: worked out here, apart from the planner."""
    found = []
    days: list[list[tuple[float, float, int]]] = [[] for _ in problem.crews]
    for number, (job, placing) in enumerate(zip(problem.jobs, plan, strict=True)):
        if placing is None:
            continue
        if len(placing) != len(job.services) or len({placed.crew for placed in placing}) != len(placing):
            found.append(f"visit {number} has not its workers")
        if len({placed.start for placed in placing}) != 1:
            found.append(f"visit {number}: they do not meet")
        for service, placed in zip(job.services, placing, strict=True):
            days[placed.crew].append((placed.start, placed.start + service.minutes, job.place))
            if placed.crew not in {able.crew for able in service.able}:
                found.append(f"visit {number}: not able")
            if not job.windows[0].start <= placed.start <= job.windows[0].end:
                found.append(f"visit {number}: out of the window")
    for crew, day in zip(problem.crews, days, strict=True):
        day.sort()
        if day and not (crew.spans and crew.spans[0].start <= day[0][0] and day[-1][1] <= crew.spans[0].end):
            found.append("out of shift")
        way = problem.travel[crew.mode]
        found += ["two places at once" for a, b in pairwise(day) if a[1] + way[a[2]][b[2]] > b[0]]
    return found


def travel(problem: Problem, plan: Plan) -> float:
    """Minutes on the way, from home and back."""
    rows: list[list[tuple[float, int]]] = [[] for _ in problem.crews]
    for job, placing in zip(problem.jobs, plan, strict=True):
        for placed in placing or ():
            rows[placed.crew].append((placed.start, job.place))
    total = 0.0
    for crew, row in zip(problem.crews, rows, strict=True):
        if row and crew.start_place is not None:
            stops = [crew.start_place, *(place for _, place in sorted(row)), crew.start_place]
            total += sum(problem.travel[crew.mode][a][b] for a, b in pairwise(stops))
    return total


def _line_of(name: str, problem: Problem, plan: Plan, spent: float, say: Callable[[str], None]) -> bool:
    wrong = broken(problem, plan)
    placed = sum(placing is not None for placing in plan)
    say(f"  {name:10} {placed:5} of {len(plan)} placed, {travel(problem, plan):8.0f} min on the way, "
        f"{len(wrong)} rules broken, {spent:5.1f} s of processor")  # fmt: skip
    return not wrong


def report(seconds: list[float], cpu: bool, say: Callable[[str], None]) -> int:
    """The city day in full, beside the peers, and with workers ill. 0 when all hard rules are kept."""
    full = problem_of(town())
    say(f"the day in full, 10 s {'processor time of each chain' if cpu else 'on the wall'}")
    begun = process_time()
    plan = solve(full, None, seed=1, budget=Budget(seconds=10.0, cpu=cpu))
    good = _line_of("planner", full, plan.plan, process_time() - begun, say)
    good = _ill(cpu, say) and good
    single = problem_of(town(two_workers=0.0))
    for limit in seconds:
        say(f"the same day without double-ups, {limit:g} s")
        begun = process_time()
        ours = solve(single, None, seed=1, budget=Budget(seconds=limit, cpu=cpu))
        good = _line_of("planner", single, ours.plan, process_time() - begun, say) and good
        for name, peer in planner_peers.PEERS.items():
            begun = process_time()
            theirs = peer(single, limit, cpu)
            if theirs is None:
                say(f"  {name:10} is not installed (pip install '.[bench]')")
            else:
                _line_of(name, single, theirs, process_time() - begun, say)
    say("PASS" if good else "FAIL")
    return 0 if good else 1


def _ill(cpu: bool, say: Callable[[str], None]) -> bool:
    """Those with most visits fall ill, each for the whole day, on a board as a team lead has it, with usual weights."""
    weights = Weights()
    board = planning.plan(board_of(town()), weights, seed=1, budget=Budget(seconds=10.0, cpu=cpu)).planned
    open_ = len(board.unplaced)
    say(f"the same day as a board, {open_} of {len(board.visits)} open: one worker ill, usual weights")
    good = True
    for worker in sorted(board.workers, key=lambda w: -len(board.row_of[w.id]))[:ILL]:
        good = _repaired(board, worker, open_, cpu, say) and good
    return good


def _repaired(board: Board, worker: Worker, open_: int, cpu: bool, say: Callable[[str], None]) -> bool:
    happened = ill(worker, at_local(board.day, 0))
    had = len(board.row_of[worker.id])
    begun, spent, own = perf_counter(), process_time(), thread_time()
    found = planning.repair(board, happened, Weights(), seed=1, cpu=cpu)
    took, spent, own = perf_counter() - begun, process_time() - spent, thread_time() - own
    left_out, moved = len(found.unplaced) - open_, len(found.moved)
    say(f"  had {had} visits: {moved} moved ({moved / had:.2f} of those), {left_out} of them left out; "
        f"{took:.2f} s on the wall, {spent:.2f} s of processor, {own:.2f} of them not searching")  # fmt: skip
    return moved <= 1.5 * had
