"""What a plan is measured by, and how much each of it matters: data that a team lead sets.

A weight runs from 0 (does not matter) by 50 (as usual) to 100 (twice as much). ``UNIT`` says what one of a term costs
at 50, in minutes of travel: the common coin. The hard rules are no weights; see ``coordination/deployment/rules.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from coordination.errors import BadValue
from coordination.values import TeamId

Term = Literal["unplaced", "critical", "late", "known", "travel", "fair", "breaks", "local", "language", "changes"]
TERMS: tuple[Term, ...] = get_args(Term)
USUAL, MOST = 50, 100
LEAST: Mapping[Term, int] = {"unplaced": 10}  # a plan that may leave everything out is no plan
UNIT: Mapping[Term, float] = {
    "unplaced": 240.0,  # an open place of a visit, twice as much for each step of priority above the lowest
    "critical": 12.0,  # a minute outside the window of a time-critical visit
    "late": 2.0,  # a minute outside the window of any other
    "known": 20.0,  # a worker whom the person does not know
    "travel": 1.0,  # a minute on the way
    "fair": 0.25,  # a minute above an equal share of the day's work
    "breaks": 60.0,  # a worker without a break
    "local": 10.0,  # a visit outside the worker's neighbourhoods
    "language": 15.0,  # a worker who does not speak the person's language
    "changes": 60.0,  # a visit that stood on the board and goes to another worker or time
}


@dataclass(frozen=True, slots=True)
class Weight:
    """One row: 0 to 100. ``revision`` 0 is not kept yet; ``own`` is set by the team, not the city's default."""

    term: Term
    value: int
    revision: int = 0
    own: bool = False


@dataclass(frozen=True)
class Weights:
    """One of each term. Missing ones are as usual."""

    values: Mapping[Term, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Weight]) -> Weights:
        return cls({row.term: row.value for row in rows})

    def value(self, term: Term) -> int:
        return self.values.get(term, USUAL)

    def price(self, term: Term) -> float:
        """What one of a term costs, in minutes of travel at its usual weight."""
        return UNIT[term] * self.value(term) / USUAL

    def changed(self, **values: int) -> Weights:
        return Weights({**self.values, **check(values)})


@dataclass(frozen=True, slots=True)
class TeamWeights:
    """What stands for one team, one of each term in their order."""

    team: TeamId
    rows: tuple[Weight, ...]

    @property
    def weights(self) -> Weights:
        return Weights.of(self.rows)

    def row(self, term: Term) -> Weight:
        return next(row for row in self.rows if row.term == term)


def check(values: Mapping[str, int]) -> dict[Term, int]:
    """Raises BadValue by the name of the term: ``not_known``, ``out_of_range``."""
    found: dict[Term, int] = {}
    for name, value in values.items():
        term = next((t for t in TERMS if t == name), None)
        if term is None:
            raise BadValue(name, "not_known")
        if not LEAST.get(term, 0) <= value <= MOST:
            raise BadValue(name, "out_of_range")
        found[term] = value
    return found
