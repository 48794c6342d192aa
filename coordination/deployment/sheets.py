"""Daily deployment sheets (D4): what is on them, and what is left out. Enough to do the job and no more.

On: time, name, address, how to get in, what is needed, skills, the second worker, risks. Left out by never being in
these records: NHS number, date of birth, telephone numbers of the person, diagnosis, carers, plan. The words of alerts
that tell of a diagnosis or of abuse are left out too, and their kind stands alone; see ``discretion`` for codes.

A sheet is that of the published plan. What has changed since stands where it happens now, marked with what it was; what
was taken from a worker stays where it was, with name and time only. A day that was never published is a draft.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from coordination.deployment.discretion import discreet
from coordination.deployment.model import Alert, Board, Visit, VisitState, Worker
from coordination.deployment.published import NO_VISIT, Change, ChangeKind, Changes, Published, changes_since
from coordination.deployment.suggest import free_time
from coordination.values import VisitId, Window, WorkerId

# What an alert may say on paper besides its kind. An infection's words name it, which is a diagnosis; safeguarding's
# words are nobody's to find in a car; a key safe's words are where its code gets written.
_WORDS_ARE_PRINTED = frozenset({"do_not_visit_alone", "access", "allergy", "other"})


@dataclass(frozen=True, slots=True)
class Risk:
    """Something to be careful of: the kind, whose words are the printer's, and what may be said of it."""

    kind: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class SheetChange:
    """What is different since the plan was published. ``others``: names of those in whose place, or who go instead."""

    kind: ChangeKind
    was: Window | None
    now: Window | None
    others: tuple[str, ...] = ()
    state: VisitState = "planned"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which published version the sheet is of. ``changes``: how many visits of the day are different by now."""

    version: int
    at: datetime
    by: str
    changes: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One visit on paper. ``window`` is when it happens, or when it should for one that nobody has."""

    visit_id: VisitId
    window: Window
    minutes: int
    name: str
    known_as: str
    address: str
    access: str
    language: str
    need: str
    skills: tuple[str, ...]
    with_whom: tuple[str, ...]  # the second worker; empty for a single visit
    second_missing: bool  # a double-up that has one worker only
    risks: tuple[Risk, ...]
    time_critical: bool
    gender_asked: str | None
    state: str
    workers: tuple[str, ...]  # on the team sheet: everybody who goes
    changes: tuple[SheetChange, ...] = ()
    revision: int = 1  # of the visit
    fixed: bool = False  # at this time and no other

    @property
    def is_off(self) -> bool:
        """The worker does not go any more."""
        return any(c.kind in ("taken_off", "cancelled") for c in self.changes)


@dataclass(frozen=True, slots=True)
class Elsewhen:
    """Time that the worker spends with another team; that team's sheet has the rest."""

    window: Window


