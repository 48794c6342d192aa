"""Why somebody was found, and what a record says, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from coordination.people.model import Alert, LikelyDuplicate, Match, Person, PersonRow, Place
from coordination.people.record import Merge, PersonRecord, RecordConcern, RecordEquipment, TimelineItem
from coordination.people.responsibility import whose
from ui import wording
from ui.intake import words as intake_words
from ui.people import glass_words, responsible
from ui.shell.banner import BannerAlert, BannerFacts

GENDERS = {"female": "Female", "male": "Male", "other": "Other", "not_known": wording.NOT_KNOWN}
ALERTS = {
    "safeguarding": "Safeguarding",
    "do_not_visit_alone": "Two to visit",
    "infection": "Infection",
    "access": "Access",
    "key_safe": "Key safe",
    "allergy": "Allergy",
    "other": "Alert",
}
SHARING = {
    "everything": "Shares everything",
    "summary": "Shares a summary only",
    "named_teams": "Shares with named teams only",
}
TIERS = {"very_high": "Very high", "high": "High", "moderate": "Moderate (rising)", "low": "Low"}
NHS_STATUSES = {
    "verified": "Verified",
    "traced": "Traced",
    "not_traced": "Not traced",
    "none_known": "None known",
}
STRENGTHS = {
    "same": ("The same NHS number", "red", "warning-octagon"),
    "likely": ("Likely the same person", "amber", "warning"),
    "possible": ("Possibly the same person", "neutral", "users"),
}
_FIELDS = {
    "nhs_number": "NHS number",
    "surname": "surname",
    "given": "first name",
    "known_as": "known-as name",
    "birth_date": "date of birth",
    "postcode": "postcode",
    "phone": "phone",
    "around_phone": "phone of somebody around them",
    "merged_record": "as a record said that was merged into this one",
}
_HOW = {
    "exact": "",
    "prefix": "begins so",
    "misspelt": "spelt nearly so",
    "part": "in part",
    "swapped": "the other way round",
    "differs": "differs",
}
_HAPPENED = {
    "contact": "Contact",
    "advice": "Information and advice",
    "referral": "Referral",
    "assessment": "Assessment",
    "plan": "Care plan",
    "visit": "Visit",
    "stay": "Apartment",
}
_SAID = {
    ("advice", "given"): "Information and advice given",
    ("assessment", "draft"): "Assessment begun",
    ("assessment", "signed"): "Assessment signed",
    ("plan", "draft"): "Care plan begun",
    ("plan", "active"): "Care plan agreed",
    ("safeguarding", "raised"): "Safeguarding concern raised",
    ("safeguarding", "looking"): "Safeguarding concern looked into",
    ("safeguarding", "decided"): "Safeguarding concern decided",
    ("safeguarding", "told"): "Safeguarding: somebody told",
    ("stay", "booked"): "Apartment booked",
    ("stay", "in_stay"): "Moved into the apartment",
    ("stay", "ended"): "Moved on from the apartment",
    ("stay", "cancelled"): "Apartment booked, and cancelled since",
    ("message", "taken_in"): "Message received",
    ("message", "refused"): "Message received, not taken in",
    ("record", "registered"): "Registered",
    ("record", "shared"): "Agreed to share with a team",
    ("record", "merged"): "Record merged in",
    ("record", "parted"): "Record parted again",
    ("record", "merged away"): "Merged into another",
    ("record", "parted away"): "Record parted again",
}
TABLES = {
    "contact": ("contact", "contacts"),
    "contact_caller": ("call about somebody else", "calls about somebody else"),
    "referral": ("referral", "referrals"),
    "safeguarding_concern": ("safeguarding concern", "safeguarding concerns"),
    "assessment": ("assessment", "assessments"),
    "care_plan": ("care plan", "care plans"),
    "visit": ("visit", "visits"),
    "stay": ("stay", "stays"),
    "message": ("message", "messages"),
    "person_alert": ("alert", "alerts"),
    "person_around": ("person around", "people around"),
    "handover_item": ("line of a handover", "lines of handovers"),
    "sharing_agreement": ("agreement on sharing", "agreements on sharing"),
    "emergency_access": ("emergency access", "times of emergency access"),
    "emergency_lookup": ("look in an emergency", "looks in an emergency"),
}
_UNBROKEN = re.compile(r"\S{25,}")
ICONS = {
    "contact": "phone",
    "made": "phone-outgoing",
    "advice": "info",
    "referral": "tray",
    "assessment": "clipboard-text",
    "plan": "list-bullets",
    "visit": "calendar-check",
    "stay": "buildings",
    "safeguarding": "shield-warning",
    "alert": "warning-circle",
    "message": "envelope-simple",
    "record": "user",
}


def why(matched: tuple[Match, ...]) -> str:
    """``Surname, date of birth; first name spelt nearly so``."""
    same = [_FIELDS[m.field] for m in matched if m.how == "exact"]
    nearly = [f"{_FIELDS[m.field]} {_HOW[m.how]}" for m in matched if m.how != "exact"]
    text = "; ".join(part for part in (", ".join(same), ", ".join(nearly)) if part)
    return text[:1].upper() + text[1:]


def duplicate(found: LikelyDuplicate) -> str:
    return f"{STRENGTHS[found.strength][0]}: {why(found.reasons)}"


def name(row: PersonRow) -> str:
    return wording.name(row.surname, row.given, row.title)


def born(row: PersonRow, today: date) -> str:
    return wording.born(row.birth_date, today, row.deceased_on)


def address(row: PersonRow) -> str:
    """On one line, with the postcode."""
    parts = [*row.address.splitlines(), str(row.postcode) if row.postcode else ""]
    return ", ".join(part.strip() for part in parts if part.strip())


def place(where: Place | None) -> str:
    """``Ardwick and Longsight, Central``; outside the city when there is none."""
    return f"{where.neighbourhood}, {intake_words.locality(where.locality)}" if where else "Outside the city"


def alert(found: Alert) -> str:
    """``Allergy: nuts``; words that begin with the kind say it themselves."""
    kind = ALERTS[found.kind]
    if found.words.casefold().startswith(kind.casefold()):
        return found.words
    return f"{kind}: {found.words}" if found.words else kind


def concern(found: RecordConcern, now: datetime) -> str:
    """``Safeguarding concern open, with Moira Lomax since today 09:12``."""
    return f"Safeguarding concern open, with {found.owner_name} since {intake_words.when(found.owner_since, now)}"


def soft(text: str) -> str:
    """Text that can be broken anywhere in what has no blanks for very long, so that it never makes a page wider."""
    return _UNBROKEN.sub(lambda run: "\u200b".join(run[0][n : n + 12] for n in range(0, len(run[0]), 12)), text)


def beginning(text: str, most: int) -> str:
    """As much of a text as fits, ended after a whole word."""
    if len(text) <= most:
        return text
    whole = text[: most + 1].rsplit(None, 1)
    cut = whole[0] if len(whole) == 2 else text[: most - 1]
    return cut.rstrip(" ,.;:") + " …"


def equipment_name(found: RecordEquipment) -> str:
    return f"{found.quantity} x {found.name}" if found.quantity > 1 else found.name


def equipment_state(found: RecordEquipment) -> str:
    """Since when they have it and until when; or how far the order is."""
    number = f"no. {found.serial}, " if found.serial else ""
    if not found.is_there:
        agreed = found.state in ("slot_agreed", "in_van") and found.day is not None
        return f"comes on {wording.day(found.day)}" if agreed else f"ordered, wanted by {wording.day(found.wanted_by)}"
    since = f"{number}since {wording.day(found.day)}"
    if found.to_collect:
        return f"{since}, to be collected"
    if found.to_fit:
        return f"{since}, not fitted yet"
    return f"{since}, until {wording.day(found.until_on)}" if found.until_on else since


def lead_worker(record: PersonRecord) -> str:
    return record.lead_worker or ("Not shared with this desk" if record.detail_hidden else "Nobody yet")


def carer(record: PersonRecord) -> str:
    """``Christabel (daughter)``; empty when nobody is known."""
    found = record.carer
    if found is None:
        return "Not shared with this desk" if record.detail_hidden else ""
    return " ".join(part for part in (found.name, f"({found.relation})" if found.relation else "") if part)


def banner_facts(record: PersonRecord) -> BannerFacts:
    """What the banner says of a person."""
    fields, home = record.person.fields, record.person.home
    sides = dict(responsible.lines(whose(record.person)))
    return BannerFacts(
        surname=fields.surname,
        given=fields.given,
        title=fields.title,
        preferred_name=fields.known_as,
        birth_date=fields.birth_date,
        deceased_on=fields.deceased_on,
        gender=GENDERS[fields.gender] if fields.gender != "not_known" else "",
        nhs_number=fields.nhs_number,
        alerts=(
            *(BannerAlert("safeguarding", concern(found, record.as_of)) for found in record.concerns),
            *(BannerAlert(found.kind, alert(found)) for found in record.alerts),
        ),
        sharing={"named_teams": "teams"}.get(record.person.sharing_level, record.person.sharing_level),
        communication=(fields.communication,) if fields.communication else (),
        interpreter=interpreter(record.person),
        lead_worker=lead_worker(record),
        carer=carer(record),
        locality=intake_words.LOCALITIES.get(home.place.locality, "") if home else "",
        neighbourhood=home.place.neighbourhood if home else "",
        health=sides.get("Health", ""),
        social_care=sides.get("Social care", ""),
        address=", ".join(part for part in (*fields.address.splitlines(), str(fields.postcode or "")) if part),
        phone=fields.phone or fields.other_phone,
    )


def interpreter(person: Person) -> str:
    """Which interpreter is needed; empty when none is."""
    if not person.fields.interpreter:
        return ""
    return person.fields.language or "Needed, language not known"


def happened(item: TimelineItem) -> str:
    """``Referral claimed``, ``Visit done``."""
    match item.what:
        case "contact":
            return f"Contact, {intake_words.ENDINGS.get(item.state, 'not ended').lower()}"
        case "made":
            ending = intake_words.ENDINGS.get(item.state, "not ended").lower()
            return f"They made a contact about somebody else, {ending}"
        case "alert":
            said = ALERTS.get(item.about, "Alert")  # type: ignore[call-overload]
            return f"Alert: {said.lower()}" if item.state == "added" else f"Alert no longer in force: {said.lower()}"
        case "record" if item.state == "emergency":
            return f"Emergency access: {glass_words.KINDS.get(item.about, item.about).lower()}"
        case "record" if item.state == "sharing":
            return f"Agreed to share: {glass_words.LEVELS.get(item.about, item.about).lower()}"
    said = _SAID.get((item.what, item.state + (" away" if item.about == "away" else "")))
    if said:
        return said
    state = {"open": "taken", "draft": "begun"}.get(item.state, item.state)
    return f"{_HAPPENED.get(item.what, wording.words(item.what))} {wording.words(state).lower()}"


def moved(moves: Iterable[tuple[str, int]]) -> str:
    """``3 contacts, 1 referral and 2 visits``; empty when nothing moves."""
    said = []
    for table, number in moves:
        one, many = TABLES.get(table, (wording.words(table).lower(), wording.words(table).lower()))
        said.append(wording.count(number, one, many))
    return wording.listing(said)


def merge(found: Merge) -> str:
    """``PANKHURST, Emily, born 14-Jul-1945, NHS No. 943 476 5919``: who the merged record said it was."""
    was = found.former
    parts = [wording.name(was.surname, was.given, was.title)]
    parts += [f"born {wording.day(was.birth_date)}"] if was.birth_date else []
    parts += [f"NHS No. {was.nhs_number}"] if was.nhs_number else []
    return ", ".join(parts)


def found_line(row: PersonRow) -> tuple[str, str]:
    """Name, and what tells this person from others of that name, for a list of one line each."""
    said = [row.birth_date and f"Born {wording.day(row.birth_date)}", row.nhs_number and f"NHS No. {row.nhs_number}"]
    if row.deceased_on:
        said.append(f"Died {wording.day(row.deceased_on)}")
    said.append(address(row))
    return name(row), " · ".join(part for part in said if part)
