"""The seals of the audit trail: how far it is sealed, when it was verified, and the latest seal to keep (R4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from coordination.governance.sealing import Fault, KeptSeal, SealState, Verdict
from ui import wording
from ui.governance.sealing_words import fault_words, set_back_words
from ui.page import Page
from ui.tasks import Progress
from ui.widgets.basics import column, label, row, set_tone
from ui.widgets.empty import EmptyState
from ui.widgets.panels import Facts
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_WHY = (
    "Entries are bound into seals, each seal to the one before. Whoever alters, takes out or puts in an entry breaks a "
    "seal. Keep the latest seal where the database’s administrators cannot write: held against it, a chain that was "
    "made anew is found out too."
)


class SealsView(QWidget):
    """A page's part; it works through the page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.state: SealState | None = None
        self.facts = Facts()
        self.said = label("", strong=True, wrap=True)
        self.model = StableTableModel[Fault](
            [
                Column("what", "What was found", fault_words, stretch=True, width=380),
                Column("seal", "Seal", lambda f: str(f.seal), numeric=True, sort=lambda f: f.seal, width=70),
                Column("entry", "Entry", lambda f: "" if f.entry is None else str(f.entry), numeric=True,
                       sort=lambda f: f.entry or 0, width=90),
            ],
            key=lambda f: (f.kind, f.seal, f.entry),
        )  # fmt: skip
        self.table = Table(
            self.model, settings=page.desk.settings, name="looked-faults", title="Faults of the audit trail",
            empty=EmptyState("No faults to show", "Press V to hold every entry against its seal.", icon="shield-check"),
        )  # fmt: skip
        self._about = label(_WHY, quiet=True, wrap=True)
        top = column(self.said, self.facts, self._about, gap=3, margins=(6, 4, 6, 4))
        head = row(label("Found when verifying", strong=True), margins=(6, 2, 6, 1))
        layout = column(_of(top), _of(head), self.table, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def refresh(self) -> None:
        """Two small queries."""
        self._page.run(self._page.desk.services.governance.seal_state, self._show, latest="seals")

    def _show(self, state: SealState) -> None:
        self.state = state
        verified = "Never"
        if state.verified_at is not None:
            found = "as it was sealed" if not state.faults else wording.count(state.faults, "fault")
            verified = f"{wording.day_time(state.verified_at)} by {state.verified_by}: {found}"
        self.facts.set(
            [
                ("Sealed", wording.day_time(state.sealed_at) if state.sealed_at is not None else "Not yet"),
                ("Seals", f"{state.seals:,}"), ("Entries since", f"{state.unsealed:,}"), ("Verified", verified),
            ]
        )  # fmt: skip
        if not self.said.text():
            bad = bool(state.faults)
            self.said.setText("The trail was altered." if bad else "Open desks seal the trail every ten minutes.")
            set_tone(self.said, "red" if bad else "")

    # ---------------------------------------------------------------- deeds

    def verify(self, kept: KeptSeal | None = None) -> None:
        """On another thread, with its progress in the foot, where it can be stopped."""
        governance = self._page.desk.services.governance

        def call(progress: Progress) -> Verdict:
            state = governance.seal_state()
            return governance.verify_audit(kept, lambda done: progress.say(done, state.seals, f"seal {done}"))

        self._page.run(call, self.show_verdict, latest="verify", progress="Verifying the audit trail")

    def show_verdict(self, verdict: Verdict) -> None:
        """What was found, in words and in the table."""
        self.model.set_rows(list(verdict.faults))
        held = f"{verdict.entries:,} entries were held against {wording.count(verdict.seals, 'seal')}"
        if verdict.sound and not verdict.seals:
            self.said.setText("Nothing is sealed yet: there is nothing to hold the entries against.")
        elif verdict.sound:
            self.said.setText(f"The trail is as it was sealed: {held}. {verdict.unsealed:,} are not sealed yet.")
        else:
            self.said.setText(f"The trail was altered: {held}, {wording.count(len(verdict.faults), 'fault')} found.")
        if verdict.set_back:
            self.said.setText(f"{self.said.text()} {set_back_words(verdict.set_back[0])}")
        set_tone(self.said, "" if verdict.sound else "red")
        self.refresh()

    def ask_kept(self) -> None:
        """Which file has the seal that was kept elsewhere."""
        dialog = self._dialog("Hold the trail against a kept seal", QFileDialog.AcceptMode.AcceptOpen)
        dialog.fileSelected.connect(lambda chosen: self.verify_against(Path(chosen)))
        dialog.open()

    def verify_against(self, path: Path) -> None:
        """A file that cannot be read is said, and nothing looked at."""
        try:
            kept = KeptSeal.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._page.desk.notices.warn("That file is not a seal that can be read. Nothing was looked at.")
            return
        self.verify(kept)

    def ask_export(self) -> None:
        """Where the latest seal is to be written."""
        dialog = self._dialog("Keep the latest seal", QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("audit seal.json")
        dialog.fileSelected.connect(lambda chosen: self.export(Path(chosen)))
        dialog.open()

    def export(self, path: Path) -> None:
        """Seal what there is, and write the latest seal."""
        governance = self._page.desk.services.governance

        def call() -> KeptSeal | None:
            governance.seal_up()
            latest = governance.latest_seal()
            if latest is not None:
                governance.note("export", "audit_seal", str(latest.number))
                path.write_text(latest.as_json(), encoding="utf-8")
            return latest

        def done(latest: KeptSeal | None) -> None:
            if latest is None:
                self._page.desk.notices.say("There is nothing to seal yet.")
            else:
                self._page.desk.notices.say(f"Seal {latest.number} is written. Keep it away from the database.")
            self.refresh()

        self._page.run(call, done, self._not_written)

    def _not_written(self, error: Exception) -> bool:
        if isinstance(error, OSError):
            self._page.desk.notices.warn("It could not be written there. Choose another place, or make room.")
            return True
        return False

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self._page.window(), title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(mode)
        dialog.setNameFilter("Seal (*.json)")
        return dialog


def _of(layout: Any) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made
