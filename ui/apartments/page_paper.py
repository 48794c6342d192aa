"""The calendar on paper: A4 across, black-and-white safe, the days that are in sight, all apartments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from coordination.apartments import rules
from coordination.apartments.calendar import gave_way
from coordination.apartments.model import Apartment, ApartmentBoard, Stay
from coordination.errors import DatabaseAway
from coordination.values import DateRange
from ui import wording
from ui.apartments import board_words
from ui.governance.whose import people_of
from ui.style import fonts

if TYPE_CHECKING:
    from ui.apartments.page_view import PageView

_DOTS = 1200
WIDE, TALL, EDGE = 842.0, 595.0, 30.0  # points, A4 across
NAMES, TOP, ROW, FOOT = 168.0, 84.0, 30.0, 44.0
_BLACK, _GREY, _PALE, _HATCH = QColor("#000000"), QColor("#8A8A8A"), QColor("#EDEDED"), QColor("#9A9A9A")
_MID, _RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Sheet:
    """What is printed. ``printed``: when and by whom."""

    board: ApartmentBoard = field(repr=False)
    days: DateRange
    today: date
    printed: str
    said: str = ""


def board_pdf(sheet: Sheet) -> bytes:
    """The bytes of a PDF, nothing smaller than 11 points but the numbers of days."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF())
    )
    writer.setTitle("Apartments")
    writer.setCreator("Co-ordination Centre")
    paint_sheet(sheet, writer)
    return bytes(buffer.data().data())


def paint_sheet(sheet: Sheet, device: QPagedPaintDevice) -> int:
    """Onto a printer or a PDF; how many pages it took."""
    painter = QPainter(device)
    scale = device.width() / WIDE
    painter.scale(scale, scale)
    pages = _Pages(painter, device, sheet).draw()
    painter.end()
    return pages


def _font(points: float, *, strong: bool = False) -> QFont:
    font = QFont(fonts.font("small", strong=strong))  # a copy: the program's own is shared by all
    font.setPixelSize(round(points))
    return font


