"""Use cases of planning (D3): the weights, a plan applied in one go and taken back in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from coordination.clock import local_date
from coordination.deployment import rules
from coordination.deployment.drafts import check_drafts
from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.planner.check import what_holds, with_places
from coordination.deployment.planner.edit import Edit, Stretch
from coordination.deployment.planner.happened import Ill, Urgent
from coordination.deployment.planner.happened import after as as_happened
from coordination.deployment.planner.proposal import Proposal, propose, wanted_of
from coordination.deployment.planner.weights import TeamWeights, check
from coordination.errors import AlreadyExists, BrokenRule, Conflict, NotFound, Obstacle, Refused, obstacle
from coordination.values import TeamId

if TYPE_CHECKING:
    from coordination.work import Begin, Work

What = Literal["planned", "repaired", "remedied", "undone"]
_AWAY_TWICE = ("shift_leave_once", "shift_sickness_once")
TAKEN_BACK = "Taken back"


@dataclass(frozen=True)
class Applied:
    """What was done, visit by visit: as each stood and stands. What undo needs, and what a screen shows."""

    what: What
    edit: Edit
    steps: tuple[Step, ...]


class Planning:
    """Plans and repairs are made by ``coordination.deployment.planner.plan``, which needs no database."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ weights

    def weights(self, team: TeamId) -> TeamWeights:
        """What stands for this team: its own, else the city's."""
        with self._begin() as work:
            return TeamWeights(team, work.planning.weights(team))

    def set_weights(self, seen: TeamWeights, values: Mapping[str, int]) -> TeamWeights:
        """Those of ``values`` that differ become the team's own.

        Raises BadValue by the term, Conflict('weights') with what stands now, NotAllowed but for a team lead."""
        checked = check(values)
        with self._begin() as work:
            for term, value in checked.items():
                row = seen.row(term)
                if row.value == value:
                    continue
                if not work.planning.put_weight(seen.team, term, value, seen=row.revision):
                    now = TeamWeights(seen.team, work.planning.weights(seen.team))
                    raise Conflict("weights", term, row.revision, now)
            return TeamWeights(seen.team, work.planning.weights(seen.team))

    def usual_weights(self, team: TeamId) -> TeamWeights:
        """Back to those of the city."""
        with self._begin() as work:
            work.planning.clear_weights(team)
            return TeamWeights(team, work.planning.weights(team))

    # ------------------------------------------------------------------ applying

    def apply(self, proposal: Proposal) -> Applied:
        """All of it in one transaction, with what happened, or nothing.

        Raises Conflict("day_plan") with the visits that somebody changed since, as they stand (``rest`` gives what can
        still be applied); Refused('plan') with what is in the way now; NotAllowed."""
        seen = {c.visit: c.before.revision for c in proposal.changes}
        edit = Edit(proposal.was.team.id, proposal.was.day, seen, wanted_of(proposal), proposal.happened)
        return self._do("planned" if proposal.happened is None else "repaired", edit)

    def remedy(self, edit: Edit) -> Applied:
        """One small change that places a visit (``whynot``). Raises as ``apply``."""
        return self._do("remedied", edit)

    def rest(self, proposal: Proposal) -> Proposal:
        """What is left of a proposal on the board as it stands now: visits that somebody changed since stay as they
        are, and so do those for which there is no room any more (``dropped``)."""
        with self._begin() as work:
            was = _board(work, proposal.was)
            now = work.now if local_date(work.now) == was.day else None
        board = as_happened(was, proposal.happened)
        seen = {v.id: v.revision for v in board.visits}
        wanted = {c.visit: c.after for c in proposal.changes if seen.get(c.visit) == c.before.revision}
        held, dropped = what_holds(board, wanted, now)
        planned = with_places(board, held)
        return propose(was, board, planned, proposal.weights, proposal.seed, proposal.happened, dropped)

    def undo(self, applied: Applied, steps: Sequence[Step] = ()) -> Applied:
        """Everything as it was before, unless somebody touched any of it since (Conflict). Undoing what this gives
        does it again. ``steps``: the same, under the revisions that they have by now."""
        edit, done = applied.edit, steps or applied.steps
        return self._do(
            "undone",
            replace(
                edit,
                seen={s.after.id: s.after.revision for s in done},
                wanted={s.after.id: s.before.allocations for s in done},
                stretch=edit.stretch.back if edit.stretch else None,
                undoes=not edit.undoes,
            ),
        )

    # ------------------------------------------------------------------ inside

    def _do(self, what: What, edit: Edit) -> Applied:
        try:
            with self._begin() as work:
                before = _read(work, edit).visit_by_id
                _record(work, edit)
                self._hold(work, edit)
                places = [(visit, held) for visit, row in edit.wanted.items() for held in row]
                work.planning.replace_allocations(tuple(edit.wanted), places)
                if edit.undoes:
                    _take_back(work, edit)
                after = _chosen(_read(work, edit), edit)
                return Applied(what, edit, tuple(Step(what, before.get(v.id, _unknown(v)), v) for v in after))
        except (BrokenRule, AlreadyExists) as error:
            if error.constraint in _AWAY_TWICE:
                raise Refused("plan", (obstacle("away_already"),)) from error
            if not rules.explains(error.constraint):
                raise
            raise Refused("plan", self._explain(edit, error.constraint)) from error

    def _hold(self, work: Work, edit: Edit) -> None:
        stale = set(edit.seen) - work.planning.hold_visits(edit.seen)
        if stale:
            now = tuple(v for v in _read(work, edit).visits if v.id in stale)
            raise Conflict("day_plan", str(edit.team), len(edit.seen), now)
        work.deployment.hold_workers(sorted({a.worker_id for row in edit.wanted.values() for a in row}))

    def _explain(self, edit: Edit, constraint: str) -> tuple[Obstacle, ...]:
        """What the board shows to be in the way, looked at again."""
        with self._begin() as work:
            board = _read(work, edit)
        board = as_happened(board, edit.happened) if not edit.undoes else board
        _, dropped = what_holds(board, edit.wanted)
        found = tuple(o for d in dropped for o in d.obstacles)
        return found or (rules.refused_by_database(constraint),)


