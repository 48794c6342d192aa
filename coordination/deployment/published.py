"""A team's day as workers were told it, and what has changed since. Pure: no store, no clock.

A published plan is a numbered version that nobody changes afterwards. The board goes on as the draft of the next. What
differs between the two is said worker by worker, because a sheet is a worker's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal, TypeVar
from uuid import UUID

from coordination.deployment.model import Board, Visit, VisitState
from coordination.values import TeamId, VisitId, Window, WorkerId

ChangeKind = Literal["new", "taken_off", "moved", "other_worker", "other_words", "cancelled"]
CHANGE_KINDS: tuple[ChangeKind, ...] = ("new", "cancelled", "taken_off", "moved", "other_worker", "other_words")
CALLED_OFF: frozenset[VisitState] = frozenset({"cancelled", "declined", "moved"})
NO_VISIT: frozenset[VisitState] = frozenset({"cancelled", "moved"})  # whoever is still on it: nobody goes
_DIGEST = "1:"  # how the words were digested: what another version of the program wrote is not compared


@dataclass(frozen=True, slots=True)
class PublishedVisit:
    """Who was told to go where, from when to when. ``words`` is a digest of what the visit said, None if not known.

    ``person`` and ``state`` are those of the visit today: it may be on no board any more."""

    visit_id: VisitId
    worker_id: WorkerId
    slot: int
    window: Window
    words: str | None = None
    person: str = ""
    state: VisitState = "planned"


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a team's day: who published it and when. ``unplaced`` visits still needed a worker then."""

    id: UUID
    team_id: TeamId
    day: date
    version: int
    by: str
    by_name: str
    at: datetime
    unplaced: int = 0


@dataclass(frozen=True)
class Published:
    """An edition with its rows, in order of visit and slot: those that this login may see."""

    edition: Edition
    rows: tuple[PublishedVisit, ...]

    @property
    def version(self) -> int:
        return self.edition.version


@dataclass(frozen=True, slots=True)
class Change:
    """What is different for one worker at one visit.

    ``was`` and ``now`` are when they go, None where they did not or do not. ``others``: for taken_off who goes instead,
    for new in whose place, for other_worker with whom they go now. ``state`` is how a cancelled visit ended,
    ``person`` whose visit it was, as far as the version tells.
    """

    kind: ChangeKind
    visit_id: VisitId
    worker_id: WorkerId
    was: Window | None
    now: Window | None
    others: tuple[WorkerId, ...] = ()
    state: VisitState = "planned"
    person: str = ""

    @property
    def moment(self) -> datetime:
        """When it concerns the worker: now, or then."""
        window = self.now or self.was
        assert window is not None
        return window.start


@dataclass(frozen=True)
class Changes:
    """Everything that differs, in order of worker, time and kind."""

    all: tuple[Change, ...] = ()

    def __len__(self) -> int:
        """How many visits are concerned: what a lead counts."""
        return len(self.of_visit)

    @cached_property
    def of_worker(self) -> Mapping[WorkerId, tuple[Change, ...]]:
        return _grouped((c.worker_id, c) for c in self.all)

    @cached_property
    def of_visit(self) -> Mapping[VisitId, tuple[Change, ...]]:
        return _grouped((c.visit_id, c) for c in self.all)

    @cached_property
    def of_pair(self) -> Mapping[tuple[VisitId, WorkerId], tuple[Change, ...]]:
        return _grouped(((c.visit_id, c.worker_id), c) for c in self.all)

    def kind_of(self, visit: VisitId) -> ChangeKind | None:
        """The one word for a visit on the board: a visit that one lost and another got has another worker."""
        kinds = {c.kind for c in self.of_visit.get(visit, ())}
        if {"new", "taken_off"} <= kinds:
            return "other_worker"
        return next((k for k in CHANGE_KINDS if k in kinds), None)


def changes_since(board: Board, published: Published) -> Changes:
    """How the board differs from the version, as far as both are to be seen. How a visit went is no change of plan."""
    rows = {
        v.id: {a.worker_id: PublishedVisit(v.id, a.worker_id, a.slot, a.window, words_of(v)) for a in v.allocations}
        for v in board.visits
        if v.state not in NO_VISIT
    }
    states = {r.visit_id: r.state for r in published.rows} | {v.id: v.state for v in board.visits}
    return _changes(_by_visit(published.rows), rows, states)


def compare(older: Published, newer: Published) -> Changes:
    """How one version differs from an older one of the same team's day."""
    return _changes(_by_visit(older.rows), _by_visit(newer.rows), {})


def words_of(visit: Visit) -> str:
    """A digest of what a sheet says of a visit besides who and when: another one means that the worker should read
    it again. It tells nothing of the words themselves."""
    about = visit.person
    said = [
        *(visit.need, sorted(visit.skills), visit.time_critical, visit.gender_asked, visit.workers_needed),
        *(visit.access_notes, visit.fixed.isoformat() if visit.fixed else ""),
        *(about.surname, about.given, about.title, about.known_as, about.address, about.postcode, about.language),
        *(about.interpreter, about.communication, about.access_notes),
        sorted((a.kind, a.words) for a in about.alerts),
    ]
    text = json.dumps([str(visit.id), *said], ensure_ascii=True)
    return _DIGEST + hashlib.sha256(text.encode()).hexdigest()[:32]


_Rows = Mapping[VisitId, Mapping[WorkerId, PublishedVisit]]


def _by_visit(rows: Iterable[PublishedVisit]) -> _Rows:
    found: dict[VisitId, dict[WorkerId, PublishedVisit]] = {}
    for row in rows:
        found.setdefault(row.visit_id, {})[row.worker_id] = row
    return found


def _changes(before: _Rows, after: _Rows, states: Mapping[VisitId, VisitState]) -> Changes:
    found: list[Change] = []
    for visit in before.keys() | after.keys():
        found += _of_visit(visit, before.get(visit, {}), after.get(visit, {}), states.get(visit, "planned"))
    order = {kind: n for n, kind in enumerate(CHANGE_KINDS)}
    return Changes(tuple(sorted(found, key=lambda c: (c.worker_id, c.moment, str(c.visit_id), order[c.kind]))))


def _of_visit(
    visit: VisitId,
    before: Mapping[WorkerId, PublishedVisit],
    after: Mapping[WorkerId, PublishedVisit],
    state: VisitState,
) -> Iterable[Change]:
    lost = tuple(w for w in before if w not in after)
    gained = tuple(w for w in after if w not in before)
    for worker in lost:
        off = not after and state in CALLED_OFF
        kind: ChangeKind = "cancelled" if off else "taken_off"
        yield Change(kind, visit, worker, before[worker].window, None, gained, state, before[worker].person)
    for worker in gained:
        yield Change("new", visit, worker, None, after[worker].window, lost, state)
    for worker in before.keys() & after.keys():
        was, now = before[worker], after[worker]
        if was.window != now.window:
            yield Change("moved", visit, worker, was.window, now.window, (), state)
        if lost or gained:
            yield Change("other_worker", visit, worker, was.window, now.window, gained, state)
        if _other_words(was.words, now.words):
            yield Change("other_words", visit, worker, was.window, now.window, (), state)


def _other_words(was: str | None, now: str | None) -> bool:
    known = was is not None and now is not None and was.startswith(_DIGEST) and now.startswith(_DIGEST)
    return known and was != now


_K = TypeVar("_K")
_V = TypeVar("_V")


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> Mapping[_K, tuple[_V, ...]]:
    groups: dict[_K, list[_V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
