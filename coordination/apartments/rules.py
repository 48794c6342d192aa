"""Limits, marks and matching. Pure; the database keeps the limits too."""

from __future__ import annotations

from datetime import date, timedelta

from coordination.apartments.model import MOVES, Apartment, ApartmentBoard, Stay, StayDraft, StayState
from coordination.errors import BadValue, IllegalMove, Obstacle, obstacle
from coordination.values import DateRange, is_storable

SIX_WEEKS = 42
LONGEST_REASON, LONGEST_MOVE_ON = 2000, 4000
MARKS = (28, 35, SIX_WEEKS)
"""Days of a stay at which something is due: plan the move, agree it, be gone (N3)."""

USUAL_DAYS = 28
CLEANING_DAYS = 1


def day_of_stay(stay: Stay, today: date) -> int | None:
    """1 on the first day; None before it starts or when it is over."""
    if stay.kind != "stay" or stay.state not in ("booked", "in_stay") or today < stay.period.start:
        return None
    return (today - stay.first_day).days + 1


def mark_days(stay: Stay) -> dict[int, date]:
    """The dates of day 28, 35 and 42, whether or not the stay lasts that long."""
    return {mark: stay.first_day + timedelta(days=mark - 1) for mark in MARKS}


def nearness(stay: Stay, today: date) -> int | None:
    """The latest mark that the stay has reached, or None (N3: warn before six weeks)."""
    day = day_of_stay(stay, today)
    return None if day is None else max((mark for mark in MARKS if day >= mark), default=None)


def check_draft(draft: StayDraft) -> list[BadValue]:
    """Faults that can be seen without the board. N3: past six weeks needs a reason."""
    problems: list[BadValue] = []
    if draft.kind == "stay" and draft.person_id is None:
        problems.append(BadValue("person", "required"))
    if draft.kind == "stay" and draft.period.days > SIX_WEEKS and not draft.past_six_weeks_reason.strip():
        problems.append(BadValue("past_six_weeks_reason", "past_six_weeks_needs_reason"))
    if draft.kind in ("repair", "offline") and not draft.reason.strip():
        problems.append(BadValue("reason", "required"))
    for field in ("reason", "past_six_weeks_reason"):
        problems += check_words(field, getattr(draft, field), LONGEST_REASON)
    return problems


def check_words(field: str, words: str, longest: int) -> list[BadValue]:
    """``has_unstorable_character`` or ``too_long``; nothing when the words can be kept."""
    if not is_storable(words):
        return [BadValue(field, "has_unstorable_character")]
    return [BadValue(field, "too_long")] if len(words) > longest else []


def check_move(stay: Stay, wanted: StayState) -> None:
    """Raises IllegalMove when ``wanted`` cannot follow the stay's state."""
    if stay.kind == "stay" and wanted not in MOVES[stay.state]:
        raise IllegalMove("apartments", stay.state, wanted)


def in_the_way(board: ApartmentBoard, draft: StayDraft, ignoring: Stay | None = None) -> tuple[Obstacle, ...]:
    """What keeps ``draft`` from being booked on this board: other stays, the lease. The database decides in the end."""
    apartment = board.apartment(draft.apartment_id)
    found: list[Obstacle] = []
    if not _leased(apartment, draft.period):
        found.append(
            obstacle("not_leased", apartment=apartment.label, start=apartment.lease_start, end=apartment.lease_end)
        )
    near = [*board.of(draft.apartment_id), *board.of_person(draft.person_id)]
    for stay in dict.fromkeys(near):
        if stay.state == "cancelled" or not stay.period.overlaps(draft.period) or (ignoring and stay.id == ignoring.id):
            continue
        if stay.apartment_id == draft.apartment_id:
            found.append(taken_by(stay, apartment))
        else:
            elsewhere = board.apartment(stay.apartment_id)
            found.append(
                obstacle("person_has_stay", apartment=elsewhere.label, start=stay.period.start, last=stay.period.last)
            )
    begins_there = ignoring is None or (ignoring.apartment_id, ignoring.period.start) != (
        draft.apartment_id, draft.period.start,
    )  # fmt: skip
    if draft.kind == "stay" and begins_there:
        found += not_accepting(board, apartment, draft.period.start)
    return tuple(found)


def not_accepting(board: ApartmentBoard, apartment: Apartment, day: date) -> list[Obstacle]:
    """Why nobody's stay may begin in an apartment on a day."""
    pause = board.pause_on(apartment.id, day)
    if pause is None:
        return []
    code = "not_accepting" if pause.end is None else "not_accepting_until"
    return [obstacle(code, apartment=apartment.label, start=pause.start, last=pause.last, reason=pause.reason)]


def taken_by(stay: Stay, apartment: Apartment) -> Obstacle:
    """The sentence names the other booking: who or what, and from when to when."""
    code = "apartment_taken" if stay.kind == "stay" and not stay.hidden else f"apartment_{_closed_by(stay)}"
    if stay.kind != "stay" and stay.period.days == 1:
        code += "_on"
    return obstacle(
        code, apartment=apartment.label, who=stay.who, start=stay.period.start, last=stay.period.last, stay=stay.id
    )


def _closed_by(stay: Stay) -> str:
    return "taken_unseen" if stay.hidden else stay.kind


def _leased(apartment: Apartment, period: DateRange) -> bool:
    return apartment.lease_start <= period.start and (apartment.lease_end is None or period.end <= apartment.lease_end)


def first_free(board: ApartmentBoard, apartment: Apartment, days: int, not_before: date) -> date | None:
    """The first day from which ``days`` in a row are free, and on which the apartment accepts, within the board's days;
    or None."""
    day = max(not_before, apartment.lease_start)
    stays = [s for s in board.of(apartment.id) if s.state != "cancelled"]
    while day < board.days.end:
        pause, wanted = board.pause_on(apartment.id, day), DateRange.of(day, days)
        if pause is not None and pause.end is None:
            return None
        taken = next((s for s in stays if s.period.overlaps(wanted)), None)
        if pause is None and taken is None:
            return day if _leased(apartment, wanted) else None
        day = max(d for d in (pause.end if pause else None, taken.period.end if taken else None) if d is not None)
    return None
