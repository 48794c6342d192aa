"""The plan for a professional, on two pages: who it is, what is agreed, who does what, what if (C2, C3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.platypus import Flowable, Spacer, Table, TableStyle

from coordination.careplan.copies import PlanCopy
from coordination.careplan.version_model import PlanContent
from coordination.clock import local_date
from ui import wording
from ui.careplan.copy_words import STATES, agreement, for_paper, paper_alerts
from ui.people import words as people_words
from ui.sheets.leaflet import Leaflet, build
from ui.sheets.parts import PAD, PALE, Hand

PAGES = 2
SIZES = (11.0, 10.0, 9.0)  # points: smaller rather than shorter
# When even the smallest is too long: characters of one entry, and rows of one table, until it fits.
SHORTER = ((600, 40), (300, 40), (150, 30), (80, 24), (60, 16), (40, 6))
MOST = 12_000  # characters that could fit on two pages, whatever they are
SHORTENED = "Shortened to two pages: the whole plan is on the record."


@dataclass(frozen=True)
class Block:
    """A heading over running text, or over a table of ``columns`` (name, share of the width)."""

    heading: str
    text: str = ""
    columns: tuple[tuple[str, int], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not self.rows


def title(copy: PlanCopy) -> str:
    fields = copy.record.person.fields
    return f"Care plan of {wording.name(fields.surname, fields.given, fields.title)}"


def facts(copy: PlanCopy) -> list[tuple[str, str]]:
    """Label and value, as on the banner of every page about the person."""
    record, fields = copy.record, copy.record.person.fields
    today, banner = local_date(copy.made_at), people_words.banner_facts(record)
    talk = [*banner.communication, banner.interpreter or fields.language]
    around = [
        " ".join(part for part in (one.name, f"({one.relation})" if one.relation else "", one.phone) if part)
        for one in record.around
        if one.is_carer
    ]
    practice = record.person.practice
    return [
        ("Born", wording.born(fields.birth_date, today, fields.deceased_on)),
        ("NHS No.", str(fields.nhs_number or wording.NOT_KNOWN)),
        ("Address", wording.known(banner.address)),
        ("Telephone", wording.known(banner.phone)),
        ("Talking", ", ".join(part for part in talk if part) or wording.NOT_KNOWN),
        ("GP practice", practice.name if practice else wording.NOT_KNOWN),
        ("Carer", "; ".join(around) or wording.NOT_KNOWN),
        ("Lead worker", copy.content.lead_worker_name or "Nobody yet"),
        ("Their telephone", copy.phone or wording.NOT_KNOWN),
        ("Next review", wording.day(copy.content.review_on)),
    ]


def blocks(copy: PlanCopy) -> list[Block]:
    """The plan in the order in which it is worked by; what is empty is left out."""
    content = copy.content
    alerts = paper_alerts(copy.record.alerts)
    heard = {said.team: f"{wording.day(local_date(said.at))} {said.by_name}" for said in copy.acknowledged}
    found = [
        Block("Alerts", alerts),
        Block("What matters to the person", content.what_matters),
        Block("Strengths", content.strengths),
        Block("Needs", "\n".join(need.words for need in content.needs)),
        Block(
            "Goals in the person’s words, and actions",
            columns=(("What", 40), ("Who", 20), ("By", 15), ("State", 11), ("Confidence", 14)),
            rows=tuple(_goal_rows(content)),
        ),
        Block(
            "If things go wrong",
            columns=(("Sign", 32), ("What to do", 40), ("Whom to call", 28)),
            rows=tuple((one.sign, one.what_to_do, one.whom_to_call) for one in content.contingencies),
        ),
        Block("Carers’ part", content.carers_part),
        Block("Self-care", content.self_care),
        Block(
            "Equipment",
            columns=(("What", 40), ("From", 30), ("State", 30)),
            rows=tuple((one.what, one.from_whom, one.state) for one in content.equipment),
        ),
        Block("Funding", content.funding),
        Block("Agreed", "\n".join(agreement(one) for one in content.agreements)),
        Block(
            "Teams on the plan",
            columns=(("Team", 40), ("Telephone", 25), ("Has acknowledged this version", 35)),
            rows=tuple(
                (team.name, copy.phones.get(team.id, ""), heard.get(team.id, "Not yet" if copy.version else ""))
                for team in content.teams
            ),
        ),
    ]
    return [_for_paper(block) for block in found if not block.is_empty]


def _for_paper(block: Block) -> Block:
    return replace(
        block, text=for_paper(block.text), rows=tuple(tuple(for_paper(cell) for cell in row) for row in block.rows)
    )


def _goal_rows(content: PlanContent) -> Iterable[tuple[str, ...]]:
    known = {goal.id for goal in content.outcomes}
    for goal in content.outcomes:
        matters = f"  (matters {goal.importance} of 10)" if goal.importance is not None else ""
        yield (f"{goal.words}{matters}",)
        yield from (_action_row(one) for one in content.actions if one.outcome == goal.id)
    rest = [one for one in content.actions if one.outcome not in known]
    if rest:
        yield ("For the plan as a whole",)
        yield from (_action_row(one) for one in rest)


def _action_row(one: Any) -> tuple[str, ...]:
    confidence = f"{one.confidence} of 10" if one.confidence is not None else ""
    due = wording.day(one.due_on) if one.due_on else ""
    return (one.what, one.who or one.team_name, due, STATES[one.state], confidence)


def pdf(copy: PlanCopy) -> bytes:
    """A4, never more than two pages: first smaller, and only then shorter, which it says."""
    whole, known = blocks(copy), facts(copy)
    tries = [(whole, size, "") for size in SIZES]
    tries += [([_shorter(block, most, rows) for block in whole], SIZES[-1], SHORTENED) for most, rows in SHORTER]
    for tried, size, said in tries:
        if _characters(tried) <= MOST or tried is tries[-1][0]:  # what can't fit is not laid out
            made, pages = _made(copy, tried, known, size, said)
            if pages <= PAGES:
                return made
    return made


def _characters(whole: Sequence[Block]) -> int:
    return sum(len(text) for text in _texts(whole))


def _shorter(block: Block, most: int, rows: int) -> Block:
    lines = block.text.splitlines()[:rows]
    text = _cut("\n".join(_cut(line, most) for line in lines), most * 3)
    return replace(block, text=text, rows=tuple(tuple(_cut(c, most) for c in row) for row in block.rows[:rows]))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _made(
    copy: PlanCopy, whole: Sequence[Block], known: Sequence[tuple[str, str]], size: float, said: str
) -> tuple[bytes, int]:
    version = (
        f"Version {copy.version.number}, {wording.day(local_date(copy.version.issued_at))}" if copy.version else ""
    )
    state = {"draft": "Draft, not agreed yet", "ended": "Ended"}.get(copy.plan.state, version)
    changed = "Changed since it was issued; teams work by what stands here." if copy.changed and copy.version else ""
    under = ". ".join(part for part in (state, changed, said) if part)
    printed = f"Printed {wording.day_time(copy.made_at)} by {copy.made_by_name}. Confidential."
    leaflet = Leaflet(title(copy), f"{title(copy)}. {under}", printed, size, 14)
    texts = [under, *(w for pair in known for w in pair), *_texts(whole)]

    def story(hand: Hand) -> list[Flowable]:
        page = _Page(hand, leaflet.width, size)
        made: list[Flowable] = [
            hand.words(leaflet.title, leaflet.width, bold=True, size=size * 1.6),
            hand.words(under, leaflet.width, size=size),
            Spacer(1, size * 0.4),
            page.facts(known),
        ]
        for block in whole:
            made += page.block(block)
        return made

    return build(leaflet, texts, story)


def _texts(whole: Sequence[Block]) -> Iterable[str]:
    for block in whole:
        yield from (block.heading, block.text, *(name for name, _ in block.columns))
        yield from (cell for row in block.rows for cell in row)


@dataclass
class _Page:
    hand: Hand
    width: float
    size: float

    def facts(self, known: Sequence[tuple[str, str]]) -> Flowable:
        """Two columns of label and value."""
        half = (len(known) + 1) // 2
        rows = [(*left, *right) for left, right in zip(known[:half], [*known[half:], ("", "")], strict=False)]
        shares = (0.13, 0.37, 0.15, 0.35)
        widths = [self.width * share for share in shares]
        body = []
        for row in rows:
            cells = zip(row, widths, (False, True, False, True), strict=True)
            body.append([self._cell(text, width, bold=bold) for text, width, bold in cells])
        style = [*self._pads(1.5), ("BOX", (0, 0), (-1, -1), 0.7, "black")]
        return Table(body, colWidths=widths, style=TableStyle(style))

    def block(self, block: Block) -> list[Flowable]:
        heading = self.hand.words(block.heading, self.width, bold=True, size=self.size * 1.15)
        heading.keepWithNext = 1
        made: list[Flowable] = [Spacer(1, self.size * 0.7), heading]
        if block.rows:
            return [*made, self._table(block)]
        lines = [line for line in block.text.splitlines() if line.strip()]
        return made + [self.hand.words(line, self.width, size=self.size) for line in lines]

    def _table(self, block: Block) -> Flowable:
        whole = sum(share for _, share in block.columns)
        widths = [self.width * share / whole for _, share in block.columns]
        style: list[Any] = [*self._pads(2), ("LINEBELOW", (0, 0), (-1, -1), 0.4, "black"),
                            ("BACKGROUND", (0, 0), (-1, 0), PALE)]  # fmt: skip
        body = [[self._cell(name, width, bold=True) for (name, _), width in zip(block.columns, widths, strict=True)]]
        for number, row in enumerate(block.rows, start=1):
            if len(row) == 1:  # a goal, over its actions
                body.append([self._cell(row[0], self.width, bold=True), *[""] * (len(widths) - 1)])
                style.append(("SPAN", (0, number), (-1, number)))
            else:
                body.append([self._cell(text, width) for text, width in zip(row, widths, strict=True)])
        return Table(body, colWidths=widths, repeatRows=1, splitInRow=0, style=TableStyle(style))

    def _cell(self, text: str, width: float, *, bold: bool = False) -> Any:
        return self.hand.words(text, width - 2 * PAD, bold=bold, size=self.size) if text else ""

    @staticmethod
    def _pads(upright: float) -> list[Any]:
        return [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            *((f"{side}PADDING", (0, 0), (-1, -1), PAD) for side in ("LEFT", "RIGHT")),
            *((f"{side}PADDING", (0, 0), (-1, -1), upright) for side in ("TOP", "BOTTOM")),
        ]
