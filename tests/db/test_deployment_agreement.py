"""The checker of the screen and the constraints of the database say the same (D2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from coordination.deployment.model import Board
from coordination.deployment.rules import explains, obstacles, partner_of, slot_for
from coordination.values import TeamId, VisitId, WorkerId, new_id
from db.stores.deployment import PgDeploymentStore
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, REABLEMENT, at

_QUARTERS = st.integers(0, 99).map(lambda n: at(0) + timedelta(minutes=15 * n))
_MORNING = st.integers(0, 11).map(lambda n: at(8) + timedelta(minutes=15 * n))
_SKILLS = st.lists(st.sampled_from(["insulin", "wound_care"]), unique=True)


@dataclass(frozen=True)
class Ask:
    """One visit asked for, and the workers who are tried on it at a time."""

    start: datetime
    minutes: int
    needed: int
    skills: list[str]
    gender: str | None
    over: bool
    tries: list[tuple[int, datetime]]


@dataclass(frozen=True)
class Person:
    """One worker: gender, skills with the days they still last, shifts and absences in quarters of an hour."""

    gender: str
    skills: dict[str, int | None]
    shifts: list[tuple[str, datetime, int]]


_SHIFTS = st.sampled_from(
    [
        [],
        [("work", at(7), 480)],
        [("work", at(7), 480)],
        [("work", at(7), 90), ("work", at(8, 30), 240)],
        [("work", at(0), 1440)],
    ]
) | st.lists(st.tuples(st.just("work"), _QUARTERS, st.sampled_from([60, 240, 900])), max_size=3)
_ABSENCES = st.just([]) | st.lists(
    st.tuples(st.sampled_from(["leave", "sickness"]), _QUARTERS, st.sampled_from([60, 240])), max_size=1
)
_ASKS = st.builds(
    Ask,
    _MORNING,
    st.sampled_from([15, 45, 240]),
    st.integers(1, 2),
    _SKILLS,
    st.sampled_from([None, None, None, "female"]),
    st.sampled_from([False] * 7 + [True]),
    st.lists(st.tuples(st.integers(0, 2), _MORNING | _QUARTERS), min_size=1, max_size=5),
)
_PEOPLE = st.builds(
    Person,
    st.sampled_from(["female", "male"]),
    st.dictionaries(st.sampled_from(["insulin", "wound_care"]), st.sampled_from([None, -1, 0, 1])),
    st.tuples(_SHIFTS, _ABSENCES).map(lambda both: [*both[0], *both[1]]),
)


def accepted(c: Connection, statement: str, **values: object) -> bool:
    """Whether the database takes it; if not, it must be for one of the reasons that have an obstacle."""
    point = c.begin_nested()
    try:
        c.execute(text(statement), values)
    except DBAPIError as error:
        point.rollback()
        assert isinstance(error.orig, psycopg.Error)
        constraint = error.orig.diag.constraint_name or ""
        assert explains(constraint) or constraint == "shift_one_at_a_time", constraint
        return False
    point.commit()
    return True


def put_workers(c: Connection, team: TeamId, people: list[Person]) -> list[WorkerId]:
    made = []
    for n, one in enumerate(people):
        insert = "insert into worker (team_id, name, gender, lat, lon) values (:t, :n, :g, 53.5, -2.2) returning id"
        worker = c.execute(text(insert), {"t": team, "n": f"W{n}", "g": one.gender}).scalar_one()
        for skill, days in one.skills.items():
            expires = None if days is None else DAY + timedelta(days=days)
            c.execute(text("insert into worker_skill values (:w, :s, :e)"), {"w": worker, "s": skill, "e": expires})
        for kind, start, minutes in one.shifts:
            end = start + timedelta(minutes=minutes)
            accepted(
                c,
                "insert into shift (worker_id, kind, period) values (:w, :k, tstzrange(:a, :b))",
                **{"w": worker, "k": kind, "a": start, "b": end},
            )
        made.append(WorkerId(worker))
    return made


def put_visit(c: Connection, team: TeamId, person: object, ask: Ask) -> VisitId:
    made = VisitId(new_id())
    insert = (
        "insert into visit (id, person_id, team_id, day, arrive, minutes, workers_needed, need, gender_asked)"
        " values (:i, :p, :t, :d, tstzrange(:a, :b), :m, :n, 'Breakfast', :g)"
    )
    values = {"i": made, "p": person, "t": team, "d": DAY, "a": ask.start, "b": ask.start + timedelta(hours=1)}
    c.execute(text(insert), {**values, "m": ask.minutes, "n": ask.needed, "g": ask.gender})
    for skill in ask.skills:
        c.execute(text("insert into visit_skill values (:v, :s)"), {"v": made, "s": skill})
    return made


def test_what_the_rules_allow_the_database_accepts_and_the_other_way_round(centre_db: CentreDb) -> None:
    with centre_db.owner.connect() as c:
        team = TeamId(c.execute(text("select id from team where name = :n"), {"n": REABLEMENT}).scalar_one())
        person = new_id()
        c.execute(text("insert into person (id, surname) values (:i, 'Pankhurst')"), {"i": person})
        store = PgDeploymentStore(c)

        seen: set[str] = set()

        @settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(_PEOPLE, min_size=3, max_size=3), st.lists(_ASKS, min_size=1, max_size=4))
        def agree(people: list[Person], asks: list[Ask]) -> None:
            whole = c.begin_nested()
            try:
                workers = put_workers(c, team, people)
                for ask in asks:
                    visit = put_visit(c, team, person, ask)
                    if ask.over:
                        c.execute(text("update visit set state = 'done' where id = :v"), {"v": visit})
                    board = board_of(store, team)
                    for number, start in ask.tries:
                        found = compare(board, c, visit, workers[number], start)
                        seen.update(found or {""})
                        if not found:  # what was refused has left everything as it was
                            board = board_of(store, team)
            finally:
                whole.rollback()

        agree()
        c.rollback()
        every = {"", "busy", "off_shift", "not_working", "away", "lacks_skill", "gender_asked", "visit_over"}
        assert seen >= {*every, "another_day", "fully_placed"}, "the examples do not try everything"


def board_of(store: PgDeploymentStore, team: TeamId) -> Board:
    board = store.board(team, DAY)
    assert board is not None
    return board


def compare(board: Board, c: Connection, visit_id: VisitId, worker_id: WorkerId, start: datetime) -> set[str]:
    """One worker tried on one visit, by the rules and by the database; what was in the way."""
    visit, worker = board.visit_by_id[visit_id], board.worker_by_id[worker_id]
    slot = slot_for(visit, worker_id) or 1
    own = visit.of_worker(worker_id)
    if own is not None:  # a worker who is there already is moved, not sent twice
        statement = "update allocation set period = {0} where id = :i"
        same: dict[str, object] = {"i": own.id}
    else:
        statement = "insert into allocation (id, visit_id, worker_id, slot, period) values (:i, :v, :w, :s, {0})"
        same = {"i": new_id(), "v": visit_id, "w": worker_id, "s": slot}
    partner = partner_of(visit, slot)
    when = partner.window.start if partner else start  # that halves begin together is the service's to hold
    period = "tstzrange(cast(:a as timestamptz), cast(:a as timestamptz) + make_interval(mins => :m))"
    taken = accepted(c, statement.format(period), a=when, m=visit.minutes, **same)
    found = obstacles(board, visit, worker, when)
    assert taken == (found == ()), (taken, found)
    return {o.code for o in found}
