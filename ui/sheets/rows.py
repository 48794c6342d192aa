"""The rows of the sheets: what stands in which cell, in words; never higher than a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from reportlab.lib.units import mm

from coordination.deployment.sheets import Elsewhen, SheetChange, SheetLine
from ui import wording
from ui.sheets.lines import height_of
from ui.sheets.messages import (
    ALONE,
    CALLED_OFF,
    CHANGED,
    ENDED,
    FIXED,
    IN_PLACE_OF,
    NOT_ALONE,
    RISKS,
    SECOND_MISSING,
    TAKEN_OFF,
    TAKEN_OFF_NOBODY,
    TIME_CRITICAL,
    WAS,
)
from ui.sheets.parts import (
    HEAD_ROW,
    HEIGHT,
    LEAST,
    PAD,
    Hand,
    SignBox,
)

WORKER_COLUMNS = (("Time", 23), ("Name and address", 58), ("Getting in", 44), ("Need and skills", 56),
                   ("With, and take care", 45), ("How it went", 47))  # fmt: skip
TEAM_COLUMNS = (("Time", 28), ("Name", 58), ("Address", 62), ("Need and skills", 70), ("With, and take care", 55))
_ROW_MOST = HEIGHT - 2 * HEAD_ROW - 4  # points: a row and the heads above it fit on a page


def count(lines: Sequence[SheetLine]) -> str:
    return wording.count(len(lines), "visit")


def worker_row(hand: Hand, line: SheetLine) -> list[Any]:
    """The cells of a visit. Whatever somebody typed, it fits on a page: what is too long is cut, and says so."""
    for share in (1.0, 0.7, 0.5, 0.35, 0.25, 0.15):
        row = _worker_cells(hand, _shortened(line, share))
        if _tallest(row, WORKER_COLUMNS) <= _ROW_MOST:
            break
    return row


def _worker_cells(hand: Hand, line: SheetLine) -> list[Any]:
    time, name, access, need, care, sign = (width * mm for _, width in WORKER_COLUMNS)
    ended = ENDED[line.state].capitalize() if line.state != "planned" else ""
    if line.is_off:
        return [
            hand.cell(time, *_time(line)),
            hand.cell(name, (line.name, True)),
            "",
            "",
            hand.cell(care, *_off(line)),
            "",
        ]
    return [
        hand.cell(time, *_time(line)),
        hand.cell(name, (line.name, True), (_known_as(line), False), (line.address, False), (_speaks(line), False)),
        hand.cell(access, (line.access or "Nothing noted", False)),
        hand.cell(need, (line.need, False), (_skills(line), False)),
        hand.cell(care, *_with_and_care(line)),
        [SignBox(sign - 2 * PAD, hand.fonts.name("plain"), ended)],
    ]


def elsewhere_row(hand: Hand, stay: Elsewhen) -> list[Any]:
    time, name = (width * mm for _, width in WORKER_COLUMNS[:2])
    when = hand.cell(time, (wording.clock_time(stay.window.start), True, 14), (_until(stay.window.end), False))
    return [when, hand.cell(name, ("With another team: see that team's sheet", False)), "", "", "", ""]


def team_row(hand: Hand, line: SheetLine, *, placed: bool) -> list[Any]:
    for share in (1.0, 0.7, 0.5, 0.35, 0.25, 0.15):
        row = _team_cells(hand, _shortened(line, share), placed)
        if _tallest(row, TEAM_COLUMNS) <= _ROW_MOST / 2:
            break
    return row


def _team_cells(hand: Hand, line: SheetLine, placed: bool) -> list[Any]:
    time, name, address, need, care = (width * mm for _, width in TEAM_COLUMNS)
    ended = ENDED[line.state].capitalize() if line.state != "planned" else ""
    critical = TIME_CRITICAL if line.time_critical else FIXED if line.fixed else ""
    when = hand.cell(time, (span(line.window.start, line.window.end), True), (critical, True), *_changed(line))
    if line.is_off:
        return [when, hand.cell(name, (line.name, True)), "", "", hand.cell(care, *_off(line))]
    return [
        when,
        hand.cell(name, (line.name, True), ("" if placed else f"{line.minutes} min", False)),
        hand.cell(address, (line.address, False)),
        hand.cell(need, (line.need, False), (_skills(line), False)),
        hand.cell(care, (ended, True), *(_with_and_care(line, alone=False) if placed else _care(line))),
    ]


def span(start: datetime, end: datetime) -> str:
    return f"{wording.clock_time(start)}–{wording.clock_time(end)}"


def _until(end: datetime) -> str:
    return f"to {wording.clock_time(end)}"


def _changed(line: SheetLine) -> Iterator[tuple[str, bool]]:
    """The word beside the bar, and when it was."""
    for change in line.changes:
        yield CHANGED[change.kind], True
        if change.kind == "moved" and change.was is not None:
            yield WAS.format(start=wording.clock_time(change.was.start)), False


def _off(line: SheetLine) -> Iterator[tuple[str, bool]]:
    """Why the worker does not go, and who does."""
    for change in line.changes:
        yield _instead(change), True


def _instead(change: SheetChange) -> str:
    if change.kind == "cancelled":
        return CALLED_OFF.format(state=ENDED[change.state])
    others = wording.listing([name for name in change.others if name])
    return TAKEN_OFF.format(others=others) if others else TAKEN_OFF_NOBODY


def _time(line: SheetLine) -> Iterator[tuple[Any, ...]]:
    yield from ((*said, LEAST) for said in _changed(line))
    if line.is_off:
        yield wording.clock_time(line.window.start), False
        return
    yield wording.clock_time(line.window.start), True, 14
    yield _until(line.window.end), False
    yield f"{line.minutes} min", False
    if line.time_critical:
        yield TIME_CRITICAL, True
    elif line.fixed:
        yield FIXED, True


def _known_as(line: SheetLine) -> str:
    return f"Known as {line.known_as}" if line.known_as else ""


def _speaks(line: SheetLine) -> str:
    return f"Language: {line.language}" if line.language else ""


def _skills(line: SheetLine) -> str:
    return "Skills: " + wording.listing(list(line.skills)) if line.skills else ""


def _with_and_care(line: SheetLine, *, alone: bool = True) -> Iterator[tuple[str, bool]]:
    for change in line.changes:
        if change.kind == "new" and any(change.others):
            yield IN_PLACE_OF.format(others=wording.listing([n for n in change.others if n])), False
    if line.with_whom:
        yield "With " + wording.listing(list(line.with_whom)), True
    elif line.second_missing:
        yield SECOND_MISSING, True
    elif alone and not any(r.kind == "do_not_visit_alone" for r in line.risks):
        yield ALONE, False
    yield from _care(line)


def _care(line: SheetLine) -> Iterator[tuple[str, bool]]:
    if line.gender_asked:
        yield f"Asked for a {line.gender_asked} worker", False
    for risk in line.risks:
        forbidden = risk.kind == "do_not_visit_alone" and not line.with_whom
        yield NOT_ALONE if forbidden else RISKS.get(risk.kind, wording.words(risk.kind)), True
        yield risk.words, False


def _shortened(line: SheetLine, share: float) -> SheetLine:
    """The same visit with its longest texts cut to a share of what they may be."""
    if share == 1.0:
        return line

    def cut(text: str, most: int) -> str:
        most = int(most * share)
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"

    return replace(
        line,
        name=cut(line.name, 160),
        known_as=cut(line.known_as, 100),
        address=cut(line.address, 240),
        access=cut(line.access, 400),
        language=cut(line.language, 160),
        need=cut(line.need, 500),
        risks=tuple(replace(r, words=cut(r.words, 200)) for r in line.risks),
    )


def _tallest(row: list[Any], columns: Sequence[tuple[str, float]]) -> float:
    return max(height_of(cell, width * mm, PAD) for cell, (_, width) in zip(row, columns, strict=True))
