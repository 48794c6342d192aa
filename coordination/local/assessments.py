"""Assessments on this computer: taken along, answers that the database does not have yet, and signatures that wait.

Each answer is an entry of its own, so that a key costs a few hundred bytes on the disk, and two windows on one
assessment do not write over each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from coordination.assessment.away import Given, Returned, Returning, SignedHere, TakenAlong
from coordination.errors import CoordinationError, DatabaseAway, Obstacle, SignInFailed, TooBusy
from coordination.local import wire
from coordination.local.model import Drop, Entry, Put, Step
from coordination.values import AssessmentId

ALONG, ANSWER, SIGNATURE = "assessment.along", "assessment.answer", "assessment.signature"
HALF = "assessment.half"
KINDS = (ALONG, ANSWER, HALF, SIGNATURE)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature made on this computer. It waits to be sent, until the database took it, or said ``why`` it did not
    and in which ``questions``; then the assessment is a draft again."""

    assessment: AssessmentId
    signed: SignedHere
    came_back: bool = False
    why: tuple[Obstacle, ...] = ()
    questions: tuple[str, ...] = ()
    refused: CoordinationError | None = None
    unforeseen: str = ""

    @property
    def is_waiting(self) -> bool:
        return not self.came_back


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """What stands in the fields of a question and can't be read as an answer yet: half a date, a score without its day.
    It is nobody's answer and is never sent; it only comes back to where it was typed."""

    question: str
    typed: tuple[str, ...] = field(repr=False)
    at: datetime


@dataclass
class Kept:
    """All that this computer has of one assessment. ``at``: when the last of it was kept, by this computer's clock."""

    id: AssessmentId
    at: datetime
    along: TakenAlong | None = None
    answers: dict[str, Given] = field(default_factory=dict)
    half: dict[str, HalfTyped] = field(default_factory=dict)
    signature: Signature | None = None

    @property
    def is_unsent(self) -> bool:
        """The database does not have all of it."""
        return bool(self.answers or self.signature or (self.along is not None and self.along.begun is not None))

    def returning(self) -> Returning:
        """What goes back."""
        waits = self.signature is not None and self.signature.is_waiting
        return Returning(
            self.id, tuple(self.answers.values()), self.along.begun if self.along is not None else None,
            self.signature.signed if waits and self.signature is not None else None,
        )  # fmt: skip


def answer_key(assessment: AssessmentId, question: str) -> str:
    return f"{assessment}/{question}"


def entry(kind: str, key: str, value: Any, title: str, at: datetime) -> Entry:
    """As it is kept; ``title`` is what a list calls it. Raises TypeError for what cannot be kept."""
    return Entry(kind, key, {"title": title, "page": "assessment", "value": wire.encode(value)}, at)


def read(entries: Iterable[Entry]) -> dict[AssessmentId, Kept]:
    """What there is, by assessment. What another version wrote and this one cannot read is passed over: it stays."""
    found: dict[AssessmentId, Kept] = {}
    for each in entries:
        if each.kind not in KINDS:
            continue
        try:
            value = wire.decode(each.data.get("value"))
        except wire.Unreadable:
            continue
        key = _of(each, value)
        if key is None:
            continue
        kept = found.setdefault(key, Kept(key, each.at))
        kept.at = max(kept.at, each.at)
        if isinstance(value, TakenAlong):
            kept.along = value
        elif isinstance(value, Given):
            # Two clients that died with the same answer half typed: the later one was typed last.
            before = kept.answers.get(value.question)
            if before is None or before.at <= value.at:
                kept.answers[value.question] = value
        elif isinstance(value, HalfTyped):
            kept.half[value.question] = value
        elif isinstance(value, Signature):
            kept.signature = value
    return found


def _of(each: Entry, value: Any) -> AssessmentId | None:
    if isinstance(value, TakenAlong):
        return value.id
    if isinstance(value, Signature):
        return value.assessment
    if isinstance(value, Given | HalfTyped):
        try:
            return AssessmentId(UUID(each.key.partition("/")[0]))
        except ValueError:
            return None
    return None


# ---------------------------------------------------------------- on the way back


@dataclass(frozen=True, slots=True)
class Arrived:
    """The database has taken it in, all or in part."""

    returned: Returned


@dataclass(frozen=True, slots=True)
class NotNow:
    """It could not be sent, or the answer was lost: it goes again later."""

    error: Exception


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The database would not have any of it: it stays as it is."""

    error: CoordinationError


Outcome = Arrived | NotNow | NotTaken


def send(kept: Kept, bring_back: Callable[[Returning], Returned]) -> Outcome:
    """Once. Sent again it makes nothing twice: ids and revisions come from this computer."""
    try:
        return Arrived(bring_back(kept.returning()))
    except (DatabaseAway, TooBusy, SignInFailed) as error:
        return NotNow(error)
    except CoordinationError as error:
        return NotTaken(error)


def after(kept: Kept, outcome: Outcome, title: str, now: datetime) -> list[Step]:
    """What changes on the disk when ``kept`` was sent: what the database has goes, what it would not have stays.

    A signature that did not hold comes back with the reason; the answers are the draft's again.
    """
    if isinstance(outcome, NotNow):
        return []
    if isinstance(outcome, NotTaken):
        if kept.signature is None:
            return []
        back = Signature(kept.id, kept.signature.signed, came_back=True, refused=_plain(outcome.error))
        return [Put(entry(SIGNATURE, str(kept.id), back, title, now))]
    done = outcome.returned
    steps: list[Step] = [Drop(ANSWER, answer_key(kept.id, question)) for question in done.saved]
    key = done.sheet.assessment.id
    left = {q: given for q, given in kept.answers.items() if q not in done.saved}
    if done.is_signed and not left:
        steps += [Drop(HALF, answer_key(kept.id, question)) for question in kept.half]
        return [*steps, Drop(SIGNATURE, str(kept.id)), Drop(ALONG, str(kept.id))]
    if key != kept.id:  # somebody had begun one already: it goes on in theirs
        steps += [Drop(ANSWER, answer_key(kept.id, question)) for question in left]
        steps += [Drop(ALONG, str(kept.id)), Drop(SIGNATURE, str(kept.id))]
        steps += [Put(entry(ANSWER, answer_key(key, q), given, title, given.at)) for q, given in left.items()]
        steps += moved_half(kept, key, title)
    if kept.along is not None:
        along = TakenAlong(done.sheet, kept.along.record, kept.along.obstacles, kept.along.first, now)
        steps.append(Put(entry(ALONG, str(key), along, title, now)))
    if kept.signature is not None and kept.signature.is_waiting:
        questions = (*done.differing, *(p.field for p in done.refused), *done.changed, *(p.field for p in done.missing))
        back = Signature(key, kept.signature.signed, True, done.in_the_way, tuple(dict.fromkeys(questions)))
        steps.append(Put(entry(SIGNATURE, str(key), back, title, now)))
    return steps


def moved_half(kept: Kept, key: AssessmentId, title: str) -> list[Step]:
    """What is half typed goes on under another id."""
    gone: list[Step] = [Drop(HALF, answer_key(kept.id, question)) for question in kept.half]
    return gone + [Put(entry(HALF, answer_key(key, q), half, title, half.at)) for q, half in kept.half.items()]


def _plain(error: CoordinationError) -> CoordinationError | None:
    try:
        wire.encode(error)
    except TypeError:
        return None
    return error
