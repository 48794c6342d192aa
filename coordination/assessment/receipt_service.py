"""Use cases of relying on an assessment (A4). Who may do what is the database's to say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from coordination.assessment import receipts
from coordination.assessment.model import AssessmentSheet
from coordination.assessment.receipts import (
    AskMore,
    Outcome,
    Point,
    PointId,
    ReaskCase,
    ReaskRow,
    Receipt,
    ReceiptFilter,
    ReceiptId,
    ReceiptRow,
    ReceiptState,
    TeamName,
)
from coordination.clock import local_date
from coordination.errors import BrokenRule, Conflict, IllegalMove, NotAllowed, Refused, obstacle
from coordination.values import AssessmentId, TeamId

if TYPE_CHECKING:
    from collections.abc import Callable

    from coordination.work import Begin, Work

R = TypeVar("R")


class Reliance:
    """Receipts: sent, accepted, asked for one thing more, challenged; and how often people are asked again."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def of_assessment(self, assessment: AssessmentId) -> list[Receipt]:
        """Who relies on it, in order of the team's name. One query."""
        with self._begin() as work:
            return work.receipts.of_assessment(assessment)

    def open(self, receipt: ReceiptId) -> tuple[Receipt, AssessmentSheet]:
        """A receipt with the assessment that it is of, and a view on the audit trail (R4). Raises NotFound."""
        with self._begin() as work:
            found = work.receipts.get(receipt)
            work.governance.note("view", "assessment_receipt", str(receipt), found.person)
            return found, work.assessment.sheet(found.assessment)

    def get(self, receipt: ReceiptId) -> Receipt:
        """Raises NotFound."""
        with self._begin() as work:
            return work.receipts.get(receipt)

    def rows(self, asked: ReceiptFilter | None = None) -> list[ReceiptRow]:
        """A worklist. One query."""
        with self._begin() as work:
            return work.receipts.rows(asked or ReceiptFilter())

    def waiting(self) -> tuple[int, int]:
        """How many wait for my teams, and how many for me as the assessing side. One query."""
        with self._begin() as work:
            return work.receipts.waiting()

    def teams(self, assessment: AssessmentId) -> list[TeamName]:
        """The teams that do not have it yet."""
        with self._begin() as work:
            return work.receipts.teams(assessment)

    # sending

    def send(self, receipt: ReceiptId, assessment: AssessmentId, team: TeamId, note: str = "") -> Receipt:
        """Send a signed assessment to a team by hand. Undo: :meth:`unsend`.

        Raises Refused (not signed, not shared with that team, a newer version is there), AlreadyExists when the team
        has it."""

        def do(work: Work) -> Receipt:
            work.receipts.send(receipt, assessment, team, note.strip())
            return work.receipts.get(receipt)

        return self._refusing("send_assessment", do)

    def unsend(self, receipt: ReceiptId) -> None:
        """Take it back, as long as the team has not looked at it. Raises Refused, NotFound."""

        def do(work: Work) -> None:
            if not work.receipts.unsend(receipt):
                raise NotAllowed("assessment_receipt")

        self._refusing("unsend_assessment", do)

    # the receiving side

    def accept(self, receipt: ReceiptId, seen: int) -> Receipt:
        """We rely on it. Undo: :meth:`take_back`. Raises NotAllowed, Conflict with the present Receipt, IllegalMove."""
        return self._set_state(receipt, seen, "accepted")

    def ask(self, point: PointId, receipt: ReceiptId, seen: int, ask: AskMore) -> Receipt:
        """Ask for one named thing more. Undo: :meth:`take_back`.

        Raises BadValues (words, why, due_on), NotAllowed, Conflict with the present Receipt, Refused."""

        def do(work: Work) -> Receipt:
            receipts.check_ask(ask, local_date(work.now))
            work.receipts.raise_point(point, receipt, seen, "more", ask)
            return work.receipts.get(receipt)

        return self._refusing("rely", do, receipt, seen)

    def challenge(self, point: PointId, receipt: ReceiptId, seen: int, reason: str) -> Receipt:
        """It is flawed: it goes to the assessor and to the contact of the agreement. Undo: :meth:`take_back`.

        Raises BadValue(reason), NotAllowed, Conflict with the present Receipt, Refused."""
        words = receipts.check_words("reason", reason, 4000)

        def do(work: Work) -> Receipt:
            work.receipts.raise_point(point, receipt, seen, "challenge", AskMore("", words, "", None))
            return work.receipts.get(receipt)

        return self._refusing("rely", do, receipt, seen)

    def take_back(self, receipt: ReceiptId, seen: int) -> Receipt:
        """What was accepted, asked or challenged last, as it was seen. Raises NotAllowed, Conflict, IllegalMove."""
        with self._begin() as work:
            now = _seen(work, receipt, seen)
        point = now.open_point
        if point is None:
            return self._set_state(receipt, seen, "waiting")
        return self._settle(now, point, outcome="taken_back" if point.kind == "more" else "withdrawn")

    # the assessing side

    def answer(self, receipt: ReceiptId, seen: int, words: str) -> Receipt:
        """A3: a signed answer to what was asked, or to a challenge; the assessment stays as it was signed.

        Raises BadValue(reply), Refused with what the signature lacks, NotAllowed, Conflict, IllegalMove."""
        kept = receipts.check_words("reply", words, 20000)
        with self._begin() as work:
            now = _seen(work, receipt, seen)
        return self._settle(now, _open(now), reply=kept)

    def uphold(self, receipt: ReceiptId, seen: int, words: str = "") -> Receipt:
        """The challenge is right: a correction follows. Undo: :meth:`reopen`.

        Raises NotAllowed, Conflict, IllegalMove."""
        with self._begin() as work:
            now = _seen(work, receipt, seen)
        return self._settle(now, _open(now), outcome="upheld", words=words.strip())

    def reopen(self, receipt: ReceiptId, seen: int) -> Receipt:
        """Take upholding back, while no correction has been begun. Raises Refused, Conflict, IllegalMove."""

        def do(work: Work) -> Receipt:
            now = _seen(work, receipt, seen)
            last = now.points[-1] if now.points else None
            if last is None or last.outcome != "upheld":
                raise IllegalMove("receipt", now.state, "challenged")
            if not work.receipts.reopen(last.id, last.revision):
                raise Conflict("receipt", str(receipt), seen, work.receipts.get(receipt))
            return work.receipts.get(receipt)

        return self._refusing("rely", do, receipt, seen)

    # asked again

    def reask_days(self) -> int:
        """Within how many days a repeat counts: the setting ``reask_days``."""
        with self._begin() as work:
            return work.receipts.reask_days()

    def reask(self, days: int) -> list[ReaskRow]:
        """By sending and receiving team, of the last ``days``. One query, of the people whom this login may see."""
        with self._begin() as work:
            return work.receipts.reask(work.now - timedelta(days=days))

    def reask_cases(self, from_team: TeamId | None, to_team: TeamId, days: int) -> list[ReaskCase]:
        """The rows behind one figure (O2), those asked again first. One query."""
        with self._begin() as work:
            return work.receipts.reask_cases(from_team, to_team, work.now - timedelta(days=days))

    # how it is done

    def _set_state(self, receipt: ReceiptId, seen: int, state: ReceiptState) -> Receipt:
        def do(work: Work) -> Receipt:
            if not work.receipts.set_state(receipt, seen, state):
                now = work.receipts.get(receipt)
                if now.revision != seen:
                    raise Conflict("receipt", str(receipt), seen, now)
                raise NotAllowed("assessment_receipt")
            return work.receipts.get(receipt)

        return self._refusing("rely", do, receipt, seen)

    def _settle(
        self, now: Receipt, point: Point, *, reply: str | None = None, outcome: Outcome | None = None, words: str = ""
    ) -> Receipt:
        def do(work: Work) -> Receipt:
            if not work.receipts.settle(point.id, point.revision, reply=reply, outcome=outcome, words=words):
                raise Conflict("receipt", str(now.id), now.revision, work.receipts.get(now.id))
            return work.receipts.get(now.id)

        return self._refusing("rely", do, now.id, now.revision)

    def _refusing(self, action: str, do: Callable[[Work], R], receipt: ReceiptId | None = None, seen: int = 0) -> R:
        """What the database refuses, said so that a screen can explain it."""
        try:
            with self._begin() as work:
                return do(work)
        except BrokenRule as error:
            broken = error
        with self._begin() as work:
            if receipt is not None:
                now = work.receipts.get(receipt)
                if broken.constraint in ("receipt_moved_on", "point_is_settled") or now.revision != seen:
                    raise Conflict("receipt", str(receipt), seen, now) from broken
                if broken.constraint == "assessment_signer_is_recognised":
                    form = work.assessment.sheet(now.assessment).form.id
                    gaps = work.assessment.recognition_gaps(work.actor.user_name, form, _today(work))
                    if gaps:
                        raise Refused("sign_answer", tuple(gaps)) from broken
        raise Refused(action, (obstacle(broken.constraint),)) from broken


def _today(work: Work) -> date:
    return local_date(work.now)


def _seen(work: Work, receipt: ReceiptId, seen: int) -> Receipt:
    now = work.receipts.get(receipt)
    if now.revision != seen:
        raise Conflict("receipt", str(receipt), seen, now)
    return now


def _open(now: Receipt) -> Point:
    point = now.open_point
    if point is None:
        raise IllegalMove("receipt", now.state, "answered")
    return point