@dataclass(frozen=True, slots=True)
class WorkerSheet:
    """One worker's day. ``hours`` is time at work less leave and sickness; ``away`` says why, if there is any."""

    worker_id: WorkerId
    name: str
    grade: str
    hours: tuple[Window, ...]
    away: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    elsewhere: tuple[Elsewhen, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetData:
    """Everything that is printed, and nothing else is. ``phone`` is the centre's, as the team has it."""

    team: str
    day: date
    phone: str
    printed_at: datetime
    printed_by: str
    workers: tuple[WorkerSheet, ...]
    unplaced: tuple[SheetLine, ...]
    edition: Edition | None = None  # None: never published, a draft
    only_changes: bool = False

    def of_worker(self, worker: WorkerId) -> SheetData:
        """The same for one worker alone."""
        return replace(self, workers=tuple(w for w in self.workers if w.worker_id == worker), unplaced=())

    def changed(self) -> SheetData:
        """What has changed since it was published and nothing else: workers whose day is as it was are left out."""
        marked = (replace(w, lines=tuple(n for n in w.lines if n.changes), elsewhere=()) for w in self.workers)
        return replace(self, workers=tuple(w for w in marked if w.lines), unplaced=(), only_changes=True)

    @property
    def visits(self) -> frozenset[VisitId]:
        """Every visit that is on it."""
        return frozenset(line.visit_id for w in self.workers for line in w.lines) | {u.visit_id for u in self.unplaced}


def sheets(
    board: Board,
    printed_at: datetime,
    printed_by: str,
    workers: Collection[WorkerId] | None = None,
    published: Published | None = None,
) -> SheetData:
    """The sheets of a board: of the ``workers`` named, or of everybody who works that day, has a visit, or had one."""
    since = changes_since(board, published) if published else Changes()
    everybody = [w for w in board.workers if _has_a_day(board, w) or w.id in since.of_worker]
    chosen = [w for w in board.workers if w.id in workers] if workers is not None else everybody
    edition = None
    if published is not None:
        edition = Edition(published.version, published.edition.at, published.edition.by_name, len(since))
    return SheetData(
        team=board.team.name,
        day=board.day,
        phone=board.team.phone,
        printed_at=printed_at,
        printed_by=printed_by,
        workers=tuple(_worker_sheet(board, w, since) for w in chosen),
        unplaced=tuple(_line(board, v, v.arrive, None) for v in board.unplaced if not v.allocations),
        edition=edition,
    )


def _has_a_day(board: Board, worker: Worker) -> bool:
    return bool(worker.at_work or board.row_of.get(worker.id) or board.elsewhere_of.get(worker.id))


def _worker_sheet(board: Board, worker: Worker, since: Changes) -> WorkerSheet:
    lines = [
        replace(
            _line(board, visit, held.window, worker.id),
            changes=_said(board, since.of_pair.get((visit.id, worker.id), ())),
        )
        for visit, held in board.row_of.get(worker.id, ())
        if visit.state not in NO_VISIT
    ]
    lines += [_line_off(board, c) for c in since.of_worker.get(worker.id, ()) if c.now is None]
    return WorkerSheet(
        worker_id=worker.id,
        name=worker.name,
        grade=worker.grade,
        hours=tuple(free_time(worker.at_work, (a.window for a in worker.away))),
        away=tuple(dict.fromkeys(a.kind for a in worker.away)),
        lines=tuple(sorted(lines, key=lambda line: line.window.start)),
        elsewhere=tuple(Elsewhen(stay.window) for stay in board.elsewhere_of.get(worker.id, ())),
    )


def _said(board: Board, changes: Collection[Change]) -> tuple[SheetChange, ...]:
    names = {w.id: w.name for w in board.workers}
    return tuple(SheetChange(c.kind, c.was, c.now, tuple(names.get(w, "") for w in c.others), c.state) for c in changes)


def _line_off(board: Board, change: Change) -> SheetLine:
    """A visit that was this worker's: who and when it was, and nothing else of the person."""
    assert change.was is not None
    visit = board.visit_by_id.get(change.visit_id)
    return SheetLine(
        visit_id=change.visit_id,
        window=change.was,
        minutes=round((change.was.end - change.was.start).total_seconds() / 60),
        name=visit.person.listed if visit else change.person,
        known_as="",
        address="",
        access="",
        language="",
        need="",
        skills=(),
        with_whom=(),
        second_missing=False,
        risks=(),
        time_critical=False,
        gender_asked=None,
        state=change.state,
        workers=(),
        changes=_said(board, (change,)),
        revision=visit.revision if visit else 1,
    )


def _line(board: Board, visit: Visit, window: Window, worker: WorkerId | None) -> SheetLine:
    about = visit.person
    names = {w.id: w.name for w in board.workers}
    going = tuple(names.get(a.worker_id, "") for a in visit.allocations)
    others = tuple(names.get(a.worker_id, "") for a in visit.allocations if a.worker_id != worker)
    language = about.language + (" (interpreter)" if about.interpreter else "")
    return SheetLine(
        visit_id=visit.id,
        window=window,
        minutes=visit.minutes,
        name=about.listed,
        known_as=about.known_as,
        address=discreet(", ".join(part for part in (about.address, about.postcode) if part), 240),
        access=discreet(". ".join(n.strip(" .") for n in (visit.access_notes, about.access_notes) if n.strip())),
        language=discreet("; ".join(part for part in (language.strip(), about.communication) if part), 160),
        need=discreet(visit.need, 500),
        skills=tuple(board.skills.get(code, code) for code in visit.skills),
        with_whom=others if worker is not None else (),
        second_missing=visit.workers_needed == 2 and len(visit.allocations) == 1,
        risks=_risks(about.alerts),
        time_critical=visit.time_critical,
        gender_asked=visit.gender_asked,
        state=visit.state,
        workers=going,
        revision=visit.revision,
        fixed=visit.fixed is not None,
    )


def _risks(alerts: Collection[Alert]) -> tuple[Risk, ...]:
    """Each kind once, with what may be said; the whole never longer than fits beside a visit."""
    said: dict[str, list[str]] = {}
    for alert in alerts:
        words = discreet(alert.words, 160) if alert.kind in _WORDS_ARE_PRINTED else ""
        said.setdefault(alert.kind, []).append(words)
    return tuple(Risk(kind, discreet("; ".join(w for w in words if w), 240)) for kind, words in said.items())
