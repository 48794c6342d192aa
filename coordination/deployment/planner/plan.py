"""Plans and repairs of one team's day (D3): from a board to a proposal, without a database and without waiting for one.

A proposal never worsens what is there: where nothing better is found it changes nothing, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic, thread_time

from coordination.deployment.model import Allocation, Board
from coordination.deployment.planner.chains import placed_by_chains
from coordination.deployment.planner.check import Dropped, what_holds, with_places
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.figures import changed, figures, outside_window
from coordination.deployment.planner.from_board import build
from coordination.deployment.planner.happened import Happened, Ill, after, lost_visits
from coordination.deployment.planner.homing import within
from coordination.deployment.planner.model import Model
from coordination.deployment.planner.problem import Budget, Placed, Plan, Problem, Solution
from coordination.deployment.planner.proposal import Proposal, Sofar, propose
from coordination.deployment.planner.round_times import rounded
from coordination.deployment.planner.troubles import troubles
from coordination.deployment.planner.weights import Weights
from coordination.values import VisitId

PLAN_SECONDS = 8.0
FIRST = 0.25  # seconds of a repair for what was lost alone
STAGES = ((2.0, 0.5),)  # then with all others: how much dearer each change is than usual, and seconds
IN_TIME = 1.4  # seconds after which nothing more is begun: nobody waits longer than two for a repair
LEAST = 0.2  # seconds below which a stage is not worth beginning
MORE_THAN_LOST = 1.5  # a repair changes at most so many visits for each that was lost
_Found = tuple[dict[VisitId, tuple[Allocation, ...]], tuple[Dropped, ...]]


Told = Callable[[Sofar], None]


def plan(
    board: Board,
    weights: Weights,
    *,
    seed: int,
    not_before: datetime | None = None,
    budget: Budget | None = None,
    on_better: Told | None = None,
    stop: Callable[[], bool] | None = None,
) -> Proposal:
    """Everything that is open, and what stands wherever another place for it is worth the change.

    ``not_before`` is now, on the day itself. ``stop`` keeps the best so far. With a budget of iterations the same
    board, weights and seed give the same proposal."""
    model = build(board, weights, not_before)
    found = _solve(model, model.start, seed, budget or Budget(seconds=PLAN_SECONDS), stop, on_better)
    return _proposal(board, model, weights, seed, _holding(model, found.plan))


def repair(
    board: Board,
    happened: Happened,
    weights: Weights,
    *,
    seed: int,
    not_before: datetime | None = None,
    budget: Budget | None = None,
    stop: Callable[[], bool] | None = None,
    cpu: bool = False,
) -> Proposal:
    """What moves least once that has ``happened``: first what was lost goes to others and nothing else moves; then
    others may move if much is won by it, up to half as many again as were lost. ``cpu``: its seconds are counted as
    an idle machine would have them."""
    now = after(board, happened)
    open_before = {v.id for v in board.unplaced}
    lost = frozenset(lost_visits(board, happened) if isinstance(happened, Ill) else changed(board, now))
    wanted = frozenset(v.id for v in now.unplaced if v.id not in open_before or v.id in lost)
    return _least(board, now, wanted, max(len(lost), 1), weights, seed, not_before, budget, stop, happened, cpu)


def make_room(
    board: Board,
    visit: VisitId,
    weights: Weights,
    *,
    seed: int,
    not_before: datetime | None = None,
    budget: Budget | None = None,
    stop: Callable[[], bool] | None = None,
) -> Proposal:
    """A place for one open visit, moving as little as can be: nothing, if there is room, else a few others."""
    return _least(board, board, frozenset({visit}), 2, weights, seed, not_before, budget, stop, None)


def _least(
    was: Board,
    now: Board,
    wanted: frozenset[VisitId],
    lost: int,
    weights: Weights,
    seed: int,
    not_before: datetime | None,
    budget: Budget | None,
    stop: Callable[[], bool] | None,
    happened: Happened | None,
    cpu: bool = False,
) -> Proposal:
    """First nothing but ``wanted`` moves. If that leaves one open, or late, another gives its place up for it; then all
    others may move, and those that moved go back until no more have moved than half as many again as were lost."""
    spent = _Spent(cpu)
    model = build(now, weights, not_before, only=wanted)
    gentle = replace(model, problem=_all_stay(model.problem))
    alone = _solve(gentle, model.start, seed, budget or spent.on(FIRST), stop).plan
    best = _proposal(was, model, weights, seed, _holding(model, alone), happened)
    most = int(MORE_THAN_LOST * lost)
    room = most - sum(1 for v in wanted if v in was.visit_by_id and was.visit_by_id[v].allocations)
    if room < 1 or not _is_poor(best, wanted):
        return best
    jobs = [model.job_of[v] for v in wanted if v in model.job_of]
    chained = placed_by_chains(model.problem, alone, jobs, room)
    best = min(best, _proposal(was, model, weights, seed, _holding(model, chained), happened), key=_cost)
    if not _is_poor(best, wanted):
        return best
    model = _begun_with(model, best.planned)
    for stay, seconds in STAGES:
        left = IN_TIME - spent.seconds
        if budget is None and left < LEAST:
            break
        model = replace(model, problem=_dearer(model.problem, stay))
        time = budget or spent.on(min(seconds, left))
        few = within(model.problem, _solve(model, model.start, seed, time, stop).plan, room)
        model = replace(model, problem=_dearer(model.problem, 1 / stay), start=few)
        bold = _proposal(was, model, weights, seed, _holding(model, few), happened)
        takes = any(c.kind == "freed" and c.visit not in wanted for c in bold.changes)
        if not takes and len(bold.moved) <= most and _cost(bold) < _cost(best):
            best = bold
    return best


class _Spent:
    """Seconds since it was made: of the wall, or those that an idle machine would take, which are the processor time of
    this thread and the seconds given to searches."""

    def __init__(self, cpu: bool) -> None:
        self._clock = thread_time if cpu else monotonic
        self._cpu, self._begun, self._given = cpu, self._clock(), 0.0

    @property
    def seconds(self) -> float:
        return self._clock() - self._begun + self._given

    def on(self, seconds: float) -> Budget:
        """A budget of so many seconds."""
        self._given += seconds if self._cpu else 0.0
        return Budget(seconds=seconds, cpu=self._cpu)


def _all_stay(problem: Problem) -> Problem:
    """Whatever people expect stays where it is."""
    return replace(problem, jobs=tuple(replace(job, fixed=job.fixed or job.held) for job in problem.jobs))


def _dearer(problem: Problem, times: float) -> Problem:
    """So many times as dear is each change to what people expect."""
    w = problem.weights
    crew, start, time = w.change_crew * times, w.change_start * times, w.change_time * times
    return replace(problem, weights=replace(w, change_crew=crew, change_start=start, change_time=time))


def _cost(proposal: Proposal) -> float:
    return proposal.after.cost(proposal.weights)


def _is_poor(proposal: Proposal, wanted: frozenset[VisitId]) -> bool:
    """One of them is still open, or outside its window."""
    visits = (v for v in proposal.planned.visits if v.id in wanted)
    return any(not v.is_placed or outside_window(v, v.allocations[0].window) for v in visits)


def _begun_with(model: Model, begun: Board) -> Model:
    """The same problem, begun with the places of ``begun``: held is what stands, not where the search begins."""
    start = list(model.start)
    crew_of = {w.id: n for n, w in enumerate(begun.workers)}
    for visit, job in model.job_of.items():
        stood = model.board.visit_by_id[visit].allocations if visit in model.free_half else ()
        going = [a for a in begun.visit_by_id[visit].allocations if a not in stood]
        places = tuple(Placed(crew_of[a.worker_id], model.minute(a.window.start)) for a in going)
        start[job] = places if len(places) == len(model.problem.jobs[job].services) else None
    return replace(model, start=tuple(start))


def _solve(
    model: Model, start: Plan, seed: int, budget: Budget, stop: Callable[[], bool] | None, told: Told | None = None
) -> Solution:
    def tell(solution: Solution) -> None:
        if told is not None:
            cost = solution.cost
            told(Sofar(cost.total, len(solution.unplaced), cost.travel, cost.late))

    return solve(model.problem, start, seed=seed, budget=budget, on_better=tell if told else None, stop=stop)


def _holding(model: Model, found: Plan) -> _Found:
    """What of a plan every rule of the board allows, in times that people can say."""
    kept = {v: places for v, places in model.wanted(found).items() if not _takes_away(model, v, places)}
    wanted = rounded(model.board, kept, model.not_before)
    return what_holds(model.board, wanted, model.not_before)


def _takes_away(model: Model, visit: VisitId, places: tuple[Allocation, ...]) -> bool:
    """Somebody expects this visit, and it can be made: no other visit is worth its place."""
    return len(places) < len(model.board.visit_by_id[visit].allocations) and visit not in model.broken


def _proposal(
    was: Board, model: Model, weights: Weights, seed: int, found: _Found, happened: Happened | None = None
) -> Proposal:
    """Never worse than what stands, by the figures of the board itself."""
    board = model.board
    wanted, dropped = found
    planned = with_places(board, wanted)
    before = figures(board, was)
    after = figures(planned, was) if wanted else before
    if after.cost(weights) > before.cost(weights):
        planned, dropped, after = board, (), before
    said = troubles(model, planned)
    return propose(was, board, planned, weights, seed, happened, dropped, said, (before, after))
