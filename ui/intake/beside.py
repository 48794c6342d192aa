"""What stands beside a referral, in words: who is responsible (P2), and what the rules suggested (E3)."""

from __future__ import annotations

from coordination.intake.detail import KeptSuggestion, ReferralDetail
from coordination.people.responsibility import whose
from ui import wording
from ui.intake import words
from ui.people import responsible

Facts = list[tuple[str, object | None]]


def responsibility_facts(detail: ReferralDetail) -> Facts:
    """Both sides wherever they differ or need saying, and whom to contact where nobody here is responsible."""
    facts: Facts = []
    if detail.person is not None:
        found = whose(detail.person)
        if not found.plain:
            facts += responsible.lines(found)
    beside = detail.beside
    if beside.outside_reason is not None:
        facts.append(("Contact", beside.outside_whom or "Nobody in the city is responsible"))
        facts.append(("Referred here because", beside.outside_reason))
    return facts


def suggestion_facts(detail: ReferralDetail) -> Facts:
    """What was suggested when it was made, where a human chose something else."""
    kept = detail.beside.suggestions
    routes = [each for each in kept if each.service]
    if not routes or any(_agrees(each) for each in routes):
        return []
    said = [
        f"{wording.words(each.service)}, {words.URGENCIES.get(each.urgency, each.urgency).lower()} – {each.reason}"
        for each in routes[:2]
    ]
    return [("Suggested was", "; ".join(said))]


def _agrees(kept: KeptSuggestion) -> bool:
    return (kept.service, kept.urgency) == (kept.chosen_service, kept.chosen_urgency)


def known_name(detail: ReferralDetail) -> str:
    """Whom it is about, where that is known."""
    if detail.person is None:
        return ""
    fields = detail.person.fields
    return wording.name(fields.surname, fields.given, fields.title)
