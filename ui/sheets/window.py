"""A document before it is printed: look, print, save as a PDF. What was taken on paper is noted (R4)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ui import wording
from ui.desk import Desk
from ui.sheets.files import plain, write_file
from ui.sheets.pages import Document, PagesView
from ui.sheets.preview import make_printer, paint_pages
from ui.style import theme
from ui.tasks import Progress
from ui.widgets.basics import button, column, icon_button, label, plane, row
from ui.widgets.busy import Busy

Taken = Literal["print", "export"]


class PaperWindow(QWidget):
    """A window of its own over what ``make`` gives (the bytes of a PDF, made on a worker thread).

    ``title`` names the kind of document, never a person; ``file`` is offered as its name. ``note`` is called on a
    worker thread when it has been printed or saved.
    """

    def __init__(
        self,
        parent: QWidget,
        desk: Desk,
        title: str,
        file: str,
        make: Callable[[], bytes],
        note: Callable[[Taken], object],
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "ground")
        self.setWindowTitle(title)
        self.desk, self._title, self._file, self._note = desk, title, file, note
        self.view = PagesView(lambda call, ok, latest: desk.tasks.run(self, call, ok, latest=latest))
        self._where = label("", quiet=True)
        self._print = button("Print", self.print_sheet, kind="main", icon="printer", tip="Print  (Ctrl+P)")
        self._save = button("Save as", self.save, icon="floppy-disk", tip="Save as a PDF  (Ctrl+S)")
        zoom = self.view.zoom
        tools = row(
            icon_button("magnifying-glass-minus", "Smaller  (Ctrl+-)", lambda: zoom(-1)),
            icon_button("magnifying-glass-plus", "Larger  (Ctrl+=)", lambda: zoom(1)),
            icon_button("arrows-out-line-horizontal", "As wide as the window  (Ctrl+0)", lambda: zoom(0)),
            2, self._where, None, self._save, self._print, gap=1.5, margins=(4, 2, 4, 2),
        )  # fmt: skip
        self.setLayout(column(plane(tools, "surface", "below"), self.view, gap=0))
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+P", self.print_sheet), ("Ctrl+S", self.save), ("Ctrl+W", self.close),
            ("Ctrl+=", lambda: zoom(1)), ("Ctrl+-", lambda: zoom(-1)), ("Ctrl+0", lambda: zoom(0)),
        ]  # fmt: skip
        for each, do in keys:
            QShortcut(QKeySequence(each), self, activated=do)  # type: ignore[call-overload]
        self._enable(False)
        self.resize(theme.px(1080), theme.px(820))
        Busy(self.view, desk.tasks, owner=self)
        self.view.page_changed.connect(lambda _page: self._say_where())
        desk.tasks.run(self, lambda: Document(make()), self._show, latest="pdf")
        self.view.setFocus()

    def _show(self, document: Document) -> None:
        self.view.show_document(document)
        self._enable(True)
        self._say_where()

    def _enable(self, on: bool) -> None:
        self._print.setEnabled(on)
        self._save.setEnabled(on)

    def _say_where(self) -> None:
        document = self.view.document
        self._where.setText(f"Page {self.view.page} of {len(document)}" if document else "")

    @property
    def ready(self) -> bool:
        """Whether the pages are shown."""
        return self._print.isEnabled()

    # ------------------------------------------------------------------ paper and files

    def print_sheet(self) -> None:
        """The system's print dialogue."""
        if self.view.document is None:
            return
        dialog = QPrintDialog(make_printer(self._title), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(dialog.printer()))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is shown."""
        document, note = self.view.document, self._note
        if document is None:
            return

        def work(progress: Progress) -> int:
            printed = paint_pages(document, printer, 1, len(document), progress.say)
            note("print")
            return printed

        def done(pages: int) -> None:
            self.desk.notices.say(f"{wording.count(pages, 'page')} sent to the printer.")

        self.desk.tasks.run(self, work, done, progress=f"Printing: {self._title.lower()}")

    def save(self) -> None:
        """As a PDF where the person chooses."""
        if self.view.document is None:
            return
        dialog = QFileDialog(self, f"Save: {self._title.lower()}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.selectFile(f"{plain(self._file)}.pdf")
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write it."""
        document, note = self.view.document, self._note
        if document is None:
            return
        content = document.content
        target = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")

        def work() -> None:
            write_file(target, content)
            note("export")

        self.desk.tasks.run(self, work, lambda _none: self.desk.notices.say("Saved."), self._failed)

    def _failed(self, error: Exception) -> bool:
        if isinstance(error, OSError):
            self.desk.notices.warn("It could not be written there. Choose another place, or make room.")
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.tasks.drop(self)
        document = self.view.document
        self.view.show_document(None)
        if document is not None:
            document.close()
        super().closeEvent(event)
