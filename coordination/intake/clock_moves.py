"""Pauses and requests for information, inside a transaction that is already open.

The referral is locked first: of two desks at once, the second sees what the first has done. The database bumps its
revision, moves the due times and writes the history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import BadValue, BadValues, Conflict, IllegalMove, NotFound, Refused, obstacle
from coordination.intake import clocks, rules
from coordination.intake.clocks import PauseId, RequestId, Until
from coordination.intake.model import Referral
from coordination.intake.moved import Move, Moved, Undo
from coordination.intake.moves import need, refuse_held_by_another
from coordination.people.text import check_text
from coordination.values import ReferralId

if TYPE_CHECKING:
    from coordination.work import Work


def pause(
    work: Work, referral_id: ReferralId, seen: int, pause_id: PauseId, reason: str, words: str, until: Until
) -> Moved:
    why = clocks.named_reason(reason)
    end = clocks.pause_until(why, until, work.now)
    said = _text("words", words, rules.LONGEST_WORDS)
    before = _locked(work, referral_id)
    if work.intake.has_pause(pause_id):  # sent again after a lost answer
        return _done("pause", before, before, pause_id)
    _refuse(work, before, seen)
    there = work.intake.clocks(referral_id).pause
    if there is not None:
        raise Refused("pause", (obstacle("paused_already", by=there.by_name, until=there.until_at),))
    work.intake.insert_pause(pause_id, referral_id, reason, said, end)
    return _done("pause", before, need(work, referral_id), pause_id)


def resume(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    before = _locked(work, referral_id)
    _refuse(work, before, seen)
    there = work.intake.clocks(referral_id).pause
    if there is None:
        raise Refused("resume", (obstacle("not_paused"),))
    work.intake.end_pause(there.id, "resumed")
    return _done("resume", before, need(work, referral_id), there.id)


def ask(
    work: Work, referral_id: ReferralId, seen: int, request_id: RequestId, ask_of: str, named: str, question: str,
    reply_by: Until,
) -> Moved:  # fmt: skip
    why = clocks.reason_of_request(ask_of)
    words = rules.check_reason("question", question)
    who = _text("named", named, 200) if ask_of == "named" else ""
    if ask_of == "named" and not who:
        raise BadValues((BadValue("named", "missing"),))
    end = clocks.pause_until(why, reply_by, work.now, "reply_by")
    before = _locked(work, referral_id)
    if work.intake.has_request(request_id):
        return _done("ask", before, before, request_id)
    _refuse(work, before, seen)
    there = work.intake.clocks(referral_id).request
    if there is not None:
        raise Refused("ask", (obstacle("asked_already", by=there.asked_by_name, at=there.asked_at),))
    work.intake.insert_request(request_id, referral_id, ask_of, who, words, end)
    return _done("ask", before, need(work, referral_id), request_id)


def answer(work: Work, referral_id: ReferralId, seen: int, words: str) -> Moved:
    said = rules.check_reason("answer", words)
    return _end_request(work, referral_id, seen, "answer", "answered", said)


def stop_asking(work: Work, referral_id: ReferralId, seen: int) -> Moved:
    return _end_request(work, referral_id, seen, "stop_asking", "withdrawn", "")


def _end_request(work: Work, referral_id: ReferralId, seen: int, move: Move, state: str, words: str) -> Moved:
    before = _locked(work, referral_id)
    _refuse(work, before, seen)
    there = work.intake.clocks(referral_id).request
    if there is None:
        raise Refused(move, (obstacle("nothing_asked"),))
    work.intake.change_request(there.id, state, words)
    return _done(move, before, need(work, referral_id), there.id)


def _locked(work: Work, referral_id: ReferralId) -> Referral:
    found = work.intake.lock(referral_id)
    if found is None:
        raise NotFound("intake", str(referral_id))
    return found


def _refuse(work: Work, before: Referral, seen: int) -> None:
    refuse_held_by_another(work, before)
    if not before.is_open:
        raise IllegalMove("intake", before.state, "paused")
    if before.revision != seen:
        raise Conflict("intake", str(before.id), seen, before)


def _text(field: str, text: str, longest: int) -> str:
    try:
        return check_text(field, text, longest)
    except BadValue as problem:
        raise BadValues((problem,)) from None


def _done(move: Move, before: Referral, after: Referral, thing: UUID) -> Moved:
    return Moved(after, Undo(move, before, after.revision, thing))
