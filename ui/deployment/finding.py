"""Which workers somebody looks for: by name, grade, skill, way of travel or neighbourhood. No Qt."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from coordination.deployment.model import Board, Worker


def looked_for(words: str, board: Board, neighbourhoods: Mapping[int, str]) -> Callable[[Worker], bool] | None:
    """A test of workers, each word found somewhere; None when nothing is looked for. Accents do not matter."""
    wanted = _plain(words).split()
    if not wanted:
        return None
    skills = board.skills

    def fits(worker: Worker) -> bool:
        held = (skills.get(s.code, s.code) for s in worker.skills)
        places = (neighbourhoods.get(n, "") for n in worker.neighbourhoods)
        hay = _plain(" ".join([worker.name, worker.grade, worker.travel, *held, *places, *worker.languages]))
        return all(word in hay for word in wanted)

    return fits


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
