"""People in reablement: everybody who has reablement, what is due for them, and what blocks the end (B2, B3)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import ClassVar

from coordination.clock import local_date
from coordination.reablement import rules
from coordination.reablement.model import WRITERS, EpisodeFilter, EpisodeRow
from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.reablement import words
from ui.reablement.beginning import BeginPanel
from ui.style.tokens import State
from ui.widgets.basics import ask_again, column, command_button, plane, row
from ui.widgets.busy import Busy
from ui.widgets.chips import FilterChips, SegmentedChoice
from ui.widgets.empty import EmptyState
from ui.widgets.panels import PageHead, splitter
from ui.widgets.table import Table
from ui.widgets.table_model import Column, StableTableModel

SHOWN = (("open", "Under way"), ("ended", "Ended in six weeks"))
WHOSE = (("", "All teams"), ("team", "My team’s"))
CHIPS = (
    ("over", "Past the end", "warning-octagon-fill", "red"),
    ("review", "Review due", "timer", "amber"),
    ("ending", "Ends in a week", "timer", "amber"),
    ("complex", "Complex", "star", "plum"),
    ("hand_over", "To long-term care", "handshake", "accent"),
    ("blocked", "Blocked", "prohibit", "neutral"),
)
_EMPTY = {
    "open": (
        "Nobody has reablement here",
        "Press B to begin an episode; the queue and a person’s record have the command too.",
    ),
    "ended": ("Nothing has ended in the last six weeks", "Episodes that end appear here for six weeks."),
}


class EpisodesPage(Page):
    """The worklist. Enter opens an episode."""

    id, title, icon = "episodes", "People in reablement", "users-three"
    areas: ClassVar[frozenset[str]] = frozenset({"reablement"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: list[EpisodeRow] = []
        self.model = StableTableModel[EpisodeRow](self._columns(), key=lambda r: r.id)
        self._empty = EmptyState(*_EMPTY["open"], icon="person-simple-walk")
        self.table = Table(
            self.model, settings=desk.settings, name="episodes", title="People in reablement", empty=self._empty
        )
        self.table.about = self._about
        self.shown = SegmentedChoice(SHOWN, "open", "Show")
        self.theirs = SegmentedChoice(WHOSE, "team" if desk.actor.team_id else "", "Whose")
        self.chips = FilterChips(CHIPS)
        self._commands = self._all_commands()
        by = {c.id.removeprefix("episodes."): c for c in self._commands}
        self._moves = [command_button(by["begin"], words="Begin"), command_button(by["open"])]
        self.head = PageHead(self.title, "", *self._moves, self.shown, self.table.menu_button())
        bar = plane(row(self.chips, None, self.theirs, margins=(6, 1.5, 4, 1.5)), "surface", "below")
        self.beside = BeginPanel(desk)
        parts = splitter(self.table, self.beside, sizes=(760, 400), settings=desk.settings, name="episodes")
        layout = column(self.head, bar, parts, gap=0)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._connect()

    def _connect(self) -> None:
        self.beside.closed.connect(self.table.setFocus)
        self.table.opened.connect(lambda r: self.desk.go.to("episode", r.id))
        self.table.current_changed.connect(lambda _row: ask_again(*self._moves))
        self.shown.changed.connect(lambda _shown: self.refresh())
        self.theirs.changed.connect(lambda _whose: self.refresh())
        self.chips.changed.connect(lambda _chips: self._filter())
        Busy(self.table, self.desk.tasks, owner=self)

    @property
    def today(self) -> date:
        return local_date(self.desk.clock.now())

    def _columns(self) -> list[Column[EpisodeRow]]:
        def today() -> date:
            return self.today

        return [
            Column("day", "Day", lambda r: words.row_day(r, today()), sort=lambda r: r.planned_end, width=132,
                   value=lambda r: rules.day_of(r.started_on, r.ended_on or today()),
                   badge=lambda r: words.day_look(words.standing(r, today())),
                   tip=lambda r: f"Began {wording.day(r.started_on)}, planned to end by {wording.day(r.planned_end)}"),
            Column("person", "Person", lambda r: wording.name(r.surname, r.given, r.title), strong=True, width=168),
            Column("next", "Next", lambda r: words.next_due(r, today()), sort=rules.due_on, width=154,
                   badge=lambda r: words.next_look(r, today())),
            Column("hours", "Hours a week", words.row_hours, sort=lambda r: r.minutes_now, width=136,
                   tip=lambda r: "In the first seven days, and in the last seven: from its visits"),
            Column("score", "Barthel", words.row_score, sort=lambda r: r.score_start if r.score_start else -1, width=96,
                   tip=lambda r: "Of 20: at the start and at the end, from the signed assessments"),
            Column("kind", "Kind", lambda r: words.KINDS[r.kind], badge=kind_look, width=86),
            Column("blocks", "What blocks the end", lambda r: words.row_blocks(r, today()), stretch=True,
                   width=170, tip=lambda r: words.blocks(rules.blocks(r, today()))),
            Column("aim", "Aim", lambda r: words.AIMS[r.aim], hidden=True, quiet=True, width=150),
            Column("lead", "Lead", lambda r: r.lead_name, quiet=True, hidden=True, width=120),
            Column("place", "Neighbourhood", lambda r: r.neighbourhood, quiet=True, hidden=True, width=130),
            Column("team", "Team", lambda r: r.team_name, quiet=True, hidden=True, width=140),
            Column("reviews", "Reviews held", lambda r: str(r.reviews_held), sort=lambda r: r.reviews_held,
                   numeric=True, hidden=True, width=90),
            Column("ends", "Planned end", lambda r: wording.day(r.planned_end), sort=lambda r: r.planned_end,
                   value=lambda r: r.planned_end, hidden=True, quiet=True, width=104),
        ]  # fmt: skip

    # ---------------------------------------------------------------- what can be done

    def commands(self) -> list[Command]:
        return self._commands

    def _all_commands(self) -> list[Command]:
        def on_row() -> bool:
            return self.table.current is not None

        group = self.title
        return [
            Command("episodes.open", "Open the episode", self._open, "", on_row, group, "person-simple-walk"),
            Command("episodes.record", "Open the person’s record", self._record, "O", on_row, group, "user"),
            Command("episodes.begin", "Begin reablement for somebody", self._begin, "B",
                    lambda: self.desk.actor.role in WRITERS, group, "plus", also="new episode start"),
            Command("episodes.forecast", "Capacity that comes free", lambda: self.desk.go.to("forecast", None), "F",
                    group=group, icon="chart-bar", also="forecast demand hours short"),
            Command("episodes.chips", "Go to the filters", self.chips.setFocus, "F8", group=group),
            *self.table.commands("episodes"),
        ]  # fmt: skip

    def _open(self) -> None:
        if self.table.current is not None:
            self.desk.go.to("episode", self.table.current.id)

    def _record(self) -> None:
        if self.table.current is not None:
            self.desk.go.to("person", self.table.current.person_id)

    def _begin(self) -> None:
        self.beside.begin()

    # ---------------------------------------------------------------- reading

    @property
    def asked(self) -> EpisodeFilter:
        locality = self.desk.locality.value.lower()
        own = self.desk.actor.team_id if self.theirs.value == "team" else None
        return EpisodeFilter(
            localities=frozenset({locality}) if locality and own is None else frozenset(),
            team_id=own,
            ended=self.shown.value == "ended",
        )

    def refresh(self) -> None:
        asked, service = self.asked, self.desk.services.reablement
        self.run(lambda: service.rows(asked), self._show, latest="rows")

    def _show(self, rows: list[EpisodeRow]) -> None:
        self._rows = rows
        counts = Counter(chip for r in rows for chip in self._chips_of(r))
        self.chips.set_counts({value: counts[value] for value, *_ in CHIPS})
        self._filter()

    def _filter(self) -> None:
        wanted = self.chips.value
        rows = [r for r in self._rows if wanted <= self._chips_of(r)]
        self._empty.say(*(_EMPTY[str(self.shown.value)] if not self._rows else _NOTHING))
        self.model.set_rows(rows)
        of = f" of {len(self._rows):,}" if len(rows) != len(self._rows) else ""
        late = sum(words.standing(r, self.today) == "over" for r in rows)
        said = f"{len(rows):,}{of} {'person' if len(rows) == 1 and not of else 'people'}"
        self.head.say((f"{said}, {late} past the planned end" if late else said) if self._rows else "")
        if self.table.current is None and rows:
            self.table.selectRow(0)
        ask_again(*self._moves)

    def _chips_of(self, r: EpisodeRow) -> frozenset[str]:
        today = self.today
        how = words.standing(r, today)
        due = r.next_review_on is not None and r.ended_on is None and (r.next_review_on - today).days <= 2
        found = {how} if how in ("over", "ending") else set()
        found |= {name for name, holds in (
            ("review", due), ("complex", r.kind == "complex"), ("hand_over", r.aim == "long_term_care"),
            ("blocked", bool(rules.blocks(r, today))),
        ) if holds}  # fmt: skip
        return frozenset(found)

    def _about(self) -> list[str]:
        """What stands on its print."""
        chosen = [said for value, said, *_ in CHIPS if value in self.chips.value]
        whose = next(said for value, said in WHOSE if value == self.theirs.value)
        shown = next(said for value, said in SHOWN if value == self.shown.value)
        return [f"{shown}, {whose.lower()}" + (f": {', '.join(chosen).lower()}" if chosen else ""),
                f"Locality: {self.desk.locality.value or 'all'}"]  # fmt: skip

    def activated(self) -> None:
        self.table.setFocus()


_NOTHING = ("Nobody is like that", "Switch a filter off to see the others.")


def kind_look(r: EpisodeRow) -> State | None:
    return State("plum", "star") if r.kind == "complex" else None
