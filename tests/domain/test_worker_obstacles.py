"""What keeps one worker from one person: somebody they are not to visit, a day that is full (D2)."""

from __future__ import annotations

from dataclasses import replace

from coordination.deployment import rules, suggest
from coordination.deployment.model import Elsewhere, Place
from coordination.values import TeamId, VisitId, new_id
from tests.domain.deployment_boards import at, board, person, span, visit, worker
from ui.deployment import words


def test_who_is_not_to_go_there_never_is_whatever_the_time() -> None:
    who = person("Adams")
    amina = replace(worker(1, "Amina"), not_to=frozenset({who.id}))
    asked = visit(who=who)
    on = board([amina, worker(2, "Bola")], [asked])
    (found,) = rules.obstacles(on, asked, amina, at(10))
    assert found.code == "may_not_visit"
    assert words.full(found) == "Amina is not to visit ADAMS, Emmeline. The team lead knows why."
    assert words.short(found) == "not to visit this person"
    assert suggest.open_starts(on, asked, amina) == ()
    first, last = suggest.who_could_take(on, asked)
    assert (first.worker.name, last.worker.name, last.start) == ("Bola", "Amina", None)
    assert rules.refused_by_database("allocation_worker_may_visit").code == "may_not_visit_unseen"
    # said after the visit was given: it is told of, and the worker is at nobody else's door
    given = visit(who=who, to=[(amina, (9, 0))])
    (left,) = rules.lasting(board([amina], [given]), given, given.allocations[0])
    assert left.code == "may_not_visit"


def test_a_day_with_people_has_its_limit_here_and_elsewhere() -> None:
    amina = replace(worker(1, "Amina"), most_minutes=120)
    held, asked = visit("Davies", (8, 0), to=[(amina, (8, 0))]), visit("Adams", (11, 0))
    away = Elsewhere(amina.id, VisitId(new_id()), TeamId(2), "BROWN", span((13, 0), (13, 45)))
    full = board([amina], [held, asked], elsewhere=(away,))
    assert rules.contact_minutes(full, amina) == 90
    (found,) = rules.obstacles(full, asked, amina, at(11))
    assert (found.code, found.fact("given"), found.fact("most")) == ("contact_limit", 90, 120)
    said = words.full(found)
    assert said == "Amina may be with people for 2 h a day and has 1 h 30 min already; this takes 45 min more."
    assert words.short(found) == "full: 1 h 30 min of 2 h with people"
    # what they have already may be moved within the day
    assert rules.obstacles(full, held, amina, at(9)) == ()
    assert rules.obstacles(board([amina], [held, asked]), asked, amina, at(11)) == ()


def test_a_worker_without_a_base_is_suggested_like_any_other() -> None:
    who = replace(person("Adams"), place=Place(53.5, -2.2))
    asked = visit(who=who)
    nowhere, near = replace(worker(1, "Amina"), place=None), worker(2, "Bola", place=Place(53.5, -2.2))
    found = suggest.who_could_take(board([nowhere, near], [asked]), asked)
    assert {c.worker.name for c in found if c.start} == {"Amina", "Bola"}
    amina = next(c for c in found if c.worker.name == "Amina")
    assert [r.code for r in amina.reasons] == ["load"]


def test_a_person_said_to_be_known_speaks_for_a_worker() -> None:
    who = person("Adams")
    knows = replace(worker(2, "Zed"), knows=frozenset({who.id}))
    asked = visit(who=who)
    found = suggest.who_could_take(board([worker(1, "Amina"), knows], [asked]), asked)
    assert found[0].worker.name == "Zed" and "knows_person" in {r.code for r in found[0].reasons}
