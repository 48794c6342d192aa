"""The views of the queue on one line. What has no room on it stands behind "More views", never on a second line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QMenu

from ui.style import theme
from ui.widgets.basics import button
from ui.widgets.chips import FilterChips


class ViewStrip(FilterChips):
    """As many chips as fit, in their order; the one that is on always among them."""

    def __init__(self, items: Sequence[tuple[Hashable, ...]], name: str) -> None:
        super().__init__(items, name)
        self.more = button("More views", self._open_menu, kind="quiet", icon="caret-down", tip="The views behind it")
        self.more.setFixedHeight(theme.px(28))
        self._flow.addWidget(self.more)
        self.more.hide()
        self.changed.connect(lambda _on: self.fit())

    @property
    def behind(self) -> list[QAbstractButton]:
        """The chips that have no room now."""
        return [chip for chip in self._chips.values() if chip.isHidden()]

    def fit(self) -> None:
        """Show what fits. Happens by itself when the room, the counts or the view that is on have changed."""
        shown = self._fitting()
        for chip in self._chips.values():
            if chip.isHidden() == (chip in shown):
                chip.setVisible(chip in shown)
        if self.more.isHidden() != (len(shown) == len(self._chips)):
            self.more.setVisible(len(shown) < len(self._chips))
        super().fit()

    def menu(self) -> QMenu:
        """The views that have no room, with their counts."""
        made = QMenu(self)
        for chip in self.behind:
            number = getattr(chip, "number", None)
            entry = made.addAction(chip.text() if number is None else f"{chip.text()}\t{number:,}")
            entry.triggered.connect(lambda _on=False, chip=chip: chip.click())
        return made

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _fitting(self) -> set[QAbstractButton]:
        chips, gap = list(self._chips.values()), theme.space(1.5)
        wide = {chip: chip.sizeHint().width() + gap for chip in chips}
        if sum(wide.values()) - gap <= self.width():
            return set(chips)
        room = self.width() - self.more.sizeHint().width()
        shown = [chip for chip in chips if chip.isChecked()]
        room -= sum(wide[chip] for chip in shown)
        for chip in chips:
            if chip in shown:
                continue
            room -= wide[chip]
            if room < 0:
                break
            shown.append(chip)
        return set(shown)
