"""How looks at a person's record are said: what was done, why they could, and in plain words for the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coordination.clock import LONDON
from coordination.governance.looked import LISTS, Colleague, Did, Emergency, Looking
from coordination.governance.looked_by import Hint, Looked, UserLooks
from coordination.governance.looked_service import LookedAt
from coordination.governance.trail_notes import Refusal
from ui import wording
from ui.style.tokens import State

# What they had to do with the person at that moment: for the table, and as the person would be told.
WHY: dict[str, tuple[str, str]] = {
    "emergency": ("Emergency access", "It was opened in an emergency."),
    "named": ("Team named by the person", "You had agreed that this team may see it."),
    "mine": ("Had claimed the referral", "They were dealing with a request for help about you."),
    "queue": ("Waiting on the queue", "A request for help about you was waiting to be answered."),
    "referral": ("Referral open with the team", "Their team had been asked to help you."),
    "contact": ("Contact within a day", "Somebody had been in touch about you that day."),
    "lead": ("Lead worker", "They were your lead worker."),
    "plan": ("Team on the care plan", "Their team is part of your care plan."),
    "visit": ("Visits by the team", "Their team was visiting you."),
    "episode": ("In reablement with the team", "Their team was helping you to get back on your feet."),
    "assessment": ("Their assessment", "They were assessing with you what you need."),
    "receipt": ("Assessment sent to the team", "Your assessment had been sent to their team."),
    "concern": ("Safeguarding concern", "They were seeing to a worry about your safety."),
    "stay": ("Apartment stay", "You had, or were about to have, a stay in an apartment."),
    "transfer": ("Coming out of hospital", "You were coming home from hospital."),
    "equipment": ("Equipment order", "Their team was bringing you equipment."),
    "registered": ("Had registered them", "They had put you on our books that day."),
}
OWN_WORK = ("Their own entry that day", "They wrote down something about your care that day.")
ON_LIST = ("Only on a list", "They had a team’s visits in front of them, and yours was one of them.")
NOT_NOTED = ("Not noted at the time", "We did not keep the reason in those days.")
SYSTEM = ("The system itself", "The computer system did this by itself.")
NONE = ("No reason found", "We have not found a reason. You can ask us to look into it.")
_REASONS = {"own_work": OWN_WORK, "on_list": ON_LIST, "none": NONE, "not_noted": NOT_NOTED, "system": SYSTEM}

SHARING = {"everything": "everything", "summary": "summary only", "named_teams": "named teams only"}
FORMS = {
    "paper": "on paper", "pdf": "as a PDF", "xlsx": "as a workbook", "csv": "as a CSV file",
    "ics": "as a calendar file", "json": "as a FHIR file", "clipboard": "copied", "screen": "on screen",
}  # fmt: skip
# Kinds of record, by what the trail calls them: for the table, and as the person would be told.
AREAS: dict[str, tuple[str, str]] = {
    "person": ("record", "your record"),
    "care_plan": ("care plan", "your care plan"),
    "plan_version": ("earlier care plan", "an earlier version of your care plan"),
    "assessment": ("assessment", "your assessment"),
    "assessment_receipt": ("assessment received", "your assessment"),
    "reablement_episode": ("reablement", "your reablement"),
    "safeguarding_concern": ("safeguarding concern", "a worry about your safety"),
    "audit_trail": ("who has looked", "this list of who has looked"),
    "visit": ("visit", "a visit to you"),
    "board": ("plan of a team’s visits", "a team’s plan of visits with yours on it"),
    "paper_lines": ("worker’s paper sheet", "a worker’s list of visits with yours on it"),
    "deployment": ("visit sheet", "a list of visits with yours on it"),
    "contact": ("contact", "a call or message about you"),
    "referral": ("referral", "a request for help about you"),
    "stay": ("apartment stay", "your stay in an apartment"),
    "apartments": ("apartment calendar", "a list of apartment stays with yours on it"),
    "transfer": ("hospital discharge", "your coming home from hospital"),
    "equipment_order": ("equipment order", "your equipment"),
    "person_sharing": ("sharing", "what you agreed to share"),
    "person_alert": ("alert", "a safety note about you"),
    "person_around": ("people around them", "the people around you"),
    "emergency_access": ("emergency access", "emergency access to your record"),
    "search": ("list of people found", "your name and address, in a search"),
    "message": ("message", "a message about you"),
    "worker": ("worker", "your record as a worker"),
}
_DONE = {"view": "Saw", "print": "Printed", "export": "Exported", "refused": "Was refused", "insert": "Added",
         "update": "Changed", "delete": "Took out"}  # fmt: skip
_TOLD = {"view": "looked at", "print": "printed", "export": "saved a copy of", "refused": "was refused",
         "insert": "wrote", "update": "changed", "delete": "took out"}  # fmt: skip
PERIODS = (("30", "Last 30 days"), ("91", "Last 3 months"), ("365", "Last 12 months"), ("2922", "Last 8 years"))
HINTS: dict[Hint, str] = {
    "own_name": "the user’s own name",
    "same_surname": "the user’s surname",
    "own_address": "address of the user’s namesake",
    "colleague": "a colleague’s name",
}
REFUSED = {
    "permission": "Not allowed to",
    "rule": "Against a rule",
    "not_there": "Record not shown to them",
    "sign_in": "Signing in",
}
LOOKS = {
    "none": State("amber", "question"),
    "system": State("neutral", "gear"),
    "not_noted": State("neutral", "minus"),
}
EMERGENCY_LOOK = State("red", "warning-octagon-fill")


def area(code: str) -> str:
    """``care plan``; of a kind that has no words here, its code in letters."""
    if code.startswith("table "):
        return f"list “{code[6:]}”"
    return AREAS[code][0] if code in AREAS else code.replace("_", " ")


def when(looking: Looking) -> str:
    """``22-Nov-2026 09:14`` or ``22-Nov-2026 09:14–11:02``."""
    first, last = (f"{moment.astimezone(LONDON):%H:%M}" for moment in (looking.first_at, looking.last_at))
    return f"{wording.day(looking.day)} {first}" + (f"–{last}" if last != first else "")


def who(looking: Looking, colleagues: Mapping[str, Colleague]) -> str:
    known = colleagues.get(looking.actor)
    return known.display_name if known is not None else looking.actor


def role(looking: Looking) -> str:
    return wording.role(looking.role) if looking.role else "System"


def team(looking: Looking, teams: Mapping[int, str], colleagues: Mapping[str, Colleague]) -> str:
    """As it was noted then; of what was not noted, as it is today."""
    known = colleagues.get(looking.actor)
    named = [teams.get(number, "A team that is gone") for number in looking.teams]
    if not named and known is not None and not looking.noted:
        named = [known.team] if known.team else []
    return ", ".join(named)


def centre(looking: Looking, colleagues: Mapping[str, Colleague]) -> str:
    known = colleagues.get(looking.actor)
    places = looking.places or ((known.locality,) if known is not None and known.locality else ())
    return ", ".join(place.capitalize() for place in places)


def stood_as(found: LookedAt, looking: Looking) -> str:
    """``Team lead, North reablement``; without a team, the centre."""
    of = team(looking, found.teams, found.colleagues) or centre(looking, found.colleagues)
    return ", ".join(part for part in (role(looking), of) if part)


def did(looking: Looking) -> str:
    """``Saw record ×3, care plan; Printed care plan``."""
    by: dict[str, list[str]] = {}
    for done in sorted(looking.did, key=lambda d: list(_DONE).index(d.action) if d.action in _DONE else 99):
        by.setdefault(_DONE.get(done.action, done.action), []).append(_one(done))
    return "; ".join(f"{verb} {', '.join(things)}" for verb, things in by.items())


def _one(done: Did) -> str:
    times = f" ×{done.times}" if done.times > 1 else ""
    forms = [FORMS.get(form, form) for form in done.forms if form != "screen"]
    return area(done.area) + times + (f" {' and '.join(forms)}" if forms else "")


def why(looking: Looking) -> str:
    """All of it, the most telling first."""
    if looking.reason == "known":
        return ", ".join(WHY[code][0] for code in WHY if code in looking.why) or ", ".join(looking.why)
    return _REASONS[looking.reason][0]


def why_look(looking: Looking) -> State | None:
    return EMERGENCY_LOOK if looking.by_emergency else LOOKS.get(looking.reason)


def could(looking: Looking) -> str:
    """What let them in."""
    if not looking.noted:
        lists = all(done.area in LISTS for done in looking.did)
        return "A visit to the person stood on it" if lists else "Not noted at the time"
    return "The person shared " + " and ".join(SHARING.get(level, level) for level in looking.sharing)


def reasons_of(looking: Looking, emergencies: Iterable[Emergency]) -> list[str]:
    """Of emergency access on that day, in the words that were given."""
    return [found.words for found in emergencies if (found.user, found.day) == (looking.actor, looking.day)]


# ---------------------------------------------------------------- for the person


def told_did(looking: Looking) -> str:
    """``looked at your record and your care plan; printed your care plan``."""
    by: dict[str, list[str]] = {}
    for done in sorted(looking.did, key=lambda d: list(_TOLD).index(d.action) if d.action in _TOLD else 99):
        thing = AREAS[done.area][1] if done.area in AREAS else f"part of your record ({area(done.area)})"
        if done.action == "refused":
            thing = "when they asked for your record"
        things = by.setdefault(_TOLD.get(done.action, done.action), [])
        if thing not in things:
            things.append(thing)
    return "; ".join(f"{verb} {_listed(things)}" for verb, things in by.items())


def told_why(looking: Looking) -> str:
    if looking.reason == "known":
        code = next((code for code in WHY if code in looking.why), None)
        return WHY[code][1] if code is not None else ""
    return _REASONS[looking.reason][1]


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


# ---------------------------------------------------------------- the other way round


def hints(looked: Looked) -> str:
    return "; ".join(HINTS[hint] for hint in looked.hints).capitalize()


def user_why(looked: Looked) -> str:
    said = ", ".join(WHY[code][0] for code in WHY if code in looked.why)
    if looked.unexplained:
        days = f"no reason found on {wording.count(looked.unexplained, 'day')}"
        return f"{said}; {days}" if said else days.capitalize()
    return said or "Their own entries, or not noted at the time"


def usual(looks: UserLooks) -> str:
    """The line about how much is usual, with what it does not say."""
    most = max(looks.days, key=lambda d: d.people, default=None)
    if most is None:
        return "Looked at nobody in this period."
    said = f"Most on {wording.day(most.day)}: {wording.count(most.people, 'person', 'people')}."
    if looks.usual is None:
        return f"{said} Too little is known of others in this role to say what is usual."
    return (
        f"{said} Others in this role: {looks.usual.median:g} a day as a rule, up to {looks.usual.high:g} on nine days "
        "in ten. More is no proof of anything: ask."
    )


DOOR = {"connect": "Connected", "sign_in": "Signed in", "sign_out": "Signed out",
        "looked_for": "Looked for a hidden record"}  # fmt: skip


def refusal(found: Refusal) -> str:
    """What was refused, in words; or who came and went, and with what."""
    if found.kind in DOOR:
        said = ", ".join(part for fact in found.facts if (part := fact.partition(":")[2].replace("_", " ")))
        if found.kind == "looked_for":
            return f"{DOOR[found.kind]}: {'there is one' if found.person else 'nobody, or several'}"
        if found.kind == "connect" and not said:
            said = "a program that gave no name"
        return f"{DOOR[found.kind]}: {said}" if said else DOOR[found.kind]
    if found.kind == "not_there":
        return "Asked for a record that they are not shown"
    what = area(found.area) if found.area != "statement" else "something"
    named = f" ({found.record.replace('_', ' ')})" if found.record else ""
    return f"{REFUSED.get(found.kind, found.kind)}: {what}{named}"
