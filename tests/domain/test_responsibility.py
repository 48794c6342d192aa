"""P2: health by the practice, social care by residence; and whom to contact where it is not this city."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.people.model import Home, Person, PersonDraft, Place, Practice
from coordination.people.responsibility import Whose, whose
from coordination.people.rules import check, responsible_for
from coordination.reference.neighbours import FILE, around, parse
from coordination.reference.standing import BadReferenceFile
from coordination.values import PersonId, UserName, new_id
from ui.people.responsible import field_words, lines, sentence, whom

NORTH = Place(4, "Ancoats, Clayton and Bradford", "north")
SOUTH = Place(9, "Wythenshawe", "south")
IN_NORTH = Practice("P84001", "Example Practice", NORTH, "")
ELSEWHERE = Practice("P89001", "Faraway Surgery", None, "")


def person(home: Place | None, practice: Practice | None, postcode: str = "", address: str = "") -> Person:
    fields = check(PersonDraft(surname="Example", postcode=postcode, address=address), date(2026, 11, 22))
    lives = Home("E05000687", "Ancoats and Clayton", home) if home else None
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Person(PersonId(new_id()), fields, lives, practice, None, "low", "everything", at, UserName("x"), 1)


def both(found: Whose) -> tuple[str, str]:
    return found.health.why, found.social_care.why


CASES = [
    (person(NORTH, IN_NORTH, "M4 6AA"), ("practice", "residence"),
     "Neighbourhood: Ancoats, Clayton and Bradford, North."),
    (person(SOUTH, IN_NORTH, "M22 5AA"), ("practice", "residence"),
     "Health: Ancoats, Clayton and Bradford, North. Social care: Wythenshawe, South."),
    (person(SOUTH, None, "M22 5AA"), ("no_practice", "residence"),
     "Health: Wythenshawe, South (no GP: by residence). Social care: Wythenshawe, South."),
    (person(None, IN_NORTH, "M6 1AA"), ("practice", "lives_elsewhere"),
     "Health: Ancoats, Clayton and Bradford, North. Social care: lives in Salford."),
    (person(SOUTH, ELSEWHERE, "M22 5AA"), ("practice_elsewhere", "residence"),
     "Health: practice outside the city (Faraway Surgery). Social care: Wythenshawe, South."),
    (person(None, ELSEWHERE, "SK4 8AA"), ("practice_elsewhere", "lives_elsewhere"),
     "Health: practice outside the city (Faraway Surgery). Social care: lives in Stockport."),
    (person(None, None, "SK4 8AA"), ("lives_elsewhere", "lives_elsewhere"),
     "Health: no GP; lives in Stockport. Social care: lives in Stockport."),
    (person(None, None, "LS1 1AA"), ("lives_elsewhere", "lives_elsewhere"),
     "Health: no GP; lives outside the city (LS1). Social care: lives outside the city (LS1)."),
    (person(None, None, "M16 1AA"), ("perhaps_elsewhere", "perhaps_elsewhere"),
     "Health: no GP; lives in Trafford, probably (M16 is shared)."
     " Social care: lives in Trafford, probably (M16 is shared)."),
    (person(None, IN_NORTH, "M9 1ZZ"), ("practice", "not_in_table"),
     "Health: Ancoats, Clayton and Bradford, North."
     " Social care: in this city, where is not known (M9, postcode not in the table)."),
    (person(None, None, "", "No fixed abode"), ("no_fixed_abode", "no_fixed_abode"),
     "Health: no GP; no fixed abode. Social care: no fixed abode: this city, while they are here."),
    (person(None, IN_NORTH, "", "NFA"), ("practice", "no_fixed_abode"),
     "Health: Ancoats, Clayton and Bradford, North. Social care: no fixed abode: this city, while they are here."),
    (person(None, None), ("no_address", "no_address"),
     "Health: no GP; address not known. Social care: address not known."),
]  # fmt: skip


@pytest.mark.parametrize(("who", "why", "said"), CASES)
def test_each_case_is_told_apart_and_said(who: Person, why: tuple[str, str], said: str) -> None:
    found = whose(who)
    assert both(found) == why
    assert sentence(found) == said


@pytest.mark.parametrize("who", [case[0] for case in CASES])
@pytest.mark.parametrize("side", ["health", "social_care", "both"])
def test_it_agrees_with_how_a_referral_is_routed(who: Person, side: str) -> None:
    assert whose(who).of(side).place == responsible_for(side, who.responsibility)


def test_whom_to_contact_where_nobody_in_the_city_is_responsible() -> None:
    out = whose(person(None, IN_NORTH, "M6 1AA"))
    assert not out.of("health").elsewhere
    assert out.of("social_care").elsewhere
    assert whom(out.social_care, "social_care") == "Salford City Council, adult social care, number: look up"
    assert field_words("social_care", out) == (
        "Lives in Salford",
        "Salford City Council, adult social care, number: look up",
    )
    assert field_words("health", out) == ("Goes to Ancoats, Clayton and Bradford, North", "")
    far = whose(person(None, None, "LS1 1AA"))
    assert whom(far.health, "health") == "the health service where they live (LS1), number: look up"
    away = whose(person(SOUTH, ELSEWHERE, "M22 5AA"))
    assert field_words("health", away)[1] == "Faraway Surgery, number: look up"
    nowhere = whose(person(None, None, "", "no fixed abode"))
    assert not nowhere.of("social_care").elsewhere
    assert field_words("social_care", nowhere)[1] == ""


def test_what_is_plain_takes_one_line() -> None:
    assert [name for name, _ in lines(whose(CASES[0][0]))] == ["Neighbourhood"]
    assert all(len(lines(whose(who))) == 2 for who, _, _ in CASES[1:])


@given(st.from_regex(r"[A-Z]{1,2}[0-9][0-9]? [0-9][ABD-H][ABD-H]", fullmatch=True))
def test_any_postcode_has_an_answer(postcode: str) -> None:
    found = whose(person(None, None, postcode))
    assert found.social_care.place is None
    assert sentence(found)
    if found.social_care.elsewhere:
        assert whom(found.social_care, "social_care")


def test_the_neighbours_as_shipped() -> None:
    known = around()
    assert {n.lives_in for n in known.neighbours.values()} >= {
        "Salford", "Trafford", "Stockport", "Tameside", "Oldham", "Rochdale", "Bury",
    }  # fmt: skip
    assert not known.city & known.neighbours.keys()
    assert all(not neighbour.phone for neighbour in known.neighbours.values()), "none that nobody has looked up"
    assert all(neighbour.sure for code, neighbour in known.neighbours.items() if not code.startswith("M"))


ROW = '[[neighbour]]\nlives_in = "X"\ncouncil = "C"\nhealth = "H"\nphone = ""\noutward = ["X1"]\nshared = []\n'


@pytest.mark.parametrize(
    ("text", "row", "field"),
    [
        (ROW.replace('lives_in = "X"', 'lives_in = ""'), 1, "lives_in"),
        (ROW + ROW, 2, "outward: X1 twice"),
        ('city = ["X1"]\n' + ROW, 1, "outward: X1 twice"),
        (ROW + "fax = 1\n", 1, "fax"),
        (ROW.replace('["X1"]', '"X1"'), 1, "outward"),
        ('city = "M1"\n', 0, "city"),
    ],
)
def test_a_mistake_in_the_file_is_named(text: str, row: int, field: str) -> None:
    with pytest.raises(BadReferenceFile) as bad:
        parse(text)
    assert (bad.value.file, bad.value.row, bad.value.field) == (FILE, row, field)
