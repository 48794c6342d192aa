"""What the board says of an apartment, a stay, a pause: tips, captions, labels of what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coordination.apartments import rules
from coordination.apartments.model import Apartment, ApartmentBoard, Pause, Stay, StayKind
from coordination.errors import Obstacle
from coordination.values import DateRange
from ui import sentences, wording
from ui.apartments.messages import KIND_WORDS, PURPOSE_WORDS, SCHEME_WORDS


def describe_apartment(apartment: Apartment) -> str:
    """What an apartment has, in a line: "Extra Care, 2 bedrooms, step-free, hoist, staff on site, from 55"."""
    parts = [
        SCHEME_WORDS[apartment.scheme_kind],
        wording.count(apartment.bedrooms, "bedroom") if apartment.bedrooms else "studio",
    ]
    parts += [words for has, words in (
        (apartment.step_free, "step-free"), (apartment.hoist, "hoist"), (apartment.pets, "pets welcome"),
        (apartment.staff_on_site, "staff on site"),
    ) if has]  # fmt: skip
    if apartment.least_age:
        parts.append(f"from age {apartment.least_age}")
    return ", ".join(parts)


def name(stay: Stay) -> str:
    """``PANKHURST, Emmeline``, ``Cleaning``, ``Not shared with you``."""
    return stay.who or ("Not shared with you" if stay.hidden else KIND_WORDS.get(stay.kind, ""))


def caption(stay: Stay) -> str:
    """The name, and of closed days why: ``Out of use: flood from above``."""
    why = stay.reason if stay.kind in ("repair", "offline") and not stay.hidden else ""
    return f"{name(stay)}: {why}" if why else name(stay)


def span(period: DateRange) -> str:
    """``3-Dec-2026 to 30-Dec-2026``."""
    return f"{wording.day(period.start)} to {wording.day(period.last)}"


def describe_stay(stay: Stay, today: date, pause: Pause | None = None, without: Sequence[StayKind] = ()) -> str:
    """Who or what, from when to when, which day of it this is, and what is wrong with it. ``without``: what has no room
    after it."""
    parts = [caption(stay), span(stay.period)]
    day = rules.day_of_stay(stay, today)
    if day is not None:
        parts.append(f"day {day} of {stay.whole_days}")
    if stay.continues is not None:
        parts.append("went on here from another apartment")
    if stay.purpose:
        parts.append(PURPOSE_WORDS.get(stay.purpose, ""))
    if pause is not None and stay.state == "booked":
        parts.append(f"Begins while the apartment takes nobody in: {pause.reason}")
    if stay.overridden:
        parts.append("Booked although the scheme does not take them, with a reason")
    if without:
        kinds = wording.listing([KIND_WORDS[kind].lower() for kind in without])
        parts.append(f"No room for {kinds} before the next booking")
    return "\n".join(part for part in parts if part)


def describe_pause(pause: Pause) -> str:
    until = f"until {wording.day(pause.last)}" if pause.last is not None else "until further notice"
    by = f"\nSaid by {pause.set_by}" if pause.set_by else ""
    return f"Takes nobody in from {wording.day(pause.start)} {until}: {pause.reason}{by}"


def state_of(board: ApartmentBoard, apartment: Apartment, today: date) -> tuple[str, str]:
    """How an apartment is today, in a word or two, and its tone: vacant and accepting, or why not."""
    if not apartment.lease_start <= today or (apartment.lease_end is not None and today >= apartment.lease_end):
        return "not leased", "neutral"
    taken = next((s for s in board.of(apartment.id) if today in s.period), None)
    if taken is not None:
        return ("", "") if taken.kind == "stay" else (KIND_WORDS[taken.kind].lower(), "neutral")
    if board.pause_on(apartment.id, today) is not None:
        return "not accepting", "amber"
    return "free", "ok"


def short(found: Obstacle) -> str:
    """A few words for a caption: who or what is there, until when."""
    facts = dict(found.facts)
    last = facts.get("last")
    until = f" until {wording.day(last)}" if isinstance(last, date) else ""
    if found.code == "apartment_taken":
        return f"{facts['who']}{until}"
    kind = found.code.removeprefix("apartment_").removesuffix("_on")
    if kind in KIND_WORDS:
        return f"{KIND_WORDS[kind]}{until}"
    return {
        "apartment_taken_unseen": f"Taken{until}",
        "not_leased": "Not leased",
        "person_has_stay": "Has another apartment",
        "not_accepting": "Takes nobody in",
        "not_accepting_until": f"Takes nobody in{until}",
    }.get(found.code) or sentences.obstacle_words(found)  # fmt: skip


def offer(found: Obstacle) -> str:
    """What is free instead, on a button."""
    start, apartment = found.fact("start"), found.fact("apartment")
    return {
        "free_here_from": f"From {wording.day(start)}",
        "free_here_sooner": f"Sooner, from {wording.day(start)}",
        "free_until": f"Until {wording.day(found.fact('last'))}",
    }.get(found.code, f"{apartment}, same days")
