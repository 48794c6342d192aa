"""The top of the window: back and forward, find, new contact, locality, light or dark, who I am."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QToolButton, QWidget

from ui import commands, wording
from ui.at_desk import ALL, LOCALITIES
from ui.commands import Command
from ui.desk import Desk
from ui.style import fonts, icons, theme
from ui.widgets.basics import button, icon_button, row
from ui.widgets.chips import SegmentedChoice


@dataclass(frozen=True)
class TopCommands:
    """The commands that the top bar has buttons for."""

    back: Command
    forward: Command
    new_contact: Command
    look: Command
    account: list[Command | None]


class TopBar(QFrame):
    """``find_box`` is what the palette hangs under."""

    def __init__(self, desk: Desk, wanted: TopCommands) -> None:
        super().__init__()
        self._desk = desk
        self.setProperty("part", "top")
        self.setFixedHeight(theme.px(52))
        self.back = self._arrow("arrow-left", wanted.back)
        self.forward = self._arrow("arrow-right", wanted.forward)
        self.find_box = QLineEdit()
        self.find_box.setProperty("part", "find")
        self.find_box.setAccessibleName("Find people, actions, places")
        self.find_box.setPlaceholderText("Find people, actions, places   Ctrl+K")
        self.find_box.setClearButtonEnabled(False)
        self.find_box.setMinimumWidth(theme.px(200))
        self.find_box.setMaximumWidth(theme.px(440))
        self.find_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        fonts.dress(self.find_box)
        self._glass = self.find_box.addAction(icons.icon("magnifying-glass"), QLineEdit.ActionPosition.LeadingPosition)
        new = wanted.new_contact
        self.new_contact = button(
            new.title, new.__call__, kind="main", icon="phone-plus" if icons.exists("phone-plus") else "plus",
            tip=f"{new.title}  ({new.keys})",
        )  # fmt: skip
        self.new_contact.setHidden(not new.enabled_when())  # not every role takes contacts
        self.locality = SegmentedChoice(
            [(ALL, "All"), *((name, name) for name in LOCALITIES)], desk.locality.value, name="Locality"
        )
        self.locality.changed.connect(desk.locality.set)
        desk.locality.changed.connect(self.locality.set_value)
        self._look = icon_button("moon", wanted.look.title, wanted.look.__call__)
        self.me = self._me(wanted.account)
        line = row(
            self.back, self.forward, self.find_box, None, self.locality, self.new_contact, self._look, self.me,
            gap=2, margins=(3, 0, 3, 0),
        )  # fmt: skip
        self._line = line
        self.setLayout(line)
        line.setStretch(2, 10)
        theme.hub().changed.connect(self._redraw)
        self._redraw()

    def _arrow(self, icon: str, command: Command) -> QToolButton:
        made = icon_button(icon, f"{command.title}  ({command.keys})", command.__call__)
        made.setAccessibleName(command.title)
        return made

    def _me(self, account: list[Command | None]) -> QToolButton:
        actor = self._desk.actor
        made = QToolButton()
        made.setText(f"{actor.display_name}\n{wording.role(actor.role)}")
        made.setAccessibleName(f"{actor.display_name}, {wording.role(actor.role)}. Menu")
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        fonts.dress(made, "small")
        icons.dress(made, "user-circle", "accent", size=26)
        made.setMenu(commands.menu(account, made))
        return made

    def put_quiet(self, widget: QWidget) -> None:
        """Quiet words of the desk's own, before the locality."""
        self._line.insertWidget(self._line.indexOf(self.locality), widget)

    def set_history(self, can_back: bool, can_forward: bool) -> None:
        self.back.setEnabled(can_back)
        self.forward.setEnabled(can_forward)

    def set_crowded(self, crowded: bool) -> None:
        """In a narrow window the words give way: icons stay, with their tips."""
        style = Qt.ToolButtonStyle
        self.me.setToolButtonStyle(style.ToolButtonIconOnly if crowded else style.ToolButtonTextBesideIcon)

    def _redraw(self) -> None:
        self.setFixedHeight(theme.px(52))
        self._glass.setIcon(icons.icon("magnifying-glass"))
        icons.dress(self._look, "moon" if theme.mode() == "light" else "sun")
