"""Pages onto a printer, at the printer's own resolution."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QMarginsF, QRectF, QSize
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ui.sheets.pages import Document

PRINT_DPI = 300  # what a printer with more is given: text stays crisp, and memory is spared


def make_printer(name: str, *, upright: bool = False) -> QPrinter:
    """A printer set to A4, across unless the pages stand upright, and to the edge of what it can print."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    turned = QPageLayout.Orientation.Portrait if upright else QPageLayout.Orientation.Landscape
    printer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turned, QMarginsF()))
    printer.setFullPage(True)
    return printer


def paint_pages(
    document: Document, printer: QPrinter, first: int, last: int, said: Callable[[int, int], object]
) -> int:
    """Paint pages ``first`` to ``last`` (from 1) on a printer; gives back how many. On a worker thread."""
    numbers = range(max(first, 1) - 1, min(last, len(document)))
    dots = min(printer.resolution(), PRINT_DPI) / 72
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError("no printer")
    try:
        for done, number in enumerate(numbers):
            said(done, len(numbers))
            if done:
                printer.newPage()
            picture = document.picture(number, dots)
            painter.drawImage(_fitted(document, number, printer), picture)
    finally:
        painter.end()
    return len(numbers)


def _fitted(document: Document, number: int, printer: QPrinter) -> QRectF:
    """The page at its own size, or made smaller where the paper is."""
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    size = document.sizes[number] * (printer.resolution() / 72)
    share = min(1.0, paper.width() / size.width(), paper.height() / size.height())
    fitted = cast("QSize", size * share)
    return QRectF(0, 0, fitted.width(), fitted.height())
