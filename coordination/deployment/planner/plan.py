"""Plans and repairs of one team's day (D3): from a board to a proposal, without a database and without waiting for one.

A proposal never worsens what is there: where nothing better is found it changes nothing, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner.check import Dropped, what_holds, with_places
from coordination.deployment.planner.engine import solve
from coordination.deployment.planner.figures import changed, figures, outside_window
from coordination.deployment.planner.from_board import build
from coordination.deployment.planner.happened import Happened, Ill, after, lost_visits
from coordination.deployment.planner.model import Model
from coordination.deployment.planner.problem import Budget, Placed, Solution
from coordination.deployment.planner.proposal import Proposal, Sofar, propose
from coordination.deployment.planner.round_times import rounded
from coordination.deployment.planner.troubles import troubles
from coordination.deployment.planner.weights import Weights
from coordination.values import VisitId

PLAN_SECONDS = 8.0
FIRST, SECOND = 0.3, 0.5  # seconds of a repair: of what was lost alone, and with what stands near it
IN_TIME = 1.0  # seconds after which the first is offered as it is: nobody waits longer than two for a repair
NEAR, NEAR_IN_TIME = 150, timedelta(hours=3)
STAY = 6.0  # how much dearer than usual a change is when a repair is wanted, not a better plan
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
    found = _solve(model, seed, budget or Budget(seconds=PLAN_SECONDS), on_better, stop)
    return _proposal(board, model, weights, seed, found)


def repair(
    board: Board,
    happened: Happened,
    weights: Weights,
    *,
    seed: int,
    not_before: datetime | None = None,
    budget: Budget | None = None,
    stop: Callable[[], bool] | None = None,
) -> Proposal:
    """What moves least once that has ``happened``: first what was lost goes to others and nothing else moves; then
    others may move if much is won by it, up to half as many again as were lost."""
    now = after(board, happened)
    open_before = {v.id for v in board.unplaced}
    lost = frozenset(lost_visits(board, happened) if isinstance(happened, Ill) else changed(board, now))
    wanted = frozenset(v.id for v in now.unplaced if v.id not in open_before or v.id in lost)
    return _least(board, now, wanted, max(len(lost), 1), weights, seed, not_before, budget, stop, happened)


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
) -> Proposal:
    """First nothing but ``wanted`` moves; if that leaves one open, or late, others near it may, within the measure."""
    begun = monotonic()
    first_budget, second_budget = (budget, budget) if budget else (Budget(seconds=FIRST), Budget(seconds=SECOND))
    model = build(now, weights, not_before, still=frozenset(v.id for v in now.visits) - wanted, only=wanted)
    first = _solve(model, seed, first_budget, None, stop)
    gentle = _proposal(was, model, weights, seed, first, happened)
    poor = [v for v in gentle.planned.visits if v.id in wanted and _is_poor(v)]
    most = int(MORE_THAN_LOST * lost)
    if not poor or len(gentle.moved) >= most or (budget is None and monotonic() - begun > IN_TIME):
        return gentle
    still = frozenset(v.id for v in now.visits) - wanted - _near(gentle.planned, poor)
    model = build(now, weights, not_before, still=still, only=wanted, stay=STAY, ways=model.problem.travel)
    second = _solve(_begun_with(model, with_places(now, first[0])), seed, second_budget, None, stop)
    bold = _proposal(was, model, weights, seed, second, happened)
    better = bold.after.cost(weights) < gentle.after.cost(weights)
    takes = any(c.kind == "freed" and c.visit not in wanted for c in bold.changes)
    return bold if better and not takes and len(bold.moved) <= most else gentle


def _is_poor(visit: Visit) -> bool:
    """Still open, or outside its window."""
    return not visit.is_placed or bool(outside_window(visit, visit.allocations[0].window))


def _near(planned: Board, poor: Sequence[Visit]) -> frozenset[VisitId]:
    """Visits that may make room: those that stand about the time of one that found no good place, the nearest in time
    first."""
    middles = [v.arrive.start + (v.arrive.end - v.arrive.start) / 2 for v in poor]
    about = [
        (min(abs(v.starts - middle) for middle in middles), v.id)
        for v in planned.visits
        if v.starts is not None and not v.is_over
    ]
    return frozenset(v for off, v in sorted(about)[:NEAR] if off <= NEAR_IN_TIME)


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


def _solve(model: Model, seed: int, budget: Budget, on_better: Told | None, stop: Callable[[], bool] | None) -> _Found:
    def tell(solution: Solution) -> None:
        if on_better is not None:
            cost = solution.cost
            on_better(Sofar(cost.total, len(solution.unplaced), cost.travel, cost.late))

    solution = solve(model.problem, model.start, seed=seed, budget=budget, on_better=tell, stop=stop)
    kept = {v: places for v, places in model.wanted(solution).items() if not _takes_away(model, v, places)}
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
