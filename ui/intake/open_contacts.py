"""The contacts that are open in one page: which is in front, how they are kept, closed, found again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from ui import wording
from ui.commands import Command
from ui.desk import Desk
from ui.intake import drafts
from ui.intake.drafts import CONTACT, ContactTyped, typed_of
from ui.intake.open_strip import OpenStrip, Tab
from ui.local.drafts import PLACE

log = logging.getLogger(__name__)

GROUP = "Contact"
OTHER_VERSION = "This was written by another version of the program. Not all of it can be shown; all of it is kept."


def _age(open_for: timedelta) -> str:
    return wording.length(open_for) if open_for >= timedelta(minutes=1) else ""


class ContactForm(Protocol):
    """The form in which the one in front is shown."""

    @property
    def is_empty(self) -> bool: ...
    def as_typed(self, front: ContactTyped) -> ContactTyped:
        """``front`` with everything as it stands in the form."""
        ...

    def show_typed(self, typed: ContactTyped) -> None: ...
    def say_elsewhere(self, said: str) -> None: ...
    def activated(self) -> None: ...
    def may_start(self) -> bool:
        """Whether the cursor may be put into it: an empty one is in front, or nobody writes."""
        ...

    def place(self) -> str:
        """The field that is being written in; empty when it is none of the form's."""
        ...

    def go_to_place(self, field: str) -> None: ...


