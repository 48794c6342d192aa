"""The handover on paper: one table, the note, who signed, room for who takes it. A4, black and white, page n of m.

No more about anybody than the next needs to find them on the screen: the name as lists have it and the referral's
number; no birth date, address, NHS number or telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coordination.clock import local_date
from coordination.duty.model import Handover, HandoverDraft, HandoverItem, HandoverSheet, Outstanding
from coordination.work import Actor
from ui import wording
from ui.duty import words

COLUMNS = (("Due", 34), ("Person", 56), ("What", 78), ("Line to the next", 67), ("Becomes", 38))
FOOT = "Confidential. Shred it when it has been taken over."
LONGEST_CELL = 600  # characters: a row fits on a page
NOT_SIGNED = "Not signed: this is a preview."


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line, in words."""

    due: str
    person: str
    number: str
    what: str
    line: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything on the sheet, in words; ``file`` is what it would be called."""

    title: str
    day: str
    under: str
    note: str
    drafts: str
    rows: tuple[PaperRow, ...]
    signature: str
    answered: str
    printed: str
    file: str


def paper(sheet: HandoverSheet, now: datetime, printed_by: str, signed: bool = True) -> Paper:
    """The words of the sheet. ``signed`` False: a preview of what is being written."""
    found = sheet.handover
    drafts = (
        f"{wording.count(found.drafts, 'contact')} begun and not sent on the desk's computer." if found.drafts else ""
    )
    waiting = [item for item in sheet.items if item.choice == "next"]
    others = [item for item in sheet.items if item.choice != "next"]
    return Paper(
        "Shift handover",
        f"{wording.weekday(local_date(found.signed_at))} {wording.clock_time(found.signed_at)}",
        f"From {found.from_name} to {words.to_whom(found.to_name, found.locality)},"
        f" {len(waiting)} of {wording.count(len(sheet.items), 'item')} to take over",
        found.note,
        drafts,
        tuple(_row(item, signed) for item in (*waiting, *others)),
        words.signature(found) if signed else NOT_SIGNED,
        words.handover_state(found) if signed and found.state != "offered" else "",
        f"Printed {wording.day_time(now)} by {printed_by}",
        f"{local_date(found.signed_at).isoformat()} Shift handover, {found.from_name}",
    )


def _row(item: HandoverItem, signed: bool) -> PaperRow:
    about = item.now
    becomes = words.SHORT[item.choice]
    if signed and item.state not in ("offered", "stays", "queued"):
        becomes = f"{becomes}. {words.item_state(item)}"
    if about is None:
        return PaperRow("", "No longer to be seen", "", words.KINDS[item.kind], _cut(item.line), becomes)
    due = wording.day_time(about.due_at) if about.due_at and about.state != "declined" else words.state(about)
    number = f"No. {about.number}" if about.number is not None else ""
    person = wording.name(about.surname, about.given, about.title)
    return PaperRow(due, person, number, _cut(words.about(about), 200), _cut(item.line), becomes)


def _cut(text: str, most: int = LONGEST_CELL) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def unsigned(
    draft: HandoverDraft, about: Sequence[Outstanding], from_name: str, actor: Actor, to_name: str | None, now: datetime
) -> HandoverSheet:
    """What is being written, in the shape of a signed one."""
    known = {item.id: item for item in about}
    leaver = draft.from_user or actor.user_name
    whole = Handover(
        draft.id, None, leaver, from_name, actor.user_name, actor.display_name, now, draft.to_user, to_name,
        draft.locality, draft.note, draft.drafts, None, "offered", None, None, 1,
    )  # fmt: skip
    items = tuple(
        HandoverItem(
            item.id, draft.id, place, item.kind, item.subject, item.choice, item.line, item.seen,
            "offered" if item.choice == "next" else "stays" if item.choice == "stays" else "queued",
            "", None, None, None, 1, known.get(item.subject),
        )
        for place, item in enumerate(draft.items)
    )  # fmt: skip
    return HandoverSheet(whole, items)


def pdf(data: Paper) -> bytes:
    """The bytes of the PDF. ReportLab is imported here, on the thread that makes it."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Flowable, KeepTogether, Spacer

    from ui.sheets.document import Section, build, table
    from ui.sheets.parts import WIDTH, Hand, Heading

    def cells(hand: Hand, row: PaperRow) -> list[Any]:
        texts: tuple[tuple[tuple[str, bool], ...], ...] = (
            ((row.due, True),),
            ((row.person, True), (row.number, False)),
            ((row.what, False),),
            ((row.line, False),),
            ((row.becomes, row.becomes.startswith(words.SHORT["next"])),),
        )
        return [hand.cell(width * mm, *parts) for (_, width), parts in zip(COLUMNS, texts, strict=True)]

    def sections(hand: Hand) -> list[Section]:
        story: list[Flowable] = []
        if data.note:
            story += [hand.words("Note", WIDTH, bold=True, size=12)]
            story += [hand.words(line, WIDTH) for line in data.note.splitlines() if line.strip()]
            story.append(Spacer(1, 10))
        if data.drafts:
            story += [hand.words(data.drafts, WIDTH), Spacer(1, 8)]
        story += table(hand, COLUMNS, [cells(hand, row) for row in data.rows], "Nothing is outstanding.")
        taken = data.answered or "Taken over by  ______________________________   at  ______________"
        signed = [hand.words(data.signature, WIDTH, bold=True, size=12), Spacer(1, 12), hand.words(taken, WIDTH)]
        story += [Spacer(1, 14), KeepTogether(signed)]
        return [Section(Heading(data.title, data.under, data.day, "", data.printed, foot=FOOT), story)]

    return build(data, sections, data.title)
