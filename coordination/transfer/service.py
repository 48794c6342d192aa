"""Use cases of the transfer to recovery, one method each (T3-T6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.clock import local_date
from coordination.errors import AlreadyExists, BadValue, BadValues, BrokenRule, Conflict, Refused, obstacle
from coordination.intake import moves
from coordination.reference import standing
from coordination.transfer.caseload import TransferList
from coordination.transfer.model import (
    BEDS_ELSEWHERE,
    LIST,
    LOOKED_UP,
    RECOVERIES,
    LightKind,
    LightState,
    Pathway,
    Recovery,
    Transfer,
    TransferDraft,
    TransferId,
)
from coordination.transfer.recovery_service import caseload
from coordination.transfer.report import SiteReport, report
from coordination.values import PersonId, UserName, is_storable
from coordination.work import Begin, Work

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
            return TransferList(tuple(sorted(rows, key=_urgency)), tuple(told), caseload(work), work.now)

    def open(self, transfer: TransferId) -> Transfer:
        """Raises NotFound."""
        with self._begin() as work:
            return work.transfer.one(transfer)

    def begin(self, key: TransferId, draft: TransferDraft) -> Transfer:
        """Put anybody on the list: whom a ward told us of, or whoever is known to be ready. The id is the caller's:
        sending it again adds nothing twice. An open referral from a hospital is taken along, and hears that they are
        ready, so that its four hours run (T2); without one they run from now.

        Raises BadValues; Refused when they are on it already.
        """
        return put_on(self._begin, key, draft, LIST)

    def take_off(self, begun: Transfer) -> Transfer:
        """Undo of ``begin``: they were put on the list by mistake, and the referral is as it was. Raises Conflict."""
        with self._begin() as work:
            changes = {"state": "not_ready", "why_not_ready": "Put on the list by mistake"}
            if not work.transfer.change(begun.id, begun.revision, changes):
                raise Conflict("transfer", str(begun.id), begun.revision, work.transfer.one(begun.id))
            if begun.referral_id is not None:
                told = work.intake.referral(begun.referral_id)
                own = told is not None and told.moft_at == begun.ready_at and begun.begun_at is not None
                if own and told is not None and told.is_open and work.transfer.told_since(told.id, begun.id):
                    moves.moft(work, told.id, told.revision, None)
            return work.transfer.one(begun.id)

    def of_person(self, person: PersonId) -> Transfer | None:
        """Whether they are on the list, and how it stands."""
        with self._begin() as work:
            return work.transfer.of_person(person)

    def carers(self, person: PersonId) -> list[str]:
        """Whom to tell: name, relation and telephone."""
        with self._begin() as work:
            return work.transfer.carers(person)

    # ------------------------------------------------------------------ on the way

    def set_light(
        self, transfer: TransferId, kind: LightKind, state: LightState, note: str = ""
    ) -> tuple[Transfer, Transfer]:
        """Seen to, not needed, or still to do; gives how it stood and how it stands.

        Raises BadValues; Refused for what is looked up where it stands: a plan is done when there is one.
        """
        check_text("note", note, LONGEST)
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
        check_text("note", note, LONGEST)
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
        pathway: Pathway, bed_reason: str, recovery: Recovery | Literal[""] | None = None,
        admitted_on: date | Literal["as_it_is"] | None = "as_it_is",
    ) -> Transfer:  # fmt: skip
        """T3: a bed elsewhere (P2, P3) needs its reason. ``recovery``: the service that takes them on; None: as it is.

        Raises BadValues, Conflict.
        """
        check_text("ward", ward, 200)
        check_text("bed_reason", bed_reason, LONGEST)
        if pathway in BEDS_ELSEWHERE and not bed_reason.strip():
            raise BadValues((BadValue("bed_reason", "home_first"),))
        changes: dict[str, object] = {
            "ward": ward.strip(), "expected_on": expected_on, "owner": owner, "pathway": pathway,
            "bed_reason": bed_reason.strip(),
        }  # fmt: skip
        if recovery is not None:
            changes["recovery"] = _known(recovery)
        if admitted_on != "as_it_is":
            changes["admitted_on"] = admitted_on

        def checked(work: Work) -> Mapping[str, object]:
            if isinstance(admitted_on, date):
                _check_admitted(admitted_on, work.transfer.one(transfer).ready_at)
            return changes

        return self._change(transfer, seen, checked)

    # ------------------------------------------------------------------ how it ends

    def left(
        self, transfer: TransferId, seen: int, at: datetime, destination: str, *, bed_reason: str | None = None,
        recovery: Recovery | Literal[""] | None = None, until: date | None = None,
    ) -> Transfer:  # fmt: skip
        """They have gone. A bed elsewhere needs its reason (T3). ``recovery``: the service that has them now, planned
        ``until`` the first day without it (T4); None: as it was said. Raises BadValues, Conflict.
        """
        if not destination:
            raise BadValues((BadValue("destination", "required"),))
        check_text("bed_reason", bed_reason or "", LONGEST)

        def changes(work: Work) -> Mapping[str, object]:
            before = work.transfer.one(transfer)
            if not before.ready_at <= at <= work.now:
                raise BadValues((BadValue("at", "not_while_ready"),))
            why = before.bed_reason if bed_reason is None else bed_reason.strip()
            if destination in _elsewhere(before.list) and not why:
                raise BadValues((BadValue("bed_reason", "home_first"),))
            kind = before.recovery if recovery is None else _known(recovery)
            if until is not None and until <= local_date(at):
                raise BadValues((BadValue("until", "before_they_left"),))
            return {
                "state": "left", "left_at": at, "destination": destination, "bed_reason": why, "recovery": kind,
                "recovery_until": until if kind else None,
            }  # fmt: skip

        return self._change(transfer, seen, changes)

    def not_ready(self, transfer: TransferId, seen: int, why: str) -> Transfer:
        """They need the hospital again. Raises BadValues without a reason, Conflict."""
        check_text("why", why, LONGEST)
        if not why.strip():
            raise BadValues((BadValue("why", "why_not_ready"),))
        return self._change(transfer, seen, lambda _work: {"state": "not_ready", "why_not_ready": why.strip()})

    def back_on_list(self, before: Transfer, seen: int) -> Transfer:
        """Undo of the two above, with the delays as they were."""
        cleared: dict[str, object] = {
            "state": "in_hospital", "left_at": None, "destination": None, "why_not_ready": "",
            "bed_reason": before.bed_reason, "recovery": before.recovery, "recovery_until": before.recovery_until,
            "recovery_ended_on": None,
        }  # fmt: skip
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

    def small_number(self) -> int:
        """O3: counts below this, but nought, do not leave the centre."""
        with self._begin() as work:
            return work.transfer.small_number()

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


def put_on(
    begin: Begin, key: TransferId, draft: TransferDraft, list_: str, also: Callable[[Work], object] = lambda _work: None
) -> Transfer:
    """Somebody on the list, in one transaction with what is said ``also``. As ``Transfers.begin``."""
    check_text("ward", draft.ward, 200)
    try:
        with begin() as work:
            if draft.ready_at > work.now:
                raise BadValues((BadValue("ready_at", "still_to_come"),))
            if draft.admitted_on is not None:
                _check_admitted(draft.admitted_on, draft.ready_at)
            referral = draft.referral_id or work.transfer.hospital_referral(draft.person_id)
            work.transfer.add(key, replace(draft, referral_id=referral), list_)
            told = work.intake.referral(referral) if referral is not None else None
            if told is not None and told.is_open and told.moft_at is None:
                moves.moft(work, told.id, told.revision, draft.ready_at)
            also(work)
            return work.transfer.one(key)
    except AlreadyExists as error:
        if error.constraint != "transfer_one_at_a_time":
            raise
        raise Refused("begin_transfer", (obstacle("on_the_list_already"),)) from error


def _check_admitted(on: date, ready_at: datetime) -> None:
    if on > local_date(ready_at):
        raise BadValues((BadValue("admitted_on", "after_they_were_ready"),))


def _known(recovery: str) -> str:
    if recovery and recovery not in RECOVERIES:
        raise BadValues((BadValue("recovery", "not_in_list"),))
    return recovery


def _elsewhere(list_: str) -> frozenset[str]:
    """Destinations that are a bed elsewhere."""
    return frozenset(d.code for d in standing.read().destinations if d.list == list_ and d.elsewhere)


def check_text(name: str, words: str, longest: int) -> None:
    if not is_storable(words):
        raise BadValues((BadValue(name, "has_unstorable_character"),))
    if len(words.strip()) > longest:
        raise BadValues((BadValue(name, "too_long"),))
