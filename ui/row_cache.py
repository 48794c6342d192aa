"""What of a board has been painted already: rows as pictures, so that scrolling and choosing paint nothing twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtGui import QPixmap

MOST_BYTES = 64 * 2**20


class RowCache:
    """Pictures by name, each for what it was painted of: asked for with another key, it is painted anew. The ones that
    were not seen for longest go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[tuple[object, ...], QPixmap]] = OrderedDict()
        self._bytes = 0

    def get(self, name: Hashable, key: tuple[object, ...], paint: Callable[[], QPixmap]) -> QPixmap:
        """The picture. ``key`` is compared part by part: by identity first, so large parts cost nothing."""
        kept = self._kept.get(name)
        if kept is not None and _alike(kept[0], key):
            self._kept.move_to_end(name)
            return kept[1]
        if kept is not None:
            self._forget(name)
        made = paint()
        self._kept[name] = (key, made)
        self._bytes += _size(made)
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            self._forget(next(iter(self._kept)))
        return made

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def _forget(self, name: Hashable) -> None:
        _, gone = self._kept.pop(name)
        self._bytes -= _size(gone)


def _alike(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b or a == b for a, b in zip(one, other, strict=True))


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
