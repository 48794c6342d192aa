"""Messages, findings and originals in words. Pure; no Qt, so that the command line can use it."""

from __future__ import annotations

import re
from datetime import date

from coordination.messages.encoding import decoded
from coordination.messages.findings import Findings
from coordination.messages.model import Finding, Kind, ParsedMessage, Severity
from ui.sentences import fact, sentences
from ui.wording import day, words

KINDS = {
    Kind.BARS_REFERRAL: "BaRS referral",
    Kind.BARS_VALIDATION: "BaRS validation",
    Kind.BARS_UPDATE: "BaRS update",
    Kind.BARS_CANCEL: "BaRS cancel",
    Kind.BARS_RESPONSE: "BaRS response",
    Kind.BARS_BOOKING: "BaRS booking",
    Kind.BARS_BOOKING_CANCEL: "BaRS booking off",
    Kind.FHIR_BUNDLE: "FHIR request",
    Kind.FHIR_RESOURCE: "FHIR resource",
    Kind.EMAIL: "E-mail",
    Kind.EMAIL_AUTOMATIC: "Automatic answer",
    Kind.EMAIL_FAILURE: "Not delivered",
    Kind.EMAIL_LIST: "Circular",
    Kind.ONLINE_FORM: "Online form",
    Kind.HOSPITAL_ASSESSMENT: "Assessment notice",
    Kind.HOSPITAL_DISCHARGE: "Discharge notice",
    Kind.HOSPITAL_WITHDRAWAL: "Withdrawal notice",
    Kind.HOSPITAL_RECEIPT: "Notice receipt",
    Kind.UNKNOWN: "No message",
}
OUTCOMES = {
    "new": "Taken in",
    "linked": "Linked",
    "again": "Here already",
    "taken_in": "Taken in",
    "refused": "Refused",
}
SEVERITIES = {
    Severity.FATAL: "refuses it",
    Severity.REFUSED_FIELD: "not used",
    Severity.WARNING: "look at this",
    Severity.INFO: "to know",
}
_ORDER = (Severity.FATAL, Severity.REFUSED_FIELD, Severity.WARNING, Severity.INFO)
_FORMATS = {
    "pdf": "a PDF",
    "zip": "a packed file or an Office document",
    "outlook_or_old_office": "an Outlook (.msg) or old Office file",
    "rtf": "a text document (.rtf)",
    "image": "a picture",
    "gzip": "a packed file",
    "program": "a program",
    "web_page": "a web page",
}
# What must not wait, whatever else stands in the list.
URGENT_CODES = frozenset(("safeguarding_concern", "mentions_safeguarding", "needs_emergency_response"))
_DAYS = frozenset(("flag_past_but_active",))  # a good date, to be written as on every screen
_PLACES = {"": "The file", "person": "Person", "sent_at": "Sent", "urgency": "Urgency", "body": "Text"}
MOST_SHOWN = 400_000  # characters of an original that are shown
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def finding_words(finding: Finding) -> str:
    """The sentence for a finding; a code without one is shown as words."""
    template = sentences().get(f"finding.{finding.code}")
    facts = {name: fact(value) for name, value in finding.facts}
    if finding.code == "format_unsupported":
        facts["format"] = _FORMATS.get(facts.get("format", ""), facts.get("format", ""))
    if finding.code in _DAYS:
        facts["value"] = _day(facts.get("value", ""))
    for name in ("size", "limit", "length", "count", "days"):
        if facts.get(name, "").isdigit():
            facts[name] = f"{int(facts[name]):,}"
    if template is None:
        return f"{words(finding.code)}."
    try:
        return template.format_map(facts)
    except KeyError:
        return f"{words(finding.code)}."


def weight(finding: Finding) -> str:
    """How much it matters, in two words."""
    return "act now" if finding.code in URGENT_CODES else SEVERITIES[finding.severity]


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def worst_first(findings: tuple[Finding, ...]) -> list[Finding]:
    """Reasons for refusing, what must not wait, and so on down."""
    return sorted(findings, key=lambda f: (_ORDER.index(f.severity), f.code not in URGENT_CODES))


def place(finding: Finding) -> str:
    """The field in the sender's words; ours for what is no field of theirs."""
    return _PLACES.get(finding.path, finding.path)


def reasons(message: ParsedMessage) -> str:
    """Why it is refused, in a line."""
    return " ".join(finding_words(f) for f in message.reasons)


def outcome(code: str) -> str:
    return OUTCOMES.get(code, words(code))


def shown_original(content: bytes) -> str:
    """An original as plain text that shows what is in it: characters that hide themselves are written out."""
    text = decoded(content[: MOST_SHOWN * 4], Findings()).replace("\r\n", "\n").replace("\r", "\n")
    cut = len(text) > MOST_SHOWN
    text = _UNSEEN.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", text[:MOST_SHOWN])
    text = re.sub(r"[^\n]{20000}", lambda m: m[0] + "\n", text)  # a line of a million letters stops any text view
    return text + ("\n\n… The rest is not shown. Save the original to see all of it." if cut else "")
