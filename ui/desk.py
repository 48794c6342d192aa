"""The desk: everything that a page needs and nothing else. Made once, after sign-in, by ui/open_desk.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSettings

from coordination.clock import Clock
from ui.at_desk import Changes, Foot, LocalityChoice, Navigator, Notices, Nowhere, Silence
from ui.choices import SittingChoices
from ui.commands import Commands
from ui.governance.seen import Seen
from ui.local.assessing import Assessing
from ui.local.drafts import Drafts
from ui.local.outgoing import Outgoing
from ui.presence import PresenceKeeper
from ui.tasks import Tasks

if TYPE_CHECKING:  # the sign-in window is on screen before the services are read in
    from coordination.services import Services
    from coordination.work import Actor
    from ui.duty.acts import DutyActs
    from ui.duty.watch import DutyWatch
    from ui.outcomes.watch import NoAccessWatch


class OnDuty(Protocol):
    """Who is on shift, as pages ask for it."""

    @property
    def watch(self) -> DutyWatch: ...
    @property
    def acts(self) -> DutyActs: ...


class Desk:
    """What a page is given.

    ``services`` use cases by area (``desk.services.people.…``), called through ``tasks``; ``clock`` this machine's;
    ``actor`` who is signed in; ``changes`` what others change; ``go`` to other pages; ``notices`` for results and
    errors; ``locality`` the desk-wide filter; ``foot`` what is due and connected; ``commands``; ``settings`` for
    columns and sizes (never personal data); ``training`` True when the people are invented; ``drafts`` what is typed,
    kept on this computer, ``assessments`` likewise; ``outbox`` contacts on their way to the database; ``presence`` who
    else is there; ``choices`` what can be chosen in a contact, read once; ``seen`` what was on the screen in detail.
    """

    def __init__(
        self, *, services: Services, tasks: Tasks, clock: Clock, actor: Actor, changes: Changes,
        settings: QSettings, training: bool = False,
    ) -> None:  # fmt: skip
        self.services = services
        self.tasks = tasks
        self.clock = clock
        self.actor = actor
        self.changes = changes
        self.settings = settings
        self.training = training
        self.commands = Commands()
        self.locality = LocalityChoice()
        self.foot = Foot()
        self.go: Navigator = Nowhere()
        self.notices: Notices = Silence()
        self.presence = PresenceKeeper(self)
        self.seen = Seen(self)
        self.choices = SittingChoices(self)
        self.duty: OnDuty | None = None  # who is on shift; set once the window stands
        self.no_access: NoAccessWatch | None = None  # people not found; set once the first page stands
        self.drafts = Drafts(lambda: self.clock.now())
        self.outbox = Outgoing(lambda: self.services, tasks, self.drafts, lambda: self.clock.now(), self._line_is_up)
        self.assessments = Assessing(
            lambda: self.services, tasks, self.drafts, lambda: self.clock.now(), self._line_is_up
        )
        self._was_up = True
        self.assessments.changed.connect(self._count_kept)
        self.drafts.changed.connect(self._count_kept)
        self.outbox.changed.connect(self._count_kept)
        self.foot.changed.connect(self._line_changed)

    @property
    def away(self) -> bool:
        """The database is known not to answer."""
        return not self._line_is_up()

    def _line_is_up(self) -> bool:
        line = self.foot.connection
        return line is None or line.up

    def _line_changed(self) -> None:
        up = self._line_is_up()
        if up != self._was_up:
            self._was_up = up
            self.outbox.line_changed(up)
            self.assessments.line_changed(up)

    def _count_kept(self) -> None:
        waiting = self.outbox.waiting
        drafts = len(self.drafts.kept) + len(self.assessments.unsent)
        self.foot.set_drafts(drafts, len(waiting), sum(not item.is_waiting for item in waiting))
        self.foot.set_in_memory(self.drafts.trouble)
