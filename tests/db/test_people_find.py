"""Finding people as a caller names them: any order, any part, misspelt."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from coordination.people.distance import near
from coordination.people.model import AroundDraft, Match, PersonDraft, PersonRow
from coordination.people.resemblance import fold
from coordination.people.service import People
from coordination.values import PersonId, is_storable, new_id
from db.engine import connect
from db.stores import people_find
from tests.database import CentreDb, Cluster
from tests.db.test_people import statements

SURNAMES = (
    "Pankhurst", "Smith", "Smyth", "Jones", "Ahmed", "Hussain", "Khan", "Okonkwo", "Adeyemi", "Kowalski", "Nowak",
    "Nguyen", "Chen", "Patel", "O'Brien", "Murphy", "Davies", "Begum", "Taylor", "Walker", "Whitehead", "Hassan",
    "Ali", "Lee", "Li", "Ng", "Fitzgerald", "Papadopoulos", "Wojciechowski", "Ramirez",
)  # fmt: skip
GIVENS = (
    "Emmeline", "Sylvia", "John", "Fatima", "Mohammed", "Chidi", "Agnieszka", "Linh", "Wei", "Priya", "Sean", "Mary",
    "Ann", "Amina", "Peter",
)  # fmt: skip


@pytest.fixture
def crowd(centre_db: CentreDb) -> tuple[CentreDb, People]:
    """450 people with every pair of those names, each with a day, a postcode and a number of their own."""
    rows = [
        {
            "id": new_id(),
            "surname": surname,
            "given": given,
            "born": date(1930, 1, 1) + timedelta(days=53 * n),
            "postcode": f"M{n % 20 + 1} {n // 20 % 10}A{'ABD'[n // 200]}",
            "phone": f"0161 4{n:06d}",
        }
        for n, (surname, given) in enumerate((s, g) for s in SURNAMES for g in GIVENS)
    ]
    with centre_db.owner.begin() as connection:
        connection.execute(
            text(
                "insert into person (id, surname, given, birth_date, postcode, phone)"
                " values (:id, :surname, :given, :born, :postcode, :phone)"
            ),
            rows,
        )
        connection.execute(text("analyze person, name_lexicon"))
    return centre_db, centre_db.sign_in("cora.coordinator").services.people


def names(rows: list[PersonRow]) -> list[tuple[str, str]]:
    return [(row.surname, row.given) for row in rows]


def test_any_order_and_any_part(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    wanted = next(r for r in people.find("Pankhurst, Emmeline") if r.given == "Emmeline")
    assert wanted.birth_date is not None
    assert wanted.postcode is not None
    day = wanted.birth_date
    for typed in (
        f"emmeline pankhurst {day:%d/%m/%y}",
        f"{day:%d %b %Y} PANKHURST",
        f"pank em {day.year}",
        f"{wanted.postcode} emmeline",
        f"{wanted.postcode.outward} pankhurst emmeline",
        wanted.phone,
        wanted.phone.replace("0161", "+44 (0)161"),
        f"pankhurst emm {wanted.phone[:9]}",
        f"Mrs Pankhurst {day.isoformat()}",
        f"{day:%d%m%Y}",
    ):
        assert people.find(typed)[0].id == wanted.id, typed


def test_says_why(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    wanted = people.find("Pankhurst, Emmeline")[0]
    assert wanted.matched == (Match("surname", "exact"), Match("given", "exact"))
    (found,) = [r for r in people.find("pankhrust emm") if r.id == wanted.id]
    assert found.matched == (Match("surname", "misspelt"), Match("given", "prefix"))
    wrong_day = people.find(f"pankhurst emmeline {wanted.birth_date.replace(year=1961):%d/%m/%Y}")[0]  # type: ignore[union-attr]
    assert wrong_day.id == wanted.id
    assert Match("birth_date", "differs") in wrong_day.matched


def test_what_cannot_be_read_finds_nobody(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    for typed in ("", "   ", "?!", "12", "\0", "%", "_", "'"):
        assert people.find(typed) == [], typed
    assert people.find("Zzyzx") == []


def test_limit_and_order(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    assert names(people.find("li", 3)) == [("Li", "Agnieszka"), ("Li", "Amina"), ("Li", "Ann")]
    assert len(people.find("smith", 5)) == 5


def test_compound_names_are_found_by_their_parts_together(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    person = people.register(PersonDraft(surname="Smith-Jones", given="Mary Ann", known_as="Molly"), PersonId(new_id()))
    for typed in ("smith jones", "smith-jones mary", "mary ann smith jones", "smithjones molly"):
        assert people.find(typed)[0].id == person.id, typed


def test_somebody_is_found_by_their_daughters_telephone(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    person = people.find("okonkwo fatima")[0]
    people.add_around(person.id, AroundDraft("Ngozi", "daughter", "07700 900123", True), new_id())
    (found,) = people.find("07700900123")
    assert (found.id, found.matched) == (person.id, (Match("around_phone", "exact"),))


def _slips(name: str, random_: random.Random) -> list[str]:
    """One slip of each kind at a random place: a letter dropped, doubled, changed, or swapped with the next."""
    at = random_.randrange(len(name) - 1)
    other = random_.choice("aeiourstln".replace(name[at], ""))
    return [
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + other + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    ]


def test_every_single_slip_in_a_surname_is_forgiven(crowd: tuple[CentreDb, People]) -> None:
    _, people = crowd
    random_ = random.Random(7)
    tried = 0
    for surname in SURNAMES:
        if len(surname) < 5:
            continue
        rows = people.find(f"{surname}, Fatima")
        wanted = next(r for r in rows if (r.surname, r.given) == (surname, "Fatima"))
        for slip in _slips(surname.lower(), random_):
            tried += 1
            assert wanted.id in {r.id for r in people.find(f"{slip} fatima")}, slip
            assert people.find(f"{slip} {wanted.birth_date:%d/%m/%Y}")[0].id == wanted.id, slip
    assert tried > 80


def test_one_statement_and_three_for_a_name_that_is_misspelt(crowd: tuple[CentreDb, People]) -> None:
    database, _ = crowd
    desk = database.sign_in("cole.coordinator")
    people = desk.services.people
    asked: set[str] = set()
    for typed, queries in (
        ("smith", 1), ("li", 1), ("pankhurst emmeline 14/7/45", 1), ("9434765919", 1), ("a b c d e f", 2),
        ("smtih jonh 1950 m9", 3), ("smtih", 3), ("0161 496 0000 M13 9WP khan fatima", 1), ("0161 496", 1), ("1951", 1),
        ("m14", 1), ("m14 5 1951", 1), ("o'brien", 1), ("ŁUKASZ müller", 3), ("Άννα", 3),
    ):  # fmt: skip
        with statements(desk.engine) as seen:
            people.find(typed)
        assert len(seen) == queries, (typed, len(seen))
        asked.update(one for one in seen if "by_surname" in one)
    with statements(desk.engine) as seen:
        people.likely_duplicates(PersonDraft(surname="Smith", given="Jo", birth_date="1/2/1950", postcode="M1 1AA"))
        people.likely_duplicates(PersonDraft(phone="0161 496 0000"))
    assert len(seen) == 2
    assert len({*asked, *seen}) == 1, "another statement would need a plan of its own"


def test_names_are_folded_here_as_in_the_database(cluster: Cluster) -> None:
    """Or not at all: other letters are left to it."""
    near_latin = st.characters(max_codepoint=0x24F) | st.characters(min_codepoint=0x300, max_codepoint=0x36F)
    with connect(cluster.server.dsn("centre_owner"), cluster.password, autocommit=True) as connection:

        @settings(max_examples=100, deadline=None)
        @given(st.text(near_latin.filter(is_storable), max_size=12))
        def folds_alike(name: str) -> None:
            here = people_find.folded_here(name)
            there = connection.execute("select fold(%s)", [name]).fetchone()
            assert here is None or (here,) == there, name
            assert here is not None or not name.isascii()

        folds_alike()


def test_the_lexicon_tells_every_name_that_is_near(crowd: tuple[CentreDb, People]) -> None:
    database, _ = crowd
    known = [fold(name) for name in (*SURNAMES, *GIVENS)]
    chance = random.Random(3)
    slips = {slip for name in known for slip in _slips(name, chance) if len(slip) > 2}
    slips |= {"wojcieckhowki", "papadoupolos", "fitzegarld", "pakhurts"}  # two slips in a long name
    with database.sign_in("cole.coordinator").engine.connect() as connection:
        asked = text("select name, name_key from spelt_like(:names)")
        found = connection.execute(asked, {"names": sorted(slips)}).all()
    told = {(row.name, row.name_key) for row in found}
    missing = [(slip, key) for slip in slips for key in set(known) if near(slip, key) and (slip, key) not in told]
    assert not missing, missing
