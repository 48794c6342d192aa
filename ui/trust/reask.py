"""How often people are asked again (A4), by sending and receiving team; a figure opens to its rows (O2)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from coordination.assessment.receipts import ReaskCase, ReaskRow
from coordination.values import TeamId
from ui import wording
from ui.page import Page
from ui.trust import words
from ui.widgets.basics import column, label, plane, row
from ui.widgets.chips import SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

_PERIODS = ((30, "30 days"), (90, "90 days"), (365, "A year"))


class ReaskView(QWidget):
    """Belongs to a page, whose tasks and desk it uses."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self._desk = page, page.desk
        self.within = 28
        self.period = SegmentedChoice(_PERIODS, 90, "Sent within")
        self.period.changed.connect(lambda _days: self.refresh())
        self.model = StableTableModel[ReaskRow](self._columns(), key=lambda r: (r.from_team, r.to_team))
        self.table = Table(
            self.model, settings=self._desk.settings, name="reask", title="Asked again",
            empty=EmptyState("Nothing was sent", "Signed assessments that went to another team are counted here."),
        )  # fmt: skip
        self.table.about = self._about
        self.cases = StableTableModel[ReaskCase](self._case_columns(), key=lambda c: c.assessment)
        self.case_table = Table(
            self.cases, settings=self._desk.settings, name="reask_cases", title="Behind the figure",
            empty=EmptyState("Choose a line above", "The assessments behind its figures stand here."),
        )  # fmt: skip
        self.table.current_changed.connect(self._current_moved)
        self.table.opened.connect(lambda _row: self.case_table.setFocus())
        self.case_table.opened.connect(self._open)
        self.said = label("", quiet=True)
        head = plane(row(label("Sent within"), self.period, self.said, None, gap=3, margins=(6, 2, 6, 2)), "", "below")
        split = splitter(
            self.table, self.case_table, upright=True, sizes=(320, 260), settings=self._desk.settings, name="reask"
        )
        layout = column(head, split, gap=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _columns(self) -> list[Column[ReaskRow]]:
        def number(name: str, title: str, tip: str, width: int = 84) -> Column[ReaskRow]:
            return Column(name, title, lambda r: str(getattr(r, name)), sort=lambda r: getattr(r, name), numeric=True,
                          value=lambda r: getattr(r, name), width=width, help=tip)  # fmt: skip

        return [
            Column("from", "Sent by", lambda r: r.from_name or "No team", strong=True, width=190),
            Column("to", "Received by", lambda r: r.to_name, strong=True, stretch=True, width=170),
            number("sent", "Sent", "Signed assessments that went there; a correction counts again", 64),
            number("waiting", "Waiting", "Not decided yet", 76),
            number("accepted", "Accepted", "Accepted now"),
            number("asked", "More asked", "One thing more was asked for", 96),
            number("upheld", "Upheld", "A challenge was upheld", 74),
            number("repeated", "Repeated", "Assessed or asked again by the team", 86),
            Column("rate", "Asked again", words.rate, sort=lambda r: r.rate, numeric=True, value=lambda r: r.rate,
                   width=134, help="Of those that are decided: any of the three"),
        ]  # fmt: skip

    def _case_columns(self) -> list[Column[ReaskCase]]:
        now = self._desk.clock.now
        return [
            Column("person", "Person", lambda c: wording.name(c.surname, c.given, c.title), strong=True, width=190),
            Column("form", "Assessment", lambda c: c.form_title, width=190),
            Column("signed", "Signed", lambda c: f"{c.signed_by_name}, {wording.near_time(c.signed_at, now())}",
                   sort=lambda c: c.signed_at, value=lambda c: c.signed_at, width=220, quiet=True),
            Column("state", "Now", lambda c: words.STATES[c.state] if c.state else "Not sent there", width=120),
            Column("why", "Asked again", self._why, stretch=True, width=200),
        ]  # fmt: skip

    def _why(self, case: ReaskCase) -> str:
        parts = []
        if case.asked:
            parts.append("one thing more was asked")
        if case.upheld:
            parts.append("a challenge was upheld")
        if case.repeat is not None and case.repeat_at is not None:
            parts.append(f"again in “{case.repeat_form}”, {wording.near_time(case.repeat_at, self._desk.clock.now())}")
        said = wording.listing(parts)
        return said[:1].upper() + said[1:] if said else "No"

    def _about(self) -> list[str]:
        return [
            f"Sent within {self.period.value} days. Repeated: the same form for the same person, or the same question"
            f" asked afresh, within {self.within} days of the signature, by another team.",
            "Of the people whom the reader may see. Small numbers are not suppressed: for use within the centre.",
        ]

    # reading

    def refresh(self) -> None:
        days, service = int(str(self.period.value)), self._desk.services.reliance

        def read() -> tuple[int, list[ReaskRow]]:
            return service.reask_days(), service.reask(days)

        self._page.run(read, lambda both: self._show(*both), latest="reask")

    def _show(self, within: int, rows: list[ReaskRow]) -> None:
        self.within = within
        self.model.set_rows(rows)
        decided, again = sum(r.decided for r in rows), sum(r.reasked for r in rows)
        whole = f"{again:,} of {decided:,} decided were asked again. " if decided else ""
        self.said.setText(f"{whole}A repeat counts within {within} days.")
        if self.table.current is None and rows:
            self.table.selectRow(0)
        elif self.table.current is not None:
            self._current_moved(self.table.current)
        if not rows:
            self.cases.set_rows([])

    def _current_moved(self, chosen: ReaskRow | None) -> None:
        if chosen is None:
            return
        from_team: TeamId | None = chosen.from_team
        days, service = int(str(self.period.value)), self._desk.services.reliance
        self._page.run(
            lambda: service.reask_cases(from_team, chosen.to_team, days), self.cases.set_rows, latest="cases"
        )

    def _open(self, case: ReaskCase) -> None:
        self._desk.go.to("assessment", case.assessment)
