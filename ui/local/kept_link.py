"""In the foot of the window: what is not in the database yet. A press opens the list."""

from __future__ import annotations

from collections.abc import Callable

from ui import wording
from ui.at_desk import Foot
from ui.local.words import IN_MEMORY
from ui.style import icons
from ui.widgets.basics import LinkLabel, restyle


class KeptLink(LinkLabel):
    """``words`` as they stand; hidden when there is nothing to say."""

    def __init__(self, open_list: Callable[[], object]) -> None:
        super().__init__("", open_list)
        self.setToolTip("What is kept on this computer  (Ctrl+Shift+U)")
        self._look = ("", "")
        self.hide()

    @property
    def words(self) -> str:
        return self.text()

    def show_kept(self, foot: Foot) -> None:
        parts = []
        if foot.drafts:
            parts.append(wording.count(foot.drafts, "draft") + " not sent")
        waiting = foot.outbox - foot.refused
        if waiting:
            parts.append(wording.count(waiting, "contact") + " waiting to be sent")
        if foot.refused:
            parts.append(wording.count(foot.refused, "contact") + " not taken by the database")
        if foot.in_memory is not None:
            parts.append(IN_MEMORY.get(foot.in_memory, IN_MEMORY["not_writable"]))
        self.setVisible(bool(parts))
        self.setText(" · ".join(parts))
        self._dress("red" if foot.refused else "amber" if waiting or foot.in_memory is not None else "")

    def _dress(self, tone: str) -> None:
        look = ("warning-octagon" if tone == "red" else "pencil-simple", tone)
        if look != self._look:
            self._look = look
            icons.dress(self, look[0], f"tone:{tone}" if tone else "accent")
            self.setProperty("tone", tone)
            restyle(self)
