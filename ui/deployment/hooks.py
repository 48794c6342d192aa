"""Everything that other parts of the program add to the boards."""

from __future__ import annotations

from ui.deployment.addition import Addition, BoardPage


def additions(page: BoardPage) -> list[Addition]:
    """One line for each part that adds something."""
    from ui.deployment.map import map_addition
    from ui.deployment.pairing import pairing_addition
    from ui.deployment.planning_commands import planning
    from ui.deployment.published import published_addition
    from ui.outcomes.addition import outcomes_addition
    from ui.reablement.board import reablement_addition
    from ui.visits.board import visits_addition

    made: list[Addition] = [planning(page), map_addition(page), outcomes_addition(page), published_addition(page)]
    made += [visits_addition(page), pairing_addition(page), reablement_addition(page)]
    return made
