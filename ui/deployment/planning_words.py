"""Plans in words: what changes, what it costs, why. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner.figures import Figures
from coordination.deployment.planner.proposal import Change, Proposal, Sofar
from coordination.values import VisitId
from ui import wording
from ui.deployment import words

KNOWN = "By a worker who is known"  # the one figure of which more is better
KINDS = {"placed": "placed", "moved": "to another worker", "later": "later", "sooner": "sooner", "freed": "taken back"}


def who(board: Board, places: Iterable[Allocation]) -> str:
    """``Amina and Bola, 09:15``."""
    held = list(places)
    if not held:
        return "nobody"
    names = [board.worker_by_id[a.worker_id].name for a in held if a.worker_id in board.worker_by_id]
    return f"{wording.listing(names)}, {wording.clock_time(held[0].window.start)}"


def way(board: Board, change: Change) -> str:
    """From whom to whom: ``Amina, 09:00 → Bola, 09:15``."""
    if not change.before.allocations:
        return who(board, change.after)
    return f"{who(board, change.before.allocations)} → {who(board, change.after)}"


def reasons(change: Change) -> str:
    return "; ".join(dict.fromkeys(words.short(o) for o in change.reasons))


def summary(proposal: Proposal) -> str:
    """``14 visits placed, 2 moved. 1 stays open.``"""
    placed = sum(c.kind == "placed" and not c.before.allocations for c in proposal.changes)
    freed = sum(c.kind == "freed" for c in proposal.changes)
    moved = len(proposal.changes) - placed - freed
    parts = [f"{wording.count(placed, 'visit')} placed"] if placed else []
    parts += [f"{moved} moved" if parts else f"{wording.count(moved, 'visit')} moved"] if moved else []
    parts += [f"{freed} without anybody"] if freed else []
    still = len(proposal.unplaced)
    end = f"{wording.count(still, 'visit')} {'stays' if still == 1 else 'stay'} open." if still else "None stays open."
    if not parts:
        return f"Nothing better was found; the board stays as it is. {end if still else ''}".strip()
    return f"{wording.listing(parts).capitalize()}. {end}"


def in_short(proposal: Proposal) -> str:
    """What it comes to, for whoever looks at the whole board."""
    return summary(proposal) if proposal.happened is None else repaired(proposal)


def repaired(proposal: Proposal) -> str:
    """``All 5 visits go to others; nothing else moves.``"""
    lost, open_ = concerned(proposal), {v.id for v in proposal.unplaced}
    left = sum(v in open_ for v in lost)
    others = sum(c.visit not in lost for c in proposal.changes)
    if not lost:
        return "It touches no visit." if not others else f"{wording.count(others, 'visit')} moved."
    if not left:
        first = "The visit has somebody" if len(lost) == 1 else f"All {len(lost)} visits have somebody"
    elif left == len(lost):
        first = "Nobody can take the visit" if left == 1 else f"Nobody can take any of the {left} visits"
    else:
        has = len(lost) - left
        first = f"{has} of {wording.count(len(lost), 'visit')} {'has' if has == 1 else 'have'} somebody, {left} nobody"
    rest = f"{wording.count(others, 'other visit')} moved" if others else "nothing else moves"
    return f"{first}; {rest}."


def concerned(proposal: Proposal) -> frozenset[VisitId]:
    """The visits that lost somebody by what happened, or are new."""
    open_before = {v.id for v in proposal.was.unplaced}
    return frozenset(v.id for v in proposal.board.unplaced if v.id not in open_before)


def known_share(found: Figures) -> str:
    """``84 %`` of the visits to people who know somebody; nothing where nobody does."""
    return f"{round(100 * found.known / found.knowable)} %" if found.knowable else "–"


def figure_rows(found: Figures) -> list[tuple[str, str, float]]:
    """Name, value in words, and the amount, less of which is better."""
    unknown = 1 - found.known / found.knowable if found.knowable else 0.0
    return [
        ("Open places", str(found.unplaced), found.weighted),
        ("Late, time-critical (min)", _number(found.critical), found.critical),
        ("Late, other (min)", _number(found.late + found.rushed), found.late + found.rushed),
        (KNOWN, known_share(found), unknown),
        ("On the way (min)", _number(found.travel), found.travel),
        ("Above an equal share (min)", _number(found.above_share), found.above_share),
        ("Without a break", str(found.no_break), found.no_break),
        ("Out of their area", str(found.outside), found.outside),
        ("Without the language", str(found.unspoken), found.unspoken),
        ("Visits changed", str(found.changes), found.changes),
    ]


def sofar(found: Sofar) -> list[tuple[str, str]]:
    """The best plan so far, for the panel that is shown while the planner works."""
    return [
        ("Open visits", f"{found.unplaced}"),
        ("On the way (min)", _number(found.travel)),
        ("Late, weighed", _number(found.late)),
        ("Cost in all", _number(found.cost)),
    ]


def day_of(board: Board) -> str:
    return f"{board.team.name}, {wording.weekday(board.day)}"


def needs(board: Board, visit: Visit) -> str:
    """What a worker must be or have to go there."""
    asked = [board.skills.get(code, code) for code in visit.skills]
    asked += ["two workers"] if visit.workers_needed == 2 else []
    asked += [f"a {visit.gender_asked} worker"] if visit.gender_asked else []
    return f"Needs {wording.listing(asked)}" if asked else ""


def open_line(visit: Visit) -> str:
    return f"{words.span(visit.arrive)}, {visit.minutes} min"


def changed_meanwhile(visits: Iterable[Visit]) -> str:
    """Two leads: what somebody else changed, and what can be done now."""
    names = [v.person.listed for v in visits]
    many = wording.listing(names[:3] + ([f"{len(names) - 3} more"] if len(names) > 3 else []))
    verb = "was" if len(names) == 1 else "were"
    stay = "It stays" if len(names) == 1 else "They stay"
    return f"{many} {verb} changed by somebody else meanwhile. {stay} as that desk left it; the rest can be applied."


def label(proposal: Proposal) -> str:
    """What stands in the list of what can be undone."""
    return f"plan of {wording.day(proposal.was.day)} ({wording.count(len(proposal.changes), 'visit')})"


def _number(amount: float) -> str:
    return f"{amount:,.0f}"
