"""What the figures of the apartments show, part by part, and which stays each number opens to (N5, O2)."""

from __future__ import annotations

from collections.abc import Callable

from coordination.apartments.declines import DeclineFact, DeclineFigures
from coordination.apartments.measures import Measures, VoidCause
from coordination.reference import standing
from ui import wording
from ui.widgets.table_model import Column

PARTS = {"use": "Use and outcomes", "void": "Empty days", "went": "Where people went", "declined": "Declined"}
WENT = {f"went:{each.code}": each.name for each in standing.read().went_to}
# Which stays or stretches of days a figure opens to, by the columns of each part.
FIGURES: dict[str, dict[str, str]] = {
    "use": {
        "stay_days": "Days of stays",
        "ended": "Stays that ended",
        "past_six_weeks": "Past six weeks",
        "overridden": "Booked against criteria",
        "discharge_days": "Hospital days avoided",
        "care_home_stays": "Care homes avoided",
    },
    "void": {
        "leased": "Leased days",
        "vacant": "Not filled",
        "no_referral": "No referral",
        "not_accepting": "Not accepting",
        "cleaning": "Cleaning",
        "inspection": "Inspection",
        "repair": "Repair",
        "offline": "Out of use",
        "held": "Held for hospital",
        "lease": "Not leased",
    },
    "went": {
        "ended": "Stays that ended",
        "to:home": "Home",
        "to:care_home": "Care home",
        "to:hospital": "Hospital",
        "to:died": "Died",
        "to:other": "Elsewhere",
        **WENT,
    },
    "declined": {
        "all": "Declined",
        "north": "In North",
        "central": "In Central",
        "south": "In South",
        "again": "Opened again",
    },
}
OPENS = {"full": "stay_days"}
"""A figure that is made of another"""
EMPTY_WORDS = {"vacant": "Nobody", "no_referral": "Nobody", "not_accepting": "Nobody", "lease": "No lease"}


def group_words(found: Measures) -> str:
    """A scheme's name, a locality's, or all."""
    return found.name[:1].upper() + found.name[1:] if found.name else "All apartments"


def declined_words(found: DeclineFigures) -> str:
    return found.words or "No reason of the list"


def decline_columns() -> list[Column[DeclineFigures]]:
    """A line a reason; a number opens to its referrals."""

    def number(name: str, width: int, help_: str = "") -> Column[DeclineFigures]:
        def many(d: DeclineFigures) -> int:
            return len(d.of[name])

        title = FIGURES["declined"][name]
        return Column(name, title, lambda d: str(many(d)), sort=many, value=many, numeric=True, width=width, help=help_)

    return [
        Column("name", "Why an apartment could not be offered", declined_words, strong=True, stretch=True, width=220),
        number("all", 76),
        number("north", 72),
        number("central", 82),
        number("south", 72),
        number("again", 108, "Of these, how many were opened again and wait or were booked."),
    ]


def decline_fact_columns() -> list[Column[DeclineFact]]:
    return [
        Column("who", "Who", lambda f: f.who, strong=True, stretch=True, width=100),
        Column("on", "Declined on", lambda f: wording.day(f.declined_on), sort=lambda f: f.declined_on,
               value=lambda f: f.declined_on, width=104),
        Column("again", "Again on", lambda f: wording.day(f.again_on) if f.again_on else "", value=lambda f: f.again_on,
               sort=lambda f: f.again_on, quiet=True, hidden=True, width=104),
    ]  # fmt: skip


def _number(
    name: str, title: str, figure: Callable[[Measures], int], width: int, help_: str = "", *, hidden: bool = False
) -> Column[Measures]:
    return Column(
        name, title, lambda m: f"{figure(m):,}", sort=figure, value=figure, numeric=True, width=width, help=help_,
        hidden=hidden,
    )  # fmt: skip


def _name() -> Column[Measures]:
    return Column("name", "Apartments", group_words, strong=True, stretch=True, width=120)


def _of(name: str) -> Callable[[Measures], int]:
    return lambda m: len(m.of.get(name, ()))


def _void(cause: VoidCause) -> Callable[[Measures], int]:
    return lambda m: m.void_days[cause]


COLUMNS: dict[str, list[Column[Measures]]] = {
    "use": [
        _name(),
        Column("full", "Occupied", lambda m: "" if m.occupancy is None else f"{m.occupancy:.0%}",
               sort=lambda m: m.occupancy, value=lambda m: m.occupancy, numeric=True, width=76,
               help="Days with somebody in it, of the days leased."),
        _number("stay_days", "Days", lambda m: m.stay_days, 52, "Days of stays."),
        Column("ended", "Usual stay", lambda m: "" if m.usual_length is None else f"{m.usual_length:g} days",
               sort=lambda m: m.usual_length, value=lambda m: m.usual_length, numeric=True, width=84,
               help="The middle one of the stays that ended in this time, in all apartments together."),
        _number("past_six_weeks", "Past 6 weeks", lambda m: m.past_six_weeks, 98),
        _number("overridden", "Overrides", lambda m: m.overridden, 80, "Booked although a criterion was not met."),
        _number("discharge_days", "Hospital days avoided", lambda m: m.discharge_days, 154,
                "Days of stays of people who would have been in a hospital bed."),
        _number("care_home_stays", "Care homes avoided", lambda m: m.care_home_stays, 140,
                "Stays in the place of a care home, whose person did not go to one."),
    ],
    "void": [
        _name(),
        _number("leased", "Leased", lambda m: m.leased_days, 66, hidden=True),
        _number("vacant", "Not filled", _void("vacant"), 74, "Free and accepting, while somebody waited."),
        _number("no_referral", "No referral", _void("no_referral"), 82, "Free and accepting, and nobody waited."),
        _number("not_accepting", "Not accepting", _void("not_accepting"), 98),
        _number("cleaning", "Cleaning", _void("cleaning"), 68),
        _number("inspection", "Inspection", _void("inspection"), 78),
        _number("repair", "Repair", _void("repair"), 56),
        _number("offline", "Out of use", _void("offline"), 86),
        _number("held", "Held", _void("held"), 48, "Kept for somebody in hospital."),
        _number("lease", "No lease", lambda m: m.unleased_days, 76, "Before the lease began or after it ended."),
    ],
    "went": [
        _name(),
        _number("ended", "Moved on", _of("ended"), 88, "Stays that ended in this time."),
        _number("to:home", "Home", _of("to:home"), 66, "Their own home, a new one, a tenancy, or with family."),
        _number("to:care_home", "Care home", _of("to:care_home"), 90),
        _number("to:hospital", "Hospital", _of("to:hospital"), 82),
        _number("to:died", "Died", _of("to:died"), 62),
        _number("to:other", "Elsewhere", _of("to:other"), 88),
        *(_number(code, words, _of(code), 120, hidden=True) for code, words in WENT.items()),
    ],
}  # fmt: skip
