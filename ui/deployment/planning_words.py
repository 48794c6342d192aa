"""Plans in words: what changes, what it costs, why. No Qt."""

from __future__ import annotations

from collections.abc import Iterable

from coordination.deployment.model import Allocation, Board, Visit
from coordination.deployment.planner.figures import Figures
from coordination.deployment.planner.plan import Sofar
from coordination.deployment.planner.proposal import Change, Proposal
from ui import wording
from ui.deployment import words

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


def known_share(found: Figures) -> str:
    """``84 %`` of the visits to people who know somebody; nothing where nobody does."""
    return f"{round(100 * found.known / found.knowable)} %" if found.knowable else "–"


def figure_rows(found: Figures) -> list[tuple[str, str, float]]:
    """Name, value in words, and the amount, less of which is better."""
    return [
        ("Open places", str(found.unplaced), found.weighted),
        ("Outside windows, time-critical", _min(found.critical), found.critical),
        ("Outside windows, other", _min(found.late + found.rushed), found.late + found.rushed),
        ("On the way", _min(found.travel), found.travel),
        ("By a worker who is known", known_share(found), found.knowable - found.known),
        ("Above an equal share", _min(found.above_share), found.above_share),
        ("Without a break", str(found.no_break), found.no_break),
        ("Out of their neighbourhood", str(found.outside), found.outside),
        ("Without the language", str(found.unspoken), found.unspoken),
        ("Visits changed", str(found.changes), found.changes),
    ]


def sofar(found: Sofar, first: Sofar) -> list[tuple[str, str]]:
    """The best plan so far, for the panel that is shown while the planner works: each beside the first one's."""
    rows = [
        ("Open", f"{found.unplaced}", f"{first.unplaced}"),
        ("On the way", _min(found.travel), _min(first.travel)),
        ("Late, weighed", f"{found.late:,.0f}", f"{first.late:,.0f}"),
        ("Cost in all", f"{found.cost:,.0f}", f"{first.cost:,.0f}"),
    ]
    return [(name, now if now == was else f"{now}, from {was}") for name, now, was in rows]


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


def _min(minutes: float) -> str:
    return f"{minutes:,.0f} min"
