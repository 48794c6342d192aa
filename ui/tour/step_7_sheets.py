"""Step 7. The team lead prints the day's deployment sheets: seen in the preview, saved one a worker and one a team."""

from __future__ import annotations

from pathlib import Path
from time import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit

from coordination.deployment.sheets import SheetData
from ui.deployment.layout import Spot
from ui.sheets.files import file_name
from ui.sheets.preview import SheetPreview
from ui.tour import hands
from ui.tour.desks import TourDesk
from ui.tour.hands import Unmet, expect, until
from ui.tour.step_5_boards import LEADS, click_spot, day_of, open_board
from ui.tour.tour import Tour

FOLDER = "sheets"


def run(tour: Tour) -> None:
    """Of the reablement team the sheet of who goes to the newcomer; of the district nurses every sheet and the list."""
    day, folder = day_of(tour), tour.folder / FOLDER
    folder.mkdir(exist_ok=True)
    written = 0
    for board, lead in LEADS.items():
        desk = tour.desk(lead)
        page = open_board(desk, board, day)
        preview = _preview(tour, desk, page)
        _take(tour, desk, preview, f"07-preview-{board}")
        data, began = tour.witness.deployment.sheets(page.team, day), time()
        if board == "reablement":
            whose = next(w.name for w in data.workers if w.worker_id == preview.worker)
            target = folder / f"{file_name(data, whose)}.pdf"
            _save(preview, target)
            _until_saved(desk)
            _check(_words(target, began), [whose, *_newcomer(tour)], tour, whose)
            written += 1
        else:
            hands.click(hands.button_saying(preview.kind, "Team list"))
            until(lambda shown=preview: shown.ready, "the team's list in the preview", 60)
            _take(tour, desk, preview, f"07-team-{board}")
            _save(preview, folder)
            _until_saved(desk)
            written += _read_back(tour, data, began)
        preview.close()
    tour.note(f"{written} PDFs in {FOLDER}, their words read back")


def _until_saved(desk: TourDesk) -> None:
    until(lambda: any("saved" in words for words in desk.said()), "the sheets to be saved", 60)


def _preview(tour: Tour, desk: TourDesk, page: Any) -> SheetPreview:
    """Ctrl+P over the visit that was given in step 5, or over any that somebody has."""
    held = [v for v in page.board.board.visits if v.allocations]
    if not held:
        raise Unmet("expected a visit that somebody has")
    mine = next((v for v in held if v.person.id == tour.story.person), held[0])
    click_spot(page, Spot(mine.id, mine.allocations[0].slot))
    desk.press("Ctrl+P")
    preview: SheetPreview = until(
        lambda: next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, SheetPreview) and w.isVisible()), None
        ),
        "the preview of the sheets (Ctrl+P)",
    )
    until(lambda: preview.ready, "the pages in the preview", 30)
    expect(preview.kind.value, "worker", "which sheets the preview begins with")
    return preview


def _take(tour: Tour, desk: TourDesk, preview: SheetPreview, name: str) -> None:
    """A picture, once the pages in sight have been drawn."""
    hands.settle()
    desk.quiet()
    tour.album.take(name, preview)


def _save(preview: SheetPreview, target: Path) -> None:
    """By the dialog that asks where: each into a folder, or what is shown into one file."""
    app = QApplication.instance()
    assert app is not None
    app.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)  # one that keys can reach
    hands.click(hands.button_saying(preview, "Save as" if target.suffix else "Save each"))
    dialog = until(
        lambda: next((w for w in preview.findChildren(QFileDialog) if w.isVisible()), None), "to be asked where"
    )
    target.unlink(missing_ok=True) if target.suffix else None
    hands.put(dialog.findChild(QLineEdit, "fileNameEdit"), str(target))
    wanted = QDialogButtonBox.StandardButton.Save if target.suffix else QDialogButtonBox.StandardButton.Open
    hands.click(dialog.findChild(QDialogButtonBox).button(wanted))


def _read_back(tour: Tour, data: SheetData, began: float) -> int:
    """One PDF a worker who is out that day, one for the team."""
    folder, count = tour.folder / FOLDER, 0
    for sheet in data.workers:
        if not sheet.lines and not sheet.elsewhere:
            continue
        _check(_words(folder / f"{file_name(data, sheet.name)}.pdf", began), [sheet.name], tour, sheet.name)
        count += 1
    team = [data.team, *_newcomer(tour)]
    _check(_words(folder / f"{file_name(data, 'team')}.pdf", began), team, tour, "the team")
    return count + 1


def _newcomer(tour: Tour) -> list[str]:
    """Who must be on paper: the one that step 5 gave to a worker."""
    return [tour.story.who.surname.upper()] if tour.story.person is not None else []


def _check(words: str, wanted: list[str], tour: Tour, whose: str) -> None:
    """All the words wanted, and no NHS number (D4)."""
    plain = "".join(words.split())
    for each in wanted:
        if "".join(each.split()) not in plain:
            raise Unmet(f"expected {each} on the sheet of {whose}")
    if tour.story.who.nhs_number in plain:
        raise Unmet(f"expected no NHS number on the sheet of {whose} (D4)")


def _words(path: Path, began: float) -> str:
    """All words of a PDF of this run."""
    import pypdfium2

    if not path.exists() or path.stat().st_mtime < began - 2:
        raise Unmet(f"expected the file {path.name}")
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
