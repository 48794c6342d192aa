"""What a change makes of the calendar: the stay, what follows it, and what is in the way. Pure.

Cleaning and inspection belong to the stay before them: they go where it goes, keep the distance from its end that they
were given by hand, and are laid anew where they are missing and there is room. Where the next booking leaves none they
give way, and the board says so (docs/decisions/apartments-calendar.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coordination.apartments import rules
from coordination.apartments.model import TURNAROUND, Apartment, ApartmentBoard, Stay, StayDraft, StayKind
from coordination.errors import Obstacle, Refused, obstacle
from coordination.values import ApartmentId, DateRange, StayId, new_id

NO_ROOM = "No room before the next booking"
Lengths = Mapping[StayKind, int]
"""Days of cleaning and inspection; 0: none."""


@dataclass(frozen=True)
class Plan:
    """Rows as they are to be. ``main`` are what was asked for, the others follow from it."""

    main: tuple[Stay, ...]
    rows: tuple[Stay, ...]


def booked(stay: StayId, draft: StayDraft) -> Stay:
    """A new row; revision 0 until the database has it."""
    return Stay(
        stay, draft.apartment_id, draft.kind, draft.period, "booked", draft.person_id, referral_id=draft.referral_id,
        purpose=draft.purpose, reason=draft.reason.strip(), past_six_weeks_reason=draft.past_six_weeks_reason.strip(),
        revision=0, instead_of=draft.instead_of,
    )  # fmt: skip


def split(board: ApartmentBoard, stay: Stay, day: date, apartment: ApartmentId) -> tuple[Stay, ...]:
    """The stay until ``day``, and from then on in another apartment. Raises Refused when that is no day inside it.

    A part that is booked already (it goes on in yet another apartment) goes on from the new part.
    """
    if stay.kind != "stay" or stay.state not in ("booked", "in_stay"):
        raise Refused("split", (obstacle("stay_is_over", who=stay.who),))
    if day <= stay.period.start or day not in stay.period:
        raise Refused("split", (obstacle("not_inside_the_stay", start=stay.period.start, last=stay.period.last),))
    if apartment == stay.apartment_id:
        raise Refused("split", (obstacle("same_apartment", apartment=board.apartment(apartment).label),))
    later = next((s for s in board.stays if s.continues == stay.id and s.state != "cancelled"), None)
    if later is not None:
        raise Refused("split", (obstacle("goes_on_already", who=stay.who, start=later.period.start),))
    first = replace(stay, period=DateRange(stay.period.start, day))
    second = replace(
        stay, id=StayId(new_id()), apartment_id=apartment, period=DateRange(day, stay.period.end), state="booked",
        revision=0, continues=stay.id, began=stay.first_day, away_since=None, hold_until=None, move_on="",
    )  # fmt: skip
    return first, second


def swapped(board: ApartmentBoard, one: Stay, other: Stay, day: date | None) -> tuple[Stay, ...]:
    """Two stays exchange their apartments, whole or from ``day`` on. Raises Refused."""
    for stay in (one, other):
        if stay.kind != "stay" or stay.state not in ("booked", "in_stay"):
            raise Refused("swap", (obstacle("stay_is_over", who=stay.who),))
    if one.apartment_id == other.apartment_id:
        raise Refused("swap", (obstacle("same_apartment", apartment=board.apartment(one.apartment_id).label),))
    rows: list[Stay] = []
    for stay, there in ((one, other.apartment_id), (other, one.apartment_id)):
        if day is None or day <= stay.period.start:
            rows.append(replace(stay, apartment_id=there))
        elif day not in stay.period:
            raise Refused("swap", (obstacle("over_by_then", who=stay.who, last=stay.period.last),))
        else:
            rows += split(board, stay, day, there)
    return tuple(rows)


def plan(board: ApartmentBoard, main: Sequence[Stay], lengths: Lengths) -> Plan:
    """``main`` with what follows each of them; rows that stay as they are left out."""
    moving = {s.id for s in main} | {f.id for s in main for f in board.following(s.id)}
    taken = [s for s in main if s.state != "cancelled"]
    rows = list(main)
    for stay in main:
        if stay.kind != "stay":
            continue
        kept = board.following(stay.id)
        if stay.state == "cancelled":
            rows += [replace(f, state="cancelled", reason=f.reason or stay.reason) for f in kept]
            continue
        before = board.stay(stay.id)
        since = before.period.end if before is not None else stay.period.end
        apartment = board.apartment(stay.apartment_id)
        rest = [s for s in board.of(stay.apartment_id) if s.id not in moving and s.state != "cancelled"]
        for row in _turnaround(stay, since, kept, apartment, lengths, [*rest, *taken]):
            rows.append(row)
            if row.state != "cancelled":
                taken.append(row)
    return Plan(tuple(main), tuple(row for row in rows if row != board.stay(row.id)))


def _turnaround(
    stay: Stay, since: date, kept: Sequence[Stay], apartment: Apartment, lengths: Lengths, taken: Sequence[Stay]
) -> list[Stay]:
    laid: list[Stay] = []
    day = stay.period.end
    for follower in kept:
        days = DateRange.of(stay.period.end + (follower.period.start - since), follower.period.days)
        moved = replace(follower, apartment_id=stay.apartment_id, period=days)
        if _fits(moved, apartment, [*taken, *laid]):
            laid.append(moved)
            day = max(day, days.end)
        else:
            laid.append(replace(follower, state="cancelled", reason=follower.reason or NO_ROOM))
    for kind in TURNAROUND:
        days_of = lengths.get(kind, 0)
        if days_of > 0 and not any(f.kind == kind for f in kept):
            made = Stay(
                StayId(new_id()), apartment.id, kind, DateRange.of(day, days_of), "booked", revision=0, follows=stay.id
            )
            if _fits(made, apartment, [*taken, *laid]):
                laid.append(made)
                day = made.period.end
    return laid


def _fits(row: Stay, apartment: Apartment, taken: Sequence[Stay]) -> bool:
    leased = apartment.lease_start <= row.period.start and (
        apartment.lease_end is None or row.period.end <= apartment.lease_end
    )
    return leased and not any(
        s.apartment_id == row.apartment_id and s.state != "cancelled" and s.period.overlaps(row.period) for s in taken
    )


def missing(board: ApartmentBoard, stay: Stay, lengths: Lengths) -> tuple[StayKind, ...]:
    """What should follow a stay and does not."""
    there = {f.kind for f in board.following(stay.id)}
    return tuple(kind for kind in TURNAROUND if lengths.get(kind, 0) > 0 and kind not in there)


def gave_way(board: ApartmentBoard, stay: Stay) -> tuple[StayKind, ...]:
    """Cleaning and inspection that the next booking leaves no room for: somebody moves in all the same."""
    if stay.kind != "stay" or stay.state == "cancelled":
        return ()
    there = board.of(stay.apartment_id)
    next_in = next((s.period.start for s in there if s.kind == "stay" and s.period.start >= stay.period.end), None)
    if next_in is None:
        return ()
    day = max([stay.period.end, *(f.period.end for f in board.following(stay.id))])
    without: list[StayKind] = []
    for kind in missing(board, stay, board.lengths):
        if (next_in - day).days < board.lengths[kind]:
            without.append(kind)
        else:  # there is room: the next change of the stay lays it
            day += timedelta(days=board.lengths[kind])
    return tuple(without)


def in_the_way(board: ApartmentBoard, made: Plan) -> tuple[Obstacle, ...]:
    """What keeps the plan from being done on this board, everything that is asked for together."""
    ours = {row.id for row in made.rows} | {row.id for row in made.main}
    now = tuple(s for s in board.stays if s.id not in ours) + tuple(s for s in made.main if s.state != "cancelled")
    without = replace(board, stays=now)
    found = [o for row in made.main for o in blocked(without, row, board.stay(row.id))]
    return _without_what_follows(board, tuple(dict.fromkeys(found)))


def blocked(without: ApartmentBoard, row: Stay, before: Stay | None) -> tuple[Obstacle, ...]:
    """What keeps one row from being as it is on a board on which it and what follows it do not stand."""
    if row.state == "cancelled":
        return ()
    found = rules.in_the_way(without, as_draft(row), _placed(row, before))
    inside = [s for s in without.of(row.apartment_id) if s.state == "in_stay" and s.id != row.id]
    if row.kind == "stay" and row.state == "in_stay" and inside:
        there = without.apartment(row.apartment_id).label
        found = (*found, obstacle("still_inside", apartment=there, who=inside[0].who))
    return found


def _without_what_follows(board: ApartmentBoard, found: tuple[Obstacle, ...]) -> tuple[Obstacle, ...]:
    """Where a stay is named, the cleaning after it need not be."""
    named = {dict(o.facts).get("stay") for o in found}
    follows = {s.id: s.follows for s in board.stays if s.follows is not None}
    return tuple(o for o in found if follows.get(dict(o.facts).get("stay")) not in named - {None})  # type: ignore[arg-type]


def _placed(row: Stay, before: Stay | None) -> Stay:
    """The row, as one to be ignored; it begins anew where it did not begin before."""
    if before is not None and before.state != "cancelled":
        return replace(row, apartment_id=before.apartment_id, period=before.period)
    return replace(row, apartment_id=ApartmentId(-1))


def as_draft(stay: Stay) -> StayDraft:
    """What would be asked to be booked for the stay to be as it is."""
    return StayDraft(
        stay.apartment_id, stay.period, stay.kind, stay.person_id, stay.referral_id, stay.purpose, stay.reason,
        stay.past_six_weeks_reason, stay.instead_of,
    )  # fmt: skip


def offers(board: ApartmentBoard, made: Plan, today: date) -> tuple[Obstacle, ...]:
    """The nearest that is free instead: this apartment earlier or later, the same days elsewhere, a shorter stay.

    Obstacles that can be acted upon: ``at`` (apartment), ``start`` and ``end`` say where the stay would go.
    """
    row = made.main[0]
    ours = {row.id, *(f.id for f in board.following(row.id))}  # whoever was to change places with it stays
    free = replace(board, stays=tuple(s for s in board.stays if s.id not in ours))
    apartment, days, start = board.apartment(row.apartment_id), row.period.days, row.period.start
    before = board.stay(row.id)
    found: list[Obstacle] = []
    if before is not None and (before.apartment_id, before.period.start) == (row.apartment_id, start):
        end = _latest_end(free, row)
        if end > start and end != before.period.end:
            found.append(_offer("free_until", apartment, DateRange(start, end)))
    else:
        here = rules.first_free(free, apartment, days, start)
        if here is not None and here != start:
            found.append(_offer("free_here_from", apartment, DateRange.of(here, days)))
        sooner = None if before is None else _last_free(free, apartment, days, start, today)
        if sooner is not None:
            found.append(_offer("free_here_sooner", apartment, DateRange.of(sooner, days)))
    near = sorted(
        (a for a in board.apartments if a.id != apartment.id),
        key=lambda a: (a.locality != apartment.locality, a.scheme != apartment.scheme),
    )
    others = [a for a in near if rules.first_free(free, a, days, start) == start]
    found += [_offer("free_elsewhere", a, DateRange.of(start, days)) for a in others[:2]]
    return tuple(found)


def _offer(code: str, apartment: Apartment, days: DateRange) -> Obstacle:
    return obstacle(code, apartment=apartment.label, at=apartment.id, start=days.start, end=days.end, last=days.last)


def _latest_end(free: ApartmentBoard, row: Stay) -> date:
    """Until when the apartment is free from the first day of the stay on, no longer than asked for."""
    lease = free.apartment(row.apartment_id).lease_end
    ends = [
        s.period.start for s in free.of(row.apartment_id) if s.period.end > row.period.start and s.state != "cancelled"
    ]
    return min([row.period.end, *ends, *([lease] if lease else [])])


def _last_free(free: ApartmentBoard, apartment: Apartment, days: int, before: date, not_before: date) -> date | None:
    """The last first day before ``before`` from which so many days are free."""
    day = before - timedelta(days=1)
    while day >= max(not_before, free.days.start):
        if rules.first_free(free, apartment, days, day) == day:
            return day
        day -= timedelta(days=1)
    return None
