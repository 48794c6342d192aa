"""The sheets on screen before they are on paper: pages, zoom, print, save. No file is written unless asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QPageLayout, QPageSize, QPainter, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from coordination.deployment.sheets import SheetData
from coordination.values import TeamId, WorkerId
from ui import wording
from ui.sheets.files import file_name, write_file, write_sheets
from ui.sheets.pages import Document, PagesView
from ui.style import theme
from ui.widgets import Busy, SegmentedChoice, button, column, icon_button, label, plane, row

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.tasks import Progress

PRINT_DPI = 300  # what a printer with more is given: text stays crisp, and memory is spared
KINDS = {"worker": "This worker", "team": "Team list", "all": "Whole team"}


def open_preview(page: QWidget, desk: Desk, team: TeamId, day: date, worker: WorkerId | None) -> SheetPreview:
    """A window of its own beside the board; it goes with the page."""
    shown = SheetPreview(page, desk, team, day, worker)
    shown.show()
    return shown


class SheetPreview(QWidget):
    """One team's day. ``worker`` is who was chosen on the board, if anybody."""

    def __init__(self, parent: QWidget, desk: Desk, team: TeamId, day: date, worker: WorkerId | None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setWindowTitle("Deployment sheets")
        self.desk, self.team, self.day, self.worker = desk, team, day, worker
        self.data: SheetData | None = None
        kinds = [(k, w) for k, w in KINDS.items() if k != "worker" or worker is not None]
        self.kind = SegmentedChoice(kinds, "worker" if worker is not None else "all")
        self.kind.setAccessibleName("Which sheets")
        self.view = PagesView(lambda call, ok, latest: desk.tasks.run(self, call, ok, latest=latest))
        self._where = label("", quiet=True)
        self._print = button("Print", self.print_sheets, kind="main", icon="printer", tip="Print  (Ctrl+P)")
        self._save = button("Save as", self.save, icon="floppy-disk", tip="Save what is shown as one PDF  (Ctrl+S)")
        self._save_all = button("Save each", self.save_each, tip="One PDF a worker, and one for the team, in a folder")
        self._buttons = (self._print, self._save, self._save_all)
        self._build()
        self.kind.changed.connect(lambda _kind: self._make())
        self.view.page_changed.connect(lambda _page: self._say_where())
        self._busy = Busy(self.view, desk.tasks, owner=self)
        self._read()

    def _build(self) -> None:
        tools = row(
            self.kind, 2,
            icon_button("magnifying-glass-minus", "Smaller  (Ctrl+-)", lambda: self.view.zoom(-1)),
            icon_button("magnifying-glass-plus", "Larger  (Ctrl+=)", lambda: self.view.zoom(1)),
            icon_button("arrows-out-line-horizontal", "As wide as the window  (Ctrl+0)", lambda: self.view.zoom(0)),
            2, self._where, None, self._save_all, self._save, self._print, gap=1.5, margins=(4, 2, 4, 2),
        )  # fmt: skip
        self.setLayout(column(plane(tools, "surface", "below"), self.view, gap=0))
        for keys, do in (
            ("Ctrl+P", self.print_sheets), ("Ctrl+S", self.save), ("Ctrl+W", self.close),
            ("Ctrl+=", lambda: self.view.zoom(1)), ("Ctrl+-", lambda: self.view.zoom(-1)),
            ("Ctrl+0", lambda: self.view.zoom(0)),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self, activated=do)  # type: ignore[call-overload]
        self._enable(False)
        kept = self.desk.settings.value("sheets/geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(theme.px(1080), theme.px(820))
        self.view.setFocus()

    # ------------------------------------------------------------------ making

    def _read(self) -> None:
        service, team, day = self.desk.services.deployment, self.team, self.day
        self.desk.tasks.run(self, lambda: service.sheets(team, day), self._show_data, latest="data")

    def _show_data(self, data: SheetData) -> None:
        self.data = data
        self._make()

    def _make(self) -> None:
        """The PDF of what is chosen, on another thread."""
        if self.data is None:
            return
        self._enable(False)
        data, kind, worker = self.data, str(self.kind.value), self.worker
        self.desk.tasks.run(self, lambda: Document(make_pdf(data, kind, worker)), self._show, latest="pdf")

    def _show(self, document: Document) -> None:
        before = self.view.document
        self.view.show_document(document)
        if before is not None:
            before.close()
        self._enable(True)
        self._say_where()

    def _enable(self, on: bool) -> None:
        for each in self._buttons:
            each.setEnabled(on)

    def _say_where(self) -> None:
        document = self.view.document
        count = len(document) if document else 0
        self._where.setText(f"Page {self.view.page} of {count}" if count else "")

    @property
    def ready(self) -> bool:
        """Whether the pages that are chosen are shown."""
        return self._print.isEnabled()

    # ------------------------------------------------------------------ paper

    def print_sheets(self) -> None:
        """The system's print dialog; pages are painted at the printer's own resolution."""
        if self.view.document is None:
            return
        dialog = QPrintDialog(make_printer("Deployment sheets"), self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setMinMax(1, len(self.view.document))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(dialog.printer()))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is shown. The printer belongs to the other thread until it is done."""
        document = self.view.document
        if document is None:
            return
        first, last = printer.fromPage() or 1, printer.toPage() or len(document)
        note = self._note("print")

        def work(progress: Progress) -> int:
            printed = paint_pages(document, printer, first, last, progress.say)
            note()
            return printed

        self.desk.tasks.run(self, work, self._printed, progress="Printing sheets")

    def _printed(self, pages: int) -> None:
        self.desk.notices.say(f"{wording.count(pages, 'page')} sent to the printer.")

    # ------------------------------------------------------------------ files

    def save(self) -> None:
        """What is shown, as one PDF where the person chooses."""
        if self.data is None or self.view.document is None:
            return
        who = self._of_whom()
        self._ask_path(QFileDialog.AcceptMode.AcceptSave, f"{file_name(self.data, who)}.pdf", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write what is shown."""
        document = self.view.document
        if document is None:
            return
        content, note = document.content, self._note("export")
        target = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")

        def work() -> str:
            write_file(target, content)
            note()
            return target.name

        self.desk.tasks.run(self, work, lambda _name: self.desk.notices.say("The sheets are saved."), self._failed)

    def save_each(self) -> None:
        """One PDF a worker and one for the team, in a folder that the person chooses."""
        if self.data is not None:
            self._ask_path(QFileDialog.AcceptMode.AcceptOpen, "", self.save_each_to)

    def save_each_to(self, folder: Path) -> None:
        """Write all of them."""
        if self.data is None:
            return
        data, note = self.data, self._note("export")

        def work(progress: Progress) -> int:
            written = write_sheets(data, folder, lambda done, of, _what: progress.say(done, of))
            note()
            return len(written)

        self.desk.tasks.run(
            self, work, lambda n: self.desk.notices.say(f"{wording.count(n, 'sheet')} saved."), self._failed,
            progress="Saving sheets",
        )  # fmt: skip

    def _ask_path(self, mode: QFileDialog.AcceptMode, name: str, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, "Save sheets")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(mode)
        if mode == QFileDialog.AcceptMode.AcceptSave:
            dialog.setNameFilter("PDF (*.pdf)")
            dialog.selectFile(name)
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, OSError):
            self.desk.notices.warn("The sheets could not be written there. Choose another place, or make room.")
            return True
        return False

    # ------------------------------------------------------------------ inside

    def _of_whom(self) -> str:
        kind = str(self.kind.value)
        if kind == "worker" and self.data is not None:
            return next((w.name for w in self.data.workers if w.worker_id == self.worker), "worker")
        return {"team": "team"}.get(kind, "all sheets")

    def _note(self, what: Any) -> Callable[[], None]:
        """R4: who took what on paper. Identifiers only."""
        governance, kind = self.desk.services.governance, str(self.kind.value)
        whose = f" {self.worker}" if kind == "worker" else ""
        record = f"sheets {self.team} {self.day.isoformat()} {kind}{whose}"
        return lambda: governance.note(what, "deployment", record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.settings.setValue("sheets/geometry", self.saveGeometry())
        self.desk.tasks.drop(self)
        document = self.view.document
        self.view.show_document(None)
        if document is not None:
            document.close()
        super().closeEvent(event)


def make_pdf(data: SheetData, kind: str, worker: WorkerId | None) -> bytes:
    """The PDF of a kind; ReportLab is imported here, on the thread that makes it."""
    from ui.sheets import pdf

    if kind == "worker" and worker is not None:
        return pdf.worker_sheets(data.of_worker(worker))
    return pdf.team_sheet(data) if kind == "team" else pdf.whole_team(data)


def make_printer(name: str) -> QPrinter:
    """A printer set to A4 across and to the edge of what it can print."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    across = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF())
    printer.setPageLayout(across)
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
