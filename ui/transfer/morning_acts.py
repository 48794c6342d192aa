"""What is said of somebody on the criteria-to-reside list, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from coordination.errors import BadValue, BadValues
from coordination.transfer.model import Transfer, TransferId
from coordination.transfer.reside import Line, SaidDraft, SaidId, Verdict
from coordination.values import PersonId, new_id
from ui import wording
from ui.side_acts import SideActs
from ui.transfer import morning_words as words
from ui.transfer.putting_on import begin_form, moment_of
from ui.widgets.basics import Choice, TextArea, column, narrow
from ui.widgets.fields import Form


class MorningActs(SideActs):
    """The page's verbs. The page has ``site`` (code of the hospital that is shown)."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.reside

    @property
    def _line(self) -> Line:
        chosen = self._page.table.current
        assert isinstance(chosen, Line)
        return chosen

    def still_so(self) -> None:
        """Said again this morning, as it was."""
        line, key = self._line, SaidId(new_id())
        verdict: Verdict = "meets" if line.verdict == "meets" else "no_longer"
        reason = line.reason if verdict == "meets" else ""
        draft = SaidDraft(line.person_id, line.hospital, verdict, reason, line.ward, line.told_by, line.note)
        self.do(
            lambda: self._service.say(key, draft), f"{line.who}: still so today.",
            lambda _none: lambda: self._service.take_back(key),
        )  # fmt: skip

    def meets(self) -> None:
        """Meets the criteria: why, and who on the ward said so."""
        line = self._line
        self._ask_meets(line.person_id, line.who, line.hospital, line.ward, line.told_by, line.transfer)

    def no_longer(self) -> None:
        """Need not be there any more: on to the transfer list."""
        line = self._line
        page = self._page

        def show(hospitals: dict[str, str]) -> None:
            form = begin_form(hospitals, line.hospital, line.ward, page.desk.clock.now())
            form.add("told_by", "Who on the ward said so", QLineEdit(line.told_by))
            self._ask_no_longer(form, line)

        page.run(page.desk.services.transfer.hospitals, show, latest="hospitals")

    def _ask_no_longer(self, form: Form, line: Line) -> None:
        key, transfer, now = SaidId(new_id()), TransferId(new_id()), self._page.desk.clock.now()

        def call() -> Transfer:
            v = form.values()
            if not v["hospital"]:
                raise BadValues((BadValue("hospital", "required"),))
            draft = SaidDraft(line.person_id, v["hospital"], "no_longer", "", v["ward"], v["told_by"])
            return self._service.no_longer(  # type: ignore[no-any-return]
                key, transfer, draft, moment_of(v, now), v["expected_on"], v["admitted_on"]
            )

        def back(begun: Transfer) -> Callable[[], object]:
            return lambda: self._service.take_off(key, begun)

        self.ask(f"{line.who} no longer meets them", form, "Put on the list", call, f"{line.who} is on the list.", back)

    def gone(self) -> None:
        """Has left without us, or was never ours to see to."""
        line, key = self._line, SaidId(new_id())
        form = Form()
        form.add("note", "Where have they gone?", TextArea(2), required=True)

        def call() -> None:
            draft = SaidDraft(line.person_id, line.hospital, "gone", "", line.ward, "", str(form.value("note") or ""))
            self._service.say(key, draft)

        self.ask(
            f"{line.who} has gone", form, "Take off this list", call, f"{line.who} is off the list.",
            lambda _none: lambda: self._service.take_back(key),
        )  # fmt: skip

    def find(self) -> None:
        """Somebody who is in this hospital and stands on no list."""
        from ui.people.finder import PersonFinder

        finder = PersonFinder(self._page.desk)
        finder.setMinimumHeight(320)

        def chosen(row: Any) -> None:
            name = wording.name(row.surname, row.given, row.title)
            self._ask_meets(row.id, name, self._page.site, "", "", None)

        finder.chosen.connect(chosen)
        holder = QWidget()
        holder.setLayout(column(finder, None))
        self._save = finder.take_first
        self._page.panel.ask("Who is in this hospital?", holder, "Go on", finder.take_first, self.leave)
        finder.field.setFocus()

    def _ask_meets(
        self, person: PersonId, who: str, hospital: str, ward: str, told_by: str, transfer: Transfer | None
    ) -> None:
        key = SaidId(new_id())
        form = Form()
        reasons = narrow(Choice(list(words.criteria().items()), prompt="Choose"))
        form.add("reason", "Why do they meet them?", reasons, required=True)
        form.add("ward", "Ward", QLineEdit(ward))
        form.add("told_by", "Who on the ward said so", QLineEdit(told_by))
        form.add("note", "Anything to add", TextArea(2))

        def draft() -> SaidDraft:
            v = form.values()
            return SaidDraft(person, hospital, "meets", v["reason"] or "", v["ward"], v["told_by"], v["note"])

        def call() -> Transfer | None:
            if transfer is not None:
                return self._service.meets_again(key, transfer, draft())  # type: ignore[no-any-return]
            self._service.say(key, draft())
            return None

        def back(off: Transfer | None) -> Callable[[], object]:
            if transfer is None or off is None:
                return lambda: self._service.take_back(key)
            return lambda: self._service.take_back_meets(key, transfer, off.revision)

        self.ask(f"{who} meets the criteria to reside", form, "Note it", call, "Noted.", back)
