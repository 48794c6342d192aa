"""What every step of the tour is given: the centre, the desks that are signed in, the album, the story so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ui.tour.desks import TourDesk, fresh_settings, witness
from ui.tour.pictures import Album
from ui.tour.story import Story


@dataclass
class Tour:
    """What a step is given."""

    centre: Any
    folder: Path
    settings: Path
    album: Album
    story: Story
    witness: Any
    """services of a session of its own, that no window uses"""
    notes: list[str] = field(default_factory=list)
    desks: dict[str, TourDesk] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)

    def desk(self, user: str) -> TourDesk:
        """A colleague's desk, signed in when first asked for."""
        if user not in self.desks:
            at = (40 * len(self.desks), 30 * len(self.desks))
            made = TourDesk(self.centre, user, fresh_settings(self.settings, user), at=at)
            made.sign_in()
            self.desks[user] = made
        return self.desks[user]

    def session(self, user: str) -> Any:
        """Services of a second session of a colleague, that no window uses."""
        if user not in self.sessions:
            self.sessions[user] = witness(self.centre, user)
        return self.sessions[user].services

    def picture(self, name: str, desk: TourDesk, *, dark: bool = False) -> None:
        """A picture of a desk's window, named in the line of the step."""
        self.album.take(name, desk.window)
        if dark:
            self.album.take_dark(f"{name}-dark", desk.window)

    def note(self, words: str) -> None:
        """Something worth knowing, said beneath the line of the step."""
        self.notes.append(words)
