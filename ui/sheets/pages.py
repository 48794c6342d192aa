"""Pages of a PDF as pictures, and the view that shows them. PDFium is not safe for threads: one lock for all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from ui.style import theme

ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_KEPT = 24  # pictures
_lock = Lock()
Ask = Callable[[Callable[[], QImage], Callable[[QImage], object], str], object]


class Document:
    """A PDF in memory. ``sizes`` are in points."""

    def __init__(self, content: bytes) -> None:
        from pypdfium2 import PdfDocument

        self.content = content
        self._closed = False
        with _lock:
            self._pdf = PdfDocument(content)
            self.sizes = [QSizeF(*self._pdf[n].get_size()) for n in range(len(self._pdf))]

    def __len__(self) -> int:
        return len(self.sizes)

    def picture(self, number: int, dots_per_point: float) -> QImage:
        """One page in grey, so many dots to a point. May be called on any thread."""
        with _lock:
            if self._closed:
                return QImage()
            page = self._pdf[number]
            bitmap = page.render(scale=dots_per_point, grayscale=True, optimize_mode="print")
            picture = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_Grayscale8
            ).copy()
            bitmap.close()
            page.close()
        return picture

    def close(self) -> None:
        with _lock:
            self._closed = True
            self._pdf.close()


class PagesView(QAbstractScrollArea):
    """Pages below each other. Pictures are made when a page comes into sight, on another thread (``ask``)."""

    page_changed = Signal(int)
    """number of the page in sight, from 1"""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Preview of the sheets")
        self._ask = ask
        self._document: Document | None = None
        self._zoom: float | None = None  # None: as wide as the view
        self._pictures: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: set[tuple[int, int]] = set()
        self._page = 0
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._follow())
        theme.hub().changed.connect(self.viewport().update)

    # ------------------------------------------------------------------ what is shown

    def show_document(self, document: Document | None) -> None:
        """Show a document from its first page."""
        self._document = document
        self._pictures.clear()
        self._asked.clear()
        self._page = 0
        self.verticalScrollBar().setValue(0)
        self._fit()
        self._follow()

    @property
    def document(self) -> Document | None:
        return self._document

    @property
    def page(self) -> int:
        """The page in sight, from 1; 0 when there is none."""
        return self._page

    def go_to(self, page: int) -> None:
        """Bring a page (from 1) to the top."""
        if self._document is not None and len(self._document):
            number = min(max(page, 1), len(self._document)) - 1
            self.verticalScrollBar().setValue(round(self._boxes()[number].top() - self._gap()))

    @property
    def scale(self) -> float:
        """Pixels to a point."""
        if self._zoom is not None:
            return self._zoom * self.logicalDpiX() / 72
        widest = max((s.width() for s in self._document.sizes), default=1.0) if self._document else 1.0
        return max(0.2, (self.viewport().width() - 2 * self._gap()) / widest)

    def zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), or as wide as the view (0)."""
        at = self._page
        if step == 0:
            self._zoom = None
        else:
            now = self.scale * 72 / self.logicalDpiX()
            larger = [z for z in ZOOMS if z > now * 1.01] or [ZOOMS[-1]]
            smaller = [z for z in ZOOMS if z < now * 0.99] or [ZOOMS[0]]
            self._zoom = larger[0] if step > 0 else smaller[-1]
        self._fit()
        self.go_to(at)
        self.viewport().update()

    # ------------------------------------------------------------------ geometry and painting

    @staticmethod
    def _gap() -> int:
        return theme.space(4)

    def _boxes(self) -> list[QRectF]:
        """Where the pages stand, from the top of the first."""
        boxes, y = [], float(self._gap())
        room = max(self.viewport().width(), 1)
        for size in self._document.sizes if self._document else []:
            width, height = size.width() * self.scale, size.height() * self.scale
            boxes.append(QRectF(max(float(self._gap()), (room - width) / 2), y, width, height))
            y += height + self._gap()
        return boxes

    def _fit(self) -> None:
        boxes = self._boxes()
        tall = boxes[-1].bottom() + self._gap() if boxes else 0.0
        wide = max((b.width() for b in boxes), default=0.0) + 2 * self._gap()
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, round(tall - view.height())))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(theme.px(48))
        self.horizontalScrollBar().setRange(0, max(0, round(wide - view.width())))
        self.horizontalScrollBar().setPageStep(view.width())

    def _follow(self) -> None:
        boxes = self._boxes()
        middle = self.verticalScrollBar().value() + self.viewport().height() / 3
        page = next((n for n, box in enumerate(boxes, 1) if box.bottom() >= middle), len(boxes))
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colour("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        seen = QRectF(self.viewport().rect())
        shift = (-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        for number, box in enumerate(self._boxes()):
            place = box.translated(*shift)
            if place.intersects(seen):
                painter.fillRect(place, Qt.GlobalColor.white)
                picture = self._picture(number)
                if picture is not None:
                    painter.drawImage(place, picture)
                painter.setPen(theme.colour("edge"))
                painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _picture(self, number: int) -> QImage | None:
        """The page at the scale in force, asked for if it is not there; until then whatever there is of it."""
        document = self._document
        if document is None:
            return None
        dots = round(self.scale * self.devicePixelRatioF() * 100)
        key = (number, dots)
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        if key not in self._asked:
            self._asked.add(key)
            made = f"page {number} {dots}"
            self._ask(lambda: document.picture(number, dots / 100), lambda p: self._keep(document, key, p), made)
        return next((p for (n, _), p in reversed(self._pictures.items()) if n == number), None)

    def _keep(self, document: Document, key: tuple[int, int], picture: QImage) -> None:
        if document is self._document and not picture.isNull():
            self._pictures[key] = picture
            while len(self._pictures) > _KEPT:
                gone, _ = self._pictures.popitem(last=False)
                self._asked.discard(gone)
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        at = self._page
        self._fit()
        if self._zoom is None and at > 1:
            self.go_to(at)
        self._follow()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.go_to(self._page + step)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(1 if event.key() == Qt.Key.Key_Home else 1_000_000)
        else:
            super().keyPressEvent(event)
