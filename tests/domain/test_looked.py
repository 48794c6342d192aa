"""Looks put together by day and user; who looked at whom, and what one might ask (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import AlreadyExists, BrokenRule, NotAllowed, NotFound
from coordination.governance.looked import Colleague, Entries, Whose, lookings, page_of
from coordination.governance.looked_by import ENOUGH_OTHERS, user_looks, usual_of
from coordination.governance.trail_notes import refused_by

DAY = date(2026, 11, 20)
PERSON = uuid4()
LEE = Colleague("lee.lead", "Lée Akhtar", "team_lead", "North", "north", True)


def entries(
    action: str = "view", area: str = "person", facts: Sequence[str] = ("sharing:everything",), *, day: date = DAY,
    actor: str = "lee.lead", role: str | None = "team_lead", person: UUID | None = PERSON, hour: int = 9,
) -> Entries:  # fmt: skip
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Entries(day, actor, role, action, area, 1, at, at, tuple(facts), person)


def reason(*rows: Entries) -> str:
    (found,) = lookings(rows)
    return found.reason


def test_a_reason_is_what_they_had_to_do_with_the_person_or_their_own_work_that_day() -> None:
    assert reason(entries(facts=("sharing:summary", "why:visit"))) == "known"
    assert reason(entries()) == "none"
    assert reason(entries(facts=())) == "not_noted", "before reasons were noted"
    assert reason(entries(), entries("insert", "contact", ())) == "own_work"
    assert reason(entries(), entries("update", "person", ())) == "none", "changing who they are explains no look"
    assert reason(entries(), entries("refused", "person", ("how:not_there",))) == "none"
    assert reason(entries("load", "training", (), role=None)) == "system"
    by_emergency = lookings([entries(facts=("sharing:named_teams", "why:emergency", "emergency_access:1"))])[0]
    assert by_emergency.by_emergency and not by_emergency.unexplained


def test_those_without_a_reason_come_first_then_the_newest() -> None:
    rows = [
        entries(facts=("sharing:everything", "why:visit"), day=DAY + timedelta(days=1)),
        entries(actor="a", hour=8), entries(actor="b", hour=10),
        entries(actor="c", facts=("sharing:everything", "why:plan")),
    ]  # fmt: skip
    assert [x.actor for x in lookings(rows)] == ["b", "a", "lee.lead", "c"]


@given(
    st.lists(
        st.builds(
            entries, st.sampled_from(["view", "print", "insert", "update", "refused", "odd"]),
            st.sampled_from(["person", "contact", "visit"]),
            st.lists(st.sampled_from(["sharing:everything", "why:visit", "team:7", "x"])),
            day=st.dates(DAY, DAY + timedelta(days=3)), actor=st.sampled_from(["a", "b"]),
        )
    )
)  # fmt: skip
def test_nothing_is_lost_or_doubled_by_putting_together(rows: list[Entries]) -> None:
    found = lookings(rows)
    assert sum(x.times for x in found) == len(rows)
    assert len({(x.day, x.actor) for x in found}) == len(found)
    for looking in found:
        assert looking.unexplained == (looking.reason == "none")


@given(st.lists(st.integers(0, 6), max_size=30), st.integers(1, 10))
def test_a_page_ends_with_a_whole_day(days: list[int], limit: int) -> None:
    rows = [entries(day=DAY - timedelta(days=n)) for n in sorted(days)]
    kept, more = page_of(rows[: limit + 1], limit)
    assert len(kept) <= limit and list(kept) == rows[: len(kept)]
    assert (more is None) == (len(rows) <= limit)
    if more is not None:
        assert kept and kept[-1].day == more
        one_day = len({row.day for row in kept}) == 1
        assert one_day or all(row.day != more for row in rows[len(kept) :]), "what is older begins with another day"


def test_hints_are_of_the_users_name_their_namesakes_address_and_colleagues() -> None:
    def whose(name: str, surname: str, address: str = "") -> Whose:
        return Whose(uuid4(), surname, name, "", None, None, address, "M1 1AA", "everything")

    own, relative = whose("Lee", "AKHTAR", "1 Mill Lane"), whose("Sam", "Akhtar")
    lodger, colleague = whose("Ida", "Else", "1 mill  lane"), whose("Ngozi", "Okafor")
    stranger = whose("No", "Body", "1 Mill Lane North")
    people = [own, relative, lodger, colleague, stranger]
    colleagues = [LEE, Colleague("n", "Ngozi Okafor", "team_lead", "", None, True)]
    rows = [entries(person=p.id) for p in people]
    found = user_looks(LEE, rows, {p.id: p for p in people}, colleagues, [])
    assert {p.person: p.hints for p in found.people} == {
        own.id: ("own_name",), relative.id: ("same_surname",), lodger.id: ("own_address",),
        colleague.id: ("colleague",), stranger.id: (),
    }  # fmt: skip
    assert found.people[-1].person == stranger.id and found.people[-1].unexplained == 1


def test_what_is_usual_is_said_only_of_enough_others_and_well_above_it() -> None:
    assert usual_of([5] * (ENOUGH_OTHERS - 1)) is None
    others = [("x", DAY - timedelta(days=n), 8 + n % 3) for n in range(40)]
    mine = [entries(person=uuid4()) for _ in range(30)] + [entries(person=uuid4(), day=DAY - timedelta(days=1))]
    found = user_looks(LEE, mine, {}, [LEE], [*others, ("lee.lead", DAY, 900)])
    assert found.usual is not None and found.usual.high <= 10, "the user's own days are none of the others'"
    assert [found.unusual(day) for day in found.days] == [True, False]


def test_which_errors_are_refusals() -> None:
    noted = refused_by(NotFound("people", str(PERSON)))
    assert noted is not None and (noted.kind, noted.person) == ("not_there", PERSON)
    assert refused_by(NotFound("people", "no id")) is None
    assert refused_by(NotFound("intake", str(PERSON))) is None
    assert refused_by(AlreadyExists("person_nhs_number")) is None
    found = refused_by(BrokenRule("x" * 90, "what was typed"))
    assert found is not None and (found.kind, found.record) == ("rule", "x" * 63)
    assert refused_by(NotAllowed("")) is not None
