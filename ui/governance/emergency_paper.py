"""The list of emergency access on paper, for a meeting: upright A4, one access a block (R3). No name of the person.

ReportLab comes with this module, so import it when something is to be printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Spacer

from coordination.governance.emergency import Reviewing
from ui import wording
from ui.governance import emergency_words as words
from ui.people.glass_words import KINDS
from ui.sheets.leaflet import Leaflet, build
from ui.sheets.parts import Hand

TITLE = "Emergency access"


def emergency_list(rows: Sequence[Reviewing], shown: str, now: datetime, printed: str) -> tuple[bytes, int]:
    """The PDF and how many pages it has. ``shown``: which of them these are; ``printed``: when and by whom."""
    leaflet = Leaflet(TITLE, f"{TITLE}: {shown}", f"Confidential. {printed}", size=11, margin=16)
    blocks = [_block(row, now) for row in rows]
    texts = [TITLE, shown, words.said(rows, now), _NOTHING, *(line for block in blocks for line, _bold in block)]

    def make(hand: Hand) -> list[Flowable]:
        width = leaflet.width
        story: list[Flowable] = [hand.words(TITLE, width, bold=True, size=16), hand.words(shown, width)]
        story += [hand.words(words.said(rows, now) or _NOTHING, width), Spacer(1, 3 * mm)]
        for block in blocks:
            lines = [hand.words(line, width, bold=bold) for line, bold in block]
            rule = HRFlowable(width="100%", thickness=0.5, color="black", spaceBefore=3, spaceAfter=4)
            story.append(KeepTogether([rule, *lines, Spacer(1, 1.5 * mm)]))
        return story

    return build(leaflet, texts, make)


_NOTHING = "There is none."


def _block(row: Reviewing, now: datetime) -> list[tuple[str, bool]]:
    who = ", ".join(part for part in (row.by_name, wording.role(row.by_role).lower(), row.team) if part)
    lines = [(f"{words.lasted(row)}. {words.state(row, now)}", True), (who, False)]
    if row.person_id is not None:
        lines.append((words.person(row), False))
    lines.append((f"Why: {KINDS[row.kind]}. {row.words}".rstrip(), False))
    lines.append((f"{words.done(row)}.", False))
    if not row.awaits:
        told = words.TOLD[row.told] + (f": {row.told_why}" if row.told_why else "")
        reviewed = f"Reviewed {wording.day_time(row.reviewed_at)} by {row.reviewed_by_name}: {row.note}"
        lines.append((reviewed.rstrip(": "), False))
        lines.append((f"{told}.", False))
    return lines
