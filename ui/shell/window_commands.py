"""What can be done in the window, whichever page is in front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from PySide6.QtWidgets import QWidget

from ui.at_desk import ALL, LOCALITIES
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.shell.desk_lock import DeskLock
from ui.shell.history import History
from ui.shell.notices import NoticeBar
from ui.shell.palette import Palette
from ui.shell.rail import Rail
from ui.shell.topbar import TopCommands
from ui.style import fonts, theme

GROUP = "Window"


class Window(Protocol):
    """What the commands ask of the window."""

    @property
    def desk(self) -> Desk: ...
    @property
    def specs(self) -> Mapping[str, PageSpec]: ...
    @property
    def page(self) -> Page | None: ...
    @property
    def history(self) -> History: ...
    @property
    def notices(self) -> NoticeBar: ...
    @property
    def rail(self) -> Rail: ...
    @property
    def finder(self) -> Palette: ...
    @property
    def desk_lock(self) -> DeskLock: ...
    def to(self, page: str, key: object = None) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def open_second(self, page: str, key: object = None) -> object: ...
    def refresh_page(self) -> None: ...
    def choose_files(self) -> None: ...
    def new_contact(self) -> None: ...
    def show_unsent(self) -> None: ...
    def show_keys(self) -> None: ...
    def set_look(self, wish: theme.Wish | None = None, scale: float | None = None) -> None: ...
    def lock(self) -> None: ...
    @property
    def password_sheet(self) -> QWidget | None: ...
    def change_password(self) -> None: ...
    def sign_out(self) -> None: ...


def window_commands(window: Window, in_rail: Sequence[PageSpec]) -> list[Command]:
    """All of them, ids ``window.…``, ``look.…``, ``locality.…`` and ``go.…`` (places)."""
    return [*_main(window), *_look(window), *_localities(window), *_places(window, in_rail)]


def _main(window: Window) -> list[Command]:
    has_contact = "contact" in window.specs
    return [
        Command(
            "window.new_contact", "New contact", window.new_contact, "Ctrl+N",
            enabled_when=lambda: has_contact, group="Contact", icon="plus", also="call phone",
        ),
        Command(
            "window.find", "Find people, actions, places", lambda: window.finder.open(), "Ctrl+K",
            group=GROUP, icon="magnifying-glass", in_palette=False,
        ),
        Command(
            "window.back", "Back", window.back, "Alt+Left", lambda: window.history.behind is not None, GROUP,
            "arrow-left",
        ),
        Command(
            "window.forward", "Forward", window.forward, "Alt+Right", lambda: window.history.ahead is not None, GROUP,
            "arrow-right",
        ),
        Command("window.refresh", "Read again", window.refresh_page, "F5", group=GROUP, icon="arrows-clockwise"),
        Command(
            "window.undo", "Undo", lambda: _undo(window), "Ctrl+Z", lambda: _can_undo(window), GROUP, "arrow-u-up-left",
        ),
        Command(
            "window.dismiss", "Dismiss the notice", window.notices.dismiss_last, "Shift+Esc",
            lambda: bool(window.notices.notices), GROUP, "x",
        ),
        Command(
            "window.second", "Open this page in a second window", lambda: _second(window), "Ctrl+Shift+N",
            lambda: window.page is not None, GROUP, "copy-simple", also="screen wall",
        ),
        Command(
            "window.wall", "Wall display", lambda: window.open_second("wall"), "Ctrl+Shift+W",
            lambda: "wall" in window.specs, GROUP, "monitor", also="queue screen big initials due overdue",
        ),
        Command(
            "window.import", "Bring in files", window.choose_files, "Ctrl+O", group=GROUP, icon="download-simple",
            also="import e-mail BaRS form open",
        ),
        Command(
            "window.unsent", "Not sent yet", window.show_unsent, "Ctrl+Shift+U",
            lambda: "unsent" in window.specs, GROUP, "paper-plane-tilt", also="drafts outbox kept",
        ),
        Command("window.keys", "Keys", window.show_keys, "?", group=GROUP, icon="keyboard", also="shortcuts help"),
        Command(
            "window.places", "Go to the places at the left", lambda: _focus_rail(window), "F6", group=GROUP, icon="list"
        ),
        Command(
            "window.lock", "Lock", window.lock, "Ctrl+L", lambda: window.desk_lock.can_lock, GROUP, "lock-simple"
        ),
        Command(
            "window.password", "Change my password", window.change_password, "",
            lambda: window.password_sheet is not None, GROUP, "key", also="own new secret",
        ),
        Command("window.sign_out", "Sign out", window.sign_out, group=GROUP, icon="sign-out", also="leave user"),
    ]  # fmt: skip


def _can_undo(window: Window) -> bool:
    return window.notices.can_undo or (window.page is not None and window.page.can_take_back)


def _undo(window: Window) -> None:
    """What the page in front knows to take back, however long ago; else what the newest notice tells of."""
    if window.page is not None and window.page.can_take_back:
        window.page.take_back()
    else:
        window.notices.undo_last()


def _second(window: Window) -> None:
    spot = window.history.here
    if spot is not None:
        window.open_second(spot.page, spot.key)


def _focus_rail(window: Window) -> None:
    buttons = window.rail.buttons
    here = window.page.id if window.page is not None else ""
    (buttons.get(here) or next(iter(buttons.values()))).setFocus()


def _look(window: Window) -> list[Command]:
    def other() -> None:
        window.set_look("dark" if theme.mode() == "light" else "light")

    def bigger(by: int) -> None:
        steps = list(theme.SCALES)
        now = min(range(len(steps)), key=lambda n: abs(steps[n] - fonts.scale()))
        window.set_look(scale=steps[min(max(now + by, 0), len(steps) - 1)])

    group = "Look"
    return [
        Command("look.other", "Light or dark", other, "Ctrl+Shift+D", group=group, icon="moon", also="theme night"),
        Command("look.system", "Light or dark as the system has it", lambda: window.set_look("system"), group=group,
                icon="desktop", also="theme"),
        Command("look.bigger", "Bigger text", lambda: bigger(1), "Ctrl+=", group=group, icon="magnifying-glass-plus",
                also="zoom size"),
        Command("look.smaller", "Smaller text", lambda: bigger(-1), "Ctrl+-", group=group,
                icon="magnifying-glass-minus", also="zoom size"),
        Command("look.normal", "Normal text size", lambda: window.set_look(scale=1.0), "Ctrl+0", group=group,
                icon="text-aa", also="zoom size"),
    ]  # fmt: skip


def _localities(window: Window) -> list[Command]:
    def show(value: str) -> Command:
        words = f"Show {value} only" if value else "Show all localities"
        return Command(
            f"locality.{value or 'all'}",
            words,
            lambda: window.desk.locality.set(value),
            group="Locality",
            icon="map-pin",
        )

    return [show(value) for value in (ALL, *LOCALITIES)]


def _places(window: Window, in_rail: Sequence[PageSpec]) -> list[Command]:
    def place(number: int, spec: PageSpec) -> Command:
        keys = f"Alt+{number + 1}" if number < 9 else ""
        return Command(
            f"go.{spec.id}",
            spec.title,
            lambda: window.to(spec.id),
            keys,
            group="Places",
            icon=spec.icon,
            also=spec.also,
        )

    return [place(number, spec) for number, spec in enumerate(in_rail)]


def top_commands(commands: Sequence[Command]) -> TopCommands:
    """Those that the top bar has buttons for."""
    by_id = {command.id: command for command in commands}
    account = [
        "window.lock", "window.password", "window.sign_out", None, "look.other", "look.system", "look.bigger",
        "look.smaller", "look.normal", None, "window.import", "window.second", "window.keys",
    ]  # fmt: skip
    return TopCommands(
        by_id["window.back"],
        by_id["window.forward"],
        by_id["window.new_contact"],
        by_id["look.other"],
        [by_id[name] if name else None for name in account],
    )
