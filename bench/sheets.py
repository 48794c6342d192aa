"""``python -m bench.sheets``: a whole team's sheets, 100 pages, against a bare loop of ReportLab's over the same words.

The bare loop sets the same fonts, draws each text where it stands without measuring, breaking or shading anything, and
writes the same number of pages. CPU time of the best of some rounds, so that a busy machine does not matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from coordination.clock import at_local
from coordination.deployment.sheets import Risk, SheetData, SheetLine, WorkerSheet
from coordination.values import VisitId, Window, WorkerId, new_id
from ui import wording
from ui.sheets import pdf
from ui.sheets.document import _texts
from ui.sheets.fonts import Fonts, fonts_for
from ui.sheets.parts import LEFT, PAGE
from ui.sheets.rows import WORKER_COLUMNS

DAY = date(2026, 11, 23)
WORKERS, VISITS, ROUNDS = 50, 10, 9


def team() -> SheetData:
    """Fifty workers with ten visits each: two pages a worker."""
    sheets = [
        WorkerSheet(WorkerId(w), f"Worker {w}", "Reablement officer", (_span(7, 20),), (), tuple(_lines(w)))
        for w in range(1, WORKERS + 1)
    ]
    return SheetData("North reablement", DAY, "0161 496 0101", at_local(DAY, 6), "Tess Example", tuple(sheets), ())


def _span(start: int, end: int) -> Window:
    return Window(at_local(DAY, start), at_local(DAY, end))


def _lines(worker: int) -> list[SheetLine]:
    return [
        SheetLine(
            VisitId(new_id()), Window.of(at_local(DAY, 7 + n), 30), 30, f"RESIDENT{worker}X{n}, Ann (Mrs)", "",
            f"{n} Nelson Street, Manchester, M13 9WP", "Side gate on the left, ring twice and wait", "",
            "Washing, dressing and breakfast", ("Personal care",), (), False, (Risk("other", "Large dog"),), False,
            None, "planned", (),
        )
        for n in range(VISITS)
    ]  # fmt: skip


def bare(data: SheetData, fonts: Fonts) -> bytes:
    """Every text of every visit, and nothing else."""
    out = BytesIO()
    canvas, plain, bold = Canvas(out, pagesize=PAGE), fonts.name("plain"), fonts.name("plain", True)
    for sheet in data.workers:
        for half in (sheet.lines[: VISITS // 2], sheet.lines[VISITS // 2 :]):
            canvas.setFont(bold, 17)
            canvas.drawString(LEFT, 560, sheet.name)
            canvas.setFont(plain, 11)
            for x, says in ((LEFT, data.team), (600, data.phone)):
                canvas.drawString(x, 540, says)
            for row, line in enumerate(half):
                x = LEFT
                for cell, (_, width) in zip(_cells(line), WORKER_COLUMNS, strict=True):
                    for down, says in enumerate(cell):
                        canvas.drawString(x, 480 - row * 70 - down * 14, says)
                    x += width * mm
                canvas.line(LEFT, 424 - row * 70, PAGE[0] - LEFT, 424 - row * 70)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _cells(line: SheetLine) -> tuple[tuple[str, ...], ...]:
    start, end = wording.clock_time(line.window.start), wording.clock_time(line.window.end)
    return (
        (start, f"to {end}", f"{line.minutes} min"), (line.name, line.address), (line.access,),
        (line.need, *line.skills), ("On your own", "Note", *(r.words for r in line.risks)),
        ("Done", "No access", "Declined", "Sign"),
    )  # fmt: skip


def best(*makers: Callable[[], bytes]) -> list[tuple[float, int]]:
    """Of each: seconds of CPU, the best of some rounds taken in turn, and pages."""
    from pypdfium2 import PdfDocument

    took: list[list[float]] = [[] for _ in makers]
    pages = [0 for _ in makers]
    for _ in range(ROUNDS):
        for number, make in enumerate(makers):
            began = time.process_time()
            content = make()
            took[number].append(time.process_time() - began)
            document = PdfDocument(content)
            pages[number] = len(document)
            document.close()
    return [(min(times), count) for times, count in zip(took, pages, strict=True)]


def main() -> None:
    data = team()
    began = time.process_time()
    pdf.worker_sheets(data.of_worker(WorkerId(1)))
    print(f"first sheet of a sitting, fonts cut: {(time.process_time() - began) * 1000:.0f} ms of CPU")
    with fonts_for(_texts(data)) as fonts:
        (ours, pages), (theirs, bare_pages) = best(lambda: pdf.worker_sheets(data), lambda: bare(data, fonts))
    print(f"sheets: {pages} pages, {ours * 1000:.0f} ms of CPU")
    print(f"bare loop: {bare_pages} pages, {theirs * 1000:.0f} ms of CPU; ratio {ours / theirs:.2f} (at most 2)")


if __name__ == "__main__":
    main()
