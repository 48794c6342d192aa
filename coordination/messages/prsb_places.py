"""What a ward says of the person's needs, by the places that a form's questions ask for."""

from __future__ import annotations

from coordination.messages.prsb import AssessmentNotice, Notice
from coordination.reference.hospital_headings import Path
from coordination.reference.hospital_places import place_of


def known(notice: Notice) -> tuple[tuple[str, str], ...]:
    """Place and words of everything that a notice says of needs; several words at one place, one to a line."""
    found: dict[str, list[str]] = {}
    if isinstance(notice, AssessmentNotice):
        for path, words in ((_REASON, notice.reason), (_CARE_NEEDS, notice.care_needs)):
            if words:
                found.setdefault(place_of(path), []).append(words)
    for path, words in notice.said:
        place = place_of(path)
        if place and words not in found.setdefault(place, []):
            found[place].append(words)
    return tuple((place, "\n".join(words)[:20_000]) for place, words in found.items() if words)


_REASON: Path = ("Referral details", "Referral details record entry", "Reason for referral")
_CARE_NEEDS: Path = ("Care needs summary", "Care needs summary")
