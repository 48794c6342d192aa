"""Use cases of the caseload (T4): who is in reablement or intermediate care after hospital, and what one more costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coordination.clock import local_date
from coordination.deployment.forecast import forecast
from coordination.errors import BadValue, BadValues, Conflict, Refused, obstacle
from coordination.transfer.caseload import DAYS, Caseload, Hours, InRecovery, OneMore, one_more
from coordination.transfer.model import RECOVERIES, Recovery, TransferId
from coordination.work import Begin, Work

SERVICE = "reablement"


class Recoveries:
    """The caseload of up to 100, and its next two weeks."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def look(self, days: int = DAYS) -> Caseload:
        """City-wide, with everybody counted. One query."""
        with self._begin() as work:
            return caseload(work, days)

    def one_more(self, transfer: TransferId, days: int = DAYS) -> OneMore:
        """What it costs to take this person today: days past the most, whose start is put off, hours of reablement that
        are short then. Raises NotFound, Refused when they have left."""
        with self._begin() as work:
            load = caseload(work, days)
            who = next((w for w in load.waiting if w.transfer_id == transfer), None)
            if who is None:
                work.transfer.one(transfer)
                raise Refused("one_more", (obstacle("not_waiting"),))
            hours: Sequence[Hours] = ()
            minutes = 0
            if who.recovery == SERVICE:
                hours, minutes = _hours(work, who.neighbourhood, load.today, days)
            return one_more(load, who, hours, minutes)

    def plan(
        self,
        transfer: TransferId,
        seen: int,
        recovery: Recovery | None,
        until: date | None,
        ended_on: date | None = None,
    ) -> InRecovery | None:
        """Which service, until when as planned, and whether it has ended. None once it has. ``recovery`` None: neither.

        Raises BadValues, Conflict.
        """
        if recovery is not None and recovery not in RECOVERIES:
            raise BadValues((BadValue("recovery", "not_in_list"),))
        with self._begin() as work:
            before = work.transfer.one(transfer)
            left = local_date(before.left_at) if before.left_at is not None else None
            today = local_date(work.now)
            if left is not None and until is not None and until < left:
                raise BadValues((BadValue("until", "before_they_left"),))
            if ended_on is not None and (left is None or not left <= ended_on <= today):
                raise BadValues((BadValue("ended_on", "not_since_they_left"),))
            changes: dict[str, object] = {
                "recovery": recovery or "", "recovery_until": until if recovery else None,
                "recovery_ended_on": ended_on if recovery else None,
            }  # fmt: skip
            if not work.transfer.change(transfer, seen, changes):
                raise Conflict("transfer", str(transfer), seen, work.transfer.one(transfer))
            return next((one for one in work.transfer.load().inside if one.transfer_id == transfer), None)


def caseload(work: Work, days: int = DAYS) -> Caseload:
    """Within an open transaction."""
    found = work.transfer.load()
    return Caseload(
        found.most, found.inside, found.waiting, found.told, local_date(work.now), found.lengths, days,
        unseen=found.unseen,
    )  # fmt: skip


def _hours(work: Work, place: int | None, today: date, days: int) -> tuple[list[Hours], int]:
    """Where they live, on each day that has a rota; and the minutes a day that somebody in reablement takes on average,
    everywhere. What is spare in another neighbourhood helps nobody here."""
    found = forecast(work.forecast.read(SERVICE, "", today, days), today, days)
    people = work.transfer.in_episodes()
    whole = {day: found.whole_day(day) for day in found.dates}
    busy = [cell.demand for cell in whole.values() if cell.demand]
    minutes = round(sum(busy) / len(busy) / people) if busy and people else 0
    kept = [day for day in found.dates if place is not None and day not in found.unrostered and whole[day].capacity]
    return [Hours(day, found.of_day(place, day).short, found.of_day(place, day).spare) for day in kept], minutes
