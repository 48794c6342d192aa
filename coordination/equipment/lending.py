"""Use cases of loans (D6): how long, what is collected and what came back, what is overdue, who was reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from coordination.equipment import rules
from coordination.equipment.loans_model import (
    RETURNED,
    Collection,
    CollectionId,
    CollectionState,
    Loan,
    LoanId,
    Overdue,
    OverdueKind,
    Reminder,
    ReminderHow,
    ReminderId,
    Returned,
)
from coordination.equipment.model import CollectionCause, OrderId
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    IllegalMove,
    Obstacle,
    Refused,
    obstacle,
)
from coordination.values import PersonId, Window
from coordination.work import Begin, Work

COLLECT_WITHIN = timedelta(days=7)
_OPEN: tuple[CollectionState, ...] = ("to_collect", "slot_agreed")


class Lending:
    """Loans, collections, reminders."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    # ------------------------------------------------------------------ loans

    def loans(
        self, *, ended: bool = False, limit: int = rules.MOST_LISTED, after: Loan | None = None,
        locality: str | None = None,
    ) -> tuple[Loan, ...]:  # fmt: skip
        """Whoever has something on loan, the earliest agreed end first; ``locality``: of where they are. One query."""
        with self._begin() as work:
            return tuple(work.equipment.loans(None, ended=ended, limit=limit, after=after, locality=locality))

    def loans_of(self, person: PersonId, *, ended: bool = True) -> tuple[Loan, ...]:
        """What somebody has, and with ``ended`` what they had."""
        with self._begin() as work:
            return tuple(work.equipment.loans(person, ended=ended, limit=rules.MOST_LISTED))

    def loan(self, loan: LoanId) -> Loan:
        """Raises NotFound."""
        with self._begin() as work:
            return work.equipment.loan(loan)

    def loan_of(self, order: OrderId) -> Loan:
        """The loan that an order became. Raises NotFound before it is delivered."""
        with self._begin() as work:
            return work.equipment.loan_of(order)

    def extend(self, loan: LoanId, seen: int, until_on: date | None) -> Loan:
        """Another agreed end; None: as long as it is needed. Undo: the same with the former day.

        Raises BadValues, Conflict; Refused when it has come back.
        """
        with self._begin() as work:
            now = work.equipment.loan(loan)
            if now.revision != seen:
                raise Conflict("community_equipment", str(loan), seen, now)
            if now.ended_at is not None:
                raise Refused("extend_loan", (obstacle("equipment_loan_has_ended"),))
            latest = work.equipment.today() + rules.LONGEST_LOAN
            if until_on is not None and not now.since.date() <= until_on <= latest:
                raise BadValues((BadValue("until_on", "not_after_delivery"),))
            done = work.equipment.change_loan(loan, seen, until_on)
            now = work.equipment.loan(loan)
            if not done:
                raise Conflict("community_equipment", str(loan), seen, now)
            return now

    # ------------------------------------------------------------------ collections

    def collections(
        self,
        *,
        done: bool = False,
        locality: str | None = None,
        limit: int = rules.MOST_LISTED,
        after: Collection | None = None,
    ) -> tuple[Collection, ...]:
        """What is to be collected, the earliest day first; ``done``: what was collected or called off, newest first."""
        states = ("collected", "cancelled") if done else ("to_collect", "slot_agreed")
        where: dict[str, object] = {"states": states, "locality": locality, "newest": done, "after": after}
        with self._begin() as work:
            return tuple(work.equipment.collections(where, limit))

    def collections_of(self, person: PersonId) -> tuple[Collection, ...]:
        with self._begin() as work:
            return tuple(work.equipment.collections({"person": person, "newest": True}, rules.MOST_LISTED))

    def collection(self, collection: CollectionId) -> Collection:
        """Raises NotFound."""
        with self._begin() as work:
            return work.equipment.collection(collection)

    def ask_collection(
        self,
        key: CollectionId,
        loan: LoanId,
        *,
        wanted_by: date | None = None,
        cause: CollectionCause = "asked",
        note: str = "",
    ) -> Collection:
        """Have something collected. Plans, stays and lives that end ask by themselves. Sent again it asks once.

        Raises BadValues; Refused when it is asked for already, or has come back.
        """
        problems = rules.check_words("note", note, rules.LONGEST_NOTE)
        if problems:
            raise BadValues(tuple(problems))
        try:
            with self._begin() as work:
                day = wanted_by or work.equipment.today() + COLLECT_WITHIN
                if day < work.equipment.today():
                    raise BadValues((BadValue("wanted_by", "has_passed"),))
                work.equipment.add_collection(key, loan, cause, day, note.strip())
                return work.equipment.collection(key)
        except (AlreadyExists, BrokenRule) as error:
            raise Refused("ask_collection", _why_not(error)) from error

    def agree_collection(self, collection: CollectionId, seen: int, slot: Window) -> Collection:
        """When somebody comes for it. Raises Refused for a time that has passed, IllegalMove, Conflict."""
        with self._begin() as work:
            now = _fresh(work, collection, seen)
            _check_open(now, "slot_agreed")
            if slot.end <= work.now:
                raise Refused("agree_collection", (obstacle("equipment_slot_has_passed"),))
            return _changed(work, collection, seen, {"state": "slot_agreed", "slot": slot})

    def drop_collection_slot(self, collection: CollectionId, seen: int) -> Collection:
        """Undo of ``agree_collection``."""
        return self._turn_collection(collection, seen, ("slot_agreed",), {"state": "to_collect", "slot": None})

    def collected(
        self,
        collection: CollectionId,
        seen: int,
        *,
        when: datetime | None = None,
        back: int | None = None,
        returned_as: Returned | None = None,
        note: str = "",
    ) -> Collection:
        """It is back: the loan ends. ``back``: how many of a counted model; the rest is lost. ``returned_as``: where it
        goes now; None: to be cleaned, or to be repaired when it had failed its service.

        Raises BadValues, Conflict, IllegalMove; Refused when it cannot be there.
        """
        problems = rules.check_words("note", note, rules.LONGEST_NOTE)
        if problems:
            raise BadValues(tuple(problems))

        def change(work: Work) -> Collection:
            now = _fresh(work, collection, seen)
            _check_open(now, "collected")
            many = now.quantity if back is None else back
            if not 0 <= many <= now.quantity:
                raise BadValues((BadValue("back", "out_of_range"),))
            where: Returned = returned_as or ("in_repair" if now.cause == "service_failed" else "cleaning")
            if where not in RETURNED:
                raise BadValues((BadValue("returned_as", "not_a_place"),))
            if many == 0:
                where = "lost"
            changes: dict[str, object] = {
                "state": "collected", "collected_at": when or work.now, "back": many, "returned_as": where,
                "reason": "",
            }  # fmt: skip
            if note.strip():
                changes["note"] = note.strip()
            return _changed(work, collection, seen, changes)

        try:
            with self._begin() as work:
                return change(work)
        except BrokenRule as error:
            raise Refused("collect_equipment", _why_not(error)) from error

    def collection_undone(self, collection: CollectionId, seen: int) -> Collection:
        """Undo of ``collected``: the person still has it. Raises Refused when it has gone elsewhere since."""
        state: CollectionState = "to_collect" if self.collection(collection).slot is None else "slot_agreed"
        changes = {"state": state, "collected_at": None, "back": None, "returned_as": None}
        try:
            return self._turn_collection(collection, seen, ("collected",), changes)
        except BrokenRule as error:
            raise Refused("undo_collection", (obstacle("equipment_went_elsewhere"),)) from error

    def not_collected(self, collection: CollectionId, seen: int, reason: str) -> Collection:
        """Nobody in, not ready: still to be collected, without a time. Raises BadValues."""
        _check_reason(reason)
        with self._begin() as work:
            now = _fresh(work, collection, seen)
            _check_open(now, "to_collect")
            changes = {"state": "to_collect", "slot": None, "reason": reason.strip(), "tries": now.tries + 1}
            return _changed(work, collection, seen, changes)

    def cancel_collection(self, collection: CollectionId, seen: int, reason: str) -> Collection:
        """It stays where it is: the plan goes on, it is still needed. Raises BadValues."""
        _check_reason(reason)
        changes = {"state": "cancelled", "slot": None, "reason": reason.strip()}
        return self._turn_collection(collection, seen, _OPEN, changes)

    def restore_collection(self, collection: CollectionId, seen: int) -> Collection:
        """Undo of ``cancel_collection``."""
        changes = {"state": "to_collect", "slot": None, "reason": ""}
        try:
            return self._turn_collection(collection, seen, ("cancelled",), changes)
        except (AlreadyExists, BrokenRule) as error:
            raise Refused("restore_collection", _why_not(error)) from error

    # ------------------------------------------------------------------ overdue

    def overdue(
        self,
        kind: OverdueKind | None = None,
        locality: str | None = None,
        limit: int = rules.MOST_LISTED,
        after: Overdue | None = None,
    ) -> tuple[Overdue, ...]:
        """Loans past their end, collections not made, services due, the longest overdue first; with the last reminder
        of each. One query."""
        with self._begin() as work:
            return tuple(work.equipment.overdue(kind, locality, limit, after))

    def remind(
        self, key: ReminderId, kind: OverdueKind, about: UUID, to_whom: str, how: ReminderHow, note: str = ""
    ) -> Reminder:
        """Somebody was reminded just now: who did it and when is the database's to say. Sent again it counts once.

        Raises BadValues.
        """
        problems = rules.check_words("to_whom", to_whom, rules.LONGEST_WHOM, required=True)
        problems += rules.check_words("note", note, rules.LONGEST_NOTE)
        if problems:
            raise BadValues(tuple(problems))
        with self._begin() as work:
            work.equipment.add_reminder(key, kind, about, to_whom.strip(), how, note.strip())
            return next(r for r in work.equipment.reminders(about) if r.id == key)

    def unremind(self, reminder: ReminderId) -> None:
        """Undo of ``remind``, within the hour and one's own. Raises Refused otherwise."""
        with self._begin() as work:
            if not work.equipment.drop_reminder(reminder):
                raise Refused("undo_reminder", (obstacle("equipment_reminder_stays"),))

    def reminders(self, about: UUID) -> tuple[Reminder, ...]:
        """Of one loan, collection or item, newest first."""
        with self._begin() as work:
            return tuple(work.equipment.reminders(about))

    def _turn_collection(
        self, collection: CollectionId, seen: int, of: tuple[CollectionState, ...], changes: Mapping[str, object]
    ) -> Collection:
        with self._begin() as work:
            now = _fresh(work, collection, seen)
            if now.state not in of:
                raise IllegalMove("equipment", now.state, str(changes["state"]))
            return _changed(work, collection, seen, changes)


