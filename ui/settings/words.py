"""Settings in words: what each is, its unit, its limits, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coordination.clock import local_date
from coordination.settings.model import Kind, Setting
from ui import wording

GROUPS = {
    "caseloads": "Caseloads",
    "transfer": "Home from hospital",
    "apartments": "Apartments",
    "equipment": "Equipment",
    "assessment": "Assessment",
    "governance": "Emergency access",
    "forecast": "Forecast",
    "signing_in": "Signing in",
}
TITLES = {
    "plan.caseload": "Plans that a lead worker may hold",
    "transfer.caseload": "People in transfer at one time",
    "transfer.recovery_days": "Recovery at home, at most",
    "transfer.small_numbers": "Small numbers in the situation report",
    "apartment.hold_days": "Apartment kept during a hospital stay",
    "apartment.cleaning_days": "Cleaning after a stay",
    "apartment.inspection_days": "Inspection after cleaning",
    "apartment.look_again_days": "A declined referral is looked at again",
    "equipment.collect_within": "Equipment is collected within",
    "equipment.ready_within": "Equipment that came back is ready after",
    "reask_days": "A repeat assessment counts within",
    "emergency.minutes": "Emergency access lasts",
    "emergency.review_days": "It is reviewed within",
    "emergency.lookups": "Looks for a hidden record",
    "forecast.waiting": "A waiting referral asks for",
    "forecast.travel": "Time for travel and breaks",
    "lock.minutes": "A desk that nobody touches locks after",
}
ABOUT = {
    "plan.caseload": "Plans above this number raise an alarm beside the lead worker's name. Nobody is refused.",
    "transfer.caseload": "The caseload of transfer to recovery that is held to be full. Transfer shows the load "
    "against it.",
    "transfer.recovery_days": "How long support after a discharge may last before its end is asked about.",
    "transfer.small_numbers": "Counts of people below this are not shown in what leaves the centre. 0 shows all.",
    "apartment.hold_days": "How many days an apartment is held when its resident goes back to hospital, unless another "
    "number is chosen.",
    "apartment.cleaning_days": "Days that an apartment is not free for cleaning when somebody has moved out.",
    "apartment.inspection_days": "Days that an apartment is not free for its inspection after the cleaning.",
    "apartment.look_again_days": "After so many days a referral that was declined is on the list again.",
    "equipment.collect_within": "By when what was lent is fetched, by the reason for which it is not needed any more.",
    "equipment.ready_within": "Days for cleaning and looking it over. What is to be fetched at an agreed time is "
    "promised to the next person from then on, and no sooner.",
    "reask_days": "The same form again for the same person within these days counts as asked twice; 0 counts none.",
    "emergency.minutes": "After so many minutes a record that was opened in an emergency closes by itself.",
    "emergency.review_days": "After so many days without an outcome an emergency access is overdue in the review list.",
    "emergency.lookups": "How often one login may look within an hour for a record that is not shared with its team.",
    "forecast.waiting": "Minutes a week that a referral in the queue counts for in the forecast until it is planned. "
    "It stands apart from the planned hours. 420 is an hour a day.",
    "forecast.travel": "This part of the time at work is not there for visits in the forecast.",
    "lock.minutes": "What was open is covered, and the password opens it again. What was typed stays where it was.",
}
UNITS = {
    "plans": ("plan", "plans"),
    "people": ("person", "people"),
    "days": ("day", "days"),
    "minutes": ("minute", "minutes"),
    "looks_an_hour": ("look an hour", "looks an hour"),
    "minutes_a_week": ("minute a week", "minutes a week"),
    "per_cent": ("per cent", "per cent"),
}
PARTS = {
    "care_coordinator": "Care co-ordinator",
    "team_lead": "Team lead",
    "trusted_assessor": "Trusted assessor",
    "placement_coordinator": "Placement co-ordinator",
    "manager": "Manager",
    "reablement": "Reablement",
    "complex_reablement": "Complex reablement",
    "district_nursing": "District nursing",
    "intermediate_care": "Intermediate care",
    "plan_ended": "The plan has ended",
    "stay_ended": "The stay has ended",
    "died": "The person has died",
    "service_failed": "It failed its service",
    "car": "By car",
    "bicycle": "By bicycle",
    "bus": "By bus",
    "foot": "On foot",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: a setting, or one of its numbers."""

    setting: Setting
    part: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.setting.name, self.part

    @property
    def number(self) -> int | None:
        return self.setting.number(self.part)


def lines(found: Sequence[Setting]) -> list[Line]:
    """One for each number that can be changed."""
    return [Line(setting, part) for setting in found for part in (setting.kind.parts or ("",))]


def number(kind: Kind, value: int | None) -> str:
    """``28 days``."""
    if value is None:
        return wording.known(None)
    return f"{value:,} {UNITS[kind.unit][value != 1]}"


def limits(kind: Kind) -> str:
    """``1 to 365 days``."""
    return f"{kind.least:,} to {kind.most:,} {UNITS[kind.unit][1]}"


def bounds(kind: Kind) -> str:
    """``1 to 365``."""
    return f"{kind.least:,} to {kind.most:,}"


def wrong(kind: Kind) -> str:
    """At a field whose number cannot be."""
    return f"Write a whole number, {limits(kind)}."


def changed(setting: Setting) -> str:
    """``22-Nov-2026 09:00``; empty as it was delivered."""
    return wording.day_time(setting.changed_at) if setting.changed_at is not None else ""


def changed_day(setting: Setting) -> str:
    return wording.day(local_date(setting.changed_at)) if setting.changed_at is not None else ""


def who(setting: Setting) -> str:
    return setting.changed_by_name or "As delivered"
