"""What the rules of triage suggest, in words, and what is wrong with a file of rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coordination.clock import local_date
from coordination.governance.model import Account
from coordination.intake import triage_file
from coordination.intake.detail import ReferralDetail
from coordination.intake.model import CHANNEL_DETAILS, Suggestion
from coordination.intake.triage import Asked, suggest
from coordination.reference import standing
from ui import wording
from ui.intake import words

WITHIN = {
    "two_hours": "within 2 hours",
    "same_day": "the same day",
    "24_hours": "within 24 hours",
    "72_hours": "within 72 hours",
    "routine": "routine",
}
RECEIVERS = frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "team_lead"})
DETAIL_NAMES = frozenset(name for names in CHANNEL_DETAILS.values() for name in names)
_FAULTS = {
    "not_toml": "this is not TOML from here on",
    "missing": "it is missing",
    "unknown_field": "there is no such field",
    "unknown_service": "no service has that code",
    "unknown_urgency": "no urgency has that code",
    "suggests_one_thing": "a rule has a service, or a question (ask), or says safeguarding = true: one of the three",
    "always_true": "without words or conditions it would always fit",
    "not_a_phrase": "a phrase needs words; * only ends a word, ... stands between two",
    "not_a_list_of_words": 'a list of words is wanted, such as ["fall", "fell"]',
    "not_an_id": "small letters, figures, - and _ only",
    "twice": "another rule has that id",
    "not_hours": "hours are written as 08:00-20:00",
    "not_in_list": "one of them is not known",
    "not_a_number": "a whole number from 0 to 150 is wanted",
    "not_text": "text is wanted",
    "not_true_or_false": "true or false is wanted",
    "too_long": "it is too long",
}


def asked_of(raw: Mapping[str, str], received: datetime, age: int | None, tier: str | None) -> Asked:
    """What the rules go by, from what stands in the fields of a contact, whether it can be read or not."""
    details = {name: value for name, value in raw.items() if name in DETAIL_NAMES and value}
    if raw.get("moft_day") or raw.get("moft_time"):
        details["moft_at"] = "given"
    return Asked(raw.get("need", ""), received, raw.get("channel", "telephone"), age, tier, details)


def asked_of_referral(detail: ReferralDetail) -> Asked:
    """The same of a referral that waits: its own need, by the channel of its contact, as old as the person was then."""
    referral, contact, person = detail.referral, detail.contact, detail.person
    born = person.fields.birth_date if person is not None else None
    age = wording.age_on(born, local_date(referral.received_at)) if born else None
    tier = person.risk_tier if person is not None else None
    return Asked(referral.need, referral.received_at, contact.channel, age, tier, contact.details)


def suggested_for(detail: ReferralDetail) -> tuple[tuple[Suggestion, ...], str]:
    """What the rules say of it now, and in words what is wrong with them, when they cannot be read."""
    try:
        return suggest(asked_of_referral(detail), triage_file.rules()), ""
    except triage_file.BadTriageFile as bad:
        return (), f"Nothing is suggested: the rules cannot be read. {fault_words(bad.faults[0])}."


def given_to(accounts: Sequence[Account], me: str) -> list[tuple[str, str]]:
    """User name and words for those whom a referral can be given to."""
    return [
        (str(each.user_name), f"To {each.display_name}")
        for each in accounts
        if each.role in RECEIVERS and each.user_name != me
    ]


@dataclass(frozen=True, slots=True)
class Route:
    """A service and urgency that rules suggest, with the reasons of all of them; ``first`` is the one that is kept."""

    first: Suggestion
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """As the reason for the urgency: begins with a capital."""
        said = "; ".join(self.reasons)
        return said[:1].upper() + said[1:]


def routes(found: Sequence[Suggestion]) -> list[Route]:
    """Rules that suggest the same are one line with several reasons."""
    gathered: dict[tuple[str, str], list[Suggestion]] = {}
    for each in found:
        if each.service:
            gathered.setdefault((each.service, each.urgency), []).append(each)
    return [Route(same[0], tuple(dict.fromkeys(each.reason for each in same))) for same in gathered.values()]


def route_words(route: Route, names: Mapping[str, str]) -> str:
    """``Urgent community response, within 2 hours – a fall with no injury, 08:00–20:00``."""
    first = route.first
    name = names.get(first.service, first.service)
    return f"{name}, {WITHIN[first.urgency]} – {'; '.join(route.reasons)}"


def differs_words(route: Route, names: Mapping[str, str], service: str, urgency: str) -> str:
    """What the rules say where a human has chosen something else; empty where they agree."""
    first = route.first
    if (first.service, first.urgency) == (service, urgency):
        return ""
    if first.service == service:
        said = WITHIN[first.urgency]
    elif first.urgency == urgency:
        said = names.get(first.service, first.service)
    else:
        said = f"{names.get(first.service, first.service)}, {words.URGENCIES[first.urgency].lower()}"
    return f"Suggested was: {said}. Your choice stands; both are kept."


def fault_words(fault: triage_file.Fault) -> str:
    """``triage.toml, line 12, rule ucr-fall, urgency: no urgency has that code``."""
    where = [fault.file, f"line {fault.line}"]
    where += [f"rule {fault.rule}"] if fault.rule else []
    where += [fault.field] if fault.field else []
    return f"{', '.join(where)}: {_FAULTS.get(fault.reason, wording.words(fault.reason).lower())}"


def checked_rules(path: Path | None) -> tuple[list[str], bool]:
    """A line a fault, then how many rules and faults; True when there is none."""
    try:
        text = path.read_text("utf-8") if path else None
    except (OSError, UnicodeDecodeError):
        return [f"{path}: it cannot be read as text"], False
    try:
        if text is None:
            made = triage_file.rules()
        else:
            services = {service.code for service in standing.read().services}
            made = triage_file.parse(text, str(path), services)
    except triage_file.BadTriageFile as bad:
        return [*map(fault_words, bad.faults), wording.count(len(bad.faults), "fault")], False
    return [f"Version {made.version}: {wording.count(len(made.rules), 'rule')}, no faults"], True


__all__ = [
    "Route",
    "asked_of",
    "asked_of_referral",
    "checked_rules",
    "differs_words",
    "fault_words",
    "given_to",
    "route_words",
    "routes",
    "suggested_for",
]