class _Pages:
    def __init__(self, painter: QPainter, device: QPagedPaintDevice, sheet: Sheet) -> None:
        self.p, self.device, self.sheet = painter, device, sheet
        self.plain, self.bold, self.tiny = _font(11), _font(11, strong=True), _font(8)
        self.day = (WIDE - 2 * EDGE - NAMES) / sheet.days.days

    def draw(self) -> int:
        fit = int((TALL - TOP - FOOT) // ROW)
        flats = self.sheet.board.apartments
        pages = [flats[n : n + fit] for n in range(0, len(flats), fit)] or [()]
        for number, page in enumerate(pages):
            if number:
                self.device.newPage()
            self._around(number + 1, len(pages))
            self._days(len(page))
            for place, flat in enumerate(page):
                self._row(flat, TOP + place * ROW)
        return len(pages)

    def _words(self, box: QRectF, words: str, face: QFont, how: Qt.AlignmentFlag = _MID) -> None:
        self.p.setFont(face)
        self.p.setPen(_BLACK)
        self.p.drawText(box, how, QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, box.width()))

    def _around(self, number: int, count: int) -> None:
        across, sheet = WIDE - 2 * EDGE, self.sheet
        self._words(QRectF(EDGE, 22, across, 24), "Apartments", _font(17, strong=True))
        said = "; ".join(part for part in (board_words.span(sheet.days), sheet.said) if part)
        self._words(QRectF(EDGE, 44, across, 16), said, self.plain)
        told = "Black: in the apartment. Outlined: booked. Grey: moved on. Hatched: closed, or takes nobody in."
        self._words(QRectF(EDGE, TALL - 40, across, 14), told, self.plain)
        foot = QRectF(EDGE, TALL - 26, across, 14)
        self._words(foot, sheet.printed, self.plain)
        self._words(foot, "Confidential.", self.plain, Qt.AlignmentFlag.AlignHCenter)
        self._words(foot, f"Page {number} of {count}", self.plain, _RIGHT)

    def _x(self, day: date) -> float:
        days = self.sheet.days
        return EDGE + NAMES + (min(max(day, days.start), days.end) - days.start).days * self.day

    def _days(self, rows: int) -> None:
        foot = TOP + rows * ROW
        for day in self.sheet.days:
            x = self._x(day)
            if day.weekday() >= 5 and self.day >= 4:
                self.p.fillRect(QRectF(x, TOP, self.day, foot - TOP), _PALE)
            begins = day.day == 1 or day == self.sheet.days.start
            if begins:
                end = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
                room = self._x(end) - x - 4
                words = f"{day:%B %Y}" if room > 84 else f"{day:%b}"
                if room > 24:
                    self._words(QRectF(x + 2, TOP - 26, room, 13), words, self.bold)
            if day.weekday() == 0:
                self._words(QRectF(x + 1, TOP - 12, 20, 10), str(day.day), self.tiny)
            if day.weekday() == 0 or begins:
                self.p.setPen(QPen(_GREY, 0.4))
                self.p.drawLine(x, TOP - (26 if begins else 12), x, foot)  # type: ignore[call-overload]
        if self.sheet.today in self.sheet.days:
            self.p.fillRect(QRectF(self._x(self.sheet.today), TOP - 4, 1.4, foot - TOP + 4), _BLACK)

    def _row(self, flat: Apartment, top: float) -> None:
        self.p.setPen(QPen(_GREY, 0.4))
        self.p.drawLine(EDGE, top + ROW, WIDE - EDGE, top + ROW)  # type: ignore[call-overload]
        self._words(QRectF(EDGE, top + 2, NAMES - 6, 14), flat.label, self.bold)
        says, _tone = board_words.state_of(self.sheet.board, flat, self.sheet.today)
        under = ", ".join(part for part in (flat.locality.capitalize(), says) if part)
        self._words(QRectF(EDGE, top + 15, NAMES - 6, 13), under, self.plain)
        days = self.sheet.days
        for pause in self.sheet.board.pauses_of(flat.id):
            end = pause.end or days.end
            if pause.start < days.end and end > days.start:
                self._hatched(QRectF(self._x(pause.start), top + 1, self._x(end) - self._x(pause.start), ROW - 2))
        for stay in self.sheet.board.of(flat.id):
            if stay.period.overlaps(days):
                self._stay(stay, top)

    def _hatched(self, box: QRectF) -> None:
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.fillRect(box, QColor("#FFFFFF"))
        self.p.setPen(QPen(_HATCH, 0.5))
        self.p.save()
        self.p.setClipRect(box)
        x = box.left() - box.height()
        while x < box.right():
            self.p.drawLine(x, box.bottom(), x + box.height(), box.top())  # type: ignore[call-overload]
            x += 5
        self.p.restore()
        self.p.drawRect(box)

    def _marks(self, stay: Stay) -> list[str]:
        """What the screen shows as marks, in words."""
        said = ["despite criteria"] if stay.overridden else []
        return [*said, "no room to clean"] if gave_way(self.sheet.board, stay) else said

    def _stay(self, stay: Stay, top: float) -> None:
        left, right = self._x(stay.period.start), self._x(stay.period.end)
        box = QRectF(left + 0.5, top + 5, max(1.5, right - left - 1), ROW - 10)
        name = board_words.name(stay)
        if stay.kind != "stay" or stay.hidden:
            self._hatched(box)
            if box.width() > 40:
                room = QRectF(box.left() + 2, box.top() + 3, min(box.width() - 4, 70), box.height() - 6)
                self.p.fillRect(room, QColor("#FFFFFF"))
                self._words(room, name, self.plain)
            return
        solid = stay.state == "in_stay"
        self.p.setPen(QPen(_BLACK, 0.8))
        self.p.setBrush(QColor("#303030") if solid else QColor("#DDDDDD" if stay.state == "ended" else "#FFFFFF"))
        self.p.drawRoundedRect(box, 2, 2)
        day = rules.day_of_stay(stay, self.sheet.today) if solid else None
        words = ", ".join([name, *([f"day {day}"] if day is not None else []), *self._marks(stay)])
        if box.width() > 16:
            self.p.setFont(self.plain)
            self.p.setPen(QColor("#FFFFFF") if solid else _BLACK)
            shown = QFontMetricsF(self.plain).elidedText(words, Qt.TextElideMode.ElideRight, box.width() - 6)
            self.p.drawText(box.adjusted(3, 0, -3, 0), _MID, shown)


def sheet_of(page: PageView) -> Sheet:
    """What the page shows now."""
    board, days = page.board.board, page.board.days_seen
    assert board is not None and days is not None
    desk = page.desk
    printed = f"Printed {wording.day_time(desk.clock.now())} by {desk.actor.display_name}"
    return Sheet(board, days, page.today, printed, desk.locality.value)


def print_board(page: PageView) -> None:
    """Ask for a printer (or a file: PDF), and print what is seen. R4: that it leaves the screen is noted."""
    from PySide6.QtPrintSupport import QPrintDialog

    from ui.widgets.tableio import printer_for

    printer: Any = printer_for("Apartments", wide=True)
    printer.setPageMargins(QMarginsF())
    printer.setFullPage(True)
    if not QPrintDialog(printer, page).exec():
        return
    sheet, looks = sheet_of(page), page.desk.services.looks
    seen = people_of(stay for stay in sheet.board.stays if stay.period.overlaps(sheet.days))

    def work() -> bool:
        noted = True
        try:
            looks.note_people("print", "apartments", board_words.span(sheet.days), "paper", seen)
        except DatabaseAway:
            noted = False
        paint_sheet(sheet, printer)
        return noted

    def said(noted: bool) -> None:
        page.desk.notices.say("The calendar is on its way to the printer.")
        if not noted:
            page.desk.notices.warn(
                "The database does not answer, so this print is not on the audit trail. Write it down."
            )

    page.run(work, said)