def _check_open(now: Collection, wanted: CollectionState) -> None:
    if not now.is_open:
        raise IllegalMove("equipment", now.state, wanted)


def _fresh(work: Work, collection: CollectionId, seen: int) -> Collection:
    current = work.equipment.collection(collection)
    if current.revision != seen:
        raise Conflict("community_equipment", str(collection), seen, current)
    return current


def _changed(work: Work, collection: CollectionId, seen: int, changes: Mapping[str, object]) -> Collection:
    done = work.equipment.change_collection(collection, seen, changes)
    current = work.equipment.collection(collection)
    if not done:
        raise Conflict("community_equipment", str(collection), seen, current)
    return current


def _check_reason(reason: str) -> None:
    problems = rules.check_words("reason", reason, rules.LONGEST_REASON, required=True)
    if problems:
        raise BadValues(tuple(problems))


def _why_not(error: AlreadyExists | BrokenRule) -> tuple[Obstacle, ...]:
    """What stands in the way, by the constraint that said so."""
    if error.constraint == "equipment_collection_one_open":
        return (obstacle("equipment_collection_asked_already"),)
    if error.constraint in ("equipment_loan_is_open", "equipment_item_is_there", "equipment_item_one_place"):
        return (obstacle("equipment_loan_has_ended"),)
    if error.constraint == "equipment_not_still_to_come":
        return (obstacle("equipment_not_still_to_come"),)
    raise error
