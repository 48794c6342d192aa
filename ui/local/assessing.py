"""Assessments on this computer (desk.assessments): kept as one answers, taken along, signed away, sent when the line is
back. Used on the interface thread; nothing here waits for the disk or the database."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from coordination.assessment.away import KEPT_FOR, Given, Returned, SignedHere, TakenAlong, begin_here
from coordination.local import assessments as local
from coordination.local.assessments import (
    ALONG,
    ANSWER,
    HALF,
    KINDS,
    SIGNATURE,
    Arrived,
    HalfTyped,
    Kept,
    NotNow,
    NotTaken,
    Outcome,
    Signature,
)
from coordination.local.model import CannotKeep, Drop, Entry, Put, Step
from coordination.names import listed
from coordination.values import AssessmentId, PersonId, new_id
from ui.local.drafts import Drafts
from ui.tasks import Tasks

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 2_000, 60_000


class Assessing(QObject):
    """What this computer has of assessments. ``line_up``: whether the database is thought to answer."""

    changed = Signal()
    returned = Signal(object, object)
    """AssessmentId as it was here, and coordination.assessment.away.Returned: it is back, or part of it"""
    not_taken = Signal(object, object)
    """AssessmentId, error: the database would have none of it"""
    recovered = Signal()
    """answers that no page shows came from the disk: of a client that is gone, or of an earlier sitting"""

    def __init__(
        self, services: Callable[[], Any], tasks: Tasks, drafts: Drafts,
        now: Callable[[], datetime], line_up: Callable[[], bool],
    ) -> None:  # fmt: skip
        super().__init__()
        self._services, self._tasks, self._drafts, self._now, self._line_up = services, tasks, drafts, now, line_up
        self._kept: dict[AssessmentId, Kept] = {}
        self._titles: dict[AssessmentId, str] = {}
        self._shown: Counter[AssessmentId] = Counter()
        self._sending: AssessmentId | None = None
        self._stuck: set[AssessmentId] = set()
        self._pause = FIRST_PAUSE_MS
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.send_waiting)
        drafts.offered.connect(self._read_kept)

    # ---------------------------------------------------------------- what there is

    def kept(self, key: AssessmentId) -> Kept | None:
        """What this computer has of one."""
        return self._kept.get(key)

    @property
    def all(self) -> list[Kept]:
        """All of them, what is not sent first, then the latest."""
        return sorted(self._kept.values(), key=lambda kept: (not kept.is_unsent, -kept.at.timestamp()))

    @property
    def unsent(self) -> list[Kept]:
        """What the database does not have, without what a page is saving at this moment."""
        away = not self._line_up()
        return [k for k in self.all if k.is_unsent and (away or k.signature is not None or not self._shown[k.id])]

    def title(self, key: AssessmentId) -> str:
        """Whose it is and which form, as a list calls it."""
        return self._titles.get(key, "")

    def of_person(self, person: PersonId) -> list[TakenAlong]:
        """What was taken along of a person."""
        return [k.along for k in self.all if k.along is not None and k.along.sheet.assessment.person == person]

    def is_shown(self, key: AssessmentId) -> bool:
        """A page has it open."""
        return self._shown[key] > 0

    def is_sending(self, key: AssessmentId) -> bool:
        return self._sending == key

    # ---------------------------------------------------------------- keeping

    def take(self, along: TakenAlong, entry: Entry | None = None) -> None:
        """Keep it here, with the form and what is known, in the place of what there was of it. ``entry``: the same, put
        into the form of the disk on another thread."""
        self._titles[along.id] = title_of(along)
        kept = self._kept.setdefault(along.id, Kept(along.id, self._now()))
        if kept.along != along:
            kept.along = along
            self._commit([Put(entry) if entry is not None else self._put(ALONG, along.id, str(along.id), along)])

    def begin(self, blank: TakenAlong) -> TakenAlong:
        """Begin a form that was taken along, under an id made here. The blank one stays for another time."""
        begun = begin_here(blank, AssessmentId(new_id()), self._now())
        self.take(begun)
        return begun

    def give(self, key: AssessmentId, given: Given) -> None:
        """Keep an answer: on the disk within half a second, or when the focus moves."""
        kept = self._kept.setdefault(key, Kept(key, self._now()))
        if kept.answers.get(given.question) == given:
            return
        kept.answers[given.question] = given
        self._stuck.discard(key)
        kept.at = given.at
        self._drafts.put(self._put(ANSWER, key, local.answer_key(key, given.question), given).entry)
        self.changed.emit()

    def give_half(self, key: AssessmentId, question: str, typed: tuple[str, ...]) -> None:
        """Keep what can't be read yet; nothing typed, or something that can be read: away with it."""
        kept = self._kept.setdefault(key, Kept(key, self._now()))
        name = local.answer_key(key, question)
        if typed:
            kept.half[question] = HalfTyped(question, typed, self._now())
            self._drafts.put(self._put(HALF, key, name, kept.half[question]).entry)
        elif kept.half.pop(question, None) is not None:
            self._commit([Drop(HALF, name)])

    def have(self, key: AssessmentId, questions: list[str]) -> None:
        """The database has these answers, or they are not wanted any more."""
        kept = self._kept.get(key)
        gone = [q for q in questions if kept is not None and kept.answers.pop(q, None) is not None]
        if gone:
            self._commit([Drop(ANSWER, local.answer_key(key, question)) for question in gone])

    def sign(self, key: AssessmentId, signed: SignedHere) -> None:
        """Keep a signature; it is sent when the line is there."""
        kept = self._kept[key]
        kept.signature = Signature(key, signed)
        self._commit([self._put(SIGNATURE, key, str(key), kept.signature)])
        self.send_waiting()

    def unsign(self, key: AssessmentId) -> bool:
        """Take the signature back. False when it is being sent, or has been."""
        kept = self._kept.get(key)
        if kept is None or kept.signature is None or self._sending == key:
            return False
        kept.signature = None
        self._commit([Drop(SIGNATURE, str(key))])
        return True

    def rekey(self, key: AssessmentId, other: AssessmentId) -> None:
        """It goes on in another that was begun before: each answer is shown beside what stands there."""
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        title = self._titles.setdefault(other, self._titles.get(key, ""))
        moved = {q: replace(given, seen=-1) for q, given in kept.answers.items()}
        now = self._kept.setdefault(other, Kept(other, kept.at))
        now.answers = {**moved, **now.answers}
        steps: list[Step] = [Drop(ALONG, str(key)), Drop(SIGNATURE, str(key))]
        steps += [Drop(ANSWER, local.answer_key(key, q)) for q in moved]
        steps += [
            Put(local.entry(ANSWER, local.answer_key(other, q), given, title, given.at)) for q, given in moved.items()
        ]
        now.half = {**kept.half, **now.half}
        self._commit(steps + local.moved_half(kept, other, title))

    def forget(self, key: AssessmentId) -> list[Entry]:
        """Away with all that is kept of it; gives the entries, for undo."""
        entries = [e for kind in KINDS for e in self._drafts.of(kind) if e.key.partition("/")[0] == str(key)]
        self._kept.pop(key, None)
        self._commit([Drop(*e.name) for e in entries])
        return entries

    def put_back(self, entries: list[Entry]) -> None:
        """Undo of :meth:`forget`."""
        self._drafts.commit([Put(e) for e in entries])
        self._take_in(entries)
        self.changed.emit()

    def _put(self, kind: str, key: AssessmentId, name: str, value: Any) -> Put:
        return Put(local.entry(kind, name, value, self._titles.get(key, ""), self._now()))

    def _commit(self, steps: list[Step]) -> None:
        self._drafts.commit(steps)
        self.changed.emit()

    # ---------------------------------------------------------------- which page shows it

    def show(self, key: AssessmentId) -> None:
        """A page shows it, and saves its answers itself."""
        self._shown[key] += 1
        self._stuck.discard(key)

    def hide(self, key: AssessmentId) -> None:
        """The page that showed it shows something else."""
        self._shown[key] -= 1
        self.send_waiting()

    # ---------------------------------------------------------------- sending

    def line_changed(self, up: bool) -> None:
        """The database answers again, or not."""
        if up:
            self._pause = FIRST_PAUSE_MS
            self.send_waiting()
        self.changed.emit()

    def send_waiting(self) -> None:
        """The first that waits and that no page saves by itself; the next follows when it is acknowledged. Signatures
        go in the order in which they were made: a conversation comes before what stands on it."""
        self._again.stop()
        if self._sending is not None or not self._line_up():
            return
        signed = [k for k in self._kept.values() if k.signature is not None and k.signature.is_waiting]
        waiting = sorted(signed, key=lambda k: k.signature.signed.at if k.signature else k.at)
        waiting += [k for k in self._kept.values() if k.signature is None and self._goes_by_itself(k)]
        if waiting:
            self._send(waiting[0])

    def _goes_by_itself(self, kept: Kept) -> bool:
        return kept.is_unsent and kept.id in self._left and kept.id not in self._stuck

    @property
    def _left(self) -> set[AssessmentId]:
        """What a page of this sitting has left; what came from an earlier one waits until somebody looks at it."""
        return {key for key, shown in self._shown.items() if shown <= 0}

    def send(self, key: AssessmentId) -> None:
        """This one, now."""
        kept = self._kept.get(key)
        if kept is not None and self._sending is None:
            self._send(kept)

    def _send(self, kept: Kept) -> None:
        self._sending = kept.id
        sent = Kept(kept.id, kept.at, kept.along, dict(kept.answers), dict(kept.half), kept.signature)
        title, services, drafts, now = self._titles.get(kept.id, ""), self._services, self._drafts, self._now()
        earlier = drafts.commit([])

        def call() -> tuple[Outcome, list[Step]]:
            with contextlib.suppress(CannotKeep):
                earlier.result()
            outcome = local.send(sent, services().away.bring_back)
            return outcome, local.after(sent, outcome, title, now)

        self._tasks.run(self, call, lambda done: self._came(sent, *done), lambda error: self._broke(sent, error))
        self.changed.emit()

    def _broke(self, sent: Kept, error: Exception) -> bool:
        self._came(sent, NotNow(error), [])
        return False

    def _came(self, sent: Kept, outcome: Outcome, steps: list[Step]) -> None:
        self._sending = None
        kept = self._kept.get(sent.id)
        if isinstance(outcome, NotNow):
            self._again.start(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE_MS)
            self.changed.emit()
            return
        self._pause = FIRST_PAUSE_MS
        # What was typed while it was under way is newer than what arrived.
        newer = {
            local.answer_key(sent.id, q) for q, given in (kept.answers if kept is not None else {}).items()
            if sent.answers.get(q) != given
        }  # fmt: skip
        steps = [s for s in steps if not (isinstance(s, Drop) and s.kind == ANSWER and s.key in newer)]
        self._drafts.commit(steps)
        self._again_from(steps, sent.id)
        self._stuck |= {sent.id, *self._keys_of(steps)}  # what is left waits for somebody
        if isinstance(outcome, Arrived):
            self.returned.emit(sent.id, outcome.returned)
        elif isinstance(outcome, NotTaken):
            self.not_taken.emit(sent.id, outcome.error)
        self.changed.emit()
        self.send_waiting()

    # ---------------------------------------------------------------- from the disk

    def _again_from(self, steps: list[Step], sent: AssessmentId) -> None:
        """Read anew what the steps concern."""
        keys = {sent, *self._keys_of(steps)}
        entries = [e for kind in KINDS for e in self._drafts.of(kind) if e.key.partition("/")[0] in map(str, keys)]
        now = local.read(entries)
        for key in keys:
            if key in now:
                self._kept[key] = now[key]
            else:
                self._kept.pop(key, None)

    @staticmethod
    def _keys_of(steps: list[Step]) -> set[AssessmentId]:
        return {key for step in steps if isinstance(step, Put) for key in local.read([step.entry])}

    def _read_kept(self) -> None:
        entries = [e for kind in KINDS for e in self._drafts.unclaimed(kind)]
        if not entries:
            return
        for each in entries:
            self._drafts.claim(*each.name)
        self._take_in(entries)
        self._tidy()
        self.changed.emit()
        if any((kept.answers or kept.half) and not self._shown[key] for key, kept in self._kept.items()):
            self.recovered.emit()
        self.send_waiting()

    def _take_in(self, entries: list[Entry]) -> None:
        for key, found in local.read(entries).items():
            mine = self._kept.setdefault(key, found)
            if mine is not found:
                mine.along, mine.signature = mine.along or found.along, mine.signature or found.signature
                mine.answers = {**found.answers, **mine.answers}
                mine.half = {**found.half, **mine.half}
            if mine.along is not None:
                self._titles.setdefault(key, title_of(mine.along))
        for each in entries:
            for key in local.read([each]):
                self._titles.setdefault(key, str(each.data.get("title", "")))

    def _tidy(self) -> None:
        """What was taken along and not used for a fortnight goes: it is about people, and this is not its place."""
        old = self._now() - KEPT_FOR
        gone = [k for k in self._kept.values() if not k.is_unsent and k.along is not None and k.along.taken_at < old]
        for kept in gone:
            del self._kept[kept.id]
        steps: list[Step] = [Drop(ALONG, str(kept.id)) for kept in gone]
        for kept in self._kept.values():
            for question in [q for q, half in kept.half.items() if half.at < old]:
                del kept.half[question]
                steps.append(Drop(HALF, local.answer_key(kept.id, question)))
        if steps:
            self._commit(steps)


def title_of(along: TakenAlong) -> str:
    """``PANKHURST, Emmeline (Mrs): Strengths-based conversation``."""
    fields = along.record.person.fields
    return f"{listed(fields.surname, fields.given, fields.title)}: {along.sheet.form.title}"


__all__ = ["Assessing", "Returned", "title_of"]
