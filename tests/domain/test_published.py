"""What differs from a published plan, and the sheets that say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from coordination.deployment.model import Board, Visit
from coordination.deployment.published import (
    CHANGE_KINDS,
    Changes,
    Edition,
    Published,
    PublishedVisit,
    changes_since,
    compare,
    words_of,
)
from coordination.deployment.sheets import SheetData, sheets
from coordination.values import Window
from tests.domain.deployment_boards import DAY, TEAM, alert, at, board, person, visit, worker

AMINA, BOLA, CEM = worker(1, "Amina"), worker(2, "Bola"), worker(3, "Cem")


def published(of: Board, version: int = 1) -> Published:
    rows = (PublishedVisit(v.id, a.worker_id, a.slot, a.window, words_of(v)) for v in of.visits for a in v.allocations)
    return Published(Edition(uuid4(), TEAM.id, DAY, version, "m.shaw", "M. Shaw", at(7, 12)), tuple(rows))


def given_to(v: Visit, *to: tuple[object, tuple[int, int]]) -> Visit:
    fresh = visit(to=to, minutes=v.minutes).allocations  # type: ignore[arg-type]
    return replace(v, allocations=fresh)


def told(changes: Changes) -> list[tuple[str, int]]:
    return [(c.kind, c.worker_id) for c in changes.all]


STAYS, MOVES, GOES, LOST, OTHER = (visit(name, start=(8 + n, 0)) for n, name in enumerate("ABCDE"))
BOTH = visit("F", start=(13, 0), workers_needed=2)


def morning() -> Board:
    to_amina = [given_to(v, (AMINA, (8 + n, 0))) for n, v in enumerate((STAYS, MOVES, GOES, LOST, OTHER))]
    return board([AMINA, BOLA, CEM], [*to_amina, given_to(BOTH, (AMINA, (13, 0)), (BOLA, (13, 0)))])


def afternoon() -> Board:
    fresh = visit("New", start=(14, 0), to=[(CEM, (14, 0))])
    return board(
        [AMINA, BOLA, CEM],
        [
            given_to(STAYS, (AMINA, (8, 0))),
            given_to(MOVES, (AMINA, (9, 30))),
            replace(GOES, state="cancelled"),
            LOST,
            given_to(OTHER, (CEM, (12, 0))),
            given_to(BOTH, (AMINA, (13, 0)), (CEM, (13, 0))),
            fresh,
        ],
    )


def test_each_kind_of_change_is_told_to_whom_it_concerns() -> None:
    found = changes_since(afternoon(), published(morning()))
    kinds = {(c.visit_id, c.worker_id): c.kind for c in found.all}
    new = next(v for v, w in kinds if w == 3 and v not in (OTHER.id, BOTH.id))
    assert kinds == {
        (MOVES.id, 1): "moved",
        (GOES.id, 1): "cancelled",
        (LOST.id, 1): "taken_off",
        (OTHER.id, 1): "taken_off",
        (OTHER.id, 3): "new",
        (BOTH.id, 1): "other_worker",
        (BOTH.id, 2): "taken_off",
        (BOTH.id, 3): "new",
        (new, 3): "new",
    }
    assert found.kind_of(OTHER.id) == found.kind_of(BOTH.id) == "other_worker"
    assert found.kind_of(STAYS.id) is None and len(found) == 6
    moved = found.of_pair[MOVES.id, AMINA.id][0]
    assert (moved.was, moved.now) == (Window.of(at(9), 45), Window.of(at(9, 30), 45))
    assert found.of_pair[OTHER.id, AMINA.id][0].others == (CEM.id,)
    assert {c.kind for c in found.all} <= set(CHANGE_KINDS)


def test_how_a_visit_went_is_no_change_of_the_plan() -> None:
    before = morning()
    after = replace(before, visits=tuple(replace(v, state="no_access") for v in before.visits))
    assert not changes_since(after, published(before)).all


def test_other_words_are_told_and_unknown_ones_are_not() -> None:
    before = board([AMINA], [visit("A", to=[(AMINA, (9, 0))])])
    (was,) = before.visits
    plan = published(before)
    for changed in (
        replace(was, need="Insulin"),
        replace(was, skills=("hoist",)),
        replace(was, person=replace(was.person, access_notes="Side door")),
        replace(was, person=replace(was.person, alerts=(alert("infection", "x"),))),
    ):
        after = replace(before, visits=(changed,))
        assert told(changes_since(after, plan)) == [("other_words", 1)]
        for unknown in (None, "0:abc"):
            rows = tuple(replace(r, words=unknown) for r in plan.rows)
            assert not changes_since(after, replace(plan, rows=rows)).all
    assert "Washing" not in words_of(was) and len(words_of(was)) <= 80
    assert words_of(was) != words_of(replace(was, id=visit().id)), "two visits of the same words are not alike"


def test_versions_are_compared_like_boards() -> None:
    one, two = published(morning()), published(afternoon(), 2)
    assert len(compare(one, two)) == 6 and not compare(two, two).all
    # without the board nobody knows that a visit was cancelled: it is off the worker's list
    assert [c.kind for c in compare(one, two).of_visit[GOES.id]] == ["taken_off"]
    back = {(c.visit_id, c.worker_id) for c in compare(two, one).all}
    assert back == {(c.visit_id, c.worker_id) for c in compare(one, two).all}


_TO = st.tuples(st.sampled_from([AMINA, BOLA, CEM]), st.integers(7, 20))
_DAYS = st.lists(st.lists(_TO, max_size=2, unique_by=lambda p: p[0].id), min_size=5, max_size=5)


@given(_DAYS, _DAYS)
def test_changes_are_complete_and_lead_from_one_plan_to_the_other(first: object, second: object) -> None:
    def day(which):  # type: ignore[no-untyped-def]
        visits = (STAYS, MOVES, GOES, LOST, OTHER)
        return board(
            [AMINA, BOLA, CEM],
            [given_to(v, *[(w, (h, 0)) for w, h in to]) for v, to in zip(visits, which, strict=True)],
        )

    before, after = day(first), day(second)
    found = changes_since(after, published(before))

    def rows(b: Board) -> dict[object, Window]:
        return {(v.id, a.worker_id): a.window for v in b.visits for a in v.allocations}

    replayed = rows(before)
    for change in found.all:
        if change.now is None:
            del replayed[change.visit_id, change.worker_id]
        else:
            replayed[change.visit_id, change.worker_id] = change.now
    assert replayed == rows(after)
    assert bool(found.all) == (rows(before) != rows(after))


# ---------------------------------------------------------------- sheets


def sheet_of(data: SheetData, number: int) -> dict[str, list[str]]:
    (found,) = [w for w in data.workers if w.worker_id == number]
    return {line.name.split(",")[0]: [c.kind for c in line.changes] for line in found.lines}


def test_sheets_are_of_the_published_plan_with_what_changed_since() -> None:
    data = sheets(afternoon(), at(14), "Tess", published=published(morning()))
    assert data.edition is not None and (data.edition.version, data.edition.changes) == (1, 6)
    assert sheet_of(data, 1) == {
        "A": [], "B": ["moved"], "C": ["cancelled"], "D": ["taken_off"], "E": ["taken_off"], "F": ["other_worker"],
    }  # fmt: skip
    assert sheet_of(data, 2) == {"F": ["taken_off"]}, "who has nothing left is told so"
    off = next(n for n in data.workers[0].lines if n.name.startswith("E"))
    assert off.is_off and off.changes[0].others == ("Cem",)
    assert (off.address, off.need, off.access, off.risks) == ("", "", "", ()), "no more than it takes not to go"
    only = data.changed()
    assert sheet_of(only, 1).keys() == {"B", "C", "D", "E", "F"} and only.only_changes and only.unplaced == ()


def test_a_day_that_was_never_published_is_a_draft_and_has_no_changes() -> None:
    data = sheets(afternoon(), at(14), "Tess")
    assert data.edition is None and all(not n.changes for w in data.workers for n in w.lines)
    assert data.changed().workers == ()


def test_the_hour_that_comes_twice_is_no_change() -> None:
    """25-Oct-2026: 01:30 comes twice; a visit published for the first is another one than for the second."""
    night = datetime.fromisoformat("2026-10-25T00:30:00+00:00")
    first = visit("A", to=[(AMINA, (9, 0))])
    early = replace(first, allocations=(replace(first.allocations[0], window=Window.of(night, 45)),))
    late_window = Window.of(night + timedelta(hours=1), 45)
    late = replace(first, allocations=(replace(first.allocations[0], window=late_window),))
    plan = published(board([AMINA], [early]))
    assert not changes_since(board([AMINA], [early]), plan).all
    assert told(changes_since(board([AMINA], [late]), plan)) == [("moved", 1)]


def test_a_stranger_on_the_plan_is_no_trouble() -> None:
    """A row whose visit is not on the board any more, and a worker who has left the team."""
    plan = published(board([CEM], [visit("Gone", to=[(CEM, (9, 0))])]))
    data = sheets(board([AMINA], [visit(who=person(), to=[(AMINA, (9, 0))])]), at(9), "Tess", published=plan)
    assert [w.name for w in data.workers] == ["Amina"] and data.edition is not None and data.edition.changes == 2
