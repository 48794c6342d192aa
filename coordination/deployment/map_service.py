"""What a map is drawn on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coordination.deployment.maps import WardShape

if TYPE_CHECKING:
    from coordination.work import Begin


class Maps:
    """The wards of the city, with their outlines where these were imported (P1)."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def wards(self) -> Sequence[WardShape]:
        """Every ward in order of name."""
        with self._begin() as work:
            return work.ground.wards()
