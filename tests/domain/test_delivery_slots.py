"""When an equipment team can still come (D6): what is offered can be kept, whatever it has been asked for already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.deployment.model import Board, Visit, Worker
from coordination.deployment.rules import obstacles
from coordination.equipment.deliveries import Asked, Errands, minutes_of, need_of, rules, skills_of
from coordination.equipment.model import OrderId
from coordination.equipment.search import search
from coordination.equipment.slots import TeamDays, free_slots, still_free
from coordination.values import PersonId, Window, new_id
from tests.domain.deployment_boards import DAY, SKILLS, TEAM, at, person, visit, worker

NOW = at(7, 0)
WHO = PersonId(new_id())


def asked(minutes: int = 30, workers: int = 1, skills: tuple[str, ...] = ()) -> Asked:
    return Asked(WHO, "PANKHURST, Emmeline", "north", "", (), minutes, workers, skills, "Bring: Commode")


def windows(team: TeamDays, wanted: Asked) -> list[Window]:
    return [s.window for s in free_slots(team, wanted, None, replace(rules(), days=1), NOW)]


def days(workers: list[Worker], visits: list[Visit]) -> TeamDays:
    return TeamDays(TEAM.id, TEAM.name, None, tuple(workers), tuple(visits))


def test_free_is_the_time_at_work_that_nothing_else_takes() -> None:
    driver, fitter = worker(1, hours=((8, 12),)), worker(2, hours=((10, 14),), skills=("fit_rails",))
    morning = [Window(at(8), at(10)), Window(at(10), at(12))]
    assert windows(days([driver], []), asked()) == morning
    assert windows(days([driver, fitter], []), asked(skills=("fit_rails",))) == [
        Window(at(10), at(12)), Window(at(12), at(14)),
    ]  # fmt: skip
    assert windows(days([driver, fitter], []), asked(workers=2)) == [Window(at(10), at(12))]
    long_ = visit(start=(8, 0), minutes=240, to=[(driver, (8, 0))])
    assert windows(days([driver], [long_]), asked()) == []
    ill = worker(1, hours=((8, 12),), away=(("sickness", 0, 24),))
    assert windows(days([ill], []), asked()) == []
    # Soon is not at once: the van has to be loaded.
    soon = free_slots(days([driver], []), asked(), None, replace(rules(), days=1), at(8, 30))
    assert [s.window for s in soon] == morning[1:]
    assert not still_free(days([driver], []), asked(), None, rules(), at(9), Window(at(8), at(10)))


def test_what_waits_for_a_worker_counts_as_asked_already() -> None:
    driver = worker(1, hours=((8, 10),))
    waiting = [visit(f"Waits{n}", start=(8, 0), minutes=55, window=60) for n in range(3)]
    assert windows(days([driver], waiting[:1]), asked(30)) == [Window(at(8), at(10))]
    assert windows(days([driver], waiting[:2]), asked(30)) == []  # both fill the two hours
    assert windows(days([driver], waiting), asked(5)) == []  # one of three has no place: nothing more is offered then


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_offered_can_be_placed_beside_everything_that_stands(data: st.DataObject) -> None:
    hours = st.integers(8, 11).flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, 14)))
    some = st.sets(st.sampled_from(("hoist", "insulin")))
    crew = [worker(n, hours=(data.draw(hours),), skills=sorted(data.draw(some))) for n in range(1, 4)]
    held: list[Visit] = []
    for n, each in enumerate(crew):
        for start in sorted(data.draw(st.sets(st.integers(32, 52), max_size=3))):  # quarters of an hour
            minutes = data.draw(st.sampled_from((15, 30)))
            begin = (start // 4, start % 4 * 15)
            one = visit(f"Held{n}{start}", start=begin, minutes=minutes, to=[(each, begin)])
            board = Board(TEAM, DAY, tuple(crew), tuple(held), skills=SKILLS)
            bare = replace(one, allocations=())
            if not obstacles(board, bare, each, at(*begin)):
                held.append(one)
    wanted = asked(data.draw(st.sampled_from((15, 40, 70))), 1, tuple(sorted(data.draw(some))))
    board = Board(TEAM, DAY, tuple(crew), tuple(held), skills=SKILLS)
    new = replace(visit("New", minutes=wanted.minutes), skills=wanted.skills)
    for window in windows(days(crew, held), wanted):
        starts = [window.start + timedelta(minutes=5 * n) for n in range(window.minutes // 5)]
        assert any(not obstacles(board, new, each, start) for each in crew for start in starts)


def test_what_a_visit_says_and_how_long_it_takes() -> None:
    bed = Errands("bring", OrderId(new_id()), WHO, "Hospital bed BED-7", 70, 2, ("two_person_lift",), True)
    frame = Errands("bring", OrderId(new_id()), WHO, "2 × Walking frame", 10, 1, ())
    back = Errands("collect", OrderId(new_id()), WHO, "Commode", 15, 1, ())
    said = "Bring and fit: Hospital bed BED-7. Bring: 2 × Walking frame. Collect: Commode"
    assert need_of([bed, frame, back]) == said
    assert minutes_of([bed]) == 70 and minutes_of([frame, bed, back]) == 85
    assert len(need_of([replace(frame, what="x" * 300)] * 3)) == 500
    assert skills_of("grab_rail", fitting=True, workers=1) == ("fit_rails",)
    assert skills_of("hoist_mobile", fitting=True, workers=2) == ("two_person_lift", "fit_hoist")
    assert skills_of("toilet_frame", fitting=True, workers=1) == ()
    assert person("Turing").listed and search("", ()) == ()
