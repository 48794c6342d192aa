"""Use cases of the transfer to recovery, one method each (T3-T6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Refused, obstacle
from coordination.reference import standing
from coordination.transfer.model import (
    BEDS_ELSEWHERE,
    LIST,
    LOOKED_UP,
    LightKind,
    LightState,
    Pathway,
    Transfer,
    TransferDraft,
    TransferId,
    TransferList,
)
from coordination.transfer.report import SiteReport, report
from coordination.values import UserName, is_storable
from coordination.work import Begin, Work

AHEAD_DAYS = 14
LONGEST = 500
MOST_DAYS = 92


class Transfers:
    """People in hospital who need not be, and their way home."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def worklist(self, locality: str | None = None) -> TransferList:
        """Who is ready, whom wards told us of, and the caseload with what is expected for two weeks (T4)."""
        with self._begin() as work:
            rows = work.transfer.rows(locality)
            told = work.transfer.told(100)
            load = work.transfer.caseload(AHEAD_DAYS)
            return TransferList(tuple(sorted(rows, key=_urgency)), tuple(told), load, work.now)

    def open(self, transfer: TransferId) -> Transfer:
        """Raises NotFound."""
        with self._begin() as work:
            return work.transfer.one(transfer)

    def begin(self, key: TransferId, draft: TransferDraft) -> Transfer:
        """Put somebody on the list. The id is the caller's: sending it again adds nothing twice.

        Raises BadValues; Refused when they are on it already.
        """
        _check("ward", draft.ward, 200)
        try:
            with self._begin() as work:
                if draft.ready_at > work.now:
                    raise BadValues((BadValue("ready_at", "still_to_come"),))
                work.transfer.add(key, draft, LIST)
                return work.transfer.one(key)
        except AlreadyExists as error:
            if error.constraint != "transfer_one_at_a_time":
                raise
            raise Refused("begin_transfer", (obstacle("on_the_list_already"),)) from error

    # ------------------------------------------------------------------ on the way

    def set_light(
        self, transfer: TransferId, kind: LightKind, state: LightState, note: str = ""
    ) -> tuple[Transfer, Transfer]:
        """Seen to, not needed, or still to do; gives how it stood and how it stands.

        Raises BadValues; Refused for what is looked up where it stands: a plan is done when there is one.
        """
        _check("note", note, LONGEST)
        if kind in LOOKED_UP and state == "done":
            raise Refused("set_light", (obstacle("looked_up", light=kind),))
        with self._begin() as work:
            before = work.transfer.one(transfer)
            work.transfer.set_light(transfer, kind, state, note.strip())
            return before, work.transfer.one(transfer)

    def delayed(
        self, key: UUID, transfer: TransferId, reason: str, since: date, note: str = ""
    ) -> tuple[Transfer, Transfer]:
        """T6: why they are still there, from that day on. The reason before ends there.

        Raises BadValues for a day before they were ready or still to come.
        """
        _check("note", note, LONGEST)
        with self._begin() as work:
            before = work.transfer.one(transfer)
            today = local_date(work.now)
            if not local_date(before.ready_at) <= since <= today:
                raise BadValues((BadValue("since", "not_while_ready"),))
            work.transfer.begin_delay(key, transfer, before.list, reason, since, note.strip())
            return before, work.transfer.one(transfer)

    def restore(self, before: Transfer) -> Transfer:
        """Undo of the two above: lights and delays as they were in ``before``."""
        with self._begin() as work:
            now = work.transfer.one(before.id)
            for was, light in zip(before.lights, now.lights, strict=True):
                if was != light:
                    said = was.by_name != ""
                    work.transfer.set_light(before.id, was.kind, was.state if said else None, was.note)
            if now.delays != before.delays:
                work.transfer.put_delays_back(before.id, before.delays)
            return work.transfer.one(before.id)

    def change(
        self, transfer: TransferId, seen: int, *, ward: str, expected_on: date | None, owner: UserName | None,
        pathway: Pathway, bed_reason: str,
    ) -> Transfer:  # fmt: skip
        """T3: a bed elsewhere (P2, P3) needs its reason. Raises BadValues, Conflict."""
        _check("ward", ward, 200)
        _check("bed_reason", bed_reason, LONGEST)
        if pathway in BEDS_ELSEWHERE and not bed_reason.strip():
            raise BadValues((BadValue("bed_reason", "home_first"),))
        changes: dict[str, object] = {
            "ward": ward.strip(), "expected_on": expected_on, "owner": owner, "pathway": pathway,
            "bed_reason": bed_reason.strip(),
        }  # fmt: skip
        return self._change(transfer, seen, lambda _work: changes)

    # ------------------------------------------------------------------ how it ends

    def left(self, transfer: TransferId, seen: int, at: datetime, destination: str) -> Transfer:
        """They have gone. Raises BadValues, Conflict."""
        if not destination:
            raise BadValues((BadValue("destination", "required"),))

        def changes(work: Work) -> Mapping[str, object]:
            before = work.transfer.one(transfer)
            if not before.ready_at <= at <= work.now:
                raise BadValues((BadValue("at", "not_while_ready"),))
            return {"state": "left", "left_at": at, "destination": destination}

        return self._change(transfer, seen, changes)

    def not_ready(self, transfer: TransferId, seen: int, why: str) -> Transfer:
        """They need the hospital again. Raises BadValues without a reason, Conflict."""
        _check("why", why, LONGEST)
        if not why.strip():
            raise BadValues((BadValue("why", "why_not_ready"),))
        return self._change(transfer, seen, lambda _work: {"state": "not_ready", "why_not_ready": why.strip()})

    def back_on_list(self, before: Transfer, seen: int) -> Transfer:
        """Undo of the two above, with the delays as they were."""
        cleared: dict[str, object] = {"state": "in_hospital", "left_at": None, "destination": None, "why_not_ready": ""}
        try:
            with self._begin() as work:
                if not work.transfer.change(before.id, seen, cleared):
                    raise Conflict("transfer", str(before.id), seen, work.transfer.one(before.id))
                work.transfer.put_delays_back(before.id, before.delays)
                return work.transfer.one(before.id)
        except AlreadyExists as error:
            raise Refused("begin_transfer", (obstacle("on_the_list_already"),)) from error

    # ------------------------------------------------------------------ what it amounts to

    def report(self, first: date, last: date) -> list[SiteReport]:
        """The situation report of these days, by site, in the national columns. Raises BadValues."""
        if last < first:
            raise BadValues((BadValue("last", "ends_before_it_starts"),))
        if (last - first).days >= MOST_DAYS:
            raise BadValues((BadValue("last", "too_many_days"),))
        lists = standing.read()
        with self._begin() as work:
            last = min(last, local_date(work.now))
            found = work.transfer.between(first, last) if first <= last else []
            sites = work.transfer.hospitals()
        reasons = [r for r in lists.delay_reasons if r.list == LIST]
        return report(found, first, max(first, last), sites, reasons, [d for d in lists.destinations if d.list == LIST])

    def owners(self) -> list[tuple[UserName, str]]:
        """Colleagues who can see to somebody's way home."""
        with self._begin() as work:
            return work.transfer.owners()

    def hospitals(self) -> dict[str, str]:
        """Code to name."""
        with self._begin() as work:
            return work.transfer.hospitals()

    def _change(self, transfer: TransferId, seen: int, changes: Callable[[Work], Mapping[str, object]]) -> Transfer:
        try:
            with self._begin() as work:
                if not work.transfer.change(transfer, seen, changes(work)):
                    raise Conflict("transfer", str(transfer), seen, work.transfer.one(transfer))
                return work.transfer.one(transfer)
        except BrokenRule as error:
            if error.constraint == "transfer_owner_fkey":
                raise BadValues((BadValue("owner", "not_a_colleague"),)) from error
            raise


def _urgency(one: Transfer) -> tuple[datetime, datetime]:
    """Whose assessment is due first, then who has waited longest."""
    return (one.assess_due or datetime.max.replace(tzinfo=one.ready_at.tzinfo), one.ready_at)


def _check(name: str, words: str, longest: int) -> None:
    if not is_storable(words):
        raise BadValues((BadValue(name, "has_unstorable_character"),))
    if len(words.strip()) > longest:
        raise BadValues((BadValue(name, "too_long"),))
