"""What the page of the shift shows, and what those who act for it may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtWidgets import QWidget

from coordination.duty.model import Choice as Fate
from coordination.duty.model import HandoverSheet, Outstanding
from coordination.governance.model import Account
from ui.commands import Command
from ui.duty.acts import DutyActs
from ui.duty.lines import Line
from ui.duty.watch import DutyWatch
from ui.duty.writing import WritingForm
from ui.page import OnDesk
from ui.widgets.table_model import StableTableModel


@dataclass(frozen=True, slots=True)
class Shown:
    """What the middle shows: ``mine``, ``colleague`` (a user), ``locality`` (a code, "" all), ``handover`` (an id)."""

    kind: str
    key: Any = None


MINE = Shown("mine")


class ShiftShown(OnDesk, Protocol):
    """What both ask: the shift, and a small form at the right."""

    @property
    def watch(self) -> DutyWatch: ...
    @property
    def acts(self) -> DutyActs: ...
    @property
    def shown(self) -> Shown: ...
    @property
    def asking(self) -> QWidget | None: ...
    def show_what(self, shown: Shown) -> None: ...
    def ask(self, form: QWidget) -> None: ...
    def asked_enough(self) -> None: ...
    def open(self, key: object) -> None: ...


class HandoverShown(ShiftShown, Protocol):
    """What a handover that is written, read and answered asks besides."""

    @property
    def sheet(self) -> HandoverSheet | None: ...
    @property
    def items(self) -> list[Outstanding]: ...
    @property
    def accounts(self) -> list[Account]: ...
    @property
    def by_id(self) -> dict[str, Command]: ...
    @property
    def form(self) -> WritingForm: ...
    @property
    def model(self) -> StableTableModel[Line]: ...
    @property
    def unsent(self) -> int: ...
    @property
    def writes(self) -> bool: ...
    @property
    def for_whom(self) -> str | None: ...
    def chosen(self) -> list[Line]: ...
    def choose_for(self, rows: list[Line], fate: Fate) -> None: ...
    def see(self, handover_id: UUID) -> None: ...
    def forget_kept(self) -> None: ...
    def window(self) -> QWidget: ...