def _record(work: Work, edit: Edit) -> None:
    """What happened, and other hours of a worker. Absence that is taken back goes first: it would be in the way."""
    happened = edit.happened
    if isinstance(happened, Ill):
        if edit.undoes:
            work.planning.remove_absence(happened.shift)
        else:
            work.planning.add_absence(happened.shift, happened.worker, happened.window)
    elif isinstance(happened, Urgent) and not edit.undoes:
        check_drafts([happened.draft])
        work.deployment.add_visits([happened.draft])
        work.deployment.set_state(happened.draft.id, "planned", "")
    stretch = edit.stretch
    if stretch is not None and not edit.undoes:
        _stretch(work, stretch)


def _take_back(work: Work, edit: Edit) -> None:
    """What can only go once nobody goes there any more."""
    if isinstance(edit.happened, Urgent):
        work.deployment.set_state(edit.happened.draft.id, "cancelled", TAKEN_BACK)
    if edit.stretch is not None:
        _stretch(work, edit.stretch)


def _stretch(work: Work, stretch: Stretch) -> None:
    if not work.planning.stretch_shift(stretch.worker, stretch.was, stretch.window):
        raise Refused("plan", (obstacle("hours_changed"),))


def _read(work: Work, edit: Edit) -> Board:
    found = work.deployment.board(edit.team, edit.day)
    if found is None:
        raise NotFound("team", str(edit.team))
    return found


def _board(work: Work, was: Board) -> Board:
    found = work.deployment.board(was.team.id, was.day)
    if found is None:
        raise NotFound("team", str(was.team.id))
    return found


def _chosen(board: Board, edit: Edit) -> tuple[Visit, ...]:
    """The visits of the edit; and an urgent one, even when nobody can go."""
    ids = set(edit.wanted)
    if isinstance(edit.happened, Urgent):
        ids.add(edit.happened.draft.id)
    return tuple(v for v in board.visits if v.id in ids)


def _unknown(fresh: Visit) -> Visit:
    """An urgent visit before it was on the board."""
    return replace(fresh, allocations=(), revision=0)
