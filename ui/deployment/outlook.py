"""What is worked out of a board once, on the thread that has read it, and again only where it has changed. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from coordination.deployment import board_warnings
from coordination.deployment.balance import HourLoad, balance
from coordination.deployment.board_warnings import KINDS, BoardWarning, WarningKind
from coordination.deployment.model import Allocation, Board, Visit, Worker
from coordination.values import WorkerId
from ui.deployment.layout import Spot

_RANK = {kind: number for number, kind in enumerate(KINDS)}
_Row = tuple[tuple[Visit, Allocation], ...]


@dataclass(frozen=True)
class Outlook:
    """A board, its demand against capacity, and what on it wants somebody's eye."""

    board: Board
    balance: tuple[HourLoad, ...]
    standing: tuple[BoardWarning, ...]
    """all warnings but those that depend on the hour"""
    overdue: tuple[BoardWarning, ...] = ()
    _rows: Mapping[WorkerId, tuple[Worker, _Row, tuple[BoardWarning, ...]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, board: Board, now: datetime | None = None, before: Outlook | None = None) -> Outlook:
        """``before`` is that of an earlier board: rows that are the very same are not worked out again."""
        known = before._rows if before is not None else {}
        rows = {}
        for worker in board.workers:
            row = board.row_of[worker.id]
            old = known.get(worker.id)
            apart = any(visit.pairs for visit, _ in row)  # how far depends on other rows
            if old is not None and old[0] is worker and not apart and _same(old[1], row):
                rows[worker.id] = old
            else:
                rows[worker.id] = (worker, row, board_warnings.of_worker(board, worker))
        longest = board_warnings.longest_stretch(board)
        standing = [w for _, _, found in rows.values() for w in found]
        standing += [w for visit in board.unplaced for w in board_warnings.of_open(board, visit, longest)]
        standing += board_warnings.of_people(board)
        overdue = board_warnings.overdue(board, now) if now is not None else ()
        return cls(board, balance(board), tuple(standing), overdue, rows)

    def at(self, now: datetime) -> Outlook:
        """The same, as time has gone on."""
        overdue = board_warnings.overdue(self.board, now)
        return self if overdue == self.overdue else replace(self, overdue=overdue)

    @cached_property
    def by_spot(self) -> Mapping[Spot, tuple[BoardWarning, ...]]:
        """The warnings of each place on the board, the gravest first."""
        found: dict[Spot, list[BoardWarning]] = {}
        for warning in (*self.overdue, *self.standing):
            found.setdefault(self.spot_of(warning), []).append(warning)
        return {spot: tuple(sorted(all_, key=lambda w: _RANK[w.kind])) for spot, all_ in found.items()}

    def spot_of(self, warning: BoardWarning) -> Spot:
        """Where it stands: at the first open half of a visit that nobody has."""
        if warning.slot:
            return Spot(warning.visit, warning.slot)
        free = self.board.visit_by_id[warning.visit].free_slots
        return Spot(warning.visit, free[0] if free else 1)

    @cached_property
    def counts(self) -> Mapping[WarningKind, int]:
        """How many visits each type concerns."""
        return {
            kind: len({w.visit for w in (*self.overdue, *self.standing) if w.kind == kind})
            for kind in KINDS
            if any(w.kind == kind for w in (*self.overdue, *self.standing))
        }

    def spots(self, kinds: Sequence[WarningKind] = KINDS) -> frozenset[Spot]:
        """Where there is a warning of these types."""
        return frozenset(spot for spot, found in self.by_spot.items() if any(w.kind in kinds for w in found))


def _same(one: _Row, other: _Row) -> bool:
    return len(one) == len(other) and all(a[0] is b[0] and a[1] is b[1] for a, b in zip(one, other, strict=True))
