"""The bare loop that a team's sheets are held against: the same words at the same places, drawn by ReportLab alone."""

from __future__ import annotations

from io import BytesIO

from pypdfium2 import PdfDocument
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

Line = tuple[float, float, str]


def words_of(pdf: bytes) -> list[list[Line]]:
    """Of each page: left, bottom and words of every stretch of text."""
    document = PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_rect(number) for number in range(text.count_rects())]
        pages.append(
            [(left, bottom, text.get_text_bounded(left, bottom, right, top)) for left, bottom, right, top in boxes]
        )
    document.close()
    return pages


def bare_loop(pages: list[list[Line]]) -> bytes:
    """A PDF with these words, and a rule beneath each line of them."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4))
    for lines in pages:
        canvas.setFont("Helvetica", 11)
        for left, bottom, words in lines:
            canvas.drawString(left, bottom, words)
            canvas.line(left, bottom - 2, left + 100, bottom - 2)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