class OpenContacts(QObject):
    """``all`` are in the order of their tabs. What is in front stands in the form, and among ``all`` as it last was."""

    changed = Signal()
    """another is in front, or it has been written in"""

    def __init__(self, desk: Desk, form: ContactForm, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._form = desk, form
        self.front = drafts.begin(desk.clock.now())
        self.all = [self.front]
        self._keys: set[str] = set()
        self._showing = False
        self.strip = OpenStrip()
        self.strip.chosen.connect(self.go_to_key)
        self.strip.closed.connect(self.close)
        self.strip.wanted.connect(self.begin_another)
        desk.drafts.offered.connect(self.take_in)

    @property
    def aside(self) -> list[ContactTyped]:
        """Those that are not in front."""
        return [each for each in self.all if each.id != self.front.id]

    def typed(self) -> ContactTyped:
        """The one in front, as it stands."""
        return self._form.as_typed(self.front)

    # ---------------------------------------------------------------- to the front

    def take_up(self, typed: ContactTyped) -> None:
        """Bring one to the front, an open one or one that is opened by this."""
        if self.front.id != typed.id and self._form.is_empty:
            self.remove(self.front)
        if all(each.id != typed.id for each in self.all):
            self.all.append(typed)
        self.front = typed
        self._showing = True
        try:
            self._form.show_typed(typed)
        except Exception as fault:
            # What another version wrote is shown as far as it goes, and kept beside, as it was.
            log.error("a draft of another version is shown in part (%s)", type(fault).__name__)
            self._desk.drafts.keep(f"{CONTACT}.other", typed.key, typed.data(), typed.name)
            self._form.say_elsewhere(OTHER_VERSION)
        finally:
            self._showing = False
        self.edited()

    def resume(self, typed: ContactTyped) -> None:
        """Bring an open one to the front; what was in front stays open."""
        if typed.id != self.front.id:
            self.hold()
            self.take_up(next(each for each in self.all if each.id == typed.id))
            self._form.activated()

    def begin(self) -> None:
        """An empty one to the front."""
        self.take_up(drafts.begin(self._desk.clock.now()))
        self._form.activated()

    def begin_another(self) -> None:
        """Keep this one open for later: a second call comes in."""
        if not self._form.is_empty:
            self.hold()
            self.begin()

    def go_to_key(self, key: str) -> None:
        found = next((each for each in self.all if each.key == key), None)
        if found is None and self._desk.drafts.take(CONTACT, key) is not None:
            found = self._read(key)
            self.all.append(found)
        if found is not None:
            self.resume(found)
        self.show()

    def go_to_number(self, number: int) -> None:
        """The number-th tab, from 0."""
        if number < len(self.all):
            self.resume(self.all[number])

    def step(self, by: int) -> None:
        self.go_to_number((self._place(self.front.key) + by) % len(self.all))

    def _place(self, key: str) -> int:
        return next(number for number, each in enumerate(self.all) if each.key == key)

    # ---------------------------------------------------------------- away

    def close(self, key: str) -> None:
        """Close one without ending it; Undo brings it back."""
        at = self._place(key)
        before = self.typed() if key == self.front.key else self.all[at]
        self.remove(before)
        if before.id == self.front.id:
            if self.all:
                self.take_up(self.all[min(at, len(self.all) - 1)])
                self._form.activated()
            else:
                self.begin()
        self.show()
        self._desk.notices.say("The contact was closed without an end.", undo=lambda: self._put_back(before, at))

    def clear(self) -> None:
        """Close the one in front and begin another; Undo brings it back."""
        before, at = self.typed(), self._place(self.front.key)
        self.remove(before)
        self.begin()
        self._desk.notices.say("The contact was cleared.", undo=lambda: self._put_back(before, at))

    def bring_back(self, typed: ContactTyped) -> bool:
        """One that was ended is a draft again: in front, unless another is written there. Whether it is in front."""
        self._keys.add(typed.key)
        if self._form.is_empty:
            self.take_up(typed)
            return True
        self.all.append(typed)
        self.show()
        return False

    def _put_back(self, typed: ContactTyped, at: int) -> None:
        self.hold()
        self.all.insert(at, typed)
        self.take_up(typed)

    def remove(self, typed: ContactTyped) -> None:
        """It is open no longer, and not kept."""
        self.all = [each for each in self.all if each.id != typed.id]
        self._keys.discard(typed.key)
        self._desk.drafts.drop(CONTACT, typed.key)

    def hold(self) -> None:
        """Remember what is in front among the open ones; an empty one is none."""
        if self._form.is_empty:
            self.remove(self.front)
        else:
            now = self.typed()
            self.all = [now if each.id == now.id else each for each in self.all]

    # ---------------------------------------------------------------- kept on this computer

    def edited(self) -> None:
        """Something in the form has changed: keep it, and show it in the strip."""
        if self._showing:
            return
        typed, empty = self.typed(), self._form.is_empty
        if empty:
            self._keys.discard(self.front.key)
            self._desk.drafts.drop(CONTACT, self.front.key)
        else:
            self._keys.add(typed.key)
            self._desk.drafts.keep(CONTACT, typed.key, typed.data(), typed.name)
        self._keep_place()
        self._show(typed, empty=empty)
        self.changed.emit()

    def _keep_place(self) -> None:
        store = self._desk.drafts
        if self._keys:
            store.keep(PLACE, CONTACT, {"front": self.front.key, "field": self._form.place()})
        else:
            for entry in store.of(PLACE):
                store.drop(*entry.name)

    def take_in(self) -> None:
        """Those that no page shows: of an earlier sitting, of a window that was closed, of a client that is gone."""
        found = [self._read(entry.key) for entry in self._desk.drafts.unclaimed(CONTACT)]
        place = self._desk.drafts.take(PLACE, CONTACT) or {}
        self.all += sorted(found, key=lambda typed: typed.begun)
        if found and self._form.is_empty:
            front = next((typed for typed in found if typed.key == place.get("front")), self.all[-1])
            self.hold()
            self.take_up(front)
            if self._form.may_start():
                self._form.activated()
                self._form.go_to_place(str(place.get("field") or ""))
        self.show()

    def _read(self, key: str) -> ContactTyped:
        store = self._desk.drafts
        store.claim(CONTACT, key)
        store.set_copy_aside(CONTACT, key)
        typed = typed_of(store.take(CONTACT, key) or {}, self._desk.clock.now())
        if typed.key != key:  # two clients had changed one draft, and both are kept: this is the other
            typed = typed.anew()
            store.drop(CONTACT, key)
            store.keep(CONTACT, typed.key, typed.data(), typed.name)
        self._keys.add(typed.key)
        return typed

    def put_away(self) -> None:
        """The window that held the page closes: what is open goes to another page, or waits for one."""
        self.hold()
        self._desk.drafts.offered.disconnect(self.take_in)
        self._desk.drafts.release(CONTACT, self._keys)

    # ---------------------------------------------------------------- shown

    def show(self) -> None:
        """Draw the strip as it is now."""
        self._show(self.typed(), empty=self._form.is_empty)

    def _show(self, typed: ContactTyped, *, empty: bool) -> None:
        now = self._desk.clock.now()
        tabs = []
        for each in self.all:
            front = each.id == typed.id
            name = typed.name if front else each.name
            tabs.append(Tab(each.key, name, _age(now - each.begun), front and empty))
        self.strip.show_tabs(tabs, self.front.key)

    def commands(self) -> list[Command]:
        def typed_in() -> bool:
            return not self._form.is_empty

        def has_others() -> bool:
            return len(self.all) > 1

        made = [
            Command("contact.aside", "Put this contact aside for another", self.begin_another, "Ctrl+Shift+A", typed_in,
                    GROUP, "tray"),
            Command("contact.clear", "Clear", self.clear, "", typed_in, GROUP, "eraser"),
            Command("contact.close", "Close this contact", lambda: self.close(self.front.key), "Ctrl+W", typed_in,
                    GROUP, "x"),
            Command("contact.next", "Next open contact", lambda: self.step(1), "Ctrl+Tab", has_others, GROUP,
                    "caret-right"),
            Command("contact.previous", "Open contact before", lambda: self.step(-1), "Ctrl+Shift+Tab", has_others,
                    GROUP, "caret-left"),
        ]  # fmt: skip
        return made + [self._command_to(number) for number in range(1, 10)]

    def _command_to(self, number: int) -> Command:
        return Command(
            f"contact.open_{number}", f"Open contact {number}", lambda: self.go_to_number(number - 1),
            f"Alt+Shift+{number}", lambda: number <= len(self.all), GROUP, in_palette=False,
        )  # fmt: skip
