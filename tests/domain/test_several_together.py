"""Several visits to one worker, each at its own time."""

from __future__ import annotations

from coordination.deployment.together import who_could_take_all
from tests.domain.deployment_boards import board, visit, worker


def test_everybody_is_listed_with_how_many_they_could_take() -> None:
    amina, bola, carl = worker(1, "Amina"), worker(2, "Bola"), worker(3, "Carl", hours=[])
    one = visit("Adams", start=(8, 0), to=[(amina, (8, 0))])
    two = visit("Brown", start=(10, 0))
    busy = visit("Clark", start=(10, 15), to=[(bola, (10, 15))])
    found = who_could_take_all(board([amina, bola, carl], [one, two, busy]), [(one, 1), (two, 1)])
    assert [(c.worker.name, c.start is not None, c.reasons[0].fact("count")) for c in found] == [
        ("Amina", True, 2), ("Bola", False, 1), ("Carl", False, 0),
    ]  # fmt: skip
    assert [o.code for o in found[1].obstacles] == ["busy"]


def test_what_is_at_the_same_time_nobody_takes_together() -> None:
    amina, bola = worker(1, "Amina"), worker(2, "Bola")
    one, two = visit("Adams", to=[(amina, (9, 0))]), visit("Brown", to=[(bola, (9, 30))])
    found = who_could_take_all(board([amina, bola], [one, two]), [(one, 1), (two, 1)])
    assert all(c.start is None and "at_once" in [o.code for o in c.obstacles] for c in found)
