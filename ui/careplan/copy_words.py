"""What the copies of a plan say around the plan's own words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from coordination.careplan.rows import Agreement, PlanAction
from coordination.deployment.discretion import LEFT_OUT, discreet
from coordination.people.model import Alert
from ui import wording
from ui.people import words as people_words

_FULL_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Languages whose script runs from right to left, as people write their names.
_FROM_THE_RIGHT = (
    "arabic", "urdu", "farsi", "persian", "dari", "pashto", "sorani", "kurdish", "hebrew", "yiddish", "sindhi",
    "uyghur", "punjabi (shahmukhi)", "shahmukhi", "divehi", "aramaic", "syriac",
)  # fmt: skip
_FROM_THE_LEFT = ("kurmanji",)  # Kurdish, and written in Latin letters

STATES = {"to_do": "To do", "under_way": "Begun", "done": "Done", "dropped": "Not any more"}
PARTIES = {
    "person": "The person",
    "carer": "Carer",
    "attorney": "Attorney",
    "advocate": "Advocate",
    "family": "Family",
    "other": "Other",
}
MY_PARTIES = {
    "person": "I",
    "carer": "My carer",
    "attorney": "My attorney",
    "advocate": "My advocate",
    "family": "My family",
    "other": "Somebody else",
}


# Teams are named after what they do, in words of the trade; each is said once more in everybody's.
_IN_PLAIN_WORDS = (
    ("reablement", "they help you to do things for yourself again"),
    ("district nursing", "nurses who come to your home"),
    ("social work", "they arrange help and support with you"),
    ("equipment", "things that make it easier at home"),
    ("neighbourhood team", "nurses, doctors and social workers near you"),
)


def team_in_plain_words(name: str) -> str:
    """``North reablement (they help you to do things for yourself again)``."""
    said = next((plain for trade, plain in _IN_PLAIN_WORDS if trade in name.casefold()), "")
    return f"{name} ({said})" if said else name


def from_the_right(language: str) -> bool:
    """Whether a text in this language begins at the right. ``language`` as it was typed on the record."""
    said = language.casefold()
    return any(name in said for name in _FROM_THE_RIGHT) and not any(name in said for name in _FROM_THE_LEFT)


def for_paper(words: str) -> str:
    """The same lines without codes of key safes and doors: paper gets lost (UX, "Sheets on paper")."""
    return "\n".join(discreet(line, longest=len(line) + len(LEFT_OUT)) for line in words.splitlines())


def paper_alerts(alerts: Iterable[Alert]) -> str:
    """Alerts, one to a line. Safeguarding is nobody's to find in a car; where a key lies, the centre says."""
    said = []
    for found in alerts:
        if found.kind == "key_safe":
            said.append("Key safe: ring the centre")
        elif found.kind != "safeguarding":
            said.append(people_words.alert(found))
    return "\n".join(dict.fromkeys(said))


def plain_day(value: date) -> str:
    """``Thursday 14 January 2027``: for somebody who reads no codes."""
    return f"{_FULL_DAYS[value.weekday()]} {value.day} {_FULL_MONTHS[value.month - 1]} {value.year}"


def my_action(action: PlanAction) -> str:
    """One line for the person: what, who, by when, how far."""
    who = action.who or action.team_name
    parts = [f"{action.what.rstrip('.')}."]
    if who:
        parts.append(f"Who does it: {who}.")
    if action.state == "done":
        parts.append("Done.")
    elif action.state == "dropped":
        parts.append("We are not doing this any more.")
    else:
        if action.state == "under_way":
            parts.append("We have begun.")
        if action.due_on is not None:
            parts.append(f"By {plain_day(action.due_on)}.")
    return " ".join(parts)


def my_agreement(agreement: Agreement) -> str:
    """``I agreed to this plan on Monday 3 May 2027, at home.``"""
    who = MY_PARTIES[agreement.party]
    if agreement.name and agreement.party != "person":
        who = f"{who}, {agreement.name},"
    if not agreement.agreed:
        why = f": {agreement.why_not.rstrip('.')}" if agreement.why_not else ""
        return f"{who} did not agree to this plan{why}."
    when = f" on {plain_day(agreement.agreed_on)}" if agreement.agreed_on else ""
    how = f" ({agreement.how.rstrip('.')})" if agreement.how else ""
    return f"{who} agreed to this plan{when}{how}."


def agreement(found: Agreement) -> str:
    """``Carer Joan Smith agreed 03-May-2027, by telephone.``"""
    who = " ".join(part for part in (PARTIES[found.party], found.name) if part)
    if not found.agreed:
        return f"{who} did not agree: {found.why_not or wording.NOT_KNOWN}"
    return ", ".join(part for part in (f"{who} agreed {wording.day(found.agreed_on)}", found.how) if part)
