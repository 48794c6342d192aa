"""Use cases of the criteria to reside (T6): the morning's lists, and what is said of somebody on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from coordination.errors import AlreadyExists, BadValue, BadValues, Conflict, Refused, obstacle
from coordination.reference import standing
from coordination.transfer.model import LIST, Transfer, TransferDraft, TransferId
from coordination.transfer.reside import RESIDE_LIST, SaidDraft, SaidId, SiteList, site_lists
from coordination.transfer.service import check_text, put_on
from coordination.work import Begin


class Reside:
    """Who still meets the criteria to reside, at which hospital."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def lists(self) -> list[SiteList]:
        """One list a hospital, in their order; as far as this desk may see the people. Four queries, however many."""
        with self._begin() as work:
            return site_lists(
                work.transfer.rows(None),
                work.reside.latest(),
                work.reside.expected(),
                work.transfer.hospitals(),
                work.now,
            )

    def say(self, key: SaidId, draft: SaidDraft) -> None:
        """Meets them still, need not be there (said again, of somebody who is on the list of those), or has gone
        without us. Sending it again says it once.

        Raises BadValues; Refused for somebody on the transfer list who is said to meet them: see ``meets_again``.
        """
        _check(draft)
        with self._begin() as work:
            there = work.transfer.of_person(draft.person_id)
            if draft.verdict != "no_longer" and there is not None:
                raise Refused("say_criteria", (obstacle("on_the_list_already"),))
            if draft.verdict == "no_longer" and there is None:
                raise Refused("say_criteria", (obstacle("not_on_the_list"),))
            work.reside.say(key, draft)

    def meets_again(self, key: SaidId, before: Transfer, draft: SaidDraft) -> Transfer:
        """Somebody on the transfer list needs the hospital again, with the national reason: off the list, and said so.

        Raises BadValues, Conflict.
        """
        said = replace(draft, verdict="meets", person_id=before.person_id)
        _check(said)
        words = next(r.words for r in standing.read().reside_reasons if (r.list, r.code) == (RESIDE_LIST, said.reason))
        with self._begin() as work:
            work.reside.say(key, said)
            changes = {"state": "not_ready", "why_not_ready": words[:500]}
            if not work.transfer.change(before.id, before.revision, changes):
                raise Conflict("transfer", str(before.id), before.revision, work.transfer.one(before.id))
            return work.transfer.one(before.id)

    def take_back_meets(self, key: SaidId, before: Transfer, seen: int) -> Transfer:
        """Undo of ``meets_again``: on the list as before."""
        cleared: dict[str, object] = {"state": "in_hospital", "why_not_ready": ""}
        try:
            with self._begin() as work:
                if not work.transfer.change(before.id, seen, cleared):
                    raise Conflict("transfer", str(before.id), seen, work.transfer.one(before.id))
                work.transfer.put_delays_back(before.id, before.delays)
                work.reside.take_back(key)
                return work.transfer.one(before.id)
        except AlreadyExists as error:
            raise Refused("begin_transfer", (obstacle("on_the_list_already"),)) from error

    def no_longer(
        self, key: SaidId, transfer: TransferId, draft: SaidDraft, ready_at: datetime, expected_on: date | None = None,
        admitted_on: date | None = None,
    ) -> Transfer:  # fmt: skip
        """Need not be there any more: said so, and put on the transfer list. Raises BadValues, Refused."""
        said = replace(draft, verdict="no_longer", reason="")
        _check(said)
        begun = TransferDraft(said.person_id, said.hospital, ready_at, said.ward, None, expected_on, admitted_on)
        return put_on(self._begin, transfer, begun, LIST, lambda work: work.reside.say(key, said))

    def take_back(self, key: SaidId) -> None:
        """Within the hour, by whoever said it: it was not said."""
        with self._begin() as work:
            work.reside.take_back(key)

    def take_off(self, key: SaidId, begun: Transfer) -> Transfer:
        """Undo of ``no_longer``."""
        with self._begin() as work:
            changes = {"state": "not_ready", "why_not_ready": "Put on the list by mistake"}
            if not work.transfer.change(begun.id, begun.revision, changes):
                raise Conflict("transfer", str(begun.id), begun.revision, work.transfer.one(begun.id))
            work.reside.take_back(key)
            return work.transfer.one(begun.id)


def _check(draft: SaidDraft) -> None:
    check_text("ward", draft.ward, 200)
    check_text("told_by", draft.told_by, 120)
    check_text("note", draft.note, 500)
    if not draft.hospital:
        raise BadValues((BadValue("hospital", "required"),))
    if draft.verdict == "meets":
        known = {r.code for r in standing.read().reside_reasons if r.list == RESIDE_LIST}
        if draft.reason not in known:
            raise BadValues((BadValue("reason", "criteria_not_chosen"),))
    if draft.verdict == "gone" and not draft.note.strip():
        raise BadValues((BadValue("note", "gone_where"),))
