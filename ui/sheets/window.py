"""A document before it is printed: look, print, save as a PDF. What was taken on paper is noted (R4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ui import wording
from ui.desk import Desk
from ui.sheets.files import plain, write_file
from ui.sheets.pages import Document, PagesView
from ui.sheets.printing import make_printer, paint_pages
from ui.style import theme
from ui.tasks import Progress
from ui.widgets.basics import button, column, icon_button, label, plane, row
from ui.widgets.busy import Busy

Taken = Literal["print", "export"]
Note = Callable[[Taken], object]
_GEOMETRY = "sheets/geometry"


class PaperWindow(QWidget):
    """A window of its own over what ``make`` gives (the bytes of a PDF, made on a worker thread).

    ``title`` names the kind of document, never a person; ``file`` is offered as its name. ``note`` is called on a
    worker thread when it has been printed or saved. A window that chooses what to make passes no ``make``, calls
    ``show_made`` itself, and puts what chooses before the pages' tools (``choices``) and further buttons behind them.
    """

    saved: ClassVar[str] = "Saved."

    def __init__(
        self,
        parent: QWidget,
        desk: Desk,
        title: str,
        file: str,
        make: Callable[[], bytes] | None,
        note: Note,
        *,
        choices: Sequence[QWidget | int | None] = (),
        buttons: Sequence[QWidget] = (),
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
        self._save = button("Save as", self.save, icon="floppy-disk", tip="Save what is shown as one PDF  (Ctrl+S)")
        self._build(choices, buttons)
        self.enable(False)
        self._busy = Busy(self.view, desk.tasks, owner=self)
        self.view.page_changed.connect(lambda _page: self._say_where())
        if make is not None:
            self.show_made(make)
        self.view.setFocus()

    def _build(self, choices: Sequence[QWidget | int | None], buttons: Sequence[QWidget]) -> None:
        def zoom(step: int) -> None:
            self.view.zoom(step)

        tools = row(
            *choices,
            icon_button("magnifying-glass-minus", "Smaller  (Ctrl+-)", lambda: zoom(-1)),
            icon_button("magnifying-glass-plus", "Larger  (Ctrl+=)", lambda: zoom(1)),
            icon_button("arrows-out-line-horizontal", "As wide as the window  (Ctrl+0)", lambda: zoom(0)),
            2, self._where, None, *buttons, self._save, self._print, gap=1.5, margins=(4, 2, 4, 2),
        )  # fmt: skip
        self.setLayout(column(plane(tools, "surface", "below"), self.view, gap=0))
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+P", self.print_sheet), ("Ctrl+S", self.save), ("Ctrl+W", self.close),
            ("Ctrl+=", lambda: zoom(1)), ("Ctrl+-", lambda: zoom(-1)), ("Ctrl+0", lambda: zoom(0)),
        ]  # fmt: skip
        for each, do in keys:
            QShortcut(QKeySequence(each), self, activated=do)  # type: ignore[call-overload]
        kept = self.desk.settings.value(_GEOMETRY)
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(theme.px(1080), theme.px(820))

    # ------------------------------------------------------------------ what is shown

    def show_made(self, make: Callable[[], bytes]) -> None:
        """Make the document on another thread and show it in place of the one before."""
        self.enable(False)
        self.desk.tasks.run(self, lambda: Document(make()), self._show, latest="pdf")

    def _show(self, document: Document) -> None:
        before = self.view.document
        self.view.show_document(document)
        if before is not None:
            before.close()
        self.enable(True)
        self._say_where()

    def enable(self, on: bool) -> None:
        """Whether what is shown can be taken away."""
        self._print.setEnabled(on)
        self._save.setEnabled(on)

    def _say_where(self) -> None:
        document = self.view.document
        self._where.setText(f"Page {self.view.page} of {len(document)}" if document else "")

    @property
    def ready(self) -> bool:
        """Whether the pages that are wanted are shown."""
        return self._print.isEnabled()

    def file(self) -> str:
        """The name that is offered for what is shown, without its ending."""
        return self._file

    def noted(self) -> Note:
        """How to note what is shown now; what is chosen may be another thing by the time it is written."""
        return self._note

    # ------------------------------------------------------------------ paper and files

    def print_sheet(self) -> None:
        """The system's print dialogue."""
        if self.view.document is None or not self.ready:
            return
        first = self.view.document.sizes[0]
        dialog = QPrintDialog(make_printer(self._title, upright=first.height() > first.width()), self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setMinMax(1, len(self.view.document))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(dialog.printer()))
        QDialog.open(dialog)

    def print_on(self, printer: QPrinter) -> None:
        """Print what is shown. The printer belongs to the other thread until it is done."""
        document, note = self.view.document, self.noted()
        if document is None:
            return
        first, last = printer.fromPage() or 1, printer.toPage() or len(document)

        def work(progress: Progress) -> int:
            printed = paint_pages(document, printer, first, last, progress.say)
            note("print")
            return printed

        def done(pages: int) -> None:
            self.desk.notices.say(f"{wording.count(pages, 'page')} sent to the printer.")

        self.desk.tasks.run(self, work, done, self.failed, progress=f"Printing: {self._title.lower()}")

    def save(self) -> None:
        """As a PDF where the person chooses."""
        if self.view.document is not None and self.ready:
            self.ask_path(f"{plain(self.file())}.pdf", "PDF (*.pdf)", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write what is shown."""
        document, note = self.view.document, self.noted()
        if document is None:
            return
        content = document.content
        target = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")

        def work() -> None:
            write_file(target, content)
            note("export")

        self.desk.tasks.run(self, work, lambda _none: self.desk.notices.say(self.saved), self.failed)

    def ask_path(self, name: str, kinds: str, then: Callable[[Path], object]) -> None:
        """A file to write, or, with no ``name``, a folder."""
        dialog = QFileDialog(self, f"Save: {self._title.lower()}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if name:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilter(kinds)
            dialog.selectFile(name)
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def failed(self, error: Exception) -> bool:
        """What the disk or the printer refused, in words; anything else is told as everywhere."""
        if isinstance(error, OSError):
            printer = str(error) == "no printer"
            self.desk.notices.warn(
                "The printer does not answer. Choose another one, or save the pages as a file."
                if printer
                else "It could not be written there. Choose another place, or make room."
            )
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.settings.setValue(_GEOMETRY, self.saveGeometry())
        self.desk.tasks.drop(self)
        document = self.view.document
        self.view.show_document(None)
        if document is not None:
            document.close()
        super().closeEvent(event)
